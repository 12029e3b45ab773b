import { createTemporaryFolder } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { groupMessage, RecordingSink, startAccount } from './scripted-account.ts'

const mask = { id: 80000000, name: '大力鬼王', flag: '1|大力鬼王' }
const card = { post_type: 'notice', notice_type: 'group_card', group_id: 20001, user_id: 10001 } as const
const kick = { post_type: 'notice', notice_type: 'group_decrease', sub_type: 'kick' } as const

test('each link is told the events of its generation, in the form of its generation', async () => {
  await using folder = await createTemporaryFolder()
  await using account = await startAccount(folder.path)
  const sinks = (['default', 'go-cqhttp', 'onebot-11', 'cqhttp-2'] as const).map(
    (dialect) => new RecordingSink(account.gateway({ dialect })),
  )
  await account.emit({ ...groupMessage('hi', 7), sub_type: 'anonymous', anonymous: mask } as never)
  await account.emit({ ...card, card_new: '新', card_old: '' } as never)
  await account.emit({ ...kick, group_id: 20001, user_id: 10001, operator_id: 10002 } as never)

  const kinds = sinks.map(({ events }) =>
    events.map((event) => event['meta_event_type'] ?? event['message_type'] ?? event['notice_type'] ?? event['event']),
  )
  const everything = ['lifecycle', 'group', 'group_card', 'group_decrease']
  expect(kinds).toEqual([everything, everything, ['lifecycle', 'group', 'group_decrease'], ['group', 'group_decrease']])
  const [today, , oneBot11, cqhttp2] = sinks.map(({ events }) => events.find(({ raw_message }) => raw_message))
  expect(today).toMatchObject({ anonymous: mask, message_seq: 7 })
  expect(oneBot11).toMatchObject({ anonymous: mask })
  expect(oneBot11).not.toHaveProperty('message_seq')
  expect(cqhttp2).toMatchObject({ anonymous: mask.name, anonymous_flag: mask.flag })
})

test('only go-cqhttp says `_post_method`, and only to who comes to it over a WebSocket', async () => {
  await using folder = await createTemporaryFolder()
  await using account = await startAccount(folder.path)
  const firstOf = (dialect: 'default' | 'go-cqhttp', kind: 'ws' | 'reverse-ws' | 'sse') =>
    new RecordingSink(account.gateway({ dialect }), { lifecycle: 'connect', kind }).events[0]
  const meta = { post_type: 'meta_event', meta_event_type: 'lifecycle', sub_type: 'connect', self_id: 10000 }
  expect(firstOf('go-cqhttp', 'ws')).toEqual({ ...meta, time: expect.any(Number), _post_method: 2 })
  for (const other of [firstOf('go-cqhttp', 'reverse-ws'), firstOf('go-cqhttp', 'sse'), firstOf('default', 'ws')]) {
    expect(other).toEqual({ ...meta, time: expect.any(Number) })
  }
})

test('what a webhook of CQHTTP v2 answers to an event is done, read in the words of that generation', async () => {
  await using folder = await createTemporaryFolder()
  const done: unknown[] = []
  const note = (action: string) => async (params: unknown) => void done.push({ action, ...(params as object) })
  const actions = {
    set_group_anonymous_ban: note('set_group_anonymous_ban'),
    set_group_add_request: note('set_group_add_request'),
  }
  await using account = await startAccount(folder.path, { actions })
  const sink = new RecordingSink(account.gateway({ dialect: 'cqhttp-2' }), { lifecycle: 'enable' })
  await account.emit({ ...groupMessage('hi', 7), sub_type: 'anonymous', anonymous: mask } as never)
  const request = { post_type: 'request', request_type: 'group', sub_type: 'add', flag: '78', comment: '我是小明' }
  await account.emit({ ...request, group_id: 20001, user_id: 10002 } as never)

  const [message, asked] = sink.told
  expect(sink.events[1]).toMatchObject({ request_type: 'group', message: '我是小明' })
  await sink.subscription.quickOperation(message!, { ban: true })
  await sink.subscription.quickOperation(asked!, { approve: false, reason: '满了' })
  expect(done).toMatchObject([
    { action: 'set_group_anonymous_ban', group_id: 20001, flag: mask.flag, duration: 1800 },
    { action: 'set_group_add_request', flag: '78', sub_type: 'add', approve: false, reason: '满了' },
  ])
})

test('calls are answered in the dialect of the link they come through', async () => {
  await using folder = await createTemporaryFolder()
  await using account = await startAccount(folder.path)
  const ask = async (dialect: 'go-cqhttp' | 'onebot-11' | 'cqhttp-2', action: string) => {
    const { body } = await account.gateway({ dialect }).call({ action, params: {} })
    return body
  }
  expect(await ask('go-cqhttp', 'fly')).toMatchObject({
    retcode: 404,
    msg: 'API_NOT_FOUND',
    wording: expect.any(String),
  })
  expect(Object.keys(await ask('cqhttp-2', 'fly'))).toEqual(['status', 'retcode', 'data'])
  expect(await ask('go-cqhttp', 'get_status_async')).toMatchObject({ status: 'ok', data: { online: true } })
  expect(await ask('onebot-11', 'get_status_async')).toMatchObject({ status: 'async', retcode: 1, data: null })
  expect(await ask('go-cqhttp', 'get_version_info')).toMatchObject({ data: { app_name: 'go-cqhttp' } })
  expect(await ask('cqhttp-2', 'get_version_info')).toMatchObject({ data: { plugin_version: '2.1.4' } })
})

test('whoever plays the other side is told what went wrong, whatever the clients of the link are', async () => {
  await using folder = await createTemporaryFolder()
  await using account = await startAccount(folder.path)
  const answer = await account.gateway({ dialect: 'cqhttp-2' }).control({ action: 'say', params: {}, reads: false })
  expect(answer).toMatchObject({ status: 404, body: { retcode: 1404, wording: expect.any(String) } })
})
