import { ActionError, ConnectionError, createClient, segment } from '@seekyou/client'
import type { EventOf, MessageEvent } from '@seekyou/client'
import { describe, expect, it } from 'vitest'
import { connect, errorOf } from './connect.ts'
import { ok, said, startServer } from './scripted-server.ts'

const transports = ['http', 'ws'] as const

describe.each(transports)('a call over %s', (transport) => {
  it('carries its action and params, and gives the data', async () => {
    await using server = await startServer({ answer: () => ok({ message_id: 5 }) })
    await using connected = connect(server[transport])
    const message = [segment.at(10001), segment.text('你好')]

    expect(await connected.client.call('send_group_msg', { group_id: 20001, message })).toEqual({ message_id: 5 })
    expect(await connected.client.actions.send_group_msg({ group_id: 20001, message: 'hi' })).toEqual({ message_id: 5 })
    expect(server.calls).toMatchObject([
      { action: 'send_group_msg', params: { group_id: 20001, message } },
      { action: 'send_group_msg', params: { group_id: 20001, message: 'hi' } },
    ])
  })

  it('sends an object where there are no params', async () => {
    await using server = await startServer({ answer: () => ({ status: 'ok', retcode: 0 }) })
    await using connected = connect(server[transport])

    expect(await connected.client.callAny('get_status')).toBe(null)
    expect(server.calls.map(({ params }) => params)).toEqual([{}])
  })

  it('shows the token', async () => {
    await using server = await startServer()
    await using connected = connect(server[transport], { accessToken: 'a token, with a comma' })
    await connected.client.call('get_status')

    expect(server.calls[0]?.headers.authorization).toBe('Bearer a token, with a comma')
  })

  it('shows nothing without a token', async () => {
    await using server = await startServer()
    await using connected = connect(server[transport], { accessToken: '' })
    await connected.client.call('get_status')

    expect(server.calls[0]?.headers.authorization).toBe(undefined)
  })

  it('takes actions that nobody here knows, and those with a suffix or a dot', async () => {
    await using server = await startServer({ answer: () => ({ status: 'async', retcode: 1, data: null }) })
    await using connected = connect(server[transport])

    expect(await connected.client.callAny('vendor/做', { x: 1 })).toBe(null)
    expect(await connected.client.call('send_private_msg_async', { user_id: 1, message: 'x' })).toBe(null)
    expect(await connected.client.call('.handle_quick_operation', { context: {}, operation: {} })).toBe(null)
    expect(server.calls.map(({ action }) => action)).toEqual([
      'vendor/做',
      'send_private_msg_async',
      '.handle_quick_operation',
    ])
  })

  it('that the server refuses says what it said', async () => {
    const reply = { status: 'failed', retcode: 102, data: null, msg: 'GROUP_NOT_FOUND', wording: 'no such group' }
    await using server = await startServer({ answer: () => reply })
    await using connected = connect(server[transport])
    const error = await errorOf(connected.client.call('get_group_info', { group_id: 1 }))

    expect(error).toBeInstanceOf(ActionError)
    expect(error).toMatchObject({
      name: 'ActionError',
      message: 'get_group_info failed with retcode 102: no such group',
      action: 'get_group_info',
      status: 'failed',
      retcode: 102,
      msg: 'GROUP_NOT_FOUND',
      wording: 'no such group',
    })
  })

  it.each([
    [{ status: 'failed', retcode: 1404, message: 'no such action' }, 'x failed with retcode 1404: no such action'],
    [{ status: 'failed', retcode: 100, msg: 'BAD', wording: '' }, 'x failed with retcode 100: BAD'],
    [{ status: 'failed', retcode: -34 }, 'x failed with retcode -34: the server does not say why'],
    [{ status: 'failed' }, 'x failed with retcode -1: the server does not say why'],
  ])('finds the reason of %j', async (reply, message) => {
    await using server = await startServer({ answer: () => reply })
    await using connected = connect(server[transport])

    expect(await errorOf(connected.client.callAny('x'))).toMatchObject({ name: 'ActionError', message })
  })

  it('names its caller in the stack of its error', async () => {
    await using server = await startServer({ answer: () => ({ status: 'failed', retcode: 100 }) })
    await using connected = connect(server[transport])
    const theCaller = async (): Promise<unknown> => {
      return await connected.client.call('get_status')
    }

    expect((await errorOf(theCaller())) as Error).toHaveProperty('stack', expect.stringContaining('theCaller'))
  })

  it('gives up after timeoutMs, and says that it may have been done', async () => {
    await using server = await startServer({ answer: () => 'silence' })
    await using connected = connect(server[transport], { timeoutMs: 5000 })
    const patient = errorOf(connected.client.callAny('patient', {}, { timeoutMs: 8000 }))
    const error = errorOf(connected.client.callAny('x'))
    await expect.poll(() => server.calls.length).toBe(2)
    await connected.clock.advance(4999)
    const state = { isOver: false }
    void error.then(() => (state.isOver = true))
    await connected.clock.advance(0)
    expect(state.isOver).toBe(false)
    await connected.clock.advance(1)

    expect(await error).toBeInstanceOf(ConnectionError)
    expect(await error).toMatchObject({ outcome: 'unknown', message: expect.stringContaining('within 5000 ms') })
    await connected.clock.advance(3000)
    expect(await patient).toMatchObject({ message: expect.stringContaining('within 8000 ms') })
  })

  it('is refused while too many have no answer', async () => {
    await using server = await startServer({ answer: () => 'silence' })
    await using connected = connect(server[transport], { maxCalls: 2 })
    const first = [errorOf(connected.client.callAny('x')), errorOf(connected.client.callAny('x'))]

    expect(await errorOf(connected.client.callAny('y'))).toMatchObject({
      name: 'ConnectionError',
      outcome: 'not-done',
      message: 'y was not sent: 2 calls have no answer yet',
    })
    await connected.client.close()
    await Promise.all(first)
  })

  it('leaves nothing behind once it is answered', async () => {
    await using server = await startServer()
    await using connected = connect(server[transport], { maxCalls: 1 })
    await connected.client.callAny('x')
    const before = connected.timers
    for (let n = 0; n < 3; n++) await connected.client.callAny('x')

    expect(connected.timers).toBe(before)
    await connected.client.close()
    expect(connected.timers).toBe(0)
  })

  it('is lost when the client is closed, and not sent after that', async () => {
    await using server = await startServer({ answer: () => 'silence' })
    await using connected = connect(server[transport])
    const lost = errorOf(connected.client.callAny('x'))
    await expect.poll(() => server.calls.length).toBe(1)
    await connected.client.close()

    expect(await lost).toMatchObject({
      outcome: 'unknown',
      message: expect.stringMatching(/^whether x was done .*the client was closed$/u),
    })
    expect(await errorOf(connected.client.callAny('y'))).toMatchObject({
      outcome: 'not-done',
      message: 'y was not sent: the client is closed',
    })
  })

  it('whose params have no JSON text throws and leaves nothing behind', async () => {
    await using server = await startServer()
    await using connected = connect(server[transport], { maxCalls: 1 })

    expect(await errorOf(connected.client.callAny('x', { n: 1n }))).toBeInstanceOf(TypeError)
    expect(await connected.client.callAny('y')).toEqual({})
  })

  it.each([0, -1, NaN, Infinity, 2 ** 31])('refuses a timeout of %d', async (timeoutMs) => {
    await using server = await startServer()
    await using connected = connect(server[transport])

    expect(await errorOf(connected.client.callAny('x', {}, { timeoutMs }))).toBeInstanceOf(RangeError)
    expect(() => createClient({ url: server[transport], timeoutMs })).toThrow(RangeError)
  })
})

