import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { ServerOptions } from 'node:https'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { ActionFailure } from '@seekyou/protocol'
import { settle } from '@seekyou/testkit'
import { Bot } from './bot.ts'
import { openHouse } from './house.ts'
import type { House } from './house.ts'
import { rawUpgrade } from './raw-peer.ts'
import { acceptWired } from './wired-socket.ts'

/** Waits for what another end of a socket is about to do. */
const soon = <T>(check: () => T): Promise<T> => vi.waitFor(check, { interval: 2, timeout: 10_000 })

const event = (seq: number, size = 0) => ({
  seq,
  text: JSON.stringify({ post_type: 'message', message_id: seq, message: 'x'.repeat(size) }),
})

describe('calls', () => {
  it('keep their echoes with forty in flight, whatever order they end in', async () => {
    const waiting: (() => void)[] = []
    await using house = await openHouse({
      call: ({ params }) => new Promise((resolve) => waiting.push(() => resolve(params))),
    })
    await using bot = await Bot.dial(`${house.url}/api`)
    for (let n = 0; n < 40; n++) bot.webSocket.send(JSON.stringify({ action: 'a', params: { n }, echo: { n } }))
    await soon(() => expect(waiting).toHaveLength(40))
    for (const end of waiting.toReversed()) end()

    for (let n = 39; n >= 0; n--) {
      expect(await bot.next()).toEqual({ status: 'ok', retcode: 0, data: { n }, echo: { n } })
    }
  })

  it('that fail are answered with the failure and the echo', async () => {
    await using house = await openHouse({
      call: ({ action }) => {
        throw new ActionFailure('unknown-action', `there is no action ${action}`)
      },
    })
    await using bot = await Bot.dial(`${house.url}/`)
    await bot.next()

    const reply = await bot.ask({ action: 'get_guild_service_profile', echo: -1 })
    expect(reply).toMatchObject({ status: 'failed', retcode: 1404, echo: -1 })
    expect(reply).not.toHaveProperty('post_type')
  })

  it('do not hold up the events they cause', async () => {
    const { promise, resolve } = Promise.withResolvers<null>()
    await using house = await openHouse({
      call: () => {
        house.gateway.tell(event(1))
        return promise
      },
    })
    await using bot = await Bot.dial(`${house.url}/`)
    await bot.next()

    expect(await bot.ask({ action: 'set_group_ban' })).toMatchObject({ post_type: 'message' })
    resolve(null)
    expect(await bot.next()).toMatchObject({ status: 'ok' })
  })

  it('are answered after the events they caused, two hundred at once', async () => {
    await using house = await openHouse({
      call: async ({ params }) => {
        const { n } = params as { readonly n: number }
        await settle()
        house.gateway.tell(event(n))
        await Promise.resolve()
        return n
      },
    })
    await using bot = await Bot.dial(`${house.url}/`)
    await bot.next()
    for (let n = 1; n <= 200; n++) bot.webSocket.send(JSON.stringify({ action: 'send_msg', params: { n }, echo: n }))

    const told = new Set<number>()
    for (let frames = 0; frames < 400; frames++) {
      const frame = (await bot.next()) as { readonly message_id?: number; readonly echo?: number }
      if (frame.message_id !== undefined) told.add(frame.message_id)
      else expect(told).toContain(frame.echo)
    }
    expect(told.size).toBe(200)
  })

  it('wait unread while a thousand of the same socket are running', async () => {
    const gate = Promise.withResolvers<null>()
    await using house = await openHouse({ call: () => gate.promise })
    await using bot = await Bot.dial(`${house.url}/api`)
    const frame = JSON.stringify({ action: 'a', params: { padding: 'x'.repeat(2000) } })
    for (let n = 0; n < 3000; n++) bot.webSocket.send(frame)
    await soon(() => expect(house.gateway.calls.length).toBeGreaterThanOrEqual(1000))
    for (let turn = 0; turn < 50; turn++) await settle()

    expect(house.gateway.calls.length).toBeLessThan(1100)
    gate.resolve(null)
    for (let n = 0; n < 3000; n++) expect(await bot.next()).toMatchObject({ status: 'ok' })
  })

  it('that end after the client has gone are answered to nobody', async () => {
    const gate = Promise.withResolvers<null>()
    await using house = await openHouse({ call: () => gate.promise })
    {
      await using bot = await Bot.dial(`${house.url}/`)
      bot.webSocket.send('{"action":"a"}')
      await soon(() => expect(house.gateway.calls).toHaveLength(1))
    }
    await soon(() => expect(house.gateway.subscribers[0]?.ended).toBe(true))
    gate.resolve(null)
    await settle()

    await using next = await Bot.dial(`${house.url}/`)
    expect(await next.next()).toMatchObject({ sub_type: 'connect' })
  })
})

