import { catalogue } from '@seekyou/actions'
import { createAsyncApi, jsonSchemas } from '@seekyou/api-reference'
import { decodeCqCode } from '@seekyou/message'
import { metaEvent, networkEvent, toWireEvent } from '@seekyou/protocol'
import type { Event } from '@seekyou/protocol'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { published } from './document.ts'

const schemas = published(jsonSchemas())

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false })
const compile = (schema: object) => ajv.compile(schema)

it('the schemas are the same text every time', () => {
  expect(JSON.stringify(jsonSchemas())).toBe(JSON.stringify(schemas))
})

it('every action has the schemas of its params and of its data, each alone', () => {
  expect(Object.keys(schemas.actions)).toEqual(Object.keys(catalogue))
  for (const { params, data } of Object.values(schemas.actions)) {
    expect(compile(params)).toBeTypeOf('function')
    expect(compile(data)).toBeTypeOf('function')
  }
})

it('a schema says what it is of', () => {
  expect(schemas.actions['get_login_info']).toEqual({
    params: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'get_login_info.params',
      type: 'object',
      properties: {},
    },
    data: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'get_login_info.data',
      type: 'object',
      properties: { user_id: { $ref: '#/$defs/UserId' }, nickname: { type: 'string' } },
      required: ['user_id', 'nickname'],
      $defs: { UserId: { type: 'integer', exclusiveMinimum: 0 } },
    },
  })
})

describe('an event', () => {
  const { messages } = createAsyncApi({ version: '1.2.3' }).components
  const examples = Object.entries(messages).flatMap(([name, message]) =>
    (message.examples ?? []).map(({ payload }) => [name, payload as Readonly<Record<string, unknown>>] as const),
  )
  const validators = Object.entries(schemas.events).map(([name, schema]) => [name, compile(schema)] as const)
  const fitting = (wire: object) => validators.filter(([, validate]) => validate(wire)).map(([name]) => name)

  it('has an example, whatever its kind', () => {
    expect(examples.map(([name]) => name)).toEqual(Object.keys(schemas.events))
  })

  it.each(examples)('%s has an example that fits its own schema and no other', (name, example) => {
    expect(fitting(example)).toEqual([name])
  })

  it.each(examples)('%s is on the wire what its schema says, with a message in either form', (name, example) => {
    const { raw_message, ...rest } = example
    const inHouse = raw_message === undefined ? rest : { ...rest, message: decodeCqCode(raw_message as string) }
    const event = (example['post_type'] === 'meta_event' ? metaEvent : networkEvent).parse(inHouse) as Event
    expect(published(toWireEvent(event, 'string'))).toEqual(example)
    expect(fitting(published(toWireEvent(event, 'array')))).toEqual([name])
  })

  it('that lacks a field, or has it in another form, fits none', () => {
    const poke = examples.find(([name]) => name === 'notice.notify.poke')![1]
    expect(fitting({ ...poke, target_id: undefined })).toEqual([])
    expect(fitting({ ...poke, target_id: '10000' })).toEqual([])
    const said = examples.find(([name]) => name === 'message.group')![1]
    expect(fitting({ ...said, message: { type: 'text' } })).toEqual([])
    expect(fitting({ ...said, raw_message: undefined })).toEqual([])
  })
})
