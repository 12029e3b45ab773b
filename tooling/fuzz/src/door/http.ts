import * as fc from 'fast-check'
import { casesOf } from '../door.ts'
import type { Door } from '../door.ts'
import { openRawSocket } from '../raw-socket.ts'
import { mangled, strangeJson, strangeText } from '../strange.ts'
import { requireEnvelope, startSubject } from '../subject.ts'

const methods = fc.constantFrom(
  'GET',
  'POST',
  'POST',
  'HEAD',
  'PUT',
  'OPTIONS',
  'DELETE',
  'PATCH',
  'CONNECT',
  'TRACE',
  'get',
  'PRI',
  '',
)
const targets = fc.oneof(
  fc.constantFrom(
    '/',
    '/get_login_info',
    '/send_msg?user_id=10001&message=hi',
    '/sandbox/world',
    '/sandbox/say',
    '/healthz',
    '/readyz',
    '/metrics',
    '/docs',
    '/openapi.json',
    '/asyncapi.json',
    '/_events?access_token=',
    '/get_updates?timeout=1',
    '/media/x',
    '/data/../x',
    '/inspect/links',
    '/inspect/messages?after=x',
    '/console/',
    '*',
    'http://evil.example/get_status',
    '//',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%',
    '/%ff',
    '/%00',
    '?',
    '/a?__proto__=1&constructor=2',
  ),
  strangeText.map((text) => `/${encodeURI(text.toWellFormed()).slice(0, 3000)}`),
  strangeText.map(
    (text) => `/send_msg?message=${encodeURIComponent(text.toWellFormed()).slice(0, 3000)}&user_id=10001`,
  ),
  strangeText.map((text) => `/${text.slice(0, 200)}`),
)
const versions = fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9', '')
const headers = fc.array(
  fc.oneof(
    fc.constantFrom(
      'Host: 127.0.0.1',
      'Content-Type: application/json',
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Type: multipart/form-data; boundary=x',
      'Content-Type: text/plain',
      'Content-Type: ',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip, chunked',
      'Transfer-Encoding: identity',
      'Content-Encoding: gzip',
      'Content-Length: 5',
      'Content-Length: -1',
      'Content-Length: 99999999999',
      'Content-Length: 0x5',
      'Connection: close',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Upgrade: h2c',
      'Sec-WebSocket-Key: x',
      'Sec-WebSocket-Version: 99',
      'Expect: 100-continue',
      'Expect: nonsense',
      'Authorization: Bearer ',
      'Authorization: ',
      'Origin: null',
      'Origin: http://evil.example',
      'Range: bytes=0-,5-1',
      'If-None-Match: *',
      'Accept: text/html',
      'Last-Event-ID: -1',
      'Last-Event-ID: 99999999999999999999',
      'Trailer: x',
      'X-Self-ID: 1',
      ' folded: yes',
      'no colon',
    ),
    strangeText.map((text) => `X-Strange: ${text.slice(0, 3000)}`),
    strangeText.map((text) => `${text.slice(0, 100)}: x`),
  ),
  { maxLength: 5 },
)
const bodies = fc.oneof(
  fc.constant(''),
  strangeJson,
  fc.constantFrom(
    '{"action":"get_status"}',
    '{"message":"x","user_id":10001}',
    '{"__proto__":{"polluted":1}}',
    '{"a":1e999}',
    'a=%zz',
    'message=%ff',
    '\uFEFF{}',
  ),
  mangled(
    fc.constant('{"action":"send_msg","params":{"user_id":10001,"message":[{"type":"text","data":{"text":"hi"}}]}}'),
  ),
  fc.string({ unit: 'binary', maxLength: 50 }),
)
/** How long a body says it is. */
const framings = fc.constantFrom('length', 'length', 'length', 'short', 'long', 'none', 'chunked', 'bad chunks')

interface Request {
  readonly head: readonly string[]
  readonly framing: string
  readonly body: string
  readonly ending: string
}

