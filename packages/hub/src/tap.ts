import type { EventFilter, FilterDecision } from '@seekyou/event-filter'
import type { Envelope, Event, LinkKind, LinkState, NetworkEvent, Seq, WireEvent } from '@seekyou/protocol'
import type { EncodedEvent } from './encoded-event.ts'
import type { LinkView } from './link.ts'
import type { AccountOptions } from './options.ts'
import { redact, weigh } from './redaction.ts'
import type { DeliveryOutcome, DeliveryRecord, TapRecord } from './tap-record.ts'

/** What passes, as it is kept: nothing is copied, shaped or explained before somebody reads it. */
export type Passing = PassingEvent | PassingDelivery | PassingCall | PassingLink

interface PassingEvent {
  readonly type: 'event'
  readonly at: number
  readonly seq: Seq
  readonly event: NetworkEvent
}

/** What is the same for all that passes over a link. */
export interface TappedLink {
  readonly id: string
  readonly kind: LinkKind | undefined
  readonly view: LinkView
}

interface PassingDelivery {
  readonly type: 'delivery'
  readonly at: number
  readonly seq: Seq | undefined
  /** When the event happened. */
  readonly since: number | undefined
  /** Absent where many links share the record; then the tap knows whose it is. */
  readonly link?: TappedLink
  readonly outcome: DeliveryOutcome
  /** Why it was filtered: the filter of that time, and what it looked at. */
  readonly filtered?: { readonly filter: EventFilter; readonly encoded: EncodedEvent }
  readonly tries?: number
  readonly status?: number | undefined
  readonly reason?: string
  readonly isReplay?: boolean
  readonly after?: Seq
}

interface PassingCall {
  readonly type: 'call'
  readonly at: number
  readonly link?: string | undefined
  readonly from?: string | undefined
  readonly token?: string | undefined
  readonly action: string
  readonly params: unknown
  readonly answer: Envelope
  readonly ms: number
  readonly seq?: Seq | undefined
}

interface PassingLink {
  readonly type: 'link'
  readonly at: number
  readonly link: string
  readonly kind: LinkKind | undefined
  readonly state: LinkState
  readonly held: boolean
}

/** A page of records, oldest first. */
export interface TapPage {
  readonly records: readonly TapRecord[]
  /** The last record that was looked at: what comes next is after it. */
  readonly last: number
  /** How many records between `after` and the first one are kept no longer. */
  readonly missed: number
}

export interface TapQuery {
  /** Begins after this record; default: with the oldest. */
  readonly after?: number
  /** Looks at so many records at most. */
  readonly limit: number
  /** Only records of these types. */
  readonly types?: ReadonlySet<TapRecord['type']> | undefined
}

/** What weighs more is not kept as it is, but as it is shown: in bytes. */
const HEAVIEST = 131_072
/** The part of a record that is not the data it is about, in bytes. */
const FRAME = 160
/** How far from a record others are looked for that belong to it, in records. */
const REACH = 2000

/**
 * The last records of what passed through an account: its events, what became of them on every link, the calls and
 * their answers, and how the links stood. It is bounded in number and in bytes; the oldest are dropped first.
 */
export class Tap {
  readonly #capacity: number
  readonly #mostBytes: number
  readonly #tell: (event: Event) => WireEvent
  /** Records in a ring: the one of number n is in place n % capacity. Their ids are their numbers above `#base`. */
  readonly #ring: (Passing | TapRecord | undefined)[] = []
  readonly #weights: number[] = []
  /** Whose the record in the same place is, where that is not said in it. */
  readonly #links: (TappedLink | undefined)[] = []
  #written: (PassingDelivery & { readonly seq: Seq }) | undefined
  readonly #base: number
  #oldest = 0
  #next = 0
  #bytes = 0
  readonly #watchers = new Set<() => void>()
  #isDue = false

  constructor(
    options: AccountOptions['tap'],
    {
      now,
      tell,
    }: {
      /** In milliseconds since 1970. */
      readonly now: number
      /** An event as the default dialect tells it, with the addresses of its files. */
      readonly tell: (event: Event) => WireEvent
    },
  ) {
    this.#capacity = options.records
    this.#mostBytes = options.bytes
    this.#tell = tell
    // So that ids go on above after a restart: nothing takes a thousand records in every millisecond it lives.
    this.#base = now * 1000 + 1
  }

