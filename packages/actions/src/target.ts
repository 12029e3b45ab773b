import { discussId, groupId, once, text, userId } from '@seekyou/protocol'
import type { Chat, Dialect } from '@seekyou/protocol'
import { optionalId } from './optional-id.ts'

/** The parameters that say where a message goes, for an action that sends to every kind of chat. */
export const anyTarget = once(() => ({
  // Clients answer by spreading a whole event over the params, so types that cannot be sent to are no error here.
  message_type: text.optional().describe('`private`, `group` or `discuss`; anything else leaves it to the ids'),
  user_id: optionalId(userId),
  group_id: optionalId(groupId),
  discuss_id: optionalId(discussId),
}))

/** How an action for discuss groups fails on a network that has none, and so not the one that is named. */
export const withoutDiscussGroups = {
  absence: { kind: 'no-data', wording: 'the network of this account has no discuss groups' },
} as const

/** The kind of chat that a message is for: what `message_type` says, else what the ids that are there say. */
export function targetType(
  target: { readonly [Name in keyof ReturnType<typeof anyTarget>]?: unknown },
  dialect: Dialect,
): Chat['type'] | undefined {
  const { message_type, user_id, group_id, discuss_id } = target
  if (message_type === 'private' || message_type === 'group' || message_type === 'discuss') return message_type
  if (user_id !== undefined && dialect.ambiguousTarget === 'private') return 'private'
  if (group_id !== undefined) return 'group'
  if (discuss_id !== undefined) return 'discuss'
  return user_id === undefined ? undefined : 'private'
}
