import type { NetworkEvent } from '../event/event.ts'
import type { Seq } from '../ids.ts'

/** An event at its place in the account's log. */
export interface JournalEntry {
  readonly seq: Seq
  /** When it was written down, in milliseconds since 1970; the event's own time is the network's. */
  readonly at: number
  readonly event: NetworkEvent
}

/**
 * The ordered log of one account's events: append-only, bounded by age, count and bytes. One writer.
 * Writes made in one turn of the event loop, those of the message store and the state included, commit together.
 */
export interface Journal {
  /** Resolves once the event is as safe as the store's durability promises. Seqs rise by one in the order of the calls. */
  append(event: NetworkEvent): Promise<JournalEntry>
  /** The entries after `after`, oldest first, at most `limit`. What retention removed is skipped. */
  read(after: Seq, limit: number): Promise<readonly JournalEntry[]>
  /** The seq of the newest entry; 0 in an empty journal. */
  last(): Seq
  /** How far a named link has read; `undefined` for a name never seen. Survives restarts. */
  cursor(link: string): Promise<Seq | undefined>
  /** Every named link and how far it has read. */
  cursors(): Promise<ReadonlyMap<string, Seq>>
  /** Moves a named link's cursor; never backwards. Saved in the background: a new name with the next commit, a move within 200 ms. */
  advance(link: string, seq: Seq): void
}
