import { readParams, withMessage } from '@seekyou/actions'
import { ActionFailure, boolean, discussId, groupId, integer, messageId, userId } from '@seekyou/protocol'
import type { Chat, ControlVerb, UserId } from '@seekyou/protocol'
import * as z from 'zod'
import type { Network } from './network.ts'
import { findUser } from './rule.ts'
import type { Document, World } from './world.ts'

const as = userId.describe('the person who does it; never the bot')
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
          .meta({ minimum: 1, maximum: 200 })
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

/** Declares a verb: `run` is typed by `params`, and whatever it throws rejects. */
function defineVerb<Params extends z.ZodType>(
  name: string,
  verb: {
    readonly summary: string
    readonly reads: boolean
    readonly params: Params
    readonly run: (params: z.output<Params>) => Promise<unknown>
  },
): ControlVerb {
  return { ...verb, run: async (params) => verb.run(readParams(name, verb, params)) }
}

/** People are played here; the bot acts for itself, through actions. */
function checkActor(world: World, actor: UserId): void {
  if (actor === world.bot) {
    throw new ActionFailure('bad-params', `as takes a person; ${actor} is the bot, which acts through actions`)
  }
  findUser(world, actor)
}

/** The one chat that the params name, if any. */
function readChat(
  verb: string,
  { group_id, discuss_id, user_id }: z.output<z.ZodObject<typeof chatParams>> & { user_id?: UserId | undefined },
): Chat | undefined {
  const chats: Chat[] = []
  if (group_id !== undefined) chats.push({ type: 'group', group_id })
  if (discuss_id !== undefined) chats.push({ type: 'discuss', discuss_id })
  if (user_id !== undefined) chats.push({ type: 'private', user_id })
  if (chats.length <= 1) return chats[0]
  throw new ActionFailure('bad-params', `${verb} takes one chat, not ${chats.map(({ type }) => type).join(' and ')}`)
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
    })),
    discusses: world.discusses().map((discuss) => plain(discuss)),
  }
}

/** A document without what only its keeper needs. */
function plain<D extends Document>(document: D): Omit<D, 'kind'> {
  const { kind: _kind, ...rest } = document
  return rest
}
