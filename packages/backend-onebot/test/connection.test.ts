import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { createBridge } from '@seekyou/backend-onebot'
import { createRecordingLogger, createVirtualClock, FakeUpstream } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { startBridge, text, until } from './run.ts'
import type { Run } from './run.ts'

const group_id = 20001
const token = 'a token'

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  await using upstream = await FakeUpstream.start({ kind: 'generic' })
  return Number(new URL(upstream.url).port)
}

async function talks(run: Run): Promise<void> {
  run.upstream.network.say(10001, { group_id }, 'ping')
  await run.hears({ message: text('ping') })
  await run.act('send_group_msg', { group_id, message: 'pong' })
  expect(run.upstream.network.messagesIn(group_id).map(({ message }) => message)).toEqual([text('ping'), text('pong')])
}

describe('an implementation is met', () => {
  test('where it listens, with its token', async () => {
    await using run = await startBridge('napcat', { access_token: token, play: { token } })
    await talks(run)
  })

  test('where it dials, with one socket for everything', async () => {
    const port = await freePort()
    await using upstream = new FakeUpstream({ kind: 'go-cqhttp', token })
    const starting = startBridge('go-cqhttp', { listen: { host: '127.0.0.1', port }, access_token: token, upstream })
    await until(() =>
      upstream.dial(`ws://127.0.0.1:${port}`).then(
        () => true,
        () => undefined,
      ),
    )
    await using run = await starting
    await talks(run)
  })

  test('where it dials, with a socket for calls and one for events', async () => {
    const port = await freePort()
    await using upstream = new FakeUpstream({ kind: 'go-cqhttp' })
    const starting = startBridge('go-cqhttp', { listen: { host: '127.0.0.1', port }, upstream })
    await until(() =>
      upstream.dial(`ws://127.0.0.1:${port}`, 'API').then(
        () => true,
        () => undefined,
      ),
    )
    await using run = await starting
    await upstream.dial(`ws://127.0.0.1:${port}`, 'Event')
    await talks(run)
  })

  test('over HTTP, with its event stream', async () => {
    await using upstream = await FakeUpstream.start({ kind: 'napcat', token })
    await using run = await startBridge('napcat', { url: upstream.httpUrl, access_token: token, upstream })
    await talks(run)
    await upstream.crash()
    await until(() => run.backend.condition().phase === 'offline')
    await upstream.listen()
    await until(() => run.backend.condition().phase === 'online')
    upstream.network.say(10001, { group_id }, 'again')
    await run.hears({ message: text('again') })
  })

  test('over HTTP, with webhooks that are signed; what is not is left out', async () => {
    const port = await freePort()
    await using upstream = await FakeUpstream.start({ kind: 'llonebot' })
    const listen = { host: '127.0.0.1', port }
    await using run = await startBridge('llonebot', { url: upstream.httpUrl, listen, secret: 'shh', upstream })
    const url = `http://127.0.0.1:${port}/`
    upstream.postTo(url, 'another')
    upstream.network.say(10002, { group_id }, 'forged')
    upstream.postTo(url, 'shh')
    upstream.network.say(10001, { group_id }, 'signed')
    await run.hears({ message: text('signed') })
    expect(run.host.events.some((event) => 'message' in event && event.user_id === 10002)).toBe(false)
    const answer = await fetch(url, { method: 'POST', body: '{' })
    expect(answer.status).toBe(401)
  })
})

test('one that shows no token does not get in where one is asked for', async () => {
  const port = await freePort()
  const log = createRecordingLogger()
  const bridge = createBridge({ log, listen: { host: '127.0.0.1', port }, access_token: token })
  const identity = bridge.identify()
  await using upstream = new FakeUpstream({ kind: 'generic' })
  const refused = await until(() =>
    upstream.dial(`ws://127.0.0.1:${port}`).then(
      () => undefined,
      (error: Error) => error.message.includes('401') || undefined,
    ),
  )
  expect(refused).toBe(true)
  await Promise.all([expect(identity).rejects.toMatchObject({ kind: 'unreachable' }), bridge.stop()])
})

