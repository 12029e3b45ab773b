import type { ParamsOf } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import { chatKey } from '@seekyou/protocol'
import type { ActionHandler, BackendHost, Chat, Identity } from '@seekyou/protocol'
import type { Directory } from './directory.ts'
import { answered, doAction, idOnWire } from './doings.ts'
import type { Doing, OwnActionName } from './doings.ts'
import type { Hearing } from './hearing.ts'
import { readNodes } from './incoming.ts'
import type { HistoryPage, NativeMessages } from './native-messages.ts'
import type { Profile, UpstreamCall } from './profile.ts'
import { fieldsOf, listOf, numberOf, textOf } from './reading.ts'
import type { Speaking } from './speaking.ts'
import type { TemporarySessions } from './temporary-sessions.ts'
import { memberOf } from './wire-actions.ts'

/** What actions reach for while the account is in motion. */
export interface Motion {
  readonly host: BackendHost
  readonly messages: NativeMessages
  readonly directory: Directory
  readonly hearing: Hearing
  readonly speaking: Speaking
  readonly sessions: TemporarySessions
}

interface OwnActionsSetup {
  /** @throws BackendUnreachable while the account is not in motion. */
  readonly current: () => Motion
  readonly call: UpstreamCall
  readonly profile: () => Profile
  readonly doing: () => Doing
  /** Who the upstream says that the account is, once it was met. */
  readonly identity: () => Identity | undefined
}

/** The actions that are more than a row of the tables. */
export function createOwnActions({
  current,
  call,
  profile,
  doing,
  identity,
}: OwnActionsSetup): Readonly<Record<OwnActionName, ActionHandler>> {
  const fetchHistory = async (chat: Chat, page: HistoryPage): Promise<null> => {
    const { hearing, messages } = current()
    await hearing.remember(await messages.history(chat, page))
    return null
  }

  return {
    get_login_info: async () => {
      const { user_id, nickname } = identity() ?? current().host.self
      return { user_id, nickname }
    },

    send_private_msg: ({ user_id, group_id, message }: ParamsOf<'send_private_msg'>) => {
      const { speaking, sessions } = current()
      return speaking.say({ type: 'private', user_id }, message, group_id ?? sessions.groupOf(user_id))
    },
    send_group_msg: ({ group_id, message }: ParamsOf<'send_group_msg'>) =>
      current().speaking.say({ type: 'group', group_id }, message),
    send_discuss_msg: ({ discuss_id, message }: ParamsOf<'send_discuss_msg'>) =>
      current().speaking.say({ type: 'discuss', discuss_id }, message),
    send_private_forward_msg: ({ user_id, messages }: ParamsOf<'send_private_forward_msg'>) =>
      current().speaking.sayBundle({ type: 'private', user_id }, messages),
    send_group_forward_msg: ({ group_id, messages }: ParamsOf<'send_group_forward_msg'>) =>
      current().speaking.sayBundle({ type: 'group', group_id }, messages),

    delete_msg: async ({ message_id }: ParamsOf<'delete_msg'>) => {
      const { host, messages } = current()
      await messages.withId(message_id, (id) =>
        answered('delete_msg', () => call('delete_msg', { message_id: idOnWire(id) })),
      )
      // Not every upstream tells of what the account itself took back.
      await host.messages.markRecalled(message_id)
      return null
    },

    get_msg: async ({ message_id }: ParamsOf<'get_msg'>) => {
      const { hearing, messages } = current()
      const data = await messages.withId(message_id, (id) =>
        answered('get_msg', () => call('get_msg', { message_id: idOnWire(id) })),
      )
      await hearing.remember([fieldsOf(data)])
      return null
    },

    get_group_msg_history: ({ group_id, message_seq, count }: ParamsOf<'get_group_msg_history'>) =>
      fetchHistory({ type: 'group', group_id }, { count, ...(message_seq !== undefined && { upTo: message_seq }) }),
    get_friend_msg_history: ({ user_id, message_seq, count }: ParamsOf<'get_friend_msg_history'>) =>
      fetchHistory({ type: 'private', user_id }, { count, ...(message_seq !== undefined && { upTo: message_seq }) }),

    get_forward_msg: async ({ id }: ParamsOf<'get_forward_msg'>): Promise<readonly Segment[]> => {
      const native = await current().messages.bundle(id)
      const data = fieldsOf(
        await answered('get_forward_msg', () => call('get_forward_msg', { id: native, message_id: native })),
      )
      return readNodes(data['messages'] ?? data['message'], profile())
    },

    get_essence_msg_list: async ({ group_id }: ParamsOf<'get_essence_msg_list'>) => {
      const { hearing, host } = current()
      const chat = chatKey({ type: 'group', group_id })
      const list = listOf(await answered('get_essence_msg_list', () => call('get_essence_msg_list', { group_id })))
      return Promise.all(
        list.map(async (essence) => {
          const message_id = await hearing.idOf({ chat, id: textOf(essence['message_id']) ?? '' })
          const stored = await host.messages.get(message_id)
          return {
            sender_id: numberOf(essence['sender_id']) ?? 0,
            sender_nick: textOf(essence['sender_nick']) ?? '',
            sender_time: numberOf(essence['sender_time']) || (stored?.event.time ?? 0),
            operator_id: numberOf(essence['operator_id']) ?? 0,
            operator_nick: textOf(essence['operator_nick']) ?? '',
            operator_time: numberOf(essence['operator_time']) ?? 0,
            message_id,
          }
        }),
      )
    },

    get_group_member_list: async (params: ParamsOf<'get_group_member_list'>) => {
      const members = listOf(await doAction('get_group_member_list', params, doing()))
      current().directory.learnList(params.group_id, members)
      return members
    },

    get_group_member_info: async (params: ParamsOf<'get_group_member_info'>) => {
      const member = memberOf(await doAction('get_group_member_info', params, doing()), params.group_id)
      current().directory.learn(params.group_id, member)
      return member
    },
  }
}
