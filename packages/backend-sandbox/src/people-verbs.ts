import { withMessage } from '@seekyou/actions'
import { ActionFailure, boolean, groupId, messageId, userId } from '@seekyou/protocol'
import type { ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import type { Network } from './network.ts'
import { as, chatParams, checkActor, defineVerb, readChat } from './verb.ts'

/** What the people of the network do. */
export function createPeopleVerbs(running: () => Network) {
  return {
    say: defineVerb('say', {
      summary: 'A person says something: in a group, in a discuss group, or else to the bot in private.',
      reads: false,
      params: withMessage({ as, ...chatParams, anonymous: boolean.default(false) }),
      async run({ as: author, group_id, discuss_id, anonymous, message }) {
        const network = running()
        checkActor(network.world, author)
        if (anonymous) {
          throw new ActionFailure(
            'unsupported',
            'say: the sandbox knows no anonymous speakers yet; leave anonymous out',
          )
        }
        const chat = readChat('say', { group_id, discuss_id }) ?? { type: 'private', user_id: author }
        const { message_id, message_seq } = await network.say(author, chat, message)
        return { message_id, message_seq }
      },
    }),

    recall: defineVerb('recall', {
      summary: 'A person takes a message back.',
      reads: false,
      params: z.object({ as, message_id: messageId }),
      async run({ as: actor, message_id }) {
        const network = running()
        checkActor(network.world, actor)
        await network.recall(actor, message_id)
        return null
      },
    }),

    poke: defineVerb('poke', {
      summary: 'A person pokes someone: in a group another member, in private the bot.',
      reads: false,
      params: z.object({ as, group_id: groupId.optional(), target_id: userId }),
      async run({ as: actor, group_id, target_id }) {
        const network = running()
        checkActor(network.world, actor)
        await network.poke(actor, target_id, group_id)
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}
