import { compileFilter, type FilterRule, FilterSyntaxError } from '@seekyou/event-filter'
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

describe('a rule outside the language is refused', () => {
  const object = 'an object of clauses'
  const list = 'an array of values, or a string, number or boolean to look inside'
  const text = 'a string, number, boolean or null'
  test.each<[rule: unknown, path: string, found: string, allowed: string]>([
    [null, '', 'null', object],
    [undefined, '', 'undefined', 'JSON values'],
    [[], '', 'an array', object],
    [5, '', 'the number 5', object],
    ['{"a":1}', '', 'parse the JSON text first', object],
    [{ '': 1 }, '/', 'an empty key', 'a path'],
    [{ a: { '': 1 } }, '/a/', 'an empty key', 'a path'],
    [{ '.regx': 'a' }, '/.regx', 'the operator ".regx"', '.not .and .or .eq .neq .in .contains .regex'],
    [{ '.': 1 }, '/.', 'the operator "."', '.not .and'],
    [{ '.AND': {} }, '/.AND', 'the operator ".AND"', '.not .and'],
    [{ '..0': {} }, '/..0', 'the operator "..0"', '.not .and'],
    [{ '.toString': {} }, '/.toString', 'the operator ".toString"', '.not .and'],
    [{ '.not': [] }, '/.not', 'an array for .not', object],
    [{ '.not': null }, '/.not', 'null for .not', object],
    [{ '.and': [] }, '/.and', 'an array for .and', object],
    [{ '.and': 'x' }, '/.and', 'the string "x" for .and', object],
    [{ '.or': {} }, '/.or', 'an object for .or', 'an array of objects'],
    [{ '.or': [{}, 1] }, '/.or/1', 'the number 1 for .or', 'an array of objects'],
    [{ '.or': [[]] }, '/.or/0', 'an array for .or', 'an array of objects'],
    [{ a: { '.in': {} } }, '/a/.in', 'an object for .in', list],
    [{ a: { '.in': null } }, '/a/.in', 'null for .in', list],
    [{ a: { '.contains': [] } }, '/a/.contains', 'an array for .contains', text],
    [{ a: { '.contains': {} } }, '/a/.contains', 'an object for .contains', text],
    [{ a: { '.regex': ['x'] } }, '/a/.regex', 'an array for .regex', text],
    [{ a: { '.regex': {} } }, '/a/.regex', 'an object for .regex', text],
    [{ 'a/b~c': { '.nor': 1 } }, '/a~1b~0c/.nor', 'the operator ".nor"', '.not .and'],
  ])('%j', (rule, path, found, allowed) => {
    const problem = problemOf(rule)
    expect(problem.path).toBe(path)
    expect(problem.found).toContain(found)
    expect(problem.allowed).toContain(allowed)
    expect(problem.message).toContain(found)
    expect(problem.message).toContain(allowed)
  })

  test('even where the clause could never be reached', () => {
    expect(problemOf({ '.or': [{}, { a: { '.regex': '(' } }] }).path).toBe('/.or/1/a/.regex')
  })
})

test('the type of rules describes the language', () => {
  const rule: FilterRule = {
    post_type: 'message',
    group_id: { '.in': [1, '2'], '.neq': 3 },
    sender: { role: { '.not': { '.eq': 'owner' } } },
    message: [],
    '.or': [
      { raw_message: { '.regex': '^!' } },
      { '.and': { 'message.0.type': 'at', raw_message: { '.contains': 1 } } },
    ],
  }
  expect(compileFilter(rule).test({ post_type: 'message' })).toBe(false)
  // @ts-expect-error -- an argument of the wrong kind is a type error
  const wrong: FilterRule = { '.or': 'private' }
  expect(problemOf(wrong).path).toBe('/.or')
  // @ts-expect-error -- so is one under a path
  const inside: FilterRule = { user_id: { '.regex': ['a'] } }
  expect(problemOf(inside).path).toBe('/user_id/.regex')
})
