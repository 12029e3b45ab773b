import { sampleAccount } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { createPlace } from './fixture.ts'

test('moved cursors are saved together within 200 ms', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { journal } = store.account(sampleAccount)
  journal.advance('bot', 5)
  await place.clock.advance(100)
  journal.advance('bot', 6)
  journal.advance('log', 1)
  expect(place.query('SELECT link, seq FROM cursor')).toEqual([])
  await place.clock.advance(100)
  expect(place.query('SELECT link, seq FROM cursor')).toEqual([
    ['bot', 6],
    ['log', 1],
  ])
})
