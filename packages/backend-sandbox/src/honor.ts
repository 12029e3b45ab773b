import type { GroupId, UserId } from '@seekyou/protocol'
import type { Honor, HonorType } from './document.ts'
import type { Network } from './network.ts'
import { findHeardGroup, findMember } from './rule.ts'
import type { World } from './world.ts'

/** Gives a member of a group an honor; winning it again right after counts up. */
export async function award(
  network: Network,
  group_id: GroupId,
  user_id: UserId,
  honor_type: HonorType,
): Promise<void> {
  const { world } = network
  findHeardGroup(world, group_id)
  findMember(world, group_id, user_id)
  const [current] = honorsOf(world, group_id, honor_type)
  const count = current?.user_id === user_id ? current.count + 1 : 1
  world.put({ kind: 'honor', group_id, honor_type, user_id, count, turn: world.count('honor') })
  await network.tell({ post_type: 'notice', notice_type: 'notify', sub_type: 'honor', group_id, user_id, honor_type })
}

/** Who has an honor of a group, the newest first. */
export function honorsOf(world: World, groupId: GroupId, type: HonorType): readonly Honor[] {
  return world
    .list('honor', groupId)
    .filter(({ honor_type }) => honor_type === type)
    .toSorted((left, right) => right.turn - left.turn)
}
