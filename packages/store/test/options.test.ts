import { storeOptions } from '@seekyou/store'
import { expect, test } from 'vitest'

test('everything has a default', () => {
  expect(storeOptions.parse({})).toEqual({
    sync: 'normal',
    journal: { max_age: 259_200, max_count: 500_000, max_size: 512 },
    messages: { max_age: 31_536_000 },
    media: { max_age: 7_776_000, max_size: 4096 },
  })
})

test('one bound can be set alone', () => {
  expect(storeOptions.parse({ journal: { max_count: 10 } }).journal).toMatchObject({ max_age: 259_200, max_count: 10 })
})

test('a key that nobody reads is refused', () => {
  expect(() => storeOptions.parse({ journal: { max_events: 10 } })).toThrow(/max_events/)
})
