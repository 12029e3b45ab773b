import { ActionFailure, boolean, groupId, integer, messageId, once, text, userId } from '@seekyou/protocol'
import type { ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import { setEssence } from '../essence.ts'
import { rename } from '../group-profile.ts'
import { award } from '../honor.ts'
import { join, kick, leave } from '../membership.ts'
import { ban, banAll } from '../moderation.ts'
import type { Network } from '../network.ts'
import { giveRedPacket } from '../red-packet.ts'
import { setAdmin, setCard, setTitle } from '../standing.ts'
import { as, defineVerb, playedBy, saidData } from '../verb.ts'

const member = once(() => ({ group_id: groupId, user_id: userId.describe('to whom it is done') }))
const honors = ['talkative', 'performer', 'legend', 'strong_newbie', 'emotion'] as const

/** What people do in groups. `value` is what something is set to. */
export function createGroupVerbs(running: () => Network) {
  return {
    join: defineVerb('join', {
      summary: 'A person comes into a group, without a request.',
      reads: false,
      params: () =>
        z.object({
          as,
          group_id: groupId,
          invitor_id: userId.optional().describe('the member of the group who brought them'),
        }),
      async run({ as: person, group_id, invitor_id }) {
        await join(playedBy(person, running()), group_id, person, invitor_id)
        return null
      },
    }),

    leave: defineVerb('leave', {
      summary: 'A person leaves a group; its owner ends it with that.',
      reads: false,
      params: () =>
        z.object({
          as,
          group_id: groupId,
          is_dismiss: boolean.default(false).describe('end the group; the owner can leave in no other way'),
        }),
      async run({ as: person, group_id, is_dismiss }) {
        await leave(playedBy(person, running()), group_id, person, is_dismiss)
        return null
      },
    }),

    kick: defineVerb('kick', {
      summary: 'The owner or an admin removes a member of a lower role, the bot as well.',
      reads: false,
      params: () =>
        z.object({ as, ...member(), value: boolean.default(false).describe('and never let them come back') }),
      aliases: { reject_add_request: 'value' },
      async run({ as: actor, group_id, user_id, value }) {
        await kick(playedBy(actor, running()), group_id, actor, user_id, value)
        return null
      },
    }),

    ban: defineVerb('ban', {
      summary: 'The owner or an admin mutes a member of a lower role, the bot as well.',
      reads: false,
      params: () => z.object({ as, ...member(), value: integer.default(1800).describe('seconds; 0 lifts it') }),
      aliases: { duration: 'value' },
      async run({ as: actor, group_id, user_id, value }) {
        await ban(playedBy(actor, running()), group_id, actor, user_id, value)
        return null
      },
    }),

    whole_ban: defineVerb('whole_ban', {
      summary: 'The owner or an admin mutes all plain members of a group.',
      reads: false,
      params: () => z.object({ as, group_id: groupId, value: boolean.default(true).describe('false lifts it') }),
      aliases: { enable: 'value' },
      async run({ as: actor, group_id, value }) {
        await banAll(playedBy(actor, running()), group_id, actor, value)
        return null
      },
    }),

    set_admin: defineVerb('set_admin', {
      summary: 'The owner makes a member an admin, or an admin a plain member.',
      reads: false,
      params: () => z.object({ as, ...member(), value: boolean.default(true).describe('false: a plain member') }),
      aliases: { enable: 'value' },
      async run({ as: actor, group_id, user_id, value }) {
        await setAdmin(playedBy(actor, running()), group_id, actor, user_id, value)
        return null
      },
    }),

    set_card: defineVerb('set_card', {
      summary: 'A member gives themselves another name in a group, or someone of a lower role.',
      reads: false,
      params: () =>
        z.object({
          as,
          group_id: groupId,
          user_id: userId.optional().describe('absent: themselves'),
          value: text.default('').describe('empty removes it'),
        }),
      aliases: { card: 'value' },
      async run({ as: actor, group_id, user_id = actor, value }) {
        await setCard(playedBy(actor, running()), group_id, actor, user_id, value)
        return null
      },
    }),

    set_title: defineVerb('set_title', {
      summary: 'The owner gives a member of a group a title.',
      reads: false,
      params: () =>
        z.object({
          as,
          ...member(),
          value: text.default('').describe('empty removes it'),
          duration: integer.default(-1).describe('seconds; -1: for good'),
        }),
      aliases: { special_title: 'value', title: 'value' },
      async run({ as: actor, group_id, user_id, value, duration }) {
        await setTitle(playedBy(actor, running()), group_id, actor, user_id, value, duration)
        return null
      },
    }),

    rename_group: defineVerb('rename_group', {
      summary: 'The owner or an admin renames a group.',
      reads: false,
      params: () => z.object({ as, group_id: groupId, value: text.describe('the new name') }),
      aliases: { group_name: 'value' },
      async run({ as: actor, group_id, value }) {
        await rename(playedBy(actor, running()), group_id, actor, value)
        return null
      },
    }),

    essence: defineVerb('essence', {
      summary: 'The owner or an admin makes a message an essence message of its group, or takes it out of them.',
      reads: false,
      params: () => z.object({ as, message_id: messageId, add: boolean.default(true).describe('false takes it out') }),
      async run({ as: actor, message_id, add }) {
        await setEssence(playedBy(actor, running()), actor, message_id, add)
        return null
      },
    }),

    red_packet: defineVerb('red_packet', {
      summary:
        'A member gives a group a red packet, which is opened at once; answers the message and who got the most.',
      reads: false,
      data: () => saidData().extend({ lucky: userId }),
      params: () =>
        z.object({
          as,
          group_id: groupId,
          title: text.default('恭喜发财').describe('the wish on it'),
          lucky: userId.optional().describe('the member who gets the most; absent: chance decides'),
        }),
      async run({ as: giver, group_id, title, lucky }) {
        const given = await giveRedPacket(playedBy(giver, running()), group_id, giver, title, lucky)
        const { message_id, message_seq } = given.message
        return { message_id, message_seq, lucky: given.lucky }
      },
    }),

    honor: defineVerb('honor', {
      summary: 'The network gives a member of a group an honor.',
      reads: false,
      params: () =>
        z.object({
          as: userId.optional().describe('who gets it, if user_id does not say'),
          group_id: groupId,
          user_id: userId.optional().describe('who gets it'),
          honor_type: z.enum(honors, { error: `one of ${honors.join(', ')}` }),
        }),
      async run({ as: person, group_id, user_id = person, honor_type }) {
        if (user_id === undefined)
          throw new ActionFailure('bad-params', 'honor: user_id is missing; it takes who gets it')
        await award(running(), group_id, user_id, honor_type)
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}
