import { encodeCqCode } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { ActionFailure, chatOf, discussId, groupId, messageId, sender, userId } from '@seekyou/protocol'
import type { Chat, MessageEvent } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import type { ActionCall } from '../action.ts'
import { onlyCqhttp, sinceCqhttp2, sinceCqhttp4, sinceOneBot11 } from '../generation.ts'
import { withMessage } from '../message-param.ts'
import { optionalId } from '../optional-id.ts'
import { nothing, renderedMessage, sent } from '../result.ts'
import { storedMessage } from '../stored-message.ts'
import { anyTarget, targetType, withoutDiscussGroups } from '../target.ts'

const literalText = { is_raw: 'auto_escape' }
const example = { message: '你好[CQ:face,id=1]' }

/** The name go-cqhttp has for a message besides its id: whose it is, and its number there, in hexadecimal. */
function idV2(chat: Chat, { user_id, message_seq }: MessageEvent): string {
  const place = chat.type === 'group' ? chat.group_id : user_id
  return place.toString(16).padStart(16, '0') + message_seq.toString(16).padStart(8, '0')
}

/**
 * Has nodes sent as the bundle they are: OneBot 11 says them in a message, and has no action of its own for them.
 * `undefined` for any other message, and where the network sends no bundles.
 * @see https://github.com/botuniverse/onebot-11/blob/master/message/segment.md
 */
function sendNodes(
  action: 'send_private_forward_msg' | 'send_group_forward_msg',
  { message, ...target }: { readonly message: readonly Segment[] },
  call: ActionCall,
): Promise<z.output<ReturnType<typeof sent>>> | undefined {
  if (!message.some(({ type }) => type === 'node') || !call.backend.actions[action]) return undefined
  const bundle = call.call(action, { ...target, messages: message })
  return bundle.then((answer) => ({ message_id: sent().parse(answer).message_id }))
}

/** Sending, reading and recalling messages. */
export const messageActions = {
  send_private_msg: defineAction({
    summary: 'Sends a message to a person; `group_id` names the group of a temporary session.',
    params: () => withMessage({ user_id: userId, group_id: optionalId(groupId) }),
    aliases: literalText,
    data: sent,
    generations: sinceCqhttp2,
    example: { params: { user_id: 10001, ...example }, data: { message_id: 7 } },
    run: ({ group_id, ...params }, call, ask) =>
      sendNodes('send_private_forward_msg', params, call) ?? ask({ group_id, ...params }),
    needs: ['send_private_msg'],
  }),

  send_group_msg: defineAction({
    summary: 'Sends a message to a group.',
    params: () => withMessage({ group_id: groupId }),
    aliases: literalText,
    data: sent,
    generations: sinceCqhttp2,
    example: { params: { group_id: 20001, ...example }, data: { message_id: 7 } },
    run: (params, call, ask) => sendNodes('send_group_forward_msg', params, call) ?? ask(params),
    needs: ['send_group_msg'],
  }),

  send_discuss_msg: defineAction({
    summary: 'Sends a message to a discuss group (CQHTTP v2 to v4).',
    params: () => withMessage({ discuss_id: discussId }),
    aliases: literalText,
    data: sent,
    generations: onlyCqhttp,
    example: { params: { discuss_id: 30001, ...example }, data: { message_id: 7 } },
    ...withoutDiscussGroups,
  }),

  send_msg: defineAction({
    summary: 'Sends a message to whoever `message_type` or the id given says.',
    params: () => withMessage(anyTarget()),
    aliases: literalText,
    data: sent,
    generations: sinceCqhttp4,
    example: { params: { message_type: 'group', group_id: 20001, ...example }, data: { message_id: 7 } },
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
    params: () => z.object({ message_id: messageId }),
    data: nothing,
    generations: sinceCqhttp4,
    isUnsafe: true,
    example: { params: { message_id: 7 }, data: null },
  }),

  get_msg: defineAction({
    summary: 'Gets a message that the account heard or sent.',
    params: () => z.object({ message_id: messageId }),
    aliases: { id: 'message_id' },
    data: () =>
      z.object({
        message_id: messageId,
        message_id_v2: z.string(),
        message_seq: z.int(),
        real_id: z.int(),
        message_type: z.enum(['private', 'group', 'discuss']),
        group: z.boolean(),
        group_id: groupId.optional(),
        discuss_id: discussId.optional(),
        time: z.int(),
        sender: sender(),
        message: renderedMessage,
        raw_message: z.string(),
        recalled: z.boolean(),
      }),
    source: () => nothing().describe('once the message is in the memory of the account'),
    generations: sinceOneBot11,
    example: {
      params: { message_id: 7 },
      data: {
        message_id: 7,
        message_id_v2: '0000000000004e2100000003',
        message_seq: 3,
        real_id: 3,
        message_type: 'group',
        group: true,
        group_id: 20001,
        time: 1_700_000_000,
        sender: { user_id: 10001, nickname: '小明', card: '班长', role: 'owner' },
        message: '你好',
        raw_message: '你好',
        recalled: false,
      },
    },
    async run({ message_id }, call) {
      const { event, recalled } = await storedMessage(message_id, call)
      const chat = chatOf(event)
      const message = call.render(event.message)
      return {
        message_id,
        message_id_v2: idV2(chat, event),
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