const requests: fc.Arbitrary<Request> = fc
  .record({
    method: methods,
    target: targets,
    version: versions,
    headers,
    framing: framings,
    body: bodies,
    ending: fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r'),
  })
  .map(({ method, target, version, headers: lines, framing, body, ending }) => ({
    head: [[method, target, version].filter((part) => part !== '').join(' '), ...lines],
    framing,
    body,
    ending,
  }))

const cases = fc.record({
  requests: fc.array(requests, { minLength: 1, maxLength: 3 }),
  pieces: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 5 }),
  isGarbage: fc.integer({ min: 0, max: 19 }).map((number) => number === 0),
  garbage: fc.uint8Array({ maxLength: 200 }),
})

function bytesOf({ head, framing, body, ending }: Request): Buffer {
  const size = Buffer.byteLength(body)
  const framed: Readonly<Record<string, readonly [line: string | undefined, body: string]>> = {
    length: [`Content-Length: ${size}`, body],
    short: [`Content-Length: ${Math.max(0, size - 3)}`, body],
    long: [`Content-Length: ${size + 3}`, body],
    none: [undefined, body],
    chunked: ['Transfer-Encoding: chunked', `${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`],
    'bad chunks': ['Transfer-Encoding: chunked', `${(size + 1).toString(16)};ext="\r\n${body}\r\nzz\r\n\r\n`],
  }
  const [line, payload] = framed[framing]!
  const lines = line === undefined ? head : [...head, line]
  return Buffer.concat([Buffer.from(lines.join(ending) + ending + ending), Buffer.from(payload)])
}

/** Reads the answers one after the other: each has a status below 500 and says how long it is. */
function readAnswers(heard: Buffer): void {
  let rest = heard
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n')
    const [head, ...lines] = rest
      .subarray(0, end < 0 ? rest.length : end)
      .toString('latin1')
      .split('\r\n')
    const status = Number(/^HTTP\/1\.1 (\d{3})(?: |$)/.exec(head ?? '')?.[1])
    if (!(status >= 100 && status < 500)) throw new Error(`it was answered with ${JSON.stringify(head)}`)
    if (end < 0) throw new Error(`an answer without an end: ${rest.toString('latin1').slice(0, 300)}`)
    const fields = new Map(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    )
    rest = rest.subarray(end + 4)
    if (status === 100) continue
    // Streams and files are read to the end by those who ask for them.
    const length = Number(fields.get('content-length') ?? NaN)
    if (fields.get('transfer-encoding') !== undefined || Number.isNaN(length)) return
    const isJson = fields.get('content-type')?.startsWith('application/json')
    const body = rest.subarray(0, length)
    // What is answered to HEAD is nothing, whatever its length says.
    if (
      isJson &&
      body.length === length &&
      body.toString('latin1', 0, 10) === '{"status":' &&
      body.includes('"retcode"')
    )
      requireEnvelope(JSON.parse(body.toString()))
    if (body.toString('latin1', 0, 5) === 'HTTP/') continue
    rest = rest.subarray(length)
  }
}

/** Bytes on the port of the real program that may or may not be HTTP. */
export const http: Door = {
  name: 'http',
  runs: 4000,
  async open() {
    const subject = await startSubject({ config: 'files: { timeout: 1 }\n' })
    const { port } = subject.program
    const check = async (one: {
      readonly requests: readonly Request[]
      readonly pieces: readonly number[]
      readonly isGarbage: boolean
      readonly garbage: Uint8Array
    }): Promise<void> => {
      using peer = await openRawSocket(port)
      const bytes = one.requests.map(bytesOf)
      await peer.send(Buffer.concat(one.isGarbage ? [...bytes, one.garbage] : bytes), one.pieces)
      peer.socket.end()
      if (!(await peer.hungUp(6000)))
        throw new Error(
          `it keeps a connection whose client is done; it said ${peer.heard().toString('latin1').slice(0, 300)}`,
        )
      readAnswers(peer.heard())
      await subject.isWell()
    }
    return { cases: casesOf(cases, check), [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose]() }
  },
}
