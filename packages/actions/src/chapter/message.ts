import { encodeCqCode } from '@seekyou/message'
import { ActionFailure, chatOf, discussId, groupId, messageId, sender, text, userId } from '@seekyou/protocol'
import type { Chat, Dialect, MessageId, StoredMessage } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import type { ActionCall } from '../action.ts'
import { withMessage } from '../message-param.ts'
import { optionalId } from '../optional-id.ts'
import { nothing, renderedMessage, sent } from '../result.ts'

const literalText = { is_raw: 'auto_escape' }

/** The message an action names, or the failure that says there is none. */
async function storedMessage(id: MessageId, call: ActionCall): Promise<StoredMessage> {
  const stored = await call.messages.get(id)
  if (stored) return stored
  throw new ActionFailure('no-data', `there is no message ${id} in the memory of this account`, {
    code: 'MESSAGE_NOT_FOUND',
  })
}

/** The kind of chat that send_msg is for: what `message_type` says, else what the ids that are there say. */
function targetType(
  target: { readonly [Name in 'message_type' | 'user_id' | 'group_id' | 'discuss_id']?: unknown },
  dialect: Dialect,
): Chat['type'] | undefined {
  const { message_type, user_id, group_id, discuss_id } = target
  if (message_type === 'private' || message_type === 'group' || message_type === 'discuss') return message_type
  if (user_id !== undefined && dialect.ambiguousTarget === 'private') return 'private'
  if (group_id !== undefined) return 'group'
  if (discuss_id !== undefined) return 'discuss'
  return user_id === undefined ? undefined : 'private'
}

/** Sending, reading and recalling messages. */
export const messageActions = {
  send_private_msg: defineAction({
    summary: 'Sends a message to a person; `group_id` names the group of a temporary session.',
    params: withMessage({ user_id: userId, group_id: optionalId(groupId) }),
    aliases: literalText,
    data: sent,
  }),

  send_group_msg: defineAction({
    summary: 'Sends a message to a group.',
    params: withMessage({ group_id: groupId }),
    aliases: literalText,
    data: sent,
  }),

  send_discuss_msg: defineAction({
    summary: 'Sends a message to a discuss group (CQHTTP v2 to v4).',
    params: withMessage({ discuss_id: discussId }),
    aliases: literalText,
    data: sent,
  }),

  send_msg: defineAction({
    summary: 'Sends a message to whoever `message_type` or the id given says.',
    params: withMessage({
      // Clients answer by spreading a whole event over the params, so types that cannot be sent to are no error here.
      message_type: text.optional(),
      user_id: optionalId(userId),
      group_id: optionalId(groupId),
      discuss_id: optionalId(discussId),
    }),
    aliases: literalText,
    data: sent,
    run({ message, ...target }, call) {
      const { user_id, group_id, discuss_id } = target
      switch (targetType(target, call.dialect)) {
        case 'private':
          return call.call('send_private_msg', { user_id, group_id, message })
        case 'group':
          return call.call('send_group_msg', { group_id, message })
        case 'discuss':
          return call.call('send_discuss_msg', { discuss_id, message })
        case undefined:
          throw new ActionFailure('bad-params', 'send_msg needs someone to send to: user_id or group_id')
      }
    },
    needs: ['send_private_msg', 'send_group_msg'],
  }),

  delete_msg: defineAction({
    summary: 'Recalls a message.',
    params: z.object({ message_id: messageId }),
    data: nothing,
  }),

  get_msg: defineAction({
    summary: 'Gets a message that the account heard or sent.',
    params: z.object({ message_id: messageId }),
    aliases: { id: 'message_id' },
    data: z.object({
      message_id: messageId,
      message_seq: z.int(),
      real_id: z.int(),
      message_type: z.enum(['private', 'group', 'discuss']),
      group: z.boolean(),
      group_id: groupId.optional(),
      discuss_id: discussId.optional(),
      time: z.int(),
      sender,
      message: renderedMessage,
      raw_message: z.string(),
      recalled: z.boolean(),
    }),
    async run({ message_id }, call) {
      const { event, recalled } = await storedMessage(message_id, call)
      const chat = chatOf(event)
      const message = call.render(event.message)
      return {
        message_id,
        message_seq: event.message_seq,
        real_id: event.message_seq,
        message_type: event.message_type,
        group: chat.type === 'group',
        ...(chat.type === 'group' && { group_id: chat.group_id }),
        ...(chat.type === 'discuss' && { discuss_id: chat.discuss_id }),
        time: event.time,
        sender: event.sender,
        message,
        // From what was rendered, where stored media have the address they can be fetched at.
        raw_message: typeof message === 'string' ? message : encodeCqCode(message),
        recalled,
      }
    },
  }),
}
