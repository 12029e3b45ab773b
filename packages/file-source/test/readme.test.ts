import { readFileSync } from 'node:fs'
import { fileSourceOptions } from '@seekyou/file-source'
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
