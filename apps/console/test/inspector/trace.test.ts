import { expect, test } from 'vitest'
import { createTimeline } from '../../src/inspector/timeline.ts'
import { traceOf } from '../../src/inspector/trace.ts'
import type { TapRecord } from '../../src/inspector/tap-record.ts'
import { aCall, aDelivery, anEvent } from './records.ts'

function trace(...records: TapRecord[]) {
  const timeline = createTimeline(100)
  timeline.add(records)
  return traceOf(timeline.entries(), 1)
}
const event = anEvent(1, { message_id: 7 })
const told = aDelivery(1, 'bot', 'acknowledged')
const after = (ms: number) => ({ at: event.at + ms })
const reasons = (...records: TapRecord[]) => trace(event, told, ...records)?.calls.map(({ reason }) => reason)

test('follows an event to its links, to calls and to what they did', () => {
  const retried = aDelivery(1, 'bot', 'retry')
  const effect = anEvent(2, { post_type: 'message_sent' })
  const call = aCall('send_group_msg', { group_id: 20001, message: 'hi' }, { ...after(5), link: 'bot', events: [2] })
  expect(trace(event, retried, told, call, effect)).toEqual({
    event,
    deliveries: [told],
    calls: [{ call, reason: 'told-link', effects: [effect] }],
  })
})

test('knows an answer to the event, and a call that names its message', () => {
  expect(reasons(aCall('send_msg', {}, { ...after(1), seq: 1 }))).toEqual(['quick-operation'])
  const names = [
    aCall('delete_msg', { message_id: '7' }, after(60_000)),
    aCall('send_msg', { group_id: 1, message: '[CQ:reply,id=7]yes' }, after(60_000)),
    aCall('send_msg', { group_id: 1, message: [{ type: 'reply', data: { id: 7 } }] }, after(60_000)),
  ]
  expect(reasons(...names)).toEqual(['names-message', 'names-message', 'names-message'])
})

test('takes no call of another chat, another link, another time or before', () => {
  const params = { group_id: 20001, message: 'hi' }
  expect(
    reasons(
      aCall('send_msg', { ...params, group_id: 20002 }, after(1)),
      aCall('send_msg', params, { ...after(1), link: 'other' }),
      aCall('send_msg', params, after(10_001)),
      aCall('send_msg', params, after(-1)),
      aCall('send_msg', { message: '[CQ:reply,id=77]' }, after(1)),
      aCall('get_msg', { message: { type: 'reply' } }, after(1)),
    ),
  ).toEqual([])
})

test('a link that was not told cannot have answered', () => {
  const call = aCall('send_msg', { group_id: 20001 }, after(1))
  expect(trace(event, aDelivery(1, 'bot', 'filtered'), call)?.calls).toEqual([])
  expect(trace(event, told, call)?.calls).toMatchObject([{ reason: 'soon-after' }])
})

test('there is no trace of an event that is gone', () => {
  expect(trace(told)).toBeUndefined()
})
