import { memo } from 'react'
import type { MouseEvent } from 'react'
import { Icon } from '../kit/icon.tsx'
import { Avatar } from './avatar.tsx'
import { faces } from './faces.ts'
import { MessageBody } from './segments.tsx'
import { useChatWords } from './words.ts'
import type { ChatMessage } from './world.ts'

/** Who wears a mask goes by this number. */
const maskId = 80_000_000

/** One message. */
export const MessageRow = memo(function MessageRow({
  message,
  continues,
  isOwn,
  isBot,
  isEssence,
  isLit,
  isSelected,
  locale,
}: {
  message: ChatMessage
  continues: boolean
  isOwn: boolean
  isBot: boolean
  isEssence: boolean
  isLit: boolean
  isSelected: boolean
  locale: string
}) {
  const words = useChatWords()
  const { message_id, user_id, sender, time, recalled, reactions = [] } = message
  const name = sender.card || sender.nickname
  const at = new Date(time * 1000)
  const flags = [
    continues && 'continues',
    isOwn && 'own',
    isLit && 'lit',
    isSelected && 'selected',
    recalled && 'recalled',
  ].filter(Boolean)
  return (
    <article className={['row-message', ...flags].join(' ')} data-message={message_id} aria-label={name}>
      <div className="row-side">{!continues && <Avatar id={user_id} name={name} size={32} isBot={isBot} />}</div>
      <div className="row-main">
        {!continues && (
          <div className="row-head">
            <strong className="row-name">{name}</strong>
            {isBot && <span className="tag">{words.bot}</span>}
            {user_id === maskId && <span className="tag warn">{words.mask}</span>}
            {sender.title && <span className="tag accent">{sender.title}</span>}
            {(sender.role === 'owner' || sender.role === 'admin') && (
              <span className="tag good">{words.roles[sender.role]}</span>
            )}
            <time className="hint" dateTime={at.toISOString()}>
              {at.toLocaleTimeString(locale === 'zh' ? 'zh-CN' : 'en-GB', { hour: '2-digit', minute: '2-digit' })}
            </time>
            <span className="hint mono row-id">#{message_id}</span>
          </div>
        )}
        <MessageBody message={message.message} />
        {(recalled || isEssence || reactions.length > 0) && (
          <div className="row-marks">
            {recalled && <span className="tag bad">{words.recalled}</span>}
            {isEssence && <span className="tag warn">★ {words.essence}</span>}
            {reactions.map(({ emoji_id, count }) => (
              <span key={emoji_id} className="tag">
                {reactionSign(emoji_id)} {count}
              </span>
            ))}
          </div>
        )}
      </div>
      <button
        type="button"
        className="icon-button row-menu"
        aria-label={`${words.menu.open}: ${name}`}
        aria-haspopup="menu"
        onClick={openMenu}
      >
        <Icon name="more" size={16} />
      </button>
    </article>
  )
})

/** The one menu of the list opens where the pointer asks for it; a button asks in its place. */
export function openMenu({ currentTarget }: MouseEvent<HTMLElement>): void {
  const { left, bottom } = currentTarget.getBoundingClientRect()
  currentTarget.dispatchEvent(
    new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom }),
  )
}

function reactionSign(id: string): string {
  const code = Number(id)
  return faces.get(id)?.emoji ?? (code > 1000 ? String.fromCodePoint(code) : `face ${id}`)
}
