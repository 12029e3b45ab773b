import { connect } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { Bot } from './bot.ts'
import { openHouse } from './house.ts'
import type { House } from './house.ts'
import { clientFrame, RawPeer } from './raw-peer.ts'

const soon = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 5, timeout: 20_000 })

const TEXT = 0x81
const call = '{"action":"a","echo":"回声"}'
const reply = '{"status":"ok","retcode":0,"data":null,"echo":"回声"}'

/** Whoever was there before is served as ever, and whoever comes is let in. */
async function expectHealthy(house: House, bystander: Bot): Promise<void> {
  house.gateway.tell({ seq: 99, text: '{"n":99}' })
  expect(await bystander.next()).toEqual({ n: 99 })
  await using newcomer = await Bot.dial(`${house.url}/api`)
  expect(await newcomer.ask({ action: 'a' })).toMatchObject({ status: 'ok' })
}

/** A house with a bot that has nothing to do with what goes wrong, and a peer at `/` for what does. */
async function openFault() {
  const house = await openHouse()
  const bystander = await Bot.dial(`${house.url}/`)
  await bystander.next()
  const peer = await RawPeer.open(house.port, '/')
  await peer.nextFrame()
  return {
    house,
    peer,
    async [Symbol.asyncDispose]() {
      await expectHealthy(house, bystander)
      peer[Symbol.dispose]()
      await bystander[Symbol.asyncDispose]()
      await house[Symbol.asyncDispose]()
    },
  }
}

describe('a peer that breaks the protocol', () => {
  const unmasked = Buffer.concat([Buffer.from([TEXT, call.length]), Buffer.from(call)])
  const declared = (size: bigint): Buffer => {
    const head = Buffer.alloc(14)
    head[0] = TEXT
    head[1] = 0xff
    head.writeBigUInt64BE(size, 2)
    return head
  }
  it.each([
    ['an unmasked frame', 1002, unmasked],
    ['an opcode that does not exist', 1002, clientFrame(0x83, 'x')],
    ['a control opcode that does not exist', 1002, clientFrame(0x8b, 'x')],
    ['a reserved bit', 1002, clientFrame(0xa1, call)],
    ['compression that was not agreed to', 1002, clientFrame(0xc1, call)],
    ['a continuation of nothing', 1002, clientFrame(0x80, 'x')],
    ['a message inside another', 1002, Buffer.concat([clientFrame(0x01, '{'), clientFrame(TEXT, call)])],
    ['a ping in fragments', 1002, clientFrame(0x09, 'x')],
    ['a ping that is too long', 1002, clientFrame(0x89, 'x'.repeat(126))],
    ['text that is not UTF-8', 1007, clientFrame(TEXT, Buffer.from([0xc3, 0x28]))],
    ['text that ends inside a character', 1007, clientFrame(TEXT, Buffer.from('早').subarray(0, 2))],
    ['a close with a code that may not be sent', 1002, clientFrame(0x88, Buffer.from([0x03, 0xed]))],
    ['a close with half a code', 1002, clientFrame(0x88, Buffer.from([0x03]))],
    ['a close with a reason that is not UTF-8', 1007, clientFrame(0x88, Buffer.from([0x03, 0xe8, 0xff]))],
    ['a frame that says it is larger than max_payload', 1009, declared(2n ** 25n + 1n)],
    ['a frame that says it is larger than anything', 1009, declared(2n ** 63n - 1n)],
    [
      'a message of too many fragments',
      1008,
      Buffer.concat(Array.from({ length: 16_386 }, () => clientFrame(0, 'x')).with(0, clientFrame(1, '{'))),
    ],
  ])('with %s is closed with %d, and nobody else is troubled', async (_what, code, bytes) => {
    await using fault = await openFault()
    fault.peer.socket.write(bytes)

    expect(await fault.peer.closeCode()).toBe(code)
    await soon(() => expect(fault.house.gateway.subscribers[1]?.ended).toBe(true))
    expect(fault.house.gateway.calls).toEqual([])
  })

  it('with a message in small fragments and pings between does not: it is answered', async () => {
    await using fault = await openFault()
    const bytes = Buffer.from(call)
    for (let at = 0; at < bytes.length; at++) {
      const first = (at === bytes.length - 1 ? 0x80 : 0) | (at === 0 ? 1 : 0)
      fault.peer.socket.write(clientFrame(first, bytes.subarray(at, at + 1)))
      if (at === 5) fault.peer.socket.write(clientFrame(0x89, 'are you there'))
    }

    expect(await fault.peer.nextFrame()).toEqual({ opcode: 10, payload: Buffer.from('are you there') })
    expect((await fault.peer.nextFrame())?.payload.toString()).toBe(reply)
  })
})

