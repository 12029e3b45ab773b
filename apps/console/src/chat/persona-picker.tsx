import { DropdownMenu } from 'radix-ui'
import { Avatar } from './avatar.tsx'
import { PersonTags } from './person-tags.tsx'
import { useChatWords } from './words.ts'
import type { Person } from './world.ts'

/** Chooses who speaks in a chat. */
export function PersonaPicker({
  people,
  persona,
  name,
  onPick,
}: {
  people: readonly Person[]
  persona: number
  name: string
  onPick: (id: number) => void
}) {
  const words = useChatWords()
  const isBot = people.find(({ user_id }) => user_id === persona)?.isBot ?? false
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="button persona" title={words.actAs}>
        <span className="visually-hidden">{words.actAs}: </span>
        <Avatar id={persona} name={name} size={20} isBot={isBot} />
        <span className="persona-name">{name}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4}>
          <DropdownMenu.Label className="menu-label">{words.actAs}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={String(persona)} onValueChange={(value) => onPick(Number(value))}>
            {people.map((person) => (
              <DropdownMenu.RadioItem key={person.user_id} value={String(person.user_id)}>
                <Avatar id={person.user_id} name={person.name} size={22} isBot={person.isBot} />
                <span className="grow">{person.name}</span>
                <PersonTags person={person} />
                <DropdownMenu.ItemIndicator>✓</DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
