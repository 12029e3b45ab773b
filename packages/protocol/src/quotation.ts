import { encodeCqCode } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import type { MessageEvent } from './event/message.ts'

/**
 * What a backend says of a quoted message in a `reply` segment: besides its id, what go-cqhttp calls extra data. A link
 * is told only the id unless it asks for all of it.
 */
export function quotation(quoted: MessageEvent): Segment {
  const { message_id, message_seq, user_id, time, message } = quoted
  const said = message.filter(({ type }) => type !== 'reply').map(withoutPlaces)
  const text = encodeCqCode(said)
  return {
    type: 'reply',
    data: { id: String(message_id), seq: String(message_seq), qq: String(user_id), time: String(time), text },
  }
}

/** Of media the name, of a bundle the id: where they are is of today, and what is in a bundle is no text. */
function withoutPlaces({ type, data }: Segment): Segment {
  const { url: _, content: _content, ...rest } = data
  return { type, data: rest }
}
