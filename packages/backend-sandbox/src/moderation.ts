import type { GroupId, UserId } from '@seekyou/protocol'
import { findMask, maskedId } from './mask.ts'
import type { Network } from './network.ts'
import { checkRole, findGroup, findManageable, refuse } from './rule.ts'

/* Muting: a member, a mask, or everyone. */

/** A mute is shorter than thirty days; in seconds. */
const longest = 30 * 86_400 - 1

/** Mutes a member for some seconds; 0 lifts it. */
export async function ban(
  network: Network,
  group_id: GroupId,
  actor: UserId,
  target: UserId,
  duration: number,
): Promise<void> {
  const { world } = network
  const member = findManageable(world, group_id, actor, target, 'mute')
  checkDuration(duration)
  const now = network.now()
  if (duration === 0 && member.mute_until <= now) return
  world.put({ ...member, mute_until: duration === 0 ? 0 : now + duration })
  await tellBan(network, group_id, actor, target, duration)
}

/** Mutes an anonymous speaker for some seconds; 0 lifts it. */
export async function banMask(
  network: Network,
  group_id: GroupId,
  actor: UserId,
  flag: string,
  duration: number,
): Promise<void> {
  const { world } = network
  checkRole(world, group_id, actor, 'admin', 'mute anonymous speakers')
  const mask = findMask(world, group_id, flag)
  checkDuration(duration)
  const now = network.now()
  if (duration === 0 && mask.mute_until <= now) return
  world.put({ ...mask, mute_until: duration === 0 ? 0 : now + duration })
  await tellBan(network, group_id, actor, maskedId, duration)
}

/** Leaves the word to the owner and the admins of a group, or gives it back to everyone. */
export async function banAll(network: Network, group_id: GroupId, actor: UserId, whole_ban: boolean): Promise<void> {
  const { world } = network
  checkRole(world, group_id, actor, 'admin', 'mute the whole group')
  const group = findGroup(world, group_id)
  if (group.whole_ban === whole_ban) return
  world.put({ ...group, whole_ban })
  await tellBan(network, group_id, actor, 0, whole_ban ? -1 : 0)
}

function checkDuration(duration: number): void {
  if (duration >= 0 && duration <= longest) return
  refuse('DURATION_IS_NOT_IN_RANGE', `a mute lasts 1 to ${longest} s (0 lifts it), not ${duration}`)
}

async function tellBan(
  network: Network,
  group_id: GroupId,
  operator_id: UserId,
  user_id: number,
  duration: number,
): Promise<void> {
  const sub_type = duration === 0 ? 'lift_ban' : 'ban'
  await network.tell({
    post_type: 'notice',
    notice_type: 'group_ban',
    sub_type,
    group_id,
    user_id,
    operator_id,
    duration,
  })
}
