import { writeRoute } from '../kit/route.ts'
import { chatOf } from './record-line.ts'
import type { TapRecord } from './tap-record.ts'

const letters = { group: 'g', user: 'u', discuss: 'd' } as const

/** The address of the chat in which something was said or done; undefined where there is none. */
export function chatLinkOf(record: TapRecord): string | undefined {
  const about = record.type === 'event' ? record.event : record.type === 'call' ? record.params : undefined
  const chat = chatOf(about)
  if (!chat || chat.kind === 'guild') return undefined
  const message = messageOf(record)
  return writeRoute({
    page: 'chat',
    rest: `${letters[chat.kind]}${chat.id}`,
    query: message === undefined ? {} : { message },
  })
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
