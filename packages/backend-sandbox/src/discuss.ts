import type { DiscussId, UserId } from '@seekyou/protocol'
import type { Network } from './network.ts'
import { findDiscuss } from './rule.ts'

/** Leaves a discuss group. Nobody is told. */
export async function leaveDiscuss(network: Network, discussId: DiscussId, actor: UserId): Promise<void> {
  const discuss = findDiscuss(network.world, discussId, actor)
  network.world.put({ ...discuss, member_ids: discuss.member_ids.filter((id) => id !== actor) })
  await network.world.saved()
}
