import { withMessage } from '@seekyou/actions'
import { ActionFailure, boolean, guildScopedId, messageId, text } from '@seekyou/protocol'
import type { ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import { channelTypes, present } from '../document.ts'
import { channelType, createChannel, destroyChannel, updateChannel } from '../guild-channel.ts'
import { postFeed, react } from '../guild-message.ts'
import type { Network } from '../network.ts'
import { setReaction } from '../reaction.ts'
import { as, defineVerb, playedBy } from '../verb.ts'

const changes = ['create', 'update', 'destroy'] as const

/** What people do in guilds, besides talking. */
export function createGuildVerbs(running: () => Network) {
  return {
    react: defineVerb('react', {
      summary: 'A person puts a face under a message, or takes it away; the bot is told of those in channels.',
      reads: false,
      params: () =>
        z.object({
          as,
          message_id: z.union([messageId, text], { error: 'the id of a message' }).describe('of a channel: text'),
          emoji_id: text.describe('the number of a face, or the code point of an emoji'),
          set: boolean.default(true).describe('false takes it away'),
        }),
      async run({ as: actor, message_id, emoji_id, set }) {
        const network = playedBy(actor, running())
        if (typeof message_id === 'string') await react(network, actor, message_id, emoji_id, set)
        else await setReaction(network, actor, message_id, emoji_id, set)
        return null
      },
    }),

    channel: defineVerb('channel', {
      summary: 'The owner or an admin of a guild opens a channel, changes it or closes it; answers its id.',
      reads: false,
      data: () => z.object({ channel_id: guildScopedId }),
      params: () =>
        z.object({
          as,
          guild_id: guildScopedId,
          change: z.enum(changes, { error: changes.join(', ') }).default('update'),
          channel_id: guildScopedId.optional().describe('which one; absent for one that is opened'),
          channel_name: text.optional(),
          channel_type: channelType().optional(),
        }),
      async run({ as: actor, guild_id, change, channel_id, channel_name, channel_type }) {
        const network = playedBy(actor, running())
        if (change === 'create') {
          if (channel_name === undefined) throw needs('channel_name', 'the name of the new channel')
          const look = { channel_name, channel_type: channel_type ?? channelTypes.text }
          return { channel_id: await createChannel(network, guild_id, actor, look) }
        }
        if (channel_id === undefined) throw needs('channel_id', 'the id of a channel')
        if (change === 'destroy') await destroyChannel(network, guild_id, channel_id, actor)
        else {
          const look = present({ channel_name, channel_type })
          await updateChannel(network, guild_id, channel_id, actor, look)
        }
        return { channel_id }
      },
    }),

    post_feed: defineVerb('post_feed', {
      summary: 'A person opens a topic in a channel for topics; answers its id.',
      reads: false,
      data: () => z.object({ id: z.string() }),
      params: () => withMessage({ as, guild_id: guildScopedId, channel_id: guildScopedId, title: text }),
      async run({ as: author, guild_id, channel_id, title, message }) {
        const network = playedBy(author, running())
        return { id: await postFeed(network, author, guild_id, channel_id, title, message) }
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}

function needs(param: string, what: string): ActionFailure {
  return new ActionFailure('bad-params', `channel: ${param} is missing; it takes ${what}`)
}
