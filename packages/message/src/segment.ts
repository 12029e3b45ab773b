import type { segmentTable } from './segment-table.ts'
import type { SegmentType } from './segment-type.ts'

type Table = typeof segmentTable

/** A param's value: a string, or the nested message of a node's `content`. */
export type SegmentValue = string | readonly Segment[]

/** One part of a message, of a type in the segment table or of any other. */
export interface Segment {
  readonly type: string
  readonly data: { readonly [param: string]: SegmentValue }
}

type ValueOf<P> = P extends { readonly type: 'message' } ? SegmentValue : string

/**
 * A segment of one type, with the params of the segment table.
 *
 * Every param but the `text` of a text may be missing: the codec carries what it was given.
 */
export interface SegmentOf<T extends SegmentType> extends Segment {
  readonly type: T
  readonly data: (T extends 'text'
    ? { readonly text: string }
    : { readonly [K in keyof Table[T]['params']]?: ValueOf<Table[T]['params'][K]> }) & {
    readonly [param: string]: SegmentValue
  }
}

/**
 * Tells whether a segment is of a type, and narrows it.
 *
 * Only the type is looked at (for a text also that it has its text): params may be missing.
 */
export function isSegment<T extends SegmentType>(segment: Segment, type: T): segment is SegmentOf<T> {
  return segment.type === type && (type !== 'text' || typeof segment.data['text'] === 'string')
}
