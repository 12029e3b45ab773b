import dns from 'node:dns'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import type { Server as HttpServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { ServerOptions as TlsOptions } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { Gateway } from '@seekyou/protocol'
import {
  createRecordingLogger,
  createScriptedGateway,
  createVirtualClock,
  settle,
  startTcpServer,
} from '@seekyou/testkit'
import type { ScriptedGateway, ScriptedGatewayOptions, VirtualClock } from '@seekyou/testkit'
import { createReverseClient, reverseClientOptions } from '@seekyou/transport-ws'
import type { ReverseClient } from '@seekyou/transport-ws'
import { WebSocketServer } from 'ws'
import type { ServerOptions } from 'ws'
import { Bot } from './bot.ts'

const soon = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 2, timeout: 10_000 })

/** A bot program that waits to be dialled. */
interface Callee extends AsyncDisposable {
  readonly port: number
  /** Every connection so far, oldest first. */
  readonly bots: readonly Bot[]
  /** Of every connection, the role and the path it was dialled with. */
  readonly roles: readonly string[]
  /** How many are open now. */
  readonly open: number
}

async function listen(port = 0, carrier: Server = createHttpServer(), options: ServerOptions = {}): Promise<Callee> {
  const server = new WebSocketServer({ server: carrier as HttpServer, ...options })
  const bots: Bot[] = []
  const roles: string[] = []
  server.on('connection', (webSocket, { headers, url }) => {
    bots.push(new Bot(webSocket))
    roles.push(`${String(headers['x-client-role'])} ${url}`)
  })
  carrier.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (carrier.address() as AddressInfo).port,
    bots,
    roles,
    get open() {
      return server.clients.size
    },
    async [Symbol.asyncDispose]() {
      for (const webSocket of server.clients) webSocket.terminate()
      carrier.close()
      await once(carrier, 'close')
    },
  }
}

interface Dialled extends AsyncDisposable {
  readonly client: ReverseClient
  readonly gateway: ScriptedGateway
  readonly clock: VirtualClock
  readonly log: ReturnType<typeof createRecordingLogger>
}

interface DialOptions extends ScriptedGatewayOptions {
  readonly path?: string
  readonly accessToken?: string
  readonly options?: object
}

function dial(port: number, { path = '/', accessToken, options, ...script }: DialOptions = {}): Dialled {
  const gateway = createScriptedGateway(script)
  const clock = createVirtualClock()
  const log = createRecordingLogger()
  const client = createReverseClient({
    gateway,
    options: reverseClientOptions.parse({ name: 'my-bot', url: `ws://127.0.0.1:${port}${path}`, ...options }),
    accessToken,
    clock,
    log,
    random: () => 0,
  })
  return { client, gateway, clock, log, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() }
}

/** The connection with this number, counted from 1, once its first frame has come. */
async function meet(callee: Callee, count = 1): Promise<Bot> {
  await soon(() => expect(callee.bots).toHaveLength(count))
  const bot = callee.bots.at(count - 1)!
  expect(await bot.next()).toMatchObject({ meta_event_type: 'lifecycle', sub_type: 'connect' })
  return bot
}

/** How long the client says it will wait, once it waits. */
async function waitOf({ client, clock }: Dialled): Promise<number> {
  await soon(() => expect(client.state.phase).toBe('waiting'))
  if (client.state.phase !== 'waiting') throw new Error('it waits no longer')
  return client.state.nextTryAt - clock.now()
}

/** The lines of the request that a dialled bot gets. */
async function handshake(options: DialOptions): Promise<string[]> {
  const { promise, resolve } = Promise.withResolvers<string>()
  await using callee = await startTcpServer((socket) =>
    socket.once('data', (bytes) => resolve(bytes.toString('latin1'))),
  )
  await using dialled = dial(callee.port, options)
  const request = await promise
  expect(dialled.client.state).toEqual({ phase: 'connecting' })
  return request
    .replace(/(?<=Sec-WebSocket-Key: )[\w+/]{22}==/, '<key>')
    .replace(`:${callee.port}`, ':<port>')
    .split('\r\n')
}

