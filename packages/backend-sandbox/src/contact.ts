import type { UserId } from '@seekyou/protocol'
import { newFriendship } from './document.ts'
import type { Friendship } from './document.ts'
import type { Network } from './network.ts'
import { findUser, missing, nameOf, refuse } from './rule.ts'
import type { World } from './world.ts'

/* Who is a friend of the bot. */

/** Makes a person and the bot friends without anyone asking. */
export async function addFriend(network: Network, person: UserId): Promise<void> {
  checkNewFriend(network.world, person)
  await befriend(network, person, '')
}

/** Whether a person can become a friend. */
export function checkNewFriend(world: World, person: UserId): void {
  const user = findUser(world, person)
  if (person === world.bot) refuse('SELF_CHAT', 'the bot cannot be its own friend')
  if (world.friendship(person)?.direction === 'two-way') {
    refuse('ALREADY_FRIENDS', `${nameOf(user)} and the bot are friends already`)
  }
}

/** Makes a person and the bot friends both ways; whoever calls this has asked the rules. */
export async function befriend(network: Network, user_id: UserId, remark: string): Promise<void> {
  network.world.put(newFriendship({ user_id, remark }))
  await network.tell({ post_type: 'notice', notice_type: 'friend_add', user_id })
}

/** Has the bot end a friendship; on the other side it stays until the bot removes that, too. */
export async function deleteFriend(network: Network, person: UserId): Promise<void> {
  const friendship = findFriendship(network.world, person, 'two-way')
  network.world.put({ ...friendship, direction: 'one-way', remark: '' })
  await network.world.saved()
}

/** Removes the bot from the friends of a person who is none of its own. */
export async function deleteOneWayFriend(network: Network, person: UserId): Promise<void> {
  network.world.remove(findFriendship(network.world, person, 'one-way'))
  await network.world.saved()
}

/** Notes a name for a friend that only the bot sees. */
export async function setFriendRemark(network: Network, person: UserId, remark: string): Promise<void> {
  network.world.put({ ...findFriendship(network.world, person, 'two-way'), remark })
  await network.world.saved()
}

function findFriendship(world: World, person: UserId, direction: Friendship['direction']): Friendship {
  const user = findUser(world, person)
  const friendship = world.friendship(person)
  if (friendship?.direction === direction) return friendship
  return missing('FRIEND_NOT_FOUND', `${nameOf(user)} is no ${direction} friend of the bot`)
}
