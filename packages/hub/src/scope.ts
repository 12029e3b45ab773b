import type { ActionName } from '@seekyou/actions'
import type { Chat, Event } from '@seekyou/protocol'
import { chatOf, isMessage } from '@seekyou/protocol'
import { permissions } from './permissions.ts'
import { actionsOf } from './rule.ts'
import type { ScopeOptions } from './token-options.ts'

/** What a client may do and is told, compiled. */
export interface Scope {
  /** Who it is about, for sentences: `the token "shop"`. */
  readonly subject: string
  /** Neither does anything nor is told anything. */
  readonly isPowerless: boolean
  /** Whether it is limited to some chats. */
  readonly limitsChats: boolean
  /** Why it may not do an action; `undefined` if it may. `lent` was allowed, and comes down to this one. */
  refusesAction(name: ActionName, lent?: boolean): string | undefined
  /** Why it may not do an action that only the network may know. */
  refusesPassthrough(asked: string): string | undefined
  /** Whether an action is denied by name, whatever else allows it. */
  denies(name: ActionName): boolean
  permitsChat(chat: Chat): boolean
  permitsEvent(event: Event): boolean
  /** The chats it may touch, for sentences. */
  readonly chats: string
}

type Ids = ScopeOptions['groups']

/** Compiles what a token, or a connection, may do and is told. */
export function compileScope(options: Omit<ScopeOptions, 'rate_limit'>, subject: string): Scope {
  const { preset, groups, users, events } = options
  const rules = options.allow.map((text) => actionsOf(text)!)
  if (preset !== undefined) rules.push(actionsOf(preset)!)
  const exact = new Set(rules.filter(({ isExact }) => isExact).flatMap(({ names }) => [...names]))
  const broad = new Set(rules.filter(({ isExact }) => !isExact).flatMap(({ names }) => [...names]))
  const allowed = new Set([...exact, ...[...broad].filter((name) => permissions[name].class !== 'unsafe')])
  const denied = new Map(options.deny.flatMap((text) => [...actionsOf(text)!.names].map((name) => [name, text])))
  const limitsChats = groups !== undefined || users !== undefined
  const permitsGroup = permitted(groups, limitsChats)
  const permitsUser = permitted(users, limitsChats)
  const kinds = events && new Set(events)

  const permitsChat = (chat: Chat): boolean => {
    switch (chat.type) {
      case 'group':
        return permitsGroup(chat.group_id)
      case 'private':
        return permitsUser(chat.user_id)
      case 'discuss':
        // There is no word for them: they are for who is not limited.
        return !limitsChats
    }
  }
  const notListed =
    preset === undefined ? 'its allow does not name it' : `neither its preset ${preset} nor its allow names it`

  return {
    subject,
    isPowerless: allowed.size === 0 && options.passthrough.length === 0 && events?.length === 0,
    limitsChats,
    denies: (name) => denied.has(name),
    refusesAction(name, lent = false) {
      const rule = denied.get(name)
      if (rule !== undefined) return `its deny names ${rule}`
      return lent || allowed.has(name) ? undefined : notListed
    },
    refusesPassthrough: (asked) =>
      options.passthrough.includes(asked)
        ? undefined
        : 'this server does not know that action, and its passthrough does not name it',
    permitsChat,
    permitsEvent(event) {
      if (kinds && !kindsOf(event).some((kind) => kinds.has(kind))) return false
      if (!limitsChats || event.post_type === 'meta_event') return true
      const chat = placeOf(event)
      return chat !== undefined && permitsChat(chat)
    },
    chats: `its chats are ${describe('groups', groups)} and ${describe('users', users)}`,
  }
}

function permitted(ids: Ids, limitsChats: boolean): (id: number) => boolean {
  if (ids === 'all') return () => true
  if (ids === undefined) return () => !limitsChats
  const set = new Set<number>(ids)
  return (id) => set.has(id)
}

function describe(what: string, ids: Ids): string {
  if (ids === 'all') return `all ${what}`
  if (ids === undefined || ids.length === 0) return `no ${what}`
  const few = ids.slice(0, 5).join(', ')
  return `${what} ${few}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`
}

/** What `events` may call an event: `notice`, `notice.notify`, `notice.notify.poke`. */
function kindsOf(event: Event): readonly string[] {
  const told: object = event.post_type === 'foreign' ? event.told : event
  const { post_type, sub_type, ...rest } = told as Readonly<Record<string, unknown>>
  const post = String(post_type)
  const detail = rest[`${post === 'message_sent' ? 'message' : post}_type`]
  const type = `${post}.${String(detail)}`
  return [post, type, `${type}.${String(sub_type)}`]
}

/** The chat that something happened in; `undefined` for what is about none, or about one that has no word here. */
export function placeOf(event: Event): Chat | undefined {
  if (isMessage(event)) return chatOf(event)
  const told: object = event.post_type === 'foreign' ? event.told : event
  if ('guild_id' in told || 'discuss_id' in told) return undefined
  const { group_id, user_id } = told as { readonly group_id?: unknown; readonly user_id?: unknown }
  const [group, user] = [Number(group_id), Number(user_id)]
  if (group_id !== undefined && group_id !== null && group !== 0) {
    return Number.isSafeInteger(group) ? ({ type: 'group', group_id: group } as Chat) : undefined
  }
  return Number.isSafeInteger(user) && user > 0 ? ({ type: 'private', user_id: user } as Chat) : undefined
}
