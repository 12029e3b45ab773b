import { guildScopedId } from '@seekyou/protocol'
import type { GuildScopedId, UserId } from '@seekyou/protocol'
import type { GuildMember, GuildRole } from './document.ts'
import { checkGuildManager, findByTinyId, findGuild, findGuildMember, nameOfGuild } from './guild.ts'
import type { Network } from './network.ts'
import { findUser, missing, nameOf, refuse } from './rule.ts'
import type { World } from './world.ts'

/* The roles of guilds: three that every guild has, and those that were made there. Nobody is told of changes. */

/** The roles that every guild has, by what its members are. */
const standings = {
  owner: { role_id: guildScopedId.parse('4'), role_name: '频道主', argb_color: 0xff_ff_72_82, independent: true },
  admin: { role_id: guildScopedId.parse('2'), role_name: '管理员', argb_color: 0xff_4e_6e_f2, independent: true },
  member: { role_id: guildScopedId.parse('1'), role_name: '普通成员', argb_color: 0xff_9d_9d_9d, independent: false },
} as const

/** The most that can have a role that was made. */
const mostMembers = 1000

type Role = Omit<GuildRole, 'kind' | 'guild_id'>

/** The roles of a guild for the bot, the highest first. */
export function listRoles(world: World, guildId: GuildScopedId) {
  const bot = findGuildMember(world, guildId, world.bot)
  const members = world.list('guild_member', guildId)
  const made = world.list('guild_role', guildId)
  const roles: readonly Role[] = [standings.owner, standings.admin, ...made, standings.member]
  return roles.map(({ role_id, role_name, argb_color, independent }) => {
    const holders = members.filter((member) => rolesOf(world, member).some((role) => role.role_id === role_id))
    return {
      role_id,
      role_name,
      argb_color,
      independent,
      member_count: holders.length,
      max_count: role_id === standings.owner.role_id ? 1 : mostMembers,
      owned: holders.includes(bot),
      disabled: false,
    }
  })
}

/** The roles that a member has, the highest first. */
export function rolesOf(world: World, { guild_id, standing, role_ids }: GuildMember): readonly Role[] {
  const made = role_ids.flatMap((id) => world.find('guild_role', guild_id, id) ?? [])
  return standing === 'member' ? [...made, standings.member] : [standings[standing], ...made, standings.member]
}

/** Makes a role, and gives it to some. @returns its id. */
export async function createRole(
  network: Network,
  guild_id: GuildScopedId,
  { holders, ...role }: Omit<Role, 'role_id'> & { readonly holders: readonly GuildScopedId[] },
): Promise<GuildScopedId> {
  const { world } = network
  checkGuildManager(world, guild_id, world.bot, 'make roles')
  const members = findHolders(world, guild_id, holders)
  const role_id = guildScopedId.parse(10_000 + world.count('guild_role'))
  world.put({ kind: 'guild_role', guild_id, role_id, ...role })
  for (const member of members) world.put({ ...member, role_ids: [...member.role_ids, role_id] })
  await world.saved()
  return role_id
}

/** Changes what is given of a role that was made. */
export async function updateRole(
  network: Network,
  guildId: GuildScopedId,
  roleId: GuildScopedId,
  change: Partial<Omit<Role, 'role_id'>>,
): Promise<void> {
  const { world } = network
  checkGuildManager(world, guildId, world.bot, 'change roles')
  world.put({ ...findMade(world, guildId, roleId), ...change })
  await world.saved()
}

/** Takes a role away, from those who have it as well. */
export async function deleteRole(network: Network, guildId: GuildScopedId, roleId: GuildScopedId): Promise<void> {
  const { world } = network
  checkGuildManager(world, guildId, world.bot, 'remove roles')
  const role = findMade(world, guildId, roleId)
  for (const member of world.list('guild_member', guildId)) {
    if (member.role_ids.includes(roleId)) world.put(without(member, roleId))
  }
  world.remove(role)
  await world.saved()
}

/** Gives some a role, or takes it from them; that of the admins is the owner's to give. */
export async function giveRole(
  network: Network,
  guildId: GuildScopedId,
  roleId: GuildScopedId,
  holders: readonly GuildScopedId[],
  isGiven: boolean,
): Promise<void> {
  const { world } = network
  const { standing } = checkGuildManager(world, guildId, world.bot, 'give roles')
  const members = findHolders(world, guildId, holders)
  if (roleId === standings.admin.role_id) {
    if (standing !== 'owner') {
      const guild = nameOfGuild(findGuild(world, guildId))
      refuse('PERMISSION_DENIED', `only the owner of the guild ${guild} can make and unmake its admins`)
    }
    const owner = members.find((member) => member.standing === 'owner')
    if (owner)
      refuse('NOT_MANAGEABLE', `${nameOf(findUser(world, owner.user_id))} owns the guild and cannot be its admin`)
    for (const member of members) world.put({ ...member, standing: isGiven ? 'admin' : 'member' })
  } else {
    findMade(world, guildId, roleId)
    for (const member of members) {
      const others = without(member, roleId)
      world.put(isGiven ? { ...others, role_ids: [...others.role_ids, roleId] } : others)
    }
  }
  await world.saved()
}

function without(member: GuildMember, roleId: GuildScopedId): GuildMember {
  return { ...member, role_ids: member.role_ids.filter((id) => id !== roleId) }
}

/** Each of them once. */
function findHolders(world: World, guildId: GuildScopedId, tinyIds: readonly GuildScopedId[]): readonly GuildMember[] {
  const members = tinyIds.map((tinyId) => findByTinyId(world, guildId, tinyId))
  return [...new Map<UserId, GuildMember>(members.map((member) => [member.user_id, member])).values()]
}

function findMade(world: World, guildId: GuildScopedId, roleId: GuildScopedId): GuildRole {
  const role = world.find('guild_role', guildId, roleId)
  if (role) return role
  const guild = nameOfGuild(findGuild(world, guildId))
  const everywhere = Object.values(standings).find(({ role_id }) => role_id === roleId)
  if (everywhere)
    refuse('ROLE_BUILT_IN', `every guild has the role ${everywhere.role_name} (${roleId}); it stays as it is`)
  return missing('ROLE_NOT_FOUND', `the guild ${guild} has no role ${roleId}`)
}
