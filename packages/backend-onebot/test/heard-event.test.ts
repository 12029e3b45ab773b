import { expect, test } from 'vitest'
import { kindOf } from '../src/heard-event.ts'

test.each([
  [{ post_type: 'notice', notice_type: 'notify', sub_type: 'poke' }, 'notice.notify.poke'],
  [{ post_type: 'message_sent', message_type: 'group', sub_type: 1 }, 'message_sent.group'],
  [{ post_type: 'meta_event', meta_event_type: ['x'] }, 'meta_event'],
  [{}, ''],
  [{ post_type: [{ toString: 1, valueOf: null }], sub_type: 'normal' }, ''],
  [JSON.parse('{"post_type":{"__proto__":{"toString":"x"}}}') as Record<string, unknown>, ''],
])('an event is called by the texts that say what it is: %j', (raw, name) => {
  expect(kindOf(raw)).toBe(name)
})
