import type { Segment } from '@seekyou/message'
import type { Event, ForeignEvent } from '@seekyou/protocol'
import type { Plain } from './plain.ts'

/** Content of a message as a server tells it: text with CQ codes or segments, as its link is configured. */
export type MessageContent = string | readonly Segment[]

type Wire<E> = E extends { readonly message: readonly Segment[] }
  ? { [Key in keyof E]: Key extends 'message' ? MessageContent : E[Key] } & { raw_message: string }
  : E

/** An event for each value that `Key` can have. */
type Split<E, Key extends string> = E extends { readonly [K in Key]: infer Value }
  ? Value extends unknown
    ? { [K in keyof E]: K extends Key ? Value : E[K] }
    : never
  : E

/** Every event of CQHTTP, OneBot 11 and go-cqhttp, one type for each name it can go by. */
export type BotEvent = Split<Split<Wire<Plain<Exclude<Event, ForeignEvent>>>, 'post_type'>, 'sub_type'>

type Detail<E> = E extends
  | { readonly message_type: infer Name extends string }
  | { readonly notice_type: infer Name extends string }
  | { readonly request_type: infer Name extends string }
  | { readonly meta_event_type: infer Name extends string }
  ? Name
  : never

type Names<E extends BotEvent> =
  | E['post_type']
  | `${E['post_type']}.${Detail<E>}`
  | (E extends { readonly sub_type: infer Name extends string } ? `${E['post_type']}.${Detail<E>}.${Name}` : never)

type EventTable = { [E in BotEvent as Names<E>]: E }

/** `post_type`, `post_type.detail` or `post_type.detail.sub_type`, such as `message.group` or `notice.notify.poke`. */
export type EventName = keyof EventTable

/** The events that go by a name. */
export type EventOf<Name extends EventName> = EventTable[Name]

/** An event of which nothing is known but that it is one. */
export interface UnknownEvent {
  readonly post_type: string
  readonly [field: string]: unknown
}

/** The names an event goes by, from the most general on. */
export function namesOf(event: UnknownEvent): readonly string[] {
  const { post_type } = event
  // The account's own messages differ from others in nothing but the post_type.
  const detail = event[post_type === 'message_sent' ? 'message_type' : `${post_type}_type`]
  if (typeof detail !== 'string') return [post_type]
  const name = `${post_type}.${detail}`
  return typeof event['sub_type'] === 'string' ? [post_type, name, `${name}.${event['sub_type']}`] : [post_type, name]
}
