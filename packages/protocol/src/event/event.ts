import * as z from 'zod'
import { guildMessageEvent } from './guild-message.ts'
import type { GuildMessageEvent } from './guild-message.ts'
import { messageEvent } from './message.ts'
import type { MessageEvent } from './message.ts'
import type { MetaEvent } from './meta.ts'
import { noticeEvent } from './notice.ts'
import type { NoticeEvent } from './notice.ts'
import { requestEvent } from './request.ts'
import type { RequestEvent } from './request.ts'

/** An event that the chat network caused: stamped, complete, message as segments. What the journal keeps. */
export const networkEvent = z.union([messageEvent, guildMessageEvent, noticeEvent, requestEvent])
export type NetworkEvent = MessageEvent | GuildMessageEvent | NoticeEvent | RequestEvent

/** Any event that a link can carry. */
export type Event = NetworkEvent | MetaEvent

/** What the hub stamps when an event comes in: the account, the time unless the network told it, a message's id. */
type Stamped<E> = E extends MessageEvent
  ? 'time' | 'self_id' | 'message_id' | 'font'
  : E extends NetworkEvent
    ? 'time' | 'self_id'
    : never

type Draft<E> = E extends NetworkEvent ? Omit<E, Stamped<E>> & { readonly time?: number } : never

/** An event as a backend tells it; `time` in seconds only where the network has its own. */
export type EventDraft = Draft<NetworkEvent>
export type MessageDraft = Draft<MessageEvent>

/** Whether an event is one of the account's messages, heard or sent; those of guilds are kept elsewhere. */
export function isMessage(event: Event): event is MessageEvent
export function isMessage(event: EventDraft): event is MessageDraft
export function isMessage(event: Event | EventDraft): boolean {
  return (event.post_type === 'message' || event.post_type === 'message_sent') && event.message_type !== 'guild'
}
