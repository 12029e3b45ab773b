import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useEffectEvent, useMemo } from 'react'
import { needsLogin } from '../kit/api.ts'
import { useStore } from '../kit/store.ts'
import { toast } from '../kit/toast.ts'
import type { Chat, ChatId } from './chat-id.ts'
import { chatIdOf } from './chat-id.ts'
import { findSource } from './source.ts'
import type { Source } from './source.ts'
import { addNotices, unread } from './state.ts'
import type { ChatMessage, World } from './world.ts'

/** What every part of the chat knows. */
export interface ChatRoom {
  readonly world: World
  readonly source: Source
}

export const RoomContext = createContext<ChatRoom | undefined>(undefined)

export function useRoom(): ChatRoom {
  const room = use(RoomContext)
  if (!room) throw new Error('there is no world around this part of the page')
  return room
}

/** The source of the chats and the world in it, kept up to date. */
export function useSource() {
  const locked = useStore(needsLogin)
  const source = useQuery({ queryKey: ['chat', 'source'], queryFn: findSource, staleTime: Infinity, enabled: !locked })
  const world = useQuery({
    queryKey: ['chat', 'world'],
    queryFn: () => source.data!.world(),
    enabled: source.data !== undefined && !locked,
    staleTime: Infinity,
  })
  return { source, world }
}

/** How long changes are gathered before they are looked at, in ms. */
const gatherMs = 40

/** Looks again at whatever changes, as long as the page stands. */
export function useFeed(source: Source | undefined, open: readonly ChatId[]): void {
  const queries = useQueryClient()
  const isShown = useEffectEvent((id: ChatId) => open.includes(id))
  useEffect(() => {
    if (!source) return
    const gone = new AbortController()
    source.follow((change) => {
      addNotices(change.events, change.everything)
      if (change.everything) void queries.invalidateQueries({ queryKey: ['chat', 'messages'] })
      if (change.everything || change.world)
        later('world', () => queries.invalidateQueries({ queryKey: ['chat', 'world'] }))
      for (const id of change.chats) {
        later(id, () => queries.invalidateQueries({ queryKey: ['chat', 'messages', id] }))
        if (!isShown(id)) unread.set((before) => new Set(before).add(id))
      }
    }, gone.signal)
    return () => gone.abort()
  }, [source, queries])
}

const pending = new Map<string, ReturnType<typeof setTimeout>>()

function later(what: string, task: () => Promise<unknown>): void {
  if (pending.has(what)) return
  pending.set(
    what,
    setTimeout(() => {
      pending.delete(what)
      void task().catch((error: unknown) => toast('failed', String(error)))
    }, gatherMs),
  )
}

const pageSize = 50

/** The messages of a chat, the newest and as many before as were asked for. */
export function useMessages(chat: Chat) {
  const { source } = useRoom()
  const query = useInfiniteQuery({
    queryKey: ['chat', 'messages', chatIdOf(chat)],
    queryFn: ({ pageParam }) => source.messages(chat, pageParam, pageSize),
    initialPageParam: undefined as number | undefined,
    // Pages go from the newest to the oldest.
    getNextPageParam: (page) => (page.length < pageSize ? undefined : page[0]?.message_seq),
    staleTime: Infinity,
  })
  const messages = useMemo<readonly ChatMessage[]>(() => query.data?.pages.toReversed().flat() ?? [], [query.data])
  return { query, messages }
}
