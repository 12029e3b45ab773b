import { expect, it } from 'vitest'
import { Ledger } from '../src/ledger.ts'
import { soak } from '../src/soak.ts'
import { slopePerMinute } from '../src/vitals.ts'

it('a program under a mixed load keeps what it promised to every link', { timeout: 300_000 }, async () => {
  const checks = await soak({ seconds: 15, links: 40, rate: 20, seed: 1, tell: () => undefined })
  expect(checks.filter(({ isMet }) => !isMet)).toEqual([])
})

it.each([
  ['all once', [1, 2, 2, 4], 'exactly once', undefined],
  ['one twice', [1, 2, 2, 2, 4], 'exactly once', 'a: 4 was due and 2 came'],
  ['one that nobody was told', [1, 2, 2, 3, 4], 'exactly once', 'a: 4 was due and 3 came'],
  ['one never', [1, 2, 4], 'exactly once', 'a: 2 was due and 4 came'],
  ['the first never', [2, 2, 4], 'exactly once', 'a: 1 was due and 2 came'],
  ['the last never', [1, 2, 2], 'at least once', 'a: 4 never came'],
  ['some again where that may be', [1, 2, 1, 2, 2, 4, 2, 4], 'at least once', undefined],
  ['one left out of what came again', [1, 2, 2, 4, 1, 4], 'at least once', 'a: 2 was due and 4 came'],
] as const)('of %s the ledger tells', (_, heard, promise, problem) => {
  const ledger = new Ledger('a', 'link', promise, [1, 2, 2, 4])
  for (const number of heard) ledger.hear(number)
  expect(ledger.problem()).toBe(problem)
})

// It comes, and may be told the first of each part; the rest of the part happens while it is there.
it.each([
  ['all', [[1, 2, 3], [4]], undefined],
  ['nothing of what came before it did', [[2, 3], [4]], 'a: 1 was due and 2 came'],
  ['a gap while it was there', [[1, 3], [4]], 'a: 2 was due and 3 came'],
  ['a gap while it was away', [[1], [4]], undefined],
  [
    'something again',
    [
      [1, 2, 3],
      [3, 4],
    ],
    'a: 4 was due and 3 came',
  ],
  ['the end never', [[1, 2, 3], []], 'a: 4 never came'],
] as const)('of a live link that hears %s the ledger tells', (_, parts, problem) => {
  const told: number[] = []
  const ledger = new Ledger('a', 'link', 'live', told)
  for (const [index, part] of parts.entries()) {
    ledger.begin()
    told.push(...(index === 0 ? [1, 2, 3] : [4]))
    for (const number of part) ledger.hear(number)
  }
  expect(ledger.problem()).toBe(problem)
})

it('a line that rises has its slope', () => {
  expect(
    slopePerMinute([
      [0, 1],
      [60_000, 3],
      [120_000, 5],
    ]),
  ).toBeCloseTo(2)
})
