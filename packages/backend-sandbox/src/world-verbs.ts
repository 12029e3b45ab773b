import { ActionFailure, boolean, groupId, integer, messageId, once, sex, text, userId } from '@seekyou/protocol'
import type { ControlVerb, GroupId, UserId } from '@seekyou/protocol'
import * as z from 'zod'
import { builtInWorlds } from './default-world.ts'
import type { BuiltInWorld } from './default-world.ts'
import { newFriendship, newGroup, newMember, newUser, present } from './document.ts'
import type { User } from './document.ts'
import { checkGroupName } from './group-profile.ts'
import { readHistory } from './guild-message.ts'
import { nameOfGuild } from './guild.ts'
import { removeMember } from './membership.ts'
import type { Network } from './network.ts'
import { describeWorld, overview } from './overview.ts'
import { findGroup, findMember, findUser, missing, nameOf, nameOfGroup, refuse } from './rule.ts'
import type { Scenery } from './scenery.ts'
import { channelParams, chatParams, defineVerb, filled, freeId, readChannel, readChat } from './verb.ts'
import { roomFor } from './world-file.ts'
import type { World } from './world.ts'

const count = once(() => integer.refine((value) => value >= 0, { error: 'an integer from 0 on' }))

const longestWaitMs = 60_000

const person = once(() => ({
  sex: sex().optional(),
  age: count().optional(),
  area: text.optional(),
  level: count().optional(),
  qid: text.optional(),
  sign: text.optional().describe('signature'),
  login_days: count().optional(),
  vip_level: text.optional().describe('`vip1`, `svip6` and so on; empty without a membership'),
}))
const friendParams = once(() => ({
  friend: z
    .enum(['two-way', 'one-way', 'no'], { error: 'two-way, one-way or no' })
    .optional()
    .describe('whether they are a friend of the bot; one-way: they have the bot, the bot does not have them'),
  remark: text.optional().describe('what the bot calls its friend'),
}))
const groupParams = once(() => ({
  group_memo: text.optional(),
  group_level: count().optional(),
  max_member_count: count().optional(),
  whole_ban: boolean.optional().describe('whether plain members are silenced'),
  anonymous: boolean.optional().describe('whether members may speak in masks'),
}))
const name = once(() =>
  z
    .string({ error: 'a name of up to 64 letters, digits and _ . -' })
    .regex(/^[\p{L}\p{N}_.-]{1,64}$/u, { error: 'a name of up to 64 letters, digits and _ . -' })
    .default('default')
    .describe('the name of the snapshot'),
)

const chatMessage = once(() =>
  z.object({
    message_id: z.union([messageId, z.string()]).describe('of a channel: text'),
    message_seq: z.int(),
    time: z.int(),
    user_id: userId.describe('who said it; who wears a mask is 80000000'),
    sender: z.looseObject({ nickname: z.string() }).describe('who said it, as the bot is told'),
    message: z.array(z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })).readonly(),
    recalled: z.boolean(),
    reactions: z
      .array(z.looseObject({ emoji_id: z.string(), count: z.int() }))
      .optional()
      .describe('the faces under it, in channels'),
  }),
)