describe('the actions of a client', () => {
  it('can be awaited by mistake', async () => {
    await using server = await startServer()
    await using connected = connect(server.http)

    expect(await Promise.resolve(connected.client.actions)).toBe(connected.client.actions)
    expect(server.calls).toEqual([])
  })
})

describe('a reply', () => {
  const sender = { user_id: 10001, nickname: '小明' }
  const message = { ...said('hi') } as EventOf<'message.group'>
  const inPrivate = { message_type: 'private', target_id: 10000, group_id: undefined }
  it.each([
    ['a group', message, { message_type: 'group', group_id: 20001 }],
    [
      'the person who said it',
      { ...message, ...inPrivate, sub_type: 'friend' },
      { message_type: 'private', user_id: 10001 },
    ],
    [
      'a temporary session',
      { ...message, ...inPrivate, sub_type: 'group', sender: { ...sender, group_id: 20001 } },
      { message_type: 'private', user_id: 10001, group_id: 20001 },
    ],
    [
      'whom the account said it to',
      { ...message, ...inPrivate, post_type: 'message_sent', sub_type: 'friend', user_id: 10000, target_id: 10002 },
      { message_type: 'private', user_id: 10002 },
    ],
    [
      'a discuss group',
      { ...message, message_type: 'discuss', discuss_id: 30001 },
      { message_type: 'discuss', discuss_id: 30001 },
    ],
  ])('goes to %s', async (_, event, target) => {
    await using server = await startServer({ answer: () => ok({ message_id: 8 }) })
    await using connected = connect(server.ws)

    expect(await connected.client.reply(event as MessageEvent, segment.text('ok'))).toEqual({ message_id: 8 })
    expect(server.calls.map(({ action, params }) => ({ action, params }))).toEqual([
      { action: 'send_msg', params: { ...target, message: segment.text('ok') } },
    ])
  })
})

