import { useQuery } from '@tanstack/react-query'
import { ContextMenu } from 'radix-ui'
import { useState } from 'react'
import { act, play } from '../kit/api.ts'
import { Icon } from '../kit/icon.tsx'
import { attempt } from '../kit/toast.ts'
import { Avatar } from './avatar.tsx'
import type { Chat, ChatId } from './chat-id.ts'
import type { Deeds } from './deeds.ts'
import { MenuItems } from './menu-items.tsx'
import { usePersonMenu } from './message-menu.tsx'
import { openMenu } from './message-row.tsx'
import { PersonOptions } from './person-options.tsx'
import { PersonTags } from './person-tags.tsx'
import { PromptDialog } from './prompt-dialog.tsx'
import { sizeText } from './segments.tsx'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'
import { groupOf, nameInChat } from './world.ts'
import type { Group, Person } from './world.ts'

/** Who takes part in a chat, and what a group has. */
export function Details({
  chat,
  people,
  persona,
  deeds,
  onMention,
  onPersona,
  onOpen,
}: {
  chat: Chat
  people: readonly Person[]
  persona: number
  deeds: Deeds
  onMention: (user_id: number) => void
  onPersona: (user_id: number) => void
  onOpen: (id: ChatId, beside: boolean) => void
}) {
  const words = useChatWords()
  const { world, source } = useRoom()
  const menu = usePersonMenu({ chat, people, persona, deeds, onMention, onPersona, onOpen })
  const [target, setTarget] = useState(0)
  const group = chat.type === 'group' ? groupOf(world, chat.group_id) : undefined
  return (
    <aside className="chat-details" aria-label={words.details}>
      <h3>
        {words.group.members} <span className="hint">{people.length}</span>
      </h3>
      <ContextMenu.Root modal={false}>
        <ContextMenu.Trigger asChild>
          <ul
            className="people"
            onContextMenu={(event) => {
              const id = (event.target as Element).closest<HTMLElement>('[data-person]')?.dataset['person']
              if (id) setTarget(Number(id))
              else event.preventDefault()
            }}
          >
            {people.map((person) => (
              <li key={person.user_id} data-person={person.user_id}>
                <button
                  type="button"
                  className="person"
                  aria-haspopup="menu"
                  title={words.menu.openMember}
                  onClick={openMenu}
                >
                  <Avatar id={person.user_id} name={person.name} size={26} isBot={person.isBot} />
                  <span className="grow person-name">
                    {person.name} <span className="hint mono">{person.user_id}</span>
                  </span>
                  <span className="person-tags">
                    <PersonTags person={person} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </ContextMenu.Trigger>
        <ContextMenu.Portal>
          <ContextMenu.Content className="menu" collisionPadding={8}>
            <MenuItems of={ContextMenu} items={menu.itemsOf(target)} />
          </ContextMenu.Content>
        </ContextMenu.Portal>
      </ContextMenu.Root>
      {menu.dialog}
      {group && <GroupSettings group={group} persona={persona} deeds={deeds} />}
      {group && source.kind === 'sandbox' && <GroupThings group={group} chat={chat} people={people} />}
    </aside>
  )
}

function GroupSettings({ group, persona, deeds }: { group: Group; persona: number; deeds: Deeds }) {
  const { group: words } = useChatWords()
  const { world, source } = useRoom()
  const [renames, setRenames] = useState(false)
  const isOwner = group.members.some(({ user_id, role }) => user_id === persona && role === 'owner')
  const outside = world.users.filter(({ user_id }) => !group.members.some((member) => member.user_id === user_id))
  return (
    <>
      <h3>{words.settings}</h3>
      <div className="stack">
        <div className="row">
          <button type="button" className="button" onClick={() => void attempt(() => deeds.banAll(!group.whole_ban))}>
            <Icon name="mute" size={16} />
            {group.whole_ban ? words.liftWholeBan : words.wholeBan}
          </button>
          <button type="button" className="button" onClick={() => setRenames(true)}>
            {words.rename}
          </button>
          <button type="button" className="button danger" onClick={() => void attempt(() => deeds.leave(isOwner))}>
            {isOwner ? words.dismiss : words.leave}
          </button>
        </div>
        <AtAllLeft group={group.group_id} />
        {source.kind === 'sandbox' && outside.some(({ user_id }) => user_id !== world.bot) && (
          <label className="field">
            <span>{words.join}</span>
            <select
              value=""
              onChange={(event) =>
                void attempt(() => play('join', { as: Number(event.target.value), group_id: group.group_id }))
              }
            >
              <option value="" />
              <PersonOptions people={outside.filter(({ user_id }) => user_id !== world.bot)} />
            </select>
          </label>
        )}
      </div>
      {renames && (
        <PromptDialog
          title={words.newName}
          value={group.group_name}
          onDone={(value) => deeds.rename(value)}
          onClose={() => setRenames(false)}
        />
      )}
    </>
  )
}

/** How often everyone may still be mentioned today. */
function AtAllLeft({ group }: { group: number }) {
  const { group: words } = useChatWords()
  const { data } = useQuery({
    queryKey: ['chat', 'at all', group],
    queryFn: () =>
      act<{ remain_at_all_count_for_uin: number; remain_at_all_count_for_group: number }>('get_group_at_all_remain', {
        group_id: group,
      }),
    staleTime: 0,
  })
  if (!data) return null
  return <p className="hint">{words.atAll(data.remain_at_all_count_for_uin, data.remain_at_all_count_for_group)}</p>
}

function GroupThings({ group, chat, people }: { group: Group; chat: Chat; people: readonly Person[] }) {
  const words = useChatWords()
  const { world } = useRoom()
  const [honor, setHonor] = useState('talkative')
  const [whom, setWhom] = useState('')
  const name = (id: number): string => nameInChat(world, chat, id)
  return (
    <>
      <h3>{words.group.honors}</h3>
      <div className="stack">
        {group.honors.map(({ honor_type, user_id }) => (
          <p key={`${honor_type} ${user_id}`}>
            <span className="tag warn">{words.honors[honor_type] ?? honor_type}</span> {name(user_id)}
          </p>
        ))}
        <div className="row">
          <select
            className="grow"
            aria-label={words.group.honors}
            value={honor}
            onChange={(event) => setHonor(event.target.value)}
          >
            {Object.entries(words.honors).map(([type, label]) => (
              <option key={type} value={type}>
                {label}
              </option>
            ))}
          </select>
          <select
            className="grow"
            aria-label={words.group.giveHonor}
            value={whom}
            onChange={(event) => setWhom(event.target.value)}
          >
            <option value="" />
            {people.map(({ user_id, name: their }) => (
              <option key={user_id} value={user_id}>
                {their}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="button"
            disabled={whom === ''}
            onClick={() =>
              void attempt(() => play('honor', { group_id: group.group_id, user_id: Number(whom), honor_type: honor }))
            }
          >
            {words.group.giveHonor}
          </button>
        </div>
      </div>
      <Listed title={words.group.essence}>
        {group.essence.map(({ message_id, sender_nick }) => `#${message_id} ${sender_nick}`)}
      </Listed>
      <Listed title={words.group.notices}>{group.notices.map(({ text }) => text)}</Listed>
      <Listed title={words.group.files}>{group.files.map((file) => `${file.name} · ${sizeText(file.size)}`)}</Listed>
    </>
  )
}

function Listed({ title, children }: { title: string; children: readonly string[] }) {
  if (children.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul className="listed">
        {children.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  )
}