describe('a call that comes after the goodbye', () => {
  it('is not done, since it cannot be answered', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/`)
    await bot.next()
    const closed = bot.closed()
    house.gateway.subscribers[0]?.sink.end('bye')
    bot.webSocket.send('{"action":"send_msg"}')
    await closed

    expect(house.gateway.calls).toEqual([])
  })
})

describe('events', () => {
  it.each([0, 125, 126, 127, 65_535, 65_536, 300_000])('of %d bytes arrive whole, on every socket', async (size) => {
    await using house = await openHouse()
    await using first = await Bot.dial(`${house.url}/`)
    await using second = await Bot.dial(`${house.url}/event`)
    const text = 'x'.repeat(size)
    house.gateway.tell({ seq: 1, text })
    house.gateway.tell(event(2))

    for (const bot of [first, second]) {
      await bot.next()
      expect(await bot.nextText()).toBe(text)
      expect(await bot.nextText()).toBe(event(2).text)
    }
  })

  it('keep their order among themselves, and Chinese text its bytes', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/`)
    await bot.next()
    const told = Array.from({ length: 300 }, (_, seq) => ({ seq, text: `{"message":"第${seq}条😀"}` }))
    for (const one of told) house.gateway.tell(one)

    for (const { text } of told) expect(await bot.nextText()).toBe(text)
  })

  it('are reported as taken once written, those without a place in the journal never', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/event`)
    house.gateway.tell(event(7))
    house.gateway.tell({ seq: undefined, text: '{"post_type":"meta_event"}' })
    house.gateway.tell(event(8))
    expect(house.gateway.subscribers[0]?.taken).toEqual([])
    for (let n = 0; n < 4; n++) await bot.next()

    await soon(() => expect(house.gateway.subscribers[0]?.taken).toEqual([8]))
  })

  it('are taken over TLS too, one by one and many at once', async () => {
    const [cert, key] = ['bot.pem', 'bot.key.pem'].map((name) => readFileSync(join(import.meta.dirname, 'tls', name)))
    await using house = await openHouse({ tls: { cert, key } as ServerOptions })
    await using bot = await Bot.dial(`${house.url}/`, { rejectUnauthorized: false })
    await bot.next()
    for (let seq = 1; seq <= 3; seq++) {
      house.gateway.tell(event(seq, 500))
      expect(await bot.next()).toMatchObject({ message_id: seq })
      await soon(() => expect(house.gateway.subscribers[0]?.taken.at(-1)).toBe(seq))
    }
    for (let seq = 4; seq <= 50; seq++) house.gateway.tell(event(seq, 50_000))
    for (let seq = 4; seq <= 50; seq++) expect(await bot.next()).toMatchObject({ message_id: seq })
    await soon(() => expect(house.gateway.subscribers[0]?.taken.at(-1)).toBe(50))
    expect(await bot.ask({ action: 'a' })).toMatchObject({ status: 'ok' })
  })

  it('that cannot be written any more are not taken', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/event`)
    await bot.next()
    const [subscriber] = house.gateway.subscribers
    subscriber?.sink.end('bye')

    expect(subscriber?.sink.write(event(1))).toBe(false)
    await bot.closed()
    await settle()
    expect(subscriber?.taken).toEqual([])
  })

  it('stop, and the subscription ends once, when the client goes', async () => {
    await using house = await openHouse()
    {
      await using bot = await Bot.dial(`${house.url}/event`)
      await bot.next()
    }
    await soon(() => expect(house.gateway.subscribers[0]?.ended).toBe(true))
  })
})

