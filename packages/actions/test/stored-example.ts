import { isMessage, networkEvent } from '@seekyou/protocol'
import type { StoredMessage } from '@seekyou/protocol'

const text = [{ type: 'text', data: { text: 'hi' } }]
const common = { post_type: 'message', time: 1_700_000_000, self_id: 10000, font: 0, user_id: 10001, message: text }

/** A message in the group 20001, or, with `message_type: 'private'`, from the person 10001; `more` goes over it. */
export function storedExample(message_id: number, more: object = {}): StoredMessage {
  const message = { ...common, message_id, message_seq: message_id, sender: { user_id: 10001, nickname: '小明' } }
  const event = networkEvent.parse(
    'message_type' in more
      ? { ...message, sub_type: 'friend', target_id: 10000, ...more }
      : { ...message, message_type: 'group', sub_type: 'normal', group_id: 20001, anonymous: null, ...more },
  )
  if (!isMessage(event)) throw new Error('this example is no message')
  return { event, recalled: false }
}
