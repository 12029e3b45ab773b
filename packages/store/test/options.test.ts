import { storeOptions } from '@seekyou/store'
import { expect, test } from 'vitest'

test('everything has a default', () => {
  expect(storeOptions.parse({})).toEqual({
    sync: 'normal',
    strict: false,
    journal: { max_age: 259_200, max_count: 500_000, max_size: 512 },
    messages: { max_age: 31_536_000, max_count: 10_000_000, max_size: 8192 },
    media: { max_age: 7_776_000, max_count: 1_000_000, max_size: 4096 },
    dead_letters: { max_age: 2_592_000, max_count: 10_000 },
  })
})

test('one bound can be set alone', () => {
  expect(storeOptions.parse({ journal: { max_count: 10 } }).journal).toMatchObject({ max_age: 259_200, max_count: 10 })
})

test('a key that nobody reads is refused', () => {
  expect(() => storeOptions.parse({ journal: { max_events: 10 } })).toThrow(/max_events/)
})
