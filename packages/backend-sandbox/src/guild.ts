import type { GuildScopedId, UserId } from '@seekyou/protocol'
import type { Channel, Guild, GuildMember } from './document.ts'
import { findUser, missing, nameOf, refuse } from './rule.ts'
import type { World } from './world.ts'

/* Guilds and who is in them. There people have other numbers, their tiny ids, which do not fit into a double. */

const firstTinyId = 144_115_218_000_000_000n

export function tinyIdOf(id: UserId): GuildScopedId {
  return String(firstTinyId + BigInt(id)) as GuildScopedId
}

export function findGuild(world: World, id: GuildScopedId): Guild {
  return world.find('guild', id) ?? missing('GUILD_NOT_FOUND', `there is no guild ${id} in this network`)
}

/** Someone's part in a guild that is there. */
export function findGuildMember(world: World, guildId: GuildScopedId, id: UserId): GuildMember {
  const guild = findGuild(world, guildId)
  const member = world.find('guild_member', guildId, id)
  if (member) return member
  return missing('MEMBER_NOT_FOUND', `${nameOf(findUser(world, id))} is not in the guild ${nameOfGuild(guild)}`)
}

/** A member of a guild by their tiny id. */
export function findByTinyId(world: World, guildId: GuildScopedId, tinyId: GuildScopedId): GuildMember {
  const guild = findGuild(world, guildId)
  const id = Number(BigInt(tinyId) - firstTinyId) as UserId
  const member = world.find('guild_member', guildId, id)
  if (member) return member
  return missing('MEMBER_NOT_FOUND', `nobody in the guild ${nameOfGuild(guild)} has the tiny id ${tinyId}`)
}

export function findChannel(world: World, guildId: GuildScopedId, id: GuildScopedId): Channel {
  const guild = findGuild(world, guildId)
  const channel = world.find('channel', guildId, id)
  return channel ?? missing('CHANNEL_NOT_FOUND', `the guild ${nameOfGuild(guild)} has no channel ${id}`)
}

/** Whether someone manages a guild, which `what` takes; what people do there, the bot has to hear of. */
export function checkGuildManager(world: World, guildId: GuildScopedId, actor: UserId, what: string): GuildMember {
  if (actor !== world.bot) checkHeardGuild(world, guildId)
  const member = findGuildMember(world, guildId, actor)
  if (member.standing !== 'member') return member
  const guild = nameOfGuild(findGuild(world, guildId))
  const who = nameOf(findUser(world, actor))
  return refuse(
    'PERMISSION_DENIED',
    `${who} is a plain member of the guild ${guild}; only its owner and its admins can ${what}`,
  )
}

/** Whether the bot is in a guild, so that it learns what happens there. */
export function checkHeardGuild(world: World, id: GuildScopedId): void {
  const guild = findGuild(world, id)
  if (world.find('guild_member', id, world.bot)) return
  refuse('BOT_NOT_IN_GUILD', `the bot is not in the guild ${nameOfGuild(guild)}, so it would not hear of it`)
}

/** How many members one page of a list shows. */
const pageSize = 50

/** A page of the members of a guild, and the token that asks for the next one; a token is good for its guild. */
export function pageOfMembers(world: World, guildId: GuildScopedId, token: string) {
  findGuildMember(world, guildId, world.bot)
  const members = world.list('guild_member', guildId)
  const [tokenGuild, last] = token === '' ? [guildId, '0'] : (/^(\d+)-(\d+)$/.exec(token)?.slice(1) ?? [])
  if (tokenGuild === undefined || last === undefined) {
    return missing('NEXT_TOKEN_NOT_EXISTS', `${JSON.stringify(token.slice(0, 40))} is no token that a page ended with`)
  }
  if (tokenGuild !== guildId) refuse('GUILD_NOT_MATCH', `the token is of the guild ${tokenGuild}, not of ${guildId}`)
  const rest = members.filter(({ user_id }) => user_id > Number(last))
  const page = rest.slice(0, pageSize)
  const next = rest.length > pageSize ? `${guildId}-${page.at(-1)!.user_id}` : null
  return { members: page, next }
}

export function nameOfGuild({ guild_id, guild_name }: Guild): string {
  return `${guild_name} (${guild_id})`
}
