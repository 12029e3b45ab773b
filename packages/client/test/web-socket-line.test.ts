import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { ConnectionError } from '@seekyou/client'
import { describe, expect, it, vi } from 'vitest'
import { connect, errorOf } from './connect.ts'
import type { Connected } from './connect.ts'
import { ok, said, soon, startServer } from './scripted-server.ts'
import type { ReceivedCall, ScriptedServer } from './scripted-server.ts'

const opened = (server: ScriptedServer, count = 1) => soon(() => expect(server.sockets.size).toBe(count))

/** The wait that the client announces in its complaint of this number, counted from 1. */
async function waitOf({ complaints }: Connected, count = 1): Promise<number> {
  await soon(() => expect(complaints).toHaveLength(count))
  return Number(/trying again in (\d+) ms$/u.exec(complaints.at(-1)!.message)?.[1])
}

describe('calls', () => {
  it('are answered by their echo, in any order', async () => {
    await using server = await startServer({ answer: () => 'silence' })
    await using connected = connect(server.ws)
    const results = ['a', 'b', 'c'].map((action) => connected.client.callAny(action))
    await soon(() => expect(server.calls).toHaveLength(3))
    for (const { action, echo } of server.calls.toReversed()) server.tell({ ...ok(action), echo })

    expect(await Promise.all(results)).toEqual(['a', 'b', 'c'])
    expect(new Set(server.calls.map(({ echo }) => echo)).size).toBe(3)
  })

  it('wait for the connection and are sent in their order', async () => {
    const first = await startServer()
    const { port } = first
    await first[Symbol.asyncDispose]()
    await using connected = connect(`ws://127.0.0.1:${port}/`)
    const results = ['a', 'b', 'c'].map((action) => connected.client.callAny(action))
    const waitMs = await waitOf(connected)
    await using server = await startServer({ port, answer: ({ action }) => ok(action) })
    await connected.clock.advance(waitMs)

    expect(await Promise.all(results)).toEqual(['a', 'b', 'c'])
    expect(server.calls.map(({ action }) => action)).toEqual(['a', 'b', 'c'])
  })

  it('wait no longer than timeoutMs, and say why there was no connection', async () => {
    await using connected = connect('ws://127.0.0.1:1/?access_token=s3cret', { timeoutMs: 5000 })
    const error = errorOf(connected.client.callAny('x'))
    await waitOf(connected)
    await connected.clock.advance(5000)

    expect(await error).toBeInstanceOf(ConnectionError)
    expect(await error).toMatchObject({
      outcome: 'not-done',
      message: 'x was not sent: no connection to ws://127.0.0.1:1/ within 5000 ms (connect ECONNREFUSED 127.0.0.1:1)',
    })
  })

  it('in flight when the socket dies may have been done, and are not sent again', async () => {
    await using server = await startServer({ answer: () => 'silence' })
    await using connected = connect(server.ws)
    const error = errorOf(connected.client.callAny('x'))
    await soon(() => expect(server.calls).toHaveLength(1))
    for (const socket of server.sockets) socket.close(1012, 'restarting')

    expect(await error).toMatchObject({
      name: 'ConnectionError',
      outcome: 'unknown',
      message: `whether x was done is not known: the connection to ${server.ws} was lost: it was closed with code 1012: restarting`,
    })
    await connected.clock.advance(await waitOf(connected))
    await opened(server)
    void errorOf(connected.client.callAny('y'))
    await soon(() => expect(server.calls.map(({ action }) => action)).toEqual(['x', 'y']))
  })

  it('are not disturbed by an answer that came too late', async () => {
    await using server = await startServer({ answer: ({ action }) => (action === 'slow' ? 'silence' : ok(action)) })
    await using connected = connect(server.ws, { timeoutMs: 1000 })
    const late = errorOf(connected.client.callAny('slow'))
    await soon(() => expect(server.calls).toHaveLength(1))
    await connected.clock.advance(1000)
    await late
    server.tell({ ...ok('slow'), echo: server.calls[0]?.echo })

    expect(await connected.client.callAny('next')).toBe('next')
    expect(connected.complaints).toEqual([])
  })
})

