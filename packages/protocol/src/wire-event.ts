import { encodeCqCode, renderMessage } from '@seekyou/message'
import type { MessageFormat, Segment } from '@seekyou/message'
import type { Event } from './event/event.ts'

/** An event as it stands on the wire: plain JSON data, message rendered. */
export type WireEvent = Readonly<Record<string, unknown>>

/** Message content for one link: text with CQ codes, or segments. */
export type RenderedMessage = string | readonly Segment[]

/**
 * An event in the form every dialect starts from: OneBot 11 with go-cqhttp's extensions.
 * `post_type` and the type below it come first, since some clients read no further to sort events.
 */
export function toWireEvent(event: Event, format: MessageFormat): WireEvent {
  switch (event.post_type) {
    case 'message':
    case 'message_sent': {
      const { post_type, message_type, time, self_id, message, ...rest } = event
      const raw_message = encodeCqCode(message)
      return {
        post_type,
        message_type,
        time,
        self_id,
        ...rest,
        message: format === 'string' ? raw_message : renderMessage(message, format),
        raw_message,
      }
    }
    case 'notice': {
      const { post_type, notice_type, time, self_id, ...rest } = event
      return { post_type, notice_type, time, self_id, ...rest }
    }
    case 'request': {
      const { post_type, request_type, time, self_id, ...rest } = event
      return { post_type, request_type, time, self_id, ...rest }
    }
    case 'foreign': {
      const { told, time, self_id } = event
      return { ...told, time, self_id }
    }
    case 'meta_event': {
      const { post_type, meta_event_type, time, self_id, ...rest } = event
      return { post_type, meta_event_type, time, self_id, ...rest }
    }
  }
}

/** The segments of an event with `change` applied to each; the same event where nothing changes. */
export function mapSegments<E extends Event>(event: E, change: (segment: Segment) => Segment): E {
  if (!('message' in event)) return event
  const message = event.message.map(change)
  return message.every((segment, index) => segment === event.message[index]) ? event : { ...event, message }
}
