import { readParams, withMessage, withNodes } from '@seekyou/actions'
import { boolean, groupId, messageId, once, text, userId } from '@seekyou/protocol'
import type { ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import { recallInChannel, sayInChannel } from './guild-message.ts'
import type { Network } from './network.ts'
import { refuse } from './rule.ts'
import { as, channelParams, chatParams, defineVerb, playedBy, readChannel, readChat, saidData } from './verb.ts'

const bundle = once(() => ({ params: withNodes({}) }))

/** What the people of the network do. */
export function createPeopleVerbs(running: () => Network) {
  return {
    say: defineVerb('say', {
      summary: 'A person says something: in a group, a discuss group or a channel, or else to the bot in private.',
      reads: false,
      data: () => saidData().extend({ message_id: z.union([messageId, z.string()]).describe('of a channel: text') }),
      params: () =>
        withMessage({
          as,
          ...chatParams(),
          ...channelParams(),
          anonymous: boolean.default(false).describe('in a group: as a mask'),
        }),
      async run({ as: author, group_id, discuss_id, guild_id, channel_id, anonymous, message }) {
        const network = playedBy(author, running())
        const channel = readChannel('say', { guild_id, channel_id, group_id, discuss_id })
        if (channel) {
          if (anonymous) refuse('ANONYMOUS_REFUSED', 'one can speak anonymously in groups only')
          const said = await sayInChannel(network, author, channel.guild_id, channel.channel_id, message)
          return { message_id: said.message_id, message_seq: said.message_seq }
        }
        const chat = readChat('say', { group_id, discuss_id }) ?? { type: 'private', user_id: author }
        if (message.some(({ type }) => type === 'node')) {
          const { messages } = readParams('say', bundle(), { messages: message })
          const { message_id, message_seq } = await network.sayBundle(author, chat, messages, { anonymous })
          return { message_id, message_seq }
        }
        const said = await network.say(author, chat, message, { anonymous })
        return { message_id: said?.message_id ?? messageId.parse(0), message_seq: said?.message_seq ?? 0 }
      },
    }),

    recall: defineVerb('recall', {
      summary: 'A person takes a message back.',
      reads: false,
      params: () =>
        z.object({
          as,
          message_id: z.union([messageId, text], { error: 'the id of a message' }).describe('of a channel: text'),
        }),
      async run({ as: actor, message_id }) {
        const network = playedBy(actor, running())
        if (typeof message_id === 'string') await recallInChannel(network, actor, message_id)
        else await network.recall(actor, message_id)
        return null
      },
    }),

    poke: defineVerb('poke', {
      summary: 'A person pokes someone: in a group another member, in private the bot.',
      reads: false,
      params: () => z.object({ as, group_id: groupId.optional(), target_id: userId }),
      async run({ as: actor, group_id, target_id }) {
        const network = playedBy(actor, running())
        if (group_id === undefined) await network.poke(actor, target_id, { type: 'private', user_id: actor })
        else await network.poke(actor, target_id, { type: 'group', group_id })
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}
