import { encodeCqCode, MessageInputError, readMessage, type Segment } from '@seekyou/message'
import { describe, expect, it } from 'vitest'
import { codeExamples, inputExamples } from './seed-examples.ts'

const text = (value: string): Segment => ({ type: 'text', data: { text: value } })

function failureOf(input: unknown): string {
  try {
    readMessage(input)
  } catch (error) {
    if (error instanceof MessageInputError) return error.message
    throw error
  }
  return 'no failure'
}

describe('readMessage', () => {
  it.each(codeExamples)('reads the seed example $code', ({ code, segments }) => {
    expect(readMessage(code)).toEqual(segments)
  })

  it.each(inputExamples)('reads the seed example %j', ({ input, segments }) => {
    expect(readMessage(input)).toEqual(segments)
  })

  it('takes a whole string as text when asked', () => {
    expect(readMessage('[CQ:face,id=1]&amp;', { autoEscape: true })).toEqual([text('[CQ:face,id=1]&amp;')])
    expect(readMessage('', { autoEscape: true })).toEqual([])
    expect(readMessage([{ type: 'face', data: { id: '1' } }], { autoEscape: true })).toEqual([
      { type: 'face', data: { id: '1' } },
    ])
  })

  it('reads a single segment', () => {
    expect(readMessage({ type: 'shake' })).toEqual([{ type: 'shake', data: {} }])
  })

  it('reads numbers and booleans as their text', () => {
    expect(readMessage(123)).toEqual([text('123')])
    expect(readMessage(false)).toEqual([text('false')])
    expect(readMessage(0, { autoEscape: true })).toEqual([text('0')])
  })

  it('makes strings of all values and drops null', () => {
    const data = { a: 1, b: true, c: null, d: undefined, e: { f: [1] }, g: 'x', h: 10n }
    expect(readMessage([{ type: 'x', data }])).toEqual([
      { type: 'x', data: { a: '1', b: 'true', e: '{"f":[1]}', g: 'x', h: '10' } },
    ])
  })

  it('reads null data as no params', () => {
    expect(readMessage([{ type: 'x', data: null }, { type: 'y' }])).toEqual([
      { type: 'x', data: {} },
      { type: 'y', data: {} },
    ])
  })

  it('joins neighbouring text and drops empty text', () => {
    expect(readMessage([text('a'), text(''), text('b'), { type: 'text' }])).toEqual([text('ab')])
    expect(readMessage([])).toEqual([])
  })

  it.each([
    ['a string', 'a[CQ:face,id=1]'],
    ['an array', [text('a'), { type: 'face', data: { id: 1 } }]],
  ])('reads the content of a node given as %s', (_, content) => {
    expect(readMessage([{ type: 'node', data: { name: 'n', uin: 1, content } }])).toEqual([
      { type: 'node', data: { name: 'n', uin: '1', content: [text('a'), { type: 'face', data: { id: '1' } }] } },
    ])
  })

  it('reads the content of a node given as one segment', () => {
    expect(readMessage({ type: 'node', data: { content: { type: 'shake' } } })).toEqual([
      { type: 'node', data: { content: [{ type: 'shake', data: {} }] } },
    ])
  })

  it('reads back nested nodes from their string form', () => {
    const nested: Segment[] = [
      { type: 'node', data: { uin: '1', content: [{ type: 'node', data: { uin: '2', content: [text('a,[b]')] } }] } },
    ]
    expect(readMessage(encodeCqCode(nested))).toEqual(nested)
  })

  it('keeps params named like inherited properties', () => {
    const [segment] = readMessage(JSON.parse('[{"type":"x","data":{"__proto__":"1","constructor":{"a":1}}}]'))
    expect(JSON.stringify(segment)).toBe('{"type":"x","data":{"__proto__":"1","constructor":"{\\"a\\":1}"}}')
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })

  it.each([
    [
      undefined,
      'message is missing; accepted are a string, an array of segments, or a segment {"type": …, "data": {…}}',
    ],
    [null, 'message is null; accepted are a string, an array of segments, or a segment {"type": …, "data": {…}}'],
    [['a'], 'message[0] is the string "a"; a segment is an object {"type": …, "data": {…}}'],
    [[text('a'), []], 'message[1] is an array; a segment is an object {"type": …, "data": {…}}'],
    [[{ data: {} }], 'message[0].type is missing; every segment needs a type, a string such as "text"'],
    [{ type: 1 }, 'message.type is the number 1; every segment needs a type, a string such as "text"'],
    [[{ type: 'a b' }], 'message[0].type is "a b"; a type consists of letters, digits, "_", "." and "-"'],
    [[{ type: 'x', data: 'y' }], 'message[0].data is the string "y"; accepted are an object of params, or null'],
    [
      [{ type: 'node', data: { content: [{ type: 'x', data: { f: () => 1 } }] } }],
      'message[0].data.content[0].data.f is a function; accepted are strings, numbers, booleans, null and what has a JSON text',
    ],
  ])('says what is wrong with %j', (input, message) => {
    expect(failureOf(input)).toBe(message)
  })
})
