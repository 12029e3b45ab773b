import { readFile, writeFile } from 'node:fs/promises'
import { filterJsonSchema } from '@seekyou/event-filter'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { configSchema } from '../src/config-schema.ts'

type Json = Readonly<Record<string, unknown>>

const file = new URL('../seekyou.schema.json', import.meta.url)

/** The placeholder of an environment variable, which stands for any value. */
const placeholder = { type: 'string', pattern: String.raw`^\$\{[A-Za-z_]\w*(?::[^}]*)?\}$` }

/** What editors check a seekyou.yml by, in the draft that all of them know. */
function editorSchema(): Json {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' })
  const { rule } = filterJsonSchema['$defs'] as { rule: object }
  const whole = {
    ...schema,
    definitions: { rule: JSON.parse(JSON.stringify(rule).replaceAll('#/$defs/', '#/definitions/')) as Json },
  }
  return {
    $schema,
    $comment: 'Made of the schema of the configuration; not edited by hand.',
    title: 'seekyou.yml',
    ...(withPlaceholders(whole) as Json),
  }
}

/** The same, with `${NAME}` accepted where another text is not, and the rules of filters spelled out. */
function withPlaceholders(schema: unknown, key = ''): unknown {
  if (Array.isArray(schema)) return schema.map((item) => withPlaceholders(item))
  if (typeof schema !== 'object' || schema === null) return schema
  if (key === 'definitions') return schema
  if (key === 'filter' && 'anyOf' in schema)
    return { ...schema, anyOf: [{ type: 'string' }, { $ref: '#/definitions/rule' }] }
  const { description, default: otherwise, ...rest } = schema as Json
  const isValue = ['number', 'integer', 'boolean'].includes(String(rest['type'])) || 'enum' in rest || 'pattern' in rest
  if (isValue) {
    return {
      ...(description !== undefined && { description }),
      ...(otherwise !== undefined && { default: otherwise }),
      anyOf: [rest, placeholder],
    }
  }
  return Object.fromEntries(
    Object.entries(schema).map(([name, inner]) => [name, name === 'default' ? inner : withPlaceholders(inner, name)]),
  )
}

test('the schema for editors is that of the program', async () => {
  const generated = `${JSON.stringify(editorSchema(), null, 2)}\n`
  if (process.env['UPDATE_REFERENCE']) await writeFile(file, generated)
  const written = JSON.parse(await readFile(file, 'utf8')) as unknown
  expect(written, 'run the test with UPDATE_REFERENCE=1').toEqual(JSON.parse(generated))
})

describe('an editor that reads the schema', () => {
  const validate = new Ajv({ strict: false }).compile(editorSchema())
  const complaintsAbout = (text: string): readonly string[] => {
    validate(parse(text))
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }

  test('is pointed to it by the example, and is content with that', async () => {
    const example = await readFile(new URL('../seekyou.example.yml', import.meta.url), 'utf8')
    expect(example).toMatch(/^# yaml-language-server: \$schema=\.\/seekyou\.schema\.json\n/)
    expect(complaintsAbout(example)).toEqual([])
  })

  test.each([
    '{}',
    'log_level: ${LEVEL}',
    'bots: [{ listen: [{ port: "${PORT:5700}", permessage_deflate: "${DEFLATE}" }] }]',
    'bots: [{ listen: [{ filter: rules.json }, { filter: { .not: { group_id: 1 } } }] }]',
    'bots: [{ backend: { type: onebot, url: "ws://127.0.0.1:3001" } }]',
  ])('takes %s', (text) => {
    expect(complaintsAbout(text)).toEqual([])
  })

  test.each([
    ['port: 5700', /must NOT have additional properties/],
    ['log_level: loud', /log_level must be equal to one of/],
    ['log_level: $LEVEL', /log_level must match pattern/],
    ['metrics_open: 1', /metrics_open must be boolean/],
    ['bots: [{ listen: [{ port: 65536 }] }]', /port must be <= 65535/],
    ['bots: [{ listen: [{ port: many }] }]', /port must be integer/],
    ['bots: [{ listen: [{ filter: { .frob: 1 } }] }]', /filter must NOT have additional properties/],
    ['bots: [{ connect: [{ type: pigeon, name: a, url: b }] }]', /connect\/0/],
    ['bots: [{ connect: [{ type: webhook, url: "http://x/" }] }]', /must have required property 'name'/],
    ['bots: [{ backend: { type: sandbox, url: "ws://x/" } }]', /backend must NOT have additional properties/],
    ['bots: []', /bots must NOT have fewer than 1 items/],
  ])('objects to %s', (text, complaint) => {
    expect(complaintsAbout(text).join('\n')).toMatch(complaint)
  })
})
