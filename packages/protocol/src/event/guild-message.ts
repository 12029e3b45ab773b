import * as z from 'zod'
import { guildScopedId, userId } from '../ids.ts'
import { content } from './message.ts'

/**
 * A message in a channel of a guild. It has no number among the account's messages, only the network's own id, and is
 * not kept with them.
 */
export const guildMessageEvent = z.lazy(() =>
  z.object({
    time: z.int(),
    self_id: userId,
    post_type: z.literal('message'),
    message_type: z.literal('guild'),
    sub_type: z.literal('channel'),
    guild_id: guildScopedId,
    channel_id: guildScopedId,
    message_id: z.string(),
    user_id: guildScopedId,
    self_tiny_id: guildScopedId,
    message: content,
    sender: z.object({ user_id: guildScopedId, tiny_id: guildScopedId, nickname: z.string() }),
  }),
)
export type GuildMessageEvent = z.infer<typeof guildMessageEvent>
