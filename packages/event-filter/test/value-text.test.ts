import { compileFilter } from '@seekyou/event-filter'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** The text of a value, asked through the only door there is. */
const hasText = (value: unknown, text: string): boolean =>
  compileFilter({ x: text }).test({ x: value }) && compileFilter({ x: { '.in': [text] } }).test({ x: value })

describe('the text of a value', () => {
  test.each([
    ['text', 'text'],
    ['', ''],
    [123, '123'],
    [123.0, '123'],
    [1.23e2, '123'],
    [-5, '-5'],
    [-0, '0'],
    [0.5, '0.5'],
    [1e21, '1000000000000000000000'],
    [-1.25e22, '-12500000000000000000000'],
    [1e-7, '0.0000001'],
    [-1.5e-9, '-0.0000000015'],
    [12345678901234567890n, '12345678901234567890'],
    [true, 'true'],
    [false, 'false'],
    [null, ''],
    [undefined, ''],
    [Number.NaN, ''],
    [Infinity, ''],
    [-Infinity, ''],
    [() => 1, ''],
    [Symbol('x'), ''],
    [[], '[]'],
    [{}, '{}'],
    [[1, 'a', null, true, [2], { b: 3 }], '[1,"a",null,true,[2],{"b":3}]'],
    [{ a: undefined, b: () => 1, c: 1e21, d: 'q"\n' }, '{"c":1e+21,"d":"q\\"\\n"}'],
    // Same holes, other reason: an array keeps its length in JSON.
    [[undefined, () => 1, Symbol('s'), Number.NaN], '[null,null,null,null]'],
    // oxlint-disable-next-line no-sparse-arrays
    [[1, , 2], '[1,null,2]'],
    [[9007199254740993n], '[9007199254740993]'],
  ])('%o is %j', (value, text) => {
    expect(hasText(value, text)).toBe(true)
    expect(hasText(value, `${text}?`)).toBe(false)
  })

  test('true is not 1, and "1" is', () => {
    expect(hasText(true, '1')).toBe(false)
    expect(compileFilter({ x: 1 }).test({ x: '1' })).toBe(true)
    expect(compileFilter({ x: true }).test({ x: 'true' })).toBe(true)
  })

  test('only the plain decimal of a number is its text', () => {
    for (const text of ['1e3', '1000.0', '01000', '+1000', ' 1000', '0x3e8']) expect(hasText(1000, text)).toBe(false)
    expect(hasText(0, '-0')).toBe(false)
  })

  test('toJSON is data, never called', () => {
    const value = { toJSON: () => 'other', a: 1 }
    expect(hasText(value, '{"a":1}')).toBe(true)
  })

  test('JSON text is what JSON.stringify writes of plain data', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(hasText([value], JSON.stringify([value]))).toBe(true)
      }),
    )
  })
})
