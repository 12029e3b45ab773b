import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { dialects } from '@seekyou/protocol'
import type { Gateway } from '@seekyou/protocol'
import { createScriptedGateway } from '@seekyou/testkit'
import { forwardServerOptions } from '@seekyou/transport-ws'
import { Bot } from './bot.ts'
import { openHouse } from './house.ts'
import { rawUpgrade, refusedUpgrade } from './raw-peer.ts'

const lifecycle = {
  post_type: 'meta_event',
  meta_event_type: 'lifecycle',
  time: 1767225600,
  self_id: 10001,
  sub_type: 'connect',
}
const message = { seq: 1, text: '{"post_type":"message","message_type":"group","message":"早上好"}' }

describe('paths', () => {
  it.each(['/', '/event', '/event/'])('tells the lifecycle event first on %s, and then events', async (path) => {
    await using house = await openHouse()
    await using bot = await Bot.dial(house.url + path)

    expect(await bot.next()).toEqual(lifecycle)
    house.gateway.tell(message)
    expect(await bot.nextText()).toBe(message.text)
    expect(house.gateway.subscribers.map(({ options }) => options)).toEqual([{ kind: 'ws', lifecycle: 'connect' }])
  })

  it.each(['/api', '/api/'])('carries calls and no events on %s', async (path) => {
    await using house = await openHouse({ call: () => ({ user_id: 10001 }) })
    await using bot = await Bot.dial(house.url + path)

    house.gateway.tell(message)
    expect(await bot.ask({ action: 'get_login_info' })).toEqual({ status: 'ok', retcode: 0, data: { user_id: 10001 } })
    expect(house.gateway.subscribers).toEqual([])
  })

  it('carries calls on / beside the events', async () => {
    await using house = await openHouse({ call: () => 'done' })
    await using bot = await Bot.dial(`${house.url}/`)

    await bot.next()
    expect(await bot.ask({ action: 'a', echo: 1 })).toEqual({ status: 'ok', retcode: 0, data: 'done', echo: 1 })
  })

  it.each(['/event', '/event/'])('answers a call on %s by saying where calls go', async (path) => {
    await using house = await openHouse()
    await using bot = await Bot.dial(house.url + path)

    await bot.next()
    expect(await bot.ask({ action: 'get_login_info', echo: 'e' })).toMatchObject({
      status: 'failed',
      retcode: 1400,
      wording: '/event only carries events; send calls to /api or /',
      echo: 'e',
    })
    expect(house.gateway.calls).toEqual([])
  })

  it.each(['/bot', '/api/x', '//', '/API', '/apis', '//api'])('answers 404 to an upgrade at %s', async (path) => {
    await using house = await openHouse()
    const { status, head, body } = await refusedUpgrade(house.port, `${path}?access_token=secret`)

    expect(status).toBe(404)
    expect(head).toContain('Content-Type: application/json')
    expect(body).toMatchObject({
      status: 'failed',
      retcode: 1404,
      wording: `there is no WebSocket at ${path}; there is one at /, at /api and at /event`,
    })
  })

  it.each(['/bot', '/onebot/v11/ws?access_token=secret', '//event', '/API'])(
    'is one for calls and events at %s in the dialect go-cqhttp, which knows no wrong path',
    async (path) => {
      await using house = await openHouse({ dialect: dialects['go-cqhttp'] })
      await using bot = await Bot.dial(house.url + path)
      expect(await bot.next()).toMatchObject({ meta_event_type: 'lifecycle' })
      expect(await bot.ask({ action: 'get_status', echo: 1 })).toMatchObject({ status: 'ok', echo: 1 })
    },
  )
})

