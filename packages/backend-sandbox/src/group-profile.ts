import type { GroupId, UserId } from '@seekyou/protocol'
import type { Network } from './network.ts'
import { checkBytes, checkRole, findActor, findGroup, refuse } from './rule.ts'

/* What a group is called, how it looks and what it allows. Nobody is told of these changes. */

export async function rename(network: Network, groupId: GroupId, actor: UserId, group_name: string): Promise<void> {
  const { world } = network
  checkRole(world, groupId, actor, 'admin', 'rename it')
  checkGroupName(group_name)
  world.put({ ...findGroup(world, groupId), group_name })
  await network.world.saved()
}

/** Refuses what a group cannot be called. */
export function checkGroupName(group_name: string): void {
  if (group_name === '') refuse('GROUP_NAME_EMPTY', 'the name of a group has at least 1 byte')
  checkBytes(group_name, 60, 'GROUP_NAME_TOO_LONG', 'the name of a group')
}

/** Hangs up another picture. */
export async function setPortrait(network: Network, groupId: GroupId, actor: UserId, file: string): Promise<void> {
  const { world } = network
  const check = () => checkRole(world, groupId, actor, 'admin', 'change its picture')
  check()
  const image = await network.picture(file)
  check()
  world.put(image)
  world.put({ ...findGroup(world, groupId), portrait: image.name })
  await network.world.saved()
}

/** Lets members speak in masks, or no longer. */
export async function allowMasks(network: Network, groupId: GroupId, actor: UserId, anonymous: boolean): Promise<void> {
  const { world } = network
  checkRole(world, groupId, actor, 'admin', 'allow or forbid anonymous speakers')
  world.put({ ...findGroup(world, groupId), anonymous })
  await network.world.saved()
}

/** Notes a name for a group that only the bot sees. */
export async function setGroupRemark(network: Network, groupId: GroupId, remark: string): Promise<void> {
  const { world } = network
  findActor(world, groupId, world.bot)
  world.put({ ...findGroup(world, groupId), remark })
  await network.world.saved()
}

/** Signs in for the day; doing so twice changes nothing. */
export async function sign(network: Network, groupId: GroupId, actor: UserId): Promise<void> {
  const { world } = network
  world.put({ ...findActor(world, groupId, actor), sign_time: network.now() })
  await network.world.saved()
}
