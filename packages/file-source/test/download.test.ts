import { randomBytes } from 'node:crypto'
import type { RequestListener, ServerResponse } from 'node:http'
import type { LookupFunction } from 'node:net'
import { createFileSource } from '@seekyou/file-source'
import { createVirtualClock } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { sendParts, startFileServer } from './file-server.ts'
import { pretendInternet, publicAddress } from './pretend-internet.ts'
import { createOpenSource, failureOf } from './source.ts'

const MIB = 2 ** 20
const hello = Buffer.from('hello')

async function load(answer: RequestListener, path = '/', options: Parameters<typeof createOpenSource>[0] = {}) {
  await using server = await startFileServer(answer)
  await using source = createOpenSource(options)
  return await source.load(server.url + path)
}

describe('a download', () => {
  it('is what the server sends, named as its URL ends', async () => {
    const { bytes, name } = await load((_, response) => response.end(hello), '/pictures/%E7%8C%AB.png?token=1#a')
    expect([Buffer.from(bytes).toString(), name]).toEqual(['hello', '猫.png'])
    expect((await load((_, response) => response.end(hello), '/')).name).toBeUndefined()
    expect((await load((_, response) => response.end(hello), '/100%.png')).name).toBe('100%.png')
  })

  it('may be empty', async () => {
    expect((await load((_, response) => response.end())).bytes).toHaveLength(0)
  })

  it('asks for the bytes as they are, by a client with a name, and sends what it is told to', async () => {
    await using server = await startFileServer((_, response) => response.end(hello))
    await using source = createOpenSource()
    await source.load(server.url, { headers: { Referer: 'http://example.com/', 'X-a': 'é' } })
    await source.load(server.url, { headers: { 'user-agent': 'mine' } })
    expect(
      server.requests.map(({ method, headers }) => [method, headers['accept-encoding'], headers['user-agent']]),
    ).toEqual([
      ['GET', 'identity', expect.stringContaining('SeekYou')],
      ['GET', 'identity', 'mine'],
    ])
    expect(server.requests[0]?.headers).toMatchObject({ referer: 'http://example.com/', 'x-a': 'é' })
  })

  it.each([
    ['Host', 'internal'],
    ['range', 'bytes=0-1'],
    ['Transfer-Encoding', 'chunked'],
    ['Content-Length', '10'],
    ['connection', 'upgrade'],
    ['a b', '1'],
    ['', '1'],
    ['x', 'a\r\nHost: internal'],
    ['x', '你好'],
  ])('sends no header that is not its own to send: %j %j', async (name, value) => {
    await using server = await startFileServer((_, response) => response.end(hello))
    await using source = createOpenSource()
    expect(await failureOf(source.load(server.url, { headers: { [name]: value } }))).toMatch(
      /^bad-params: the header /u,
    )
    expect(server.requests).toHaveLength(0)
  })

  it.each([
    [404, /^FILE_NOT_FOUND: 127\.0\.0\.1:\d+ has no such file \(status 404\)$/u],
    [410, /^FILE_NOT_FOUND: /u],
    [204, /^FILE_UNREADABLE: the file cannot be fetched: 127\.0\.0\.1:\d+ answers 204$/u],
    [304, /^FILE_UNREADABLE: /u],
    [403, /^FILE_UNREADABLE: /u],
    [500, /^FILE_UNREADABLE: /u],
  ])('is not what comes with status %i', async (status, failure) => {
    const answer: RequestListener = (_, response) => response.writeHead(status).end()
    expect(await failureOf(load(answer, '/?token=secret'))).toMatch(failure)
  })

  it('is not what comes compressed, against what was asked for', async () => {
    const answer: RequestListener = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')
    expect(await failureOf(load(answer))).toMatch(/^FILE_UNREADABLE: .* sends it compressed \(gzip\)$/u)
  })

  it('fails when the server is not there, or goes away', async () => {
    const server = await startFileServer(() => undefined)
    await server[Symbol.asyncDispose]()
    await using source = createOpenSource()
    const refused = /^FILE_UNREADABLE: the file cannot be fetched from 127\.0\.0\.1:\d+: .*ECONNREFUSED/u
    expect(await failureOf(source.load(`${server.url}/?token=secret`))).toMatch(refused)
    const cut: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy())
    }
    expect(await failureOf(load(cut))).toMatch(/^FILE_UNREADABLE: /u)
  })

  it.each(['http://', 'http:///', 'https://[', 'http://a b/'])('needs a URL: %s', async (url) => {
    await using source = createOpenSource()
    expect(await failureOf(source.load(url))).toMatch(/^bad-params: .* is not a URL$/u)
  })
})

