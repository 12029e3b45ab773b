import { readFile } from 'node:fs/promises'
import { ActionFailure, mediaUri } from '@seekyou/protocol'
import type { ActionHandler } from '@seekyou/protocol'
import { createTemporaryFolder, settle } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { RecordingSink, bot, groupMessage, startAccount } from './scripted-account.ts'

const key = 'ab'.repeat(32)

describe('events', () => {
  test('are stamped with the account, the time and a message id that get_msg knows', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const event = await account.emit(groupMessage('hello', 7))
    expect(event).toMatchObject({ self_id: bot, time: account.clock.now() / 1000, message_id: 1, font: 0 })
    const { body } = await account.gateway().call({ action: 'get_msg', params: { message_id: 1 } })
    expect(body).toMatchObject({ status: 'ok', data: { message: 'hello', real_id: 7, group_id: 20001 } })
  })

  test('of a recall mark the message, which stays readable', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    await account.emit(groupMessage('oops', 1))
    const recall = { group_id: 20001, user_id: 10001, operator_id: 10001, message_id: 1 }
    await account.emit({ post_type: 'notice', notice_type: 'group_recall', ...recall } as never)
    const { body } = await account.gateway().call({ action: 'get_msg', params: { message_id: '1' } })
    expect(body.data).toMatchObject({ message: 'oops', recalled: true })
  })

  test('point at stored media by an address of this server, in events and in replies', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway())
    const image = { type: 'image', data: { file: 'a.image', url: mediaUri(key) } }
    const nested = { type: 'node', data: { content: [image] } }
    await account.emit({ ...groupMessage('', 1), message: [image, nested] } as never)
    const url = `http://127.0.0.1:5700/media/${key}`
    expect(sink.events[1]!['raw_message']).toContain(`[CQ:image,file=a.image,url=${url}]`)
    const { body } = await account
      .gateway({ message_format: 'array' })
      .call({ action: 'get_msg', params: { message_id: 1 } })
    expect(JSON.stringify(body)).not.toContain('media:')
    expect(body.data).toMatchObject({ message: [{ data: { url } }, { data: { content: [{ data: { url } }] } }] })
  })

  test('point at the file of a notice in the same way, with whatever the address needs to be open', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path, { mediaQuery: (asked) => `?for=${asked}` })
    const sink = new RecordingSink(account.gateway())
    const file = { id: '/f1', name: 'a.pdf', size: 1, busid: 102, url: mediaUri(key) }
    const notice = { post_type: 'notice', notice_type: 'group_upload', group_id: 20001, user_id: 10001, file }
    await account.emit(notice as never)
    expect(sink.events[1]).toMatchObject({ file: { ...file, url: `http://127.0.0.1:5700/media/${key}?for=${key}` } })
  })

  test('carry a bundle by its id, and get_forward_msg tells what is in it', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway())
    const image = { type: 'image', data: { file: 'a.image', url: mediaUri(key) } }
    const node = { type: 'node', data: { user_id: '10002', nickname: 'Bob', time: '1', content: [image] } }
    const forward = { type: 'forward', data: { id: 'f1', content: [node] } }
    await account.emit({ ...groupMessage('', 1), message: [forward] } as never)
    expect(sink.events[1]).toMatchObject({ message: '[CQ:forward,id=f1]', raw_message: '[CQ:forward,id=f1]' })
    const gateway = account.gateway()
    const told = await gateway.call({ action: 'get_msg', params: { message_id: 1 } })
    expect(told.body.data).toMatchObject({ message: '[CQ:forward,id=f1]' })
    const { body } = await gateway.call({ action: 'get_forward_msg', params: { message_id: 1 } })
    const content = `[CQ:image,file=a.image,url=http://127.0.0.1:5700/media/${key}]`
    expect(body.data).toMatchObject({ messages: [{ sender: { user_id: 10002, nickname: 'Bob' }, content }] })
  })

  test('are told again in a history, as the link that asks would be told them', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway({ message_format: 'array', report_self_message: true }))
    const image = { type: 'image', data: { file: 'a.image', url: mediaUri(key) } }
    await account.emit({ ...groupMessage('', 1), message: [image] } as never)
    await account.emit({ ...groupMessage('hi', 2), post_type: 'message_sent' } as never)
    const history = { action: 'get_group_msg_history', params: { group_id: 20001 } }
    const { body } = await account.gateway({ message_format: 'array' }).call(history)
    const [, ...told] = sink.events
    expect(told).toHaveLength(2)
    expect(body.data).toEqual({ messages: told.map((event) => ({ ...event, recalled: false })) })
    const text = await account.gateway({ message_format: 'string' }).call(history)
    expect(text.body.data).toMatchObject({ messages: [{}, { message: 'hi', post_type: 'message_sent' }] })
  })

  test('beat as a heartbeat with the interval in milliseconds and true counters', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path, { heartbeatInterval: 15 })
    const sink = new RecordingSink(account.gateway())
    await account.emit(groupMessage('hello', 1))
    await account.emit({ ...groupMessage('hi', 2), post_type: 'message_sent' } as never)
    await account.clock.advance(30_000)
    const beats = sink.events.filter((event) => event['meta_event_type'] === 'heartbeat')
    expect(beats).toHaveLength(2)
    expect(beats[0]).toMatchObject({
      interval: 15_000,
      status: { online: true, good: true, stat: { message_received: 1, message_sent: 1, packet_received: 2 } },
    })
  })
})

