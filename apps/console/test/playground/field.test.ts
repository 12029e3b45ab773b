import { describe, expect, test } from 'vitest'
import { fieldsOf, fillForm, readForm } from '../../src/playground/field.ts'
import type { Field } from '../../src/playground/field.ts'
import type { JsonSchema, Schemas } from '../../src/playground/schema.ts'

const integer: JsonSchema = {
  anyOf: [{ type: 'integer', minimum: -(2 ** 53) + 1, maximum: 2 ** 53 - 1 }, { type: 'string' }],
}
const schemas: Schemas = {
  IntegerParam: integer,
  GroupIdParam: { anyOf: [{ type: 'integer', exclusiveMinimum: 0, maximum: 2 ** 53 - 1 }, { type: 'string' }] },
  MessageIdParam: { $ref: '#/components/schemas/IntegerParam' },
  GuildScopedIdParam: { anyOf: [{ type: 'string', pattern: '^\\d{1,19}$' }, { type: 'integer' }] },
  BooleanParam: { anyOf: [{ type: 'boolean' }, { enum: [0, 1] }, { type: 'string' }] },
  TextParam: { type: ['string', 'number', 'boolean'] },
  MessageParam: { description: 'A message.', anyOf: [{ type: 'string' }, { type: 'array' }, { type: 'object' }] },
  NodesParam: { anyOf: [{ type: 'array' }, { type: 'object' }] },
}
const ref = (name: string, rest: JsonSchema = {}): JsonSchema => ({ $ref: `#/components/schemas/${name}`, ...rest })

function field(property: JsonSchema, name = 'it'): Field {
  return fieldsOf({ properties: { [name]: property } }, schemas)[0]!
}

describe('a form made from the schema of params', () => {
  test.each<[string, JsonSchema, string, string?]>([
    ['a group', ref('GroupIdParam'), 'group'],
    ['a message id behind two names', ref('MessageIdParam'), 'message-id'],
    ['a guild', ref('GuildScopedIdParam'), 'guild', 'guild_id'],
    ['a channel', ref('GuildScopedIdParam'), 'channel', 'channel_id'],
    ['another id of a guild', ref('GuildScopedIdParam'), 'text', 'role_id'],
    ['yes or no', ref('BooleanParam'), 'boolean'],
    ['a message', ref('MessageParam'), 'message'],
    ['nodes', ref('NodesParam'), 'json'],
    ['text', ref('TextParam'), 'text'],
    ['text that may not be empty', { type: ['string', 'number', 'boolean'], minLength: 1 }, 'text'],
    ['a number', { anyOf: [{ type: 'integer', minimum: 1, maximum: 20 }, { type: 'string' }] }, 'integer'],
    ['one of several words', { type: 'string', enum: ['a', 'b'] }, 'choice'],
    ['an object', { type: 'object' }, 'json'],
    ['a list', { type: 'array', items: ref('GroupIdParam') }, 'json'],
    ['anything', {}, 'json'],
  ])('asks for %s', (_, property, kind, name) => {
    expect(field(property, name).kind).toBe(kind)
  })

  test('tells what the server tells of a param', () => {
    expect(field(ref('MessageParam')).description).toBeUndefined()
    expect(field(ref('BooleanParam', { description: 'whether', default: false }))).toMatchObject({
      description: 'whether',
      fallback: 'false',
      isRequired: false,
    })
    expect(field({ anyOf: [{ type: 'integer', minimum: 1, maximum: 20 }] })).toMatchObject({ least: 1, most: 20 })
    expect(field(ref('GroupIdParam'))).toMatchObject({ least: 1 })
    expect(field(ref('IntegerParam'))).not.toHaveProperty('least')
    expect(field(ref('GroupIdParam'))).not.toHaveProperty('most')
  })

  test('asks once for what has two names, and says that it is needed', () => {
    const params: JsonSchema = {
      properties: {
        messages: ref('NodesParam'),
        message: ref('NodesParam', { deprecated: true }),
        group_id: ref('GroupIdParam'),
      },
      required: ['group_id'],
      allOf: [{ anyOf: [{ required: ['messages'] }, { required: ['message'] }] }],
    }
    expect(fieldsOf(params, schemas).map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['messages', true],
      ['group_id', true],
    ])
  })

  test('a name that leads to itself does not hang', () => {
    expect(fieldsOf({ properties: { it: ref('Loop') } }, { Loop: ref('Loop') })[0]?.kind).toBe('json')
  })
})

describe('what stands in a form', () => {
  const fields = [
    { ...field(ref('GroupIdParam'), 'group_id'), isRequired: true },
    field(ref('MessageParam'), 'message'),
    field(ref('BooleanParam'), 'auto_escape'),
    field({ anyOf: [{ type: 'integer', minimum: 1, maximum: 20 }] }, 'count'),
    field({ type: 'object' }, 'extra'),
    field(ref('GuildScopedIdParam'), 'guild_id'),
  ]
  const read = (values: Record<string, string>) => readForm(fields, { group_id: '1', ...values })

  test('becomes params; what is empty is left out', () => {
    const values = { group_id: ' 20001 ', message: 'hi', auto_escape: 'false', count: '', guild_id: '9007199254740993' }
    expect(read(values)).toEqual({
      params: { group_id: 20001, message: 'hi', auto_escape: false, guild_id: '9007199254740993' },
      problems: new Map(),
    })
  })

  test.each([
    ['[CQ:face,id=1]', '[CQ:face,id=1]'],
    ['[1] first', '[1] first'],
    ['[]', '[]'],
    ['[1]', '[1]'],
    ['[{"type":"text","data":{"text":"a"}}]', [{ type: 'text', data: { text: 'a' } }]],
    ['{"type":"face","data":{"id":"1"}}', { type: 'face', data: { id: '1' } }],
    ['{"a":1}', '{"a":1}'],
  ])('takes the message %s', (text, message) => {
    expect(read({ message: text }).params).toMatchObject({ message })
  })

  test('a number that does not fit into one keeps its digits', () => {
    expect(read({ group_id: '123456789012345678901' }).params).toEqual({ group_id: '123456789012345678901' })
  })

  test('each thing that is wrong is told at its field', () => {
    const { params, problems } = read({ group_id: '', count: '21', extra: '{' })
    expect(params).toEqual({})
    expect(problems.get('group_id')).toEqual({ kind: 'missing' })
    expect(problems.get('count')).toEqual({ kind: 'too-large', bound: 20 })
    expect(problems.get('extra')).toMatchObject({ kind: 'not-json' })
    expect(read({ count: '0' }).problems.get('count')).toEqual({ kind: 'too-small', bound: 1 })
    expect(read({ count: '1.5' }).problems.get('count')).toEqual({ kind: 'not-a-number' })
  })

  test('comes back from params as it was, and what has no field is kept', () => {
    const params = {
      group_id: 20001,
      message: [{ type: 'face', data: { id: '1' } }],
      auto_escape: true,
      extra: { a: 1 },
    }
    const { values, others } = fillForm(fields, { ...params, is_raw: true, count: null })
    expect(others).toEqual({ is_raw: true })
    expect(readForm(fields, values).params).toEqual(params)
  })
})
