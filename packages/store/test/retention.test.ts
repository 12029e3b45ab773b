import { sampleAccount, sampleMessage, sampleNotice } from '@seekyou/testkit'
import { userId } from '@seekyou/protocol'
import type { Clock, Journal } from '@seekyou/protocol'
import { expect, test } from 'vitest'
import { createPlace } from './fixture.ts'

const MINUTE = 60_000

async function appendNotices(journal: Journal, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => journal.append(sampleNotice(index + 1))))
}

async function seqs(journal: Journal): Promise<number[]> {
  return (await journal.read(0, 10_000)).map(({ seq }) => seq)
}

test('a journal keeps no more than its count, the newest, each account for itself', async () => {
  await using place = await createPlace()
  await using store = await place.open({ journal: { max_count: 3 } })
  const { journal } = store.account(sampleAccount)
  const other = store.account(userId.parse(10009)).journal
  await appendNotices(journal, 5)
  await appendNotices(other, 2)
  await place.clock.advance(MINUTE)
  expect(await seqs(journal)).toEqual([3, 4, 5])
  expect(await seqs(other)).toEqual([1, 2])
})

test('much to forget is forgotten in slices, within seconds', async () => {
  await using place = await createPlace()
  await using store = await place.open({ journal: { max_count: 10 } })
  const { journal } = store.account(sampleAccount)
  await appendNotices(journal, 1000)
  await place.clock.advance(MINUTE)
  expect(await seqs(journal)).toHaveLength(800)
  await place.clock.advance(1000)
  expect(await seqs(journal)).toEqual([991, 992, 993, 994, 995, 996, 997, 998, 999, 1000])
})

test('a journal keeps no more bytes than it may, but always its newest event', async () => {
  await using place = await createPlace()
  const size = Buffer.byteLength(JSON.stringify(sampleNotice(1)))
  await using store = await place.open({ journal: { max_size: (2 * size) / 2 ** 20 } })
  const { journal } = store.account(sampleAccount)
  await appendNotices(journal, 5)
  await place.clock.advance(MINUTE)
  expect(await seqs(journal)).toEqual([4, 5])
  await journal.append(sampleMessage(1, { text: 'x'.repeat(1000) }))
  await place.clock.advance(MINUTE)
  expect(await seqs(journal)).toEqual([6])
})

test('events beyond the age are forgotten, and a seq is not given again even when all are gone', async () => {
  await using place = await createPlace()
  {
    await using store = await place.open({ journal: { max_age: 600 } })
    const { journal } = store.account(sampleAccount)
    await appendNotices(journal, 2)
    await place.clock.advance(9 * MINUTE)
    await journal.append(sampleNotice(3))
    await place.clock.advance(2 * MINUTE)
    expect(await seqs(journal)).toEqual([3])
    await place.clock.advance(20 * MINUTE)
    expect(await seqs(journal)).toEqual([])
    expect(journal.last()).toBe(3)
  }
  await using again = await place.open({ journal: { max_age: 600 } })
  const { journal } = again.account(sampleAccount)
  expect(journal.last()).toBe(3)
  expect(await journal.append(sampleNotice(4))).toMatchObject({ seq: 4 })
})

test('messages beyond the age are forgotten, in the journal too, and an id is not given again', async () => {
  await using place = await createPlace()
  const options = { messages: { max_age: 600 } }
  let highest: number
  {
    await using store = await place.open(options)
    const { journal, messages } = store.account(sampleAccount)
    highest = messages.allocateId()
    await Promise.all([
      journal.append(sampleMessage(highest)),
      messages.put(sampleMessage(highest)),
      journal.append(sampleNotice(1)),
    ])
    await place.clock.advance(20 * MINUTE)
    expect(await messages.get(sampleMessage(highest).message_id)).toBeUndefined()
    expect(await journal.read(0, 1)).toMatchObject([{ seq: 2, event: sampleNotice(1) }])
    expect(place.query('SELECT last_message_id FROM account')).toEqual([[highest]])
  }
  await using again = await place.open(options)
  expect(again.account(sampleAccount).messages.allocateId()).toBeGreaterThan(highest)
})

test('with 0 there is no bound', async () => {
  await using place = await createPlace()
  const options = {
    journal: { max_age: 0, max_count: 0, max_size: 0 },
    messages: { max_age: 0 },
    media: { max_age: 0, max_size: 0 },
  }
  await using store = await place.open(options)
  const { journal, messages } = store.account(sampleAccount)
  await Promise.all([journal.append(sampleNotice(1)), messages.put(sampleMessage(1))])
  const { key } = await store.media.put(new Uint8Array([1]), 'image/png')
  for (let round = 0; round < 3; round++) {
    await place.clock.advance(MINUTE)
    expect(journal.last()).toBe(1)
  }
  expect(await seqs(journal)).toEqual([1])
  expect(await messages.get(sampleMessage(1).message_id)).toBeDefined()
  expect(await store.media.get(key)).toBeDefined()
})

