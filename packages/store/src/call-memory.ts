import type { DatabaseSync } from 'node:sqlite'
import type { CallMemory, RememberedCall, RememberedOutcome, UserId } from '@seekyou/protocol'
import { query } from './database.ts'
import type { GroupCommit } from './group-commit.ts'

/** The statements that the calls of all accounts share. */
export type CallQueries = ReturnType<typeof prepareCalls>

export function prepareCalls(db: DatabaseSync) {
  return {
    find: query<[fingerprint: string, at: number, outcome: string]>(
      db,
      'SELECT fingerprint, at, outcome FROM call WHERE self_id = ? AND key = ?',
    ),
    put: db.prepare('INSERT OR REPLACE INTO call (self_id, key, fingerprint, at, outcome) VALUES (?, ?, ?, ?, ?)'),
    remove: db.prepare('DELETE FROM call WHERE self_id = ? AND key = ?'),
  }
}

/** The calls of one account that may be repeated. */
export class SqliteCallMemory implements CallMemory {
  readonly #selfId: UserId
  readonly #queries: CallQueries
  readonly #commits: GroupCommit

  constructor(selfId: UserId, queries: CallQueries, commits: GroupCommit) {
    this.#selfId = selfId
    this.#queries = queries
    this.#commits = commits
  }

  async find(key: string): Promise<RememberedCall | undefined> {
    const row = this.#queries.find.one(this.#selfId, key)
    if (!row) return undefined
    const [fingerprint, at, outcome] = row
    return { fingerprint, at, outcome: JSON.parse(outcome) as RememberedOutcome }
  }

  put(key: string, { fingerprint, at, outcome }: RememberedCall): Promise<void> {
    const text = JSON.stringify(outcome)
    return this.#commits.write(() => void this.#queries.put.run(this.#selfId, key, fingerprint, at, text))
  }

  remove(key: string): Promise<void> {
    return this.#commits.write(() => void this.#queries.remove.run(this.#selfId, key))
  }
}
