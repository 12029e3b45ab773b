import { expect, test } from 'vitest'
import { readFilter } from '../../src/inspector/record-filter.ts'
import { createTimeline } from '../../src/inspector/timeline.ts'
import type { Timeline } from '../../src/inspector/timeline.ts'
import { aCall, aDelivery, anEvent } from './records.ts'

/** The lines as a person would read them. */
function lines(timeline: Timeline): string[] {
  return timeline.view().rows.map(({ entry: { record }, delivery }) => {
    if (delivery) return `  ${delivery.link} ${delivery.outcome}`
    return record.type === 'event' ? `event ${record.seq}` : record.type === 'call' ? record.action : record.type
  })
}

test('shows the deliveries below their event, of each link the newest', () => {
  const timeline = createTimeline(10)
  timeline.add([anEvent(1), aDelivery(1, 'bot', 'retry'), anEvent(2), aDelivery(2, 'ws', 'filtered')])
  timeline.add([aDelivery(1, 'bot', 'acknowledged'), aDelivery(1, 'ws', 'written'), aCall('send_msg', {})])
  expect(lines(timeline)).toEqual([
    'event 1',
    '  bot acknowledged',
    '  ws written',
    'event 2',
    '  ws filtered',
    'send_msg',
  ])
  expect(timeline.event(1)?.deliveries.map(({ outcome }) => outcome)).toEqual(['retry', 'acknowledged', 'written'])
})

test('a delivery whose event is not here stands alone', () => {
  const timeline = createTimeline(10)
  timeline.add([aDelivery(7, 'bot', 'written')])
  expect(lines(timeline)).toEqual(['delivery'])
})

test('one acknowledgement stands for all that was written since the one before', () => {
  const timeline = createTimeline(10)
  timeline.add([1, 2, 3].flatMap((seq) => [anEvent(seq), aDelivery(seq, 'bot', 'written')]))
  timeline.add([aDelivery(3, 'bot', 'acknowledged', { after: 1 })])
  expect(lines(timeline)).toEqual([
    'event 1',
    '  bot written',
    'event 2',
    '  bot acknowledged',
    'event 3',
    '  bot acknowledged',
  ])
})

test('keeps so many entries and tells how many rows went from the top', () => {
  const timeline = createTimeline(2)
  timeline.add([anEvent(1), aDelivery(1, 'bot', 'written'), anEvent(2)])
  expect(timeline.view().rowsGone).toBe(0)
  timeline.add([anEvent(3)])
  expect(lines(timeline)).toEqual(['event 2', 'event 3'])
  expect(timeline.view()).toMatchObject({ rowsGone: 2, kept: 2 })
  expect(timeline.event(1)).toBeUndefined()
})

test('a pause holds the view and loses nothing', () => {
  const timeline = createTimeline(3)
  timeline.add([anEvent(1)])
  timeline.pause()
  timeline.add([anEvent(2), aDelivery(2, 'bot', 'written')])
  expect(lines(timeline)).toEqual(['event 1'])
  expect(timeline.view()).toMatchObject({ waiting: 2, isFull: false })
  timeline.add([anEvent(3)])
  expect(timeline.view().isFull).toBe(true)
  timeline.resume()
  expect(lines(timeline)).toEqual(['event 1', 'event 2', '  bot written', 'event 3'])
  expect(timeline.view().waiting).toBeUndefined()
})

test('the filter chooses entries, and of an event the deliveries that fit', () => {
  const timeline = createTimeline(10)
  timeline.add([anEvent(1), aDelivery(1, 'bot', 'written'), aDelivery(1, 'ws', 'filtered'), aCall('get_msg', {})])
  timeline.filter(readFilter('status:filtered'))
  expect(lines(timeline)).toEqual(['event 1', '  ws filtered'])
  timeline.filter(readFilter('-link:ws type:event'))
  expect(lines(timeline)).toEqual(['event 1', '  bot written'])
  timeline.filter(readFilter('type:call'))
  expect(lines(timeline)).toEqual(['get_msg'])
  timeline.add([aDelivery(1, 'third', 'written')])
  expect(lines(timeline)).toEqual(['get_msg'])
})

test('a row stays the same object until it looks different', () => {
  const timeline = createTimeline(10)
  timeline.add([anEvent(1), aDelivery(1, 'bot', 'retry')])
  const [event, delivery] = timeline.view().rows
  expect(timeline.view()).toBe(timeline.view())
  timeline.add([anEvent(2), aDelivery(1, 'ws', 'written')])
  expect(timeline.view().rows[0]).toBe(event)
  expect(timeline.view().rows[1]).toBe(delivery)
  timeline.add([aDelivery(1, 'bot', 'written')])
  expect(timeline.view().rows[0]).toBe(event)
  expect(timeline.view().rows[1]).not.toBe(delivery)
})

test('forgets everything when it is cleared, and knows where the stream stands', () => {
  const timeline = createTimeline(10)
  const call = aCall('get_msg', {})
  timeline.add([call, { type: 'gap', missed: 3 }])
  expect(timeline.newest()).toBe(call.id)
  timeline.clear()
  expect(lines(timeline)).toEqual([])
  expect(timeline.newest()).toBe(call.id)
})

test('has no line for each link that does not want what the bot says itself, unless links are asked for', () => {
  const timeline = createTimeline(10)
  timeline.add([anEvent(1, { post_type: 'message_sent' }), aDelivery(1, 'bot', 'skipped')])
  timeline.add([anEvent(2), aDelivery(2, 'bot', 'skipped')])
  expect(lines(timeline)).toEqual(['event 1', 'event 2', '  bot skipped'])
  timeline.filter(readFilter('link:bot'))
  expect(lines(timeline)).toEqual(['event 1', '  bot skipped', 'event 2', '  bot skipped'])
})

test('a filter can be found out a little at a time', () => {
  const timeline = createTimeline(10)
  timeline.add([anEvent(1), anEvent(2), aCall('get_msg', {})])
  const filter = readFilter('type:call')
  let left = 2
  expect(timeline.prepare(filter, () => left-- > 0)).toBe(false)
  expect(lines(timeline)).toEqual(['event 1', 'event 2', 'get_msg'])
  timeline.add([anEvent(3), aDelivery(1, 'bot', 'written')])
  expect(timeline.prepare(filter, () => true)).toBe(true)
  timeline.filter(filter)
  expect(lines(timeline)).toEqual(['get_msg'])
  timeline.filter(readFilter('bot'))
  expect(lines(timeline)).toEqual(['event 1', '  bot written'])
})
