import type { Envelope, NetworkEvent, Seq } from '@seekyou/protocol'

/** One thing that passed through an account: a call with its answer, or an event. Times are in milliseconds since 1970. */
export type Traffic =
  | {
      readonly type: 'call'
      /** When it came. */
      readonly at: number
      readonly action: string
      readonly params: unknown
      readonly answer: Envelope
      readonly ms: number
    }
  | { readonly type: 'event'; readonly at: number; readonly seq: Seq; readonly event: NetworkEvent }
