/** A client's end of a WebSocket, as bare as can be. */
import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** Takes `bytes`, which are only valid meanwhile. */
export type Take = (bytes: Buffer) => void

export interface Wire {
  readonly socket: Socket
  /** Who takes what comes, and what has come already. */
  listen(take: Take): void
}

/** Opens a WebSocket and hands on every byte that comes after the handshake. */
export async function openWire(port: number, path: string): Promise<Wire> {
  const buffer = Buffer.allocUnsafeSlow(256 * 1024)
  const { promise, resolve } = Promise.withResolvers<void>()
  let head = ''
  let early: Buffer | undefined
  const wire: { socket: Socket; take: Take } = {
    take: (bytes) => {
      head += bytes.toString('latin1')
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) return
      early = Buffer.from(head.slice(end + 4), 'latin1')
      wire.take = (more) => void (early = Buffer.concat([early!, more]))
      resolve()
    },
    socket: connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer,
        callback: (size) => {
          wire.take(buffer.subarray(0, size))
          return true
        },
      },
    }),
  }
  wire.socket.setNoDelay()
  wire.socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  await promise
  return {
    socket: wire.socket,
    listen(take) {
      wire.take = take
      if (early!.length > 0) take(early!)
      early = undefined
    },
  }
}
