import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { inHeader } from '@seekyou/protocol'
import { startProgram, within } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openRawSocket } from '../../src/raw-socket.ts'
import { requireEnvelope, startSubject } from '../../src/subject.ts'

const token = '口令-and-Token'
const json = { 'content-type': 'application/json' }

/** Opens a WebSocket, or tells the status that it was refused with. */
function knock(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const socket = new WebSocket(url, { headers })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(101))
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.once('error', reject)
  }).finally(() => socket.terminate()) as Promise<number>
}

describe('a web page of someone else', () => {
  let program: Program
  beforeAll(async () => {
    program = await startProgram()
  })
  afterAll(() => program[Symbol.asyncDispose]())

  it.each([
    'https://evil.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://127.0.0.1:1',
    'null',
    'http://evil.example@127.0.0.1',
  ])('can neither call nor listen where no token is asked for: %s', async (origin) => {
    const post = (path: string, headers: Record<string, string>, body: string): Promise<Response> =>
      fetch(program.url + path, { method: 'POST', headers: { origin, ...headers }, body })
    const answers = [
      await post('/send_private_msg', json, '{"user_id":10001,"message":"x"}'),
      await post(
        '/send_private_msg',
        { 'content-type': 'application/x-www-form-urlencoded' },
        'user_id=10001&message=x',
      ),
      await post('/', json, '{"action":"get_status"}'),
      await post('/sandbox/say', json, '{"as":10001,"message":"x"}'),
      await fetch(`${program.url}/get_status`, { headers: { origin } }),
      await fetch(`${program.url}/sandbox/world`, { headers: { origin } }),
    ]
    for (const answer of answers) {
      expect({ url: answer.url, status: answer.status }).toEqual({ url: answer.url, status: 403 })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      await answer.body?.cancel()
    }
    // What it opens here it cannot read.
    const stream = await fetch(`${program.url}/_events`, { headers: { origin } })
    expect(stream.headers.get('access-control-allow-origin')).toBeNull()
    await stream.body?.cancel()
    for (const path of ['/', '/api', '/event']) {
      expect(await knock(program.url.replace('http', 'ws') + path, { origin })).toBe(403)
    }
  })
})

describe('a token', () => {
  it('of any characters opens every door, and another one none', async () => {
    await using program = await startProgram({ env: { SEEKYOU_TOKEN: token } })
    const status = async (path: string, authorization?: string): Promise<number> => {
      const answer = await fetch(program.url + path, { headers: authorization === undefined ? {} : { authorization } })
      await answer.body?.cancel()
      return answer.status
    }
    const paths = ['/get_status', '/sandbox/world', '/_events', '/get_updates?timeout=1', '/metrics', '/inspect/links']
    for (const path of paths) {
      expect({ path, status: await status(path, `Bearer ${inHeader(token)}`) }).toEqual({ path, status: 200 })
      for (const wrong of [
        undefined,
        'Bearer x',
        `Bearer ${inHeader(token)}x`,
        'Bearer ',
        `Basic ${inHeader(token)}`,
      ]) {
        expect({ path, wrong, status: await status(path, wrong) }).toEqual({ path, wrong, status: 401 })
      }
    }
    const url = `${program.url.replace('http', 'ws')}/`
    expect(await knock(url, { authorization: `Bearer ${inHeader(token)}` })).toBe(101)
    expect(await knock(`${url}?access_token=${encodeURIComponent(token)}`, {})).toBe(101)
    expect(await knock(url, { authorization: 'Bearer x' })).toBe(401)
    expect(await knock(url, {})).toBe(401)
  })

  it('is compared nowhere but where the time of it tells nothing', () => {
    const root = new URL('../../../../', import.meta.url).pathname
    const sources = ['packages', 'apps'].flatMap((group) =>
      readdirSync(join(root, group)).flatMap((name) => {
        const folder = join(root, group, name, 'src')
        const files = ((): string[] => {
          try {
            return readdirSync(folder, { recursive: true, encoding: 'utf8' })
          } catch {
            return []
          }
        })()
        return files.filter((file) => file.endsWith('.ts')).map((file) => join(folder, file))
      }),
    )
    expect(sources.length).toBeGreaterThan(100)
    const name = String.raw`[\w.]*(?:access_?token|secret|credential)`
    // Whether there is one at all may be asked.
    const comparison = new RegExp(
      String.raw`(?:${name}\s*[!=]==\s*(?!\s|''|""|undefined)|\w\s*(?<!undefined )[!=]==\s*${name}\b)`,
      'i',
    )
    const found = sources.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, at) => (comparison.test(line) ? [`${file.slice(root.length)}:${at + 1}: ${line.trim()}`] : [])),
    )
    expect(found).toEqual([])
  })
})

