import { once } from 'node:events'
import { copyFile, link, stat, utimes, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { createTemporaryFolder, createVirtualClock } from '@seekyou/testkit'
import { ListenFailed, httpServerOptions } from '@seekyou/transport-http'
import { describe, expect, it } from 'vitest'
import { openHouse } from './house.ts'

const certificate = (file: string) => fileURLToPath(new URL(`certificate/${file}`, import.meta.url))
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))

/** GETs a path over a unix socket. */
async function getOver(socketPath: string, path: string): Promise<{ readonly status: number; readonly body: string }> {
  const sent = httpRequest({ socketPath, path, agent: false }).end()
  const [response] = await once(sent, 'response')
  return { status: response.statusCode, body: await text(response) }
}

describe('a listener on IPv6', () => {
  it.runIf(hasIpv6)('has a URL that writes its address in brackets', async () => {
    await using house = await openHouse({ options: { host: '::1' } })
    expect(house.url).toBe(`http://[::1]:${house.port}`)
    expect((await fetch(`${house.url}/healthz`)).status).toBe(200)
  })

  it.runIf(hasIpv6)('on every network is there for both kinds of addresses', async () => {
    await using house = await openHouse({ options: { host: '::' } })
    expect(house.url).toBe(`http://127.0.0.1:${house.port}`)
    for (const host of ['127.0.0.1', '[::1]']) {
      expect((await fetch(`http://${host}:${house.port}/healthz`)).status).toBe(200)
    }
  })
})

describe('a listener on localhost', () => {
  const certificates = { cert: certificate('one.pem'), key: certificate('one.key') }

  it.each([
    ['HTTP', undefined],
    ['HTTPS', certificates],
  ] as const)('is there on every address of that name: %s', async (_, tls) => {
    await using house = await openHouse({ options: { host: 'localhost', ...(tls && { tls }) } })
    for (const host of hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']) {
      const send = tls ? httpsRequest : httpRequest
      const sent = send({ host, port: house.port, path: '/get_status', agent: false, rejectUnauthorized: false }).end()
      const [response] = await once(sent, 'response')
      expect(response.statusCode).toBe(200)
      response.resume()
    }
  })
})

describe('a listener on a unix socket', () => {
  it('serves there, for those whom its mode admits, and leaves nothing behind', async () => {
    await using folder = await createTemporaryFolder()
    const socket = join(folder.path, 'api.sock')
    const house = await openHouse({ options: { socket } })
    expect([house.url, house.port]).toEqual([`http+unix://${encodeURIComponent(socket)}`, 0])
    expect(await getOver(socket, '/get_status')).toMatchObject({ status: 200, body: expect.stringContaining('"ok"') })
    expect((await stat(socket)).mode & 0o777).toBe(0o600)
    await house[Symbol.asyncDispose]()
    await expect(stat(socket)).rejects.toThrow('ENOENT')
  })

  it('says who asked nothing of where from, and judges the token all the same', async () => {
    await using folder = await createTemporaryFolder()
    const socket = join(folder.path, 'api.sock')
    await using _house = await openHouse({ options: { socket, socket_mode: '660' }, token: 's3cret' })
    expect((await stat(socket)).mode & 0o777).toBe(0o660)
    expect((await getOver(socket, '/get_status')).status).toBe(401)
    expect((await getOver(socket, '/get_status?access_token=s3cret')).status).toBe(200)
  })

  it('takes the place of a socket that nobody listens on any more', async () => {
    await using folder = await createTemporaryFolder()
    const socket = join(folder.path, 'api.sock')
    const killed = createServer().listen(socket)
    await once(killed, 'listening')
    // As after a crash: the file stays, and connections to it are refused.
    const kept = join(folder.path, 'kept.sock')
    await link(socket, kept)
    killed.close()
    await once(killed, 'close')
    await using house = await openHouse({ options: { socket: kept } })
    expect((await getOver(kept, '/healthz')).status).toBe(200)
    expect(house.port).toBe(0)
  })

  it('leaves a socket alone that another program listens on, and files that are none', async () => {
    await using folder = await createTemporaryFolder()
    const socket = join(folder.path, 'api.sock')
    await using _house = await openHouse({ options: { socket } })
    await expect(openHouse({ options: { socket } })).rejects.toThrow(
      `cannot listen on ${socket}: another program already listens there`,
    )
    expect((await getOver(socket, '/healthz')).status).toBe(200)
    const file = join(folder.path, 'notes.txt')
    await writeFile(file, 'precious')
    await expect(openHouse({ options: { socket: file } })).rejects.toThrow(ListenFailed)
    expect((await stat(file)).size).toBe(8)
  })

  it('says that the folder is missing', async () => {
    await expect(openHouse({ options: { socket: '/nowhere/at/all/api.sock' } })).rejects.toThrow(
      'cannot listen on /nowhere/at/all/api.sock: there is no such folder, or this user may not make files there',
    )
  })

  it('has a mode that chmod knows', () => {
    expect(() => httpServerOptions.parse({ socket_mode: '999' })).toThrow('three octal digits')
  })
})

