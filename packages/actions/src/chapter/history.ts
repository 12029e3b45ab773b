import { ActionFailure, boolean, chatKey, chatOf, groupId, integer, messageId, once, userId } from '@seekyou/protocol'
import type { Chat } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import type { ActionCall } from '../action.ts'
import { onlyExtended, onlyGoCqhttp } from '../generation.ts'
import { optionalId } from '../optional-id.ts'
import { messageEventData, nothing } from '../result.ts'
import { amount } from '../scalar.ts'
import { storedMessage } from '../stored-message.ts'

const pageParams = once(() => ({
  message_seq: optionalId(integer).describe('the `message_seq` of the last message told; absent or 0: the newest'),
  message_id: optionalId(messageId).describe('the last message told by its id, instead of `message_seq`'),
  count: amount(1000).default(20).describe('how many messages'),
  reverseOrder: boolean.default(false).describe('the newest first'),
}))
const aliases = { reverse_order: 'reverseOrder' }
const data = once(() => z.object({ messages: z.array(messageEventData().extend({ recalled: z.boolean() })) }))

/** What a backend answers that brings a page into the memory of the account. */
const fetchedPage = nothing

const message = {
  post_type: 'message',
  time: 1_700_000_000,
  self_id: 10000,
  user_id: 10001,
  message_id: 7,
  message_seq: 3,
  message: '你好',
  raw_message: '你好',
  font: 0,
  sender: { user_id: 10001, nickname: '小明' },
  recalled: false,
}

/**
 * A page of what the account heard and sent in a chat, oldest first unless asked otherwise. Where our own memory does
 * not fill it, a backend that can is asked to bring what the network remembers into it.
 */
async function tellPage(
  chat: Chat,
  { message_seq, message_id, count, reverseOrder }: Page,
  call: ActionCall,
  fetch: ((page: Page) => Promise<unknown>) | undefined,
): Promise<object> {
  const last = message_id === undefined ? undefined : (await call.messages.get(message_id))?.event
  const upTo = last && chatKey(chatOf(last)) === chatKey(chat) ? last.message_seq : message_seq
  const read = () => call.messages.page(chat, { limit: count, ...(upTo !== undefined && { upTo }) })
  let stored = await read()
  if (fetch && stored.length < count) {
    await fetch({ message_seq: upTo, message_id: undefined, count, reverseOrder: false }).catch((error: unknown) => {
      // What there is here is better than nothing.
      if (!(error instanceof ActionFailure) || stored.length === 0) throw error
    })
    stored = await read()
  }
  // Nothing of a chat that is there is an empty page; of one that is not, the network says so.
  if (stored.length === 0) await findChat(chat, call)
  const messages = stored.map(({ event, recalled }) => ({ ...call.renderEvent(event), recalled }))
  return { messages: reverseOrder ? messages.toReversed() : messages }
}

type Page = z.output<z.ZodObject<ReturnType<typeof pageParams>>>

/** How to fetch a page, where the backend can. */
function canFetch(action: string, { backend }: ActionCall, fetch: (page: Page) => Promise<unknown>) {
  return backend.actions[action] ? fetch : undefined
}

/** Asks the network about a chat, where it can tell. @throws what it says of one that is not there. */
async function findChat(chat: Chat, call: ActionCall): Promise<void> {
  const { type, ...id } = chat
  const action = type === 'group' ? 'get_group_info' : 'get_stranger_info'
  if (call.backend.actions[action]) await call.call(action, id)
}

/** What was said before, and that it was read. */
export const historyActions = {
  get_group_msg_history: defineAction({
    summary: 'Tells the messages of a group up to one of them, as events.',
    params: () => z.object({ group_id: groupId, ...pageParams() }),
    aliases,
    data: () => data(),
    source: fetchedPage,
    generations: onlyGoCqhttp,
    example: {
      params: { group_id: 20001, message_seq: 3 },
      data: { messages: [{ ...message, message_type: 'group', sub_type: 'normal', group_id: 20001, anonymous: null }] },
    },
    run: ({ group_id, ...page }, call, ask) =>
      tellPage(
        { type: 'group', group_id },
        page,
        call,
        canFetch('get_group_msg_history', call, (more) => ask({ group_id, ...more })),
      ),
  }),

  get_friend_msg_history: defineAction({
    summary: 'Tells the messages of a private chat up to one of them, as events.',
    params: () => z.object({ user_id: userId, ...pageParams() }),
    aliases,
    data: () => data(),
    source: fetchedPage,
    generations: onlyExtended,
    example: {
      params: { user_id: 10001, count: 1 },
      data: { messages: [{ ...message, message_type: 'private', sub_type: 'friend', target_id: 10000 }] },
    },
    run: ({ user_id, ...page }, call, ask) =>
      tellPage(
        { type: 'private', user_id },
        page,
        call,
        canFetch('get_friend_msg_history', call, (more) => ask({ user_id, ...more })),
      ),
  }),

  mark_msg_as_read: defineAction({
    summary: 'Marks a message and those before it as read.',
    params: () => z.object({ message_id: messageId }),
    data: nothing,
    generations: onlyGoCqhttp,
    example: { params: { message_id: 7 }, data: null },
    // Where a network knows no such mark, reading leaves no trace either: that the message is there is all there is to it.
    async run({ message_id }, call, ask) {
      await storedMessage(message_id, call)
      return call.backend.actions['mark_msg_as_read'] ? ask({ message_id }) : null
    },
  }),

  mark_private_msg_as_read: defineAction({
    summary: 'Marks a private chat as read.',
    params: () => z.object({ user_id: userId }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { user_id: 10001 }, data: null },
  }),

  mark_group_msg_as_read: defineAction({
    summary: 'Marks the messages of a group as read.',
    params: () => z.object({ group_id: groupId }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { group_id: 20001 }, data: null },
  }),

  _mark_all_as_read: defineAction({
    summary: 'Marks every chat as read.',
    params: () => z.object({}),
    data: nothing,
    generations: onlyExtended,
    example: { params: {}, data: null },
  }),
}
