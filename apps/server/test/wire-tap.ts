import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { startTcpServer } from '@seekyou/testkit'

/*
 * The far ends of the wire without any library: what the program sends is seen byte for byte.
 */

/** What came over one connection or several, one thing after the other. */
class Inbox<T> {
  readonly #come: T[] = []
  #wake: (() => void) | undefined

  put(thing: T): void {
    this.#come.push(thing)
    this.#wake?.()
  }

  async next(): Promise<T> {
    while (this.#come.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.#come.shift()!
  }
}

/** A request as it came: its head as text, the lines ended by CRLF, and its body. */
export interface TappedRequest {
  readonly head: string
  readonly body: string
  /** Answers with these bytes. */
  readonly answer: (text: string) => void
}

/** A program that is posted events. */
export interface PostTap extends AsyncDisposable {
  readonly port: number
  next(): Promise<TappedRequest>
}

/** Listens for posts; the next one comes only after the one before is answered. */
export async function tapPosts(): Promise<PostTap> {
  const requests = new Inbox<TappedRequest>()
  const listener = await startTcpServer((socket) => {
    let received = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const request = readRequest(received)
      if (!request) return
      received = received.subarray(request.size)
      requests.put({ ...request, answer: (text) => void socket.write(text) })
    })
  })
  return { ...listener, next: () => requests.next() }
}

/** One end of a WebSocket. */
export interface SocketTap {
  /** The head that the other side opened or accepted the socket with. */
  readonly head: string
  send(text: string): void
  nextFrame(): Promise<string>
}

/** A program that is dialled. */
export interface DialTap extends AsyncDisposable {
  readonly port: number
  next(): Promise<SocketTap>
}

/** Listens for WebSocket handshakes and accepts them. */
export async function tapDials(): Promise<DialTap> {
  const sockets = new Inbox<SocketTap>()
  const listener = await startTcpServer((socket) => {
    void readHead(socket).then(({ head, rest }) => {
      const [, key = ''] = /^Sec-WebSocket-Key: (.*)$/im.exec(head.replaceAll('\r', '')) ?? []
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      const answer = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
      socket.write([...answer, `Sec-WebSocket-Accept: ${accept}`, '', ''].join('\r\n'))
      sockets.put(tapFrames(socket, head, rest))
    })
  })
  return { ...listener, next: () => sockets.next() }
}

/** Dials a WebSocket with exactly this head. */
export async function dial(port: number, head: string): Promise<SocketTap & Disposable> {
  const socket = connect(port, '127.0.0.1')
  socket.write(head)
  const answer = await readHead(socket)
  return { ...tapFrames(socket, answer.head, answer.rest), [Symbol.dispose]: () => void socket.destroy() }
}

/** Sends exactly these bytes, and gives back all that comes until the other side closes. */
export async function exchange(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  socket.write(text)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString()
}

const END_OF_HEAD = '\r\n\r\n'

function readRequest(received: Buffer) {
  const end = received.indexOf(END_OF_HEAD)
  if (end < 0) return undefined
  const head = received.subarray(0, end).toString()
  const [, length = '0'] = /^Content-Length: (\d+)$/im.exec(head.replaceAll('\r', '')) ?? []
  const start = end + END_OF_HEAD.length
  const size = start + Number(length)
  return received.length < size ? undefined : { head, body: received.subarray(start, size).toString(), size }
}

/** The head of a message, and what came after it in the same breath. */
async function readHead(socket: Socket): Promise<{ readonly head: string; readonly rest: Buffer }> {
  let received = Buffer.alloc(0)
  for (;;) {
    const end = received.indexOf(END_OF_HEAD)
    if (end >= 0) {
      const rest = received.subarray(end + END_OF_HEAD.length)
      return { head: received.subarray(0, end).toString(), rest }
    }
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    received = Buffer.concat([received, chunk])
  }
}

/** Reads frames off a socket whose head has been read. */
function tapFrames(socket: Socket, head: string, rest: Buffer): SocketTap {
  const frames = new Inbox<string>()
  let received = Buffer.alloc(0)
  const take = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
    for (let frame = readFrame(received); frame; frame = readFrame(received)) {
      received = received.subarray(frame.size)
      if (frame.opcode === TEXT) frames.put(frame.text)
    }
  }
  socket.on('data', take)
  take(rest)
  return { head, send: (text) => void socket.write(maskedFrame(text)), nextFrame: () => frames.next() }
}

const TEXT = 1

/** One whole frame, unmasked where it is masked. @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
function readFrame(bytes: Buffer) {
  if (bytes.length < 2) return undefined
  const short = bytes[1]! & 0x7f
  const lengthSize = short === 126 ? 2 : short === 127 ? 8 : 0
  const maskSize = bytes[1]! & 0x80 ? 4 : 0
  const start = 2 + lengthSize + maskSize
  if (bytes.length < start) return undefined
  const length = lengthSize === 2 ? bytes.readUInt16BE(2) : lengthSize === 8 ? Number(bytes.readBigUInt64BE(2)) : short
  if (bytes.length < start + length) return undefined
  const mask = bytes.subarray(start - maskSize, start)
  const payload = bytes.subarray(start, start + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0))
  return { opcode: bytes[0]! & 0x0f, text: Buffer.from(payload).toString(), size: start + length }
}

/** A text frame of a client. Its mask is of zeros, so that the text stands in it as it is. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(payload.length)
  return Buffer.concat([Buffer.from([0x80 | TEXT, 0x80 | 126]), length, Buffer.alloc(4), payload])
}