describe('the handshake', () => {
  it('shows the account, the role, the user agent and the token, at the URL as it was given', async () => {
    expect(await handshake({ path: '/onebot/v11/ws/?group=%E7%BE%A4&x', accessToken: 'T0ken', options: {} })).toEqual([
      'GET /onebot/v11/ws/?group=%E7%BE%A4&x HTTP/1.1',
      'X-Self-ID: 10001',
      'X-Client-Role: Universal',
      'User-Agent: CQHttp/4.15.0 (SeekYou)',
      'Authorization: Bearer T0ken',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: <key>',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Host: 127.0.0.1:<port>',
      '',
      '',
    ])
  })

  it('shows no Authorization without a token', async () => {
    expect((await handshake({})).join('\n')).not.toContain('Authorization')
    expect((await handshake({ accessToken: '' })).join('\n')).not.toContain('Authorization')
  })
})

describe('roles', () => {
  it('API carries calls and no events', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port, { options: { role: 'API' }, call: () => 'done' })
    await soon(() => expect(callee.bots).toHaveLength(1))
    const bot = callee.bots[0]!

    expect(await bot.ask({ action: 'a', echo: 1 })).toEqual({ status: 'ok', retcode: 0, data: 'done', echo: 1 })
    expect(dialled.gateway.subscribers).toEqual([])
    expect(callee.roles).toEqual(['API /'])
  })

  it('Event carries events and answers calls by saying so', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port, { options: { role: 'Event' } })
    const bot = await meet(callee)

    expect(await bot.ask({ action: 'a', echo: 1 })).toMatchObject({
      retcode: 1400,
      wording: 'this connection only carries events; calls come through one of the role API',
      echo: 1,
    })
    expect(dialled.gateway.calls).toEqual([])
    expect(dialled.gateway.subscribers[0]?.options).toEqual({
      name: 'my-bot',
      kind: 'reverse-ws',
      lifecycle: 'connect',
    })
    expect(callee.roles).toEqual(['Event /'])
  })

  it.each(['API', 'Event'] as const)('%s alone is at its own URL where there is one', async (role) => {
    await using callee = await listen()
    const base = `ws://127.0.0.1:${callee.port}`
    await using _dialled = dial(callee.port, { options: { role, api_url: `${base}/API`, event_url: `${base}/Event` } })
    await soon(() => expect(callee.roles).toEqual([`${role} /${role}`]))
  })
})

