import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { ConfigError } from '../src/config-error.ts'
import { loadConfig } from '../src/config.ts'

const names = 'abcdefghij'.split('')
/** Nine to the tenth in three hundred bytes. */
const bomb = names.map((name, index) => `${name}: &${name} [${`*${names[index - 1]},`.repeat(9)}]`).with(0, 'a: &a [x]')

test.each<[what: string, name: string, text: string, reason: string]>([
  ['a bomb', 'seekyou.yml', bomb.join('\n'), 'add up to too much'],
  ['a bomb', 'config.yml', `account: 1\n${bomb.join('\n')}`, 'add up to too much'],
  ['a list in itself', 'seekyou.yml', 'data_dir: &a [*a]\n', 'stands for a block that it is itself in'],
  ['a list in itself', 'config.yml', 'account: 1\nservers: &a [*a]\n', 'stands for a block that it is itself in'],
  ['a block merged with itself', 'config.yml', 'account: &a { <<: *a }\n', 'stands for a block that it is itself in'],
  ['a number merged', 'config.yml', 'account: 1\n<<: 1\n', 'Merge sources must be maps'],
  ['a deep list', 'seekyou.yml', '- '.repeat(5000), 'too deep'],
  ['deep blocks', 'seekyou.yml', '{a: '.repeat(2000), 'too deep'],
  ['deep blocks', 'config.json', '{"a":'.repeat(2000), 'too deep'],
])('%s in %s is refused in one sentence', async (_, name, text, reason) => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, name)
  await writeFile(file, text)
  const error: unknown = await loadConfig(file, {}, {}).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConfigError)
  expect(String(error)).toContain(reason)
  expect(String(error)).not.toContain('call stack')
})

test.each([
  ['lists that never end', 'a: [\n'.repeat(10_000), /:22:1: here and on 9979 more lines it goes on like this/],
  ['bots that are none', `bots:\n${'- 1\n'.repeat(10_000)}`, /:22:3: bots\[20\] and 9979 more cannot be used either/],
])('of ten thousand %s the first are told, and how many more', async (_, text, rest) => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  await writeFile(file, text)
  const error: unknown = await loadConfig(file, {}, {}).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConfigError)
  expect((error as ConfigError).problems).toHaveLength(21)
  expect((error as ConfigError).message).toMatch(rest)
})

test('what is said of a text that is no YAML repeats no secret of it', async () => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'config.yml')
  await writeFile(file, ' { a: 1 }\nservers: []\ndefault-middlewares:\n  access-token: ${TOKEN}\n')
  const error: unknown = await loadConfig(file, {}, { TOKEN: 'the-secret-token' }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConfigError)
  expect(String(error)).not.toContain('the-secret-token')
})

test('a value of half a megabyte is refused as soon as one of a few letters', async () => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  await writeFile(file, `data_dir: [${'a'.repeat(500_000)}]\n`)
  await expect(loadConfig(file, {}, {})).rejects.toThrow('takes text')
})
