import { expect, test } from 'vitest'
import { linePath, shortNumber, topOf } from '../../src/links/chart-path.ts'

const box = { width: 100, height: 10, most: 5, places: 11 }

test('draws the newest value at the right', () => {
  expect(linePath([0, 5], box)).toBe('M90 10L100 0')
  expect(linePath([], box)).toBe('')
})

test('leaves a gap where a value is not known, and shows one that stands alone', () => {
  expect(linePath([1, undefined, 2, 3], box)).toBe('M70 8h0.01M90 6L100 4')
  expect(linePath([undefined, 5], box)).toBe('M100 0h0.01')
})

test('stays in its box', () => {
  expect(linePath([50], { ...box, places: 1 })).toBe('M0 0h0.01')
  expect(linePath([0], { ...box, most: 0 })).toBe('M100 10h0.01')
})

test('ends its scale at a round number', () => {
  expect([[0], [undefined], [0.3, 0.11], [7], [1000], [1001], []].map((values) => topOf(values))).toEqual([
    1, 1, 0.5, 10, 1000, 2000, 1,
  ])
})

test('says numbers short', () => {
  expect([0, 0.123, 3.14, 99.9, 123.4, 9999, 12_345].map(shortNumber)).toEqual([
    '0',
    '0.12',
    '3.1',
    '100',
    '123',
    '9999',
    '12k',
  ])
})
