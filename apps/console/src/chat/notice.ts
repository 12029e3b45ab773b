import { readChat } from './chat-id.ts'
import { chatOfNotice } from './timeline.ts'
import type { NoticeEvent } from './timeline.ts'
import { durationIn } from './words.ts'
import type { ChatWords } from './words.ts'
import { nameInChat } from './world.ts'
import type { World } from './world.ts'

/** Says in words what happened. */
export function sayNotice(event: NoticeEvent, world: World, words: ChatWords): string {
  const chat = readChat(chatOfNotice(event) ?? '')
  const name = (field: string): string => {
    const id = event[field]
    return typeof id === 'number' && id !== 0 ? nameInChat(world, chat, id) : ''
  }
  const text = (field: string): string => (typeof event[field] === 'string' ? event[field] : '')
  const { notice } = words
  const who = name('user_id')
  const by = name('operator_id')
  const kind = text('sub_type')
  switch (event['notice_type']) {
    case 'group_increase':
      return notice.joined(who, by === who ? '' : by)
    case 'group_decrease':
      return kind.startsWith('kick') ? notice.kicked(who, by) : notice.left(who)
    case 'group_ban': {
      const isAll = event['user_id'] === 0
      if (kind === 'lift_ban') return isAll ? notice.allUnmuted(by) : notice.unmuted(who, by)
      return isAll ? notice.allMuted(by) : notice.muted(who, by, durationIn(words, Number(event['duration'])))
    }
    case 'group_admin':
      return kind === 'set' ? notice.admin(who) : notice.noAdmin(who)
    case 'group_card':
      return notice.card(who, text('card_new'))
    case 'essence':
      return kind === 'add' ? notice.essenceAdded(by) : notice.essenceRemoved(by)
    case 'friend_add':
      return notice.befriended(who)
    case 'notify':
      switch (kind) {
        case 'poke':
          return notice.poked(name('sender_id') || who, name('target_id'))
        case 'lucky_king':
          return notice.lucky(name('target_id'))
        case 'honor':
          return notice.honored(who, words.honors[text('honor_type')] ?? text('honor_type'))
        case 'title':
          return notice.titled(who, text('title'))
      }
  }
  return notice.other([event['notice_type'], kind].filter(Boolean).join(' / '))
}
