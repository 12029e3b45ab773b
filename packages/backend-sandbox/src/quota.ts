import type { Chat, GroupId, UserId } from '@seekyou/protocol'
import { findFriend, findGroup, findMember, findUser, nameOf, nameOfGroup, refuse } from './rule.ts'
import type { World } from './world.ts'

/* What the network allows only so often a day; days begin at 00:00 UTC. */

/** How often a day one can mention everyone, and how often everyone in a group can be mentioned. */
const atAllOfUser = 10
const atAllOfGroup = 20

/** How often a day one can like a friend. */
const likesOfFriend = 10

/** Whether someone may mention everyone in a chat; outside groups it means nothing. */
export function checkAtAll(world: World, author: UserId, chat: Chat, now: number): void {
  if (chat.type !== 'group') return
  const group = findGroup(world, chat.group_id)
  const who = nameOf(findUser(world, author))
  if (findMember(world, chat.group_id, author).role === 'member') {
    const only = `only the owner and the admins of the group ${nameOfGroup(group)} can mention everyone`
    refuse('PERMISSION_DENIED', `${who} is a plain member; ${only}`)
  }
  const remain = atAllRemain(world, author, chat.group_id, now)
  if (remain.user === 0)
    refuse('AT_ALL_QUOTA', `${who} has mentioned everyone ${atAllOfUser} times today, which is all`)
  if (remain.group === 0) {
    refuse(
      'AT_ALL_QUOTA',
      `everyone in the group ${nameOfGroup(group)} was mentioned ${atAllOfGroup} times today, which is all`,
    )
  }
}

export function countAtAll(world: World, author: UserId, groupId: GroupId, now: number): void {
  spend(world, `at_all/user/${author}`, 1, now)
  spend(world, `at_all/group/${groupId}`, 1, now)
}

/** How often someone can still mention everyone today, and how often everyone in the group can be mentioned. */
export function atAllRemain(world: World, author: UserId, groupId: GroupId, now: number) {
  return {
    user: Math.max(0, atAllOfUser - used(world, `at_all/user/${author}`, now)),
    group: Math.max(0, atAllOfGroup - used(world, `at_all/group/${groupId}`, now)),
  }
}

/** Has the bot like a friend some times. */
export function like(world: World, friend: UserId, times: number, now: number): void {
  const who = nameOf(findFriend(world, friend))
  const name = `like/${friend}`
  const remain = likesOfFriend - used(world, name, now)
  if (times > remain) {
    refuse('LIKE_QUOTA', `one can like a friend ${likesOfFriend} times a day; for ${who} ${remain} are left today`)
  }
  spend(world, name, times, now)
}

function used(world: World, name: string, now: number): number {
  const quota = world.find('quota', name)
  return quota?.day === dayOf(now) ? quota.used : 0
}

function spend(world: World, name: string, amount: number, now: number): void {
  world.put({ kind: 'quota', name, day: dayOf(now), used: used(world, name, now) + amount })
}

/** The days since 1970. */
export function dayOf(now: number): number {
  return Math.floor(now / 86_400)
}
