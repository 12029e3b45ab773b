import { withoutBundle } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import type { Event } from '@seekyou/protocol'
import { withMediaUrl } from './media-url.ts'
import type { MediaUrl } from './media-url.ts'

/** How a link is told of quotations. */
export interface QuotationView {
  /** Besides the id of what is quoted also who said it, when and what. */
  readonly extraReplyData: boolean
  /** Without the at that clients put behind a quotation by themselves. */
  readonly removesReplyAt: boolean
}

/** A message as a link is told it: of a bundle only its id, of stored media where they can be fetched right now. */
export function toldMessage(
  message: readonly Segment[],
  { extraReplyData, removesReplyAt }: QuotationView,
  mediaUrl: MediaUrl,
): readonly Segment[] {
  const said = removesReplyAt ? message.filter((segment, at) => !isReplyAt(segment, message[at - 1])) : message
  return said.map((segment) =>
    withMediaUrl(withoutBundle(extraReplyData ? segment : withoutReplyData(segment)), mediaUrl),
  )
}

/** The same for the message of an event; the same event where nothing changes. */
export function toldEvent<E extends Event>(event: E, view: QuotationView, mediaUrl: MediaUrl): E {
  if (!('message' in event)) return event
  const message = toldMessage(event.message, view, mediaUrl)
  const isSame =
    message.length === event.message.length && message.every((segment, index) => segment === event.message[index])
  return isSame ? event : { ...event, message }
}

function isReplyAt(segment: Segment, before: Segment | undefined): boolean {
  const { qq } = before?.type === 'reply' ? before.data : {}
  return segment.type === 'at' && qq !== undefined && segment.data['qq'] === qq
}

/** A quotation that is made up has no id, and nothing but its data. */
function withoutReplyData(segment: Segment): Segment {
  const { id } = segment.data
  const hasMore = segment.type === 'reply' && id !== undefined && id !== '0' && Object.keys(segment.data).length > 1
  return hasMore ? { type: 'reply', data: { id } } : segment
}
