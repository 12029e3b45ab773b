import { segment, type Segment } from '@seekyou/message'
import { messageSchema, segmentSchema, segmentSchemas } from '@seekyou/message/schema'
import { segmentTable } from '@seekyou/message/segment-table'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { codeExamples, inputExamples } from './seed-examples.ts'

function issuesOf(schema: z.ZodType, value: unknown): string[] {
  return schema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
}

describe('segmentSchema', () => {
  it('accepts the segments of every seed example', () => {
    for (const { segments } of [...codeExamples, ...inputExamples]) {
      for (const one of segments) expect(segmentSchema.parse(one)).toEqual(one)
    }
  })

  it('passes types and params that are not in the table', () => {
    const vendor: Segment = { type: 'vendor.x', data: { a: 'b' } }
    expect(segmentSchema.parse(vendor)).toEqual(vendor)
    const extended: Segment = { type: 'face', data: { id: '1', large: 'yes' } }
    expect(segmentSchema.parse(extended)).toEqual(extended)
    expect(segmentSchema.parse({ type: 'constructor', data: {} })).toEqual({ type: 'constructor', data: {} })
  })

  it.each<[Segment, string]>([
    [
      { type: 'gift', data: { qq: '1', id: '14' } },
      'data.id: expected one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13',
    ],
    [{ type: 'image', data: {} }, 'data: a segment of type "image" needs file'],
    [{ type: 'image', data: { file: '' } }, 'data: a segment of type "image" needs file'],
    [{ type: 'image', data: { file: 'a', cache: 'maybe' } }, 'data.cache: expected 1, 0, yes, no, true or false'],
    [{ type: 'face', data: { id: 'x' } }, 'data.id: expected an integer in decimal digits'],
    [{ type: 'location', data: { lat: '1', lon: 'e' } }, 'data.lon: expected a decimal number'],
    [{ type: 'reply', data: { text: 'x' } }, 'data: a segment of type "reply" needs id; or text, qq'],
    [{ type: 'a b', data: {} }, 'type: expected letters, digits, "_", "." and "-"'],
  ])('says what is wrong with %j', (one, issue) => {
    expect(issuesOf(segmentSchema, one)).toEqual([issue])
  })

  it('takes a param by its other name', () => {
    expect(issuesOf(segmentSchema, { type: 'at', data: { target: '1' } })).toEqual([])
    expect(issuesOf(segmentSchema, { type: 'reply', data: { text: 'x', user_id: '1' } })).toEqual([])
  })
})

describe('segmentSchemas', () => {
  it('has a schema with a JSON Schema for every type of the table', () => {
    expect(Object.keys(segmentSchemas)).toEqual(Object.keys(segmentTable))
    for (const schema of Object.values(segmentSchemas)) expect(z.toJSONSchema(schema)).toHaveProperty('properties.data')
  })
})

describe('messageSchema', () => {
  it('reads a message in any form', () => {
    expect(messageSchema.parse('a[CQ:face,id=1]')).toEqual([segment.text('a'), segment.face(1)])
    expect(messageSchema.parse({ type: 'face', data: { id: 1 } })).toEqual([segment.face(1)])
  })

  it('reports what cannot be read', () => {
    const schema = z.object({ message: messageSchema })
    expect(issuesOf(schema, { message: [{}] })).toEqual([
      'message: message[0].type is missing; every segment needs a type, a string such as "text"',
    ])
    expect(issuesOf(schema, {})).toHaveLength(1)
  })

  it('describes the forms it takes in JSON Schema', () => {
    expect(z.toJSONSchema(messageSchema, { io: 'input' })).toHaveProperty('anyOf')
  })
})
