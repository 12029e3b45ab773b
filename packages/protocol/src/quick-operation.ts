import { readMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import * as z from 'zod'
import type { Dialect } from './dialect.ts'
import { boolean, text, integer } from './scalar.ts'

/** A call that a quick operation comes down to. */
export interface QuickCall {
  readonly action: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Absent, null and unreadable values mean the same: not asked for. */
const asked = boolean.optional().catch(undefined)

const operationSchema = z.object({
  reply: z.unknown(),
  auto_escape: asked,
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

/** The part of an event that says what is being answered; clients may send back no more than this. */
const contextSchema = z.object({
  post_type: z.string(),
  message_type: z.string().optional(),
  request_type: z.string().optional(),
  sub_type: z.string().optional(),
  user_id: z.unknown(),
  group_id: z.unknown(),
  discuss_id: z.unknown(),
  message_id: z.unknown(),
  anonymous: z.unknown(),
  flag: z.unknown(),
})

type Operation = z.infer<typeof operationSchema>
type Context = z.infer<typeof contextSchema>

/**
 * Reads what a client answered to an event as the calls it stands for, in the order they are done.
 * An answer that asks for nothing gives none.
 *
 * @throws MessageInputError for a reply that is no message.
 * @see https://github.com/botuniverse/onebot-11/blob/master/api/hidden.md#handle_quick_operation-对事件执行快速操作
 */
export function planQuickOperation(context: unknown, operation: unknown, dialect: Dialect): readonly QuickCall[] {
  const read = { context: contextSchema.safeParse(context), operation: operationSchema.safeParse(operation) }
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
  const { user_id, group_id, discuss_id, message_id } = context
  const isAnonymous = context.anonymous !== null && context.anonymous !== undefined && context.anonymous !== ''
  const calls: QuickCall[] = []

  if (!isEmptyReply(operation.reply)) {
    const reply = readMessage(operation.reply, { autoEscape: operation.auto_escape ?? false })
    const addressed = (operation.at_sender ?? dialect.atSender) && !isAnonymous ? [...at(user_id), ...reply] : reply
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
    calls.push(
      isAnonymous
        ? { action: 'set_group_anonymous_ban', params: { group_id, anonymous: context.anonymous, duration } }
        : { action: 'set_group_ban', params: { group_id, user_id, duration } },
    )
  }
  return calls
}

function answerRequest(context: Context, operation: Operation): readonly QuickCall[] {
  const { flag, sub_type } = context
  const { approve } = operation
  if (approve === undefined) return []
  return context.request_type === 'friend'
    ? [{ action: 'set_friend_add_request', params: { flag, approve, remark: operation.remark ?? '' } }]
    : [{ action: 'set_group_add_request', params: { flag, sub_type, approve, reason: operation.reason ?? '' } }]
}

function at(userId: unknown): readonly Segment[] {
  return [
    { type: 'at', data: { qq: String(userId) } },
    { type: 'text', data: { text: ' ' } },
  ]
}

function isEmptyReply(reply: unknown): boolean {
  return reply === undefined || reply === null || reply === '' || (Array.isArray(reply) && reply.length === 0)
}
