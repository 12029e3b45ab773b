import type { MessageId, UserId } from '@seekyou/protocol'
import type { Network } from './network.ts'
import { checkHearing, refuse } from './rule.ts'
import type { World } from './world.ts'

/* Faces under messages of groups and private chats. No event of them is known. */

/** Puts a face under a message, or takes it away. */
export async function setReaction(
  network: Network,
  actor: UserId,
  message_id: MessageId,
  emoji_id: string,
  isThere: boolean,
): Promise<void> {
  const { world } = network
  const stored = await network.message(message_id)
  checkHearing(world, actor, stored.event)
  if (network.isRecalled(stored))
    refuse('MESSAGE_RECALLED', `message ${message_id} was recalled, and nothing is under it`)
  const others = whoReacted(world, message_id, emoji_id).filter((id) => id !== actor)
  const user_ids = isThere ? [...others, actor] : others
  const before = world.find('reaction', message_id, emoji_id)
  if (user_ids.length > 0) world.put({ kind: 'reaction', message_id, emoji_id, user_ids })
  else if (before) world.remove(before)
  await world.saved()
}

/** Who put a face under a message, in the order they did. */
export function whoReacted(world: World, id: MessageId, emojiId: string): readonly UserId[] {
  return world.find('reaction', id, emojiId)?.user_ids ?? []
}