describe('calls', () => {
  test('reach the backend with checked params and come back in an envelope', async () => {
    await using folder = await createTemporaryFolder()
    const send: ActionHandler = async (params: never) => ({ message_id: 5, got: params })
    await using account = await startAccount(folder.path, { actions: { send_group_msg: send } })
    const answer = await account
      .gateway()
      .call({ action: 'send_group_msg', params: { group_id: '20001', message: 'hi' } })
    expect(answer).toEqual({
      status: 200,
      body: {
        status: 'ok',
        retcode: 0,
        data: { message_id: 5, got: { group_id: 20001, message: [{ type: 'text', data: { text: 'hi' } }] } },
      },
    })
  })

  test.each([
    ['no such action', 'fly_to_moon', {}, 404, 1404],
    ['an action this backend cannot do', 'get_friend_list', {}, 200, 103],
    ['a param that is missing', 'get_msg', {}, 200, 100],
    ['a message nobody heard', 'get_msg', { message_id: 9 }, 200, 102],
  ])('answer %s with its own code', async (_, action, params, status, retcode) => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    expect(await account.gateway().call({ action, params })).toMatchObject({
      status,
      body: { status: 'failed', retcode },
    })
  })

  test('that break the backend answer 1500, tell the client nothing of it and the operator everything', async () => {
    await using folder = await createTemporaryFolder()
    const broken: ActionHandler = async () => {
      throw new Error('the secret path /var/x')
    }
    await using account = await startAccount(folder.path, { actions: { get_friend_list: broken } })
    const answer = await account.gateway().call({ action: 'get_friend_list', params: {} })
    expect(answer).toMatchObject({ status: 500, body: { retcode: 1500 } })
    expect(JSON.stringify(answer)).not.toContain('secret path')
    expect(account.log.lines.some(({ level }) => level === 'error')).toBe(true)
  })
})

describe('a token', () => {
  test('is asked for only where one is set', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    expect(account.gateway().authorize('undefined')).toMatchObject({ granted: true })
    const guarded = account.gateway({ access_token: 'open sesame' })
    expect(guarded.authorize('open sesame')).toMatchObject({ granted: true })
    expect(guarded.authorize(undefined)).toMatchObject({ granted: false, failure: 'token-missing' })
    expect(guarded.authorize('open')).toMatchObject({ granted: false, failure: 'token-wrong' })
  })
})

test('the other side shows stored media by the address it can be fetched at', async () => {
  await using folder = await createTemporaryFolder()
  const message = [{ type: 'image', data: { file: 'a.image', url: mediaUri(key) } }]
  const messages = { reads: true, run: async () => ({ messages: [{ time: 1, sender: null, message }] }) }
  await using account = await startAccount(folder.path, { control: { messages } })
  const { body } = await account.gateway().control({ action: 'messages', params: {}, reads: true })
  const data = { file: 'a.image', url: `http://127.0.0.1:5700/media/${key}` }
  expect(body.data).toEqual({ messages: [{ time: 1, sender: null, message: [{ type: 'image', data }] }] })
})

