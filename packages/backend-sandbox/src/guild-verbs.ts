import { guildScopedId, once, text, userId } from '@seekyou/protocol'
import type { ControlVerb, GuildScopedId, UserId } from '@seekyou/protocol'
import * as z from 'zod'
import { newGuildMember, present } from './document.ts'
import type { GuildMember } from './document.ts'
import { channelType, nextChannelId } from './guild-channel.ts'
import { findGuild, findGuildMember, nameOfGuild } from './guild.ts'
import type { Network } from './network.ts'
import { findUser, refuse } from './rule.ts'
import { defineVerb, filled, freeId } from './verb.ts'
import type { World } from './world.ts'

const people = once(() => z.array(userId, { error: 'an array of user ids' }))
const channel = once(() =>
  z.object(
    { channel_name: filled, channel_type: channelType().prefault('text') },
    { error: 'an object with channel_name and channel_type' },
  ),
)

/** What whoever owns the network can set of guilds. No event is told of any of it. */
export function createGuildWorldVerbs(running: () => Network) {
  return {
    create_guild: defineVerb('create_guild', {
      summary: 'Founds a guild.',
      reads: false,
      data: () => z.object({ guild_id: guildScopedId }),
      params: () =>
        z.object({
          guild_id: guildScopedId.optional().describe('absent: the next one from 40001 on that is free'),
          guild_name: filled,
          guild_profile: text.default('').describe('what it says of itself'),
          owner_id: userId.optional().describe('absent: the bot'),
          admin_ids: people().default([]),
          member_ids: people().default([]),
          channels: z.array(channel(), { error: 'an array of channels' }).default([]),
        }),
      async run({ guild_id: wanted, guild_name, guild_profile, owner_id, admin_ids, member_ids, channels }) {
        const network = running()
        const { world } = network
        const other = wanted !== undefined && world.find('guild', wanted)
        if (other) refuse('GUILD_EXISTS', `there is a guild ${wanted} already: ${nameOfGuild(other)}`)
        const owner = owner_id ?? world.bot
        const roster = readRoster(world, { owner, admins: admin_ids, members: member_ids })
        const guild_id = wanted ?? guildScopedId.parse(freeId(40001, (id) => world.find('guild', decimal(id)), world))
        const create_time = network.now()
        world.put({ kind: 'guild', guild_id, guild_name, guild_profile, create_time })
        for (const [user_id, standing] of roster) {
          world.put(newGuildMember({ guild_id, user_id, standing, join_time: create_time }))
        }
        for (const look of channels) {
          world.put({
            kind: 'channel',
            guild_id,
            channel_id: nextChannelId(world),
            channel_name: look.channel_name,
            channel_type: look.channel_type,
            creator_id: owner,
            create_time,
          })
        }
        await world.saved()
        return { guild_id }
      },
    }),

    update_guild: defineVerb('update_guild', {
      summary: 'Changes what is known of a guild, who owns it and who is in it.',
      reads: false,
      params: () =>
        z.object({
          guild_id: guildScopedId,
          guild_name: filled.optional(),
          guild_profile: text.optional(),
          owner_id: userId.optional().describe('a member; whoever owned the guild becomes a plain member'),
          admin_ids: people().optional().describe('its admins from now on; those who were become plain members'),
          member_ids: people()
            .optional()
            .describe('its plain members from now on; others who were are in it no longer'),
        }),
      async run({ guild_id, owner_id, admin_ids, member_ids, ...details }) {
        const network = running()
        const { world } = network
        const guild = findGuild(world, guild_id)
        if (owner_id !== undefined) findGuildMember(world, guild_id, owner_id)
        const before = world.list('guild_member', guild_id)
        const are = (standing: GuildMember['standing']) =>
          before.flatMap((member) => (member.standing === standing ? [member.user_id] : []))
        const [owner] = are('owner')
        const kept = member_ids ?? [
          ...are('member'),
          ...(admin_ids ? are('admin') : []),
          ...(owner_id && owner ? [owner] : []),
        ]
        const roster = readRoster(world, {
          owner: owner_id ?? owner ?? world.bot,
          admins: admin_ids ?? are('admin'),
          members: kept,
        })
        world.put({ ...guild, ...present(details) })
        for (const member of before) if (!roster.has(member.user_id)) world.remove(member)
        for (const [user_id, standing] of roster) {
          const member = world.find('guild_member', guild_id, user_id)
          world.put({ ...(member ?? newGuildMember({ guild_id, user_id, join_time: network.now() })), standing })
        }
        await world.saved()
        return null
      },
    }),

    delete_guild: defineVerb('delete_guild', {
      summary: 'Removes a guild with all that belongs to it.',
      reads: false,
      params: () => z.object({ guild_id: guildScopedId }),
      async run({ guild_id }) {
        const { world } = running()
        world.removeGuild(findGuild(world, guild_id))
        await world.saved()
        return null
      },
    }),
  } satisfies Readonly<Record<string, ControlVerb>>
}

function decimal(id: number): GuildScopedId {
  return guildScopedId.parse(id)
}

/** Who is what in a guild: everyone once, as the highest they were named. */
function readRoster(
  world: World,
  who: { readonly owner: UserId; readonly admins: readonly UserId[]; readonly members: readonly UserId[] },
): ReadonlyMap<UserId, GuildMember['standing']> {
  const roster = new Map([
    ...who.members.map((id) => [id, 'member'] as const),
    ...who.admins.map((id) => [id, 'admin'] as const),
    [who.owner, 'owner'] as const,
  ])
  for (const id of roster.keys()) findUser(world, id)
  return roster
}
