import { groupId, userId } from '@seekyou/protocol'
import type { GroupId, UserId } from '@seekyou/protocol'
import { fieldsOf } from './reading.ts'
import type { Fields } from './reading.ts'

/** So many strangers are remembered; who wrote longest ago is forgotten first. */
const MOST_STRANGERS = 10_000

/**
 * The groups through which people write to the account who are no friends of it. Bots answer them without naming a group,
 * since go-cqhttp remembers it for them; other implementations have to be told.
 */
export class TemporarySessions {
  readonly #groups = new Map<UserId, GroupId>()

  /** Takes an event as it came. */
  heard(event: Fields): void {
    const person = userId.safeParse(event['user_id'])
    if (!person.success) return
    const isPrivate = event['post_type'] === 'message' && event['message_type'] === 'private'
    if (isPrivate && event['sub_type'] === 'group') {
      const group = groupId.safeParse(fieldsOf(event['sender'])['group_id'] ?? event['group_id'])
      if (group.success) this.#remember(person.data, group.data)
    } else if (isPrivate || event['notice_type'] === 'friend_add') this.#groups.delete(person.data)
  }

  groupOf(person: UserId): GroupId | undefined {
    return this.#groups.get(person)
  }

  #remember(person: UserId, group: GroupId): void {
    this.#groups.delete(person)
    this.#groups.set(person, group)
    if (this.#groups.size <= MOST_STRANGERS) return
    const [oldest] = this.#groups.keys()
    this.#groups.delete(oldest!)
  }
}
