import type { DatabaseSync } from 'node:sqlite'
import type { Clock, Logger, Timer } from '@seekyou/protocol'
import { query } from './database.ts'
import type { Transaction } from './database.ts'
import type { DiskMediaStore } from './media-store.ts'
import type { StoreOptions } from './options.ts'

const MIB = 1024 * 1024

const ROUND_MS = 60_000

/** How long a call can be repeated; nobody may count on more than ten minutes. */
const CALLS_KEPT_MS = 15 * 60_000

/*
 * A slice holds up the whole process, so it is kept to a few milliseconds: rows cost microseconds, files tens of them.
 * 200 rows in 20 ms is more than a busy account writes.
 */
const SLICE_PAUSE_MS = 20
const ROWS_PER_SLICE = 200
const FILES_PER_SLICE = 20
const MEDIA_FOLDERS = 256

interface RetentionSetup {
  readonly db: DatabaseSync
  readonly transaction: Transaction
  readonly media: DiskMediaStore
  readonly bounds: Pick<StoreOptions, 'journal' | 'messages' | 'media' | 'dead_letters'>
  readonly clock: Clock
  readonly log: Logger
}

/** Forgets, a little every minute, what is beyond the bounds; until disposed. */
export function startRetention({ db, transaction, media, bounds, clock, log }: RetentionSetup): Disposable {
  const queries = prepareRetention(db)
  let timer: Timer | undefined
  let folder = 0
  schedule(ROUND_MS)
  return { [Symbol.dispose]: () => timer?.cancel() }

  function schedule(delayMs: number): void {
    timer = clock.setTimeout(forgetSome, delayMs)
  }

  function forgetSome(): void {
    let isMore = false
    try {
      transaction(() => {
        const hasMessages = forgetMessages()
        const hasEvents = forgetEvents()
        const hasLetters = forgetLetters()
        const hasCalls = queries.deleteCalls.run(clock.now() - CALLS_KEPT_MS, ROWS_PER_SLICE).changes === ROWS_PER_SLICE
        isMore = hasMessages || hasEvents || hasLetters || hasCalls
      })
      const { max_age, max_size, max_count } = bounds.media
      const files = { before: before(max_age), maxBytes: bound(max_size * MIB), maxCount: bound(max_count) }
      isMore = media.prune({ ...files, limit: FILES_PER_SLICE }) || isMore
      if (!isMore) media.sweepFolder(folder++ % MEDIA_FOLDERS)
    } catch (error) {
      log.error({ err: error }, 'forgetting what is beyond the bounds failed; it is tried again in a minute')
      isMore = false
    }
    schedule(isMore ? SLICE_PAUSE_MS : ROUND_MS)
  }

  function before(maxAgeSeconds: number): number {
    return maxAgeSeconds === 0 ? Number.NEGATIVE_INFINITY : clock.now() - maxAgeSeconds * 1000
  }

  function forgetMessages(): boolean {
    const newest = queries.newestMessage.one()
    if (!newest) return false
    const [newestRow, newestByte] = newest
    const cutoff = before(bounds.messages.max_age)
    // Rows are numbered as they come; where a few were erased, a few less than allowed are kept.
    const lastRow = newestRow - bound(bounds.messages.max_count)
    const lastByte = newestByte - bound(bounds.messages.max_size * MIB)
    const oldest = queries.oldestMessages.all(ROWS_PER_SLICE)
    const last = oldest.findLast(([row, at, byte]) => at < cutoff || row <= lastRow || byte <= lastByte)
    if (!last) return false
    const [rowId] = last
    queries.rememberIds.run(rowId)
    queries.deleteMessages.run(rowId)
    return rowId === oldest.at(-1)![0]
  }

  function forgetLetters(): boolean {
    const { max_age, max_count } = bounds.dead_letters
    const [count] = queries.countLetters.one()!
    const excess = Math.max(0, count - bound(max_count))
    const byAge = queries.deleteLettersBefore.run(before(max_age), ROWS_PER_SLICE).changes
    const byCount = excess > 0 ? queries.deleteOldestLetters.run(Math.min(excess, ROWS_PER_SLICE)).changes : 0
    return byAge === ROWS_PER_SLICE || byCount === ROWS_PER_SLICE
  }

  function forgetEvents(): boolean {
    let isMore = false
    let [selfId] = queries.nextJournal.one(0)!
    while (selfId !== null) {
      if (forgetEventsOf(selfId)) isMore = true
      ;[selfId] = queries.nextJournal.one(selfId)!
    }
    return isMore
  }

  function forgetEventsOf(selfId: number): boolean {
    const [newestSeq, newestByte] = queries.newestEvent.one(selfId)!
    const oldest = queries.oldestEvents.all(selfId, ROWS_PER_SLICE)
    const cutoff = before(bounds.journal.max_age)
    const lastSeq = newestSeq - bound(bounds.journal.max_count)
    const lastByte = newestByte - bound(bounds.journal.max_size * MIB)
    const last = oldest.findLast(([seq, at, byte]) => at < cutoff || seq <= lastSeq || byte <= lastByte)
    if (!last) return false
    const [seq, , byte] = last
    queries.rememberSeq.run(selfId, seq, byte)
    queries.deleteEvents.run(selfId, seq)
    return seq === oldest.at(-1)![0]
  }
}

