import type { DatabaseSync } from 'node:sqlite'
import { isMessage } from '@seekyou/protocol'
import type { Clock, Journal, JournalEntry, NetworkEvent, Seq, Timer, UserId } from '@seekyou/protocol'
import { query } from './database.ts'
import type { EventTexts } from './event-text.ts'
import type { GroupCommit } from './group-commit.ts'

/** How long a moved cursor may wait to be saved; what a crash repeats to a link. */
const CURSOR_DELAY_MS = 200

/** The statements that the journals of all accounts share. */
export type JournalQueries = ReturnType<typeof prepareJournal>

export function prepareJournal(db: DatabaseSync) {
  return {
    // Where the newest entry was removed by retention, the account remembers its place.
    tip: query<[seq: number, lastByte: number]>(
      db,
      `SELECT seq, last_byte FROM (
         SELECT * FROM (SELECT seq, last_byte FROM journal WHERE self_id = ?1 ORDER BY seq DESC LIMIT 1)
         UNION ALL SELECT last_seq, last_byte FROM account WHERE self_id = ?1
       ) ORDER BY seq DESC LIMIT 1`,
    ),
    append: db.prepare(
      `INSERT INTO journal (self_id, seq, at, last_byte, message_id, body) VALUES (?1, ?2, ?3, ?4, ?5,
         CASE WHEN EXISTS (SELECT 1 FROM message WHERE self_id = ?1 AND message_id = ?5 AND body = ?6) THEN NULL ELSE ?6 END)`,
    ),
    appendStored: db.prepare(
      'INSERT INTO journal (self_id, seq, at, last_byte, message_id, body) VALUES (?, ?, ?, ?, ?, NULL)',
    ),
    // An entry whose message was forgotten has no text any more and is skipped.
    read: query<[seq: number, at: number, body: string]>(
      db,
      `SELECT j.seq, j.at, coalesce(j.body, m.body) AS text
       FROM journal j LEFT JOIN message m ON j.body IS NULL AND m.self_id = j.self_id AND m.message_id = j.message_id
       WHERE j.self_id = ? AND j.seq > ? AND text IS NOT NULL
       ORDER BY j.seq LIMIT ?`,
    ),
    cursors: query<[link: string, seq: number]>(db, 'SELECT link, seq FROM cursor WHERE self_id = ?'),
    saveCursor: db.prepare('INSERT OR REPLACE INTO cursor (self_id, link, seq) VALUES (?, ?, ?)'),
  }
}

interface Tip {
  readonly seq: Seq
  /** Bytes of all entries ever appended. */
  readonly lastByte: number
}

/** The journal of one account. */
export class SqliteJournal implements Journal {
  readonly #selfId: UserId
  readonly #queries: JournalQueries
  readonly #commits: GroupCommit
  readonly #clock: Clock
  readonly #texts: EventTexts
  /** The newest entry that is safe, and the newest that is being written. */
  #tip: Tip
  #writing: Tip
  readonly #cursors: Map<string, Seq>
  readonly #movedLinks = new Set<string>()
  #saving: Timer | undefined

  constructor(
    selfId: UserId,
    queries: JournalQueries,
    { commits, clock, texts }: { readonly commits: GroupCommit; readonly clock: Clock; readonly texts: EventTexts },
  ) {
    this.#selfId = selfId
    this.#queries = queries
    this.#commits = commits
    this.#clock = clock
    this.#texts = texts
    const [seq, lastByte] = queries.tip.one(selfId) ?? [0, 0]
    this.#tip = this.#writing = { seq, lastByte }
    this.#cursors = new Map(queries.cursors.all(selfId))
  }

  append(event: NetworkEvent): Promise<JournalEntry> {
    return new Promise((resolve, reject) => {
      const text = this.#texts.of(event)
      const at = this.#clock.now()
      const messageId = isMessage(event) ? event.message_id : null
      let tip: Tip | undefined
      let isMessageText = false
      const takePlace = (): Tip => {
        isMessageText = text.isStored
        const { seq, lastByte } = this.#writing
        return (this.#writing = { seq: seq + 1, lastByte: lastByte + text.bytes })
      }
      this.#commits.add({
        record: () => {
          tip = takePlace()
          return isMessageText
            ? `["told",${this.#selfId},${tip.seq},${at},${messageId}]`
            : `["event",${this.#selfId},${tip.seq},${at},${text.json}]`
        },
        apply: () => {
          const { seq, lastByte } = (tip ??= takePlace())
          if (isMessageText) this.#queries.appendStored.run(this.#selfId, seq, at, lastByte, messageId)
          else this.#queries.append.run(this.#selfId, seq, at, lastByte, messageId, text.json)
        },
        committed: () => {
          this.#tip = tip!
          resolve({ seq: tip!.seq, at, event })
        },
        failed: (error) => {
          this.#writing = this.#tip
          reject(error)
        },
      })
    })
  }

  async read(after: Seq, limit: number): Promise<readonly JournalEntry[]> {
    this.#commits.catchUp()
    const rows = this.#queries.read.all(this.#selfId, after, Math.max(0, limit))
    return rows.map(([seq, at, body]) => ({ seq, at, event: JSON.parse(body) as NetworkEvent }))
  }

  last(): Seq {
    return this.#tip.seq
  }

  async cursor(link: string): Promise<Seq | undefined> {
    return this.#cursors.get(link)
  }

  async cursors(): Promise<ReadonlyMap<string, Seq>> {
    return new Map(this.#cursors)
  }

  advance(link: string, seq: Seq): void {
    const known = this.#cursors.get(link)
    if (known !== undefined && seq <= known) return
    this.#cursors.set(link, seq)
    this.#movedLinks.add(link)
    // A crash may repeat events to a link that is known; one whose name it forgets would miss them.
    if (known === undefined) this.saveCursors()
    else this.#saving ??= this.#clock.setTimeout(() => this.saveCursors(), CURSOR_DELAY_MS)
  }

  /** Saves the cursors that moved with the next commit. */
  saveCursors(): void {
    this.#saving?.cancel()
    this.#saving = undefined
    if (this.#movedLinks.size === 0) return
    const moved = [...this.#movedLinks]
    this.#movedLinks.clear()
    const places = moved.map((link) => [link, this.#cursors.get(link)!] as const)
    this.#commits.add({
      record: () => places.map((place) => JSON.stringify(['cursor', this.#selfId, ...place])).join(','),
      apply: () => {
        for (const [link, seq] of places) this.#queries.saveCursor.run(this.#selfId, link, seq)
      },
      // They are saved with the next move; until then a crash would only repeat more.
      failed: () => {
        for (const link of moved) this.#movedLinks.add(link)
      },
    })
  }
}