describe('a pair', () => {
  /** A bot that listens for both at one port, dialled at `/ws` and what `urls` says of it. */
  async function dialPair(urls: object = { api_url: '/api', event_url: '/event' }) {
    await using opened = new AsyncDisposableStack()
    const callee = opened.use(await listen())
    const at = Object.entries(urls).map(([key, path]) => [key, `ws://127.0.0.1:${callee.port}${path}`])
    const dialled = opened.use(dial(callee.port, { path: '/ws', options: Object.fromEntries(at) }))
    await soon(() => expect(dialled.client.state.phase).toBe('open'))
    const role = (name: string) => callee.bots[callee.roles.findIndex((line) => line.startsWith(name))]!
    await role('Event').next()
    const owned = opened.move()
    return {
      callee,
      ...dialled,
      api: role('API'),
      event: role('Event'),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  }

  it.each([
    [{ api_url: '/api', event_url: '/event' }, ['API /api', 'Event /event']],
    [{ api_url: '/api' }, ['API /api', 'Event /ws']],
    [{ event_url: '/event' }, ['API /ws', 'Event /event']],
    [{ api_url: '/ws' }, ['API /ws', 'Event /ws']],
    [{ api_url: '/both', event_url: '/both' }, ['API /both', 'Event /both']],
  ])('of %j is an API and an Event connection', async (urls, roles) => {
    await using house = await dialPair(urls)
    expect(house.callee.roles.toSorted()).toEqual(roles)
  })

  it('carries calls on the one and events on the other', async () => {
    await using house = await dialPair()
    house.gateway.tell({ seq: 1, text: '{"n":1}' })

    expect(await house.event.next()).toEqual({ n: 1 })
    expect(await house.api.ask({ action: 'a' })).toMatchObject({ status: 'ok' })
    expect(house.gateway.subscribers.map(({ options }) => options)).toEqual([
      { name: 'my-bot', kind: 'reverse-ws', lifecycle: 'connect' },
    ])
  })

  it('does the calls through the subscription of its events', async () => {
    await using callee = await listen()
    const scripted = createScriptedGateway()
    const gateway: Gateway = {
      ...scripted,
      subscribe: (...given) => ({
        ...scripted.subscribe(...given),
        call: async () => ({ status: 200, body: { status: 'ok', retcode: 0, data: 'by the subscription' } }),
      }),
    }
    const url = `ws://127.0.0.1:${callee.port}`
    await using client = createReverseClient({
      gateway,
      options: reverseClientOptions.parse({ name: 'x', url, api_url: `${url}/api` }),
      clock: createVirtualClock(),
      log: createRecordingLogger(),
    })
    await soon(() => expect(client.state.phase).toBe('open'))
    const api = callee.bots[callee.roles.indexOf('API /api')]!

    expect(await api.ask({ action: '.ack' })).toMatchObject({ data: 'by the subscription' })
  })

  it('tells the state of the one that is worse off, and dials only that one again', async () => {
    await using house = await dialPair()
    await house.clock.advance(10_000)
    house.api.webSocket.close(1011, 'oops')
    await soon(() => expect(house.client.state.phase).toBe('waiting'))
    expect(house.client.state).toMatchObject({ lastError: 'the bot closed the connection with code 1011: oops' })
    expect(house.callee.open).toBe(1)

    await house.clock.advance(300)
    await soon(() => expect(house.client.state.phase).toBe('open'))
    expect(house.callee.roles.slice(2)).toEqual(['API /api'])
    expect(house.gateway.subscribers).toHaveLength(1)
  })

  it('ends as one', async () => {
    await using house = await dialPair()
    const closed = Promise.all([house.api.closed(), house.event.closed()])
    house.gateway.subscribers[0]?.sink.end('the account is gone')
    expect((await closed).map(({ code }) => code)).toEqual([1001, 1001])

    expect(house.client.state).toEqual({ phase: 'ended' })
    await house.clock.advance(120_000)
    expect(house.callee.bots).toHaveLength(2)
  })
})

describe('over TLS', () => {
  const file = (name: string) => join(import.meta.dirname, 'tls', name)

  /** A bot with a certificate of the test authority; `requestCert`: it asks for one of the same authority in turn. */
  async function listenTls(requestCert = false) {
    const [ca, cert, key] = await Promise.all(['ca.pem', 'bot.pem', 'bot.key.pem'].map((name) => readFile(file(name))))
    const https = createTlsServer({ ca, cert, key, requestCert, rejectUnauthorized: requestCert } as TlsOptions)
    return listen(0, https)
  }

  it('believes a bot that the given authority vouches for', async () => {
    await using callee = await listenTls()
    await using dialled = dial(callee.port, {
      options: { url: `wss://127.0.0.1:${callee.port}/`, tls: { ca: file('ca.pem') } },
    })
    const bot = await meet(callee)
    dialled.gateway.tell({ seq: 1, text: '{"n":1}' })
    expect(await bot.next()).toEqual({ n: 1 })
    await soon(() => expect(dialled.gateway.subscribers[0]?.taken).toEqual([1]))
  })

  it('does not believe one that nobody known vouches for', async () => {
    await using callee = await listenTls()
    await using dialled = dial(callee.port, { options: { url: `wss://127.0.0.1:${callee.port}/` } })
    expect(await waitOf(dialled)).toBe(300)
    expect(dialled.client.state).toMatchObject({ lastError: expect.stringMatching(/certificate/) })
    expect(callee.bots).toEqual([])
  })

  it('believes anyone with reject_unauthorized off', async () => {
    await using callee = await listenTls()
    const options = { url: `wss://127.0.0.1:${callee.port}/`, tls: { reject_unauthorized: false } }
    await using _dialled = dial(callee.port, { options })
    await meet(callee)
  })

  it('shows its own certificate to a bot that asks for one', async () => {
    await using callee = await listenTls(true)
    const options = { url: `wss://127.0.0.1:${callee.port}/`, tls: { ca: file('ca.pem') } }
    await using stranger = dial(callee.port, { options })
    await waitOf(stranger)
    expect(callee.bots).toEqual([])
    const shown = { cert: file('client.pem'), key: file('client.key.pem') }
    await using _known = dial(callee.port, { options: { ...options, tls: { ...options.tls, ...shown } } })
    await meet(callee)
  })

  it.each([
    [{ ca: '/no/such.pem' }, 'tls.ca: /no/such.pem cannot be read: ENOENT'],
    [{ ca: import.meta.filename }, /^tls\.ca: .* is not a PEM file$/],
    [{ cert: file('client.pem') }, 'cert and key together, or neither'],
    [{ cert: file('client.pem'), key: file('bot.key.pem') }, 'the files of tls cannot be used together: '],
  ])('is told at once of files that are no good: %j', (tls, message) => {
    expect(() => dial(1, { options: { tls } })).toThrow(message)
  })
})

describe('an open connection', () => {
  it('compresses long frames for a bot that agrees to it, in both directions', async () => {
    await using callee = await listen(0, createHttpServer(), { perMessageDeflate: true })
    const options = { permessage_deflate: true }
    await using dialled = dial(callee.port, { options, call: ({ params }) => params })
    const bot = await meet(callee)
    expect(bot.webSocket.extensions).toBe('permessage-deflate')
    const text = JSON.stringify({ message: '早上好 '.repeat(2000) })
    for (let seq = 1; seq <= 3; seq++) dialled.gateway.tell({ seq, text })
    dialled.gateway.tell({ seq: 4, text: '{}' })

    for (let seq = 1; seq <= 3; seq++) expect(await bot.nextText()).toBe(text)
    expect(await bot.nextText()).toBe('{}')
    const echo = 'x'.repeat(5000)
    expect(await bot.ask({ action: 'a', params: { echo } })).toMatchObject({ data: { echo } })
    await soon(() => expect(dialled.gateway.subscribers[0]?.taken).toEqual([1, 2, 3, 4]))
  })

  it('begins with the lifecycle event, under the name of the link', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port)
    await meet(callee)

    expect(dialled.gateway.subscribers.map(({ options }) => options)).toEqual([
      { name: 'my-bot', kind: 'reverse-ws', lifecycle: 'connect' },
    ])
    expect(dialled.client.state).toEqual({ phase: 'open', since: dialled.clock.now() })
  })

  it('carries calls with their echoes, and events that are reported as taken', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port, { call: () => ({ message_id: 5 }) })
    const bot = await meet(callee)
    bot.webSocket.send('{"action":"send_msg","echo":9007199254740993}')
    expect(await bot.nextText()).toBe('{"status":"ok","retcode":0,"data":{"message_id":5},"echo":9007199254740993}')

    for (let seq = 1; seq <= 20; seq++) dialled.gateway.tell({ seq, text: `{"n":${seq},"message":"早上好"}` })
    for (let seq = 1; seq <= 20; seq++) expect(await bot.nextText()).toBe(`{"n":${seq},"message":"早上好"}`)
    await soon(() => expect(dialled.gateway.subscribers[0]?.taken).toEqual(Array.from({ length: 20 }, (_, n) => n + 1)))
  })

  it('asks the account to pause while the bot does not read', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port, { options: { high_water_mark: 1 / 16 } })
    const bot = await meet(callee)
    bot.webSocket.pause()
    const [subscriber] = dialled.gateway.subscribers
    const text = JSON.stringify('x'.repeat(32 * 1024 * 1024))

    expect(subscriber?.sink.write({ seq: 1, text })).toBe(false)
    for (let turn = 0; turn < 50; turn++) await settle()
    expect(subscriber?.resumed).toBe(0)
    bot.webSocket.resume()
    await soon(() => expect(subscriber).toMatchObject({ resumed: 1, taken: [1] }))
  })
})

