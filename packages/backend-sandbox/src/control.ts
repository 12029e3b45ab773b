import { withMessage } from '@seekyou/actions'
import { ActionFailure, boolean, discussId, groupId, integer, messageId, userId } from '@seekyou/protocol'
import type { ControlVerb } from '@seekyou/protocol'
import * as z from 'zod'
import { createContactVerbs } from './control/contact.ts'
import { createGroupVerbs } from './control/group.ts'
import { createRequestVerbs } from './control/request.ts'
import { as, defineVerb, playedBy, readChat } from './control/verb.ts'
import type { Document } from './document.ts'
import type { Network } from './network.ts'
import { accountOf } from './profile.ts'
import type { World } from './world.ts'

const chatParams = {
  group_id: groupId.optional(),
  discuss_id: discussId.optional(),
}

/**
 * What the people of the network, and whoever owns it, can do.
 * `running` gives the network, or fails while there is none; `fresh` is the world that `reset` begins.
 */
export function createControl(running: () => Network, fresh: readonly Document[]) {
  return {
    say: defineVerb('say', {
      summary: 'A person says something: in a group, in a discuss group, or else to the bot in private.',
      reads: false,
      params: withMessage({ as, ...chatParams, anonymous: boolean.default(false) }),
      async run({ as: author, group_id, discuss_id, anonymous, message }) {
        const network = playedBy(author, running())
        const chat = readChat('say', { group_id, discuss_id }) ?? { type: 'private', user_id: author }
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

    ...createRequestVerbs(running),
    ...createContactVerbs(running),
    ...createGroupVerbs(running),

    world: defineVerb('world', {
      summary: 'Shows everything there is in the network: people, friendships, groups and their members.',
      reads: true,
      params: z.object({}),
      run: async () => describeWorld(running().world),
    }),

    messages: defineVerb('messages', {
      summary: 'Shows the newest messages of a chat, oldest first.',
      reads: true,
      params: z.object({
        ...chatParams,
        user_id: userId.optional(),
        before_seq: integer.optional().describe('only messages with a lower message_seq'),
        limit: integer
          .refine((value) => value >= 1 && value <= 200, { error: 'an integer from 1 to 200' })
          .default(20)
          .describe('how many messages at most, 1 to 200'),
      }),
      async run({ group_id, discuss_id, user_id, before_seq, limit }) {
        const chat = readChat('messages', { group_id, discuss_id, user_id })
        if (!chat) throw new ActionFailure('bad-params', 'messages needs a chat: group_id, user_id or discuss_id')
        const page = await running().history(chat, before_seq, limit)
        return {
          messages: page.map(({ event, recalled }) => {
            const { message_id, message_seq, time, user_id: author, sender, message } = event
            return { message_id, message_seq, time, user_id: author, sender, message, recalled }
          }),
        }
      },
    }),

    reset: defineVerb('reset', {
      summary: 'Begins the world anew, as on a first start.',
      reads: false,
      params: z.object({}),
      async run() {
        running().reset(fresh)
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}

/** Everything there is in the world, as plain data. */
function describeWorld(world: World) {
  return {
    bot: world.bot,
    users: world.users().map((user) => plain(user)),
    friends: world.friendships().map((friendship) => plain(friendship)),
    groups: world.groups().map((group) => ({
      ...plain(group),
      members: world.memberList(group.group_id).map((member) => plain(member)),
      masks: world.list('mask', group.group_id).map((mask) => plain(mask)),
      exiles: world.list('exile', group.group_id).map(({ user_id }) => user_id),
      essence: world.list('essence', group.group_id).map((message) => plain(message)),
      notices: world.list('notice', group.group_id).map((notice) => plain(notice)),
      honors: world.list('honor', group.group_id).map((honor) => plain(honor)),
    })),
    discusses: world.discusses().map((discuss) => plain(discuss)),
    requests: world.list('request').map((request) => plain(request)),
    clients: world.list('client').map((client) => plain(client)),
    account: plain(accountOf(world)),
  }
}

/** A document without what only its keeper needs. */
function plain<D extends Document>(document: D): Omit<D, 'kind'> {
  const { kind: _kind, ...rest } = document
  return rest
}
