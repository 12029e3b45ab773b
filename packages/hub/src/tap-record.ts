import type { FilterDecision } from '@seekyou/event-filter'
import type { Envelope, LinkKind, LinkState, Seq, WireEvent } from '@seekyou/protocol'

/** What became of one event on one link. */
export type DeliveryOutcome =
  /** It was handed to the connection. */
  | 'written'
  /** Its program says that it has it: by the answer to a post, or by `.ack`. */
  | 'acknowledged'
  /** The event filter of the link let it not pass; `clause` says which part of it. */
  | 'filtered'
  /** Its program does not want it. The event is a dead letter now, if the link has a name. */
  | 'refused'
  /** Its program could not be reached or could not take it; it is tried again. */
  | 'retry'
  /** It is not for this link, or came too late for it; `reason` says which. */
  | 'skipped'

interface Recorded {
  /** Rises with every record of an account, also across restarts of the program. */
  readonly id: number
  /** When it happened, for a call when it came; in milliseconds since 1970. */
  readonly at: number
}

/** Something happened on the network. */
export interface EventRecord extends Recorded {
  readonly type: 'event'
  readonly seq: Seq
  /** As the default dialect tells it, the message as segments. */
  readonly event: WireEvent
}

/** An event had its turn on a link. */
export interface DeliveryRecord extends Recorded {
  readonly type: 'delivery'
  /** Absent for an event that an operator made up. */
  readonly seq?: Seq | undefined
  /** The `id` of the link, as `/inspect/links` lists it. */
  readonly link: string
  readonly kind?: LinkKind | undefined
  readonly dialect: string
  readonly format: 'string' | 'array'
  readonly outcome: DeliveryOutcome
  /** The clause of the event filter that said no. */
  readonly clause?: FilterDecision | undefined
  /** From the event to this outcome. */
  readonly ms?: number | undefined
  /** How often it was tried so far; absent on sockets, where there is one try. */
  readonly tries?: number | undefined
  /** The HTTP status that the program answered. */
  readonly status?: number | undefined
  readonly reason?: string | undefined
  /** An operator asked for it; see `Account.replay`. */
  readonly is_replay?: true | undefined
  /** With `acknowledged`: so are all events that came after this one. */
  readonly after?: Seq | undefined
}

/** A call was answered. */
export interface CallRecord extends Recorded {
  readonly type: 'call'
  /** The `id` of the link that it came through; absent for HTTP and for sockets that carry no events. */
  readonly link?: string | undefined
  /** The address it came from. */
  readonly from?: string | undefined
  /** The name of the token that let it in. */
  readonly token?: string | undefined
  readonly action: string
  readonly params: unknown
  readonly answer: Envelope
  readonly ms: number
  /** The event that a program answered with it: it is a quick operation. */
  readonly seq?: Seq | undefined
  /** The events that tell of the message which it sent, as far as the tap still has them. */
  readonly events?: readonly Seq[] | undefined
}

/** A link came, went, or stands in another way than before. */
export interface LinkRecord extends Recorded {
  readonly type: 'link'
  readonly link: string
  readonly kind?: LinkKind | undefined
  readonly state: LinkState
  /** Whether an operator holds it back. */
  readonly held: boolean
}

/** One thing that passed through an account. */
export type TapRecord = EventRecord | DeliveryRecord | CallRecord | LinkRecord
