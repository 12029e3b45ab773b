import { encodeCqCode } from './cq-code.ts'
import type { Segment } from './segment.ts'

/** How a message is written in an event or a result (`post_message_format`). */
export type MessageFormat = 'string' | 'array'

/**
 * Writes a message in the format a client asked for: CQ-code text, or the array of segments.
 *
 * @see https://github.com/botuniverse/onebot-11/tree/master/message
 */
export function renderMessage(segments: readonly Segment[], format: 'string'): string
export function renderMessage(segments: readonly Segment[], format: 'array'): Segment[]
export function renderMessage(segments: readonly Segment[], format: MessageFormat): string | Segment[]
export function renderMessage(segments: readonly Segment[], format: MessageFormat): string | Segment[] {
  return format === 'string' ? encodeCqCode(segments) : [...segments]
}
