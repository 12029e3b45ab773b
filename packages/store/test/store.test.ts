import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { StoreUnavailable } from '@seekyou/store'
import { sampleAccount, sampleMessage, sampleNotice } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { createPlace } from './fixture.ts'

const program = fileURLToPath(new URL('./store-process.ts', import.meta.url))

/** A real second process on the data directory, once it has said what became of it. */
async function startProcess(dataDir: string, ...args: string[]) {
  const conditions = process.env['SEEKYOU_TEST_DIST'] ? [] : ['--conditions=@seekyou/source']
  const child = spawn(process.execPath, ['--expose-gc', ...conditions, program, dataDir, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  const said = JSON.parse(line) as { opened?: { seq: number; message_id: number }; refused?: string }
  return { ...said, kill, [Symbol.asyncDispose]: kill }
}

test('everything is in the data directory, and nobody else can read it', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { journal } = store.account(sampleAccount)
  await journal.append(sampleNotice(1))
  const { key } = await store.media.put(new Uint8Array([1, 2, 3]), 'image/png')
  const folder = `media/${key.slice(0, 2)}`
  const modeOf = async (path: string) => ((await stat(`${place.dataDir}/${path}`)).mode & 0o777).toString(8)
  for (const path of ['', 'media', folder]) expect(`${path} ${await modeOf(path)}`).toBe(`${path} 700`)
  for (const path of ['seekyou.db', 'seekyou.db-wal', 'seekyou.lock', `${folder}/${key}`]) {
    expect(`${path} ${await modeOf(path)}`).toBe(`${path} 600`)
  }
})

test('closing leaves one database file, and the directory free for the next', async () => {
  await using place = await createPlace()
  await (await place.open())[Symbol.asyncDispose]()
  expect((await readdir(place.dataDir)).toSorted()).toEqual(['seekyou.db', 'seekyou.lock'])
  await (await place.open())[Symbol.asyncDispose]()
})

test('a second store on the same data directory is refused while the first is open', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  await expect(place.open()).rejects.toThrow(StoreUnavailable)
  await expect(place.open()).rejects.toThrow(
    `The data directory ${place.dataDir} is in use by another process; stop that one, or choose another data_dir.`,
  )
  // The refusal must not have taken the lock away from the one who holds it.
  await using other = await startProcess(place.dataDir)
  expect(other.refused).toMatch(/^StoreUnavailable: .* is in use by another process/)
  await store.account(sampleAccount).journal.append(sampleNotice(1))
})

test('what another process wrote is there after it was killed, and its ids and seqs go on', async () => {
  await using place = await createPlace()
  await using other = await startProcess(place.dataDir)
  await expect(place.open()).rejects.toThrow(/is in use by another process/)
  await other.kill()
  await using store = await place.open()
  const { journal, messages, state } = store.account(sampleAccount)
  expect(journal.last()).toBe(other.opened?.seq)
  const [first, second] = await journal.read(0, 10)
  expect(first?.event).toMatchObject({ post_type: 'message', message_id: other.opened?.message_id })
  expect(second?.event).toMatchObject({ post_type: 'notice' })
  expect(messages.allocateId()).toBe(other.opened!.message_id + 1)
  expect([...(await state.entries())]).toEqual([['world', { users: 3 }]])
  expect(place.log.lines).toEqual([])
})

test('a data directory that cannot be written is refused in one sentence', async () => {
  await using place = await createPlace()
  await mkdir(place.dataDir)
  await chmod(dirname(place.dataDir), 0o755)
  await chmod(place.dataDir, 0o555)
  await using other = await startProcess(place.dataDir, 'nobody')
  expect(other.refused).toMatch(/^StoreUnavailable: The data directory [^ ]+ cannot be written: .*\.$/)
})

test('a data directory in which files are of another user is refused with the file and the users', async () => {
  await using place = await createPlace()
  await (await place.open())[Symbol.asyncDispose]()
  await chmod(dirname(place.dataDir), 0o755)
  await chmod(place.dataDir, 0o777)
  // Who is not root lends the file to nobody, and takes it for its own.
  await chmod(place.database, 0o400)
  await using other = await startProcess(place.dataDir, 'nobody')
  expect(other.refused).toMatch(/ cannot be written: EACCES: permission denied, access '[^']+\/seekyou\.(?:lock|db)'/)
  if (process.getuid?.() === 0) expect(other.refused).toMatch(/ \(it is of user 0, and this is user 65534\)\.$/)
})

