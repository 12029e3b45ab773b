import { sampleAccount, sampleMessage } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { createPlace } from './fixture.ts'

test('a cursor of a new name is saved at once, moves of cursors together within 200 ms', async () => {
  await using place = await createPlace()
  await using store = await place.open()
  const { journal } = store.account(sampleAccount)
  journal.advance('bot', 4)
  journal.advance('log', 0)
  await journal.append(sampleMessage(1))
  await place.clock.advance(50)
  const begun = [
    ['bot', 4],
    ['log', 0],
  ]
  expect(place.query('SELECT link, seq FROM cursor')).toEqual(begun)
  journal.advance('bot', 5)
  await place.clock.advance(100)
  journal.advance('bot', 6)
  journal.advance('log', 1)
  expect(place.query('SELECT link, seq FROM cursor')).toEqual(begun)
  await place.clock.advance(100)
  await place.clock.advance(50)
  expect(place.query('SELECT link, seq FROM cursor')).toEqual([
    ['bot', 6],
    ['log', 1],
  ])
})