describe('a connection', () => {
  it.each([
    ['between two frames', Buffer.alloc(0)],
    ['inside a frame', clientFrame(TEXT, call).subarray(0, 12)],
    ['inside the head of a frame', Buffer.from([TEXT])],
  ])('that its peer ends without a close %s is over', async (_where, bytes) => {
    await using fault = await openFault()
    fault.peer.socket.end(bytes)

    await fault.peer.closeCode()
    await soon(() => expect(fault.house.gateway.subscribers[1]?.ended).toBe(true))
  })

  it('that is reset inside a frame is over', async () => {
    await using fault = await openFault()
    fault.peer.socket.write(clientFrame(TEXT, call).subarray(0, 12))
    await soon(() => expect(fault.house.sockets[1]!.bytesRead).toBeGreaterThan(0))
    fault.peer.socket.resetAndDestroy()

    await soon(() => expect(fault.house.gateway.subscribers[1]?.ended).toBe(true))
    expect(fault.house.gateway.calls).toEqual([])
  })

  it('that is reset while it is told events is over, and they are told to nobody', async () => {
    await using fault = await openFault()
    fault.peer.socket.resetAndDestroy()
    for (let seq = 1; seq <= 50; seq++)
      fault.house.gateway.subscribers[1]?.sink.write({ seq, text: 'x'.repeat(50_000) })

    await soon(() => expect(fault.house.gateway.subscribers[1]?.ended).toBe(true))
  })

  it('that comes byte by byte is served as any other', async () => {
    await using house = await openHouse()
    using peer = await RawPeer.open(house.port, '/', { slowly: true })
    await peer.nextFrame()
    for (let time = 0; time < 3; time++) {
      await peer.sendSlowly(clientFrame(TEXT, call))
      expect((await peer.nextFrame())?.payload.toString()).toBe(reply)
    }
  })

  it('that dawdles with its handshake keeps nobody waiting', async () => {
    await using house = await openHouse()
    const slow = Array.from({ length: 50 }, () => connect(house.port, '127.0.0.1'))
    for (const socket of slow) socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: 127.0')
    await using quick = await Bot.dial(`${house.url}/`)
    await quick.next()

    expect(await quick.ask({ action: 'a' })).toMatchObject({ status: 'ok' })
    expect(house.sockets).toHaveLength(1)
    for (const socket of slow) socket.destroy()
  })
})

describe('two thousand connections', () => {
  it('that open at once are all let in, told the same, and let go', { timeout: 60_000 }, async () => {
    await using house = await openHouse()
    const peers = await Promise.all(Array.from({ length: 2000 }, () => RawPeer.open(house.port, '/event')))
    for (const peer of peers) expect((await peer.nextFrame())?.payload.toString()).toContain('"sub_type":"connect"')
    for (let seq = 1; seq <= 3; seq++) house.gateway.tell({ seq, text: `{"n":${seq}}` })
    for (const peer of peers) {
      for (let n = 1; n <= 3; n++) expect((await peer.nextFrame())?.payload.toString()).toBe(`{"n":${n}}`)
    }

    for (const peer of peers) peer.socket.resetAndDestroy()
    await soon(() => expect(house.gateway.subscribers.filter(({ ended }) => !ended)).toEqual([]))
  })
})