describe('a slow reader', () => {
  const options = { high_water_mark: 1 / 16 }
  // More than the kernel's buffers for one socket hold.
  const large = 32 * 1024 * 1024

  async function fill(house: House): Promise<Bot> {
    const bot = await Bot.dial(`${house.url}/`)
    await bot.next()
    bot.webSocket.pause()
    expect(house.gateway.subscribers[0]?.sink.write(event(1, large))).toBe(false)
    return bot
  }

  it('is asked to wait above the high-water mark and told more once it has read', async () => {
    await using house = await openHouse({ options })
    await using bot = await fill(house)
    const subscriber = house.gateway.subscribers[0]
    for (let turn = 0; turn < 50; turn++) await settle()
    expect(subscriber).toMatchObject({ taken: [], resumed: 0 })

    bot.webSocket.resume()
    expect(await bot.next()).toMatchObject({ message_id: 1 })
    await soon(() => expect(subscriber).toMatchObject({ taken: [1], resumed: 1 }))
    await house.clock.advance(60_000)
    expect(subscriber?.sink.write(event(2))).toBe(true)
    expect(await bot.next()).toMatchObject({ message_id: 2 })
  })

  it('is told more only when half of the mark is free again', async () => {
    const { gateway, socket } = await acceptWired({ high_water_mark: 1000 / 2 ** 20 })
    const subscriber = gateway.subscribers.at(0)!
    socket.hold()
    const told: boolean[] = []
    for (let seq = 1; seq <= 3; seq++) {
      told.push(subscriber.sink.write(event(seq, 350)))
      await settle()
    }
    expect(told).toEqual([true, true, false])

    await socket.complete()
    expect(subscriber).toMatchObject({ resumed: 0 })
    await socket.complete()
    expect(subscriber).toMatchObject({ taken: [1, 2, 3], resumed: 1 })
  })

  it('is never asked to wait below the mark', async () => {
    await using house = await openHouse({ options })
    await using bot = await Bot.dial(`${house.url}/`)
    await bot.next()
    const sink = house.gateway.subscribers.at(0)!.sink

    for (let seq = 1; seq <= 20; seq++) expect(sink.write(event(seq, 3000))).toBe(true)
  })

  it('has its calls left unread until it takes the replies', async () => {
    await using house = await openHouse({ options, call: () => 'x'.repeat(large) })
    await using bot = await Bot.dial(`${house.url}/api`)
    bot.webSocket.pause()
    bot.webSocket.send('{"action":"a"}')
    await soon(() => expect(house.gateway.calls).toHaveLength(1))
    for (let turn = 0; turn < 10; turn++) await settle()
    bot.webSocket.send('{"action":"b"}')
    for (let turn = 0; turn < 50; turn++) await settle()
    expect(house.gateway.calls).toHaveLength(1)

    bot.webSocket.resume()
    await bot.nextText()
    await bot.nextText()
    expect(house.gateway.calls).toHaveLength(2)
  })

  it('is closed with 1013 when it stays blocked for blocked_timeout', async () => {
    await using house = await openHouse({ options: { ...options, blocked_timeout: 60 } })
    await using bot = await fill(house)
    await house.clock.advance(59_999)
    expect(house.log.lines.some(({ level }) => level === 'warn')).toBe(false)
    expect(house.sockets[0]?.isPaused()).toBe(true)
    await house.clock.advance(1)
    // Else its answer to the close would go unread.
    expect(house.sockets[0]?.isPaused()).toBe(false)
    const closed = bot.closed()
    bot.webSocket.resume()

    expect(await closed).toEqual({ code: 1013, reason: 'you do not read what is sent to you' })
  })

  it('is cut off when it does not even read the close', async () => {
    await using house = await openHouse({ options })
    await using slow = await fill(house)
    await house.clock.advance(60_000)
    expect(slow.webSocket.isPaused).toBe(true)
    expect(house.gateway.subscribers[0]?.ended).toBe(false)
    await house.clock.advance(1000)

    await soon(() => expect(house.gateway.subscribers[0]).toMatchObject({ ended: true, taken: [], resumed: 0 }))
  })

  it('is not taken for a silent one', async () => {
    await using house = await openHouse({ options: { ...options, blocked_timeout: 600 } })
    await using bot = await fill(house)
    await house.clock.advance(300_000)
    bot.webSocket.resume()

    expect(await bot.next()).toMatchObject({ message_id: 1 })
    expect(await bot.ask({ action: 'a' })).toMatchObject({ status: 'ok' })
  })

  it('does not delay another socket', async () => {
    await using house = await openHouse({ options })
    await using slow = await fill(house)
    await using quick = await Bot.dial(`${house.url}/`)
    await quick.next()
    for (let seq = 2; seq < 50; seq++) house.gateway.subscribers[1]?.sink.write(event(seq))

    for (let seq = 2; seq < 50; seq++) expect(await quick.next()).toMatchObject({ message_id: seq })
    expect(slow.webSocket.isPaused).toBe(true)
  })
})

describe('a silent peer', () => {
  it('is cut off when it leaves two pings unanswered', async () => {
    await using house = await openHouse()
    const { socket } = await rawUpgrade(house.port, '/')
    const gone = once(socket, 'close')
    await house.clock.advance(60_000)
    expect(house.gateway.subscribers[0]?.ended).toBe(false)
    await house.clock.advance(30_000)

    await gone
    await soon(() => expect(house.gateway.subscribers[0]?.ended).toBe(true))
  })

  it('is one that sends nothing at all: pongs are enough', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/`)
    await bot.next()
    for (let n = 0; n < 6; n++) {
      const heard = house.sockets.at(0)!.bytesRead
      await house.clock.advance(30_000)
      await soon(() => expect(house.sockets.at(0)!.bytesRead).toBeGreaterThan(heard))
    }

    expect(await bot.ask({ action: 'a' })).toMatchObject({ status: 'ok' })
  })

  it('gets its pings answered with the same payload', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/api`)
    const pong = once(bot.webSocket, 'pong')
    bot.webSocket.ping('are you there')

    expect(String((await pong)[0])).toBe('are you there')
  })
})

describe('the end of a link', () => {
  it('closes the socket with 1001 and the reason', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/`)
    const closed = bot.closed()
    house.gateway.subscribers[0]?.sink.end('the account is gone')

    expect(await closed).toEqual({ code: 1001, reason: 'the account is gone' })
  })

  it('shortens a reason that a close frame cannot hold, by whole characters', async () => {
    await using house = await openHouse()
    await using bot = await Bot.dial(`${house.url}/`)
    const closed = bot.closed()
    house.gateway.subscribers[0]?.sink.end(`x${'早'.repeat(100)}`)

    expect(await closed).toEqual({ code: 1001, reason: `x${'早'.repeat(40)}` })
  })
})
