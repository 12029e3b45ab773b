import { execFileSync } from 'node:child_process'
import { mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createTemporaryFolder } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { createOpenSource, failureOf } from './source.ts'

/** A folder with an open part and a closed one. */
async function createPlace() {
  const folder = await createTemporaryFolder()
  const [open, closed] = [join(folder.path, 'open'), join(folder.path, 'closed')]
  await mkdir(join(open, 'inner'), { recursive: true })
  await mkdir(closed)
  await writeFile(join(open, 'inner', 'a 图.txt'), 'open')
  await writeFile(join(closed, 'secret.txt'), 'closed')
  return { path: folder.path, open, closed, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}

const textOf = ({ bytes }: { readonly bytes: Uint8Array }) => Buffer.from(bytes).toString()
const path = { isPathAllowed: true }

describe('a file in an allowed folder', () => {
  it('is loaded by its file URL, and by its path where an action takes one', async () => {
    await using place = await createPlace()
    await using source = createOpenSource({ allowed_paths: [place.open] })
    const file = join(place.open, 'inner', 'a 图.txt')
    const loaded = await source.load(pathToFileURL(file).href)
    expect([textOf(loaded), loaded.name]).toEqual(['open', 'a 图.txt'])
    expect(textOf(await source.load(`file://${file}`))).toBe('open')
    expect(await source.load(file, path)).toEqual(loaded)
    expect(await failureOf(source.load(file))).toMatch(/^bad-params: /u)
  })

  it('may be reached through links, as long as it is really there', async () => {
    await using place = await createPlace()
    await symlink(place.open, join(place.path, 'link'))
    await symlink(join(place.open, 'inner'), join(place.open, 'short'))
    await using byLink = createOpenSource({ allowed_paths: [join(place.path, 'link')] })
    await using byFolder = createOpenSource({ allowed_paths: [place.open] })
    expect(textOf(await byLink.load(join(place.path, 'link', 'inner', 'a 图.txt'), path))).toBe('open')
    expect(textOf(await byLink.load(join(place.open, 'inner', 'a 图.txt'), path))).toBe('open')
    expect(textOf(await byFolder.load(join(place.open, 'short', 'a 图.txt'), path))).toBe('open')
  })

  it('may be missing, a folder, or too large', async () => {
    await using place = await createPlace()
    await using source = createOpenSource({ allowed_paths: [place.open], max_size: 1 })
    await truncate(join(place.open, 'inner', 'a 图.txt'), 2 ** 20 + 1)
    expect(await failureOf(source.load(join(place.open, 'b.txt'), path))).toMatch(/^FILE_NOT_FOUND: /u)
    expect(await failureOf(source.load(join(place.open, 'inner', 'a 图.txt', 'b'), path))).toMatch(/^FILE_NOT_FOUND: /u)
    expect(await failureOf(source.load(join(place.open, 'inner'), path))).toMatch(/^FILE_UNREADABLE: /u)
    expect(await failureOf(source.load(join(place.open, 'inner', 'a 图.txt'), path))).toMatch(/^FILE_TOO_LARGE: /u)
  })

  it.runIf(process.platform === 'linux')('may have a size that is a lie', async () => {
    await using source = createOpenSource({ allowed_paths: ['/proc'] })
    expect(textOf(await source.load('/proc/version', path))).toMatch(/linux/iu)
  })

  it.skipIf(process.platform === 'win32')('is no pipe, which would be waited for', async () => {
    await using place = await createPlace()
    execFileSync('mkfifo', [join(place.open, 'pipe')])
    await using source = createOpenSource({ allowed_paths: [place.open] })
    expect(await failureOf(source.load(join(place.open, 'pipe'), path))).toMatch(/^FILE_UNREADABLE: /u)
  })
})

describe('a file elsewhere', () => {
  it.each([
    ['in another folder', 'closed/secret.txt'],
    ['that is not there, told alike', 'closed/nothing.txt'],
    ['in a folder whose name begins alike', 'open-too/secret.txt'],
    ['that is the folder itself', 'open'],
    ['by way of ..', 'open/../closed/secret.txt'],
    ['by way of .., at the end', 'open/inner/..'],
    ['by way of .., encoded', 'open/%2e%2E/closed/secret.txt'],
    ['by way of .., encoded with its slash', 'open/..%2fclosed/secret.txt'],
    ['by way of .., the other way round', String.raw`open\..\closed\secret.txt`],
    ['behind a NUL', 'open/inner/a 图.txt\0/../../../closed/secret.txt'],
    ['behind an encoded NUL', 'open/inner/a%00.txt'],
    ['behind a linked file', 'open/link.txt'],
    ['behind a linked folder', 'open/way/secret.txt'],
  ])('is not loaded: %s', async (_, name) => {
    await using place = await createPlace()
    await mkdir(join(place.path, 'open-too'))
    await writeFile(join(place.path, 'open-too', 'secret.txt'), 'closed')
    await symlink(join(place.closed, 'secret.txt'), join(place.open, 'link.txt'))
    await symlink(place.closed, join(place.open, 'way'))
    await using source = createOpenSource({ allowed_paths: [place.open] })
    const forbidden =
      'FILE_FORBIDDEN: that file is in no folder whose files may be named; the operator lists those as files.allowed_paths'
    expect(await failureOf(source.load(`file://${place.path}/${name}`))).toBe(forbidden)
    expect(await failureOf(source.load(`${place.path}/${name}`, path))).toBe(forbidden)
  })

  it('is every file, when no folder is allowed', async () => {
    await using place = await createPlace()
    await using source = createOpenSource()
    expect(await failureOf(source.load(join(place.open, 'inner', 'a 图.txt'), path))).toMatch(/^FILE_FORBIDDEN: /u)
  })

  it('cannot be had by swapping a folder on the way', async () => {
    await using place = await createPlace()
    await using source = createOpenSource({ allowed_paths: [place.open] })
    await writeFile(join(place.closed, 'a 图.txt'), 'closed')
    const inner = join(place.open, 'inner')
    const over = new AbortController()
    const swapping = (async () => {
      await symlink(place.closed, join(place.path, 'trap'))
      while (!over.signal.aborted) {
        await rename(inner, join(place.path, 'real'))
        await rename(join(place.path, 'trap'), inner)
        await rename(inner, join(place.path, 'trap'))
        await rename(join(place.path, 'real'), inner)
      }
    })()
    for (let count = 0; count < 200; count++) {
      const loaded = await source.load(join(inner, 'a 图.txt'), path).then(textOf, () => 'refused')
      expect(['open', 'refused']).toContain(loaded)
    }
    over.abort()
    await swapping
  })

  it.each(['file://host/a', 'file://./a.png', 'file:a/b%2fc'])('needs an absolute path: %s', async (file) => {
    await using source = createOpenSource({ allowed_paths: ['/'] })
    expect(await failureOf(source.load(file))).toMatch(/^bad-params: a file on this machine is named file:\/\/\//u)
  })

  it.each(['a.txt', './a.txt', ''])('needs an absolute path where paths are taken: %j', async (file) => {
    await using source = createOpenSource({ allowed_paths: ['/'] })
    expect(await failureOf(source.load(file, path))).toMatch(/^bad-params: /u)
  })
})

it('stored media can be named by its path, and nothing else beside it', async () => {
  await using place = await createPlace()
  const key = 'a'.repeat(64)
  const stored = join(place.closed, key)
  await writeFile(stored, 'stored')
  const media = {
    get: async () => undefined,
    localPath: async (asked: string) => (asked === key ? stored : undefined),
  }
  await using source = createOpenSource({ media })
  expect(textOf(await source.load(`file://${stored}`))).toBe('stored')
  expect(textOf(await source.load(stored, path))).toBe('stored')
  // As it was told, also in a message, where no other path is a file.
  expect(textOf(await source.load(stored))).toBe('stored')
  expect(await failureOf(source.load(join(place.open, key)))).toMatch(/^FILE_FORBIDDEN: /u)
  expect(await failureOf(source.load(join(place.closed, 'secret.txt')))).toMatch(/^bad-params: /u)
  expect(await failureOf(source.load(join(place.closed, 'secret.txt'), path))).toMatch(/^FILE_FORBIDDEN: /u)
  expect(await failureOf(source.load(join(place.open, key), path))).toMatch(/^FILE_FORBIDDEN: /u)
})
