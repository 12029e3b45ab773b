import { PacedQueue } from '@seekyou/actions'
import { createVirtualClock, settle } from '@seekyou/testkit'
import { expect, it } from 'vitest'

it('what fails in its turn holds nobody up', async () => {
  const clock = createVirtualClock()
  const queue = new PacedQueue(clock, 500)
  const done: number[] = []
  queue.add(async () => {
    done.push(1)
    throw new Error('it failed')
  })
  queue.add(async () => done.push(2))
  await settle()
  await clock.advance(500)
  expect(done).toEqual([1, 2])
})

it('with no pause in between, one thing still comes after the other', async () => {
  const clock = createVirtualClock()
  const queue = new PacedQueue(clock, 0)
  const done: number[] = []
  for (const number of [1, 2, 3]) queue.add(async () => done.push(number))
  expect(done).toEqual([1])
  await settle()
  await clock.advance(0)
  expect(done).toEqual([1, 2, 3])
})
