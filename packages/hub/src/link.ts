import type { EventFilter } from '@seekyou/event-filter'
import type { MessageFormat } from '@seekyou/message'
import type { Clock, Dialect, Event, EventSink, Journal, JournalEntry, Logger, Seq } from '@seekyou/protocol'
import type { EncodedEvent } from './encoded-event.ts'

/** What a link wants of the events. */
export interface LinkView {
  readonly dialect: Dialect
  readonly format: MessageFormat
  /** Another one after reload_event_filter. */
  filter: EventFilter | undefined
  readonly reportsSelf: boolean
  /** Milliseconds; an event older than this when its turn comes is skipped. */
  readonly replayMaxAgeMs: number
}

interface LinkSetup {
  readonly name?: string | undefined
  readonly sink: EventSink
  readonly view: LinkView
  readonly journal: Journal
  readonly encode: (event: Event, seq: Seq | undefined) => EncodedEvent
  readonly clock: Clock
  readonly log: Logger
}

/** How many entries are read from the journal at a time while a link catches up. */
const BATCH = 64

/**
 * A reader of the journal on behalf of one link. While it keeps up it is pushed to; when its sink asks for a pause, or
 * when it begins behind, it goes on from the journal at its own pace. Nothing waits in memory.
 */
export class Link {
  readonly name: string | undefined
  readonly #sink: EventSink
  readonly #view: LinkView
  readonly #journal: Journal
  readonly #encode: LinkSetup['encode']
  readonly #clock: Clock
  readonly #log: Logger

  /** The last event whose turn has come, written or passed over. */
  #cursor: Seq
  /** The newest event known of. */
  #newest: Seq
  /** Up to here events were asked for, and their age is no reason to skip them. */
  #askedUpTo: Seq = 0
  /** The last event that was really written, and the last that the client has. */
  #written: Seq = 0
  #taken: Seq = 0
  #isPaused = false
  #isReading = false
  #isEnded = false

  constructor({ name, sink, view, journal, encode, clock, log }: LinkSetup) {
    this.name = name
    this.#sink = sink
    this.#view = view
    this.#journal = journal
    this.#encode = encode
    this.#clock = clock
    this.#log = log
    this.#newest = journal.last()
    this.#cursor = this.#newest
  }

  /** Finds where the link begins, `after` an event or where a link of this name left off, and goes on from there. */
  async restore(after?: Seq): Promise<void> {
    if (this.name === undefined && after === undefined) return
    this.#isReading = true
    try {
      const saved = this.name === undefined ? undefined : await this.#journal.cursor(this.name)
      // A name never seen begins now: its cursor is saved so that even its first outage is made up for.
      if (this.name !== undefined && saved === undefined) this.#journal.advance(this.name, this.#cursor)
      if (after !== undefined) this.#askedUpTo = this.#newest
      this.#cursor = Math.min(after ?? saved ?? this.#cursor, this.#newest)
      this.#written = this.#taken = this.#cursor
    } finally {
      this.#isReading = false
    }
    await this.#catchUp()
  }

  /** Hears of a new entry. */
  offer(encoded: EncodedEvent & { readonly seq: Seq }): void {
    if (this.#isEnded || encoded.seq <= this.#newest) return
    this.#newest = encoded.seq
    if (this.#isPaused || this.#isReading) return
    if (encoded.seq === this.#cursor + 1) this.#pass(encoded)
    else this.#goOn()
  }

  /** Tells an event that is not in the journal: now or never. */
  tell(encoded: EncodedEvent, options: { readonly isFiltered: boolean }): void {
    if (this.#isEnded) return
    const form = encoded.form(this.#view.dialect, this.#view.format)
    if (!form || (options.isFiltered && this.#view.filter?.test(form.wire) === false)) return
    if (!this.#sink.write(form.outgoing)) this.#isPaused = true
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  taken(seq: Seq): void {
    if (seq <= this.#taken) return
    this.#taken = seq
    this.#saveCursor()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#goOn()
  }

  end(): void {
    this.#isEnded = true
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** The account ends the link. */
  close(reason: string): void {
    if (this.#isEnded) return
    this.#isEnded = true
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
      while (this.#mayGoOn()) {
        const entries = await this.#journal.read(this.#cursor, BATCH)
        // Retention may have removed what this link never read; what is gone is gone.
        if (entries.length === 0) this.#cursor = this.#newest
        for (const entry of entries) {
          if (!this.#mayGoOn()) return
          this.#replay(entry)
        }
      }
    } finally {
      this.#isReading = false
    }
  }

  #mayGoOn(): boolean {
    return !this.#isPaused && !this.#isEnded && this.#cursor < this.#newest
  }

  #replay({ seq, at, event }: JournalEntry): void {
    const isTooOld = seq > this.#askedUpTo && this.#clock.now() - at > this.#view.replayMaxAgeMs
    if (!isTooOld) return this.#pass(this.#encode(event, seq))
    this.#passOver(seq)
  }

  #pass(encoded: EncodedEvent): void {
    const seq = encoded.seq!
    const form = this.#wants(encoded.event) ? encoded.form(this.#view.dialect, this.#view.format) : undefined
    if (!form || this.#view.filter?.test(form.wire) === false) return this.#passOver(seq)
    this.#cursor = seq
    this.#written = seq
    if (!this.#sink.write(form.outgoing)) this.#isPaused = true
  }

  #passOver(seq: Seq): void {
    this.#cursor = seq
    this.#saveCursor()
  }

  #wants(event: Event): boolean {
    return event.post_type !== 'message_sent' || this.#view.reportsSelf
  }

  #saveCursor(): void {
    if (this.name === undefined) return
    // With everything written also taken, what was passed over after it need not be looked at again.
    this.#journal.advance(this.name, this.#taken >= this.#written ? this.#cursor : this.#taken)
  }
}
