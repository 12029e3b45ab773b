import type { DatabaseSync } from 'node:sqlite'
import type { BackendState } from '@seekyou/protocol'
import { query } from './database.ts'
import type { GroupCommit } from './group-commit.ts'

/** The statements that the states of all accounts share. */
export type StateQueries = ReturnType<typeof prepareState>

export function prepareState(db: DatabaseSync) {
  return {
    entries: query<[key: string, value: string]>(db, 'SELECT key, value FROM state WHERE self_id = ? ORDER BY key'),
    get: query<[value: string]>(db, 'SELECT value FROM state WHERE self_id = ? AND key = ?'),
    put: db.prepare('INSERT OR REPLACE INTO state (self_id, key, value) VALUES (?, ?, ?)'),
    delete: db.prepare('DELETE FROM state WHERE self_id = ? AND key = ?'),
  }
}

/** The state of one account's backend. */
export class SqliteBackendState implements BackendState {
  readonly #selfId: number
  readonly #queries: StateQueries
  readonly #commits: GroupCommit
  /** What was changed last and is not in the database yet. */
  readonly #behind = new Set<string>()

  constructor(selfId: number, queries: StateQueries, commits: GroupCommit) {
    this.#selfId = selfId
    this.#queries = queries
    this.#commits = commits
  }

  async entries(): Promise<Iterable<readonly [key: string, value: unknown]>> {
    this.#commits.catchUp()
    return this.#queries.entries.all(this.#selfId).map(([key, value]) => [key, JSON.parse(value) as unknown] as const)
  }

  async get(key: string): Promise<unknown> {
    // Whoever reads what has long been there need not wait for what was written last.
    if (this.#behind.has(key) || this.#commits.isStuck) this.#commits.catchUp()
    const row = this.#queries.get.one(this.#selfId, key)
    return row && (JSON.parse(row[0]) as unknown)
  }

  put(key: string, value: unknown): void {
    // `stringify` says that it always returns text; of `undefined` and functions it does not.
    const text = JSON.stringify(value) as string | undefined
    if (text === undefined) throw new TypeError(`the state of a backend is JSON, and "${key}" is not`)
    this.#change(key, `["put",${this.#selfId},${JSON.stringify(key)},${text}]`, () => {
      this.#queries.put.run(this.#selfId, key, text)
    })
  }

  delete(key: string): void {
    this.#change(key, JSON.stringify(['delete', this.#selfId, key]), () => {
      this.#queries.delete.run(this.#selfId, key)
    })
  }

  #change(key: string, record: string, run: () => void): void {
    this.#commits.add({
      record: () => {
        this.#behind.add(key)
        return record
      },
      apply: () => {
        this.#behind.delete(key)
        run()
      },
    })
  }

  saved(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#commits.add({ record: () => undefined, apply: () => undefined, committed: resolve, failed: reject })
    })
  }
}
