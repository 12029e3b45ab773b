import { readParams } from '@seekyou/actions'
import { ActionFailure, discussId, groupId, guildScopedId, messageId, once, text, userId } from '@seekyou/protocol'
import type { Chat, ControlVerb, GuildScopedId, UserId } from '@seekyou/protocol'
import * as z from 'zod'
import type { Network } from './network.ts'
import { findUser } from './rule.ts'
import type { World } from './world.ts'

/**
 * Declares a verb: `run` is typed by `params` and `data`, and whatever it throws rejects. Its schemas are made when they
 * are first needed.
 */
export function defineVerb<Params extends z.ZodType, Data extends z.ZodType = z.ZodNull>(
  name: string,
  verb: {
    readonly summary: string
    readonly reads: boolean
    readonly params: () => Params
    /** What it answers; absent: null. */
    readonly data?: () => Data
    /** Other names of a parameter, such as those of the action that does the same. */
    readonly aliases?: Readonly<Record<string, string>>
    readonly read?: () => Promise<z.output<Data>>
    readonly run: (params: z.output<Params>, gone: AbortSignal | undefined) => Promise<z.output<Data>>
  },
): ControlVerb {
  const params = once(verb.params)
  const data = once<z.ZodType>(verb.data ?? z.null)
  return {
    ...verb,
    get params() {
      return params()
    },
    get data() {
      return data()
    },
    run: async (given, gone) => verb.run(readParams(name, { ...verb, params: params() }, given), gone),
  }
}

/** What a verb answers that says something: the id and the number of the message, 0 where it made none. */
export const saidData = once(() => z.object({ message_id: messageId, message_seq: z.int() }))

/** A name that says something, in the params of what is called by one. */
export const filled = text.refine((value) => value !== '', { error: 'text that is not empty' })

/** Who does it, in the params of everything that people do. */
export const as = userId.describe('the person who does it; never the bot')

/** Which group or discuss group is meant, in the params of what may happen in either. */
export const chatParams = once(() => ({
  group_id: groupId.optional(),
  discuss_id: discussId.optional(),
}))

/** A channel, in the params of what may happen in a guild as well. */
export const channelParams = once(() => ({
  guild_id: guildScopedId.optional(),
  channel_id: guildScopedId.optional().describe('a channel of that guild'),
}))

/** The network, for a person who is about to do something there. */
export function playedBy(actor: UserId, network: Network): Network {
  checkActor(network.world, actor)
  return network
}

/** People are played here; the bot acts for itself, through actions. */
function checkActor(world: World, actor: UserId): void {
  if (actor === world.bot) {
    throw new ActionFailure('bad-params', `as takes a person; ${actor} is the bot, which acts through actions`)
  }
  findUser(world, actor)
}

/** The one chat that the params name, if any. */
export function readChat(
  verb: string,
  {
    group_id,
    discuss_id,
    user_id,
  }: z.output<z.ZodObject<ReturnType<typeof chatParams>>> & { user_id?: UserId | undefined },
): Chat | undefined {
  const chats: Chat[] = []
  if (group_id !== undefined) chats.push({ type: 'group', group_id })
  if (discuss_id !== undefined) chats.push({ type: 'discuss', discuss_id })
  if (user_id !== undefined) chats.push({ type: 'private', user_id })
  if (chats.length <= 1) return chats[0]
  throw new ActionFailure('bad-params', `${verb} takes one chat, not ${chats.map(({ type }) => type).join(' and ')}`)
}

/** The channel that the params name, if any; then they name no chat besides. */
export function readChannel(
  verb: string,
  {
    guild_id,
    channel_id,
    ...chats
  }: z.output<z.ZodObject<ReturnType<typeof channelParams> & ReturnType<typeof chatParams>>> & {
    user_id?: UserId | undefined
  },
): { readonly guild_id: GuildScopedId; readonly channel_id: GuildScopedId } | undefined {
  if (guild_id === undefined && channel_id === undefined) return undefined
  const isAlone = Object.values(chats).every((id) => id === undefined)
  if (guild_id !== undefined && channel_id !== undefined && isAlone) return { guild_id, channel_id }
  throw new ActionFailure('bad-params', `${verb} takes one chat; one in a guild is guild_id and channel_id`)
}

/** The first id from `from` on that is nobody's, and that no world file gave away. */
export function freeId(from: number, holder: (id: number) => unknown, world: World): number {
  const given = new Set(Object.values(world.find('origin')?.ids ?? {}))
  let id = from
  while (given.has(id) || holder(id)) id++
  return id
}
