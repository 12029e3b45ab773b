import { useEffect, useState } from 'react'
import { createStore, createStoredStore } from '../kit/store.ts'
import type { ChatId } from './chat-id.ts'
import { chatOfNotice } from './timeline.ts'
import type { Notice, NoticeEvent } from './timeline.ts'
import type { ChatMessage, World } from './world.ts'

/** Who speaks in a chat, where somebody was chosen. */
export const personas = createStoredStore<Readonly<Record<ChatId, number>>>('personas', (stored) =>
  typeof stored === 'object' && stored !== null ? (stored as Record<ChatId, number>) : {},
)

/** Chats in which something was said since they were last open. */
export const unread = createStore<ReadonlySet<ChatId>>(new Set())

/** Messages that someone gathers to send them as a bundle, from whichever chats. */
export const collected = createStore<readonly ChatMessage[]>([])

/** What was told of each chat since the page is open, besides messages. */
export const notices = createStore<Readonly<Record<ChatId, readonly Notice[]>>>({})

const mostNotices = 300
let lastNumber = 0

/** Adds what was told; `isAll`: nothing else was. */
export function addNotices(events: readonly NoticeEvent[], isAll: boolean): void {
  if (events.length === 0 && !isAll) return
  notices.set((before) => {
    const after: Record<ChatId, readonly Notice[]> = isAll ? {} : { ...before }
    for (const event of events) {
      const chat = chatOfNotice(event)
      if (chat) after[chat] = [...(after[chat] ?? []), { number: ++lastNumber, event }].slice(-mostNotices)
    }
    return after
  })
}

/** The time of the network in seconds since 1970, again every second; `isRunning`: something counts down. */
export function useNow({ clock, now_ms }: World['clock'], isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  const ticks = isRunning && clock === 'real'
  useEffect(() => {
    if (!ticks) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [ticks])
  return (clock === 'real' ? now : now_ms) / 1000
}
