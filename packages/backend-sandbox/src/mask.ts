import { userId } from '@seekyou/protocol'
import type { Chat, GroupId, MessageEvent, UserId } from '@seekyou/protocol'
import type { Mask } from './document.ts'
import { findGroup, missing, nameOfGroup, refuse } from './rule.ts'
import type { World } from './world.ts'

/* Speaking anonymously: each member of a group has one mask there, and all masks share one number. */

/** Who an anonymous speaker is to everyone else. */
export const maskedId = userId.parse(80_000_000)

const manners = ['Brave', 'Calm', 'Dizzy', 'Eager', 'Gentle', 'Hasty', 'Jolly', 'Lucky', 'Quiet', 'Swift']
const creatures = ['Badger', 'Crane', 'Dolphin', 'Fox', 'Hedgehog', 'Lynx', 'Otter', 'Panda', 'Raven', 'Tiger']

/** Whether someone may speak anonymously in a chat in which they may speak. */
export function checkMask(world: World, author: UserId, chat: Chat, now: number): void {
  if (chat.type !== 'group') return refuse('ANONYMOUS_REFUSED', 'one can speak anonymously in groups only')
  const group = findGroup(world, chat.group_id)
  if (!group.anonymous) {
    refuse('ANONYMOUS_REFUSED', `the group ${nameOfGroup(group)} does not let its members speak anonymously`)
  }
  const mask = world.find('mask', chat.group_id, author)
  if (mask && mask.mute_until > now) {
    const left = mask.mute_until - now
    refuse('MUTED', `${mask.name} is muted in the group ${nameOfGroup(group)} for another ${left} s`)
  }
}

/** The mask of a member, a new one where they have none yet. */
export function wearMask(world: World, group_id: GroupId, user_id: UserId, random: () => number): Mask {
  const worn = world.find('mask', group_id, user_id)
  if (worn) return worn
  const draw = (names: readonly string[]) => names[Math.floor(random() * names.length)]!
  const number = world.count('mask')
  const drawn = `${draw(manners)} ${draw(creatures)}`
  const isTaken = world.list('mask', group_id).some((mask) => mask.name === drawn)
  const name = isTaken ? `${drawn} ${number}` : drawn
  const mask: Mask = { kind: 'mask', group_id, user_id, name, flag: `${number}|${name}`, mute_until: 0 }
  world.put(mask)
  return mask
}

/** A mask by the flag that was told of it. */
export function findMask(world: World, groupId: GroupId, flag: string): Mask {
  const mask = world.list('mask', groupId).find((worn) => worn.flag === flag)
  if (mask) return mask
  const group = nameOfGroup(findGroup(world, groupId))
  return missing(
    'FLAG_NOT_FOUND',
    `no anonymous speaker of the group ${group} has the flag ${JSON.stringify(flag.slice(0, 40))}`,
  )
}

/** What a message tells of a masked speaker. */
export function masked({ name, flag }: Mask) {
  const sender = { user_id: maskedId, nickname: '匿名消息', sex: 'unknown', age: 0, area: '', level: '' } as const
  return { user_id: maskedId, anonymous: { id: maskedId, name, flag }, sender } satisfies Partial<MessageEvent>
}
