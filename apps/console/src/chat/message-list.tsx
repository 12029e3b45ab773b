import { useVirtualizer } from '@tanstack/react-virtual'
import { summarize } from '@seekyou/message'
import { ContextMenu } from 'radix-ui'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { RefObject, UIEvent } from 'react'
import { language } from '../kit/language.ts'
import { useStore } from '../kit/store.ts'
import type { Chat, ChatId } from './chat-id.ts'
import { chatIdOf } from './chat-id.ts'
import type { Deeds } from './deeds.ts'
import { ForwardDialog } from './forward-dialog.tsx'
import { Lightbox } from './lightbox.tsx'
import { MenuItems } from './menu-items.tsx'
import { useMessageMenu } from './message-menu.tsx'
import { MessageRow } from './message-row.tsx'
import { sayNotice } from './notice.ts'
import { SurroundingsContext } from './segments.tsx'
import type { Surroundings } from './segments.tsx'
import { notices } from './state.ts'
import { rowsOf } from './timeline.ts'
import { useMessages, useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'
import { groupOf, nameInChat } from './world.ts'
import type { ChatMessage, Person } from './world.ts'

const none: never[] = []

/** What was said in a chat, newest last; only what is in sight is on the page. */
export function MessageList({
  chat,
  people,
  persona,
  deeds,
  wanted,
  onReply,
  onMention,
  onPersona,
  onOpen,
}: {
  chat: Chat
  people: readonly Person[]
  persona: number
  deeds: Deeds
  wanted: string | undefined
  onReply: (message: ChatMessage) => void
  onMention: (user_id: number) => void
  onPersona: (user_id: number) => void
  onOpen: (id: ChatId, beside: boolean) => void
}) {
  const words = useChatWords()
  const locale = useStore(language)
  const { world } = useRoom()
  const id = chatIdOf(chat)
  const { query, messages, hasOlder, isReadingOlder, canReadOlder, readOlder } = useMessages(chat)
  const told = useStore(notices)[id] ?? none
  const rows = useMemo(() => {
    // What was told of a time whose messages are not here yet waits for them.
    const from = hasOlder ? (messages[0]?.time ?? 0) : 0
    return rowsOf(
      messages,
      told.filter(({ event }) => event.time >= from),
    )
  }, [messages, told, hasOlder])

  const scroller = useRef<HTMLDivElement>(null)
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]!.key,
    estimateSize: () => 52,
    overscan: 8,
    paddingStart: 8,
    paddingEnd: 12,
    // What comes before moves nothing.
    anchorTo: 'end',
  })
  const items = list.getVirtualItems()
  const isLoaded = rows.length > 0
  const height = list.getTotalSize()
  const { isAtEnd, setAtEnd, onScroll } = useEnd(scroller, height)

  const first = items[0]?.index
  useEffect(() => {
    if (first !== undefined && first < 10 && canReadOlder) void readOlder()
  }, [first, canReadOlder])

  const [lit, setLit] = useState('')
  const [selected, setSelected] = useState('')
  const jumpTo = (message_id: string): void => {
    const index = rows.findIndex(({ key }) => key === `message ${message_id}`)
    if (index === -1) return
    setAtEnd(false)
    list.scrollToIndex(index, { align: 'center' })
    setLit(message_id)
    setTimeout(() => setLit(''), 1600)
  }
  const isHere = wanted !== undefined && messages.some(({ message_id }) => String(message_id) === wanted)
  useEffect(() => {
    if (isHere) jumpTo(wanted)
    else if (wanted !== undefined && canReadOlder) void readOlder()
    // The rows change with every message, and only the first time it is there counts.
  }, [wanted, isHere, canReadOlder])

  const [image, setImage] = useState<string>()
  const [forward, setForward] = useState<string>()
  const byId = useMemo(() => new Map(messages.map((message) => [String(message.message_id), message])), [messages])
  const surroundings = useMemo<Surroundings>(
    () => ({
      nameOf: (qq) => nameInChat(world, chat, Number(qq)),
      quoted(quotedId) {
        const found = byId.get(quotedId)
        if (!found) return undefined
        const { sender, message } = found
        return {
          who: sender.card || sender.nickname,
          text: summarize(message.filter(({ type }) => type !== 'reply')).slice(0, 120),
        }
      },
      jumpTo,
      openImage: setImage,
      openForward: setForward,
      self: String(persona),
    }),
    [world, id, byId, rows, persona],
  )

  const menu = useMessageMenu({ chat, people, persona, deeds, onReply, onMention, onPersona, onOpen })
  const [target, setTarget] = useState<ChatMessage>()
  const essence = useMemo(
    () =>
      new Set(
        (chat.type === 'group' ? groupOf(world, chat.group_id)?.essence : undefined)?.map((one) => one.message_id),
      ),
    [world, id],
  )
  const messageAt = (element: EventTarget | null): ChatMessage | undefined =>
    byId.get((element as Element | null)?.closest<HTMLElement>('[data-message]')?.dataset['message'] ?? '')

  const move = (by: number): void => {
    const ids = messages.map(({ message_id }) => String(message_id))
    const at = ids.indexOf(selected)
    const next = ids[at === -1 ? ids.length - 1 : Math.max(0, Math.min(ids.length - 1, at + by))]
    if (next === undefined) return
    setSelected(next)
    setAtEnd(false)
    list.scrollToIndex(rows.findIndex(({ key }) => key === `message ${next}`))
  }

  return (
    <SurroundingsContext value={surroundings}>
      <div className="messages-area">
        <ContextMenu.Root modal={false}>
          <ContextMenu.Trigger asChild>
            <div
              ref={scroller}
              className="messages"
              role="log"
              aria-label={words.log}
              tabIndex={0}
              onScroll={onScroll}
              onContextMenu={(event) => {
                const found = messageAt(event.target)
                setTarget(found)
                if (!found) event.preventDefault()
              }}
              onKeyDown={(event) => {
                if (event.target !== event.currentTarget) return
                if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
                  event.preventDefault()
                  move(event.key === 'ArrowUp' ? -1 : 1)
                } else if (event.key === 'Enter' && selected) {
                  event.currentTarget
                    .querySelector<HTMLElement>(`[data-message="${CSS.escape(selected)}"] .row-menu`)
                    ?.click()
                } else if (event.key === 'End') setAtEnd(true)
              }}
            >
              {isReadingOlder && <p className="messages-older hint">{words.older}</p>}
              {query.isSuccess && rows.length === 0 && <p className="blank">{words.empty}</p>}
              {query.isError && (
                <p className="problem" role="alert">
                  {query.error.message}
                </p>
              )}
              <div className="messages-all" style={{ height }}>
                {items.map((item) => {
                  const row = rows[item.index]!
                  return (
                    <div
                      key={item.key}
                      ref={list.measureElement}
                      data-index={item.index}
                      className="messages-row"
                      style={{ transform: `translateY(${item.start}px)` }}
                    >
                      {row.kind === 'message' ? (
                        <MessageRow
                          message={row.message}
                          continues={row.continues}
                          isOwn={row.message.user_id === persona}
                          isBot={row.message.user_id === world.bot}
                          isEssence={essence.has(Number(row.message.message_id))}
                          isLit={lit === String(row.message.message_id)}
                          isSelected={selected === String(row.message.message_id)}
                          locale={locale}
                        />
                      ) : row.kind === 'notice' ? (
                        <p className="happening">{sayNotice(row.event, world, words)}</p>
                      ) : (
                        <p className="happening day">{dayText(row.time, locale, words.today)}</p>
                      )}
                    </div>
                  )
                })}
              </div>
            </div>
          </ContextMenu.Trigger>
          <ContextMenu.Portal>
            <ContextMenu.Content className="menu" collisionPadding={8}>
              {target && (
                <MenuItems of={ContextMenu} items={menu.itemsOf(target, essence.has(Number(target.message_id)))} />
              )}
            </ContextMenu.Content>
          </ContextMenu.Portal>
        </ContextMenu.Root>
        {!isAtEnd && isLoaded && (
          <button type="button" className="button to-end" onClick={() => setAtEnd(true)}>
            ↓ {words.newest}
          </button>
        )}
      </div>
      {menu.dialog}
      {image && <Lightbox url={image} onClose={() => setImage(undefined)} />}
      {forward && <ForwardDialog id={forward} onClose={() => setForward(undefined)} />}
    </SurroundingsContext>
  )
}

