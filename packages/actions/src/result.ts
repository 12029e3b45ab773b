import type { Segment } from '@seekyou/message'
import type { RenderedMessage } from '@seekyou/protocol'
import { groupId, messageId, once, role, sender, sex, userId } from '@seekyou/protocol'
import * as z from 'zod'

/* Results that several actions share. */

/** An action that only says whether it was done. */
export const nothing = once(() => z.null())

/** What everything that sends answers. */
export const sent = once(() => z.object({ message_id: messageId }))

/** A message in the caller's own format: text with CQ codes, or segments. */
export const renderedMessage = z
  .custom<RenderedMessage>((value) => typeof value === 'string' || Array.isArray(value), {
    error: 'text with CQ codes, or an array of segments',
  })
  .meta({ id: 'Message' })

/** Message content as backends give it; see `renderedMessage` for what a link is told. */
export const content = z.custom<readonly Segment[]>((value) => Array.isArray(value), { error: 'an array of segments' })

/** What the forward sends answer. */
export const sentForward = once(() => sent().extend({ forward_id: z.string() }))

/** A message event as the link is told it; other generations may leave fields out or add some. */
export const messageEventData = once(() =>
  z.looseObject({
    post_type: z.string(),
    message_type: z.string(),
    time: z.int(),
    self_id: userId,
    message_id: messageId,
    message_seq: z.int(),
    user_id: userId,
    message: renderedMessage,
    raw_message: z.string(),
    font: z.int(),
    sender: sender(),
  }),
)

/** A group the account is in. */
export const group = once(() =>
  z.object({
    group_id: groupId,
    group_name: z.string(),
    group_memo: z.string(),
    group_create_time: z.int(),
    group_level: z.int(),
    member_count: z.int(),
    max_member_count: z.int(),
  }),
)

/** A member of a group; times in seconds since 1970, 0 where there is none. */
export const groupMember = once(() =>
  z.object({
    group_id: groupId,
    user_id: userId,
    nickname: z.string(),
    card: z.string(),
    sex: sex(),
    age: z.int(),
    area: z.string(),
    join_time: z.int(),
    last_sent_time: z.int(),
    shut_up_timestamp: z.int(),
    level: z.string(),
    role: role(),
    unfriendly: z.boolean(),
    title: z.string(),
    title_expire_time: z.int(),
    card_changeable: z.boolean(),
  }),
)
