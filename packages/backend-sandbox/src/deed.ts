import { isSegment } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { userId } from '@seekyou/protocol'
import type { Chat, EventDraft, UserId } from '@seekyou/protocol'
import type { Gift } from './document.ts'
import { findFriend, findHeardGroup, findMember, refuse } from './rule.ts'
import { badSegment, numberOf } from './segment-param.ts'
import type { World } from './world.ts'

/** What a message does besides saying something. */
export interface Deed {
  readonly events: readonly EventDraft[]
  readonly documents: readonly Gift[]
}

/** Whether a segment does something and is no part of the message that is left. */
export function isDeed({ type }: Segment): boolean {
  return type === 'poke' || type === 'gift'
}

/** What the segment would do now. @throws ActionFailure where it may not. */
export function readDeed(segment: Segment, actor: UserId, chat: Chat, world: World): Deed {
  if (isSegment(segment, 'gift')) return { events: [], documents: [giftOf(segment, actor, chat, world)] }
  return { events: [pokeOf(actor, pokedBy(segment, actor, chat, world), chat, world)], documents: [] }
}

/** The notice of a poke: in a group of another member; in the private chat of a friend and the bot, of either of the two. */
export function pokeOf(actor: UserId, target: UserId, chat: Chat, world: World): EventDraft {
  switch (chat.type) {
    case 'private':
      findFriend(world, chat.user_id)
      if (target !== world.bot && target !== chat.user_id)
        refuse('POKE_REFUSED', 'in private one can poke only the two who talk there; group_id names a group')
      break
    case 'group':
      findHeardGroup(world, chat.group_id)
      findMember(world, chat.group_id, actor)
      findMember(world, chat.group_id, target)
      break
    case 'discuss':
      refuse('POKE_REFUSED', 'discuss groups know no pokes')
  }
  return {
    post_type: 'notice',
    notice_type: 'notify',
    sub_type: 'poke',
    ...(chat.type === 'group' && { group_id: chat.group_id }),
    user_id: actor,
    sender_id: actor,
    target_id: target,
  }
}

/** Who a poke segment means; the OneBot 11 form names nobody, which in private is the other one. */
function pokedBy({ data }: Segment, actor: UserId, chat: Chat, world: World): UserId {
  const target = userId.safeParse(data['qq'])
  if (target.success) return target.data
  if (Object.hasOwn(data, 'qq') || chat.type !== 'private') {
    return badSegment('poke', 'takes the id of the user to poke as its qq')
  }
  return actor === world.bot ? chat.user_id : world.bot
}

function giftOf(segment: Segment, giver: UserId, chat: Chat, world: World): Gift {
  const gift_id = numberOf(segment, 'id', 0, 13)
  const target = userId.safeParse(segment.data['qq'])
  if (!target.success) return badSegment('gift', 'takes the id of the user who gets it as its qq')
  if (chat.type !== 'group') return refuse('GIFT_REFUSED', 'gifts are given in groups only')
  const { group_id } = chat
  findMember(world, group_id, giver)
  findMember(world, group_id, target.data)
  const count = (world.find('gift', group_id, `${target.data}/${gift_id}`)?.count ?? 0) + 1
  return { kind: 'gift', group_id, user_id: target.data, gift_id, count }
}
