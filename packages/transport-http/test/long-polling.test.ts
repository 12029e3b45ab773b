import type { OutgoingEvent } from '@seekyou/protocol'
import { createVirtualClock, settle } from '@seekyou/testkit'
import type { ScriptedSubscriber } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { openHouse, openRawPeer } from './house.ts'
import type { HouseOptions } from './house.ts'

function event(seq: number | undefined): OutgoingEvent {
  return { seq, text: JSON.stringify({ n: seq ?? 'meta' }) }
}

/** A server, and the links that its polls open one after the other. */
async function openPolls(setup: HouseOptions = {}) {
  const clock = createVirtualClock()
  const house = await openHouse({ clock, ...setup })
  return {
    house,
    clock,
    /** Calls get_updates and returns the data of its answer. */
    async poll(query = ''): Promise<unknown> {
      const response = await fetch(`${house.url}/get_updates${query}`)
      const { status, retcode, data } = (await response.json()) as Record<string, unknown>
      expect({ status, retcode, http: response.status }).toEqual({ status: 'ok', retcode: 0, http: 200 })
      return data
    },
    /** The link of the nth poll, once there is one. */
    async link(nth: number): Promise<ScriptedSubscriber> {
      await expect.poll(() => house.gateway.subscribers.length, { interval: 5 }).toBeGreaterThan(nth)
      return house.gateway.subscribers[nth]!
    },
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  }
}

describe('get_updates', () => {
  it('is a link of its name, which ends with the first events; those count as fetched', async () => {
    await using polls = await openPolls()
    const polled = polls.poll()
    const link = await polls.link(0)
    expect(link.options).toEqual({ name: 'get_updates', kind: 'long-polling', lifecycle: 'connect' })
    for (const seq of [7, 8, 9]) expect(link.sink.write(event(seq))).toBe(true)
    expect(await polled).toEqual([{ n: 7 }, { n: 8 }, { n: 9 }])
    expect(link.ended).toBe(true)
    await expect.poll(() => link.taken, { interval: 5 }).toEqual([9])
  })

  it('has the name that the options give it', async () => {
    await using polls = await openPolls({ options: { updates_name: 'second' } })
    const polled = polls.poll()
    const link = await polls.link(0)
    expect(link.options.name).toBe('second')
    link.sink.write(event(1))
    await polled
  })

  it('answers no more than it was asked for; the rest stays in the journal', async () => {
    await using polls = await openPolls()
    const polled = polls.poll('?limit=2')
    const link = await polls.link(0)
    expect([1, 2].map((seq) => link.sink.write(event(seq)))).toEqual([true, false])
    expect(await polled).toEqual([{ n: 1 }, { n: 2 }])
    await expect.poll(() => link.taken, { interval: 5 }).toEqual([2])
  })

  it.each([
    ['as long as it was asked to', '?timeout=5', 5],
    ['half a minute', '', 30],
    ['half a minute', '?timeout=0&limit=0', 30],
    ['five minutes at most', '?timeout=86400', 300],
  ])('waits %s, then answers with nothing (%s)', async (_long, query, seconds) => {
    await using polls = await openPolls()
    const polled = polls.poll(query)
    const link = await polls.link(0)
    link.sink.write(event(undefined))
    await polls.clock.advance(seconds * 1000 - 1)
    expect(link.ended).toBe(false)
    await polls.clock.advance(1)
    expect(await polled).toEqual([])
    expect(link).toMatchObject({ ended: true, taken: [] })
  })

  it('is an action like any other in POST / and in a JSON body', async () => {
    await using polls = await openPolls()
    const headers = { 'content-type': 'application/json' }
    for (const [path, body] of [
      ['/', { action: 'get_updates', params: { limit: '1' } }],
      ['/get_updates/', { limit: 1, timeout: null }],
    ] as const) {
      const posted = fetch(polls.house.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      const link = await polls.link(polls.house.gateway.subscribers.length)
      link.sink.write(event(3))
      expect(await (await posted).json()).toEqual({ status: 'ok', retcode: 0, data: [{ n: 3 }] })
    }
    expect(polls.house.gateway.calls).toEqual([])
  })

  it('says which param it cannot read', async () => {
    await using polls = await openPolls()
    const response = await fetch(`${polls.house.url}/get_updates?limit=many`)
    expect(await response.json()).toMatchObject({
      retcode: 100,
      wording: 'limit takes a whole number, such as get_updates?limit=10&timeout=30',
    })
  })

  it('asks for a token', async () => {
    await using polls = await openPolls({ token: 's3cret' })
    expect((await fetch(`${polls.house.url}/get_updates`)).status).toBe(401)
    expect(polls.house.gateway.subscribers).toEqual([])
  })
})

describe('a client that goes away before its answer', () => {
  it('has fetched nothing', async () => {
    await using polls = await openPolls()
    const peer = await openRawPeer(polls.house.port)
    peer.socket.write('GET /get_updates HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const link = await polls.link(0)
    peer.socket.resetAndDestroy()
    await expect.poll(() => link.ended, { interval: 5 }).toBe(true)
    expect(link.taken).toEqual([])
  })

  it('leaves its place in the line to the next', async () => {
    await using polls = await openPolls()
    const peer = await openRawPeer(polls.house.port)
    peer.socket.write('GET /get_updates HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await polls.link(0)
    const polled = polls.poll()
    await settle()
    peer.socket.resetAndDestroy()
    const link = await polls.link(1)
    link.sink.write(event(1))
    expect(await polled).toEqual([{ n: 1 }])
  })
})

describe('those who wait at the same time', () => {
  it('come one after the other, and share the events', async () => {
    await using polls = await openPolls()
    const first = polls.poll()
    const link = await polls.link(0)
    const second = polls.poll('?timeout=10')
    await settle()
    expect(polls.house.gateway.subscribers).toHaveLength(1)
    link.sink.write(event(1))
    expect(await first).toEqual([{ n: 1 }])
    const next = await polls.link(1)
    expect(link.taken).toEqual([1])
    next.sink.write(event(2))
    expect(await second).toEqual([{ n: 2 }])
  })

  it('wait no longer than they said, in whatever place', async () => {
    await using polls = await openPolls()
    const first = polls.poll()
    const link = await polls.link(0)
    const requested = new Promise((resolve) => polls.house.server.server.once('request', resolve))
    const second = polls.poll('?timeout=10')
    await requested
    await settle()
    await polls.clock.advance(10_000)
    expect(await second).toEqual([])
    expect(link.ended).toBe(false)
    await polls.clock.advance(20_000)
    expect(await first).toEqual([])
  })

  it('are told where another server of the account took the events over', async () => {
    await using polls = await openPolls()
    const polled = fetch(`${polls.house.url}/get_updates`)
    const link = await polls.link(0)
    link.sink.end('a newer connection took the name "get_updates"')
    const response = await polled
    expect(await response.json()).toMatchObject({ retcode: 201, wording: expect.stringContaining('took the name') })
  })

  it('are answered when the server stops', async () => {
    const polls = await openPolls()
    const polled = polls.poll()
    await polls.link(0)
    await polls[Symbol.asyncDispose]()
    expect(await polled).toEqual([])
  })
})

it('is answered at once when tokens have changed: who is still welcome asks again', async () => {
  await using polls = await openPolls()
  const polled = polls.poll()
  const link = await polls.link(0)
  polls.house.server.recheck()
  expect(await polled).toEqual([])
  expect(link.ended).toBe(true)
})