describe('a refusal', () => {
  it.each([
    [401, ': the access token is missing or wrong'],
    [403, ': the access token is missing or wrong'],
    [404, ''],
  ])('by HTTP %d fails the calls that wait, and is tried again', async (status, hint) => {
    let refuse: number | undefined = status
    await using server = await startServer({ refuse: () => refuse })
    await using connected = connect(server.ws, { accessToken: 's3cret' })
    const error = await errorOf(connected.client.callAny('x'))

    expect(error).toMatchObject({
      name: 'ConnectionError',
      status,
      outcome: 'not-done',
      message: `x was not sent: ${server.ws} refused the connection: HTTP ${status}${hint}`,
    })
    const waitMs = await waitOf(connected)
    expect(connected.complaints[0]?.message).toBe(
      `${server.ws} cannot be reached: HTTP ${status}${hint}; trying again in 1000 ms`,
    )
    refuse = undefined
    await connected.clock.advance(waitMs)
    expect(await connected.client.callAny('x')).toEqual({})
  })

  it('is a line on the console where nobody else is told', async () => {
    const print = vi.spyOn(console, 'error').mockReturnValue()
    await using server = await startServer({ refuse: () => 401 })
    await using connected = connect(server.ws, { onError: undefined! })
    await errorOf(connected.client.callAny('x'))
    const line = [expect.stringMatching(/^ws:.* cannot be reached: HTTP 401/)]
    await soon(() => expect(print.mock.calls).toEqual([line]))
  })

  it('by HTTP 503 is waited out', async () => {
    let refuse: number | undefined = 503
    await using server = await startServer({ refuse: () => refuse })
    await using connected = connect(server.ws)
    const result = connected.client.callAny('x')
    const waitMs = await waitOf(connected)
    refuse = undefined
    await connected.clock.advance(waitMs)

    expect(await result).toEqual({})
  })

  it.each([null, undefined])('can come after the handshake, with the echo %s', async (echo) => {
    const greeting = { status: 'failed', retcode: 1403, data: null, wording: 'token验证失败', echo }
    await using server = await startServer({ answer: () => 'silence', greeting })
    await using connected = connect(server.ws)

    expect(await errorOf(connected.client.callAny('x'))).toMatchObject({
      name: 'ConnectionError',
      status: 403,
      outcome: 'not-done',
      message: `x was not sent: ${server.ws} refused the connection: the access token is missing or wrong`,
    })
    await waitOf(connected)
  })
})

it('a call that is refused for its token is refused alone', async () => {
  const answer = ({ action }: ReceivedCall) => (action === 'x' ? { status: 'failed', retcode: 1403 } : ok(action))
  await using server = await startServer({ answer })
  await using connected = connect(server.ws)

  expect(await errorOf(connected.client.callAny('x'))).toMatchObject({ name: 'ActionError', retcode: 1403 })
  expect(await connected.client.callAny('y')).toBe('y')
  expect(connected.complaints).toEqual([])
})

