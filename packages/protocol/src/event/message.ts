import * as z from 'zod'
import type { Segment } from '@seekyou/message'
import { discussId, groupId, messageId, userId } from '../ids.ts'
import type { DiscussId, GroupId, UserId } from '../ids.ts'
import { once } from '../once.ts'

/** A person's role in a group. */
export const role = once(() => z.enum(['owner', 'admin', 'member']))
export type Role = z.infer<ReturnType<typeof role>>

/** What a person says of their sex. */
export const sex = once(() => z.enum(['male', 'female', 'unknown']))

/**
 * Who said it, as far as the network tells: every field but the first two may be missing.
 * @see https://github.com/botuniverse/onebot-11/blob/master/event/message.md
 */
export const sender = once(() =>
  z.object({
    user_id: userId,
    nickname: z.string(),
    sex: sex().optional(),
    age: z.int().optional(),
    card: z.string().optional(),
    area: z.string().optional(),
    level: z.string().optional(),
    role: role().optional(),
    title: z.string().optional(),
    /** The group a temporary session came from. */
    group_id: groupId.optional(),
  }),
)
export type Sender = z.infer<ReturnType<typeof sender>>

/** The mask of an anonymous speaker; `flag` is what set_group_anonymous_ban takes. */
const anonymous = () => z.object({ id: z.int(), name: z.string(), flag: z.string() })

/** Message content inside the house: segments. What a client gets is text or segments, as its link asks. */
export const content = z.custom<readonly Segment[]>((value) => Array.isArray(value) && value.every(isSegment), {
  error: 'an array of segments',
})

function isSegment(value: unknown): boolean {
  return isObject(value) && typeof value['type'] === 'string' && isObject(value['data'])
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const common = () => ({
  time: z.int(),
  self_id: userId,
  message_id: messageId,
  /** The network's own number of this message within its chat. */
  message_seq: z.int(),
  user_id: userId,
  message: content,
  font: z.int(),
  sender: sender(),
})

const postType = () => z.enum(['message', 'message_sent'])

/** A message in a private chat; `target_id` is who it was said to. */
const privateMessage = () =>
  z.object({
    post_type: postType(),
    message_type: z.literal('private'),
    sub_type: z.enum(['friend', 'group', 'other']),
    ...common(),
    target_id: userId,
    temp_source: z.int().optional(),
  })

/** A message in a group. */
const groupMessage = () =>
  z.object({
    post_type: postType(),
    message_type: z.literal('group'),
    sub_type: z.enum(['normal', 'anonymous', 'notice']),
    ...common(),
    group_id: groupId,
    anonymous: anonymous().nullable(),
  })

/** A message in a discuss group (CQHTTP v2 to v4). */
const discussMessage = () =>
  z.object({
    post_type: postType(),
    message_type: z.literal('discuss'),
    ...common(),
    discuss_id: discussId,
  })

export const messageEvent = z.lazy(() =>
  z.discriminatedUnion('message_type', [privateMessage(), groupMessage(), discussMessage()]),
)
export type MessageEvent = z.infer<typeof messageEvent>

/** A conversation of the account: with a person, in a group, or in a discuss group. */
export type Chat =
  | { readonly type: 'private'; readonly user_id: UserId }
  | { readonly type: 'group'; readonly group_id: GroupId }
  | { readonly type: 'discuss'; readonly discuss_id: DiscussId }

/** The conversation that a message belongs to; for one of the account's own private messages, that with its addressee. */
export function chatOf(message: MessageEvent): Chat {
  switch (message.message_type) {
    case 'private':
      return { type: 'private', user_id: message.user_id === message.self_id ? message.target_id : message.user_id }
    case 'group':
      return { type: 'group', group_id: message.group_id }
    case 'discuss':
      return { type: 'discuss', discuss_id: message.discuss_id }
  }
}

/** A conversation as one word, such as `group:20001`; the key under which stores file it. */
export function chatKey(chat: Chat): string {
  switch (chat.type) {
    case 'private':
      return `private:${chat.user_id}`
    case 'group':
      return `group:${chat.group_id}`
    case 'discuss':
      return `discuss:${chat.discuss_id}`
  }
}
