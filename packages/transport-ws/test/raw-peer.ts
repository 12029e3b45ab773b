import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

/** The upgrade request of a client that speaks for itself, line by line. */
function upgradeRequest(path: string, headers: readonly string[] = []): string {
  return [
    `GET ${path} HTTP/1.1`,
    ...(headers.some((line) => line.startsWith('Host:')) ? [] : ['Host: 127.0.0.1']),
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${KEY}`,
    ...headers,
    '',
    '',
  ].join('\r\n')
}

/** Sends an upgrade request and gives back everything up to the end of the answer's head, and the open socket. */
export async function rawUpgrade(
  port: number,
  path: string,
  headers: readonly string[] = [],
): Promise<{ readonly head: string; readonly socket: Socket }> {
  const socket = connect(port, '127.0.0.1')
  socket.write(upgradeRequest(path, headers))
  let answer = ''
  while (!answer.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    answer += chunk.toString('latin1')
  }
  return { head: answer.slice(0, answer.indexOf('\r\n\r\n')), socket }
}

/** Sends an upgrade request that shall be refused: the whole HTTP answer, once the server has hung up. */
export async function refusedUpgrade(
  port: number,
  path: string,
  headers: readonly string[] = [],
): Promise<{ readonly status: number; readonly head: string; readonly body: unknown }> {
  const socket = connect(port, '127.0.0.1')
  socket.write(upgradeRequest(path, headers))
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  const answer = Buffer.concat(chunks).toString()
  const end = answer.indexOf('\r\n\r\n')
  const head = answer.slice(0, end)
  return { status: Number(head.split(' ')[1]), head, body: JSON.parse(answer.slice(end + 4)) }
}

/** A frame as a client sends it, under a mask; `first` is its first byte: FIN, the reserved bits, the opcode. */
export function clientFrame(first: number, payload: Buffer | string): Buffer {
  const bytes = Buffer.from(payload)
  const mask = Buffer.from([1, 2, 3, 4])
  const size = bytes.length < 126 ? [0x80 | bytes.length] : [0x80 | 126, bytes.length >> 8, bytes.length & 0xff]
  for (let at = 0; at < bytes.length; at++) bytes[at]! ^= mask[at & 3]!
  return Buffer.concat([Buffer.from([first, ...size]), mask, bytes])
}

/** What the server says to a peer that speaks for itself, frame by frame, after the handshake. */
export class RawPeer implements Disposable {
  readonly socket: Socket
  #bytes = Buffer.alloc(0)
  #isOver = false
  #wake: (() => void) | undefined

  private constructor(socket: Socket) {
    this.socket = socket.setNoDelay()
    const over = (): void => {
      this.#isOver = true
      this.#wake?.()
    }
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#wake?.()
    })
    socket.on('end', over).on('close', over).on('error', over)
  }

  /** Sends an upgrade request; with `slowly`, byte by byte. */
  static async open(port: number, path: string, { slowly = false } = {}): Promise<RawPeer> {
    const peer = new RawPeer(connect(port, '127.0.0.1'))
    const request = Buffer.from(upgradeRequest(path))
    if (slowly) await peer.sendSlowly(request)
    else peer.socket.write(request)
    let end = -1
    while ((end = peer.#bytes.indexOf('\r\n\r\n')) < 0) await peer.#more()
    peer.#bytes = peer.#bytes.subarray(end + 4)
    return peer
  }

  /** Sends every byte in a packet of its own. */
  async sendSlowly(bytes: Buffer): Promise<void> {
    for (const byte of bytes) {
      await new Promise((resolve) => this.socket.write(Buffer.from([byte]), resolve))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** The next frame, unless the server hangs up before. */
  async nextFrame(): Promise<{ readonly opcode: number; readonly payload: Buffer } | undefined> {
    for (;;) {
      const bytes = this.#bytes
      const short = bytes[1] ?? 0
      const start = short === 126 ? 4 : 2
      const size = short === 126 && bytes.length >= 4 ? bytes.readUInt16BE(2) : short
      if (bytes.length >= 2 && bytes.length >= start + size) {
        this.#bytes = bytes.subarray(start + size)
        return { opcode: bytes[0]! & 0x0f, payload: bytes.subarray(start, start + size) }
      }
      if (this.#isOver) return undefined
      await this.#more()
    }
  }

  /** The code of the close frame, once the server has hung up; 1006 without one. */
  async closeCode(): Promise<number> {
    let code = 1006
    for (let frame = await this.nextFrame(); frame; frame = await this.nextFrame()) {
      if (frame.opcode === 8) code = frame.payload.readUInt16BE(0)
    }
    return code
  }

  #more(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve))
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}
