import { withoutBundle } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import { withMediaUrl } from './media-url.ts'
import type { MediaUrl } from './media-url.ts'

/** A segment as links are told it: of a bundle only its id, of stored media where they can be fetched right now. */
export function toldSegment(segment: Segment, mediaUrl: MediaUrl): Segment {
  return withMediaUrl(withoutBundle(segment), mediaUrl)
}