describe('the size of a download', () => {
  it('is known at once where the server tells it', async () => {
    const answer: RequestListener = (_, response) =>
      response.writeHead(200, { 'content-length': MIB + 1 }).flushHeaders()
    expect(await failureOf(load(answer, '/', { max_size: 1 }))).toMatch(/^FILE_TOO_LARGE: /u)
  })

  it('is counted where the server tells none, and never ends', async () => {
    let sent = 0
    const pour = (response: ServerResponse): void => {
      while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) sent += 64 * 1024
      if (!response.destroyed) response.once('drain', () => pour(response))
    }
    expect(await failureOf(load((_, response) => pour(response), '/', { max_size: 1 }))).toMatch(/^FILE_TOO_LARGE: /u)
    expect(sent).toBeLessThan(64 * MIB)
  })

  it('may be all that is allowed', async () => {
    const answer: RequestListener = (_, response) => response.end(Buffer.alloc(MIB))
    expect((await load(answer, '/', { max_size: 1 })).bytes).toHaveLength(MIB)
  })
})

describe('the time of a download', () => {
  it.each([
    ['nothing', () => undefined],
    ['a beginning', (response: ServerResponse) => void response.write('hello')],
    ['one byte and another', (response: ServerResponse) => void setInterval(() => response.write('x'), 5).unref()],
  ])('is up after the limit, however much came: %s', async (_, answer) => {
    const clock = createVirtualClock()
    const asked = Promise.withResolvers<void>()
    await using server = await startFileServer((_request, response) => {
      answer(response)
      asked.resolve()
    })
    await using source = createOpenSource({ clock, timeout: 30 })
    const failure = failureOf(source.load(server.url))
    await asked.promise
    await clock.advance(30_000)
    expect(await failure).toMatch(/^FILE_TIMEOUT: 127\.0\.0\.1:\d+ did not send the file within 30 s$/u)
  })

  it('also ends the wait for a connection', async () => {
    const clock = createVirtualClock()
    const asked = Promise.withResolvers<void>()
    const lookup: LookupFunction = () => asked.resolve()
    await using source = createOpenSource({ clock, timeout: 30, lookup })
    const failure = failureOf(source.load('http://localhost/'))
    await asked.promise
    await clock.advance(30_000)
    expect(await failure).toMatch(/^FILE_TIMEOUT: localhost did not send the file within 30 s$/u)
  })

  it('is over when the source is', async () => {
    const asked = Promise.withResolvers<void>()
    await using server = await startFileServer(() => asked.resolve())
    const source = createOpenSource()
    const failure = failureOf(source.load(server.url))
    await asked.promise
    await source[Symbol.asyncDispose]()
    expect(await failure).toMatch(/^FILE_UNREADABLE: .*the server is shutting down$/u)
    expect(await failureOf(source.load(server.url))).toMatch(/^FILE_UNREADABLE: /u)
  })
})

describe('a redirect', () => {
  const chain: RequestListener = ({ url = '' }, response) => {
    const left = Number(url.slice(1))
    if (left === 0) response.end(hello)
    else response.writeHead([301, 302, 303, 307, 308][left % 5]!, { location: `/${left - 1}` }).end('moved')
  }

  it('is followed five times', async () => {
    expect(Buffer.from((await load(chain, '/5')).bytes).toString()).toBe('hello')
    expect(await failureOf(load(chain, '/6'))).toMatch(/^FILE_UNREADABLE: .* redirects more than 5 times$/u)
  })

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'data:,hello',
    'javascript:1',
    'http://[',
    'gopher://127.0.0.1:70/',
  ])('leads to nothing but http: %s', async (location) => {
    const answer: RequestListener = (_, response) => response.writeHead(302, { location }).end()
    expect(await failureOf(load(answer))).toMatch(/^FILE_FORBIDDEN: /u)
  })

  it('without a place to go is no file', async () => {
    const answer: RequestListener = (_, response) => response.writeHead(302).end()
    expect(await failureOf(load(answer))).toMatch(/^FILE_UNREADABLE: .* answers 302$/u)
  })

  it('to another server takes no secrets along', async () => {
    await using other = await startFileServer((_, response) => response.end(hello))
    await using server = await startFileServer(({ url }, response) => {
      response.writeHead(302, { location: url === '/' ? '/next' : other.url }).end()
    })
    await using source = createOpenSource()
    const headers = { Authorization: 'Bearer 1', Cookie: 'a=1', Referer: 'http://example.com/' }
    await source.load(server.url, { headers })
    expect(server.requests.map(({ headers: sent }) => sent.authorization)).toEqual(['Bearer 1', 'Bearer 1'])
    expect(other.requests[0]?.headers).toMatchObject({ referer: 'http://example.com/' })
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(other.requests[0]?.headers).not.toHaveProperty('cookie')
  })
})

