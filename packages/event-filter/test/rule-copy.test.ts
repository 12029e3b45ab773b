import { compileFilter, FilterSyntaxError } from '@seekyou/event-filter'
import { describe, expect, test } from 'vitest'

const problemOf = (rule: unknown): FilterSyntaxError => {
  try {
    compileFilter(rule)
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error
    throw error
  }
  throw new Error('the rule compiles')
}
const refused = (path: string, message: string): unknown =>
  expect.objectContaining({ path, message: expect.stringContaining(message) })

const nest = (levels: number): object => {
  let rule: object = {}
  for (let level = 1; level < levels; level++) rule = { '.not': rule }
  return rule
}

const groups = (count: number): object => ({ group_id: { '.in': Array.from({ length: count }, (_, id) => id) } })

describe('a rule is JSON', () => {
  test.each<[name: string, value: unknown, message: string]>([
    ['undefined', undefined, 'undefined'],
    ['a function', () => 1, 'a function'],
    ['a symbol', Symbol('x'), 'a symbol'],
    ['a bigint', 1n, 'the bigint 1'],
    ['NaN', Number.NaN, 'the number NaN'],
    ['an infinite number', -Infinity, 'the number -Infinity'],
    ['an id that has lost digits', 2 ** 60, 'written as a string'],
    ['a RegExp', /x/u, 'the pattern as a string'],
    ['a Map', new Map(), 'not plain'],
    ['a Date', new Date(0), 'not plain'],
    ['an instance', new URL('about:blank'), 'not plain'],
  ])('%s is refused', (_name, value, message) => {
    expect(problemOf({ a: value })).toEqual(refused('/a', message))
    expect(problemOf({ a: { '.in': [1, value] } })).toEqual(refused('/a/.in/1', message))
  })

  test('a hole in an array is refused', () => {
    // oxlint-disable-next-line no-sparse-arrays
    expect(problemOf({ a: { '.in': [1, , 2] } })).toEqual(refused('/a/.in/1', 'undefined'))
  })

  test('objects without a prototype are objects', () => {
    const rule: object = Object.assign(Object.create(null), { a: 1 })
    expect(compileFilter(rule).test({ a: 1 })).toBe(true)
    expect(compileFilter(rule).test({ a: 2 })).toBe(false)
  })

  test('inherited clauses do not exist', () => {
    const rule = Object.create(Object.assign(Object.create(null), { a: 1 }))
    expect(compileFilter(rule).test({})).toBe(true)
  })
})

describe('hostile rules', () => {
  test('a rule that contains itself is refused', () => {
    const rule: { a?: object } = {}
    rule.a = rule
    expect(problemOf(rule)).toEqual(refused('/a'.repeat(64), 'at most 64 levels'))
    const list: unknown[] = []
    list.push(list)
    expect(() => compileFilter({ a: list })).toThrow('or a cycle')
  })

  test('64 levels compile and 65 do not', () => {
    expect(compileFilter(nest(64)).test({})).toBe(false)
    expect(() => compileFilter(nest(65))).toThrow('at most 64 levels')
    expect(() => compileFilter(nest(100_000))).toThrow('at most 64 levels')
  })

  test('a list of ninety thousand groups compiles, a hundred thousand values and more do not', () => {
    const filter = compileFilter(groups(90_000))
    expect(filter.test({ group_id: 89_999 })).toBe(true)
    expect(filter.test({ group_id: 90_000 })).toBe(false)
    expect(() => compileFilter(groups(100_000))).toThrow('at most 100000 values')
  })

  test('a rule shared until it stands for billions is refused', () => {
    let rule: object = {}
    for (let level = 0; level < 40; level++) rule = { '.or': [rule, rule] }
    expect(() => compileFilter(rule)).toThrow(FilterSyntaxError)
  })

  test('more than four million characters are refused', () => {
    const text = 'x'.repeat(3_000_000)
    expect(compileFilter({ a: text }).test({ a: text })).toBe(true)
    expect(() => compileFilter({ a: text, b: text })).toThrow('characters in one filter')
    expect(() => compileFilter({ [text]: 1, [`${text}y`]: 2 })).toThrow('characters in one filter')
  })

  test('a property that throws when it is read is named', () => {
    const rule = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    expect(problemOf(rule)).toEqual(refused('/a', 'throws when it is read'))
  })

  test('a property is read once, so what was checked is what runs', () => {
    let reads = 0
    const rule = {
      get a() {
        return reads++ === 0 ? 1 : { '.bad': 1 }
      },
    }
    expect(compileFilter(rule).test({ a: 1 })).toBe(true)
    expect(reads).toBe(1)
  })

  test('a key named __proto__ is a path, and pollutes nothing', () => {
    const filter = compileFilter(JSON.parse('{"__proto__":{"polluted":"yes"}}'))
    expect(filter.test({})).toBe(false)
    expect(filter.test(JSON.parse('{"__proto__":{"polluted":"yes"}}'))).toBe(true)
    expect('polluted' in {}).toBe(false)
  })

  test('messages stay short whatever the rule holds', () => {
    const long = 'x'.repeat(1_000_000)
    for (const rule of [
      { [`.${long}`]: 1 },
      { a: { '.regex': `(${long}` } },
      { '.and': long },
      { [long]: { '.nor': 1 } },
    ]) {
      expect(() => compileFilter(rule)).toThrow(
        expect.objectContaining({ message: expect.stringMatching(/^.{10,600}$/u) }),
      )
    }
  })
})
