import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Answer, MediaStore } from '@seekyou/protocol'
import { answer, dialects } from '@seekyou/protocol'
import { createRecordingLogger, createScriptedGateway, createVirtualClock, settle, within } from '@seekyou/testkit'
import { ListenFailed, createHttpServer, httpServerOptions } from '@seekyou/transport-http'
import { describe, expect, it } from 'vitest'
import { openHouse, openRawPeer } from './house.ts'

const done: Answer = answer({ type: 'done', data: null }, dialects.default)

describe('listening', () => {
  it('tells the address it got', async () => {
    await using house = await openHouse()
    expect(house.url).toBe(`http://127.0.0.1:${house.port}`)
    expect((house.server.server.address() as AddressInfo).port).toBe(house.port)
  })

  it('gives a URL that works on this machine when it listens on every network', async () => {
    await using house = await openHouse({ options: { host: '0.0.0.0' } })
    expect(house.url).toBe(`http://127.0.0.1:${house.port}`)
    expect((await fetch(`${house.url}/healthz`)).status).toBe(200)
  })

  it('says in one sentence that the port is in use, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const opening = openHouse({ options: { port } })
    await expect(opening).rejects.toThrow(ListenFailed)
    await expect(opening).rejects.toThrow(
      `cannot listen on 127.0.0.1 port ${port}: another program already listens there; stop it, or choose another port`,
    )
    other.close()
  })

  it.each([
    [{ host: '203.0.113.1' }, /no such address/],
    [{ host: 'nowhere.invalid' }, /cannot be resolved/],
  ])('says why it cannot listen on %j', async (options, reason) => {
    await expect(openHouse({ options })).rejects.toThrow(reason)
  })

  it('refuses options it does not know', () => {
    expect(() => httpServerOptions.parse({ prot: 1 })).toThrow('prot')
    expect(httpServerOptions.parse({})).toMatchObject({ host: '127.0.0.1', port: 5700, body_limit: 32 })
  })
})

