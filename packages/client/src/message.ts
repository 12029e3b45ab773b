import { readMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import type { CallParams } from './call.ts'
import type { EventOf, MessageContent } from './event.ts'

/** A message that was heard, or one that the account sent. */
export type MessageEvent = EventOf<'message' | 'message_sent'>

/**
 * The segments of a message event, or of what get_msg gives, in whichever of the two formats it came.
 * Params that a server gave as numbers or booleans become text.
 *
 * @throws MessageInputError if the server sent segments that are none.
 */
export function segmentsOf({ message }: { readonly message: MessageContent }): Segment[] {
  return readMessage(message)
}

/** A message of a guild, whose channels are reached in their own way. */
export type GuildMessageEvent = Extract<MessageEvent, { readonly message_type: 'guild' }>

/** Where an answer to a message goes, as params of send_msg. */
export function chatOf(
  event: Exclude<MessageEvent, GuildMessageEvent>,
): Omit<CallParams<'send_msg'>, 'message' | 'auto_escape'> {
  const { message_type } = event
  switch (message_type) {
    case 'private': {
      const isOwn = event.user_id === event.self_id
      // A temporary session is reached through the group it came from.
      const { group_id } = event.sender
      return {
        message_type,
        user_id: isOwn ? event.target_id : event.user_id,
        ...(event.sub_type === 'group' && { group_id }),
      }
    }
    case 'group':
      return { message_type, group_id: event.group_id }
    case 'discuss':
      return { message_type, discuss_id: event.discuss_id }
  }
}
