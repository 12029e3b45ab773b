import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import { userId } from '@seekyou/protocol'
import { StoreUnavailable } from '@seekyou/store'
import type { AccountStore } from '@seekyou/protocol'
import { sampleAccount, sampleMessage, sampleNotice } from '@seekyou/testkit'
import { expect, test, vi } from 'vitest'
import { createPlace } from './fixture.ts'

/** Opens a store and gives a hold of its disk: full means that the database file cannot grow by one page. */
async function openWithDisk(place: Awaited<ReturnType<typeof createPlace>>) {
  const exec = vi.spyOn(DatabaseSync.prototype, 'exec')
  const store = await place.open()
  const db = (exec.mock.contexts as DatabaseSync[]).find((context) => context.location()?.endsWith('seekyou.db'))!
  exec.mockRestore()
  return {
    store,
    fill: () => db.exec('PRAGMA max_page_count = 1'),
    free: () => db.exec('PRAGMA max_page_count = 1000000'),
    /** As a disk that failed is mounted again, to be read only; or no longer. */
    protect: (isProtected: boolean) => db.exec(`PRAGMA query_only = ${isProtected}`),
  }
}

const long = 'x'.repeat(20_000)

/** A write of which only the database knows what comes: it keeps its whole turn out of the tail. */
function writeElse({ deadLetters }: AccountStore): void {
  deadLetters.remove('nobody', 1).catch(() => undefined)
}

test('on a full disk every write of the turn is refused, nothing of it is there, and the next turn goes on', async () => {
  await using place = await createPlace()
  const { store: opened, fill, free } = await openWithDisk(place)
  await using store = opened
  const { journal, messages, state } = store.account(sampleAccount)
  const other = store.account(userId.parse(10009))
  writeElse(store.account(sampleAccount))
  await journal.append(sampleNotice(1))
  fill()

  const notice = journal.append(sampleNotice(2))
  state.put('a', 1)
  const big = journal.append(sampleMessage(1, { text: long }))
  const stored = messages.put(sampleMessage(1))
  const recalled = messages.markRecalled(sampleMessage(1).message_id)
  const elsewhere = other.journal.append(sampleNotice(3))
  const saved = state.saved()
  const outcomes = await Promise.allSettled([notice, big, stored, recalled, elsewhere, saved])
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreUnavailable' } })
  }
  await expect(notice).rejects.toThrow('The database cannot be written: database or disk is full.')
  expect(place.log.lines).toMatchObject([{ level: 'error', fields: { writes: 7 } }])
  expect([journal.last(), other.journal.last()]).toEqual([1, 0])
  expect(await journal.read(0, 10)).toHaveLength(1)
  expect(await messages.get(sampleMessage(1).message_id)).toBeUndefined()
  expect([...(await state.entries())]).toEqual([])

  free()
  const [next] = await Promise.all([
    journal.append(sampleMessage(1, { text: long })),
    messages.put(sampleMessage(1, { text: long })),
  ])
  expect(next.seq).toBe(2)
  expect(await journal.read(1, 10)).toEqual([next])
  expect(await other.journal.append(sampleNotice(3))).toMatchObject({ seq: 1 })
})

test('while nothing can be written, who asks whether everything is safe is told so', async () => {
  await using place = await createPlace()
  const { store: opened, protect } = await openWithDisk(place)
  await using store = opened
  const account = store.account(sampleAccount)
  await account.state.saved()
  protect(true)
  writeElse(account)
  await expect(account.journal.append(sampleNotice(1))).rejects.toThrow(StoreUnavailable)
  for (let asked = 0; asked < 2; asked++) {
    await expect(account.state.saved()).rejects.toThrow(
      'The database cannot be written: attempt to write a readonly database.',
    )
  }
  protect(false)
  await account.state.saved()
  expect(place.log.lines).toHaveLength(3)
  await account.state.saved()
})

test('on a disk that stays full, a turn with nothing to write is no proof that anything can be written', async () => {
  await using place = await createPlace()
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  const { store: opened, fill, free } = await openWithDisk(place)
  const at = prepare.mock.calls.findIndex(([sql]) => sql.startsWith('PRAGMA user_version ='))
  const touch = prepare.mock.results[at]!.value as StatementSync
  prepare.mockRestore()
  await using store = opened
  const account = store.account(sampleAccount)
  await account.state.saved()
  fill()
  // On a disk that is really full the next statement fails, which it does not for want of a page.
  const touched = vi.spyOn(touch, 'run').mockImplementation(() => {
    throw new Error('database or disk is full')
  })
  writeElse(account)
  await expect(account.journal.append(sampleMessage(1, { text: long }))).rejects.toThrow(StoreUnavailable)
  await expect(account.state.saved()).rejects.toThrow('The database cannot be written: database or disk is full.')
  free()
  touched.mockRestore()
  await account.state.saved()
})

test('ids given before a failed commit are not given again', async () => {
  await using place = await createPlace()
  const { store: opened, fill, free } = await openWithDisk(place)
  await using store = opened
  const { messages } = store.account(sampleAccount)
  fill()
  const id = messages.allocateId()
  writeElse(store.account(sampleAccount))
  await expect(messages.put(sampleMessage(id, { text: long }))).rejects.toThrow(StoreUnavailable)
  free()
  expect(messages.allocateId()).toBeGreaterThan(id)
})

test('a cursor that could not be saved is saved with its next move', async () => {
  await using place = await createPlace()
  const { store: opened, fill, free } = await openWithDisk(place)
  await using store = opened
  const { journal } = store.account(sampleAccount)
  fill()
  journal.advance('bot', 5)
  // It shares its turn with a write that cannot be done.
  const clock = place.clock.advance(200)
  writeElse(store.account(sampleAccount))
  await expect(journal.append(sampleMessage(1, { text: long }))).rejects.toThrow(StoreUnavailable)
  await clock
  expect(place.query('SELECT link, seq FROM cursor')).toEqual([])
  free()
  journal.advance('log', 1)
  await place.clock.advance(200)
  await place.clock.advance(50)
  expect(place.query('SELECT link, seq FROM cursor')).toEqual([
    ['bot', 5],
    ['log', 1],
  ])
})

test('the writes of one turn are one transaction, those of the next another', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { journal, messages } = store.account(sampleAccount)
  await messages.put(sampleMessage(1))
  await place.clock.advance(50)
  place.query(
    "CREATE TRIGGER fault BEFORE INSERT ON message WHEN new.message_id = 3 BEGIN SELECT RAISE(ABORT, 'no'); END",
  )
  writeElse(store.account(sampleAccount))
  const before = messages.put(sampleMessage(2))
  const faulty = messages.put(sampleMessage(3))
  await expect(before).rejects.toThrow(/cannot be written: no\./)
  await expect(faulty).rejects.toThrow(/cannot be written: no\./)
  expect(await journal.append(sampleNotice(1))).toMatchObject({ seq: 1 })
  await messages.put(sampleMessage(2))
})

test('the text of a message that is stored in the same turn is not kept twice', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { journal, messages } = store.account(sampleAccount)
  await Promise.all([journal.append(sampleMessage(1)), messages.put(sampleMessage(1)), journal.append(sampleNotice(1))])
  await place.clock.advance(50)
  expect(place.query('SELECT seq, message_id, body IS NULL FROM journal')).toEqual([
    [1, 1, 1],
    [2, null, 0],
  ])
})
