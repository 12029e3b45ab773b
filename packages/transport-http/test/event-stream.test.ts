import { createScriptedGateway, createVirtualClock, within } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { openHouse, openRawPeer } from './house.ts'
import type { House, HouseOptions } from './house.ts'

/** Opens the stream on a plain socket and waits until it has begun. */
async function openStream(house: House, { path = '/_events', headers = '' } = {}) {
  const peer = await openRawPeer(house.port)
  peer.socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`)
  await peer.sees('lifecycle')
  return peer
}

async function openHouseWithClock(setup: HouseOptions = {}) {
  const clock = createVirtualClock()
  return Object.assign(await openHouse({ clock, ...setup }), { clock })
}

describe('the event stream', () => {
  it('begins with the lifecycle event, then tells every event with its place in the journal', async () => {
    await using house = await openHouse()
    const response = await fetch(`${house.url}/_events`)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    })
    house.gateway.tell({ seq: 7, text: '{"message":"你好"}' })
    house.gateway.tell({ seq: undefined, text: '{"meta":1}' })
    const [subscriber] = house.gateway.subscribers
    subscriber?.sink.end('enough')
    const [lifecycle, ...rest] = (await response.text()).split('\n\n')
    expect(lifecycle).toMatch(/^data: \{"post_type":"meta_event",.*"sub_type":"connect"\}$/)
    expect(rest).toEqual(['id: 7\ndata: {"message":"你好"}', 'data: {"meta":1}', ': enough', ''])
    expect(subscriber).toMatchObject({ options: { lifecycle: 'connect' }, ended: true })
  })

  it.each([
    ['the header that browsers send', { path: '/_events', headers: 'Last-Event-ID: 12\r\n' }, { after: 12 }],
    ['the query', { path: '/_events?resume=0' }, { after: 0 }],
    ['the header if both are there', { path: '/_events?resume=3', headers: 'Last-Event-ID: 12\r\n' }, { after: 12 }],
    ['neither', { path: '/_events?resume=' }, {}],
  ])('begins after the event that %s names', async (_what, request, resumed) => {
    await using house = await openHouse()
    using _peer = await openStream(house, request)
    expect(house.gateway.subscribers[0]?.options).toEqual({ lifecycle: 'connect', kind: 'sse', ...resumed })
  })

  it.each(['x', '-1', '1.5', '9'.repeat(20)])('refuses to resume at %s', async (id) => {
    await using house = await openHouse()
    const response = await fetch(`${house.url}/_events?resume=${id}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ retcode: 1400, wording: expect.stringContaining('?resume=') })
    expect(house.gateway.subscribers).toEqual([])
  })

  it('asks for a token, in the query where a browser can put it', async () => {
    await using house = await openHouse({ token: 's3cret' })
    expect((await fetch(`${house.url}/_events`)).status).toBe(401)
    using _peer = await openStream(house, { path: '/_events?access_token=s3cret' })
  })

  it.each(['POST', 'HEAD', 'PUT'])('is not there for %s', async (method) => {
    await using house = await openHouse()
    const response = await fetch(`${house.url}/_events`, { method })
    expect(response.status).toBe(405)
  })

  it('gives a sign of life now and then', async () => {
    await using house = await openHouseWithClock({ options: { ping_interval: 15 } })
    using peer = await openStream(house)
    const before = peer.received.split('\n\n').length
    await house.clock.advance(30_000)
    await expect.poll(() => peer.received.split('\n\n').length, { interval: 5 }).toBe(before + 2)
    expect(peer.received.endsWith(':\n\n\r\n')).toBe(true)
  })

  it('ends with its client', async () => {
    await using house = await openHouse()
    const peer = await openStream(house)
    peer.socket.resetAndDestroy()
    await expect.poll(() => house.gateway.subscribers[0]?.ended, { interval: 5 }).toBe(true)
    house.gateway.tell({ seq: 1, text: '{}' })
  })

  it('is broken when the account says so', async () => {
    await using house = await openHouse()
    using peer = await openStream(house)
    house.gateway.subscribers[0]?.sink.cut?.()
    await peer.closed
  })

  it('ends when the server stops, without being waited for', async () => {
    const house = await openHouseWithClock()
    using peer = await openStream(house)
    const stopped = house[Symbol.asyncDispose]()
    await within(10_000, Promise.all([stopped, peer.closed]), () => 'the stream was waited for')
    expect(peer.received).toContain(': the server is shutting down')
  })
})

describe('a client that does not read its stream', () => {
  const large = `{"text":"${'x'.repeat(64 * 1024)}"}`

  /** Tells more than any system keeps for a peer that does not read, and returns the last seq. */
  function fill(house: House): number {
    const sink = house.gateway.subscribers[0]!.sink
    const answers = Array.from({ length: 512 }, (_, index) => sink.write({ seq: index + 1, text: large }))
    expect(answers.at(-1)).toBe(false)
    return answers.length
  }

  it('is asked to wait, and told more once it has read what it was sent', async () => {
    await using house = await openHouseWithClock()
    using peer = await openStream(house)
    peer.socket.pause()
    const last = fill(house)
    await house.clock.advance(59_000)
    expect(house.gateway.subscribers[0]).toMatchObject({ resumed: 0, ended: false })
    peer.socket.resume()
    await expect.poll(() => house.gateway.subscribers[0]?.resumed, { interval: 5 }).toBe(1)
    await peer.sees(`id: ${last}\n`)
    await house.clock.advance(60_000)
    expect(house.gateway.subscribers[0]?.ended).toBe(false)
  })

  it('is cut off if it goes on like that', async () => {
    await using house = await openHouseWithClock({ options: { blocked_timeout: 5 } })
    using peer = await openStream(house)
    peer.socket.pause()
    fill(house)
    await house.clock.advance(4999)
    expect(house.gateway.subscribers[0]?.ended).toBe(false)
    await house.clock.advance(1)
    await expect.poll(() => house.gateway.subscribers[0]?.ended, { interval: 5 }).toBe(true)
    expect(house.log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }))
  })
})

it('ends the streams whose token is no longer good, and no other', async () => {
  let good = 'old'
  const scripted = createScriptedGateway()
  await using house = await openHouse({
    gateway: {
      authorize: (credential) =>
        credential === good || credential === 'always'
          ? { granted: true, gateway: scripted }
          : { granted: false, failure: 'token-wrong', wording: 'no' },
    },
  })
  using other = await openStream(house, { path: '/_events?access_token=always' })
  const stream = await fetch(`${house.url}/_events?access_token=old`)
  house.server.recheck()
  good = 'new'
  house.server.recheck()
  expect(await stream.text()).toMatch(/\n\n: the token was changed: connect again/)
  expect(scripted.subscribers.map(({ ended }) => ended)).toEqual([false, true])
  scripted.tell({ seq: 1, text: '{}' })
  await other.sees('id: 1')
})