describe('what needs no token', () => {
  const token = 's3cret'

  it('is the health of the server', async () => {
    await using house = await openHouse({ token })
    const response = await fetch(`${house.url}/healthz`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok' })
  })

  it('is a greeting to browsers', async () => {
    await using house = await openHouse({ token })
    const response = await fetch(house.url, { headers: { accept: 'text/html,*/*;q=0.8' } })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await response.text()).toContain('SeekYou')
  })

  it('is stored media, by its key', async () => {
    const key = 'ab'.repeat(32)
    const bytes = new Uint8Array([1, 2, 3, 255])
    const media = {
      async get(asked) {
        if (asked === key) return { key, size: 4, type: 'image/png', bytes }
        if (/^[0-9a-f]{64}$/.test(asked)) return undefined
        throw new Error('what is no key must not reach the store')
      },
    } as MediaStore
    await using house = await openHouse({ token, media })
    const found = await fetch(`${house.url}/media/${key}`)
    expect(found.status).toBe(200)
    expect(new Uint8Array(await found.arrayBuffer())).toEqual(bytes)
    expect(Object.fromEntries(found.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '4',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    for (const other of ['cd'.repeat(32), 'x', 'x'.repeat(500), '', '..%2F..%2Fetc%2Fpasswd']) {
      const missing = await fetch(`${house.url}/media/${other}`)
      expect(missing.status).toBe(404)
      expect(await missing.json()).toMatchObject({ status: 'failed', retcode: 102 })
    }
  })

  it('are the routes that others add, unless they ask for one at the gate', async () => {
    await using house = await openHouse({
      token,
      routes: {
        roots: ['page'],
        add(app, gate) {
          app.get('/page', (request, reply) => (gate.admit(request, reply) ? reply.send('page') : undefined))
        },
      },
    })
    expect((await fetch(`${house.url}/page`)).status).toBe(401)
    expect((await fetch(`${house.url}/page?access_token=wrong`)).status).toBe(401)
    expect(await (await fetch(`${house.url}/page?access_token=${token}`)).text()).toBe('page')
    const headers = { authorization: `Bearer ${token}` }
    expect(await (await fetch(`${house.url}/page`, { headers })).text()).toBe('page')
  })

  it('are the routes that others add; their failures are in the envelope too', async () => {
    await using house = await openHouse({
      token,
      routes: {
        roots: ['console'],
        add(app) {
          app.get('/console/*', () => 'page')
          app.post('/console/throws', () => {
            throw new Error('internals')
          })
          app.put('/console/put', () => 'put')
        },
      },
    })
    expect(await (await fetch(`${house.url}/console/index.html`)).text()).toBe('page')
    expect(await (await fetch(`${house.url}/console/put`, { method: 'PUT' })).text()).toBe('put')
    const headers = { 'content-type': 'application/json' }
    const thrown = await fetch(`${house.url}/console/throws`, { method: 'POST', headers, body: '{}' })
    expect(await thrown.json()).toMatchObject({ status: 'failed', retcode: 1500 })
    const unreadable = await fetch(`${house.url}/console/throws`, { method: 'POST', headers, body: '{' })
    expect(await unreadable.json()).toMatchObject({ status: 'failed', retcode: 1400 })
  })

  it('are the routes that others add, which are set up once the first of them is asked for', async () => {
    let added = 0
    await using house = await openHouse({
      routes: {
        roots: ['page'],
        add(app) {
          added++
          app.get('/page/:name', (request) => request.params)
        },
      },
    })
    await fetch(`${house.url}/act`)
    await fetch(`${house.url}/pages/one`)
    expect(added).toBe(0)
    const answers = await Promise.all(['one', 'two?x=1'].map((name) => fetch(`${house.url}/page/${name}`)))
    expect(await Promise.all(answers.map((each) => each.json()))).toEqual([{ name: 'one' }, { name: 'two' }])
    expect(added).toBe(1)
  })

  it('cannot be others than those that were announced', async () => {
    await using house = await openHouse({
      routes: { roots: ['page'], add: (app) => void app.get('/other', () => 'other') },
    })
    expect((await fetch(`${house.url}/page`)).status).toBe(500)
    const [{ fields } = { fields: {} }] = house.log.lines
    expect(String((fields as { readonly err?: Error }).err)).toContain('/other')
  })

  it('leave what only begins like a route to the actions, and to the check of methods', async () => {
    await using house = await openHouse({
      token,
      routes: { roots: ['page'], add: (app) => void app.get('/page/one', () => 'one') },
    })
    expect((await fetch(`${house.url}/page/two`)).status).toBe(401)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    await fetch(`${house.url}/page/one`, { method: 'POST', headers, body: '{"x":1}' })
    expect(house.gateway.calls).toMatchObject([{ action: 'page/one', params: { x: 1 } }])
    expect((await fetch(`${house.url}/page/one`, { method: 'PUT' })).status).toBe(405)
  })
})

describe('stopping', () => {
  it('closes idle connections at once and accepts no more', async () => {
    const house = await openHouse()
    using peer = await openRawPeer(house.port)
    peer.socket.write('GET /act HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await peer.sees('"ok"')
    await house.server[Symbol.asyncDispose]()
    await peer.closed
    await expect(fetch(`${house.url}/healthz`)).rejects.toThrow('fetch failed')
  })

  it('lets a running call end, then closes its connection', async () => {
    const call = Promise.withResolvers<Answer>()
    const started = Promise.withResolvers<void>()
    const house = await openHouse({
      gateway: {
        call: () => {
          started.resolve()
          return call.promise
        },
      },
    })
    using peer = await openRawPeer(house.port)
    peer.socket.write('GET /act HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await started.promise
    const stopped = house.server[Symbol.asyncDispose]()
    call.resolve(done)
    await within(10_000, Promise.all([stopped, peer.closed]), () => 'the connection was kept')
    expect(peer.received).toMatch(/^HTTP\/1.1 200 OK\r\n.*"status":"ok"/s)
  })

  it('still answers what comes on a busy connection', async () => {
    const first = Promise.withResolvers<Answer>()
    const started = Promise.withResolvers<void>()
    const house = await openHouse({
      gateway: {
        call: async ({ action }) => {
          if (action !== 'first') return done
          started.resolve()
          return first.promise
        },
      },
    })
    using peer = await openRawPeer(house.port)
    peer.socket.write('GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await started.promise
    const seen = once(house.server.server, 'request')
    const stopped = house.server[Symbol.asyncDispose]()
    await settle()
    peer.socket.write('GET /second HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await seen
    first.resolve(done)
    await stopped
    await peer.closed
    expect(peer.received.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200'])
  })

  it('waits two seconds for a call that does not end', async () => {
    const clock = createVirtualClock()
    const started = Promise.withResolvers<void>()
    const house = await openHouse({
      clock,
      gateway: {
        call: () => {
          started.resolve()
          return new Promise(() => undefined)
        },
      },
    })
    using peer = await openRawPeer(house.port)
    peer.socket.write('GET /act HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await started.promise
    let isStopped = false
    const stopped = house.server[Symbol.asyncDispose]().then(() => (isStopped = true))
    await clock.advance(1999)
    expect(isStopped).toBe(false)
    await clock.advance(1)
    await stopped
    await peer.closed
  })

  it('serves a request that offers another protocol as if it had not', async () => {
    await using house = await openHouse()
    house.server.server.on('upgrade', (_request, socket) => socket.destroy())
    using peer = await openRawPeer(house.port)
    peer.socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n')
    await peer.sees('200 OK')
  })

  it('does not wait for sockets that were upgraded', async () => {
    const clock = createVirtualClock()
    const house = await openHouse({ clock })
    house.server.server.on('upgrade', (_request, socket) => {
      socket.on('error', () => undefined)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    })
    using peer = await openRawPeer(house.port)
    peer.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await peer.sees('101')
    const stopped = house.server[Symbol.asyncDispose]()
    await clock.advance(2000)
    await stopped
    expect(peer.socket.destroyed).toBe(false)
  })

  it('may be asked for twice', async () => {
    const house = await openHouse()
    await Promise.all([house.server[Symbol.asyncDispose](), house.server[Symbol.asyncDispose]()])
    expect(house.server.server.listening).toBe(false)
  })

  it('may be asked for before listening', async () => {
    const server = await createHttpServer({
      gateway: createScriptedGateway(),
      options: httpServerOptions.parse({}),
      log: createRecordingLogger(),
    })
    await expect(server[Symbol.asyncDispose]()).resolves.toBeUndefined()
  })
})
