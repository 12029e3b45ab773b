import type { GroupId, UserId } from '@seekyou/protocol'
import { newMember } from './document.ts'
import type { Network } from './network.ts'
import {
  findActor,
  findGroup,
  findHeardGroup,
  findManageable,
  findMember,
  findUser,
  nameOf,
  nameOfGroup,
  refuse,
} from './rule.ts'
import type { World } from './world.ts'

/* Coming into groups and going from them. */

/** Lets someone in who asked nobody; `invitor` is the member who brought them, if any. */
export async function join(network: Network, groupId: GroupId, id: UserId, invitor: UserId | undefined): Promise<void> {
  const { world } = network
  findHeardGroup(world, groupId)
  if (invitor !== undefined) findMember(world, groupId, invitor)
  checkNewcomer(world, groupId, id)
  await admit(network, groupId, id, invitor === undefined ? 'approve' : 'invite', invitor ?? 0)
}

/** Whether someone can come into a group at all. */
export function checkNewcomer(world: World, groupId: GroupId, id: UserId): void {
  const group = findGroup(world, groupId)
  const who = nameOf(findUser(world, id))
  const members = world.members(groupId)
  if (members.has(id)) refuse('ALREADY_IN_GROUP', `${who} is in the group ${nameOfGroup(group)} already`)
  if (world.find('exile', groupId, id)) {
    refuse('JOIN_BLOCKED', `${who} was removed from the group ${nameOfGroup(group)} for good`)
  }
  if (members.size >= group.max_member_count) {
    refuse('GROUP_FULL', `the group ${nameOfGroup(group)} is full: it takes ${group.max_member_count} members`)
  }
}

/** Makes someone a member; whoever calls this has asked the rules. `operator` 0 is nobody. */
export async function admit(
  network: Network,
  group_id: GroupId,
  user_id: UserId,
  sub_type: 'approve' | 'invite',
  operator_id: UserId | 0,
): Promise<void> {
  network.world.put(newMember({ group_id, user_id, join_time: network.now() }))
  await network.tell({ post_type: 'notice', notice_type: 'group_increase', sub_type, group_id, user_id, operator_id })
}

/** Removes a member; an exile is not let in again. */
export async function kick(
  network: Network,
  group_id: GroupId,
  actor: UserId,
  target: UserId,
  isExile: boolean,
): Promise<void> {
  const { world } = network
  findManageable(world, group_id, actor, target, 'remove')
  removeMember(world, group_id, target)
  if (isExile) world.put({ kind: 'exile', group_id, user_id: target })
  await network.tell({
    post_type: 'notice',
    notice_type: 'group_decrease',
    sub_type: target === world.bot ? 'kick_me' : 'kick',
    group_id,
    user_id: target,
    operator_id: actor,
  })
}

/** Leaves a group; the owner ends it with that, and has to mean it. */
export async function leave(network: Network, group_id: GroupId, actor: UserId, isDismiss: boolean): Promise<void> {
  const { world } = network
  const { role } = findActor(world, group_id, actor)
  const left = { post_type: 'notice', notice_type: 'group_decrease', group_id, operator_id: actor } as const
  if (role !== 'owner') {
    removeMember(world, group_id, actor)
    await network.tell({ ...left, sub_type: 'leave', user_id: actor })
    return
  }
  if (!isDismiss) {
    const group = nameOfGroup(findGroup(world, group_id))
    const who = nameOf(findUser(world, actor))
    refuse('OWNER_CANNOT_LEAVE', `${who} owns the group ${group} and can leave only by ending it: is_dismiss`)
  }
  world.removeGroup(findGroup(world, group_id))
  await network.tell({ ...left, sub_type: actor === world.bot ? 'leave' : 'kick_me', user_id: world.bot })
}

/** Takes someone out of a group, with what they had there. */
export function removeMember(world: World, groupId: GroupId, id: UserId): void {
  world.remove(findMember(world, groupId, id))
  const mask = world.find('mask', groupId, id)
  if (mask) world.remove(mask)
  for (const honor of world.list('honor', groupId)) if (honor.user_id === id) world.remove(honor)
}
