import { describe, expect, it } from 'vitest'
import { settle } from '@seekyou/testkit'
import { acceptWired } from './wired-socket.ts'

/** A short text frame as a client sends it, under a mask of zeros. */
function maskedFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
}

describe('frames of one turn leave in one write', () => {
  it('when many events are told', async () => {
    const { gateway, socket } = await acceptWired()
    for (let seq = 1; seq <= 16; seq++) gateway.tell({ seq, text: `{"seq":${seq}}` })
    await settle()

    expect(socket.writes).toHaveLength(1)
    expect(socket.writes[0]).toMatch(/"seq":1\}.*"seq":16\}$/s)
    expect(gateway.subscribers[0]?.taken).toEqual([16])
  })

  it('when many calls are answered', async () => {
    const { socket } = await acceptWired()
    socket.push(Buffer.concat(Array.from({ length: 64 }, (_, n) => maskedFrame(`{"action":"a","echo":${n}}`))))
    await settle()

    expect(socket.writes).toHaveLength(1)
    expect(socket.writes[0]).toMatch(/"echo":0\}.*"echo":63\}$/s)
  })

  it('and a single one leaves before the turn ends', async () => {
    const { gateway, socket } = await acceptWired()
    gateway.tell({ seq: 1, text: '{}' })
    await Promise.resolve()
    await new Promise((resolve) => process.nextTick(resolve))

    expect(socket.writes).toHaveLength(1)
  })
})