test('a data directory that cannot be created is refused in one sentence', async () => {
  await using place = await createPlace()
  await writeFile(place.dataDir, '')
  await expect(place.open()).rejects.toThrow(`The data directory ${place.dataDir} is a file, not a directory.`)
  await expect(place.open({ dataDir: `${place.dataDir}/below` })).rejects.toThrow(/below cannot be created: .*\.$/)
  await expect(place.open()).rejects.toThrow(StoreUnavailable)
})

test('a data directory is created with the folders above it', async () => {
  await using place = await createPlace()
  await using _ = await place.open({ dataDir: `${place.dataDir}/a/b` })
  expect((await stat(`${place.dataDir}/a/b`)).mode & 0o777).toBe(0o700)
})

test.runIf(process.platform === 'linux')('a data directory below a folder that takes none is refused too', async () => {
  await using place = await createPlace()
  await expect(place.open({ dataDir: '/proc/seekyou/data' })).rejects.toThrow(/data cannot be created: .*\.$/)
})

test('a database of a newer version is refused and left as it is', async () => {
  await using place = await createPlace()
  await (await place.open())[Symbol.asyncDispose]()
  place.query('PRAGMA user_version = 99')
  await expect(place.open()).rejects.toThrow(StoreUnavailable)
  await expect(place.open()).rejects.toThrow(/was written by a newer version of seekyou \(its schema is 99, .*\)/)
  expect(place.query('PRAGMA user_version')).toEqual([[99]])
})

test('a database that no process may open is refused with the reason', async () => {
  await using place = await createPlace()
  await mkdir(place.database, { recursive: true })
  await expect(place.open()).rejects.toThrow(StoreUnavailable)
  await expect(place.open()).rejects.toThrow(/seekyou\.db cannot be opened: .*\.$/)
})

test('sync: full has every commit wait for the disk', async () => {
  await using place = await createPlace()
  await using store = await place.open({ sync: 'full' })
  expect(await store.account(sampleAccount).journal.append(sampleNotice(1))).toMatchObject({ seq: 1 })
  const { key } = await store.media.put(new Uint8Array([1]), 'image/png')
  expect(await store.media.get(key)).toMatchObject({ size: 1 })
})

/** What can become of the file of a database, by what is done to it. */
const damages: Record<string, (database: string) => Promise<void>> = {
  'not a database': (database) => writeFile(database, 'this was a database once'),
  'cut off in the middle': async (database) => truncate(database, Math.floor((await stat(database)).size / 2)),
  'cut off within a page': async (database) => truncate(database, (await stat(database)).size - 100),
  'overwritten at its beginning': (database) => overwrite(database, 0, 4096),
}

for (const [damage, inflict] of Object.entries(damages)) {
  test(`a database that is ${damage} is set aside with a warning, and a new one begins`, async () => {
    await using place = await createPlace()
    {
      await using store = await place.open()
      const { messages } = store.account(sampleAccount)
      await Promise.all(Array.from({ length: 100 }, (_, index) => messages.put(sampleMessage(index + 1))))
    }
    await inflict(place.database)
    const damaged = await readFile(place.database)
    expect((await readFile(await beginAnew(place))).equals(damaged)).toBe(true)
  })
}

test('damage inside the file is found after a process that did not end by itself', async () => {
  await using place = await createPlace()
  {
    await using store = await place.open()
    const { messages } = store.account(sampleAccount)
    await Promise.all(Array.from({ length: 100 }, (_, index) => messages.put(sampleMessage(index + 1))))
  }
  await using other = await startProcess(place.dataDir, 'behind')
  expect(other.opened).toBeDefined()
  await other.kill()
  await overwrite(place.database, 4096 * 16, 4096 * 18)
  const damaged = await readFile(place.database)
  const aside = await beginAnew(place)
  expect((await readFile(aside)).equals(damaged)).toBe(true)
  // What was written last may be saved by hand.
  expect((await stat(`${aside}-tail`)).size).toBeGreaterThan(0)
})

