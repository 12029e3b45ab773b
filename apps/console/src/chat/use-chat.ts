import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { createContext, use, useEffect, useEffectEvent, useState } from 'react'
import { needsLogin } from '../kit/api.ts'
import { useStore } from '../kit/store.ts'
import { attempt } from '../kit/toast.ts'
import type { Chat, ChatId } from './chat-id.ts'
import { chatIdOf, readChat } from './chat-id.ts'
import { keepOlder, pageSize, readAgain, sharedWith, withNewest, withOlder } from './said.ts'
import type { ReadPage, Said } from './said.ts'
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
/** How often older messages of a chat are looked at again while it changes, in ms: what was recalled may be any. */
const olderMs = 2000

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
        later('world', gatherMs, () => queries.invalidateQueries({ queryKey: ['chat', 'world'] }))
      for (const id of change.chats) {
        later(id, gatherMs, () => hearNewest(queries, source, id))
        if (!isShown(id)) unread.set((before) => new Set(before).add(id))
      }
    }, gone.signal)
    return () => gone.abort()
  }, [source, queries])
}

/** What is to be looked at, and whether it changed again while it was. */
const pending = new Map<string, 'due' | 'running' | 'again'>()

/** Does a task after a while, once for all who asked meanwhile, and once more for who asked while it ran. */
function later(what: string, ms: number, task: () => Promise<unknown>): void {
  const state = pending.get(what)
  if (state === 'running') pending.set(what, 'again')
  if (state) return
  const run = async (): Promise<void> => {
    pending.set(what, 'running')
    await attempt(task)
    const isDue = pending.get(what) === 'again'
    pending.delete(what)
    if (isDue) later(what, ms, task)
  }
  pending.set(what, 'due')
  setTimeout(() => void run(), ms)
}

const saidKey = (id: ChatId) => ['chat', 'messages', id]

const pageReader =
  (source: Source, chat: Chat): ReadPage =>
  (below) =>
    source.messages(chat, below, pageSize)

/** Takes the newest messages into a chat that is open, by one request however long it is. */
async function hearNewest(queries: QueryClient, source: Source, id: ChatId): Promise<void> {
  const queryKey = saidKey(id)
  const query = queries.getQueryCache().find<Said>({ queryKey })
  const chat = readChat(id)
  const page = query?.isActive() && chat && (await pageReader(source, chat)().catch(() => undefined))
  // What is read at this moment would stand in the place of what is set now.
  if (query?.state.fetchStatus === 'fetching') await query.promise?.catch(() => undefined)
  const known = query?.state.data
  const said = page && known && withNewest(known, page)
  if (!said) return queries.invalidateQueries({ queryKey })
  queries.setQueryData(queryKey, said)
  if (said.messages.length > page.length) later(`all of ${id}`, olderMs, () => queries.invalidateQueries({ queryKey }))
}

/** The messages of a chat, the newest and as many before as were asked for. */
export function useMessages(chat: Chat) {
  const { source } = useRoom()
  const queries = useQueryClient()
  const read = pageReader(source, chat)
  const queryKey = saidKey(chatIdOf(chat))
  const query = useQuery<Said>({
    queryKey,
    queryFn: async () => {
      const said = await readAgain(read, queries.getQueryData(queryKey))
      return keepOlder(said, queries.getQueryData(queryKey))
    },
    structuralSharing: (before, after) => sharedWith(before as Said | undefined, after as Said),
    staleTime: Infinity,
  })
  const { messages = none, hasOlder = false } = query.data ?? {}
  const [older, setOlder] = useState<'idle' | 'reading' | 'failed'>('idle')
  // What failed is worth another try once the server was reached.
  useEffect(() => setOlder((before) => (before === 'failed' ? 'idle' : before)), [query.dataUpdatedAt])
  const oldest = messages[0]
  const readOlder = async (): Promise<void> => {
    if (!oldest || older !== 'idle') return
    setOlder('reading')
    const page = await attempt(() => read(oldest.message_seq))
    if (page) queries.setQueryData<Said>(queryKey, (before) => before && withOlder(before, oldest, page))
    setOlder(page ? 'idle' : 'failed')
  }
  return {
    query,
    messages,
    hasOlder,
    isReadingOlder: older === 'reading',
    canReadOlder: hasOlder && older === 'idle',
    readOlder,
  }
}

const none: readonly ChatMessage[] = []
