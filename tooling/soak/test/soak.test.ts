import { expect, it } from 'vitest'
import { Ledger } from '../src/ledger.ts'
import { soak } from '../src/soak.ts'
import { slopePerMinute } from '../src/vitals.ts'

it('a program under a mixed load keeps what it promised to every link', { timeout: 300_000 }, async () => {
  const checks = await soak({ seconds: 15, links: 40, rate: 20, seed: 1, tell: () => undefined })
  expect(checks.filter(({ isMet }) => !isMet)).toEqual([])
})

it.each([
  ['all once', [1, 2, 3], 'exactly once', undefined],
  ['one twice', [1, 2, 2, 3], 'exactly once', 'a: 1 came again'],
  ['one twice where that may be', [1, 2, 2, 3], 'at least once', undefined],
  ['one never', [1, 3], 'at least once', 'a: 2 to 2 never came'],
  ['the first never', [2, 3], 'exactly once', 'a: 1 to 1 never came'],
  ['the last never', [1, 2], 'at least once', 'a: it stopped at 2 of 3'],
  ['some never, live', [2], 'live', undefined],
] as const)('of %s the ledger tells', (_, heard, promise, problem) => {
  const ledger = new Ledger('a', 'link', promise)
  for (const number of heard) ledger.hear(number)
  expect(ledger.problem(3)).toBe(problem)
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
