import { readMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import * as z from 'zod'
import type { Dialect } from './dialect.ts'
import { once } from './once.ts'
import { boolean, text, integer } from './scalar.ts'

/** A call that a quick operation comes down to. */
export interface QuickCall {
  readonly action: string
  readonly params: Readonly<Record<string, unknown>>
}

// `unknown` alone would make the key a must.
const anything = () => z.unknown().optional()

/** What a client may answer to an event; nothing of it is a must. */
export const quickOperation = once(() => {
  // Absent, null and unreadable values mean the same: not asked for.
  const asked = boolean.optional().catch(undefined)
  return z.object({
    reply: anything(),
    auto_escape: asked,
    /** What CQHTTP v2 called `auto_escape`. */
    is_raw: asked,
    at_sender: asked,
    delete: asked,
    kick: asked,
    reject_add_request: asked,
    ban: asked,
    ban_duration: integer.optional().catch(undefined),
    approve: asked,
    remark: text.optional().catch(undefined),
    reason: text.optional().catch(undefined),
  })
})

/**
 * The part of an event that says what is being answered; clients may send back no more than this. Nothing in it is
 * checked here: the actions it ends in do that.
 */
const contextSchema = once(() =>
  z.object({
    post_type: anything(),
    message_type: anything(),
    request_type: anything(),
    sub_type: anything(),
    user_id: anything(),
    group_id: anything(),
    discuss_id: anything(),
    message_id: anything(),
    anonymous: anything(),
    anonymous_flag: anything(),
    flag: anything(),
  }),
)

type Operation = z.infer<ReturnType<typeof quickOperation>>
type Context = z.infer<ReturnType<typeof contextSchema>>

/**
 * Reads what a client answered to an event as the calls it stands for, in the order they are done.
 * An answer that asks for nothing gives none.
 *
 * @throws MessageInputError for a reply that is no message.
 * @see https://github.com/botuniverse/onebot-11/blob/master/api/hidden.md#handle_quick_operation-对事件执行快速操作
 */
export function planQuickOperation(context: unknown, operation: unknown, dialect: Dialect): readonly QuickCall[] {
  const read = { context: contextSchema().safeParse(context), operation: quickOperation().safeParse(operation) }
  if (!read.context.success || !read.operation.success) return []
  switch (read.context.data.post_type) {
    case 'message':
      return answerMessage(read.context.data, read.operation.data, dialect)
    case 'request':
      return answerRequest(read.context.data, read.operation.data)
    default:
      return []
  }
}

function answerMessage(context: Context, operation: Operation, dialect: Dialect): readonly QuickCall[] {
  const { user_id, group_id, discuss_id, message_id, anonymous, anonymous_flag } = context
  // The mask of a speaker: an object or null, and before CQHTTP v4 its name or an empty string.
  const isAnonymous = Boolean(anonymous)
  const calls: QuickCall[] = []

  const reply = readMessage(operation.reply ?? '', { autoEscape: operation.auto_escape ?? operation.is_raw ?? false })
  if (reply.length > 0) {
    const isAddressed = (operation.at_sender ?? dialect.atSender) && !isAnonymous
    const addressed = isAddressed ? [...at(user_id, dialect.atSeparator), ...reply] : reply
    if (context.message_type === 'private') {
      calls.push({ action: 'send_private_msg', params: { user_id, group_id, message: reply } })
    } else if (context.message_type === 'group') {
      calls.push({ action: 'send_group_msg', params: { group_id, message: addressed } })
    } else if (context.message_type === 'discuss') {
      calls.push({ action: 'send_discuss_msg', params: { discuss_id, message: addressed } })
    }
  }
  if (context.message_type !== 'group') return calls

  if (operation.delete) calls.push({ action: 'delete_msg', params: { message_id } })
  if (operation.kick && !isAnonymous) {
    const reject_add_request = operation.reject_add_request ?? false
    calls.push({ action: 'set_group_kick', params: { group_id, user_id, reject_add_request } })
  }
  if (operation.ban) {
    const duration = operation.ban_duration ?? 1800
    const mask = typeof anonymous === 'object' ? { anonymous } : { anonymous_flag }
    calls.push(
      isAnonymous
        ? { action: 'set_group_anonymous_ban', params: { group_id, ...mask, duration } }
        : { action: 'set_group_ban', params: { group_id, user_id, duration } },
    )
  }
  return calls
}

function answerRequest(context: Context, operation: Operation): readonly QuickCall[] {
  const { flag, sub_type } = context
  const { approve, remark = '', reason = '' } = operation
  if (approve === undefined) return []
  switch (context.request_type) {
    case 'friend':
      return [{ action: 'set_friend_add_request', params: { flag, approve, remark } }]
    case 'group':
      return [{ action: 'set_group_add_request', params: { flag, sub_type, approve, reason } }]
    default:
      return []
  }
}

function at(userId: unknown, separator: Dialect['atSeparator']): readonly Segment[] {
  if (typeof userId !== 'number' && typeof userId !== 'string') return []
  const mention = { type: 'at', data: { qq: String(userId) } }
  return separator === '' ? [mention] : [mention, { type: 'text', data: { text: separator } }]
}
