import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTemporaryFolder, runProgram } from '@seekyou/testkit'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { importedText } from '../src/config-import-file.ts'
import { loadConfig } from '../src/config.ts'
import type { LoadedConfig } from '../src/config.ts'

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
const files = (await readdir(fixtures, { recursive: true })).filter((name) => /config\.\w+$|\.yml$/.test(name))

/** What the configuration comes to, with its relative paths led to their ends. */
function effective({ config, folder }: LoadedConfig): unknown {
  const from = (path: string | undefined) => path && resolve(folder, path)
  const filter = <Link extends { readonly filter?: unknown }>(link: Link): Link =>
    typeof link.filter === 'string' ? { ...link, filter: from(link.filter) } : link
  return {
    ...config,
    data_dir: from(config.data_dir),
    bots: config.bots.map((bot) => ({
      ...bot,
      listen: bot.listen.map((link) => ({
        ...filter(link),
        data_files: from(link.data_files),
        socket: from(link.socket),
      })),
      connect: bot.connect.map(filter),
    })),
  }
}

/** Loads a foreign configuration, and the seekyou.yml that is made of it. */
async function bothWays(original: string, target: string, env: NodeJS.ProcessEnv) {
  const loaded = await loadConfig(original, {}, env)
  const text = importedText(loaded, target)
  await writeFile(target, text)
  return { text, before: effective(loaded), after: effective(await loadConfig(target, {}, env)) }
}

const environments: readonly NodeJS.ProcessEnv[] = [
  {},
  {
    BOT_TOKEN: 'tokén # of, "mine',
    BOT_HTTP: '127.0.0.1:5799',
    BOT_HEARTBEAT: '-1',
    BOT_SECRET: "x:y'{z}",
    BOT_PORT: '81',
  },
]

describe.each(files)('%s', (name) => {
  test.each([
    ['beside it', ''],
    ['in another folder', 'elsewhere/deep'],
  ])('comes to the same when it is written anew %s', async (_, folder) => {
    await using temporary = await createTemporaryFolder()
    const original = join(temporary.path, name)
    await mkdir(dirname(original), { recursive: true })
    await writeFile(original, await readFile(join(fixtures, name)))
    const target = join(dirname(original), folder, 'seekyou.yml')
    await mkdir(dirname(target), { recursive: true })
    for (const env of environments) {
      const { before, after } = await bothWays(original, target, env)
      expect(after).toEqual(before)
    }
  })
})

test('any text that go-cqhttp takes comes over as it is', async () => {
  await using temporary = await createTemporaryFolder()
  const [original, target] = ['config.yml', 'seekyou.yml'].map((name) => join(temporary.path, name)) as [string, string]
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      'null',
      '~',
      '0123',
      'yes',
      '${A b}',
      '${NAME:a b}',
      '"',
      "'",
      '# x',
      '…',
      '\\x24{A}',
      '- a',
      'a: b',
      ' ',
    ),
  )
  await fc.assert(
    fc.asyncProperty(text, text, async (token, secret) => {
      const quoted = (value: string) => JSON.stringify(value)
      await writeFile(
        original,
        `servers:\n  - http:\n      address: 127.0.0.1:5700\n      post: [{ url: "http://127.0.0.1/", secret: ${quoted(secret)} }]\n` +
          `      middlewares: { access-token: ${quoted(token)} }\n`,
      )
      const { before, after } = await bothWays(original, target, {})
      expect(after).toEqual(before)
    }),
    { numRuns: 60 },
  )
})

test('what the environment gives stays with the environment', async () => {
  await using temporary = await createTemporaryFolder()
  const target = join(temporary.path, 'seekyou.yml')
  const env = { BOT_TOKEN: 'geheim', BOT_SECRET: 'verborgen' }
  const { text } = await bothWays(join(fixtures, 'go-cqhttp', 'environment.yml'), target, env)
  expect(text).toContain('access_token: "${BOT_TOKEN:}" # BOT_TOKEN in ')
  expect(text).toContain('url: "http://127.0.0.1:${BOT_PORT:8081}/" # ')
  expect(text).not.toMatch(/geheim|verborgen/)
})

test('the command writes a file for its owner alone, with reasons at the top, and overwrites none', async () => {
  await using folder = await createTemporaryFolder()
  const run = async (...args: readonly string[]) => {
    await using command = runProgram(['import', ...args], { folder: folder.path })
    const { code } = await command.exit
    return { code, stdout: command.stdout.join('\n'), stderr: command.stderr.join('\n') }
  }
  // As go-cqhttp makes it; whether that is safe is for the start to say.
  await writeFile(join(folder.path, 'open.yml'), 'servers: [{ http: { address: 0.0.0.0:5700 } }]\n')
  expect(await run('open.yml', '-o', 'made.yml')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^made\.yml is written.*\nseekyou check made\.yml tells/),
  })
  await expect(loadConfig(join(folder.path, 'made.yml'), {}, {})).rejects.toThrow(/set SEEKYOU_TOKEN/)
  const original = join(fixtures, 'go-cqhttp', 'http-only.yml')
  expect(await run(original)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^seekyou\.yml is written; \d+ remarks/),
  })
  const written = join(folder.path, 'seekyou.yml')
  expect((await stat(written)).mode & 0o777).toBe(0o600)
  const text = await readFile(written, 'utf8')
  expect(text).toMatch(/^# yaml-language-server: \$schema=\S+seekyou\.schema\.json\n# Made of /)
  expect(text).toMatch(/^# - account\.uin: the world/m)
  expect(text).toMatch(/port: 5700 # \S+:\d+ \(servers\[0\]\.http\.address\)$/m)

  await writeFile(written, '# mine')
  expect(await run(original)).toMatchObject({ code: 1, stderr: expect.stringContaining('is not overwritten') })
  expect(await readFile(written, 'utf8')).toBe('# mine')
  expect(await run(original, '--force')).toMatchObject({ code: 0 })
  expect(await run(written, '-o', 'other.yml')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is a configuration of this program already'),
  })
})
