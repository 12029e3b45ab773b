import { createRing } from './ring.ts'
import { readFilter } from './record-filter.ts'
import type { RecordFilter } from './record-filter.ts'
import type { DeliveryRecord, TapRecord } from './tap-record.ts'

/** One thing that happened; of an event, with what became of it on each link. */
export interface Entry {
  /** Stays the same for as long as the entry is kept. */
  readonly key: number
  readonly record: TapRecord
  /** In the order in which they came. */
  readonly deliveries: readonly DeliveryRecord[]
}

/** One line of the list: an entry, or the newest delivery of it on one link. The same object until it looks different. */
export interface Row {
  readonly key: string
  readonly entry: Entry
  readonly delivery?: DeliveryRecord
}

/** What is shown at one moment. */
export interface TimelineView {
  readonly rows: readonly Row[]
  /** Entries that are kept, whether or not the filter wants them. */
  readonly kept: number
  /** Rows that went from the top since the timeline was made: what is below moves up by so many. */
  readonly rowsGone: number
  /** What has come since it was paused; undefined while it is not. */
  readonly waiting: number | undefined
  /** See `Timeline.isFull`. */
  readonly isFull: boolean
}

/** Everything that the inspector knows, outside of React. */
export interface Timeline {
  /** Takes records as they come; nothing is drawn for it. */
  add(records: readonly TapRecord[]): void
  /**
   * Finds out what a filter wants, for as long as it may go on, and shows nothing yet; false if it is not done. With all
   * of it found out `filter` takes no time.
   */
  prepare(filter: RecordFilter, mayGoOn: () => boolean): boolean
  /** Shows only what the filter wants. */
  filter(filter: RecordFilter): void
  /** Holds the view as it is; what comes is kept behind it. */
  pause(): void
  resume(): void
  /** Forgets everything. */
  clear(): void
  /** The same object until something changed. */
  view(): TimelineView
  /** Whether it is paused and cannot keep more behind the pause. */
  isFull(): boolean
  /** The id of the newest record that came; undefined before the first. */
  newest(): number | undefined
  /** The event with this number, if it is still kept. */
  event(seq: number): Entry | undefined
  /** The entry with this key, as it is now. */
  entry(key: number): Entry | undefined
  /** All that is kept, oldest first. */
  entries(): Iterable<Entry>
}

/** An entry, and what of it was shown last. */
interface Kept {
  readonly key: number
  readonly record: TapRecord
  deliveries: readonly DeliveryRecord[]
  /** What others see of it: another object after every change. */
  entry: Entry
  rows: readonly Row[]
  /** The filter that chose `rows`; undefined if they must be chosen anew. */
  filter: RecordFilter | undefined
  /** Rows that another filter chose already. */
  ahead: { readonly filter: RecordFilter; readonly rows: readonly Row[] } | undefined
}

/** As many deliveries of one event are kept. */
const MOST_DELIVERIES = 200
/** As many events are looked at when one acknowledgement stands for several. */
const MOST_AT_ONCE = 1000

