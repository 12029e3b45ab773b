import { appendFile, mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '@seekyou/protocol'
import { createRecordingLogger, createTemporaryFolder } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { createFileWatch } from '../src/file-watch.ts'

const patiently = { timeout: 10_000, interval: 10 }

/** A watch on files of a folder of its own, and how often it has told of a change. */
async function startWatch(...names: readonly string[]) {
  const folder = await createTemporaryFolder()
  const log = createRecordingLogger()
  const pathOf = (name: string) => join(folder.path, name)
  const seen = { changes: 0 }
  const watch = createFileWatch({ onChange: () => void seen.changes++, clock: systemClock, log })
  return {
    pathOf,
    log,
    watch: (...files: readonly string[]) => watch.watch(files.map(pathOf)),
    write: (name: string, text: string) => writeFile(pathOf(name), text),
    /** Does something, and waits until it was told of. */
    tells: async (act: () => Promise<unknown>) => {
      const before = seen.changes
      await act()
      await expect.poll(() => seen.changes, patiently).toBe(before + 1)
    },
    seen,
    begin: () => watch.watch(names.map(pathOf)),
    async [Symbol.asyncDispose]() {
      watch[Symbol.dispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

test('tells of a file that is written, replaced, removed and there again', async () => {
  await using started = await startWatch('a')
  const { begin, pathOf, write, tells } = started
  await write('a', '1')
  begin()
  await tells(() => write('a', '22'))
  await tells(async () => {
    await write('a~', '333')
    await rename(pathOf('a~'), pathOf('a'))
  })
  await tells(() => unlink(pathOf('a')))
  await tells(() => write('a', '4444'))
  // As some editors do it: the old one is kept, the new one is written where it was.
  await tells(async () => {
    await rename(pathOf('a'), pathOf('a.bak'))
    await write('a', '55555')
  })
})

test('tells of a file that was not there, and once of what is written piece by piece', async () => {
  await using started = await startWatch('a')
  const { begin, pathOf, tells } = started
  begin()
  await tells(async () => {
    for (let piece = 0; piece < 30; piece++) await appendFile(pathOf('a'), `${piece}\n`)
  })
})

test('tells of a link that comes to lead elsewhere, as those of Kubernetes do', async () => {
  await using started = await startWatch('a')
  const { begin, pathOf, tells } = started
  for (const version of ['v1', 'v2']) {
    await mkdir(pathOf(version))
    await writeFile(pathOf(`${version}/a`), version)
  }
  await symlink('v1', pathOf('current'))
  await symlink('current/a', pathOf('a'))
  begin()
  await tells(async () => {
    await symlink('v2', pathOf('next'))
    await rename(pathOf('next'), pathOf('current'))
  })
  await tells(() => writeFile(pathOf('v2/a'), 'changed'))
})

test('says nothing of other files, however often they are written', async () => {
  await using started = await startWatch('a')
  const { begin, seen, write, tells } = started
  await write('a', '1')
  begin()
  for (let time = 0; time < 50; time++) await write('b', `${time}`)
  await tells(() => write('a', '22'))
  expect(seen.changes).toBe(1)
})

test('watches other files once it is told to, also in a folder that nobody watched', async () => {
  await using started = await startWatch('a')
  const { begin, pathOf, watch, seen, write, tells } = started
  await mkdir(pathOf('sub'))
  begin()
  watch('sub/b')
  await tells(() => write('sub/b', '1'))
  await write('a', '1')
  await tells(() => write('sub/b', '22'))
  expect(seen.changes).toBe(2)
})

test('says so where a folder cannot be watched', async () => {
  await using started = await startWatch()
  const { pathOf, watch, log } = started
  await rm(pathOf('none'), { force: true })
  watch('none/a')
  await expect
    .poll(() => log.lines, patiently)
    .toMatchObject([{ level: 'warn', message: expect.stringContaining('SIGHUP') }])
})
