import { readFile, writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { configSchema, loadConfig } from '../src/config.ts'

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
        `| \`${key}\` | ${defaultOf(field)} | ${z.globalRegistry.get(field)?.description ?? meaning(field)} |`,
    ),
    '',
  ].join('\n')
  const inner = fields
    .filter(([, field]) => isBlock(field))
    .flatMap(([key, field]) => tables(field, path ? `${path}.${key}` : key))
  return [...(rows.length > 0 ? [table] : []), ...inner]
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? bare(schema.unwrap())
    : schema
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

test('the example configuration can be used as it is', () => {
  const { config } = loadConfig('seekyou.example.yml', {}, {})
  expect(config.bots[0]!.connect.map(({ name }) => name)).toEqual(['nonebot', 'my-bot'])
})
