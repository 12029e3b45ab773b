import { useNow } from './state.ts'
import { useRoom } from './use-chat.ts'
import { durationIn, useChatWords } from './words.ts'
import type { Person } from './world.ts'

/** What someone is in a chat: their role, that they are the bot, how long they stay muted. */
export function PersonTags({ person }: { person: Person }) {
  const words = useChatWords()
  const now = useNow(useRoom().world.clock, person.mute_until > 0)
  return (
    <>
      {person.title && <span className="tag accent">{person.title}</span>}
      {person.isBot && <span className="tag">{words.bot}</span>}
      {person.role !== 'member' && <span className="tag good">{words.roles[person.role]}</span>}
      {person.mute_until > now && (
        <span className="tag bad">{words.mutedFor(durationIn(words, person.mute_until - now))}</span>
      )}
    </>
  )
}
