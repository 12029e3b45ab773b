import * as z from 'zod'
import type { ForeignEvent } from './foreign.ts'
import { guildMessageEvent } from './guild-message.ts'
import type { GuildMessageEvent } from './guild-message.ts'
import type { MessageId } from '../ids.ts'
import { messageEvent } from './message.ts'
import type { MessageEvent } from './message.ts'
import type { MetaEvent } from './meta.ts'
import { noticeEvent } from './notice.ts'
import type { NoticeEvent } from './notice.ts'
import { requestEvent } from './request.ts'
import type { RequestEvent } from './request.ts'

/** An event that the chat network caused, of a kind described here: stamped, complete, message as segments. */
export const networkEvent = z.lazy(() => z.union([messageEvent, guildMessageEvent, noticeEvent, requestEvent]))

/** What the journal keeps. */
export type NetworkEvent = MessageEvent | GuildMessageEvent | NoticeEvent | RequestEvent | ForeignEvent

/** Any event that a link can carry. */
export type Event = NetworkEvent | MetaEvent

/** What the hub stamps when an event comes in: the account, the time and a message's id unless the backend gave them. */
type Stamped<E> = E extends MessageEvent
  ? 'time' | 'self_id' | 'message_id' | 'font'
  : E extends NetworkEvent
    ? 'time' | 'self_id'
    : never

type Draft<E> = E extends NetworkEvent
  ? Omit<E, Stamped<E>> & { readonly time?: number } & (E extends MessageEvent
        ? { readonly message_id?: MessageId }
        : unknown)
  : never

/**
 * An event as a backend tells it; `time` in seconds only where the network has its own, `message_id` only where the
 * backend had to allocate it before, to write down what it stands for in the same turn.
 */
export type EventDraft = Draft<NetworkEvent>
export type MessageDraft = Draft<MessageEvent>

/** Whether an event is one of the account's messages, heard or sent; those of guilds are kept elsewhere. */
export function isMessage(event: Event): event is MessageEvent
export function isMessage(event: EventDraft): event is MessageDraft
export function isMessage(event: Event | EventDraft): boolean {
  return (event.post_type === 'message' || event.post_type === 'message_sent') && event.message_type !== 'guild'
}