test('a clock that is set back forgets nothing early and stops nothing', async () => {
  await using place = await createPlace()
  let shown = place.clock.now()
  const clock: Clock = { now: () => shown, setTimeout: (run, delayMs) => place.clock.setTimeout(run, delayMs) }
  await using store = await place.open({ clock, journal: { max_age: 600 } })
  const { journal } = store.account(sampleAccount)
  await journal.append(sampleNotice(1))
  shown -= 3_600_000
  await journal.append(sampleNotice(2))
  await place.clock.advance(MINUTE)
  expect(await seqs(journal)).toEqual([1, 2])
  shown += 601_000
  await place.clock.advance(MINUTE)
  // The first claims to come from the future, and what is older than the second goes with it.
  expect(await seqs(journal)).toEqual([])
  expect(await journal.append(sampleNotice(3))).toMatchObject({ seq: 3 })
})

test('of more messages than may be kept, or longer ones, the oldest are forgotten', async () => {
  const messages = async (bounds: object) => {
    await using place = await createPlace()
    await using store = await place.open({ messages: bounds })
    const account = store.account(sampleAccount)
    for (let id = 1; id <= 10; id++) await account.messages.put(sampleMessage(id, { text: 'x'.repeat(1000) }))
    await place.clock.advance(MINUTE)
    return place.query('SELECT message_id FROM message').flat()
  }
  expect(await messages({ max_count: 3 })).toEqual([8, 9, 10])
  // Each is nearly 1300 bytes long.
  expect(await messages({ max_size: 3500 / 2 ** 20 })).toEqual([8, 9, 10])
  expect(await messages({ max_age: 0, max_count: 0, max_size: 0 })).toHaveLength(10)
})

test('what is written after a restart counts as well', async () => {
  await using place = await createPlace()
  for (let id = 1; id <= 10; id++) {
    await using store = await place.open()
    await store.account(sampleAccount).messages.put(sampleMessage(id, { text: 'x'.repeat(1000) }))
  }
  await using _ = await place.open({ messages: { max_size: 3500 / 2 ** 20 } })
  await place.clock.advance(MINUTE)
  expect(place.query('SELECT message_id FROM message').flat()).toEqual([8, 9, 10])
})

test('of more files than may be kept the oldest are removed', async () => {
  await using place = await createPlace()
  await using store = await place.open({ media: { max_count: 25 } })
  const keys: string[] = []
  for (let count = 0; count < 70; count++) {
    keys.push((await store.media.put(new TextEncoder().encode(String(count)), 'text/plain')).key)
    await place.clock.advance(1)
  }
  await place.clock.advance(2 * MINUTE)
  expect(place.query('SELECT key FROM media ORDER BY at').flat()).toEqual(keys.slice(-25))
})

test('dead letters beyond the age or the count are forgotten, those that were refused first', async () => {
  await using place = await createPlace()
  await using store = await place.open({ dead_letters: { max_age: 600, max_count: 3 } })
  const { deadLetters } = store.account(sampleAccount)
  for (let seq = 1; seq <= 5; seq++) {
    const at = place.clock.now()
    await deadLetters.put({ link: 'bot', seq, at, tries: 1, reason: 'no', event: sampleNotice(seq) })
    await place.clock.advance(1)
  }
  const kept = async () => (await deadLetters.list({ limit: 10 })).map(({ seq }) => seq)
  await place.clock.advance(MINUTE)
  expect(await kept()).toEqual([3, 4, 5])
  await place.clock.advance(10 * MINUTE)
  expect(await kept()).toEqual([])
})

test('calls are kept for as long as they may be repeated', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { calls } = store.account(sampleAccount)
  const at = place.clock.now()
  await Promise.all(
    Array.from({ length: 500 }, (_, n) => calls.put(`${n}`, { fingerprint: '', at, outcome: { type: 'later' } })),
  )
  await place.clock.advance(10 * MINUTE)
  expect(await calls.find('7')).toBeDefined()
  await place.clock.advance(6 * MINUTE + 1000)
  expect(place.query('SELECT count(*) FROM call')).toEqual([[0]])
})

test('no number is given twice where what was newest was erased, then older things forgotten', async () => {
  await using place = await createPlace()
  {
    await using store = await place.open({ journal: { max_age: 600 } })
    const { journal } = store.account(sampleAccount)
    await journal.append(sampleNotice(1))
    await journal.append(sampleNotice(10002))
    await store.forget(userId.parse(10002))
    await place.clock.advance(11 * MINUTE)
    expect(await journal.read(0, 10)).toEqual([])
  }
  await using store = await place.open()
  expect(await store.account(sampleAccount).journal.append(sampleNotice(1))).toMatchObject({ seq: 3 })
})