/** How near the end is the end, in px. */
const nearPx = 60

/** Keeps a list at its end, however it grows, until someone scrolls up, and again once they are back. */
function useEnd(scroller: RefObject<HTMLElement | null>, height: number) {
  const [isAtEnd, setAtEnd] = useState(true)
  const last = useRef({ top: 0, height: 0 })
  useLayoutEffect(() => {
    const element = scroller.current
    if (isAtEnd && element) element.scrollTop = element.scrollHeight
  }, [scroller, isAtEnd, height])
  const onScroll = ({ currentTarget }: UIEvent<HTMLElement>): void => {
    const { scrollTop: top, scrollHeight, clientHeight } = currentTarget
    // A list that grows or shrinks moves by itself; one that stays as it is was moved.
    const isMoved = last.current.height === scrollHeight && top < last.current.top
    last.current = { top, height: scrollHeight }
    if (scrollHeight - top - clientHeight < nearPx) setAtEnd(true)
    else if (isMoved) setAtEnd(false)
  }
  return { isAtEnd, setAtEnd, onScroll }
}

function dayText(time: number, locale: string, today: string): string {
  const at = new Date(time * 1000)
  if (at.toDateString() === new Date().toDateString()) return today
  return at.toLocaleDateString(locale === 'zh' ? 'zh-CN' : 'en-GB', { year: 'numeric', month: 'long', day: 'numeric' })
}
