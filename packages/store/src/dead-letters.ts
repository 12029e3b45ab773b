import type { DatabaseSync } from 'node:sqlite'
import type { DeadLetter, DeadLetterQuery, DeadLetters, NetworkEvent, Seq, UserId } from '@seekyou/protocol'
import { query } from './database.ts'
import type { GroupCommit } from './group-commit.ts'

/** The statements that the dead letters of all accounts share. */
export type DeadLetterQueries = ReturnType<typeof prepareDeadLetters>

export function prepareDeadLetters(db: DatabaseSync) {
  return {
    put: db.prepare(
      'INSERT OR REPLACE INTO dead_letter (self_id, link, seq, at, tries, reason, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    list: query<Row>(
      db,
      `SELECT link, seq, at, tries, reason, body FROM dead_letter
       WHERE self_id = ?1 AND (?2 IS NULL OR link = ?2) AND (?3 IS NULL OR seq = ?3) AND (link, seq) > (?4, ?5)
       ORDER BY link, seq LIMIT ?6`,
    ),
    count: query<[link: string, letters: number]>(
      db,
      'SELECT link, count(*) FROM dead_letter WHERE self_id = ? GROUP BY link',
    ),
    remove: db.prepare('DELETE FROM dead_letter WHERE self_id = ? AND link = ? AND seq = ?'),
  }
}

type Row = readonly [link: string, seq: number, at: number, tries: number, reason: string, body: string]

/** The dead letters of one account. */
export class SqliteDeadLetters implements DeadLetters {
  readonly #selfId: UserId
  readonly #queries: DeadLetterQueries
  readonly #commits: GroupCommit

  constructor(selfId: UserId, queries: DeadLetterQueries, commits: GroupCommit) {
    this.#selfId = selfId
    this.#queries = queries
    this.#commits = commits
  }

  put({ link, seq, at, tries, reason, event }: DeadLetter): Promise<void> {
    const body = JSON.stringify(event)
    return this.#commits.write(() => void this.#queries.put.run(this.#selfId, link, seq, at, tries, reason, body))
  }

  async list({ link, seq, after, limit }: DeadLetterQuery): Promise<readonly DeadLetter[]> {
    const rows = this.#queries.list.all(
      this.#selfId,
      link ?? null,
      seq ?? null,
      after?.link ?? '',
      after?.seq ?? 0,
      Math.max(0, limit),
    )
    return rows.map(([name, place, at, tries, reason, body]) => {
      return { link: name, seq: place, at, tries, reason, event: JSON.parse(body) as NetworkEvent }
    })
  }

  async count(): Promise<ReadonlyMap<string, number>> {
    return new Map(this.#queries.count.all(this.#selfId))
  }

  remove(link: string, seq: Seq): Promise<boolean> {
    return this.#commits.write(() => this.#queries.remove.run(this.#selfId, link, seq).changes === 1)
  }
}
