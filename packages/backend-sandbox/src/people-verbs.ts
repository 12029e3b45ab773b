import { readParams, withMessage, withNodes } from '@seekyou/actions'
import { boolean, groupId, messageId, userId } from '@seekyou/protocol'
import type { ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import type { Network } from './network.ts'
import { as, chatParams, defineVerb, playedBy, readChat } from './verb.ts'

const bundle = { params: withNodes({}) }

/** What the people of the network do. */
export function createPeopleVerbs(running: () => Network) {
  return {
    say: defineVerb('say', {
      summary: 'A person says something: in a group, in a discuss group, or else to the bot in private.',
      reads: false,
      params: withMessage({ as, ...chatParams, anonymous: boolean.default(false) }),
      async run({ as: author, group_id, discuss_id, anonymous, message }) {
        const network = playedBy(author, running())
        const chat = readChat('say', { group_id, discuss_id }) ?? { type: 'private', user_id: author }
        if (message.some(({ type }) => type === 'node')) {
          const { messages } = readParams('say', bundle, { messages: message })
          const { message_id, message_seq } = await network.sayBundle(author, chat, messages)
          return { message_id, message_seq }
        }
        const said = await network.say(author, chat, message, { anonymous })
        return { message_id: said?.message_id ?? 0, message_seq: said?.message_seq ?? 0 }
      },
    }),

    recall: defineVerb('recall', {
      summary: 'A person takes a message back.',
      reads: false,
      params: z.object({ as, message_id: messageId }),
      async run({ as: actor, message_id }) {
        await playedBy(actor, running()).recall(actor, message_id)
        return null
      },
    }),

    poke: defineVerb('poke', {
      summary: 'A person pokes someone: in a group another member, in private the bot.',
      reads: false,
      params: z.object({ as, group_id: groupId.optional(), target_id: userId }),
      async run({ as: actor, group_id, target_id }) {
        const network = playedBy(actor, running())
        if (group_id === undefined) await network.poke(actor, target_id, { type: 'private', user_id: actor })
        else await network.poke(actor, target_id, { type: 'group', group_id })
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}
