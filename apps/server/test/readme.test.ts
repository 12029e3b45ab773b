import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder, startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { configSchema } from '../src/config-schema.ts'
import { loadConfig } from '../src/config.ts'

/** One table for each block of keys, read off the schema. */
function tables(schema: z.core.$ZodType, path: string): string[] {
  const here = bare(schema)
  if (here instanceof z.ZodArray) return tables(here.element, `${path}[]`)
  if (here instanceof z.ZodDiscriminatedUnion) {
    return here.options.flatMap((option) => {
      const type = (option as z.ZodObject).shape['type'] as z.ZodLiteral
      return tables(option, `${path} (type: ${type.value})`)
    })
  }
  if (!(here instanceof z.ZodObject)) return []
  const fields = Object.entries(here.shape).filter(([key]) => key !== 'type')
  const rows = fields.filter(([, field]) => !isBlock(field))
  const table = [
    `**${path || 'top level'}**`,
    '',
    '| key | default | meaning |',
    '| --- | --- | --- |',
    ...rows.map(
      ([key, field]) =>
        `| \`${key}\` | ${defaultOf(field)} | ${escaped(z.globalRegistry.get(field)?.description ?? meaning(field))} |`,
    ),
    '',
  ].join('\n')
  const inner = fields
    .filter(([, field]) => isBlock(field))
    .flatMap(([key, field]) => tables(field, path ? `${path}.${key}` : key))
  return [...(rows.length > 0 ? [table] : []), ...inner]
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  const isWrapped =
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodLazy
  return isWrapped ? bare(schema.unwrap()) : schema
}

function isBlock(field: z.core.$ZodType): boolean {
  const here = bare(field)
  if (here instanceof z.ZodArray) return isBlock(here.element)
  return here instanceof z.ZodObject || here instanceof z.ZodDiscriminatedUnion
}

function meaning(field: z.core.$ZodType): string {
  const description = z.globalRegistry.get(bare(field))?.description
  if (!description) throw new Error('a key of the configuration has no description')
  return description
}

/** Between bars, and not mistaken for a tag. */
function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;')
}

function defaultOf(field: z.core.$ZodType): string {
  if (field instanceof z.ZodDefault) return `\`${JSON.stringify(field.def.defaultValue)}\``
  return field instanceof z.ZodOptional ? '' : 'required'
}

test('the README lists every key of the configuration', async () => {
  const file = new URL('../README.md', import.meta.url)
  const readme = await readFile(file, 'utf8')
  const [head, rest] = readme.split('<!-- options -->') as [string, string]
  const tail = rest.split('<!-- /options -->')[1]
  const generated = `${head}<!-- options -->\n\n${tables(configSchema, '').join('\n')}\n<!-- /options -->${tail}`
  if (process.env['UPDATE_REFERENCE']) await writeFile(file, generated)
  // The formatter pads table cells; what they say is what counts.
  const squeeze = (text: string): string =>
    text
      .replace(/ *\| */g, '|')
      .replace(/-{3,}/g, '---')
      .replace(/\n+/g, '\n')
  expect(squeeze(await readFile(file, 'utf8')), 'run the test with UPDATE_REFERENCE=1').toBe(squeeze(generated))
})

test('the example configuration can be used as it is', async () => {
  const { config } = await loadConfig('seekyou.example.yml', {}, {})
  expect(config.bots[0]!.connect.map(({ name }) => name)).toEqual(['nonebot', 'my-bot'])
})

const guide = new URL('../../docs/', import.meta.url)
const guidePages = ['', 'zh/'].flatMap((language) =>
  ['quick-start', 'frameworks', 'migrate-from-go-cqhttp'].map((page) => `${language}${page}.md`),
)

test.each(guidePages)('the page %s shows configurations that can be used as they are', async (page) => {
  await using folder = await createTemporaryFolder()
  const text = await readFile(new URL(page, guide), 'utf8')
  const examples = [...text.matchAll(/^```yaml\n((?:bots|defaults|tokens):.*?)^```/gms)].map(([, example]) => example!)
  expect(examples).not.toEqual([])
  // A ConfigError says what is wrong with which of them.
  for (const [index, example] of examples.entries()) {
    const file = join(folder.path, `${index}.yml`)
    await writeFile(file, example)
    await loadConfig(file, {}, {})
  }
})

describe.each(['README.md', 'README.zh-CN.md'])('the %s of the repository', (name) => {
  let readme = ''
  let program: Program
  beforeAll(async () => {
    readme = await readFile(new URL(`../../../${name}`, import.meta.url), 'utf8')
    program = await startProgram()
  })
  afterAll(() => program[Symbol.asyncDispose]())

  /** Its examples in one language. */
  const examples = (language: string) =>
    [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, example = '']) => example)
  const here = (text: string) => text.replaceAll('127.0.0.1:5700', `127.0.0.1:${program.port}`)
  const saidBy = async (userId: number, chat: Readonly<Record<string, string>>) => {
    const { messages } = await program.look<{ messages: { user_id: number; message: unknown }[] }>('messages', chat)
    return messages.filter(({ user_id }) => user_id === userId).map(({ message }) => message)
  }

  test('shows requests that do what it says', async () => {
    const commands = examples('sh').join('').replaceAll('\\\n', ' ').split('\n')
    const requests = commands.filter((line) => line.startsWith('curl '))
    expect(requests).toHaveLength(4)
    for (const line of requests) {
      const [, url = ''] = /'?(http:[^' ]+)'?/.exec(line) ?? []
      const [, body] = / -d '(.*)'/.exec(line) ?? []
      const post = body !== undefined && { method: 'POST', headers: { 'content-type': 'application/json' }, body }
      const answer: unknown = await (await fetch(here(url), { ...post })).json()
      expect({ line, answer }).toMatchObject({ answer: { status: 'ok' } })
    }
    expect(await saidBy(10_000, { group_id: '20001' })).toEqual([
      [
        { type: 'text', data: { text: 'hi ' } },
        { type: 'at', data: { qq: '10001' } },
      ],
    ])
    expect(await saidBy(10_000, { user_id: '10001' })).toEqual([[{ type: 'text', data: { text: 'pong' } }]])
  })

  test('shows a bot on a plain WebSocket that answers wherever it is spoken to', async () => {
    const [example = ''] = examples('js')
    const bot = spawn(process.execPath, ['--input-type=module', '--eval', here(example)], { stdio: 'ignore' })
    try {
      const pong = [{ type: 'text', data: { text: 'pong' } }]
      // It hears what is said once it is connected.
      await expect
        .poll(
          async () => {
            await program.sandbox('say', { as: 10_002, message: 'ping' })
            return saidBy(10_000, { user_id: '10002' })
          },
          { timeout: 20_000, interval: 100 },
        )
        .toContainEqual(pong)
      await program.sandbox('say', { as: 10_003, group_id: 20_002, message: 'ping' })
      await expect.poll(() => saidBy(10_000, { group_id: '20002' }), { timeout: 20_000 }).toEqual([pong])
    } finally {
      bot.kill()
    }
  })

  test('shows a configuration that can be used as it is', async () => {
    await using folder = await createTemporaryFolder()
    const config = examples('yaml').find((example) => example.startsWith('bots:'))!
    const file = join(folder.path, 'seekyou.yml')
    await writeFile(file, config)
    const { config: read } = await loadConfig(file, {}, {})
    const { connect } = read.bots[0]!
    expect(connect.map(({ type }) => type)).toEqual(['reverse-ws', 'webhook'])
  })
})