describe('tokens', () => {
  it.each([
    ['Bearer in the header', '/', ['Authorization: Bearer T0ken']],
    ['Token in the header', '/api', ['Authorization: Token T0ken']],
    ['the scheme in any case', '/api/', ['Authorization: bEARER T0ken']],
    ['the bare value', '/event', ['Authorization: T0ken']],
    ['the query', '/?access_token=T0ken', []],
    ['the query beside other values', '/api/?x=%20&access_token=T0ken', []],
  ])('lets in a client that shows the token by %s', async (_way, path, headers) => {
    await using house = await openHouse({ token: 'T0ken' })
    const { head, socket } = await rawUpgrade(house.port, path, headers)
    socket.destroy()

    expect(head).toMatch(/^HTTP\/1\.1 101 /)
  })

  it.each([
    ['/', [], 'TOKEN_MISSING', 1401],
    ['/?access_token=', [], 'TOKEN_MISSING', 1401],
    ['/?access_token=wrong', [], 'TOKEN_WRONG', 1403],
    ['/event', ['Authorization: Bearer wrong'], 'TOKEN_WRONG', 1403],
    ['/api', ['Authorization: Basic VDBrZW4='], 'TOKEN_WRONG', 1403],
  ])('refuses the upgrade of %s with %j: 401 %s', async (path, headers, code, retcode) => {
    await using house = await openHouse({ token: 'T0ken' })
    const { status, body } = await refusedUpgrade(house.port, path, headers)

    expect(status).toBe(401)
    expect(body).toMatchObject({ status: 'failed', retcode, msg: code })
    expect(house.gateway.subscribers).toEqual([])
  })

  it('refuses with the status that the dialect asks for', async () => {
    await using house = await openHouse({
      token: 'T0ken',
      refuse: (_kind, wording) => ({ status: 403, body: { status: 'failed', retcode: 1403, data: null, wording } }),
    })
    const { status, head, body } = await refusedUpgrade(house.port, '/', ['Authorization: Bearer wrong'])

    expect(status).toBe(403)
    expect(head).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/)
    expect(body).toEqual({ status: 'failed', retcode: 1403, data: null, wording: 'this is not the token' })
  })

  it.each(['Authorization: Bearer undefined', 'Authorization: Token undefined'])(
    'ignores %s where no token is configured',
    async (header) => {
      await using house = await openHouse()
      const { head, socket } = await rawUpgrade(house.port, '/api?access_token=', [header])
      socket.destroy()

      expect(head).toMatch(/^HTTP\/1\.1 101 /)
    },
  )

  it('never logs a token', async () => {
    await using house = await openHouse({ token: 'T0ken' })
    await refusedUpgrade(house.port, '/?access_token=mistyped', ['Authorization: Bearer other'])
    await using bot = await Bot.dial(`${house.url}/?access_token=T0ken`)
    await bot.next()

    expect(house.log.lines.length).toBeGreaterThan(0)
    expect(JSON.stringify(house.log.lines)).not.toMatch(/T0ken|mistyped|other/)
  })
})

describe('what a token opens', () => {
  it('does the calls and tells the events of the client that showed it, from its own address', async () => {
    const narrowed = createScriptedGateway({ call: () => 'narrowed' })
    const shown: unknown[] = []
    await using house = await openHouse({
      authorize: (...given) => {
        shown.push(given)
        return { granted: true, gateway: narrowed }
      },
    })
    await using bot = await Bot.dial(`${house.url}/?access_token=T0ken`)
    await bot.next()

    expect(await bot.ask({ action: 'a' })).toMatchObject({ data: 'narrowed' })
    expect(shown).toEqual([['T0ken', '127.0.0.1', 'shown']])
    expect(house.gateway).toMatchObject({ calls: [], subscribers: [] })
    expect(narrowed.subscribers).toHaveLength(1)
  })

  it('does the calls of a socket that carries events through its subscription', async () => {
    const scripted = createScriptedGateway()
    const gateway: Gateway = {
      ...scripted,
      subscribe: (...given) => ({
        ...scripted.subscribe(...given),
        call: async () => ({ status: 200, body: { status: 'ok', retcode: 0, data: 'by the subscription' } }),
      }),
    }
    await using house = await openHouse({ authorize: () => ({ granted: true, gateway }) })
    await using bot = await Bot.dial(`${house.url}/`)
    await bot.next()
    await using caller = await Bot.dial(`${house.url}/api`)

    expect(await bot.ask({ action: 'a' })).toMatchObject({ data: 'by the subscription' })
    expect(await caller.ask({ action: 'a' })).toMatchObject({ data: null })
  })
})

describe('what was granted and is taken back', () => {
  it.each(['/', '/api', '/event'])('closes the sockets that stand on it with 1008 and the reason: %s', async (path) => {
    const controller = new AbortController()
    const narrowed: Gateway = { ...createScriptedGateway(), until: controller.signal }
    const whole = createScriptedGateway()
    await using house = await openHouse({
      authorize: (shown) => ({ granted: true, gateway: shown === 'shop' ? narrowed : whole }),
    })
    await using bot = await Bot.dial(`${house.url}${path}?access_token=shop`)
    await using other = await Bot.dial(`${house.url}${path}`)
    controller.abort('the token "shop" was revoked')
    expect(await bot.closed()).toEqual({ code: 1008, reason: 'the token "shop" was revoked' })
    await using late = await Bot.dial(`${house.url}${path}?access_token=shop`)
    expect(await late.closed()).toMatchObject({ code: 1008 })
    expect(other.webSocket.readyState).toBe(other.webSocket.OPEN)
  })
})