it('goes to the channel of a guild that a message came from', async () => {
  await using server = await startServer({ answer: () => ok({ message_id: '1-2-4' }) })
  await using connected = connect(server.ws)

  const event = { ...said('hi'), message_type: 'guild', sub_type: 'channel', guild_id: '1', channel_id: '2' }
  const told = event as unknown as EventOf<'message.guild.channel'>
  const { message_id } = await connected.client.reply(told, 'ok')
  expect(message_id satisfies string).toBe('1-2-4')
  expect(server.calls.map(({ action, params }) => ({ action, params }))).toEqual([
    { action: 'send_guild_channel_msg', params: { guild_id: '1', channel_id: '2', message: 'ok' } },
  ])
})

describe('the options', () => {
  it.each(['ftp://x/', '127.0.0.1:5700', '', 'ws//x?access_token=s3cret', 'ws://me:s3cret@x/', 'http://me@x/'])(
    'refuse the URL %j',
    (url) => {
      expect(() => createClient({ url })).toThrow(
        new TypeError('url takes a ws://, wss://, http:// or https:// URL, without a user name in it'),
      )
    },
  )

  it.each(transports)('take a URL object, and do without the fragment, over %s', async (transport) => {
    await using server = await startServer()
    await using client = createClient({ url: new URL(`${server[transport]}#x`) })

    expect(await client.callAny('x')).toEqual({})
  })

  it.each(['line\nbreak', '令牌'])('refuse the token %j without showing it', (accessToken) => {
    for (const url of ['ws://127.0.0.1:1', 'http://127.0.0.1:1']) {
      expect(() => createClient({ url, accessToken })).toThrow(/^accessToken takes [^令\n]*$/u)
    }
  })

  it('refuse waits that a timer cannot do', () => {
    const url = 'http://127.0.0.1:1'
    expect(() => createClient({ url, pingMs: 0 })).toThrow('pingMs takes milliseconds from 1 to 2147483647, not 0')
    expect(() => createClient({ url, reconnectMs: NaN })).toThrow('reconnectMs')
    expect(() => createClient({ url, reconnectMaxMs: Infinity })).toThrow('reconnectMaxMs')
  })
})
