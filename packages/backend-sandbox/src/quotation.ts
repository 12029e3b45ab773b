import type { Segment } from '@seekyou/message'
import { chatKey, chatOf, messageId, quotation, userId } from '@seekyou/protocol'
import type { BackendHost, Chat } from '@seekyou/protocol'
import { missing } from './rule.ts'
import { badSegment, numberOf, textOf } from './segment-param.ts'
import { isInLog } from './world.ts'
import type { World } from './world.ts'

interface Place {
  readonly chat: Chat
  readonly world: World
  readonly host: Pick<BackendHost, 'messages'>
  readonly now: number
}

/** A quotation of a message of the same chat by its id, or else of one that is made up; that has the id 0. */
export async function readQuotation(segment: Segment, place: Place): Promise<Segment> {
  const { data } = segment
  const id = textOf(data, 'id')
  const isMadeUp = Object.hasOwn(data, 'text') && (id === '' || id === '0')
  return isMadeUp ? { type: 'reply', data: readMadeUp(segment, place.now) } : findQuoted(id, place)
}

function readMadeUp(segment: Segment, now: number): Segment['data'] {
  const { data } = segment
  const qq = userId.safeParse(textOf(data, 'qq') || textOf(data, 'user_id'))
  if (!qq.success) return badSegment('reply', 'that is made up takes the id of a user as its qq')
  const number = (name: string, absent: number) =>
    String(textOf(data, name) === '' ? absent : numberOf(segment, name, 0))
  return { id: '0', seq: number('seq', 0), qq: String(qq.data), time: number('time', now), text: textOf(data, 'text') }
}

async function findQuoted(text: string, { chat, world, host }: Place): Promise<Segment> {
  const id = messageId.safeParse(text)
  if (!id.success) return badSegment('reply', 'takes a message id as its id')
  const stored = await host.messages.get(id.data)
  const isHere =
    stored !== undefined &&
    chatKey(chatOf(stored.event)) === chatKey(chat) &&
    isInLog(world.log(chat), stored.event.message_seq)
  return isHere
    ? quotation(stored.event)
    : missing('REPLY_NOT_FOUND', `message ${id.data} to reply to is not in this chat`)
}
