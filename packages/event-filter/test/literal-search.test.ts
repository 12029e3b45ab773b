import { compileFilter } from '@seekyou/event-filter'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('a long part', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 30, maxLength: 60 })

  test('is found exactly where the engine finds it', () => {
    fc.assert(
      fc.property(text, text, fc.nat(5), fc.nat(5), (one, other, before, after) => {
        for (const whole of [one + other, 'a'.repeat(before) + one + 'b'.repeat(after)]) {
          const contains = compileFilter({ x: { '.contains': one } })
          expect(contains.test({ x: whole })).toBe(whole.includes(one))
          expect(contains.test({ x: other + other })).toBe((other + other).includes(one))
          const partOf = compileFilter({ x: { '.in': whole } })
          expect(partOf.test({ x: one })).toBe(true)
          expect(partOf.test({ x: other })).toBe(whole.includes(other))
        }
      }),
    )
  })

  test('takes time linear in the text, even a periodic one', () => {
    // The search of the engine needs about 300 comparisons per character here, a linear one two.
    const part = `${'a'.repeat(1000)}b${'a'.repeat(1000)}`
    const filter = compileFilter({ x: { '.contains': part } })
    const x = 'a'.repeat(4_000_000)
    expect(filter.test({ x })).toBe(false)
    expect(filter.test({ x: `${x}b${x}` })).toBe(true)
  })
})

test('.in with a text asks whether the value is a part of it, so a missing value always is', () => {
  const filter = compileFilter({ user_id: { '.in': '1001,1002' } })
  expect(filter.test({ user_id: 1002 })).toBe(true)
  expect(filter.test({ user_id: 1003 })).toBe(false)
  expect(filter.test({ user_id: '1001,1002,1003' })).toBe(false)
  expect(filter.test({})).toBe(true)
})