describe('a listener with TLS', () => {
  /** The subject of the certificate that the server shows, and what it answers. */
  async function ask(port: number): Promise<{ readonly subject: unknown; readonly answer: string }> {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const subject = socket.getPeerCertificate().subject.CN
    socket.write('GET /get_status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    return { subject, answer: await text(socket) }
  }

  it('serves HTTPS, and says so in its URL', async () => {
    const tls = { cert: certificate('one.pem'), key: certificate('one.key') }
    await using house = await openHouse({ options: { tls } })
    expect(house.url).toBe(`https://127.0.0.1:${house.port}`)
    expect(await ask(house.port)).toMatchObject({ subject: 'one.test', answer: expect.stringContaining('"ok"') })
  })

  it('takes a renewed certificate into use, and goes on with the old one while the new one is no good', async () => {
    await using folder = await createTemporaryFolder()
    const tls = { cert: join(folder.path, 'cert.pem'), key: join(folder.path, 'key.pem') }
    const install = async (name: string, age: number) => {
      await copyFile(certificate(`${name}.pem`), tls.cert)
      await copyFile(certificate(`${name}.key`), tls.key)
      await utimes(tls.cert, age, age)
    }
    await install('one', 1)
    const clock = createVirtualClock()
    await using house = await openHouse({ clock, options: { tls } })
    await clock.advance(60_000)
    expect((await ask(house.port)).subject).toBe('one.test')
    await writeFile(tls.cert, 'half a certi')
    await clock.advance(60_000)
    expect((await ask(house.port)).subject).toBe('one.test')
    expect(house.log.lines.at(-1)).toMatchObject({ level: 'error' })
    await install('two', 2)
    await clock.advance(60_000)
    expect((await ask(house.port)).subject).toBe('two.test')
  })

  it('says which file is wrong', async () => {
    const key = certificate('one.key')
    await expect(openHouse({ options: { tls: { cert: '/nowhere.pem', key } } })).rejects.toThrow(
      `the certificate /nowhere.pem with the key ${key} is no good: ENOENT`,
    )
    await expect(openHouse({ options: { tls: { cert: certificate('two.pem'), key } } })).rejects.toThrow(ListenFailed)
  })
})

describe('a call that a page of another origin sends without being able to read the answer', () => {
  const sneaky = [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' },
  ]

  it.each(sneaky)('is not done where nobody needs a token: %j', async (headers) => {
    await using house = await openHouse()
    expect((await ask(house.port, headers)).status).toBe(403)
    expect(house.gateway.calls).toEqual([])
  })

  it.each(sneaky)('is judged by its token where there is one: %j', async (headers) => {
    await using house = await openHouse({ token: 's3cret' })
    expect((await ask(house.port, headers)).status).toBe(401)
    expect((await ask(house.port, { ...headers, authorization: 'Bearer s3cret' })).status).toBe(200)
  })

  it('is done for our own pages, for those of allowed origins, and for programs that talk nonsense', async () => {
    const allowed = 'http://localhost:3000'
    await using house = await openHouse({ options: { allowed_origins: [allowed] } })
    for (const headers of [
      { origin: `http://127.0.0.1:${house.port}` },
      { 'sec-fetch-site': 'same-origin', origin: 'https://behind.a.proxy' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'cross-site', origin: allowed },
      { origin: '[object Object]' },
      {},
    ]) {
      expect((await ask(house.port, headers)).status).toBe(200)
    }
  })

  /** Calls as a browser would; fetch sets some of these headers itself. */
  async function ask(port: number, headers: object): Promise<{ readonly status: number }> {
    const sent = httpRequest({ port, host: '127.0.0.1', path: '/send_msg?message=hi', headers: { ...headers } }).end()
    const [response] = await once(sent, 'response')
    response.resume()
    return { status: response.statusCode }
  }
})

describe('pages of other origins', () => {
  const origin = 'http://localhost:3000'

  it('may read nothing by default', async () => {
    await using house = await openHouse({ token: 's3cret' })
    const response = await fetch(`${house.url}/get_status?access_token=s3cret`, { headers: { origin } })
    expect(response.status).toBe(200)
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
    const preflight = await fetch(`${house.url}/get_status`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(405)
  })

  it('may read what the options name, to the letter', async () => {
    await using house = await openHouse({ options: { allowed_origins: [origin] } })
    const preflight = await fetch(`${house.url}/get_status`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    })
    expect(preflight.status).toBe(204)
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID',
      'access-control-max-age': '600',
    })
    expect(house.gateway.calls).toEqual([])
    const answered = await fetch(`${house.url}/get_status`, { headers: { origin } })
    expect(answered.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answered.headers.get('vary')).toContain('Origin')
    for (const other of [
      'http://localhost:3001',
      'https://localhost:3000',
      'http://localhost:3000.evil.test',
      'null',
    ]) {
      const response = await fetch(`${house.url}/get_status`, { headers: { origin: other } })
      expect(response.headers.has('access-control-allow-origin')).toBe(false)
    }
  })

  it('may read the event stream, and why they were refused', async () => {
    await using house = await openHouse({ options: { allowed_origins: [origin] }, token: 's3cret' })
    const refused = await fetch(`${house.url}/_events`, { headers: { origin } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin])
    const stream = await fetch(`${house.url}/_events?access_token=s3cret`, { headers: { origin } })
    expect([stream.status, stream.headers.get('access-control-allow-origin')]).toEqual([200, origin])
    await stream.body?.cancel()
  })

  it.each(['*', 'localhost:3000', 'http://localhost:3000/', 'http://LOCALHOST'])('are no origins: %s', (page) => {
    expect(() => httpServerOptions.parse({ allowed_origins: [page] })).toThrow('an origin as browsers send it')
  })
})
