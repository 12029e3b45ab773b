import { useRef, useState } from 'react'
import { Icon } from '../kit/icon.tsx'
import { useShortcut } from '../kit/shortcut.ts'
import { useStore } from '../kit/store.ts'
import { Avatar } from './avatar.tsx'
import type { ChatId } from './chat-id.ts'
import { unread } from './state.ts'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'
import { chatsOf } from './world.ts'
import type { ChatEntry } from './world.ts'

/** Every chat there is. */
export function Sidebar({
  open,
  current,
  onOpen,
  onWorld,
}: {
  open: readonly ChatId[]
  current: ChatId | undefined
  onOpen: (id: ChatId, beside: boolean) => void
  onWorld: () => void
}) {
  const words = useChatWords()
  const { world, source } = useRoom()
  const [search, setSearch] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useShortcut({ keys: '/', does: words.keys.search }, () => field.current?.focus())
  const sections = chatsOf(world, search)
  const waiting = world.requests.filter(({ answer }) => answer === null).length
  return (
    <nav className="sidebar" aria-label={words.chats}>
      <div className="sidebar-head">
        <input
          ref={field}
          type="search"
          placeholder={words.search}
          aria-label={words.search}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            const first = sections[0]?.chats[0]
            if (event.key === 'Enter' && first) onOpen(first.id, event.ctrlKey || event.metaKey)
          }}
        />
        {source.kind === 'sandbox' && (
          <button type="button" className="button" onClick={onWorld}>
            <Icon name="globe" size={16} />
            {words.world.open}
            {waiting > 0 && <span className="tag accent">{waiting}</span>}
          </button>
        )}
      </div>
      <div className="sidebar-list">
        {sections.map(({ section, chats }) => (
          <section key={section}>
            <h2>{words.sections[section]}</h2>
            <ul>
              {chats.map((entry) => (
                <ChatLink
                  key={entry.id}
                  entry={entry}
                  isOpen={open.includes(entry.id)}
                  isCurrent={entry.id === current}
                  onOpen={onOpen}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {source.kind === 'bridge' && <p className="sidebar-note hint">{words.readOnly}</p>}
    </nav>
  )
}

function ChatLink({
  entry: { id, chat, title, number, hasBot },
  isOpen,
  isCurrent,
  onOpen,
}: {
  entry: ChatEntry
  isOpen: boolean
  isCurrent: boolean
  onOpen: (id: ChatId, beside: boolean) => void
}) {
  const words = useChatWords()
  const isNew = useStore(unread).has(id)
  return (
    <li className={isOpen ? 'chat-link open' : 'chat-link'}>
      <button
        type="button"
        className="chat-link-main"
        aria-current={isCurrent ? 'true' : undefined}
        onClick={(event) => onOpen(id, event.ctrlKey || event.metaKey)}
      >
        <Avatar id={id} name={title} size={30} isSquare={chat.type !== 'private'} />
        <span className="chat-link-text">
          <span className="chat-link-title">{title}</span>
          <span className="chat-link-number mono">
            {number}
            {chat.type !== 'private' && !hasBot && ` · ${words.noBot}`}
          </span>
        </span>
        {isNew && <span className="tag accent">{words.unread}</span>}
      </button>
      {!isOpen && (
        <button
          type="button"
          className="icon-button chat-link-beside"
          aria-label={`${words.openBeside}: ${title}`}
          title={words.openBeside}
          onClick={() => onOpen(id, true)}
        >
          <Icon name="plus" size={16} />
        </button>
      )}
    </li>
  )
}
