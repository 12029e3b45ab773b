import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { StoreUnavailable } from '@seekyou/store'
import { expect, test } from 'vitest'
import { createPlace } from './fixture.ts'

const MINUTE = 60_000

const bytesOf = (text: string) => new TextEncoder().encode(text)

async function filesIn(dataDir: string): Promise<string[]> {
  const entries = await readdir(`${dataDir}/media`, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

test('a file stands under the first two digits of its key, alone', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { key } = await store.media.put(bytesOf('one'), 'image/png')
  await store.media.put(bytesOf('one'), 'image/png')
  expect(await readdir(`${place.dataDir}/media/${key.slice(0, 2)}`)).toEqual([key])
})

test('files beyond the age are removed, counted from when they were last stored', async () => {
  await using place = await createPlace()
  await using store = await place.open({ media: { max_age: 600 } })
  const { media } = store
  const old = await media.put(bytesOf('old'), 'image/png')
  const again = await media.put(bytesOf('again'), 'image/png')
  await place.clock.advance(8 * MINUTE)
  await media.put(bytesOf('again'), 'image/png')
  await place.clock.advance(4 * MINUTE)
  expect(await media.get(old.key)).toBeUndefined()
  expect(await media.get(again.key)).toBeDefined()
  expect(await filesIn(place.dataDir)).toEqual([again.key])
})

test('of more bytes than may be kept, the oldest files are removed', async () => {
  await using place = await createPlace()
  await using store = await place.open({ media: { max_size: 25 / 2 ** 20 } })
  const keys: string[] = []
  for (const letter of 'abcd') {
    keys.push((await store.media.put(bytesOf(letter.repeat(10)), 'image/png')).key)
    await place.clock.advance(1000)
  }
  await place.clock.advance(MINUTE)
  expect((await filesIn(place.dataDir)).toSorted()).toEqual(keys.slice(2).toSorted())
})

test('a file that is gone or cut off is not there, until it is stored again', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const bytes = bytesOf('a picture')
  const { key } = await store.media.put(bytes, 'image/png')
  const path = `${place.dataDir}/media/${key.slice(0, 2)}/${key}`
  await truncate(path, 3)
  expect(await store.media.get(key)).toBeUndefined()
  await store.media.put(bytes, 'image/png')
  expect(await store.media.get(key)).toBeDefined()
  await rm(path)
  expect(await store.media.get(key)).toBeUndefined()
  await store.media.put(bytes, 'image/png')
  expect(await store.media.get(key)).toBeDefined()
})

test('files that a crash left behind are swept away within hours, the others stay', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { key } = await store.media.put(bytesOf('kept'), 'image/png')
  const unknown = '0'.repeat(64)
  await mkdir(`${place.dataDir}/media/00`, { recursive: true })
  await writeFile(`${place.dataDir}/media/00/${unknown}`, 'unknown')
  await writeFile(`${place.dataDir}/media/${key.slice(0, 2)}/${key}.0.tmp`, 'half')
  for (let hour = 0; hour < 5; hour++) await place.clock.advance(60 * MINUTE)
  expect(await filesIn(place.dataDir)).toEqual([key])
})

test('files are not swept away while they are being stored', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const names = Array.from({ length: 200 }, (_, index) => `file ${index}`)
  const [stored] = await Promise.all([
    Promise.all(names.map((name) => store.media.put(bytesOf(name), 'text/plain'))),
    place.clock.advance(600 * MINUTE),
  ])
  expect((await filesIn(place.dataDir)).toSorted()).toEqual(stored.map(({ key }) => key).toSorted())
})

test('a file that cannot be written is refused with the reason and leaves nothing', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  await rm(`${place.dataDir}/media`, { recursive: true, force: true })
  await writeFile(`${place.dataDir}/media`, 'in the way')
  await expect(store.media.put(bytesOf('a'), 'image/png')).rejects.toThrow(StoreUnavailable)
})

test('a stored file has an absolute path, as long as it is whole', async () => {
  await using place = await createPlace()
  await using store = await place.open({ dataDir: relative(process.cwd(), place.dataDir) })
  const { key } = await store.media.put(bytesOf('a picture'), 'image/png')
  const path = `${place.dataDir}/media/${key.slice(0, 2)}/${key}`
  expect(await store.media.localPath(key)).toBe(path)
  await truncate(path, 3)
  expect(await store.media.localPath(key)).toBeUndefined()
  await rm(path)
  expect(await store.media.localPath(key)).toBeUndefined()
  expect(await store.media.localPath('../../seekyou.db')).toBeUndefined()
})

test('clearing the cache removes the files too, many of them in several turns', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const kept = await store.media.put(bytesOf('kept'), 'image/png')
  for (let count = 0; count < 50; count++) await store.media.put(bytesOf(`${count}`), 'image/png', { isCached: true })
  expect(await store.media.clearCache()).toBe(50)
  expect(await filesIn(place.dataDir)).toEqual([kept.key])
})

test('what is put for keeps while the cache is being cleared is kept', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const cached = { isCached: true }
  const texts = Array.from({ length: 400 }, (_, index) => `${index}`)
  const stored = await Promise.all(texts.map((text) => store.media.put(bytesOf(text), 'image/png', cached)))
  // Files are cleared in the order of their keys, some at a time; this one comes last.
  const keys = stored.map(({ key }) => key)
  const last = keys.toSorted().at(-1)!
  const clearing = store.media.clearCache()
  await store.media.put(bytesOf(texts[keys.indexOf(last)]!), 'image/png')
  await clearing
  expect(await store.media.get(last)).toBeDefined()
  expect(await filesIn(place.dataDir)).toEqual([last])
})

test('what was stored before there was a cache is kept', async () => {
  await using place = await createPlace()
  {
    await using store = await place.open()
    await store.media.put(bytesOf('a picture'), 'image/png')
  }
  place.query('ALTER TABLE media DROP COLUMN cached')
  place.query('ALTER TABLE message DROP COLUMN last_byte')
  place.query('DROP TABLE dead_letter')
  place.query('DROP TABLE call')
  place.query('DROP TABLE tail')
  place.query('PRAGMA user_version = 1')
  await using store = await place.open()
  expect(await store.media.clearCache()).toBe(0)
  expect(await filesIn(place.dataDir)).toHaveLength(1)
})
