import type { MessageEvent, MessageId, UserId } from '@seekyou/protocol'
import type { Network } from './network.ts'
import { checkRole, missing, refuse } from './rule.ts'
import type { World } from './world.ts'

/** Makes a message an essence message of its group, or takes it out of them. */
export async function setEssence(network: Network, actor: UserId, id: MessageId, isEssence: boolean): Promise<void> {
  const { world } = network
  const stored = await network.message(id)
  const { event } = stored
  if (event.message_type !== 'group') {
    return missing('MESSAGE_NOT_FOUND', `message ${id} was not said in a group, and only groups keep essence messages`)
  }
  const { group_id, message_id, user_id: sender_id, sender, time: sender_time } = event
  checkRole(world, group_id, actor, 'admin', 'choose its essence messages')
  const kept = world.find('essence', group_id, id)
  if (isEssence) {
    if (network.isRecalled(stored))
      refuse('MESSAGE_RECALLED', `message ${id} was recalled and cannot be an essence message`)
    if (kept) return
    world.put({
      kind: 'essence',
      group_id,
      message_id,
      sender_id,
      sender_nick: event.anonymous?.name ?? (sender.card || sender.nickname),
      sender_time,
      operator_id: actor,
      operator_time: network.now(),
    })
  } else {
    if (!kept) return missing('ESSENCE_NOT_FOUND', `message ${id} is not an essence message of its group`)
    world.remove(kept)
  }
  const sub_type = isEssence ? 'add' : 'delete'
  const message = { group_id, sender_id, operator_id: actor, message_id }
  await network.tell({ post_type: 'notice', notice_type: 'essence', sub_type, ...message })
}

/** A message that is taken back is no longer an essence message either. */
export function dropEssence(world: World, message: MessageEvent): void {
  if (message.message_type !== 'group') return
  const kept = world.find('essence', message.group_id, message.message_id)
  if (kept) world.remove(kept)
}
