import { encodeCqCode, summarize } from '@seekyou/message'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { copyText } from '../kit/copy.ts'
import { attempt } from '../kit/toast.ts'
import type { Chat, ChatId } from './chat-id.ts'
import type { Deeds } from './deeds.ts'
import type { MenuItem } from './menu-items.tsx'
import { PromptDialog } from './prompt-dialog.tsx'
import { collected } from './state.ts'
import { useRoom } from './use-chat.ts'
import { durationIn, useChatWords } from './words.ts'
import type { ChatMessage, Person } from './world.ts'

interface MenuSetup {
  readonly chat: Chat
  readonly people: readonly Person[]
  readonly persona: number
  readonly deeds: Deeds
  readonly onMention: (user_id: number) => void
  readonly onPersona: (user_id: number) => void
  readonly onOpen: (id: ChatId, beside: boolean) => void
}

/** How long one is muted by the menu, in seconds. */
const mutes = [60, 600, 3600, 86_400]

/**
 * What can be done to someone in a chat. Everything is offered, also what the network will refuse: how it does that is
 * worth seeing. `dialog` asks for what a line needs to know.
 */
export function usePersonMenu({ chat, people, persona, deeds, onMention, onPersona, onOpen }: MenuSetup) {
  const words = useChatWords()
  const { source } = useRoom()
  const [asks, setAsks] = useState<'card' | 'title'>()
  const [about, setAbout] = useState<Person>()
  const itemsOf = (user_id: number): MenuItem[] => {
    const person = people.find((one) => one.user_id === user_id)
    if (!person) return []
    const ask = (what: 'card' | 'title') => () => {
      setAbout(person)
      setAsks(what)
    }
    const isSelf = user_id === persona
    const { menu } = words
    const items: MenuItem[] = [{ label: menu.mention, icon: 'people', run: () => onMention(user_id) }]
    if (!isSelf) items.push({ label: menu.poke, icon: 'poke', run: () => void attempt(() => deeds.poke(user_id)) })
    if (source.kind === 'sandbox' && !isSelf) {
      items.push({ label: menu.beThem, icon: 'smile', run: () => onPersona(user_id) })
    }
    if (chat.type !== 'private' && !person.isBot) {
      items.push({ label: menu.chatPrivately, icon: 'chat', run: () => onOpen(`private:${user_id}`, true) })
    }
    if (chat.type !== 'group') return items
    items.push('---')
    if (!isSelf) {
      for (const seconds of mutes) {
        const label = menu.mute(durationIn(words, seconds))
        items.push({ label, icon: 'mute', run: () => void attempt(() => deeds.ban(user_id, seconds)) })
      }
      items.push({ label: menu.unmute, icon: 'mute', run: () => void attempt(() => deeds.ban(user_id, 0)) })
    }
    items.push({ label: menu.card, icon: 'file', run: ask('card') })
    items.push({ label: menu.title, icon: 'star', run: ask('title') })
    if (!isSelf) {
      const isAdmin = person.role === 'admin'
      const label = isAdmin ? menu.noAdmin : menu.admin
      items.push({ label, icon: 'shield', run: () => void attempt(() => deeds.setAdmin(user_id, !isAdmin)) }, '---', {
        label: menu.kick,
        icon: 'logout',
        isDangerous: true,
        run: () => void attempt(() => deeds.kick(user_id, false)),
      })
      items.push({
        label: menu.kickForGood,
        icon: 'trash',
        isDangerous: true,
        run: () => void attempt(() => deeds.kick(user_id, true)),
      })
    }
    return items
  }
  const dialog: ReactNode = asks && about && (
    <PromptDialog
      title={asks === 'card' ? words.group.newCard(about.name) : words.group.newTitle(about.name)}
      hint={words.group.limits}
      value={asks === 'title' ? about.title : ''}
      onClose={() => setAsks(undefined)}
      onDone={(value) => (asks === 'card' ? deeds.setCard(about.user_id, value) : deeds.setTitle(about.user_id, value))}
    />
  )
  return { itemsOf, dialog }
}

/** What can be done to a message, and to who said it. */
export function useMessageMenu({
  onReply,
  ...setup
}: MenuSetup & { readonly onReply: (message: ChatMessage) => void }) {
  const words = useChatWords()
  const person = usePersonMenu(setup)
  const { chat, deeds } = setup
  const copy = (text: string) => () => void copyText(text)
  const itemsOf = (message: ChatMessage, isEssence: boolean): MenuItem[] => {
    const { message_id, user_id } = message
    const { menu } = words
    const items: MenuItem[] = [
      { label: menu.reply, icon: 'reply', run: () => onReply(message) },
      { label: menu.copyText, icon: 'copy', run: copy(summarize(message.message)) },
      { label: menu.copyCode, icon: 'code', run: copy(encodeCqCode(message.message)) },
      { label: menu.copyId(String(message_id)), icon: 'copy', run: copy(String(message_id)) },
      {
        label: menu.collect,
        icon: 'plus',
        run: () => collected.set((before) => [...before.filter((one) => one.message_id !== message_id), message]),
      },
      { label: menu.react, icon: 'smile', run: () => void attempt(() => deeds.react(message_id, '76')) },
    ]
    if (chat.type === 'group') {
      items.push({
        label: isEssence ? menu.noEssence : menu.essence,
        icon: 'star',
        run: () => void attempt(() => deeds.essence(Number(message_id), !isEssence)),
      })
    }
    items.push({
      label: menu.recall,
      icon: 'trash',
      isDangerous: true,
      run: () => void attempt(() => deeds.recall(message_id)),
    })
    const more = person.itemsOf(user_id)
    return more.length > 0 ? [...items, '---', ...more] : items
  }
  return { itemsOf, dialog: person.dialog }
}
