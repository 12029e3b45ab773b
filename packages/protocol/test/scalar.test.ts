import { boolean, integer, structuredParams, text } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'

describe('an integer', () => {
  it.each([
    [0, 0],
    [-7, -7],
    [3, 3],
    [1e3, 1000],
    ['12', 12],
    ['+12', 12],
    ['-12', -12],
    ['007', 7],
    ['00000000000000000012', 12],
    [' 5 ', 5],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
  ])('is read from %j', (input, value) => {
    expect(integer.parse(input)).toBe(value)
  })

  it('has no negative zero', () => {
    expect(integer.parse('-0')).toBe(0)
  })

  it.each([
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
    2 ** 53,
    '9007199254740992',
    '9007199254740993',
    '9'.repeat(100_000),
    '',
    ' ',
    '+',
    '--1',
    '1e3',
    '0x10',
    '12.0',
    '1 2',
    '１２',
    '12a',
    true,
    null,
    undefined,
    [1],
    { valueOf: 1 },
    10n,
  ])('is not read from case %#', (input) => {
    const read = integer.safeParse(input)
    expect(read.error?.issues.map(({ message }) => message)).toEqual(['an integer (a number or a decimal string)'])
  })
})

describe('a boolean', () => {
  it.each([true, 1, '1', 'true', 'TRUE', 'True', 'yes', 'Yes', ' yes '])('is true from %j', (input) => {
    expect(boolean.parse(input)).toBe(true)
  })

  it.each([false, 0, '0', 'false', 'FALSE', 'no', 'No', 'no '])('is false from %j', (input) => {
    expect(boolean.parse(input)).toBe(false)
  })

  it.each([2, -1, 0.5, '', 'on', 'y', 't', '01', 'constructor', '__proto__', 'toString', null, undefined, [true], {}])(
    'is not read from %j',
    (input) => {
      const read = boolean.safeParse(input)
      expect(read.error?.issues.map(({ message }) => message)).toEqual([
        'a boolean (true or false, 1 or 0, "yes" or "no")',
      ])
    },
  )
})

describe('text', () => {
  it.each([
    ['', ''],
    [' a ', ' a '],
    [12, '12'],
    [1.5, '1.5'],
    [true, 'true'],
    [false, 'false'],
    ['18446744073709551615', '18446744073709551615'],
  ])('is read from %j', (input, value) => {
    expect(text.parse(input)).toBe(value)
  })

  it.each([null, undefined, [], {}, ['a'], 2 ** 53, 1e21])('is not read from %j', (input) => {
    expect(text.safeParse(input).error?.issues.map(({ message }) => message)).toEqual(['text (a string)'])
  })
})

it('only parameters that hold a structure are read as JSON from a query or a form', () => {
  expect([...structuredParams].toSorted()).toEqual([
    'anonymous',
    'context',
    'headers',
    'initial_users',
    'message',
    'messages',
    'operation',
    'users',
  ])
})