describe('several connections', () => {
  const file = randomBytes(3 * MIB + 5)

  it.each([2, 3, 16, 1000])('fetch a file in parts: %i', async (connections) => {
    await using server = await startFileServer(sendParts(file))
    await using source = createOpenSource()
    const { bytes } = await source.load(server.url, { connections })
    expect(Buffer.from(bytes).equals(file)).toBe(true)
    expect(server.requests).toHaveLength(1 + Math.min(connections, 16))
    expect(server.requests.slice(1).every(({ headers }) => headers['if-range'] === '"1"')).toBe(true)
  })

  it.each([
    ['small', Buffer.from('hello'), 1],
    ['of just one part', randomBytes(MIB), 1],
    ['empty', Buffer.alloc(0), 2],
  ])('are no more than needed for a file that is %s', async (_, small, requests) => {
    await using server = await startFileServer(sendParts(small))
    await using source = createOpenSource()
    const { bytes } = await source.load(server.url, { connections: 4 })
    expect(Buffer.from(bytes).equals(small)).toBe(true)
    expect(server.requests).toHaveLength(requests)
  })

  it('are one where the server sends no parts', async () => {
    await using server = await startFileServer((_, response) => response.end(file))
    await using source = createOpenSource()
    const { bytes } = await source.load(server.url, { connections: 4 })
    expect(Buffer.from(bytes).equals(file)).toBe(true)
    expect(server.requests).toHaveLength(1)
  })

  it('are one for zero and less', async () => {
    await using server = await startFileServer(sendParts(hello))
    await using source = createOpenSource()
    for (const connections of [0, -3]) await source.load(server.url, { connections })
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([undefined, undefined])
  })

  it('keep to the size limit', async () => {
    await using server = await startFileServer(sendParts(file))
    await using source = createOpenSource({ max_size: 3 })
    expect(await failureOf(source.load(server.url, { connections: 4 }))).toMatch(/^FILE_TOO_LARGE: .* 3 MiB/u)
    expect(server.requests).toHaveLength(1)
  })

  it.each<[string, (request: { readonly range: string | undefined }, response: ServerResponse) => void]>([
    ['sends all of a new version', (_, response) => response.end(file)],
    [
      'sends another part',
      (_, response) => response.writeHead(206, { 'content-range': 'bytes 0-9/3145733' }).end('0123456789'),
    ],
    [
      'sends another part of the same length',
      ({ range }, response) => {
        const [from, to] = range!.slice('bytes='.length).split('-').map(Number) as [number, number]
        const part = file.subarray(0, to - from + 1)
        response.writeHead(206, { 'content-range': `bytes 0-${to - from}/${file.length}` }).end(part)
      },
    ],
    ['has no parts any more', (_, response) => response.writeHead(416).end()],
    ['has no file any more', (_, response) => response.writeHead(404).end()],
    [
      'sends less than it says',
      ({ range }, response) => {
        const part = range!.replace('=', ' ')
        response.writeHead(206, { 'content-range': `${part}/${file.length}` }).end('0123')
      },
    ],
    [
      'sends more than it says',
      ({ range }, response) => {
        const part = range!.replace('=', ' ')
        response.writeHead(206, { 'content-range': `${part}/${file.length}` }).end(Buffer.concat([file, file]))
      },
    ],
  ])('make no file when the server, later, %s', async (_, later) => {
    await using server = await startFileServer((request, response) => {
      if (request.headers.range?.startsWith('bytes=0-')) sendParts(file)(request, response)
      else later({ range: request.headers.range }, response)
    })
    await using source = createOpenSource()
    expect(await failureOf(source.load(server.url, { connections: 2 }))).toMatch(/^FILE_(?:UNREADABLE|NOT_FOUND): /u)
  })

  it('stay with the server that a redirect led to', async () => {
    await using files = await startFileServer(sendParts(file))
    await using server = await startFileServer((_, response) => response.writeHead(302, { location: files.url }).end())
    await using source = createOpenSource()
    const { bytes } = await source.load(server.url, { connections: 2, headers: { Cookie: 'a=1' } })
    expect(Buffer.from(bytes).equals(file)).toBe(true)
    expect([server.requests.length, files.requests.length]).toEqual([1, 3])
    expect(files.requests.some(({ headers }) => headers.cookie)).toBe(false)
  })
})

