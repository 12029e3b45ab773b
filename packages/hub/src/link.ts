import { setImmediate } from 'node:timers/promises'
import type { EventFilter } from '@seekyou/event-filter'
import type { MessageFormat } from '@seekyou/message'
import { ActionFailure } from '@seekyou/protocol'
import type {
  Attempt,
  Clock,
  DeadLetters,
  Dialect,
  Event,
  EventSink,
  Journal,
  JournalEntry,
  LinkKind,
  Logger,
  OutgoingEvent,
  Seq,
  Timer,
} from '@seekyou/protocol'
import type { EncodedEvent, EncodedForm } from './encoded-event.ts'
import type { QuotationView } from './told-message.ts'
import { ReplayPace } from './replay-pace.ts'
import type { Passing, Tap, TappedLink } from './tap.ts'

/** What a link wants of the events. */
export interface LinkView extends QuotationView {
  readonly dialect: Dialect
  readonly format: MessageFormat
  /** Another one after reload_event_filter. */
  filter: EventFilter | undefined
  readonly reportsSelf: boolean
  /** Whether events carry their place in the journal, as `_seq`. */
  readonly reportsSeq: boolean
  /** What says that the client has an event: that it was written, or the client itself by `.ack`. */
  readonly ack: 'written' | 'explicit'
  /** Milliseconds; an event older than this when its turn comes is skipped. */
  readonly replayMaxAgeMs: number
  /** Events a second while it catches up; 0: no bound. */
  readonly replayRate: number
}

interface LinkSetup {
  /** What operators call it. */
  readonly id: string
  readonly name?: string | undefined
  readonly kind?: LinkKind | undefined
  readonly sink: EventSink
  readonly view: LinkView
  /** Which events its program may be told; absent: all. */
  readonly permits?: (event: Event) => boolean
  readonly journal: Journal
  readonly deadLetters: DeadLetters
  readonly encode: (event: Pick<JournalEntry, 'event' | 'seq'> & { readonly at?: number }) => EncodedEvent
  /** Told what becomes of every event. */
  readonly tap: Tap | undefined
  readonly clock: Clock
  readonly log: Logger
}

type Delivery = Omit<Extract<Passing, { type: 'delivery' }>, 'type' | 'at' | 'link'>

/** An event that an operator wants told: its place in the journal, if it has one, and when they said so. */
interface Replay {
  readonly seq: Seq | undefined
  readonly at: number
}

/** Events that may wait to be told once more. */
const MOST_WAITING = 100

/** How many entries are read from the journal at a time while a link catches up; all that it ever holds of it. */
const BATCH = 64

/**
 * A reader of the journal on behalf of one link. While it keeps up it is pushed to; when its sink asks for a pause, or
 * when it begins behind, it goes on from the journal at its own pace. Nothing waits in memory.
 */
export class Link {
  readonly id: string
  readonly name: string | undefined
  readonly kind: LinkKind | undefined
  readonly since: number
  readonly #sink: EventSink
  readonly #view: LinkView
  readonly #permits: ((event: Event) => boolean) | undefined
  readonly #journal: Journal
  readonly #deadLetters: DeadLetters
  readonly #encode: LinkSetup['encode']
  readonly #tap: Tap | undefined
  readonly #tapped: TappedLink
  readonly #clock: Clock
  readonly #log: Logger
  readonly #pace: ReplayPace

  /** The last event whose turn has come, written or passed over. */
  #cursor: Seq
  /** The newest event known of. */
  #newest: Seq
  /** Up to here events were asked for, and their age is no reason to skip them. */
  #askedUpTo: Seq = 0
  /** The last event that was really written, and the last that the client has. */
  #written: Seq = 0
  #taken: Seq = 0
  #lastWrittenAt: number | undefined
  /** When the last event that was written happened. */
  #writtenAt: number | undefined
  /** What was read from the journal and has not had its turn. */
  #ahead: readonly JournalEntry[] = []
  /** Dead letters that are to be told again, and those that were and are not taken yet. */
  #letters: readonly Seq[] = []
  readonly #toldAgain = new Set<Seq>()
  /** What an operator wants told once more, and what that was told. */
  readonly #again: OutgoingEvent[] = []
  readonly #replays = new WeakMap<OutgoingEvent, Replay>()
  #isPaused = false
  #isHeld = false
  #isReading = false
  #isEnded = false
  /** Runs while the link waits for its turn to catch up. */
  #turn: Timer | undefined