describe('a browser that is signed in', () => {
  it('opens what its session is good for, where it shows no token', async () => {
    const browsers = {
      credentialOf: ({ headers }: IncomingMessage) => (headers.cookie === 'session=1' ? 'T0ken' : undefined),
      isKnownHost: () => false,
    }
    await using house = await openHouse({ token: 'T0ken', browsers })
    await using bot = await Bot.dial(`${house.url}/`, { headers: { Cookie: 'session=1' } })
    expect(await bot.next()).toEqual(lifecycle)
    expect((await refusedUpgrade(house.port, '/', ['Host: x', 'Cookie: session=2'])).status).toBe(401)
    const both = ['Host: x', 'Cookie: session=1', 'Authorization: Bearer wrong']
    expect((await refusedUpgrade(house.port, '/', both)).status).toBe(401)
  })
})

describe('web pages', () => {
  it('are our own by a name that the operator gave', async () => {
    const browsers = { credentialOf: () => undefined, isKnownHost: (host?: string) => host === 'bots.lan:5700' }
    await using house = await openHouse({ browsers })
    const headers = { Host: 'bots.lan:5700', Origin: 'http://bots.lan:5700' }
    await using bot = await Bot.dial(`${house.url}/`, { headers })
    expect(await bot.next()).toEqual(lifecycle)
    const evil = ['Host: bots.lan:5700', 'Origin: http://evil.lan:5700']
    expect((await refusedUpgrade(house.port, '/', evil)).status).toBe(403)
  })

  const allowed_origins = ['https://bots.example', 'http://127.0.0.1:8080']

  it.each([
    ['a page from elsewhere', 'https://evil.example'],
    ['one whose address begins like one that is allowed', 'https://bots.example.evil.example'],
    ['one of another scheme', 'http://bots.example'],
    ['one of another port', 'https://bots.example:8443'],
    ['one in a sandboxed frame', 'null'],
    ['one in capitals', 'HTTPS://EVIL.EXAMPLE'],
    ['one that is no address at all', 'http://['],
  ])('are refused: %s', async (_page, origin) => {
    await using house = await openHouse({ options: { allowed_origins } })
    // What is shown where nothing is asked for proves nothing.
    const { status, body } = await refusedUpgrade(house.port, '/?access_token=x', [`Origin: ${origin}`])

    expect(status).toBe(403)
    expect(body).toMatchObject({ status: 'failed', retcode: 103, wording: expect.stringContaining('allowed_origins') })
    expect(house.gateway.subscribers).toEqual([])
  })

  it.each(['https://bots.example', 'HTTPS://Bots.Example', 'http://127.0.0.1:8080'])(
    'are let in from an origin that is allowed: %s',
    async (origin) => {
      await using house = await openHouse({ options: { allowed_origins } })
      await using bot = await Bot.dial(`${house.url}/`, { headers: { Origin: origin } })
      expect(await bot.next()).toEqual(lifecycle)
    },
  )

  it.each(['127.0.0.1', 'localhost', '[::1]'])('are let in when they are our own, at %s', async (name) => {
    await using house = await openHouse()
    const headers = { Host: `${name}:${house.port}`, Origin: `http://${name}:${house.port}` }
    await using bot = await Bot.dial(`${house.url}/`, { headers })
    expect(await bot.next()).toEqual(lifecycle)
  })

  it('are not our own by a name that leads here', async () => {
    await using house = await openHouse()
    const { status } = await refusedUpgrade(house.port, '/', [
      'Host: evil.example:5700',
      'Origin: http://evil.example:5700',
    ])
    expect(status).toBe(403)
  })

  it('are let in from anywhere when they show the token that is asked for', async () => {
    await using house = await openHouse({ token: 'T0ken' })
    const headers = { Origin: 'https://evil.example' }
    await using bot = await Bot.dial(`${house.url}/?access_token=T0ken`, { headers })
    expect(await bot.next()).toEqual(lifecycle)
  })

  it.each(['https://bots.example/', 'https://bots.example/console', 'bots.example', '*', 'ws://bots.example'])(
    'cannot be allowed by what is no origin: %s',
    (origin) => {
      const read = forwardServerOptions.safeParse({ allowed_origins: [origin] })
      expect(read.error?.issues[0]?.message).toMatch(/^an origin: scheme, host and port/)
    },
  )
})

