import { useMemo, useRef, useState } from 'react'
import { Icon } from '../kit/icon.tsx'
import { useShortcut } from '../kit/shortcut.ts'
import { useStore } from '../kit/store.ts'
import type { Chat, ChatId } from './chat-id.ts'
import { chatIdOf } from './chat-id.ts'
import { Composer } from './composer.tsx'
import type { ComposerHandle } from './composer.tsx'
import { deedsOf } from './deeds.ts'
import { Details } from './details.tsx'
import { MessageList } from './message-list.tsx'
import { PersonaPicker } from './persona-picker.tsx'
import { personas } from './state.ts'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'
import { groupOf, nameInChat, peopleOf, titleOfChat, usualPersona } from './world.ts'
import type { ChatMessage } from './world.ts'

/** One chat: what was said, and a place to speak as someone. */
export function ChatColumn({
  chat,
  isActive,
  wanted,
  onActivate,
  onClose,
  onOpen,
}: {
  chat: Chat
  isActive: boolean
  /** A message to go to. */
  wanted: string | undefined
  onActivate: () => void
  onClose: () => void
  onOpen: (id: ChatId, beside: boolean) => void
}) {
  const words = useChatWords()
  const { world, source } = useRoom()
  const id = chatIdOf(chat)
  const title = titleOfChat(world, chat)
  const people = useMemo(() => peopleOf(world, chat), [world, id])
  const playable = source.kind === 'sandbox' ? people : people.filter(({ isBot }) => isBot)
  const chosen = useStore(personas)[id]
  const persona =
    source.kind === 'bridge'
      ? world.bot
      : playable.some(({ user_id }) => user_id === chosen)
        ? chosen!
        : usualPersona(world, chat)
  const deeds = useMemo(() => deedsOf(persona, world.bot, chat), [persona, world.bot, id])
  const be = (user_id: number): void => personas.set((before) => ({ ...before, [id]: user_id }))
  const [replyTo, setReplyTo] = useState<ChatMessage>()
  const [showsDetails, setShowsDetails] = useState(false)
  const composer = useRef<ComposerHandle>(null)
  const group = chat.type === 'group' ? groupOf(world, chat.group_id) : undefined

  return (
    <section
      className={isActive ? 'column active' : 'column'}
      aria-label={title}
      onFocusCapture={onActivate}
      onPointerDownCapture={onActivate}
    >
      {isActive && (
        <ColumnKeys
          onComposer={() => composer.current?.focus()}
          onDetails={() => setShowsDetails((before) => !before)}
          onPersona={() => {
            const at = playable.findIndex(({ user_id }) => user_id === persona)
            const next = playable[(at + 1) % playable.length]
            if (next) be(next.user_id)
          }}
        />
      )}
      <header className="column-head">
        <button type="button" className="icon-button column-back" aria-label={words.back} onClick={onClose}>
          <Icon name="back" />
        </button>
        <div className="grow column-title">
          <h2>{title}</h2>
          <span className="hint">
            {chat.type === 'private' ? chat.user_id : words.members(people.length)}
            {group?.whole_ban && <span className="tag warn">{words.wholeBan}</span>}
          </span>
        </div>
        {source.kind === 'sandbox' && (
          <PersonaPicker people={playable} persona={persona} name={nameInChat(world, chat, persona)} onPick={be} />
        )}
        <button
          type="button"
          className="icon-button"
          aria-label={words.details}
          title={`${words.details} (i)`}
          aria-pressed={showsDetails}
          onClick={() => setShowsDetails((before) => !before)}
        >
          <Icon name="people" />
        </button>
        <button
          type="button"
          className="icon-button column-close"
          aria-label={words.closeChat}
          title={`${words.closeChat} (x)`}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="column-body">
        <div className="column-chat">
          <MessageList
            chat={chat}
            people={people}
            persona={persona}
            deeds={deeds}
            wanted={wanted}
            onReply={(message) => {
              setReplyTo(message)
              composer.current?.focus()
            }}
            onMention={(user_id) => composer.current?.mention(user_id)}
            onPersona={be}
            onOpen={onOpen}
          />
          <Composer
            ref={composer}
            key={id}
            chat={chat}
            people={people}
            persona={persona}
            deeds={deeds}
            replyTo={replyTo}
            onReplied={() => setReplyTo(undefined)}
          />
        </div>
        {showsDetails && (
          <Details
            chat={chat}
            people={people}
            persona={persona}
            deeds={deeds}
            onMention={(user_id) => composer.current?.mention(user_id)}
            onPersona={be}
            onOpen={onOpen}
          />
        )}
      </div>
    </section>
  )
}

/** The keys of the column that one is in. */
function ColumnKeys({
  onComposer,
  onDetails,
  onPersona,
}: {
  onComposer: () => void
  onDetails: () => void
  onPersona: () => void
}) {
  const { keys } = useChatWords()
  useShortcut({ keys: 'c', does: keys.composer }, onComposer)
  useShortcut({ keys: 'i', does: keys.details }, onDetails)
  useShortcut({ keys: 'Alt+p', does: keys.persona, whileTyping: true }, onPersona)
  return null
}
