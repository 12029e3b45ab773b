import { describe, expect, test } from 'vitest'
import { eventName, readFilter } from '../../src/inspector/record-filter.ts'
import type { TapRecord } from '../../src/inspector/tap-record.ts'
import { aCall, aDelivery, anEvent } from './records.ts'

const event = anEvent(5)
const recall = anEvent(6, {
  post_type: 'notice',
  message_type: undefined,
  notice_type: 'group_recall',
  operator_id: 10003,
})
const send = aCall(
  'send_msg',
  { group_id: 20001, message: 'Hello' },
  { link: 'ws#1', token: 'shop', from: '127.0.0.1', ms: 12.6 },
)
const failed = aCall('get_group_info_async', { group_id: '404' }, { answer: { status: 'failed', retcode: 102 } })
const link: TapRecord = { type: 'link', id: 1, at: 1, link: 'bot', state: { phase: 'waiting' } }
const records: readonly TapRecord[] = [event, recall, send, failed, link]

const found = (text: string) => records.filter((record) => readFilter(text).matches(record))

describe('the filter box', () => {
  test.each([
    ['', records],
    ['hello', [event, recall, send]],
    ['HELLO 5', [event]],
    ['"hello 6"', [recall]],
    ['hello -type:call', [event, recall]],
    ['type:call', [send, failed]],
    ['type:call,link', [send, failed, link]],
    ['event:message', [event]],
    ['event:message.group', [event]],
    ['event:notice.*', [recall]],
    ['event:mess', []],
    ['action:send_msg', [send]],
    ['action:get_group_info', [failed]],
    ['action:get_*_async', [failed]],
    ['action:*group*', [failed]],
    ['action:send_*msg_', []],
    ['link:bot', [link]],
    ['link:WS*', [send]],
    ['group:20001', [event, recall, send]],
    ['group:404', [failed]],
    ['user:10003', [recall]],
    ['message:5', [event]],
    ['status:failed', [failed]],
    ['status:ok,waiting', [send, link]],
    ['retcode:102', [failed]],
    ['seq:6', [recall]],
    ['token:shop from:127.*', [send]],
    ['ms:>12', [send]],
    ['ms:<=3', [failed]],
    ['ms:13', [send]],
    ['-hello -type:link', [failed]],
  ])('reads %s', (text, wanted) => {
    expect(found(text)).toEqual(wanted)
    expect(readFilter(text).doubts).toEqual([])
  })

  test('an event and a delivery of it are asked together', () => {
    const filtered = aDelivery(5, 'bot', 'filtered')
    const refused = aDelivery(5, 'ws', 'refused')
    const matches = (text: string) =>
      [filtered, refused].filter((delivery) => readFilter(text).matches(event, delivery))
    expect(matches('group:20001 status:filtered')).toEqual([filtered])
    expect(matches('status:failed')).toEqual([refused])
    expect(matches('link:bot status:failed')).toEqual([])
    expect(matches('-link:bot')).toEqual([refused])
  })

  test('what it does not understand is looked for as it stands, and said', () => {
    const filter = readFilter('colour:red ms:soon')
    expect(filter.doubts).toEqual(['colour:red', 'ms:soon'])
    expect(filter.matches(anEvent(9, { raw_message: 'colour:red and ms:soon' }))).toBe(true)
    expect(filter.matches(event)).toBe(false)
  })

  test('addresses and CQ codes are words', () => {
    for (const text of ['http://example.org/a', '[CQ:face,id=1]', '12:30']) {
      expect(readFilter(text).doubts).toEqual([])
      expect(readFilter(text).matches(anEvent(9, { raw_message: text }))).toBe(true)
    }
  })

  test('a term that is still being typed asks for nothing', () => {
    for (const text of ['type:', 'ms:', 'link:"', '-', '"']) expect(found(text)).toEqual(records)
  })

  test('many stars take no long time', () => {
    const filter = readFilter(`action:${'*a'.repeat(2000)}b`)
    expect(filter.matches(aCall('a'.repeat(100_000), {}))).toBe(false)
  })
})

test('names an event as the client does', () => {
  expect(eventName(event.event)).toBe('message.group')
  expect(eventName(recall.event)).toBe('notice.group_recall')
  expect(eventName({ post_type: 'notice', notice_type: 'notify', sub_type: 'poke' })).toBe('notice.notify.poke')
  expect(eventName({ post_type: 'request', request_type: 'group', sub_type: 'add' })).toBe('request.group.add')
  expect(eventName({ post_type: 'message', message_type: 'group', sub_type: 'normal' })).toBe('message.group')
  expect(eventName({ post_type: 'meta_event', meta_event_type: 'heartbeat' })).toBe('meta_event.heartbeat')
  expect(eventName({})).toBe('?')
})
