import { encodeCqCode } from '@seekyou/message'
import { ActionFailure, chatOf, discussId, groupId, messageId, sender, userId } from '@seekyou/protocol'
import type { MessageId, StoredMessage } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import type { ActionCall } from '../action.ts'
import { withMessage } from '../message-param.ts'
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

/** Sending, reading and recalling messages. */
export const messageActions = {
  send_private_msg: defineAction({
    summary: 'Sends a message to a person; `group_id` names the group of a temporary session.',
    params: withMessage({ user_id: userId, group_id: groupId.optional() }),
    aliases: literalText,
    data: sent,
  }),

  send_group_msg: defineAction({
    summary: 'Sends a message to a group.',
    params: withMessage({ group_id: groupId }),
    aliases: literalText,
    data: sent,
  }),

  send_msg: defineAction({
    summary: 'Sends a message to whoever `message_type` or the id given says.',
    params: withMessage({
      // Clients answer by spreading a whole event over the params, so types that cannot be sent to are no error here.
      message_type: z.string().optional(),
      user_id: userId.optional(),
      group_id: groupId.optional(),
      discuss_id: discussId.optional(),
    }),
    aliases: literalText,
    data: sent,
    run({ message_type, user_id, group_id, discuss_id, message }, call) {
      const isPrivate =
        message_type === 'private' ||
        (message_type !== 'group' &&
          message_type !== 'discuss' &&
          user_id !== undefined &&
          (call.dialect.ambiguousTarget === 'private' || (group_id ?? discuss_id) === undefined))
      if (isPrivate) return call.call('send_private_msg', { user_id, group_id, message })
      if (message_type === 'discuss' || (group_id === undefined && discuss_id !== undefined)) {
        return call.call('send_discuss_msg', { discuss_id, message })
      }
      if (message_type === 'group' || group_id !== undefined) return call.call('send_group_msg', { group_id, message })
      throw new ActionFailure('bad-params', 'send_msg needs someone to send to: user_id or group_id')
    },
    needs: ['send_private_msg', 'send_group_msg'],
  }),

  delete_msg: defineAction({
    summary: 'Recalls a message.',
    params: z.object({ message_id: messageId }),
    data: nothing,
    isUnsafe: true,
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
      time: z.int(),
      sender,
      message: renderedMessage,
      raw_message: z.string(),
      recalled: z.boolean(),
    }),
    async run({ message_id }, call) {
      const { event, recalled } = await storedMessage(message_id, call)
      const chat = chatOf(event)
      return {
        message_id,
        message_seq: event.message_seq,
        real_id: event.message_seq,
        message_type: event.message_type,
        group: chat.type === 'group',
        ...(chat.type === 'group' && { group_id: chat.group_id }),
        time: event.time,
        sender: event.sender,
        message: call.render(event.message),
        raw_message: encodeCqCode(event.message),
        recalled,
      }
    },
  }),
}