describe('dialling again', () => {
  it('tells since when there is no connection, through all attempts', async () => {
    await using dialled = dial(1)
    const since = dialled.clock.now()
    await dialled.clock.advance(await waitOf(dialled))
    await waitOf(dialled)
    expect(dialled.client.state).toMatchObject({ since, nextTryAt: since + 3300 })
  })

  it.each([1000, 1001, 1005, 1008, 1011, 1012, 3001])('follows a close with %d', async (code) => {
    await using callee = await listen()
    await using dialled = dial(callee.port)
    const bot = await meet(callee)
    await dialled.clock.advance(10_000)
    if (code === 1005) bot.webSocket.close()
    else bot.webSocket.close(code, 'go away')
    expect(await waitOf(dialled)).toBe(300)
    expect(dialled.client.state).toMatchObject({
      lastError: `the bot closed the connection with code ${code}${code === 1005 ? '' : ': go away'}`,
    })
    expect(dialled.gateway.subscribers[0]?.ended).toBe(true)
    await dialled.clock.advance(299)
    expect(dialled.client.state.phase).toBe('waiting')
    await dialled.clock.advance(1)
    await meet(callee, 2)
    expect(callee.open).toBe(1)
  })

  it('waits a tenth of the interval, the interval, and then twice as long each time, up to the limit', async () => {
    await using dialled = dial(1, { options: { reconnect_interval: 3, reconnect_interval_max: 20 } })
    const waits: number[] = []
    for (let n = 0; n < 7; n++) {
      waits.push(await waitOf(dialled))
      await dialled.clock.advance(waits.at(-1)!)
    }

    expect(waits).toEqual([300, 3000, 6000, 12_000, 20_000, 20_000, 20_000])
  })

  it('takes up to a quarter off every wait at random', async () => {
    const clock = createVirtualClock()
    await using client = createReverseClient({
      gateway: createScriptedGateway(),
      options: reverseClientOptions.parse({ name: 'x', url: 'ws://127.0.0.1:1' }),
      clock,
      log: createRecordingLogger(),
      random: () => 0.5,
    })
    await soon(() => expect(client.state).toMatchObject({ phase: 'waiting', nextTryAt: clock.now() + 262.5 }))
  })

  it('slows down for a bot that accepts and hangs up at once, and is quick again after a connection that lasted', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port)
    const hangUp = async (count: number): Promise<number> => {
      const bot = await meet(callee, count)
      bot.webSocket.close(1008)
      return waitOf(dialled)
    }
    for (const [index, wait] of [300, 3000, 6000].entries()) {
      expect(await hangUp(index + 1)).toBe(wait)
      await dialled.clock.advance(wait)
    }
    await soon(() => expect(dialled.client.state.phase).toBe('open'))
    await dialled.clock.advance(3000)
    expect(await hangUp(4)).toBe(300)
  })

  it('finds a bot that starts late, or again', async () => {
    const first = await listen()
    const { port } = first
    await first[Symbol.asyncDispose]()
    await using dialled = dial(port)
    expect(await waitOf(dialled)).toBe(300)
    expect(dialled.client.state).toMatchObject({ lastError: expect.stringContaining('ECONNREFUSED') })
    for (let round = 0; round < 2; round++) {
      await using callee = await listen(port)
      await dialled.clock.advance(await waitOf(dialled))
      await meet(callee)
      await dialled.clock.advance(5000)
    }

    expect(await waitOf(dialled)).toBe(300)
    expect(dialled.gateway.subscribers.map(({ ended }) => ended)).toEqual([true, true])
  })

  it('tells what went wrong at each address of a name', async () => {
    const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }))
    vi.spyOn(dns, 'lookup').mockImplementation(((_host: string, _options: object, done: (...args: unknown[]) => void) =>
      done(null, addresses)) as unknown as typeof dns.lookup)
    await using dialled = dial(1, { options: { url: 'ws://localhost:1/' } })
    await waitOf(dialled)

    expect(dialled.client.state).toMatchObject({
      lastError: 'connect ECONNREFUSED 127.0.0.1:1; connect ECONNREFUSED 127.0.0.2:1',
    })
  })

  it('follows a refusal, and tells its status', async () => {
    await using callee = await startTcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')),
    )
    await using dialled = dial(callee.port)

    expect(await waitOf(dialled)).toBe(300)
    expect(dialled.client.state).toMatchObject({ lastError: 'Unexpected server response: 403' })
  })

  it('does not follow a redirect', async () => {
    await using elsewhere = await listen()
    await using callee = await startTcpServer((socket) =>
      socket.once('data', () =>
        socket.end(`HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:${elsewhere.port}/\r\nContent-Length: 0\r\n\r\n`),
      ),
    )
    await using dialled = dial(callee.port)
    await waitOf(dialled)

    expect(elsewhere.bots).toEqual([])
  })

  it('follows a bot that takes the call and never answers it', async () => {
    let calls = 0
    await using callee = await startTcpServer(() => void calls++)
    await using dialled = dial(callee.port)
    await soon(() => expect(calls).toBe(1))
    await dialled.clock.advance(9999)
    expect(dialled.client.state).toEqual({ phase: 'connecting' })
    await dialled.clock.advance(1)

    expect(await waitOf(dialled)).toBe(300)
    expect(dialled.client.state).toMatchObject({ lastError: 'no answer within 10 s' })
  })

  it('follows a bot that has gone silent, with never two connections', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port)
    const bot = await meet(callee)
    bot.webSocket.pause()
    await dialled.clock.advance(60_000)
    expect(dialled.client.state.phase).toBe('open')
    await dialled.clock.advance(30_000)
    await waitOf(dialled)
    expect(dialled.gateway.subscribers[0]?.ended).toBe(true)
    bot.webSocket.resume()
    await soon(() => expect(callee.open).toBe(0))

    await dialled.clock.advance(300)
    await soon(() => expect(callee.bots).toHaveLength(2))
    expect(callee.open).toBe(1)
  })

  it('never has two connections, however the first one ended', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port)
    for (let count = 1; count <= 4; count++) {
      const bot = await meet(callee, count)
      await dialled.clock.advance(5000)
      expect(callee.open).toBe(1)
      if (count % 2 === 0) bot.webSocket.terminate()
      else bot.webSocket.close(1000)
      await dialled.clock.advance(await waitOf(dialled))
    }

    await soon(() => expect(callee.bots).toHaveLength(5))
    await dialled.clock.advance(20_000)
    expect(callee.bots).toHaveLength(5)
  })

  it('never logs the token or the URL', async () => {
    await using dialled = dial(1, { accessToken: 'T0ken', path: '/?access_token=s3cret' })
    await waitOf(dialled)

    expect(dialled.log.lines).not.toEqual([])
    expect(JSON.stringify(dialled.log.lines)).not.toMatch(/T0ken|s3cret/)
  })
})

