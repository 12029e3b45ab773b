import * as z from 'zod'
import { groupId, guildScopedId, messageId, userId } from '../ids.ts'
import { once } from '../once.ts'

const common = () => ({ time: z.int(), self_id: userId, post_type: z.literal('notice') })
const inGroup = { group_id: groupId, user_id: userId }

const guildScope = {
  guild_id: guildScopedId,
  channel_id: guildScopedId,
  operator_id: guildScopedId,
  self_tiny_id: guildScopedId,
  user_id: guildScopedId,
}

/** A face under a message of a channel, and how many put it there; `clicked` if the account did. */
export const channelReaction = once(() =>
  z.object({
    emoji_id: z.string(),
    emoji_index: z.int(),
    emoji_type: z.int(),
    emoji_name: z.string(),
    count: z.int(),
    clicked: z.boolean(),
  }),
)

/** A channel of a guild; `channel_type` 1 text, 2 voice, 5 live, 7 topics. */
export const channelInfo = once(() =>
  z.object({
    channel_id: guildScopedId,
    owner_guild_id: guildScopedId,
    channel_type: z.int(),
    channel_name: z.string(),
    create_time: z.int(),
    creator_tiny_id: guildScopedId,
    talk_permission: z.int(),
    visible_type: z.int(),
    current_slow_mode: z.int(),
    slow_modes: z.array(
      z.object({
        slow_mode_key: z.int(),
        slow_mode_text: z.string(),
        speak_frequency: z.int(),
        slow_mode_circle: z.int(),
      }),
    ),
  }),
)

/** A notice whose name says all: no second name below it. */
function notice<Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) {
  return z.object({ ...common(), notice_type: z.literal(name), ...shape })
}

/**
 * Everything that happens in chats besides messages.
 * @see https://github.com/botuniverse/onebot-11/blob/master/event/notice.md
 */
export const noticeEvent = z.lazy(() => {
  /** A file that came into a group or a private chat; sizes in bytes. */
  const file = z.object({
    id: z.string().optional(),
    name: z.string(),
    size: z.int(),
    busid: z.int().optional(),
    url: z.string().optional(),
  })

  const channel = channelInfo().partial({
    talk_permission: true,
    visible_type: true,
    current_slow_mode: true,
    slow_modes: true,
  })

  return z.discriminatedUnion('notice_type', [
    notice('group_upload', { ...inGroup, file }),
    notice('group_admin', { sub_type: z.enum(['set', 'unset']), ...inGroup }),
    notice('group_decrease', { sub_type: z.enum(['leave', 'kick', 'kick_me']), ...inGroup, operator_id: z.int() }),
    notice('group_increase', { sub_type: z.enum(['approve', 'invite']), ...inGroup, operator_id: z.int() }),
    // `user_id` 0 is the whole group; `duration` in seconds, 0 lifts, -1 a ban of the whole group.
    notice('group_ban', {
      sub_type: z.enum(['ban', 'lift_ban']),
      group_id: groupId,
      user_id: z.int(),
      operator_id: userId,
      duration: z.int(),
    }),
    notice('friend_add', { user_id: userId }),
    notice('group_recall', { ...inGroup, operator_id: userId, message_id: messageId }),
    notice('friend_recall', { user_id: userId, message_id: messageId }),
    z.discriminatedUnion('sub_type', [
      notice('notify', {
        sub_type: z.literal('poke'),
        group_id: groupId.optional(),
        user_id: userId,
        sender_id: userId,
        target_id: userId,
      }),
      notice('notify', { sub_type: z.literal('lucky_king'), ...inGroup, sender_id: userId, target_id: userId }),
      notice('notify', {
        sub_type: z.literal('honor'),
        ...inGroup,
        honor_type: z.enum(['talkative', 'performer', 'legend', 'strong_newbie', 'emotion']),
      }),
      notice('notify', { sub_type: z.literal('title'), ...inGroup, title: z.string() }),
    ]),
    notice('group_card', { ...inGroup, card_new: z.string(), card_old: z.string() }),
    notice('offline_file', { user_id: userId, file }),
    notice('client_status', {
      online: z.boolean(),
      client: z.object({ app_id: z.int(), device_name: z.string(), device_kind: z.string() }),
    }),
    notice('essence', {
      sub_type: z.enum(['add', 'delete']),
      group_id: groupId,
      sender_id: userId,
      operator_id: userId,
      message_id: messageId,
    }),
    notice('message_reactions_updated', {
      ...guildScope,
      message_id: z.string(),
      current_reactions: z.array(channelReaction()),
    }),
    notice('guild_channel_recall', { ...guildScope, message_id: z.string() }),
    notice('channel_updated', { ...guildScope, old_info: channel, new_info: channel }),
    notice('channel_created', { ...guildScope, channel_info: channel }),
    notice('channel_destroyed', { ...guildScope, channel_info: channel }),
  ])
})
export type NoticeEvent = z.infer<typeof noticeEvent>
