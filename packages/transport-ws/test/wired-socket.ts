import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { createRecordingLogger, createScriptedGateway, createVirtualClock, settle } from '@seekyou/testkit'
import { createForwardServer, forwardServerOptions } from '@seekyou/transport-ws'

/** A socket without a network behind it: shows write by write what reaches the operating system, and when. */
class WiredSocket extends Duplex {
  /** What was written, one entry for each system call. */
  readonly writes: string[] = []
  readonly bytesRead = 0
  #held: (() => void)[] | undefined

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#take(chunk, done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#take(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  #take(bytes: Buffer, done: () => void): void {
    this.writes.push(bytes.toString())
    if (this.#held) this.#held.push(done)
    else done()
  }

  /** From now on a write is complete only when `complete` is called. */
  hold(): void {
    this.#held = []
  }

  /** Completes the oldest write that is held. */
  async complete(): Promise<void> {
    this.#held?.shift()?.()
    await settle()
  }
}

/** A client that was accepted at `/` over a wired socket. */
export async function acceptWired(options: object = {}) {
  const gateway = createScriptedGateway()
  const server = createForwardServer({
    gateway,
    options: forwardServerOptions.parse(options),
    clock: createVirtualClock(),
    log: createRecordingLogger(),
  })
  const socket = new WiredSocket()
  const request = new IncomingMessage(socket as unknown as Socket)
  Object.assign(request, { method: 'GET', url: '/' })
  Object.assign(request.headers, {
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  })
  server.handleUpgrade(request, socket, Buffer.alloc(0))
  await settle()
  socket.writes.length = 0
  return { gateway, socket }
}