describe('connecting again', () => {
  it('waits twice as long each time, up to the limit', async () => {
    await using connected = connect('ws://127.0.0.1:1', { reconnectMs: 1000, reconnectMaxMs: 5000 })
    const waits: number[] = []
    for (let count = 1; count <= 5; count++) {
      waits.push(await waitOf(connected, count))
      await connected.clock.advance(waits.at(-1)! - 1)
      expect(connected.complaints).toHaveLength(count)
      await connected.clock.advance(1)
    }

    expect(waits).toEqual([1000, 2000, 4000, 5000, 5000])
  })

  it('takes up to half off the wait at random', async () => {
    await using connected = connect('ws://127.0.0.1:1', { random: () => 0.5 })

    expect(await waitOf(connected)).toBe(750)
  })

  it('is quick after a connection that lasted, and not after one that did not', async () => {
    await using server = await startServer()
    await using connected = connect(server.ws)
    const waits: number[] = []
    for (const lastedMs of [0, 0, 1000]) {
      await connected.client.callAny('x')
      await connected.clock.advance(lastedMs)
      for (const socket of server.sockets) socket.terminate()
      waits.push(await waitOf(connected, waits.length + 1))
      await connected.clock.advance(waits.at(-1)!)
    }

    expect(waits).toEqual([1000, 2000, 1000])
    expect(connected.complaints[0]).toBeInstanceOf(ConnectionError)
    expect(connected.complaints[0]?.message).toMatch(
      /^the connection to ws:\S+ was lost: it was closed with code 1006;/u,
    )
  })

  it('goes on hearing and calling', async () => {
    await using server = await startServer()
    await using connected = connect(server.ws)
    const heard: unknown[] = []
    connected.client.on('message', ({ raw_message }) => heard.push(raw_message))
    for (const text of ['one', 'two']) {
      await connected.client.callAny('x')
      server.tell(said(text))
      await soon(() => expect(heard).toContain(text))
      await connected.clock.advance(1000)
      for (const socket of server.sockets) socket.terminate()
      await connected.clock.advance(await waitOf(connected, heard.length))
      await opened(server)
    }

    expect(heard).toEqual(['one', 'two'])
    expect(server.dials).toHaveLength(3)
  })

  it('follows a server that takes the call and never answers it', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    await using connected = connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
    await soon(() => expect(sockets).toHaveLength(1))
    await connected.clock.advance(9999)
    expect(connected.complaints).toEqual([])
    await connected.clock.advance(1)
    await waitOf(connected)

    expect(connected.complaints[0]?.message).toContain('no answer within 10000 ms')
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  it('follows a server that has gone silent', async () => {
    await using server = await startServer()
    await using connected = connect(server.ws, { pingMs: 7000 })
    await connected.client.callAny('x')
    const [socket] = server.sockets
    for (let n = 1; n <= 3; n++) {
      const pinged = once(socket!, 'ping')
      await connected.clock.advance(7000)
      await pinged
      // The answer to the ping is behind what is answered to a call.
      await connected.client.callAny('x')
    }
    expect(connected.complaints).toEqual([])
    await connected.clock.advance(7000)
    await connected.client.callAny('x')
    socket?.pause()
    await connected.clock.advance(7000)
    await connected.clock.advance(7000)
    await waitOf(connected)

    expect(connected.complaints[0]?.message).toContain('was lost: it has gone silent;')
  })
})

describe('closing', () => {
  it('says goodbye, connects no more, and can be done twice', async () => {
    await using server = await startServer()
    const { client, clock, complaints } = connect(server.ws)
    await client.callAny('x')
    const [socket] = server.sockets
    const closed = once(socket!, 'close')
    await Promise.all([client.close(), client.close()])

    expect((await closed)[0]).toBe(1000)
    await clock.advance(60_000)
    expect(server.dials).toHaveLength(1)
    expect(complaints).toEqual([])
    await client.close()
  })

  it('does not wait for long for a server that says no goodbye', async () => {
    await using server = await startServer()
    const { client, clock } = connect(server.ws)
    await client.callAny('x')
    for (const socket of server.sockets) socket.pause()
    const state = { isClosed: false }
    const closed = client.close().then(() => (state.isClosed = true))
    await clock.advance(999)
    expect(state.isClosed).toBe(false)
    await clock.advance(1)
    await closed
  })

  it('comes at once while connecting and while waiting', async () => {
    await using server = await startServer()
    const early = connect(server.ws)
    await early.client.close()
    const waiting = connect('ws://127.0.0.1:1')
    await waitOf(waiting)
    const call = errorOf(waiting.client.callAny('x'))
    await waiting.client.close()
    const timers = [early.timers, waiting.timers]
    await waiting.clock.advance(60_000)

    expect(await call).toMatchObject({ outcome: 'not-done', message: 'x was not sent: the client was closed' })
    expect(waiting.complaints).toHaveLength(1)
    expect(early.complaints).toEqual([])
    expect(timers).toEqual([0, 0])
  })
})

it('frames that are neither an event nor an answer are passed over', async () => {
  await using server = await startServer()
  await using connected = connect(server.ws)
  await connected.client.callAny('x')
  const heard: unknown[] = []
  connected.client.on('message', (event) => heard.push(event))
  const frames = [
    '',
    'no JSON',
    '[]',
    'null',
    '1',
    '{}',
    '{"post_type":1}',
    '{"echo":{}}',
    '{"echo":"none","status":"ok"}',
  ]
  for (const frame of frames) server.tell(frame)
  server.tell({ ...said('an event, whatever echo it has'), echo: '2' })

  expect(await connected.client.callAny('y')).toEqual({})
  expect(heard).toMatchObject([{ raw_message: 'an event, whatever echo it has' }])
  expect(connected.complaints).toEqual([])
})
