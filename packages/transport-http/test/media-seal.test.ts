import { createVirtualClock } from '@seekyou/testkit'
import { createMediaSeal } from '@seekyou/transport-http'
import { expect, it } from 'vitest'
import { openHouse } from './house.ts'

const key = 'ab'.repeat(32)
const other = 'cd'.repeat(32)
const lifetime = 3600

function read(query: string) {
  return Object.fromEntries(new URLSearchParams(query))
}

it('an address of a file is good for its lifetime at least, for twice that at most, and for this file alone', async () => {
  const clock = createVirtualClock()
  const seal = createMediaSeal({ clock, lifetime })
  const query = read(seal.query(key))
  expect(seal.admits(key, query)).toBe(true)
  expect(seal.admits(other, query)).toBe(false)
  await clock.advance((lifetime - 1) * 1000)
  expect(seal.admits(key, query)).toBe(true)
  await clock.advance((lifetime + 1) * 1000)
  expect(seal.admits(key, query)).toBe(false)
  expect(seal.admits(key, read(seal.query(key)))).toBe(true)
})

it.each([
  ['no proof', ({ expires }: Record<string, string>) => ({ expires })],
  ['a later end', ({ expires, sig }: Record<string, string>) => ({ expires: `${Number(expires) + 1}`, sig })],
  ['another proof', ({ expires }: Record<string, string>) => ({ expires, sig: 'x' })],
  ['an end that is no number', ({ sig }: Record<string, string>) => ({ expires: 'never', sig })],
  ['two ends', ({ expires, sig }: Record<string, string>) => ({ expires: [expires, expires], sig })],
])('an address with %s is none', (_, change) => {
  const seal = createMediaSeal({ clock: createVirtualClock(), lifetime })
  expect(seal.admits(key, change(read(seal.query(key))))).toBe(false)
})

it('an address of another server is none, unless both share a secret', () => {
  const clock = createVirtualClock()
  const query = read(createMediaSeal({ clock, lifetime }).query(key))
  expect(createMediaSeal({ clock, lifetime }).admits(key, query)).toBe(false)
  const secret = new Uint8Array(32)
  const shared = read(createMediaSeal({ clock, lifetime, secret }).query(key))
  expect(createMediaSeal({ clock, lifetime, secret }).admits(key, shared)).toBe(true)
})

it('a sealed server gives a file to an address that holds, and 404 to any other', async () => {
  const clock = createVirtualClock()
  const seal = createMediaSeal({ clock, lifetime })
  const media = { get: async () => ({ key, size: 1, type: 'image/png', bytes: new Uint8Array(1) }) }
  await using house = await openHouse({ media, seal, clock })
  const address = `${house.url}/media/${key}`
  expect((await fetch(address + seal.query(key))).status).toBe(200)
  expect((await fetch(address)).status).toBe(404)
  expect((await fetch(`${house.url}/media/${other}${seal.query(key)}`)).status).toBe(404)
})