/** An empty timeline that keeps so many entries, and as many again while it is paused. */
export function createTimeline(capacity: number): Timeline {
  let ring = createRing<Kept>(capacity)
  let behind: TapRecord[] = []
  let bySeq = new Map<number, Kept>()
  let nextKey = 0
  let newest: number | undefined
  let isPaused = false
  let wanted = readFilter('')
  let rowsGone = 0
  let shown: TimelineView | undefined

  function isFull(): boolean {
    return behind.length >= capacity
  }

  function attach(kept: Kept, delivery: DeliveryRecord): void {
    kept.deliveries = [...kept.deliveries.slice(1 - MOST_DELIVERIES), delivery]
    kept.entry = { key: kept.key, record: kept.record, deliveries: kept.deliveries }
    kept.filter = kept.ahead = undefined
  }

  /** Puts a delivery below its event; false if that is not here. */
  function attachToEvents(delivery: DeliveryRecord): boolean {
    const { seq, after, link } = delivery
    const kept = seq === undefined ? undefined : bySeq.get(seq)
    if (!kept) return false
    attach(kept, delivery)
    if (after === undefined) return true
    // One word for all that was written before it.
    for (let earlier = seq! - 1; earlier > Math.max(after, seq! - MOST_AT_ONCE); earlier--) {
      const other = bySeq.get(earlier)
      const last = other?.deliveries.findLast((known) => known.link === link)
      if (other && last?.outcome === 'written') attach(other, delivery)
    }
    return true
  }

  function take(record: TapRecord): void {
    if (record.type === 'delivery' && attachToEvents(record)) return
    const key = nextKey++
    const entry: Entry = { key, record, deliveries: [] }
    const kept: Kept = { key, record, deliveries: [], entry, rows: [], filter: undefined, ahead: undefined }
    // A resumed stream may tell an event anew; the newest is the one that deliveries belong to.
    if (record.type === 'event') bySeq.set(record.seq, kept)
    const gone = ring.push(kept)
    if (!gone) return
    rowsGone += gone.rows.length
    if (gone.record.type === 'event' && bySeq.get(gone.record.seq) === gone) bySeq.delete(gone.record.seq)
  }

  function chooseRows(): readonly Row[] {
    const rows: Row[] = []
    for (const kept of ring) {
      if (kept.filter !== wanted) {
        kept.rows = kept.ahead?.filter === wanted ? kept.ahead.rows : rowsOf(kept.entry, wanted, kept.rows)
        kept.filter = wanted
        kept.ahead = undefined
      }
      for (const row of kept.rows) rows.push(row)
    }
    return rows
  }

  return {
    add(records) {
      if (records.length === 0) return
      newest = records.findLast(({ id }) => id !== undefined)?.id ?? newest
      if (isPaused) for (const record of records) behind.push(record)
      else for (const record of records) take(record)
      shown = undefined
    },
    prepare(filter, mayGoOn) {
      for (const kept of ring) {
        if (kept.filter === filter || kept.ahead?.filter === filter) continue
        if (!mayGoOn()) return false
        kept.ahead = { filter, rows: rowsOf(kept.entry, filter, kept.rows) }
      }
      return true
    },
    filter(filter) {
      wanted = filter
      shown = undefined
    },
    pause() {
      isPaused = true
      shown = undefined
    },
    resume() {
      isPaused = false
      for (const record of behind) take(record)
      behind = []
      shown = undefined
    },
    clear() {
      ring = createRing(capacity)
      bySeq = new Map()
      behind = []
      shown = undefined
    },
    view() {
      shown ??= {
        rows: chooseRows(),
        kept: ring.length,
        rowsGone,
        waiting: isPaused ? behind.length : undefined,
        isFull: isFull(),
      }
      return shown
    },
    isFull,
    newest: () => newest,
    event: (seq) => bySeq.get(seq)?.entry,
    entry: (key) => {
      const first = ring.at(0)?.key
      // Keys rise by one.
      return first === undefined || key < first ? undefined : ring.at(key - first)?.entry
    },
    *entries() {
      for (const { entry } of ring) yield entry
    },
  }
}

/** The lines of one entry: itself, and of each link the newest delivery; none if the filter does not want it. */
function rowsOf(entry: Entry, filter: RecordFilter, before: readonly Row[]): readonly Row[] {
  const { record, deliveries } = entry
  const newest = new Map(deliveries.map((delivery) => [delivery.link, delivery]))
  const chosen = [...newest.values()].filter((delivery) => filter.matches(record, delivery))
  if (chosen.length === 0 && !filter.matches(record)) return []
  const rows: Row[] = [{ key: String(entry.key), entry }]
  const shown = filter.asksForDeliveries ? chosen : chosen.filter((delivery) => !isRoutine(record, delivery))
  for (const delivery of shown) rows.push({ key: `${entry.key}/${delivery.link}`, entry, delivery })
  return rows.map((row) => before.find((old) => isSame(old, row)) ?? row)
}

/** Most links do not want what the bot says itself; a line for each of them says nothing new. */
function isRoutine(record: TapRecord, { outcome }: DeliveryRecord): boolean {
  return outcome === 'skipped' && record.type === 'event' && record.event['post_type'] === 'message_sent'
}

/** Rows look the same while they tell of the same record: an entry does not show its own deliveries. */
function isSame(one: Row, other: Row): boolean {
  return one.key === other.key && one.delivery === other.delivery && one.entry.record === other.entry.record
}
