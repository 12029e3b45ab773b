import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** A TCP connection that says what it likes and keeps what it hears. */
export interface RawSocket extends Disposable {
  readonly socket: Socket
  /** What came so far. */
  readonly heard: () => Buffer
  /** Sends bytes in pieces of these lengths, then the rest. */
  send(bytes: Buffer, pieces?: readonly number[]): Promise<void>
  /** Whether the other side has hung up within so long. */
  hungUp(ms: number): Promise<boolean>
  /** Whether something came that fits, within so long. */
  hears(fits: (heard: Buffer) => boolean, ms: number): Promise<boolean>
}

export async function openRawSocket(port: number): Promise<RawSocket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const chunks: Buffer[] = []
  let isOver = false
  let wake = (): void => undefined
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    wake()
  })
  const over = (): void => {
    isOver = true
    wake()
  }
  socket.on('error', over).on('end', over).on('close', over)
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])

  async function until(isSo: () => boolean, ms: number): Promise<boolean> {
    const deadline = Date.now() + ms
    while (!isSo()) {
      const left = deadline - Date.now()
      if (left <= 0 || isOver) return isSo()
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return true
  }

  const heard = (): Buffer => Buffer.concat(chunks)
  return {
    socket,
    heard,
    async send(bytes, pieces = []) {
      let at = 0
      for (const length of [...pieces, bytes.length]) {
        if (at >= bytes.length || !socket.writable) break
        socket.write(bytes.subarray(at, at + length))
        at += length
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    hungUp: (ms) => until(() => isOver, ms),
    hears: (fits, ms) => until(() => fits(heard()), ms),
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
