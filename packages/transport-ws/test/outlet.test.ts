import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createRecordingLogger, createScriptedGateway, createVirtualClock, settle } from '@seekyou/testkit'
import { createForwardServer, forwardServerOptions } from '@seekyou/transport-ws'

/** A socket without a network behind it: what is written to it, write by write. */
class CountedSocket extends Duplex {
  readonly writes: string[] = []
  readonly bytesRead = 0

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(chunk.toString())
    done()
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString())
    done()
  }
}

async function accept() {
  const gateway = createScriptedGateway()
  const server = createForwardServer({
    gateway,
    options: forwardServerOptions.parse({}),
    clock: createVirtualClock(),
    log: createRecordingLogger(),
  })
  const socket = new CountedSocket()
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

/** A short text frame as a client sends it, under a mask of zeros. */
function maskedFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
}

describe('frames of one turn leave in one write', () => {
  it('when many events are told', async () => {
    const { gateway, socket } = await accept()
    for (let seq = 1; seq <= 16; seq++) gateway.tell({ seq, text: `{"seq":${seq}}` })
    await settle()

    expect(socket.writes).toHaveLength(1)
    expect(socket.writes[0]).toMatch(/"seq":1\}.*"seq":16\}$/s)
    expect(gateway.subscribers[0]?.taken).toHaveLength(16)
  })

  it('when many calls are answered', async () => {
    const { socket } = await accept()
    socket.push(Buffer.concat(Array.from({ length: 64 }, (_, n) => maskedFrame(`{"action":"a","echo":${n}}`))))
    await settle()

    expect(socket.writes).toHaveLength(1)
    expect(socket.writes[0]).toMatch(/"echo":0\}.*"echo":63\}$/s)
  })

  it('and a single one leaves before the turn ends', async () => {
    const { gateway, socket } = await accept()
    gateway.tell({ seq: 1, text: '{}' })
    await Promise.resolve()
    await new Promise((resolve) => process.nextTick(resolve))

    expect(socket.writes).toHaveLength(1)
  })
})
