/** What `/inspect/tap` tells, as it is on the wire. Times are in milliseconds since 1970. */
export type TapRecord = EventRecord | DeliveryRecord | CallRecord | LinkRecord | GapRecord

/** An event of the network. */
export interface EventRecord {
  readonly type: 'event'
  readonly id: number
  readonly at: number
  readonly seq: number
  readonly event: Readonly<Record<string, unknown>>
}

/** What became of an event on one link. */
export interface DeliveryRecord {
  readonly type: 'delivery'
  readonly id: number
  readonly at: number
  /** Absent for an event that an operator made up. */
  readonly seq?: number
  readonly link: string
  readonly kind?: string
  readonly dialect?: string
  readonly format?: string
  /** `written`, `acknowledged`, `filtered`, `refused`, `retry` or `skipped`. */
  readonly outcome: string
  /** The clause of the filter that said no. */
  readonly clause?: FilterClause
  /** From the event to this outcome. */
  readonly ms?: number
  readonly tries?: number
  /** Of an HTTP answer. */
  readonly status?: number
  readonly reason?: string
  /** An operator asked for it. */
  readonly is_replay?: true
  /** With `acknowledged`: so are all events that came after this one. */
  readonly after?: number
}

/** See `FilterDecision` of the event filter. */
export interface FilterClause {
  /** JSON Pointer of the clause in the rule. */
  readonly path: string
  /** The path of the value in the event. */
  readonly field: string
  readonly operator: string
  readonly argument?: unknown
  /** The text of the value. */
  readonly value: string
  readonly alternatives?: readonly FilterClause[]
}

/** A call of an action, with its answer. */
export interface CallRecord {
  readonly type: 'call'
  readonly id: number
  readonly at: number
  readonly link?: string
  /** The address it came from. */
  readonly from?: string
  /** The name of the token that let it in. */
  readonly token?: string
  readonly action: string
  readonly params: unknown
  readonly answer: Answer
  readonly ms: number
  /** The event that a program answered with it: it is a quick operation. */
  readonly seq?: number
  /** The events that tell of the message which it sent. */
  readonly events?: readonly number[]
}

/** The envelope of an answer. */
export interface Answer {
  readonly status: string
  readonly retcode: number
  readonly data?: unknown
  readonly msg?: string
  readonly wording?: string
}

/** A link came, went, or stands in another way than before. */
interface LinkRecord {
  readonly type: 'link'
  readonly id: number
  readonly at: number
  readonly link: string
  readonly kind?: string
  readonly state: unknown
  /** Whether an operator holds it back. */
  readonly held?: boolean
}

/** Records that this reader was too slow for, or that came before it and are forgotten. */
interface GapRecord {
  readonly type: 'gap'
  readonly id?: number
  readonly at?: number
  readonly missed: number
}
