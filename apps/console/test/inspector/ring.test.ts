import { expect, test } from 'vitest'
import { createRing } from '../../src/inspector/ring.ts'

test('keeps the newest, oldest first, and gives back what has to go', () => {
  const ring = createRing<number>(3)
  expect([1, 2, 3].map((item) => ring.push(item))).toEqual([undefined, undefined, undefined])
  expect(ring.push(4)).toBe(1)
  expect(ring.push(5)).toBe(2)
  expect([...ring]).toEqual([3, 4, 5])
  expect(ring).toHaveLength(3)
  expect([ring.at(0), ring.at(2), ring.at(-1), ring.at(-3)]).toEqual([3, 5, 5, 3])
  expect([ring.at(3), ring.at(-4)]).toEqual([undefined, undefined])
})

test('goes round many times', () => {
  const ring = createRing<number>(7)
  for (let item = 0; item < 1000; item++) ring.push(item)
  expect([...ring]).toEqual([993, 994, 995, 996, 997, 998, 999])
})

test('begins anew once it is cleared', () => {
  const ring = createRing<string>(2)
  for (const item of ['a', 'b', 'c']) ring.push(item)
  ring.clear()
  expect([...ring]).toEqual([])
  ring.push('d')
  expect([...ring]).toEqual(['d'])
})