/** What whoever owns the network can see and set of the world. No event is told of any of it. */
export function createWorldVerbs(running: () => Network, scenery: Scenery) {
  return {
    world: defineVerb('world', {
      summary: 'Shows everything there is in the network: people, friendships, groups and their members.',
      reads: true,
      data: overview,
      params: () => z.object({}),
      run: async () => describeWorld(running().world),
    }),

    messages: defineVerb('messages', {
      summary: 'Shows the newest messages of a chat, oldest first.',
      reads: true,
      data: () => z.object({ messages: z.array(chatMessage()) }),
      params: () =>
        z.object({
          ...chatParams(),
          user_id: userId.optional().describe('the private chat of the bot and this person'),
          ...channelParams(),
          before_seq: integer.optional().describe('only messages with a lower message_seq'),
          limit: integer
            .refine((value) => value >= 1 && value <= 200, { error: 'an integer from 1 to 200' })
            .default(20)
            .describe('how many messages at most, 1 to 200'),
        }),
      async run({ group_id, discuss_id, user_id, guild_id, channel_id, before_seq, limit }) {
        const channel = readChannel('messages', { guild_id, channel_id, group_id, discuss_id, user_id })
        if (channel) return { messages: readHistory(running().world, channel, before_seq, limit) }
        const chat = readChat('messages', { group_id, discuss_id, user_id })
        if (!chat) {
          const chats = 'group_id, user_id, discuss_id, or guild_id and channel_id'
          throw new ActionFailure('bad-params', `messages needs a chat: ${chats}`)
        }
        const page = await running().history(chat, before_seq, limit)
        return {
          messages: page.map(({ event, recalled }) => {
            const { message_id, message_seq, time, user_id: author, sender, message } = event
            return { message_id, message_seq, time, user_id: author, sender, message, recalled }
          }),
        }
      },
    }),

    changes: defineVerb('changes', {
      summary: 'Tells what changed after a mark, and waits for something to; for a page that shows the network.',
      reads: true,
      data: () =>
        z.object({
          mark: z.int().describe('to ask with the next time'),
          everything: z.boolean().describe('it is not known what: look at all of it again'),
          world: z.boolean().describe('what the verb world shows'),
          chats: z.array(z.string()).readonly().describe('where something was said or recalled, such as group:20001'),
          events: z
            .array(
              z.object({
                event: z.looseObject({ post_type: z.string() }),
                after_seq: z.int().optional().describe('the last message of its chat before it'),
              }),
            )
            .readonly()
            .describe('the notices and requests of that time, of the last 200; without a mark all of these'),
        }),
      params: () =>
        z.object({
          after: integer.optional().describe('the mark that was answered last; absent: answers the newest at once'),
          wait_ms: integer
            .refine((value) => value >= 0 && value <= longestWaitMs, { error: `0 to ${longestWaitMs} milliseconds` })
            .default(0)
            .describe('how long to wait for a change, in milliseconds'),
        }),
      run: async ({ after, wait_ms }, gone) => running().changes.since(after, wait_ms, gone),
    }),

    create_user: defineVerb('create_user', {
      summary: 'Brings a person into the network.',
      reads: false,
      data: () => z.object({ user_id: userId }),
      params: () =>
        z.object({
          user_id: userId.optional().describe('absent: the next one from 10001 on that is free'),
          nickname: filled,
          ...person(),
          ...friendParams(),
        }),
      async run({ user_id: wanted, nickname, friend = 'no', remark, ...details }) {
        const { world } = running()
        const other = wanted !== undefined && world.user(wanted)
        if (other) refuse('USER_EXISTS', `there is a user ${wanted} already: ${nameOf(other)}`)
        const user_id = wanted ?? (freeId(10001, (id) => world.user(id as UserId), world) as UserId)
        world.put(newUser({ ...present(details), user_id, nickname }))
        befriend(world, user_id, friend, remark)
        await world.saved()
        return { user_id }
      },
    }),

    update_user: defineVerb('update_user', {
      summary: 'Changes what is known of a person, of the bot too, and whether they are a friend of the bot.',
      reads: false,
      params: () => z.object({ user_id: userId, nickname: filled.optional(), ...person(), ...friendParams() }),
      async run({ user_id, friend, remark, ...details }) {
        const { world } = running()
        const user = findUser(world, user_id)
        if (user_id === world.bot && (friend !== undefined || remark !== undefined)) {
          refuse('SELF_FRIEND', 'the bot cannot be a friend of itself')
        }
        world.put({ ...user, ...present(details) })
        befriend(world, user_id, friend, remark)
        await world.saved()
        return null
      },
    }),

    delete_user: defineVerb('delete_user', {
      summary: 'Removes a person from the network and from every group; what they said stays.',
      reads: false,
      params: () => z.object({ user_id: userId }),
      async run({ user_id }) {
        const { world } = running()
        removeUser(world, findUser(world, user_id))
        await world.saved()
        return null
      },
    }),

    create_group: defineVerb('create_group', {
      summary: 'Founds a group.',
      reads: false,
      data: () => z.object({ group_id: groupId }),
      params: () =>
        z.object({
          group_id: groupId.optional().describe('absent: the next one from 20001 on that is free'),
          group_name: filled,
          ...groupParams(),
          owner_id: userId.optional().describe('absent: the bot'),
          admin_ids: z.array(userId, { error: 'an array of user ids' }).default([]),
          member_ids: z.array(userId, { error: 'an array of user ids' }).default([]),
        }),
      async run({ group_id: wanted, group_name, owner_id, admin_ids, member_ids, ...details }) {
        const network = running()
        const { world } = network
        const other = wanted !== undefined && world.group(wanted)
        if (other) refuse('GROUP_EXISTS', `there is a group ${wanted} already: ${nameOfGroup(other)}`)
        const roster = new Map([
          ...member_ids.map((id) => [id, 'member'] as const),
          ...admin_ids.map((id) => [id, 'admin'] as const),
          [owner_id ?? world.bot, 'owner'] as const,
        ])
        for (const id of roster.keys()) findUser(world, id)
        checkGroupName(group_name)
        const group_id = wanted ?? (freeId(20001, (id) => world.group(id as GroupId), world) as GroupId)
        const now = network.now()
        const room = { max_member_count: roomFor(roster.size), ...present(details) }
        world.put(newGroup({ ...room, group_id, group_name, group_create_time: now }))
        for (const [user_id, role] of roster) world.put(newMember({ group_id, user_id, role, join_time: now }))
        await world.saved()
        return { group_id }
      },
    }),

    update_group: defineVerb('update_group', {
      summary: 'Changes what is known of a group, and who owns it.',
      reads: false,
      params: () =>
        z.object({
          group_id: groupId,
          group_name: filled.optional(),
          ...groupParams(),
          owner_id: userId.optional().describe('a member; whoever owned the group becomes a plain member'),
        }),
      async run({ group_id, owner_id, ...details }) {
        const { world } = running()
        const group = findGroup(world, group_id)
        if (details.group_name !== undefined) checkGroupName(details.group_name)
        const heir = owner_id === undefined ? undefined : findMember(world, group_id, owner_id)
        world.put({ ...group, ...present(details) })
        if (heir) {
          for (const owner of world.memberList(group_id).filter(({ role }) => role === 'owner')) {
            world.put({ ...owner, role: 'member' })
          }
          world.put({ ...heir, role: 'owner' })
        }
        await world.saved()
        return null
      },
    }),

    delete_group: defineVerb('delete_group', {
      summary: 'Removes a group with all that belongs to it.',
      reads: false,
      params: () => z.object({ group_id: groupId }),
      async run({ group_id }) {
        const { world } = running()
        world.removeGroup(findGroup(world, group_id))
        await world.saved()
        return null
      },
    }),

    snapshot: defineVerb('snapshot', {
      summary: 'Keeps the world as it is now under a name; GET tells which names there are.',
      reads: false,
      data: () => z.object({ snapshots: z.array(z.string()).readonly() }),
      params: () => z.object({ name: name() }),
      read: async () => ({ snapshots: running().world.snapshots() }),
      async run({ name: called }) {
        const { world } = running()
        world.keep(called)
        await world.saved()
        return { snapshots: world.snapshots() }
      },
    }),

    restore: defineVerb('restore', {
      summary: 'Puts the world back to a snapshot; message ids, seqs and the time go on rising.',
      reads: false,
      params: () => z.object({ name: name() }),
      async run({ name: called }) {
        const { world } = running()
        if (!world.restore(called)) {
          const names = world.snapshots().join(', ') || 'none yet'
          missing('SNAPSHOT_NOT_FOUND', `there is no snapshot ${JSON.stringify(called)}; the snapshots are: ${names}`)
        }
        await world.saved()
        return null
      },
    }),

    reset: defineVerb('reset', {
      summary: 'Begins the world anew, as on a first start, and ends all faults.',
      reads: false,
      params: () =>
        z.object({
          world: z
            .enum(builtInWorlds as [BuiltInWorld, ...BuiltInWorld[]], { error: builtInWorlds.join(' or ') })
            .optional()
            .describe('absent: the configured world, its file read anew'),
        }),
      async run({ world }) {
        const network = running()
        await scenery.reset(network.world, world)
        network.faults.clear()
        return null
      },
    }),

    reload: defineVerb('reload', {
      summary: 'Reads the world file again: what it no longer names goes, what it names anew comes, all else stays.',
      reads: false,
      params: () => z.object({}),
      async run() {
        await scenery.reload(running().world)
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}

function befriend(world: World, user_id: UserId, friend: 'two-way' | 'one-way' | 'no' | undefined, remark?: string) {
  const before = world.friendship(user_id)
  if (friend === 'no') {
    if (before) world.remove(before)
    return
  }
  if (friend === undefined && !before) return
  const details = { ...(friend && { direction: friend }), ...(remark !== undefined && { remark }) }
  world.put({ ...(before ?? newFriendship({ user_id })), ...details })
}

function removeUser(world: World, user: User): void {
  const { user_id } = user
  if (user_id === world.bot) refuse('BOT_NEEDED', 'the bot is the account itself and cannot be removed')
  const memberships = world.groups().flatMap(({ group_id }) => world.members(group_id).get(user_id) ?? [])
  const owned = memberships.find(({ role }) => role === 'owner')
  if (owned) {
    const group = nameOfGroup(findGroup(world, owned.group_id))
    refuse('OWNS_A_GROUP', `${nameOf(user)} owns the group ${group}; give it another owner first, or delete it`)
  }
  const ruled = world
    .list('guild')
    .find(({ guild_id }) => world.find('guild_member', guild_id, user_id)?.standing === 'owner')
  if (ruled)
    refuse('OWNS_A_GUILD', `${nameOf(user)} owns the guild ${nameOfGuild(ruled)}, which cannot be without an owner`)
  const friendship = world.friendship(user_id)
  for (const { group_id } of memberships) removeMember(world, group_id, user_id)
  for (const { guild_id } of world.list('guild')) {
    const member = world.find('guild_member', guild_id, user_id)
    if (member) world.remove(member)
  }
  const open = world.list('request').filter((request) => request.user_id === user_id && request.answer === null)
  // Whoever gets the number next is somebody else.
  const exiles = world.groups().flatMap(({ group_id }) => world.find('exile', group_id, user_id) ?? [])
  for (const document of [...open, ...exiles, ...(friendship ? [friendship] : []), user]) world.remove(document)
  for (const discuss of world.discusses()) {
    if (!discuss.member_ids.includes(user_id)) continue
    world.put({ ...discuss, member_ids: discuss.member_ids.filter((id) => id !== user_id) })
  }
  world.endLog({ type: 'private', user_id })
}