test('a strict store refuses a damaged database, says what to do, and leaves it as it is', async () => {
  await using place = await createPlace()
  await (await place.open())[Symbol.asyncDispose]()
  await writeFile(place.database, 'this was a database once')
  await expect(place.open({ strict: true })).rejects.toThrow(StoreUnavailable)
  await expect(place.open({ strict: true })).rejects.toThrow(/is damaged: .* --strict-store/)
  expect(await readFile(place.database, 'utf8')).toBe('this was a database once')
  expect(place.log.lines).toEqual([])
})

/** Opens a store whose files were cut, and appends: the journal goes on after what is left of it, or begins anew. */
async function goOnAfterCut(place: Awaited<ReturnType<typeof createPlace>>): Promise<number> {
  await using store = await place.open()
  const { journal, messages } = store.account(sampleAccount)
  const seqs = (await journal.read(0, 1000)).map(({ seq }) => seq)
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1))
  expect(await journal.append(sampleNotice(1))).toMatchObject({ seq: seqs.length + 1 })
  const id = messages.allocateId()
  await messages.put(sampleMessage(id))
  expect(await messages.get(sampleMessage(id).message_id)).toBeDefined()
  return seqs.length
}

test('a database that is cut off anywhere, with its log or without, never keeps the store from opening', async () => {
  await using source = await createPlace()
  {
    await using store = await source.open()
    const { journal, messages } = store.account(sampleAccount)
    for (let id = 1; id <= 60; id++) {
      await Promise.all([journal.append(sampleMessage(id, { text: 'x'.repeat(500) })), messages.put(sampleMessage(id))])
      // Each is a transaction of its own.
      await journal.read(id, 1)
    }
    // As a crash would leave them: most of it still in the log.
    await cp(source.dataDir, `${source.dataDir}-crashed`, { recursive: true })
  }
  for (const [from, file] of [
    [source.dataDir, 'seekyou.db'],
    [`${source.dataDir}-crashed`, 'seekyou.db'],
    [`${source.dataDir}-crashed`, 'seekyou.db-wal'],
  ] as const) {
    const { size } = await stat(`${from}/${file}`)
    for (let cut = 0; cut < 8; cut++) {
      await using place = await createPlace()
      await cp(from, place.dataDir, { recursive: true })
      const length = Math.floor(Math.random() * size)
      await truncate(`${place.dataDir}/${file}`, length)
      const left = await goOnAfterCut(place)
      // A log that is cut off is no damage: what was whole in it is there.
      if (file === 'seekyou.db-wal' && length > size / 2) expect([length, left > 0]).toEqual([length, true])
    }
  }
})

test('an emptied database is damaged as long as its log is there', async () => {
  await using place = await createPlace()
  await using other = await startProcess(place.dataDir)
  await other.kill()
  await truncate(place.database, 0)
  expect((await stat(await beginAnew(place))).size).toBe(0)
})

async function overwrite(path: string, from: number, to: number): Promise<void> {
  const bytes = await readFile(path)
  await writeFile(path, bytes.fill(0x5a, from, to))
}

/** Opens a store whose database is damaged; answers where that was set aside. */
async function beginAnew(place: Awaited<ReturnType<typeof createPlace>>): Promise<string> {
  const aside = `${place.database}.damaged-20260101T000000000Z`
  {
    await using store = await place.open()
    const { journal } = store.account(sampleAccount)
    expect(await journal.append(sampleNotice(1))).toMatchObject({ seq: 1 })
  }
  expect(place.log.lines).toMatchObject([{ level: 'warn', fields: { aside }, message: /set aside/ }])
  await using again = await place.open()
  expect(again.account(sampleAccount).journal.last()).toBe(1)
  return aside
}

test('the database can be read from outside while it is open', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  await store.account(sampleAccount).messages.put(sampleMessage(1))
  await place.clock.advance(50)
  using reader = new DatabaseSync(place.database, { readOnly: true })
  expect(reader.prepare('SELECT count(*) AS messages FROM message').get()).toMatchObject({ messages: 1 })
})
