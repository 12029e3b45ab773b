import { createVirtualClock } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { Counters } from '../src/counters.ts'
import { createMetaEvents } from '../src/meta-event.ts'
import { bot } from './scripted-account.ts'

test('a lifecycle event says in whole seconds when it was, and whose it is', async () => {
  const clock = createVirtualClock()
  const meta = createMetaEvents(bot, clock)
  const before = Math.floor(clock.now() / 1000)
  await clock.advance(1999)
  expect(meta.lifecycle('enable')).toEqual({
    post_type: 'meta_event',
    meta_event_type: 'lifecycle',
    sub_type: 'enable',
    time: before + 1,
    self_id: bot,
  })
})

test('a heartbeat says how the account is, and in milliseconds when the next one comes', () => {
  const status = new Counters().status({ phase: 'online' })
  const beat = createMetaEvents(bot, createVirtualClock()).heartbeat(status, 15_000)
  expect(beat).toMatchObject({ meta_event_type: 'heartbeat', status, interval: 15_000 })
})

test('the plugins of a status are good: there are clients that read a boolean there, and an object breaks them', () => {
  expect(new Counters().status({ phase: 'online' })).toMatchObject({ good: true, plugins_good: true })
})