describe('a backend that plays a bad network', () => {
  test('has an event told again under a seq of its own, its message stored once', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway())
    const event = await account.emit(groupMessage('hi', 1))
    await account.host.retell(event)
    expect(sink.told.map(({ seq }) => seq)).toEqual([undefined, 1, 2])
    expect(sink.told[2]!.text).toBe(sink.told[1]!.text)
  })

  test('breaks every connection, and those that come back too soon; webhooks have none', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const open = () => new RecordingSink(account.gateway())
    const before = open()
    const webhook = new RecordingSink(account.gateway(), { lifecycle: 'enable', name: 'hook' })
    Object.assign(webhook, { cut: undefined })
    account.host.disconnect(10)
    await account.clock.advance(9_000)
    const early = open()
    await account.clock.advance(1_000)
    const late = open()
    expect([before, early, late].map(({ cuts }) => cuts)).toEqual([1, 1, 0])
    expect(webhook.ended).toBeUndefined()
  })
})

test('a quick operation is done as the calls it stands for, and a part that fails stops no other', async () => {
  await using folder = await createTemporaryFolder()
  const done: unknown[] = []
  const actions: Record<string, ActionHandler> = {
    send_group_msg: async () => {
      throw new ActionFailure('refused', 'muted')
    },
    delete_msg: async (params: never) => void done.push(params),
  }
  await using account = await startAccount(folder.path, { actions })
  const sink = new RecordingSink(account.gateway())
  await account.emit(groupMessage('spam', 1))
  await sink.subscription.quickOperation(sink.told[1]!, { reply: 'no', delete: true })
  await settle()
  expect(account.log.lines).toMatchObject([{ level: 'warn', fields: { action: 'send_group_msg', reason: 'muted' } }])
  expect(done).toEqual([{ message_id: 1 }])
})

describe('calls of _rate_limited', () => {
  const say = (account: Awaited<ReturnType<typeof startAccount>>, message: string) =>
    account.gateway().call({ action: 'send_group_msg_rate_limited', params: { group_id: 20001, message } })

  test('wait in one queue, whatever link they came through, and go with the account', async () => {
    await using folder = await createTemporaryFolder()
    let done = 0
    const account = await startAccount(folder.path, {
      actions: { send_group_msg: async () => ({ message_id: ++done }) },
    })
    for (const text of ['1', '2', '3']) {
      expect(await say(account, text)).toEqual({ status: 200, body: { status: 'async', retcode: 1, data: null } })
    }
    await account.clock.advance(499)
    expect(done).toBe(1)
    await account.clock.advance(1)
    expect(done).toBe(2)
    await account[Symbol.asyncDispose]()
    await account.clock.advance(10_000)
    expect(done).toBe(2)
    expect(account.log.lines).toMatchObject([{ level: 'warn', fields: { calls: 1 } }])
  })
})

test('set_restart is answered before it begins, and fails where nobody would start the server again', async () => {
  await using folder = await createTemporaryFolder()
  const call = { action: 'set_restart', params: { delay: 100 } }
  {
    await using account = await startAccount(folder.path)
    expect(await account.gateway().call(call)).toMatchObject({ body: { status: 'failed', msg: 'UNSUPPORTED' } })
  }
  let restarts = 0
  await using account = await startAccount(folder.path, { restart: () => void restarts++ })
  expect(await account.gateway().call(call)).toMatchObject({ body: { status: 'async', retcode: 1 } })
  await account.clock.advance(99)
  expect(restarts).toBe(0)
  await account.clock.advance(1)
  expect(restarts).toBe(1)
})

test('a file that a client names is told by its path and its address', async () => {
  await using folder = await createTemporaryFolder()
  await using account = await startAccount(folder.path)
  const { body } = await account.gateway().call({ action: 'get_image', params: { file: 'base64://aGVsbG8=' } })
  const { file, url, size, filename } = body.data as Record<'file' | 'url' | 'filename', string> & { size: number }
  expect(await readFile(file, 'utf8')).toBe('hello')
  expect([url, size]).toEqual([`http://127.0.0.1:5700/media/${filename}`, 5])
  expect(await account.gateway().call({ action: 'clean_cache', params: {} })).toMatchObject({ body: { retcode: 0 } })
  await expect(readFile(file)).rejects.toThrow(/ENOENT/u)
})
