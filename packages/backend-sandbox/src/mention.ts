import type { Segment } from '@seekyou/message'
import { userId } from '@seekyou/protocol'
import type { Chat } from '@seekyou/protocol'
import { badSegment, pick, textOf } from './segment-param.ts'
import type { World } from './world.ts'

/** Reads a mention; the name that is given along is shown only for who is not in the group. */
export function readMention({ data }: Segment, chat: Chat, world: World): Segment {
  const qq = textOf(data, 'qq') || textOf(data, 'target')
  if (qq === 'all') return { type: 'at', data: { qq } }
  const id = userId.safeParse(qq)
  if (!id.success) return badSegment('at', 'takes a user id or "all" as its qq')
  const isMember = chat.type === 'group' && world.members(chat.group_id).has(id.data)
  return { type: 'at', data: { qq: String(id.data), ...(!isMember && pick(data, ['name'])) } }
}
