import { compileFilter, FilterSyntaxError } from '@seekyou/event-filter'
import { describe, expect, test } from 'vitest'

const event = {
  group_id: 5,
  raw_message: 'hi',
  sender: { role: 'admin', title: { text: 't' } },
  message: [
    { type: 'at', data: { qq: '1', list: [1, 2] } },
    { type: 'text', data: { text: 'hi', list: [] } },
    { type: 'face' },
  ],
  'a.b': 1,
  'a*b?': 2,
  '@type': 3,
  '#': 4,
  '7': 'seven',
  '\\': 'backslash',
  '.dot': 'dot',
  'é😀': 'unicode',
  nulls: [null, { x: null }, { x: 1 }, 'text', [{ x: 2 }]],
  empty: [],
}

describe('a path finds', () => {
  test.each([
    ['group_id', '5'],
    ['sender.role', 'admin'],
    ['sender.title.text', 't'],
    ['sender.title', '{"text":"t"}'],
    ['message.0.type', 'at'],
    ['message.2.type', 'face'],
    ['message.00.type', 'at'],
    ['message.1', '{"type":"text","data":{"text":"hi","list":[]}}'],
    ['message.#', '3'],
    ['message.#.type', '["at","text","face"]'],
    ['message.#.data.qq', '["1"]'],
    ['message.#.data.list.#', '[2,0]'],
    ['message.#.nothing', '[]'],
    ['empty.#', '0'],
    ['empty.#.x', '[]'],
    ['nulls.#.x', '[null,1]'],
    ['nulls.#.0', '[{"x":2}]'],
    ['nulls.4.0.x', '2'],
    ['a\\.b', '1'],
    ['a\\*b\\?', '2'],
    ['\\@type', '3'],
    ['#', '4'],
    ['\\#', '4'],
    ['7', 'seven'],
    ['\\7', 'seven'],
    ['\\\\', 'backslash'],
    ['\\.dot', 'dot'],
    ['é😀', 'unicode'],
  ])('%s: %s', (path, text) => {
    for (const filter of [compileFilter({ [path]: text }), compileFilter({ [path]: { '.in': [text] } })]) {
      expect(filter.test(event)).toBe(true)
      expect(filter.explain(event)).toEqual({ pass: true })
    }
  })
})

describe('a path finds nothing', () => {
  test.each([
    'nothing',
    'nothing.below',
    'group_id.x',
    'raw_message.0',
    'raw_message.length',
    'message.length',
    'message.3.type',
    'message.-1.type',
    'message.\\0.type',
    'message.9999999999.type',
    'message.type',
    'message.\\#',
    'message.#x',
    'sender.#',
    'nulls.0.x',
    'nulls.99',
  ])('%s', (path) => {
    const filter = compileFilter({ [path]: { '.eq': null, '.neq': 'x' } })
    expect(filter.test(event)).toBe(true)
    expect(filter.explain(event)).toEqual({ pass: true })
  })
})

test('a path visits a million elements and finds nothing in more', () => {
  const filter = compileFilter({ 'list.#.x': { '.contains': '1' } })
  const list = Array.from({ length: 1_000_000 }, () => 0)
  expect(filter.test({ list: [{ x: 1 }, ...list.slice(1)] })).toBe(true)
  expect(filter.test({ list: [{ x: 1 }, ...list] })).toBe(false)
})

test('rules nest like paths do', () => {
  expect(compileFilter({ sender: { title: { text: 't' } } }).test(event)).toBe(true)
  expect(compileFilter({ message: { '0': { 'data.qq': 1 }, '#': 3 } }).test(event)).toBe(true)
  expect(compileFilter({ 'message.#.type': { '0': 'at', '#': 3, '.contains': '"face"' } }).test(event)).toBe(true)
})

describe('what gjson has and this language leaves out is refused by name', () => {
  test.each([
    ['message.#(type=="at").data', 'the query "#(…"'],
    ['message.#[type=="at"]', 'the query "#[…"'],
    ['mess*', 'the wildcard "*"'],
    ['sender.rol?', 'the wildcard "?"'],
    ['sender|role', 'the pipe "|"'],
    ['@this', 'the modifier "@"'],
    ['message.@reverse', 'the modifier "@"'],
    ['!"static"', 'the static value "!"'],
    ['{a,b}', 'the multipath "{"'],
    ['sender.[role]', 'the multipath "["'],
    ['a..b', 'an empty part'],
    ['a.', 'an empty part'],
    ['a\\', 'a lone backslash'],
    [Array.from({ length: 33 }, () => 'a').join('.'), 'more than 32 parts'],
  ])('%s', (path, found) => {
    const compile = (): unknown => compileFilter({ '.or': [{ [path]: 1 }] })
    expect(compile).toThrow(FilterSyntaxError)
    expect(compile).toThrow(found)
  })

  test('the same characters elsewhere in a name are ordinary', () => {
    const names = { 'a@b': 1, 'a#b': 2, 'a{b': 3, 'x[0]': 4, 'a!': 5 }
    expect(compileFilter(names).test(names)).toBe(true)
  })
})
