import { isUtf8 } from 'node:buffer'
import * as fc from 'fast-check'
import { casesOf } from '../door.ts'
import type { Door } from '../door.ts'
import { openRawSocket } from '../raw-socket.ts'
import { mangled, strangeJson } from '../strange.ts'
import { startSubject } from '../subject.ts'

interface Frame {
  readonly fin: boolean
  readonly reserved: number
  readonly opcode: number
  readonly isMasked: boolean
  readonly payload: Uint8Array
  /** What is said of its length instead of the truth. */
  readonly said?: bigint | undefined
  /** How many bytes its length is written in; absent: as few as it takes. */
  readonly width?: 7 | 16 | 64 | undefined
}

const call = '{"action":"get_status","params":{},"echo":1}'
const texts = fc.oneof(
  fc.constant(call),
  mangled(fc.constant(call)),
  strangeJson.map(
    (json) => `{"action":"send_private_msg","params":{"user_id":10001,"message":${json}},"echo":${json}}`,
  ),
  strangeJson,
)
const payloads = fc.oneof(
  { weight: 4, arbitrary: texts.map((text) => new Uint8Array(Buffer.from(text))) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 140 }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        [0x03, 0xe8],
        [0x03, 0xed],
        [0x00],
        [0xff, 0xff],
        [0x03, 0xe8, 0xff, 0xfe],
        [0xc3, 0x28],
        [0xed, 0xa0, 0x80],
      )
      .map((bytes) => new Uint8Array(bytes)),
  },
)
const usual = fc.record<Frame>({
  fin: fc.constant(true),
  reserved: fc.constant(0),
  opcode: fc.constantFrom(1, 1, 1, 2, 9, 10),
  isMasked: fc.constant(true),
  payload: payloads,
})
const anyFrame = fc.record<Frame>({
  fin: fc.boolean(),
  reserved: fc.constantFrom(0, 0, 0, 0, 1, 2, 4, 7),
  opcode: fc.constantFrom(0, 0, 1, 2, 8, 9, 10, 3, 11, 15),
  isMasked: fc.constantFrom(true, true, true, true, false),
  payload: payloads,
  said: fc.option(
    fc.constantFrom(0n, 1n, 125n, 126n, 65_535n, 65_536n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
    { nil: undefined, freq: 8 },
  ),
  width: fc.option(fc.constantFrom(7 as const, 16 as const, 64 as const), { nil: undefined, freq: 8 }),
})
/** One message in several frames, control frames in between. */
const fragmented = fc
  .tuple(payloads, fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([payload, cuts, hasPings]): Frame[] => {
    const frames: Frame[] = []
    let at = 0
    for (const cut of [...cuts, payload.length]) {
      frames.push({
        fin: false,
        reserved: 0,
        opcode: frames.length === 0 ? 1 : 0,
        isMasked: true,
        payload: payload.slice(at, at + cut),
      })
      at = Math.min(payload.length, at + cut)
    }
    const last = frames.pop()!
    const ping: Frame = { fin: true, reserved: 0, opcode: 9, isMasked: true, payload: new Uint8Array([1, 2]) }
    return [...frames.flatMap((frame) => (hasPings ? [frame, ping] : [frame])), { ...last, fin: true }]
  })

const cases = fc.record({
  path: fc.constantFrom('/', '/api', '/event', '/?link=fuzz', '/event?resume=0'),
  deflate: fc.boolean(),
  frames: fc
    .array(
      fc.oneof(
        usual.map((frame) => [frame]),
        anyFrame.map((frame) => [frame]),
        fragmented,
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((list) => list.flat()),
  tail: fc.option(fc.uint8Array({ maxLength: 20 }), { nil: undefined, freq: 10 }),
  pieces: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 }),
  end: fc.constantFrom('close', 'half-close', 'reset'),
})
type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never

function bytesOf({ fin, reserved, opcode, isMasked, payload, said, width }: Frame): Buffer {
  const length = said ?? BigInt(payload.length)
  const bits = width ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64)
  const head = Buffer.alloc(bits === 7 ? 2 : bits === 16 ? 4 : 10)
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  if (bits === 7) head[1] = Number(length & 0x7fn)
  else if (bits === 16) head.writeUInt16BE(Number(length & 0xffffn), 2)
  else head.writeBigUInt64BE(length, 2)
  if (bits !== 7) head[1] = bits === 16 ? 126 : 127
  if (!isMasked) return Buffer.concat([head, payload])
  head[1]! |= 0x80
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78])
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ mask[index & 3]!)])
}

