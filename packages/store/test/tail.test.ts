import { cp, mkdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises'
import type { AccountStore } from '@seekyou/protocol'
import { sampleAccount, sampleMessage, sampleNotice } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { createPlace } from './fixture.ts'

/** Writes something of every kind that the tail takes, a turn each. */
async function writeSome({ journal, messages, state }: AccountStore): Promise<void> {
  state.put('world', { users: 3, name: '世界' })
  state.put('gone', 1)
  const message = sampleMessage(messages.allocateId(), { text: '第一条\n"quoted"' })
  await Promise.all([journal.append(message), messages.put(message)])
  state.delete('gone')
  journal.advance('bot', 1)
  await journal.append(sampleNotice(1))
  await journal.append(sampleMessage(7))
}

/** What is there of it. */
async function read({ journal, messages, state }: AccountStore) {
  return {
    last: journal.last(),
    entries: await journal.read(0, 100),
    cursors: await journal.cursors(),
    messages: await messages.list({ after: 0, limit: 100 }),
    state: [...(await state.entries())],
  }
}

/** A copy of the data directory as a process that is killed now would leave it. */
async function kill(place: Awaited<ReturnType<typeof createPlace>>) {
  const dataDir = `${place.dataDir}-killed`
  await cp(place.dataDir, dataDir, { recursive: true })
  return { dataDir, tail: `${dataDir}/seekyou.db-tail` }
}

test('what was written last before the end of a process is there after it, as if it had been read at once', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  await writeSome(store.account(sampleAccount))
  const { dataDir } = await kill(place)
  expect(place.query('SELECT count(*) FROM journal')).toEqual([[0]])
  await using next = await place.open({ dataDir })
  const account = next.account(sampleAccount)
  expect(await read(account)).toEqual(await read(store.account(sampleAccount)))
  expect(account.messages.allocateId()).toBe(2)
  expect(await account.journal.append(sampleNotice(2))).toMatchObject({ seq: 4 })
  expect(place.log.lines).toEqual([])
})

test('the database has it 50 ms later, and the tail is empty', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  await writeSome(store.account(sampleAccount))
  const tail = `${place.dataDir}/seekyou.db-tail`
  expect((await stat(tail)).size).toBeGreaterThan(0)
  await place.clock.advance(50)
  expect(place.query('SELECT seq, message_id, body IS NULL FROM journal')).toEqual([
    [1, 1, 1],
    [2, null, 0],
    [3, 7, 0],
  ])
  expect((await stat(tail)).size).toBe(0)
})

test('what was written last can be read at once, and who reads what is older does not wait for it', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { messages, state } = store.account(sampleAccount)
  const sizeOfTail = async () => (await stat(`${place.dataDir}/seekyou.db-tail`)).size
  await writeSome(store.account(sampleAccount))
  await place.clock.advance(50)
  const message = sampleMessage(messages.allocateId())
  state.put('world', 'another')
  await messages.put(message)
  expect(await state.get('gone')).toBeUndefined()
  expect(await messages.get(sampleMessage(1).message_id)).toBeDefined()
  expect(await sizeOfTail()).toBeGreaterThan(0)
  expect(await state.get('world')).toBe('another')
  expect(await sizeOfTail()).toBe(0)
  await messages.put(sampleMessage(messages.allocateId()))
  expect(await messages.get(sampleMessage(3).message_id)).toBeDefined()
})

test('a turn that was being written when the process ended is left out, those before it are there', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  await writeSome(store.account(sampleAccount))
  const { dataDir, tail } = await kill(place)
  const whole = await readFile(tail)
  for (const [index, end] of ['', '\0\0\0\n', '["event",1\n[]\n', '0\n'].entries()) {
    await writeFile(tail, Buffer.concat([whole.subarray(0, -10), Buffer.from(end)]))
    const copy = `${dataDir}-${index}`
    await cp(dataDir, copy, { recursive: true })
    await using next = await place.open({ dataDir: copy })
    expect((await read(next.account(sampleAccount))).entries.map(({ seq }) => seq)).toEqual([1, 2])
  }
})

test('a tail that the database has already is not done again, nor is that of another database', async () => {
  await using place = await createPlace()
  await using elsewhere = await createPlace()
  await using other = await elsewhere.open()
  await writeSome(other.account(sampleAccount))
  let tail: string
  let before: Awaited<ReturnType<typeof read>>
  {
    await using store = await place.open()
    const { state } = store.account(sampleAccount)
    await writeSome(store.account(sampleAccount))
    ;({ tail } = await kill(place))
    state.put('world', 'another')
    await state.saved()
    before = await read(store.account(sampleAccount))
  }
  for (const left of [tail, `${elsewhere.dataDir}/seekyou.db-tail`]) {
    await cp(left, `${place.dataDir}/seekyou.db-tail`)
    await using store = await place.open()
    expect(await read(store.account(sampleAccount))).toEqual(before)
  }
})

test('while the database does not take what is in the tail, nothing more is promised, and nothing promised is lost', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { journal, state } = store.account(sampleAccount)
  await writeSome(store.account(sampleAccount))
  place.query("CREATE TRIGGER fault BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no'); END")
  await place.clock.advance(50)
  expect(place.log.lines).toMatchObject([{ level: 'error', message: /does not take/ }])
  await expect(journal.append(sampleNotice(2))).rejects.toThrow('The database cannot be written: no.')
  await expect(state.saved()).rejects.toThrow('The database cannot be written: no.')
  await expect(journal.read(0, 10)).rejects.toThrow('The database cannot be written: no.')
  place.query('DROP TRIGGER fault')
  await journal.append(sampleNotice(3))
  expect((await journal.read(0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
})

test('where there can be no tail the database takes everything at once', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const blocked = `${place.dataDir}/seekyou.db-tail`
  await mkdir(blocked)
  await writeSome(store.account(sampleAccount))
  expect(place.query('SELECT count(*) FROM journal')).toEqual([[3]])
  expect(place.log.lines[0]).toMatchObject({ level: 'warn', message: /seekyou.db-tail cannot be written/ })
  await rmdir(blocked)
})
