import { compileFilter, FilterSyntaxError } from '@seekyou/event-filter'
import { expect, test } from 'vitest'

test('an error is one sentence that says where, what and what instead', () => {
  expect(() => compileFilter({ '.or': [{ raw_message: { '.regx': '^!' } }] })).toThrow(
    new FilterSyntaxError({
      path: '/.or/0/raw_message/.regx',
      found: 'the operator ".regx"',
      allowed: '.not .and .or .eq .neq .in .contains .regex, or a path, where a literal leading dot is written "\\."',
    }),
  )
  expect(() => compileFilter([])).toThrow(
    /^the event filter has an array; allowed: an object of clauses, such as \{"message_type":"group"\}$/u,
  )
})

test('it has a name, and its cause where another error led to it', () => {
  const error = new FilterSyntaxError({ path: '/a', found: 'b', allowed: 'c' })
  expect(error).toBeInstanceOf(Error)
  expect([error.name, error.message]).toEqual(['FilterSyntaxError', 'the event filter at /a has b; allowed: c'])
  expect(() => compileFilter({ a: { '.regex': '(' } })).toThrow(expect.objectContaining({ cause: expect.any(Error) }))
})
