import { useEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../kit/language.ts'
import { navigate, useRoute } from '../kit/route.ts'
import { useShortcut } from '../kit/shortcut.ts'
import { kitWords } from '../kit/words.ts'
import type { ChatId } from './chat-id.ts'
import { readChat, readChats } from './chat-id.ts'
import { ChatColumn } from './column.tsx'
import { Sidebar } from './sidebar.tsx'
import { unread } from './state.ts'
import { RoomContext, useFeed, useSource } from './use-chat.ts'
import { useChatWords } from './words.ts'
import { WorldDialog } from './world-dialog.tsx'
import { chatsOf } from './world.ts'
import './chat.css'

/** Several chats of the network side by side, as anyone who takes part in them. */
export function ChatPage() {
  const words = useChatWords()
  const common = useWords(kitWords)
  const { rest, query } = useRoute()
  const open = useMemo(() => readChats(rest), [rest])
  const { source, world } = useSource()
  const [active, setActive] = useState(0)
  const [showsWorld, setShowsWorld] = useState(false)
  useFeed(source.data, open)
  useEffect(() => {
    unread.set((before) => new Set([...before].filter((id) => !open.includes(id))))
  }, [open])

  const current = Math.min(active, open.length - 1)
  const show = (chats: readonly ChatId[]): void => navigate({ page: 'chat', rest: chats.join(',') })
  const openChat = (id: ChatId, beside: boolean): void => {
    const at = open.indexOf(id)
    if (at !== -1) setActive(at)
    else if (beside || open.length === 0) {
      show([...open, id])
      setActive(open.length)
    } else show(open.map((one, index) => (index === current ? id : one)))
  }
  const close = (id: ChatId): void => show(open.filter((one) => one !== id))
  const step = (by: number): void => {
    const all = world.data ? chatsOf(world.data).flatMap(({ chats }) => chats.map(({ id }) => id)) : []
    const next = all[(all.indexOf(open[current] ?? '') + by + all.length) % all.length]
    if (next) openChat(next, false)
  }
  useShortcut({ keys: 'Alt+ArrowDown', does: words.keys.nextChat, whileTyping: true }, () => step(1))
  useShortcut({ keys: 'Alt+ArrowUp', does: words.keys.previousChat, whileTyping: true }, () => step(-1))
  useShortcut({ keys: ']', does: words.keys.nextColumn }, () => setActive((current + 1) % Math.max(1, open.length)))
  useShortcut({ keys: '[', does: words.keys.previousColumn }, () =>
    setActive((current + open.length - 1) % Math.max(1, open.length)),
  )
  useShortcut({ keys: 'w', does: words.keys.world }, () => source.data?.kind === 'sandbox' && setShowsWorld(true))
  useShortcut({ keys: 'x', does: words.keys.close }, () => open[current] && close(open[current]))

  // A page without a chat says little; on a phone it is the list of them.
  const usual = world.data?.groups[0]
  const hasArrived = useRef(false)
  useEffect(() => {
    if (!usual || hasArrived.current) return
    // Who closes the last chat wants none.
    hasArrived.current = true
    if (rest !== '' || !matchMedia('(width > 760px)').matches) return
    navigate({ page: 'chat', rest: `group:${usual.group_id}` }, { replace: true })
  }, [usual !== undefined])

  const room = useMemo(
    () => (world.data && source.data ? { world: world.data, source: source.data } : undefined),
    [world.data, source.data],
  )
  if (!room) {
    const error = source.error ?? world.error
    return (
      <main className="blank">
        {error ? (
          <>
            <p className="problem" role="alert">
              {error.message}
            </p>
            <button type="button" className="button" onClick={() => void (source.error ? source : world).refetch()}>
              {common.retry}
            </button>
          </>
        ) : (
          common.loading
        )}
      </main>
    )
  }
  return (
    <RoomContext value={room}>
      <main className={open.length > 0 ? 'chat with-chats' : 'chat'}>
        <h1 className="visually-hidden">{words.title}</h1>
        <Sidebar open={open} current={open[current]} onOpen={openChat} onWorld={() => setShowsWorld(true)} />
        <div className="columns">
          {open.length === 0 && <p className="blank">{words.pick}</p>}
          {open.map((id, index) => (
            <ChatColumn
              key={id}
              chat={readChat(id)!}
              isActive={index === current}
              wanted={index === current ? query['message'] : undefined}
              onActivate={() => setActive(index)}
              onClose={() => close(id)}
              onOpen={openChat}
            />
          ))}
        </div>
        {showsWorld && <WorldDialog onClose={() => setShowsWorld(false)} />}
      </main>
    </RoomContext>
  )
}