test('one that dials something that is no address is turned away, and harms nobody', async () => {
  const port = await freePort()
  const log = createRecordingLogger()
  const bridge = createBridge({ log, listen: { host: '127.0.0.1', port }, access_token: token, self_id: 10000 })
  await bridge.identify()
  const dial = async (target: string, shown: string) => {
    const socket = connect(port, '127.0.0.1')
    const handshake = `Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer ${shown}`
    socket.end(`GET ${target} HTTP/1.1\r\n${handshake}\r\n\r\n`)
    return (await readText(socket)).split('\r\n', 1)[0]
  }
  expect(await dial('//', 'wrong')).toBe('HTTP/1.1 401 Unauthorized')
  expect(await dial('http://[', 'wrong')).toBe('HTTP/1.1 401 Unauthorized')
  expect(await dial('/?access_token=%', '')).toBe('HTTP/1.1 401 Unauthorized')
  await bridge.stop()
})

test('one that shows too many wrong tokens is no longer listened to', async () => {
  const port = await freePort()
  let wrong = 0
  const logins = {
    refuses: (from: string | undefined) =>
      from === '127.0.0.1' && wrong >= 2 ? { waitMs: 1, wording: '' } : undefined,
    failed: () => void wrong++,
  }
  const log = createRecordingLogger()
  const bridge = createBridge({
    log,
    logins,
    listen: { host: '127.0.0.1', port },
    access_token: token,
    self_id: 10000,
  })
  await bridge.identify()
  const dial = async (shown?: string) => {
    await using upstream = new FakeUpstream({ kind: 'generic', ...(shown !== undefined && { token: shown }) })
    return upstream.dial(`ws://127.0.0.1:${port}`).catch((error: Error) => error.message)
  }
  for (const [shown, status] of [
    [undefined, 401],
    ['wrong', 401],
    ['wrong', 401],
    [token, 429],
  ] as const) {
    expect(await dial(shown)).toContain(String(status))
  }
  await bridge.stop()
})

describe('the condition says what is wrong', () => {
  test.each([
    ['napcat', 'it says: token'],
    ['go-cqhttp', '403'],
  ] as const)('with the token, by %s', async (kind, said) => {
    await using upstream = await FakeUpstream.start({ kind, token })
    const log = createRecordingLogger()
    const bridge = createBridge({ log, url: upstream.url, access_token: 'another', self_id: 10000 })
    void bridge.identify().catch(() => undefined)
    const reason = await until(() => {
      const condition = bridge.condition()
      return 'reason' in condition && condition.reason.includes(said) ? condition.reason : undefined
    })
    expect(reason).toContain(`waiting for a OneBot 11 implementation that listens on ${upstream.url}`)
    expect(JSON.stringify(log.lines)).not.toContain('another')
    await bridge.stop()
  })

  test('with the account, as heartbeats tell it', async () => {
    await using run = await startBridge('napcat')
    const phase = (wanted: string) => until(() => run.backend.condition().phase === wanted)
    run.upstream.heartbeat({ online: false, good: true })
    await phase('offline')
    expect(run.backend.condition()).toEqual({
      phase: 'offline',
      reason: 'the upstream says that the account is offline',
    })
    run.upstream.heartbeat({ online: true, good: false })
    await phase('degraded')
    run.upstream.heartbeat()
    await phase('online')
    run.upstream.network.notice({ notice_type: 'bot_offline', user_id: 10000, message: 'kicked off' })
    await phase('offline')
    expect(run.backend.condition()).toMatchObject({ reason: expect.stringContaining('kicked off') })
    expect(run.lines.map(({ message }) => message)).toContain('the account is offline')
  })

  test('when heartbeats stop', async () => {
    const clock = createVirtualClock()
    await using run = await startBridge('napcat', { time: clock })
    run.upstream.heartbeat({ online: true, good: true }, 30_000)
    run.upstream.network.say(10001, { group_id }, 'after it')
    await run.hears({ message: text('after it') })
    await clock.advance(89_000)
    expect(run.backend.condition()).toEqual({ phase: 'online' })
    await clock.advance(2000)
    expect(run.backend.condition()).toEqual({ phase: 'degraded', reason: 'no heartbeat of the upstream for 91 s' })
  })

  test('when call after call is left unanswered', async () => {
    await using run = await startBridge('napcat', { call_timeout: 0.05 })
    run.upstream.meet('get_friend_list', 'swallowed')
    for (let times = 0; times < 3; times++) {
      await expect(run.act('get_friend_list')).rejects.toMatchObject({ kind: 'unreachable' })
    }
    expect(run.backend.condition()).toMatchObject({ phase: 'degraded', reason: expect.stringContaining('3 calls') })
    await run.act('get_group_list')
    expect(run.backend.condition()).toEqual({ phase: 'online' })
  })

  test('when the line is there and nobody answers on it', async () => {
    await using run = await startBridge('napcat', { ping_interval: 0.05, reconnect_interval: 60 })
    run.upstream.freeze()
    await until(() => run.backend.condition().phase === 'offline')
    expect(run.backend.condition()).toMatchObject({ reason: expect.stringContaining('two pings unanswered') })
  })
})