describe('the end', () => {
  it('says goodbye with 1001 and dials no more', async () => {
    await using callee = await listen()
    const { client, clock } = dial(callee.port)
    const bot = await meet(callee)
    const closed = bot.closed()
    await client[Symbol.asyncDispose]()

    expect(await closed).toEqual({ code: 1001, reason: 'the server is shutting down' })
    await clock.advance(120_000)
    expect(callee.bots).toHaveLength(1)
    expect(client.state).toEqual({ phase: 'ended' })
  })

  it('comes at once while dialling', async () => {
    let calls = 0
    const { promise, resolve } = Promise.withResolvers<void>()
    await using callee = await startTcpServer((socket) => {
      calls++
      socket.once('close', () => resolve())
      socket.resume()
    })
    const { client, clock } = dial(callee.port)
    await soon(() => expect(calls).toBe(1))
    await client[Symbol.asyncDispose]()
    await promise
    await clock.advance(120_000)

    expect(calls).toBe(1)
    expect(client.state).toEqual({ phase: 'ended' })
  })

  it('comes at once in the turn in which it began', async () => {
    await using callee = await listen()
    const { client, clock } = dial(callee.port)
    await client[Symbol.asyncDispose]()
    await clock.advance(120_000)

    expect(callee.bots).toEqual([])
  })

  it('comes at once while waiting', async () => {
    const dialled = dial(1)
    await waitOf(dialled)
    await dialled.client[Symbol.asyncDispose]()
    await dialled.clock.advance(120_000)

    expect(dialled.client.state).toEqual({ phase: 'ended' })
  })

  it('does not come with a broken connection: the bot is dialled again', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port)
    const bot = await meet(callee)
    const closed = bot.closed()
    dialled.gateway.subscribers[0]?.sink.cut?.()

    expect(await closed).toMatchObject({ code: 1006 })
    await dialled.clock.advance(await waitOf(dialled))
    await meet(callee, 2)
  })

  it('comes when the account is done with the link', async () => {
    await using callee = await listen()
    await using dialled = dial(callee.port)
    const bot = await meet(callee)
    const closed = bot.closed()
    dialled.gateway.subscribers[0]?.sink.end('the account is gone')

    expect(await closed).toEqual({ code: 1001, reason: 'the account is gone' })
    await dialled.clock.advance(120_000)
    expect(callee.bots).toHaveLength(1)
    expect(dialled.client.state).toEqual({ phase: 'ended' })
  })
})

describe('options', () => {
  it.each(['http://127.0.0.1/', '127.0.0.1:8080', 'ws://', 'ws://127.0.0.1/#x', ''])('refuse the URL %j', (url) => {
    expect(() => reverseClientOptions.parse({ name: 'x', url })).toThrow('a ws:// or wss:// URL without a fragment')
  })

  it.each(['WS://127.0.0.1', 'wss://bot.example/ws?x=1'])('take the URL %j as it is', (url) => {
    expect(reverseClientOptions.parse({ name: 'x', url }).url).toBe(url)
  })

  it('refuse keys they do not know', () => {
    expect(() => reverseClientOptions.parse({ name: 'x', url: 'ws://127.0.0.1', reconect: 1 })).toThrow('reconect')
  })
})