/** Reads what a server may send: whole, unmasked frames; texts are JSON, closes have a code that exists. */
function readFrames(bytes: Buffer, isDeflated: boolean): void {
  let rest = bytes
  while (rest.length >= 2) {
    const [first, second] = [rest[0]!, rest[1]!]
    const opcode = first & 15
    if ((second & 0x80) !== 0) throw new Error('a server masks nothing')
    const start = second === 126 ? 4 : second === 127 ? 10 : 2
    if (rest.length < start) return
    const size = second === 126 ? rest.readUInt16BE(2) : second === 127 ? Number(rest.readBigUInt64BE(2)) : second
    if (rest.length < start + size) return
    const payload = rest.subarray(start, start + size)
    rest = rest.subarray(start + size)
    const isCompressed = (first & 0x40) !== 0
    if ((first & 0x30) !== 0 || (isCompressed && !isDeflated)) throw new Error('a reserved bit is set')
    if ((first & 0x80) === 0) throw new Error('it fragments')
    if (opcode === 1 && !isCompressed) {
      if (!isUtf8(payload)) throw new Error('a text that is not UTF-8')
      const said = JSON.parse(payload.toString()) as { readonly retcode?: unknown; readonly post_type?: unknown }
      if (said.retcode === 1500) throw new Error(`it tells of a fault of its own: ${payload.toString().slice(0, 300)}`)
      if (said.retcode === undefined && said.post_type === undefined)
        throw new Error(`neither an answer nor an event: ${payload.toString().slice(0, 300)}`)
    } else if (opcode === 8) {
      const code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
      if (code < 1000 || (code >= 1004 && code <= 1006 && payload.length > 0) || code === 1011)
        throw new Error(`it closes with ${code}`)
    } else if (opcode !== 1 && opcode !== 9 && opcode !== 10) throw new Error(`a frame of opcode ${opcode}`)
  }
}

/** Frames of every kind on the real program, good ones among them. */
export const webSockets: Door = {
  name: 'web-sockets',
  runs: 4000,
  async open() {
    const subject = await startSubject({
      config: 'bots: [{ listen: [{ max_payload: 1, permessage_deflate: true }] }]\n',
    })
    const check = async ({ path, deflate, frames, tail, pieces, end }: Case): Promise<void> => {
      using peer = await openRawSocket(subject.program.port)
      const extension = deflate ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : ''
      peer.socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n${extension}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      )
      if (!(await peer.hears((heard) => heard.includes('\r\n\r\n'), 5000)))
        throw new Error('the handshake was not answered')
      if (!peer.heard().toString('latin1').startsWith('HTTP/1.1 101 '))
        throw new Error(peer.heard().toString('latin1').slice(0, 300))
      await peer.send(Buffer.concat([...frames.map(bytesOf), tail ?? Buffer.alloc(0)]), pieces)
      if (end === 'reset') peer.socket.resetAndDestroy()
      else if (end === 'half-close') peer.socket.end()
      else
        peer.socket.write(
          bytesOf({ fin: true, reserved: 0, opcode: 8, isMasked: true, payload: new Uint8Array([3, 0xe8]) }),
        )
      // A close that is part of another frame ends nothing, so only a half-closed connection must be over.
      if (end === 'half-close' && !(await peer.hungUp(6000)))
        throw new Error('it keeps a connection whose client is done')
      else if (end === 'close') await peer.hungUp(50)
      const heard = peer.heard()
      readFrames(heard.subarray(heard.indexOf('\r\n\r\n') + 4), deflate)
      await subject.isWell()
    }
    return { cases: casesOf(cases, check), [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose]() }
  },
}
