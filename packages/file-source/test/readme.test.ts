import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fileSource from '@seekyou/file-source'
import { fileSourceOptions } from '@seekyou/file-source'
import * as protocol from '@seekyou/protocol'
import { createTemporaryFolder, examplesOf, runExample } from '@seekyou/testkit'
import { expect, it } from 'vitest'

it('the README lists every option as it is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, table = ''] = readme.split('## Options')
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
  const options = Object.entries(fileSourceOptions.shape).map(([key, option]) => [
    key,
    JSON.stringify(option.def.defaultValue),
    option.description ?? option.unwrap().description,
  ])
  expect(rows).toEqual(options)
})

it('the example of the README loads files, but for the one that is far away', async () => {
  await using folder = await createTemporaryFolder()
  await writeFile(join(folder.path, 'cat.png'), 'a cat')
  const [example = ''] = examplesOf(new URL('../README.md', import.meta.url))
  const code = example.replaceAll('/srv/pictures', folder.path).replace(/^.*https:.*$/m, '')
  const modules = { '@seekyou/file-source': fileSource, '@seekyou/protocol': protocol }
  expect(await runExample(`${code}\nbytes.byteLength // → 8`, { modules })).toBe(1)
})