describe('the number of sockets', () => {
  it('is limited, and a place is free again when one has closed', async () => {
    await using house = await openHouse({ options: { max_sockets: 2 } })
    await using first = await Bot.dial(`${house.url}/`)
    await using _second = await Bot.dial(`${house.url}/api`)
    const { status, body } = await refusedUpgrade(house.port, '/event')
    expect(status).toBe(503)
    expect(body).toMatchObject({ retcode: 201, wording: '2 WebSockets are open, as many as this server takes' })

    first.webSocket.close()
    await first.closed()
    await vi.waitFor(async () => {
      await using third = await Bot.dial(`${house.url}/event`)
      expect(await third.next()).toEqual(lifecycle)
    }, 10_000)
  })
})

describe('where events begin', () => {
  it.each([
    ['/?resume=1042', { after: 1042 }],
    ['/event?resume=0', { after: 0 }],
    ['/event/?resume=9007199254740991&x=1', { after: 9_007_199_254_740_991 }],
    ['/?link=my-bot', { name: 'forward:my-bot' }],
    ['/event?access_token=&link=A.b_c-9&resume=7', { name: 'forward:A.b_c-9', after: 7 }],
  ])('is as %s asks', async (path, place) => {
    await using house = await openHouse()
    await using bot = await Bot.dial(house.url + path)
    await bot.next()

    expect(house.gateway.subscribers.map(({ options }) => options)).toEqual([
      { kind: 'ws', lifecycle: 'connect', ...place },
    ])
  })

  it.each([
    ['resume=', /^"resume" takes the number of the last event/],
    ['resume=-1', /^"resume" takes/],
    ['resume=1.5', /^"resume" takes/],
    ['resume=latest', /^"resume" takes/],
    ['resume=9007199254740993', /^"resume" takes/],
    ['link=', /^"link" takes a name of 1 to 64 letters/],
    ['link=a%20b', /^"link" takes/],
    ['link=%E7%BE%A4', /^"link" takes/],
    [`link=${'x'.repeat(65)}`, /^"link" takes/],
  ])('is answered with 400 when it is %s', async (query, wording) => {
    await using house = await openHouse()
    const { status, body } = await refusedUpgrade(house.port, `/?${query}`)

    expect(status).toBe(400)
    expect(body).toMatchObject({ retcode: 1400, wording: expect.stringMatching(wording) })
  })

  it('can be remembered under so many names and no more', async () => {
    await using house = await openHouse({ options: { max_link_names: 2 } })
    for (const name of ['a', 'b', 'a']) {
      await using bot = await Bot.dial(`${house.url}/?link=${name}`)
      await bot.next()
    }
    const { status, body } = await refusedUpgrade(house.port, '/?link=c')
    expect(status).toBe(503)
    expect(body).toMatchObject({ wording: expect.stringContaining('have given themselves 2 names') })

    await using caller = await Bot.dial(`${house.url}/api?link=c`)
    expect(await caller.ask({ action: 'a' })).toMatchObject({ status: 'ok' })
    await using live = await Bot.dial(`${house.url}/`)
    expect(await live.next()).toEqual(lifecycle)
  })
})