describe('an implementation that is not there at the start', () => {
  test('is waited for, and that is said', async () => {
    const port = await freePort()
    const log = createRecordingLogger()
    const bridge = createBridge({ log, url: `ws://127.0.0.1:${port}`, access_token: token, reconnect_interval: 0.1 })
    const identity = bridge.identify()
    await until(() => log.lines.length > 0 || undefined)
    expect(log.lines[0]).toMatchObject({
      level: 'warn',
      message: `waiting for a OneBot 11 implementation that listens on ws://127.0.0.1:${port}, which says whose account it has; set self_id to start without it`,
    })
    await Promise.all([expect(identity).rejects.toMatchObject({ kind: 'unreachable' }), bridge.stop()])
  })

  test('does not keep the server from starting where the account is known from the options', async () => {
    const clock = createVirtualClock()
    const log = createRecordingLogger()
    const bridge = createBridge({ log, clock, url: `ws://127.0.0.1:${await freePort()}`, self_id: 10000 })
    const identity = bridge.identify()
    await until(() => bridge.condition().phase === 'offline' && log.lines.length > 0)
    await clock.advance(2000)
    expect(await identity).toEqual({ user_id: 10000, nickname: '' })
    await bridge.stop()
  })

  test('does not keep the server from starting where it was met before, and is what it was then', async () => {
    const kept = new Map<string, unknown>()
    const memory = {
      get: async (key: string) => kept.get(key),
      put: (key: string, value: unknown) => void kept.set(key, value),
    }
    await using upstream = await FakeUpstream.start({ kind: 'napcat' })
    const { url } = upstream
    const first = createBridge({ log: createRecordingLogger(), url, memory })
    await first.identify()
    await first.stop()
    await upstream.crash()

    const clock = createVirtualClock()
    const log = createRecordingLogger()
    const bridge = createBridge({ log, clock, url, memory })
    const identity = bridge.identify()
    await until(() => log.lines.length > 0 || undefined)
    await clock.advance(2000)
    expect(await identity).toEqual({ user_id: 10000, nickname: 'SeekYou' })
    expect(bridge.actions).not.toHaveProperty('set_group_anonymous')
    expect(bridge.actions).toHaveProperty('group_poke')
    await bridge.stop()
  })
})

test('comes back after an outage by itself; meanwhile calls fail at once and nothing is sent', async () => {
  await using run = await startBridge('generic')
  await run.upstream.crash()
  await until(() => run.backend.condition().phase === 'offline')
  await expect(run.act('send_group_msg', { group_id, message: 'anyone?' })).rejects.toMatchObject({
    name: 'BackendUnreachable',
    message: expect.stringContaining('nothing was sent'),
  })
  await run.upstream.listen()
  await until(() => run.backend.condition().phase === 'online')
  await talks(run)
})

test('an implementation that comes back with another account is turned away', async () => {
  await using run = await startBridge('generic')
  run.upstream.logIn(10001)
  await run.upstream.crash()
  await until(() => run.backend.condition().phase === 'offline')
  await run.upstream.listen()
  await until(() => {
    const condition = run.backend.condition()
    return 'reason' in condition && condition.reason.includes('it has the account 10001')
  })
  run.upstream.network.say(10002, { group_id }, 'not for you')
  run.upstream.logIn(10000)
  await until(() => run.backend.condition().phase === 'online')
})

test('a place is needed, and one that fits', () => {
  const log = createRecordingLogger()
  expect(() => createBridge({ log })).toThrow(/where the implementation listens/)
  const listen = { host: '127.0.0.1', port: 0 }
  expect(() => createBridge({ log, url: 'ws://127.0.0.1:1', listen })).toThrow(
    /a ws:\/\/ url carries the events itself/,
  )
})
