import { chatIdOf } from '../chat/chat-id.ts'
import type { Chat } from '../chat/chat-id.ts'
import { writeRoute } from '../kit/route.ts'
import { chatOf } from './record-line.ts'
import type { TapRecord } from './tap-record.ts'

/** The address of the chat in which something was said or done; undefined where there is none. */
export function chatLinkOf(record: TapRecord): string | undefined {
  const about = record.type === 'event' ? record.event : record.type === 'call' ? record.params : undefined
  const chat = chatIn(about)
  if (!chat) return undefined
  const message = messageOf(record)
  return writeRoute({ page: 'chat', rest: chatIdOf(chat), query: message === undefined ? {} : { message } })
}

function chatIn(about: unknown): Chat | undefined {
  const { kind, id = '' } = chatOf(about) ?? {}
  switch (kind) {
    case 'group':
      return { type: 'group', group_id: Number(id) }
    case 'user':
      return { type: 'private', user_id: Number(id) }
    case 'discuss':
      return { type: 'discuss', discuss_id: Number(id) }
    case 'guild': {
      const guild: unknown = Reflect.get(about as object, 'guild_id')
      const isId = typeof guild === 'string' || typeof guild === 'number'
      return isId ? { type: 'channel', guild_id: String(guild), channel_id: id } : undefined
    }
    case undefined:
      return undefined
  }
}

function messageOf(record: TapRecord): string | undefined {
  const holders: readonly unknown[] =
    record.type === 'event' ? [record.event] : record.type === 'call' ? [record.answer.data, record.params] : []
  for (const holder of holders) {
    const id: unknown = typeof holder === 'object' && holder !== null ? Reflect.get(holder, 'message_id') : undefined
    if (typeof id === 'number' || typeof id === 'string') return String(id)
  }
  return undefined
}