describe('compression', () => {
  const options = { permessage_deflate: true }
  const long = JSON.stringify({ post_type: 'message', message: '早上好 '.repeat(2000) })

  it('is agreed to where it is switched on, and makes long frames short', async () => {
    await using house = await openHouse({ options, call: ({ params }) => params })
    await using bot = await Bot.dial(`${house.url}/`)
    await bot.next()
    expect(bot.webSocket.extensions).toBe('permessage-deflate')
    house.gateway.tell({ seq: 1, text: long })
    house.gateway.tell(message)
    expect(await bot.nextText()).toBe(long)
    expect(await bot.nextText()).toBe(message.text)

    const echo = 'x'.repeat(5000)
    expect(await bot.ask({ action: 'a', params: { echo }, echo })).toMatchObject({ data: { echo }, echo })
    expect(house.sockets[0]!.bytesWritten).toBeLessThan(2000)
    expect(house.sockets[0]!.bytesRead).toBeLessThan(2000)
  })

  it('gives clients with it and without it the same events', async () => {
    await using house = await openHouse({ options })
    await using plain = await Bot.dial(`${house.url}/`, { perMessageDeflate: false })
    await using first = await Bot.dial(`${house.url}/`)
    await using second = await Bot.dial(`${house.url}/`)
    house.gateway.tell({ seq: 1, text: long })
    house.gateway.tell({ seq: 2, text: long })

    for (const bot of [plain, first, second]) {
      await bot.next()
      expect(await bot.nextText()).toBe(long)
      expect(await bot.nextText()).toBe(long)
    }
  })

  it('is not agreed to with a client that can undo only a small window', async () => {
    await using house = await openHouse({ options })
    await using bot = await Bot.dial(`${house.url}/`, { perMessageDeflate: { serverMaxWindowBits: 9 } })
    await bot.next()
    house.gateway.tell({ seq: 1, text: long })

    expect(bot.webSocket.extensions).toBe('')
    expect(await bot.nextText()).toBe(long)
  })

  it('does not let a small frame become a large one', async () => {
    await using house = await openHouse({ options: { ...options, max_payload: 1 } })
    await using bot = await Bot.dial(`${house.url}/api`)
    bot.webSocket.send(JSON.stringify({ action: 'a', params: { x: 'x'.repeat(2 ** 21) } }))

    expect(await bot.closed()).toMatchObject({ code: 1009 })
    expect(house.sockets[0]!.bytesRead).toBeLessThan(20_000)
  })
})

describe('the handshake', () => {
  it('does not judge an Origin that is none, and agrees to no subprotocol and no extension', async () => {
    await using house = await openHouse()
    const { head, socket } = await rawUpgrade(house.port, '/api', [
      'Origin: [object Object]',
      'Sec-WebSocket-Protocol: chat, cqhttp',
      'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
    ])
    socket.destroy()

    expect(head.split('\r\n')).toEqual([
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    ])
  })

  it('closes with 1009 when a frame is larger than max_payload', async () => {
    await using house = await openHouse({ options: { max_payload: 100 / 2 ** 20 } })
    await using bot = await Bot.dial(`${house.url}/api`)
    bot.webSocket.send(JSON.stringify({ action: 'x'.repeat(100) }))

    expect(await bot.closed()).toMatchObject({ code: 1009 })
  })

  it('takes frames of 32 MB by default', () => {
    expect(forwardServerOptions.parse({}).max_payload).toBe(32)
  })
})

describe('shutdown', () => {
  it('closes every connection with 1001, tells the account, and lets nobody in any more', async () => {
    await using house = await openHouse()
    await using first = await Bot.dial(`${house.url}/`)
    await using second = await Bot.dial(`${house.url}/api`)
    const closed = Promise.all([first.closed(), second.closed()])
    await house.server[Symbol.asyncDispose]()

    const goodbye = { code: 1001, reason: 'the server is shutting down' }
    expect(await closed).toEqual([goodbye, goodbye])
    expect(house.gateway.subscribers[0]?.ended).toBe(true)
    expect((await refusedUpgrade(house.port, '/')).status).toBe(503)
  })

  it('hangs up on a client that does not answer the close', async () => {
    await using house = await openHouse()
    const { socket } = await rawUpgrade(house.port, '/')
    const gone = once(socket, 'close')
    await vi.waitFor(() => expect(house.gateway.subscribers).toHaveLength(1), 2000)
    const disposed = house.server[Symbol.asyncDispose]()
    await house.clock.advance(1000)

    await disposed
    await gone
  })
})

describe('recheck', () => {
  it('closes the sockets whose token is no longer good, those without events too, and no other', async () => {
    let good = 'old'
    const scripted = createScriptedGateway()
    await using house = await openHouse({
      authorize: (credential) =>
        credential === good || credential === 'always'
          ? { granted: true, gateway: scripted }
          : { granted: false, failure: 'token-wrong', wording: 'no' },
    })
    await using events = await Bot.dial(`${house.url}/?access_token=old`)
    await using calls = await Bot.dial(`${house.url}/api?access_token=old`)
    await using other = await Bot.dial(`${house.url}/api?access_token=always`)
    house.server.recheck()
    expect(await other.ask({ action: 'a' })).toMatchObject({ status: 'ok' })
    good = 'new'
    const closed = Promise.all([events.closed(), calls.closed()])
    house.server.recheck()
    expect(await closed).toMatchObject([{ code: 1008 }, { code: 1008 }])
    expect(await other.ask({ action: 'a' })).toMatchObject({ status: 'ok' })
  })
})