  constructor({ id, name, kind, sink, view, permits, journal, deadLetters, encode, tap, clock, log }: LinkSetup) {
    this.id = id
    this.name = name
    this.kind = kind
    this.since = clock.now()
    this.#sink = sink
    this.#view = view
    this.#permits = permits
    this.#journal = journal
    this.#deadLetters = deadLetters
    this.#encode = encode
    this.#tap = tap
    this.#tapped = { id, kind, view }
    this.#clock = clock
    this.#log = log
    this.#pace = new ReplayPace(clock, view.replayRate)
    this.#newest = journal.last()
    this.#cursor = this.#newest
    this.#written = this.#taken = this.#cursor
  }

  /** Finds where the link begins, `after` an event or where a link of this name left off, and goes on from there. */
  async restore(after?: Seq): Promise<void> {
    if (this.name === undefined && after === undefined) return
    this.#isReading = true
    try {
      const saved = this.name === undefined ? undefined : await this.#journal.cursor(this.name)
      if (after !== undefined) this.#askedUpTo = this.#newest
      this.#cursor = Math.min(after ?? saved ?? this.#cursor, this.#newest)
      this.#written = this.#taken = this.#cursor
      // A name never seen begins now: its cursor is saved so that even its first outage is made up for. And who says
      // after which event to begin has that one.
      this.#saveCursor()
    } finally {
      this.#isReading = false
    }
    await this.#catchUp()
  }

