import { catalogue } from '@seekyou/actions'
import { jsonSchemas } from '@seekyou/api-reference'
import { metaEvent, networkEvent, toWireEvent } from '@seekyou/protocol'
import type { Event } from '@seekyou/protocol'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { messages, metas, notices, requests } from '../../protocol/test/event-examples.ts'
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
  const examples = Object.entries({ ...messages, ...notices, ...requests, ...metas })
  const validators = Object.entries(schemas.events).map(([name, schema]) => [name, compile(schema)] as const)

  it.each(examples)('%s fits one schema, with its message in either form', (_, example) => {
    const event: Event =
      example.post_type === 'meta_event' ? metaEvent.parse(example) : (networkEvent.parse(example) as Event)
    for (const format of ['string', 'array'] as const) {
      const wire = published(toWireEvent(event, format))
      const fitting = validators.filter(([, validate]) => validate(wire)).map(([name]) => name)
      const kinds = [wire['message_type'], wire['notice_type'], wire['request_type'], wire['meta_event_type']]
      expect(fitting).toHaveLength(1)
      expect(fitting[0]).toContain(kinds.find((kind) => kind !== undefined))
    }
  })

  it('has a schema for every kind that there are examples of, and no other', () => {
    const fitted = new Set<string>()
    for (const [, example] of examples) {
      const event: Event =
        example.post_type === 'meta_event' ? metaEvent.parse(example) : (networkEvent.parse(example) as Event)
      const wire = published(toWireEvent(event, 'array'))
      for (const [name, validate] of validators) if (validate(wire)) fitted.add(name)
    }
    expect([...fitted].toSorted()).toEqual(Object.keys(schemas.events).toSorted())
  })
})