  add(passing: Passing): void {
    const weight = FRAME + weighData(passing)
    this.#take(passing, weight, undefined)
    if (weight > HEAVIEST) this.#shrink(this.#next - 1)
    while (this.#bytes > this.#mostBytes && this.#oldest < this.#next) this.#drop()
    if (this.#watchers.size > 0) this.#announce()
  }

  /** An event was written to a link. Most records are of this kind, so all links that it is written to share one. */
  addWritten(
    link: TappedLink,
    { seq, since, at }: Pick<PassingDelivery, 'since' | 'at'> & { readonly seq: Seq },
  ): void {
    let written = this.#written
    if (!written || written.seq !== seq || written.at !== at || written.since !== since) {
      this.#written = written = { type: 'delivery', at, seq, since, outcome: 'written' }
    }
    this.#take(written, FRAME, link)
    while (this.#bytes > this.#mostBytes && this.#oldest < this.#next) this.#drop()
    if (this.#watchers.size > 0) this.#announce()
  }

  /** Calls `changed` once in every turn of the event loop in which there were new records. */
  watch(changed: () => void): Disposable {
    this.#watchers.add(changed)
    return { [Symbol.dispose]: () => void this.#watchers.delete(changed) }
  }

  /** The id of the newest record that was ever taken. */
  get last(): number {
    return this.#base + this.#next - 1
  }

  /** How many records there are, and about how many bytes they take. */
  get size(): { readonly records: number; readonly bytes: number } {
    return { records: this.#next - this.#oldest, bytes: this.#bytes }
  }

  /** The id after which the last `count` records come. */
  beforeLast(count: number, types?: TapQuery['types']): number {
    let number = this.#next
    for (let found = 0; number > this.#oldest && found < count;) if (isOf(types, this.#at(--number))) found++
    return this.#base + number - 1
  }

  read({ after = this.#base + this.#oldest - 1, limit, types }: TapQuery): TapPage {
    const begin = Math.max(0, Math.min(this.#next, after + 1 - this.#base))
    const first = Math.max(begin, this.#oldest)
    const records: TapRecord[] = []
    let number = first
    for (; number < this.#next && records.length < limit; number++) {
      if (isOf(types, this.#at(number))) records.push(this.#show(number))
    }
    return { records, last: this.#base + number - 1, missed: first - begin }
  }

  /** The events, deliveries and calls that are about one event, as far as they are still kept. */
  about(seq: Seq): readonly TapRecord[] {
    const records: TapRecord[] = []
    for (let number = this.#oldest; number < this.#next; number++) {
      const record = this.#at(number)
      if (record.type !== 'link' && record.seq === seq) records.push(this.#show(number))
    }
    return records
  }

  #take(passing: Passing, weight: number, link: TappedLink | undefined): void {
    const place = this.#next++ % this.#capacity
    this.#bytes += weight
    if (this.#next - this.#oldest > this.#capacity) this.#drop()
    this.#ring[place] = passing
    this.#weights[place] = weight
    this.#links[place] = link
  }

  #drop(): void {
    const place = this.#oldest++ % this.#capacity
    this.#bytes -= this.#weights[place]!
    this.#ring[place] = undefined
    this.#links[place] = undefined
  }

  #announce(): void {
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      for (const changed of this.#watchers) changed()
    })
  }

  /** What is cut out of a long text holds on to all of it, so the record is printed and read again. */
  #shrink(number: number): void {
    const place = number % this.#capacity
    const text = JSON.stringify(this.#show(number))
    this.#ring[place] = JSON.parse(text) as TapRecord
    this.#bytes += FRAME + text.length * 2 - this.#weights[place]!
    this.#weights[place] = FRAME + text.length * 2
  }

  #at(number: number): Passing | TapRecord {
    return this.#ring[number % this.#capacity]!
  }

  #show(number: number): TapRecord {
    const passing = this.#at(number)
    if ('id' in passing) return passing
    const id = this.#base + number
    switch (passing.type) {
      case 'event': {
        const { at, seq, event } = passing
        return { type: 'event', id, at, seq, event: redact(this.#tell(event)) as WireEvent }
      }
      case 'delivery':
        return this.#showDelivery(passing, id, number)
      case 'call': {
        const { params, answer } = passing
        const events = this.#eventsOf(passing, number)
        return { ...passing, id, params: redact(params), answer: redact(answer) as Envelope, events }
      }
      case 'link':
        return { ...passing, id }
    }
  }

  #showDelivery(passing: PassingDelivery, id: number, number: number): DeliveryRecord {
    const { at, seq, since, outcome, filtered, tries, status, reason, isReplay, after } = passing
    const link = passing.link ?? this.#links[number % this.#capacity]!
    const { dialect, format } = link.view
    const begin = since ?? this.#happenedAt(seq, number)
    return {
      type: 'delivery',
      id,
      at,
      seq,
      link: link.id,
      kind: link.kind,
      dialect: dialect.name,
      format,
      outcome,
      clause: filtered && explain(filtered, link.view),
      ms: begin === undefined ? undefined : Math.max(0, at - begin),
      tries,
      status,
      reason,
      is_replay: isReplay || undefined,
      after,
    }
  }

  #happenedAt(seq: Seq | undefined, before: number): number | undefined {
    for (let number = before; number >= Math.max(this.#oldest, before - REACH); number--) {
      const record = this.#at(number)
      if (record.type === 'event' && record.seq === seq) return record.at
    }
    return undefined
  }

  /** A message that was sent is answered with its number, and the event of it has the same. */
  #eventsOf({ at, answer: { data } }: PassingCall, number: number): readonly Seq[] | undefined {
    const messageId = typeof data === 'object' && data !== null && 'message_id' in data ? data.message_id : undefined
    if (typeof messageId !== 'number') return undefined
    const seqs: Seq[] = []
    const end = Math.min(this.#next, number + REACH)
    for (let other = Math.max(this.#oldest, number - REACH); other < end; other++) {
      const record = this.#at(other)
      if (record.type !== 'event' || record.at < at) continue
      const { event } = record
      if (event.post_type === 'message_sent' && 'message_id' in event && event.message_id === messageId) {
        seqs.push(record.seq)
      }
    }
    return seqs.length > 0 ? seqs : undefined
  }
}

function isOf(types: TapQuery['types'], { type }: Passing | TapRecord): boolean {
  return types === undefined || types.has(type)
}

function weighData(passing: Passing): number {
  switch (passing.type) {
    case 'event':
      return weigh(passing.event, HEAVIEST)
    case 'call':
      return weigh(passing.params, HEAVIEST) + weigh(passing.answer.data, HEAVIEST)
    case 'delivery':
      // A copy of the event is kept for it.
      return passing.filtered ? passing.filtered.encoded.weight : 0
    case 'link':
      return 0
  }
}

function explain(
  { filter, encoded }: NonNullable<PassingDelivery['filtered']>,
  view: LinkView,
): FilterDecision | undefined {
  const form = encoded.form(view)
  const clause = form && filter.explain(form.wire).decidedBy
  return clause && (redact(clause) as FilterDecision)
}