  /** Hears of a new entry. */
  offer(encoded: EncodedEvent & { readonly seq: Seq }): void {
    if (this.#isEnded || encoded.seq <= this.#newest) return
    this.#newest = encoded.seq
    if (this.#isPaused || this.#isHeld) return
    if (this.#turn === undefined && !this.#isReading && encoded.seq === this.#cursor + 1) return this.#pass(encoded)
    this.#pace.allow()
    this.#goOn()
  }

  /** Tells an event that is not in the journal: now or never. */
  tell(encoded: EncodedEvent, options: { readonly isFiltered: boolean }): void {
    if (this.#isEnded) return
    // What opens and closes a link is for every link.
    if (options.isFiltered && this.#permits?.(encoded.event) === false) return
    const form = encoded.form(this.#view)
    if (!form || (options.isFiltered && this.#view.filter?.test(form.wire) === false)) return
    if (!this.#sink.write(form.outgoing)) this.#isPaused = true
  }

  /** Whether it is told nothing now. */
  get isPaused(): boolean {
    return this.#isPaused || this.#isHeld
  }

  /** Where it stands: see `LinkStatus`. */
  describe() {
    const cursor = this.#taken >= this.#written ? this.#cursor : this.#taken
    return {
      cursor,
      lag: this.#newest - cursor,
      isPaused: this.#isPaused || this.#turn !== undefined,
      isHeld: this.#isHeld,
      lastWrittenAt: this.#lastWrittenAt,
    }
  }

  /** The transport wrote everything up to `seq`, or had it taken. */
  taken(seq: Seq): void {
    if (!this.isAckExplicit) this.acknowledge(seq)
  }

  /** Whether its client says itself which events it has. The answer to a post always says so. */
  get isAckExplicit(): boolean {
    return this.#view.ack === 'explicit' && this.kind !== 'webhook'
  }

  /** The client has everything up to `seq`; false if it was not told so much. */
  acknowledge(seq: Seq): boolean {
    if (this.#toldAgain.delete(seq)) this.#discard(seq)
    if (seq > this.#written) return false
    if (seq > this.#taken) {
      if (this.isAckExplicit) this.#record({ seq, since: undefined, outcome: 'acknowledged', after: this.#taken })
      this.#taken = seq
      this.#saveCursor()
    }
    return true
  }

  /** The client refuses an event for good: it becomes a dead letter. False if that could not be written down. */
  async refused(seq: Seq, { reason, tries }: { readonly reason: string; readonly tries: number }): Promise<boolean> {
    const link = this.name
    if (link !== undefined) {
      try {
        const before = this.#toldAgain.has(seq) ? await this.#letter(link, seq) : undefined
        const [entry] = before ? [] : await this.#journal.read(seq - 1, 1)
        const event = before?.event ?? (entry?.seq === seq ? entry.event : undefined)
        const refused = { link, seq, at: this.#clock.now(), tries: tries + (before?.tries ?? 0), reason }
        // An event that was erased in the meantime is nobody's any more.
        if (event) await this.#deadLetters.put({ ...refused, event })
      } catch (error) {
        this.#log.error({ link, seq, err: error }, 'an event that was refused cannot be kept, so it is tried again')
        return false
      }
    }
    this.#toldAgain.delete(seq)
    this.acknowledge(seq)
    return true
  }

  /** How a try to deliver went. Signs of life are nothing to look at. */
  attempted(event: OutgoingEvent, { reason, ...attempt }: Attempt): void {
    const seq = this.seqOf(event)
    const replay = this.#replays.get(event)
    if (seq === undefined && !replay) return
    const since = replay ? replay.at : seq === this.#written ? this.#writtenAt : undefined
    this.#record({ ...attempt, seq, since, ...(reason !== undefined && { reason }), ...(replay && { isReplay: true }) })
  }

  /** The place in the journal of an event that the link was told, also of one that was told again. */
  seqOf(event: OutgoingEvent): Seq | undefined {
    return event.seq ?? this.#replays.get(event)?.seq
  }

  /**
   * Tells an event once more, whatever was told before: nothing is remembered of how it went. False where that has to
   * wait; `undefined` where the event is not for this link. `at` is now.
   * @throws ActionFailure when too many wait already.
   */
  replay(encoded: EncodedEvent, { seq, at }: Replay): boolean | undefined {
    if (this.#again.length >= MOST_WAITING) {
      throw new ActionFailure(
        'busy',
        `the link ${JSON.stringify(this.id)} has ${MOST_WAITING} events to tell again already`,
      )
    }
    const form = this.#judge(encoded, { seq, since: at, isReplay: true })
    if (!form) return undefined
    this.#replays.set(form.outgoing, { seq, at })
    this.#again.push(form.outgoing)
    this.#goOn()
    return !this.#again.includes(form.outgoing)
  }

  /** Holds everything back until `release`, at the wish of an operator. */
  hold(): void {
    this.#isHeld = true
  }

  /** Goes on, with what happened meanwhile: however old it is now. */
  release(): void {
    if (!this.#isHeld) return
    this.#isHeld = false
    this.#askedUpTo = this.#newest
    this.#goOn()
  }

  /** Tells these dead letters of the link once more, before anything else. */
  tellAgain(seqs: readonly Seq[]): void {
    this.#letters = [...new Set([...this.#letters, ...seqs])]
    this.#goOn()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#goOn()
  }

  /** Drops what was read ahead: it may have been erased since. */
  readAgain(): void {
    this.#ahead = []
  }

  end(): void {
    this.#isEnded = true
    this.#turn?.cancel()
  }

  /** The account ends the link. */
  close(reason: string): void {
    if (this.#isEnded) return
    this.end()
    this.#sink.end(reason)
  }

  /** Breaks the connection that the link stands on, if it stands on one. */
  cut(): void {
    this.#sink.cut?.()
  }

  #goOn(): void {
    this.#catchUp().catch((error: unknown) => {
      this.#log.error({ link: this.name, err: error }, 'reading the journal failed; the link waits for the next event')
    })
  }

  async #catchUp(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      for (let reads = 0; this.#mayGoOn();) {
        const [entry] = this.#ahead
        const [letter] = this.#letters
        const again = this.#again.shift()
        if (again) this.#writeAgain(again)
        else if (letter !== undefined) await this.#replayLetter(letter)
        else if (entry) this.#replay(entry)
        else {
          // Entries that are all passed over must not keep everyone else waiting.
          if (reads++ > 0) await setImmediate()
          await this.#readAhead()
        }
      }
    } finally {
      this.#isReading = false
    }
  }

  #mayGoOn(): boolean {
    if (this.isPaused || this.#turn !== undefined || this.#isEnded) return false
    return this.#cursor < this.#newest || this.#letters.length > 0 || this.#again.length > 0
  }

  async #readAhead(): Promise<void> {
    this.#ahead = await this.#journal.read(this.#cursor, BATCH)
    const next = this.#ahead[0]?.seq ?? this.#newest + 1
    const gone = next - this.#cursor - 1
    if (gone === 0) return
    // Retention, or an erasure, removed what this link never read; what is gone is gone.
    this.#log.warn({ link: this.name, events: gone }, 'events were forgotten before this link could be told of them')
    this.#cursor = next - 1
    const reason = `of the events up to this one ${gone} are in the journal no more`
    this.#record({ seq: next - 1, since: undefined, outcome: 'skipped', reason })
  }

  #replay({ seq, at, event }: JournalEntry): void {
    const isTooOld = seq > this.#askedUpTo && this.#clock.now() - at > this.#view.replayMaxAgeMs
    if (!isTooOld && !this.#takeTurn()) return
    this.#ahead = this.#ahead.slice(1)
    if (!isTooOld) return this.#pass(this.#encode({ event, seq, at }))
    this.#passOver(seq)
    this.#record({ seq, since: at, outcome: 'skipped', reason: 'it is older than replay_max_age' })
  }

  /** Whether the next event may be told now; if not, the link goes on by itself when it may. */
  #takeTurn(): boolean {
    const waitMs = this.#pace.take()
    if (waitMs === 0) return true
    this.#turn = this.#clock.setTimeout(() => {
      this.#turn = undefined
      this.#goOn()
    }, waitMs)
    return false
  }

  #pass(encoded: EncodedEvent): void {
    const seq = encoded.seq!
    const form = this.#judge(encoded, { seq, since: encoded.at })
    if (!form) return this.#passOver(seq)
    this.#cursor = seq
    this.#written = seq
    this.#writtenAt = encoded.at
    const at = (this.#lastWrittenAt = this.#clock.now())
    // Of a post only its answer is worth a word.
    if (this.kind !== 'webhook') this.#tap?.addWritten(this.#tapped, { seq, since: encoded.at, at })
    if (!this.#sink.write(form.outgoing)) this.#isPaused = true
  }

  /** The form in which this link is told an event; `undefined` for one that is not for it. */
  #judge(encoded: EncodedEvent, delivery: Pick<Delivery, 'seq' | 'since' | 'isReplay'>): EncodedForm | undefined {
    const { filter, dialect } = this.#view
    const isWanted = this.#wants(encoded.event)
    const form = isWanted ? encoded.form(this.#view) : undefined
    if (form && filter?.test(form.wire) !== false) return form
    if (form) this.#record({ ...delivery, outcome: 'filtered', filtered: { filter: filter!, encoded } })
    else {
      const reason = isWanted
        ? `the dialect ${dialect.name} knows no such event`
        : 'the link has report_self_message off'
      this.#record({ ...delivery, outcome: 'skipped', reason })
    }
    return undefined
  }

  /** The same of an event that is told again. */
  #recordWritten(delivery: Pick<Delivery, 'seq' | 'since' | 'isReplay'>): void {
    if (this.kind !== 'webhook') this.#record({ ...delivery, outcome: 'written' })
  }

  #record(delivery: Delivery): void {
    this.#tap?.add({ type: 'delivery', at: this.#clock.now(), link: this.#tapped, ...delivery })
  }

  #passOver(seq: Seq): void {
    this.#cursor = seq
    this.#saveCursor()
  }

  #wants(event: Event): boolean {
    return (event.post_type !== 'message_sent' || this.#view.reportsSelf) && this.#permits?.(event) !== false
  }

  async #replayLetter(seq: Seq): Promise<void> {
    const letter = await this.#letter(this.name!, seq)
    this.#letters = this.#letters.filter((other) => other !== seq)
    const isWanted = letter !== undefined && this.#permits?.(letter.event) !== false
    const form = isWanted ? this.#encode({ event: letter.event, seq }).form(this.#view) : undefined
    if (!form) return
    this.#toldAgain.add(seq)
    this.#recordWritten({ seq, since: undefined })
    if (!this.#sink.write(form.outgoing)) this.#isPaused = true
  }

  #writeAgain(event: OutgoingEvent): void {
    const { seq, at } = this.#replays.get(event)!
    this.#recordWritten({ seq, since: at, isReplay: true })
    if (!this.#sink.write(event)) this.#isPaused = true
  }

  async #letter(link: string, seq: Seq) {
    const [letter] = await this.#deadLetters.list({ link, seq, limit: 1 })
    return letter
  }

  #discard(seq: Seq): void {
    this.#deadLetters.remove(this.name!, seq).catch((error: unknown) => {
      this.#log.error({ link: this.name, seq, err: error }, 'a dead letter that was taken after all cannot be removed')
    })
  }

  #saveCursor(): void {
    if (this.name === undefined) return
    // With everything written also taken, what was passed over after it need not be looked at again.
    this.#journal.advance(this.name, this.#taken >= this.#written ? this.#cursor : this.#taken)
  }
}
