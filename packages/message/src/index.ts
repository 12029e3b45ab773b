/** One part of a message. */
export interface Segment {
  readonly type: string
}
