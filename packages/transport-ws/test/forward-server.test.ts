import { once } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
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
    expect(house.gateway.subscribers.map(({ options }) => options)).toEqual([{ lifecycle: 'connect' }])
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

describe('the handshake', () => {
  it('does not judge Origin, and agrees to no subprotocol and no extension', async () => {
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