/** In options 0 stands for no bound. */
function bound(option: number): number {
  return option === 0 ? Number.POSITIVE_INFINITY : option
}

function prepareRetention(db: DatabaseSync) {
  return {
    newestMessage: query<[rowId: number, lastByte: number]>(
      db,
      'SELECT rowid, last_byte FROM message ORDER BY rowid DESC LIMIT 1',
    ),
    oldestMessages: query<[rowId: number, at: number, lastByte: number]>(
      db,
      'SELECT rowid, at, last_byte FROM message ORDER BY rowid LIMIT ?',
    ),
    // Seqs and ids go on from the newest row; what may have been the newest is remembered before it goes.
    rememberIds: db.prepare(
      `INSERT INTO account (self_id, last_message_id)
         SELECT self_id, max(message_id) FROM message WHERE rowid <= ? GROUP BY self_id
       ON CONFLICT DO UPDATE SET last_message_id = max(last_message_id, excluded.last_message_id)`,
    ),
    deleteMessages: db.prepare('DELETE FROM message WHERE rowid <= ?'),

    nextJournal: query<[selfId: number | null]>(db, 'SELECT min(self_id) FROM journal WHERE self_id > ?'),
    newestEvent: query<[seq: number, lastByte: number]>(
      db,
      'SELECT seq, last_byte FROM journal WHERE self_id = ? ORDER BY seq DESC LIMIT 1',
    ),
    oldestEvents: query<[seq: number, at: number, lastByte: number]>(
      db,
      'SELECT seq, at, last_byte FROM journal WHERE self_id = ? ORDER BY seq LIMIT ?',
    ),
    rememberSeq: db.prepare(
      `INSERT INTO account (self_id, last_seq, last_byte) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE
       SET last_seq = max(last_seq, excluded.last_seq), last_byte = max(last_byte, excluded.last_byte)`,
    ),
    deleteEvents: db.prepare('DELETE FROM journal WHERE self_id = ? AND seq <= ?'),

    countLetters: query<[count: number]>(db, 'SELECT count(*) FROM dead_letter'),
    deleteLettersBefore: db.prepare(
      `DELETE FROM dead_letter WHERE (self_id, link, seq) IN (
         SELECT self_id, link, seq FROM dead_letter WHERE at < ? ORDER BY at LIMIT ?)`,
    ),
    deleteOldestLetters: db.prepare(
      `DELETE FROM dead_letter WHERE (self_id, link, seq) IN (
         SELECT self_id, link, seq FROM dead_letter ORDER BY at LIMIT ?)`,
    ),
    deleteCalls: db.prepare(
      'DELETE FROM call WHERE (self_id, key) IN (SELECT self_id, key FROM call WHERE at < ? ORDER BY at LIMIT ?)',
    ),
  }
}
