import { boolean, groupId, once, text, userId } from '@seekyou/protocol'
import type { ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import type { Network } from '../network.ts'
import { answerGroup, invite, requestFriend, requestJoin } from '../request.ts'
import { as, defineVerb, playedBy } from '../verb.ts'

const words = once(() => text.default('').describe('what they say about it'))

const flagged = once(() => z.object({ flag: z.string() }))

/** What people ask, of the bot and of groups. */
export function createRequestVerbs(running: () => Network) {
  return {
    request_friend: defineVerb('request_friend', {
      summary: 'A person asks the bot to be friends; answers the flag of the request.',
      reads: false,
      data: () => flagged(),
      params: () => z.object({ as, comment: words() }),
      async run({ as: person, comment }) {
        return { flag: await requestFriend(playedBy(person, running()), person, comment) }
      },
    }),

    request_join: defineVerb('request_join', {
      summary: 'A person asks to be let into a group that the bot manages; answers the flag of the request.',
      reads: false,
      data: () => flagged(),
      params: () =>
        z.object({
          as,
          group_id: groupId,
          comment: words(),
          invitor_id: userId.optional().describe('the member of the group who brought them'),
        }),
      async run({ as: person, group_id, comment, invitor_id }) {
        return { flag: await requestJoin(playedBy(person, running()), group_id, person, comment, invitor_id) }
      },
    }),

    invite: defineVerb('invite', {
      summary: 'A member of a group asks the bot to come in; answers the flag of the request.',
      reads: false,
      data: () => flagged(),
      params: () => z.object({ as, group_id: groupId.describe('a group the bot is not in') }),
      async run({ as: member, group_id }) {
        return { flag: await invite(playedBy(member, running()), group_id, member) }
      },
    }),

    answer_request: defineVerb('answer_request', {
      summary: 'The owner or an admin answers someone who asks to be let into their group, before the bot does.',
      reads: false,
      params: () =>
        z.object({
          as,
          flag: text.describe('the flag of the request'),
          approve: boolean.default(true),
          reason: text.default('').describe('why not, when turning it down'),
        }),
      async run({ as: manager, flag, approve, reason }) {
        await answerGroup(playedBy(manager, running()), manager, 'add', flag, approve, reason)
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}
