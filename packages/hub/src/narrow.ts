import type { Chat } from '@seekyou/protocol'
import { actionNamed } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'
import { permissions } from './permissions.ts'
import type { Narrowing } from './permissions.ts'
import type { Scope } from './scope.ts'

type Fields = Readonly<Record<string, unknown>>

/** What of an action's data a client may see that is limited; of what cannot be understood, nothing. */
export function narrow(kind: Narrowing, data: unknown, scope: Scope): unknown {
  if (kind === 'actions') return list(data).filter((name) => isPermitted(String(name), scope))
  if (!scope.limitsChats) return data
  switch (kind) {
    case 'groups':
      return list(data).filter((item) => isOfGroup(item, scope))
    case 'friends':
      return list(data).filter((item) => isOfFriend(item, scope))
    case 'friend-groups': {
      const within = (group: unknown): Fields => {
        const fields = fieldsOf(group)
        return { ...fields, friends: list(fields['friends']).filter((item) => isOfFriend(item, scope)) }
      }
      if (Array.isArray(data)) return data.map(within)
      const flat = within(data)
      return { ...flat, friend_groups: list(flat['friend_groups']) }
    }
    case 'friend-categories':
      return list(data).map((category) => {
        const fields = fieldsOf(category)
        const buddyList = list(fields['buddyList']).filter((item) => isOfFriend(item, scope))
        return { ...fields, categoryMbCount: buddyList.length, buddyList }
      })
    case 'group-requests':
      return Object.fromEntries(
        ['invited_requests', 'join_requests'].map((key) => {
          const requests = list(fieldsOf(data)[key]).filter((item) => isOfGroup(item, scope))
          return [key, requests.length > 0 ? requests : null]
        }),
      )
  }
}

function isPermitted(called: string, scope: Scope): boolean {
  const name = actionNamed(called) as ActionName | undefined
  if (name === undefined || scope.denies(name)) return false
  return (
    scope.refusesAction(name) === undefined && !(scope.limitsChats && permissions[name].reaches.includes('everything'))
  )
}

function isOfGroup(item: unknown, scope: Scope): boolean {
  return scope.permitsChat({ type: 'group', group_id: fieldsOf(item)['group_id'] } as Chat)
}

function isOfFriend(item: unknown, scope: Scope): boolean {
  return scope.permitsChat({ type: 'private', user_id: fieldsOf(item)['user_id'] } as Chat)
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