describe('an address that is not of the public internet', () => {
  const addresses = [
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::1',
    '3fff::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
  ]
  /** What only a resolver says. */
  const scoped = ['fe80::1%eth0', '2606:4700::1%eth0', '']
  const createClosedSource = (lookup?: LookupFunction) =>
    createFileSource({ clock: createVirtualClock(), ...(lookup && { lookup }) })
  const answering =
    (...found: readonly string[]): LookupFunction =>
    (_host, options, callback) => {
      const list = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      if (options.all) callback(null, list)
      else callback(null, list[0]!.address, list[0]!.family)
    }
  const forbidden = (host: string) =>
    `FILE_FORBIDDEN: ${host} is not on the public internet; the operator allows others with files.allow_private_networks`

  it.each(addresses)('is not fetched from: %s', async (address) => {
    await using source = createClosedSource()
    const host = address.includes(':') ? `[${address}]` : address
    expect(await failureOf(source.load(`http://${host}:1/`))).toMatch(/^FILE_FORBIDDEN: /u)
    await using named = createClosedSource(answering(address))
    expect(await failureOf(named.load('http://localhost:1/'))).toBe(forbidden('localhost'))
    expect(await failureOf(named.load('https://localhost:1/'))).toBe(forbidden('localhost'))
  })

  it.each(scoped)('is not what a name stands for: %j', async (address) => {
    await using named = createClosedSource(answering(address))
    expect(await failureOf(named.load('http://localhost:1/'))).toBe(forbidden('localhost'))
  })

  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://user:pass@127.0.0.1/',
    'http://example.com@127.0.0.1/',
    String.raw`http:\\127.0.0.1\a`,
    'HTTP://127.0.0.1/',
    'http://[0:0:0:0:0:ffff:127.0.0.1]/',
    'http://[::FFFF:7F00:0001]/',
  ])('has many spellings: %s', async (url) => {
    await using source = createClosedSource()
    expect(await failureOf(source.load(url))).toMatch(/^FILE_FORBIDDEN: /u)
  })

  it('is not fetched from though another address of the same name is public', async () => {
    await using source = createClosedSource(answering('8.8.8.8', '127.0.0.1'))
    expect(await failureOf(source.load('http://localhost:1/'))).toBe(forbidden('localhost'))
  })

  it('is not fetched from though the name meant something public a moment ago', async () => {
    const answers = ['127.0.0.1', '8.8.8.8']
    let asked = 0
    await using source = createClosedSource((host, options, callback) => {
      answering(answers[asked++]!)(host, options, callback)
    })
    expect(await failureOf(source.load('http://localhost:1/'))).toBe(forbidden('localhost'))
    // What was judged is what would have been connected to: the name is asked once for each connection.
    expect(asked).toBe(1)
  })

  it('is not fetched from by the real resolver either', async () => {
    await using source = createClosedSource()
    expect(await failureOf(source.load('http://localhost:1/'))).toBe(forbidden('localhost'))
  })

  it.each(['8.8.8.8', '100.63.255.255', '172.32.0.1', '[2606:4700:4700::1111]', '[2a00:1450:4001::1]'])(
    'is not %s',
    async (host) => {
      await using source = createClosedSource()
      // The guard of the tests ends every connection that leaves this machine.
      const failure = await failureOf(source.load(`http://${host}:1/`))
      expect(failure).toMatch(/^FILE_UNREADABLE: .*a test tried to reach/u)
    },
  )

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '127.1'])(
    'is not reached by a redirect from a public one, at any hop: %s',
    async (host) => {
      pretendInternet()
      await using inner = await startFileServer((_, response) => response.end('secret'))
      await using outer = await startFileServer(({ url }, response) => {
        const location = url === '/' ? '/again' : `http://${host}:${inner.port}/`
        response.writeHead(302, { location }).end()
      })
      await using source = createClosedSource()
      const failure = await failureOf(source.load(`http://${publicAddress}:${outer.port}/`))
      expect(failure).toMatch(/^FILE_FORBIDDEN: /u)
      expect([outer.requests.length, inner.requests.length]).toEqual([2, 0])
    },
  )

  it('is not reached when the name of a public one comes to mean it', async () => {
    pretendInternet()
    await using server = await startFileServer((request, response) => {
      response.setHeader('connection', 'close')
      sendParts(randomBytes(2 * MIB))(request, response)
    })
    let asked = 0
    await using source = createClosedSource((host, options, callback) => {
      answering(asked++ === 0 ? publicAddress : '127.0.0.1')(host, options, callback)
    })
    const url = `http://localhost:${server.port}/`
    expect(await failureOf(source.load(url, { connections: 2 }))).toBe(forbidden('localhost'))
    expect(server.requests).toHaveLength(1)
  })

  it('is told from a public one, which is fetched from', async () => {
    pretendInternet()
    await using server = await startFileServer((_, response) => response.end(hello))
    await using source = createClosedSource(answering(publicAddress))
    const urls = [`http://${publicAddress}:${server.port}/`, `http://localhost:${server.port}/`]
    for (const url of urls) expect(Buffer.from((await source.load(url)).bytes).toString()).toBe('hello')
  })
})
