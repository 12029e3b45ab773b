import type { Clock, Sender } from '@seekyou/protocol'
import { role, sex } from '@seekyou/protocol'
import { fieldsOf, listOf, numberOf, textOf } from './reading.ts'
import type { Fields } from './reading.ts'
import { memberOf } from './wire-actions.ts'

/** How long what is known of a group's members is taken for true, in ms; events keep it so meanwhile. */
const FRESH_MS = 600_000

/** Groups whose members are kept. */
const MAX_GROUPS = 500

interface Group {
  readonly members: Map<number, Fields>
  /** When the list was asked for last, in milliseconds since 1970. */
  loadedAt: number
  loading: Promise<void> | undefined
}

/** What is known of the members of groups: from their lists, kept true by what happens. */
export class Directory {
  readonly #groups = new Map<number, Group>()
  readonly #clock: Clock
  readonly #ask: (groupId: number) => Promise<unknown>

  /** `ask` gets the members of a group from the upstream. */
  constructor(clock: Clock, ask: (groupId: number) => Promise<unknown>) {
    this.#clock = clock
    this.#ask = ask
  }

  /** A speaker, completed with what is known and then with go-cqhttp's own defaults. */
  speaker(groupId: number, told: Fields): Omit<Sender, 'user_id'> {
    const known = this.#groups.get(groupId)?.members.get(numberOf(told['user_id']) ?? 0) ?? {}
    const pick = (name: string, absent: string) => filled(told[name]) ?? textOf(known[name]) ?? absent
    return {
      nickname: pick('nickname', ''),
      card: textOf(told['card']) ?? textOf(known['card']) ?? '',
      sex: sex().catch('unknown').parse(pick('sex', 'unknown')),
      age: numberOf(told['age']) ?? numberOf(known['age']) ?? 0,
      area: pick('area', ''),
      level: pick('level', ''),
      role: role().catch('member').parse(pick('role', 'member')),
      title: textOf(told['title']) ?? textOf(known['title']) ?? '',
    }
  }

  /** Resolves once a group's members are known, or cannot be: at once where they are. Asks again for what is old. */
  ready(groupId: number): Promise<void> | undefined {
    const group = this.#group(groupId)
    if (this.#clock.now() - group.loadedAt < FRESH_MS) return group.members.size > 0 ? undefined : group.loading
    group.loadedAt = this.#clock.now()
    const isFirst = group.members.size === 0
    group.loading = this.#load(groupId).finally(() => (group.loading = undefined))
    return isFirst ? group.loading : undefined
  }

  /** What a list of members says. */
  learnList(groupId: number, data: unknown): void {
    const group = this.#group(groupId)
    group.members.clear()
    for (const member of listOf(data)) this.learn(groupId, member)
    group.loadedAt = this.#clock.now()
  }

  learn(groupId: number, data: unknown): void {
    const member = memberOf(data, groupId)
    if (member.user_id > 0) this.#group(groupId).members.set(member.user_id, member)
  }

  /** Follows what happened in a group. */
  follow(event: Fields): void {
    const group = this.#groups.get(numberOf(event['group_id']) ?? 0)
    const user = numberOf(event['user_id']) ?? 0
    if (!group) return
    const change = (fields: Fields) => {
      const known = group.members.get(user)
      if (known) group.members.set(user, { ...known, ...fields })
    }
    switch (event['notice_type']) {
      case 'group_admin':
        change({ role: event['sub_type'] === 'set' ? 'admin' : 'member' })
        break
      case 'group_card':
        change({ card: textOf(event['card_new']) ?? '' })
        break
      case 'group_decrease':
        group.members.delete(user)
        break
      case 'group_increase':
        // The new member's own card and level are not told; the list is asked again when one is needed.
        group.loadedAt = 0
        break
      case 'notify':
        if (event['sub_type'] === 'title') change({ title: textOf(event['title']) ?? '' })
        break
      default:
    }
    const told = fieldsOf(event['sender'])
    if (event['message_type'] === 'group' && 'card' in told) change({ card: textOf(told['card']) ?? '' })
  }

  /** Whether everything may have changed: after a time without events. */
  doubt(): void {
    for (const group of this.#groups.values()) group.loadedAt = 0
  }

  #group(groupId: number): Group {
    let group = this.#groups.get(groupId)
    if (group) return group
    group = { members: new Map(), loadedAt: 0, loading: undefined }
    this.#groups.set(groupId, group)
    const [oldest] = this.#groups.keys()
    if (this.#groups.size > MAX_GROUPS && oldest !== undefined) this.#groups.delete(oldest)
    return group
  }

  async #load(groupId: number): Promise<void> {
    try {
      this.learnList(groupId, await this.#ask(groupId))
    } catch {
      // What is not told stays unknown; the next message after a while asks again.
    }
  }
}

function filled(value: unknown): string | undefined {
  const text = textOf(value)
  return text === '' ? undefined : text
}
