import { guildMessageEvent, noticeEvent, requestEvent } from '@seekyou/protocol'
import type { BackendHost, EventDraft, MessageId } from '@seekyou/protocol'
import type { NativeMessage } from './ids.ts'
import { readContent } from './incoming.ts'
import type { Profile, UpstreamCall } from './profile.ts'
import { fieldsOf, numberOf, textOf } from './reading.ts'
import type { Fields } from './reading.ts'

/** An event's name, such as `notice.notify.poke`. */
export function kindOf(raw: Fields): string {
  const { post_type, sub_type } = raw
  // What is no text is not made one: of an object that says how, that would be whatever it says, or a fault.
  if (typeof post_type !== 'string') return ''
  const detail = raw[post_type === 'message_sent' ? 'message_type' : `${post_type}_type`]
  return [post_type, detail, sub_type].filter((word) => typeof word === 'string').join('.')
}

/** The chat that something other than a message happened in; what is about no chat shares one lane. */
export function laneOf(raw: Fields): string {
  const group = numberOf(raw['group_id'])
  if (group) return `group:${group}`
  const user = numberOf(raw['user_id'])
  return user ? `private:${user}` : ''
}

/** What the profile of an upstream repairs in an event of this kind. */
export function repairOf({ events }: Profile, raw: Fields) {
  const kind = kindOf(raw)
  const general = kind.split('.').slice(0, 2).join('.')
  return Object.hasOwn(events, kind) ? events[kind] : Object.hasOwn(events, general) ? events[general] : undefined
}

/** What an event is completed with. */
interface Completion {
  /** Our id of a message that the event names. */
  readonly idOf: (native: NativeMessage) => Promise<MessageId>
  readonly call: UpstreamCall
}

/** What go-cqhttp tells of an event and others leave out; ids made ours. */
export async function completeEvent(event: Fields, { idOf, call }: Completion): Promise<Fields> {
  const chat = laneOf(event)
  const id = textOf(event['message_id'])
  // A message that cannot be read (one of the account's own that does not say to whom) gets no id of ours either.
  const isOther = 'guild_id' in event || (textOf(event['post_type']) ?? '').startsWith('message')
  const own = id === undefined || isOther ? event : { ...event, message_id: await idOf({ chat, id }) }
  const user = own['user_id']
  switch (own['notice_type']) {
    case 'group_increase':
      return {
        ...own,
        operator_id: own['operator_id'] ?? 0,
        sub_type: own['sub_type'] === 'invite' ? 'invite' : 'approve',
      }
    case 'group_decrease':
      return { ...own, operator_id: own['operator_id'] ?? user }
    case 'group_ban':
      return { ...own, user_id: user ?? 0, duration: own['duration'] ?? 0 }
    case 'group_recall':
      return { ...own, operator_id: own['operator_id'] ?? user }
    case 'group_card':
      return { ...own, card_new: own['card_new'] ?? '', card_old: own['card_old'] ?? '' }
    case 'group_upload':
      return withFileUrl(own, call)
    case 'notify': {
      if (own['sub_type'] !== 'poke') return own
      const poker = own['sender_id'] ?? user
      return { ...own, user_id: user ?? poker, sender_id: poker }
    }
    default:
      return own['post_type'] === 'request' ? completeRequest(own) : own
  }
}

async function withFileUrl(event: Fields, call: UpstreamCall): Promise<Fields> {
  const file = fieldsOf(event['file'])
  if (textOf(file['url']) || textOf(file['id']) === undefined) return event
  const where = { group_id: event['group_id'], file_id: file['id'], busid: file['busid'], bus_id: file['busid'] }
  const url = await call('get_group_file_url', where).then(
    (data) => textOf(fieldsOf(data)['url']),
    () => undefined,
  )
  return { ...event, file: { ...file, ...(url !== undefined && { url }) } }
}

function completeRequest(event: Fields): Fields {
  const request = { ...event, comment: textOf(event['comment']) ?? '', flag: textOf(event['flag']) }
  if (event['request_type'] !== 'group') return request
  return { ...request, invitor_id: numberOf(event['invitor_id']) ?? 0 }
}

/** An event of a kind that is described here; `undefined` for any other. */
export function readEvent(event: Fields, { self, clock }: BackendHost, profile: Profile): EventDraft | undefined {
  const time = numberOf(event['time']) ?? Math.floor(clock.now() / 1000)
  const stamped = { ...event, time, self_id: self.user_id }
  switch (event['post_type']) {
    case 'notice':
      return noticeEvent.safeParse(stamped).data
    case 'request':
      return requestEvent.safeParse(stamped).data
    case 'message':
      return guildMessageEvent.safeParse({ ...stamped, message: readContent(event['message'], profile) }).data
    default:
      return undefined
  }
}