describe('a line break', () => {
  let program: Program
  beforeAll(async () => {
    program = await startProgram()
  })
  afterAll(() => program[Symbol.asyncDispose]())

  it.each([
    ['in a path', '/a%0d%0aX-Evil:%201'],
    ['in a query', '/send_msg?user_id=10001&message=a%0d%0aX-Evil:%201'],
    ['in the name of a link', '/?link=a%0d%0aX-Evil:%201'],
    ['in a token', '/get_status?access_token=a%0d%0aX-Evil:%201'],
    ['in a place to resume', '/_events?resume=1%0d%0aX-Evil:%201'],
    ['in the key of a file', '/media/a%0d%0aX-Evil:%201?sig=%0d%0a'],
  ])('%s becomes no header of an answer', async (_, target) => {
    using peer = await openRawSocket(program.port)
    peer.socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
    await peer.hears((heard) => heard.includes('\r\n\r\n'), 5000)
    const [head = ''] = peer.heard().toString('latin1').split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 [24]\d\d /)
    expect(head).not.toMatch(/x-evil/i)
  })

  it('in what is said, a name or a card becomes no line of an event stream', async () => {
    const stream = await fetch(`${program.url}/_events`)
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    await program.sandbox('update_user', { user_id: 10001, nickname: 'a\r\ndata: {"evil":1}\r\n\r\n' })
    await program.sandbox('say', { as: 10001, message: 'x\r\n\r\ndata: {"evil":1}\n\ndata: last' })
    let heard = ''
    while (!heard.includes('last')) heard += (await within(5000, reader.read(), () => heard)).value ?? ''
    await reader.cancel()
    const lines = heard.split(/\r\n|\r|\n/).filter((line) => line !== '')
    for (const line of lines) expect(line).toMatch(/^(?:data: \{"|id: \d+$|event: |retry: |:)/)
    expect(lines.filter((line) => line === 'data: {"evil":1}')).toEqual([])
  })
})

describe('a bomb', () => {
  const deep = '['.repeat(300_000) + ']'.repeat(300_000)
  const bodies: readonly (readonly [what: string, body: string])[] = [
    ['depth', `{"user_id":10001,"message":${deep}}`],
    ['depth of objects', `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`],
    ['width', `{"user_id":10001,"message":[${'{},'.repeat(300_000)}{}]}`],
    ['keys', `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":0`).join(',')}}`],
    ['keys of one hash', `{${Array.from({ length: 100_000 }, (_, index) => `"${index}":0`).join(',')}}`],
    ['a number of a million digits', `{"user_id":${'9'.repeat(300_000)},"message":"x"}`],
    ['many long numbers', `{"user_id":10001,"message":[${'9999999999999999999,'.repeat(60_000)}1]}`],
    ['a number of a million zeros', `{"user_id":1e${'0'.repeat(300_000)}1,"message":"x"}`],
    ['base64 that is none', `{"user_id":10001,"message":"[CQ:image,file=base64://${'='.repeat(1_000_000)}]"}`],
    ['escapes', `{"user_id":10001,"message":"${'\\u0026amp;'.repeat(150_000)}"}`],
    ['codes', `{"user_id":10001,"message":"${'[CQ:at,qq=1]'.repeat(100_000)}"}`],
    ['codes in codes', `{"user_id":10001,"message":"${'[CQ:node,content='.repeat(100_000)}"}`],
  ]

  it('of any kind is answered, over HTTP and over WebSocket, and others need not wait long for that', async () => {
    await using subject = await startSubject({ config: 'files: { timeout: 1 }\n' })
    const { program } = subject
    const socket = new WebSocket(`${program.url.replace('http', 'ws')}/api`)
    await new Promise((resolve) => socket.once('open', resolve))
    for (const [what, body] of bodies) {
      const answer = await fetch(`${program.url}/send_private_msg`, { method: 'POST', headers: json, body })
      expect([what, answer.status < 500]).toEqual([what, true])
      requireEnvelope(await answer.json())
      const reply = new Promise<string>((resolve) =>
        socket.once('message', (data) => resolve((data as Buffer).toString())),
      )
      socket.send(`{"action":"send_private_msg","params":${body},"echo":1}`)
      const { echo: _echo, ...envelope } = JSON.parse(
        await within(20_000, reply, () => `${what} is not answered`),
      ) as object & { echo?: unknown }
      requireEnvelope(envelope)
      await subject.isWell()
    }
    socket.terminate()
  })

  it('in the form of a compressed body is not opened', async () => {
    await using subject = await startSubject()
    const body = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))
    for (const coding of ['gzip', 'deflate', 'br', 'gzip, gzip']) {
      const answer = await fetch(`${subject.program.url}/get_status`, {
        method: 'POST',
        headers: { ...json, 'content-encoding': coding },
        body,
      })
      expect(answer.status).toBe(400)
      requireEnvelopeButStatus(await answer.json())
    }
    await subject.isWell()
  })

  it('in the answer of a webhook is not opened, and the next event is told', async () => {
    const heard: string[] = []
    const bomb = gzipSync(Buffer.from(`{"reply":"${'a'.repeat(64 * 1024 * 1024)}"}`))
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => heard.push(chunk.toString()))
      request.on('end', () => {
        const isBomb = heard.at(-1)?.includes('tick')
        if (isBomb)
          response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' }).end(bomb)
        else response.end(deep)
      })
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const config = `bots: [{ connect: [{ type: webhook, name: w, url: 'http://127.0.0.1:${port}/' }] }]\n`
      await using subject = await startSubject({ config })
      await subject.program.sandbox('say', { as: 10001, message: 'tick' })
      await subject.program.sandbox('say', { as: 10001, message: 'boom' })
      await subject.program.sandbox('say', { as: 10001, message: 'after' })
      await within(
        20_000,
        (async () => {
          while (!heard.some((text) => text.includes('after'))) await new Promise((resolve) => setTimeout(resolve, 10))
        })(),
        () => heard.join('\n'),
      )
      await subject.isWell()
      const { messages } = await subject.program.look<{ messages: readonly object[] }>('messages', { user_id: '10001' })
      expect(messages).toHaveLength(3)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

describe('a prototype', () => {
  it('is no one’s to change, by any door that takes JSON', async () => {
    await using program = await startProgram()
    const evil = '"__proto__":{"polluted":"yes","status":"polluted"},"constructor":{"prototype":{"polluted":"yes"}}'
    const posts: readonly (readonly [path: string, type: string, body: string])[] = [
      [
        '/send_private_msg',
        'application/json',
        `{"user_id":10001,"message":[{"type":"text","data":{"text":"x",${evil}},${evil}}],${evil}}`,
      ],
      ['/', 'application/json', `{"action":"get_status","params":{${evil}},${evil}}`],
      [
        '/.handle_quick_operation',
        'application/json',
        `{"context":{"post_type":"message","message_type":"private","user_id":10001,${evil}},"operation":{"reply":"x",${evil}}}`,
      ],
      [
        '/send_private_msg',
        'application/x-www-form-urlencoded',
        '__proto__[polluted]=yes&__proto__.polluted=yes&constructor.prototype.polluted=yes&user_id=10001&message=x',
      ],
      ['/sandbox/say', 'application/json', `{"as":10001,"message":"x",${evil}}`],
      ['/sandbox/create_user', 'application/json', `{"nickname":"__proto__",${evil}}`],
      ['/sandbox/snapshot', 'application/json', '{"name":"__proto__"}'],
      ['/sandbox/emit', 'application/json', `{"event":{"post_type":"notice","notice_type":"x",${evil}},${evil}}`],
    ]
    for (const [path, type, body] of posts) {
      const answer = await fetch(program.url + path, { method: 'POST', headers: { 'content-type': type }, body })
      expect([path, answer.status < 500]).toEqual([path, true])
      expect(await answer.text()).not.toContain('polluted')
    }
    // What is inherited by every object would show in every one of these.
    for (const path of [
      '/get_status',
      '/get_login_info',
      '/sandbox/world',
      '/openapi.json',
      '/inspect/links',
      '/no_such',
    ]) {
      const text = await (await fetch(program.url + path)).text()
      expect(text).not.toMatch(/"polluted":"yes"|"status":"polluted"/)
    }
  })
})

/** A body that could not be read is answered as such. */
function requireEnvelopeButStatus(body: unknown): void {
  expect(body).toMatchObject({ status: 'failed', data: null })
}
