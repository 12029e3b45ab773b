import { existsSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue } from 'node:sqlite'
import type { Clock, Logger } from '@seekyou/protocol'
import { createPrivateFile } from './data-folder.ts'
import type { FolderLock } from './data-folder.ts'
import type { StoreOptions } from './options.ts'
import { migrations } from './schema.ts'
import { reasonOf, StoreUnavailable } from './store-unavailable.ts'

/** How long a write waits for someone who writes to the file by hand. The whole process waits with it. */
const BUSY_TIMEOUT_MS = 2000

/** A burst must not leave its whole log on disk for ever. */
const WAL_BYTES_KEPT = 64 * 1024 * 1024

export interface DatabaseSetup {
  readonly dataDir: string
  readonly sync: StoreOptions['sync']
  /** Refuses a damaged file instead of setting it aside. */
  readonly strict: boolean
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Opens `seekyou.db` in a data directory that this process holds, and brings it up to date. A damaged file is set aside
 * and a new one begins, unless that is forbidden.
 * @throws StoreUnavailable
 */
export function openDatabase(setup: DatabaseSetup): DatabaseSync {
  const path = join(setup.dataDir, 'seekyou.db')
  try {
    try {
      return open(path, setup)
    } catch (error) {
      if (!isDamage(error)) throw error
      if (setup.strict) throw refusalOf(path, error)
      const aside = setAside(path, setup.clock)
      const fields = { database: path, aside, reason: reasonOf(error) }
      setup.log.warn(fields, 'the database is damaged; it was set aside and a new one begins')
      return open(path, setup)
    }
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error
    // SQLite calls many of these a disk I/O error.
    const room = statfsSync(setup.dataDir).bavail > 0 ? '' : '; no space is left on its disk'
    throw new StoreUnavailable(`The database ${path} cannot be opened: ${reasonOf(error)}${room}.`, error)
  }
}

function open(path: string, { sync }: DatabaseSetup): DatabaseSync {
  const size = sizeOf(path)
  // The log of SQLite, or ours; see tail.ts.
  const hasLog = sizeOf(`${path}-wal`) > 0 || sizeOf(`${path}-tail`) > 0
  if (hasLog) checkAfterCrash(path, size)
  createPrivateFile(path)
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${sync}; PRAGMA journal_size_limit = ${WAL_BYTES_KEPT}`)
    if (!hasLog) checkAfterClose(db, size)
    migrate(db, path)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * A log that is still there means that the last process did not end by itself. Only then is the whole file read, and
 * without the right to write: closing a damaged file would else move the log into it.
 */
function checkAfterCrash(path: string, size: number): void {
  if (size === 0) throw new DamagedDatabase('the file is empty, its log is not')
  using db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  const [verdict] = query<[string]>(db, 'PRAGMA quick_check(1)').one()!
  if (verdict !== 'ok') throw new DamagedDatabase(verdict)
}

/** The checks that cost nothing: SQLite compares the length with its first page, but not to the byte. */
function checkAfterClose(db: DatabaseSync, size: number): void {
  const [pageSize] = query<[number]>(db, 'PRAGMA page_size').one()!
  if (size % pageSize !== 0) throw new DamagedDatabase('the last page is cut off')
  db.exec('SELECT count(*) FROM sqlite_schema')
}

function migrate(db: DatabaseSync, path: string): void {
  const [version] = query<[number]>(db, 'PRAGMA user_version').one()!
  if (version > migrations.length) {
    throw new StoreUnavailable(
      `The database ${path} was written by a newer version of seekyou (its schema is ${version}, this version knows ` +
        `${migrations.length}); use that version, or choose another data_dir.`,
    )
  }
  if (version === migrations.length) return
  db.exec('BEGIN IMMEDIATE')
  for (const step of migrations.slice(version)) db.exec(step)
  db.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`)
}

class DamagedDatabase extends Error {}

const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

function isDamage(error: unknown): boolean {
  if (error instanceof DamagedDatabase) return true
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return false
  // The low byte is the error, the rest says where it was met.
  const primary = error.errcode & 0xff
  return primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB
}

function refusalOf(path: string, error: unknown): StoreUnavailable {
  return new StoreUnavailable(
    `The database ${path} is damaged: ${reasonOf(error)}. Put a copy in its place, or start without strict (the flag ` +
      '--strict-store, the option store.strict): then it is set aside, and a new one begins.',
    error,
  )
}

/** Moves the file, its log and its tail out of the way, together: what can be saved by hand may be in any of them. */
function setAside(path: string, clock: Clock): string {
  const aside = `${path}.damaged-${new Date(clock.now()).toISOString().replaceAll(/[-:.]/g, '')}`
  renameSync(path, aside)
  for (const part of ['-wal', '-tail']) if (existsSync(path + part)) renameSync(path + part, aside + part)
  rmSync(`${path}-shm`, { force: true })
  return aside
}

/** A prepared query; its rows come as arrays, which are cheaper than objects. */
export interface Query<Row> {
  one(...values: SQLInputValue[]): Row | undefined
  all(...values: SQLInputValue[]): Row[]
}

/** Prepares a query whose rows have the columns `Row`. */
export function query<Row extends readonly unknown[]>(db: DatabaseSync, sql: string): Query<Row> {
  const statement = db.prepare(sql)
  statement.setReturnArrays(true)
  return {
    one: (...values) => statement.get(...values) as Row | undefined,
    all: (...values) => statement.all(...values) as unknown as Row[],
  }
}

/** Prepares a write that changes nothing: whether it can be done says whether anything can be written. */
export function prepareTouch(db: DatabaseSync): () => void {
  const touch = db.prepare(`PRAGMA user_version = ${migrations.length}`)
  return () => void touch.run()
}

/** Does all of `work` or, if it throws, nothing of it. */
export type Transaction = (work: () => void) => void

/**
 * Prepares what every transaction begins and ends with. Whoever can write refers to the lock by this, so that it is
 * never collected, and thereby given up, while the store is in use.
 */
export function prepareTransaction(db: DatabaseSync, lock: FolderLock): Transaction {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  return (work) => {
    if (!lock.isHeld) throw new Error('the store is closed')
    begin.run()
    try {
      work()
      commit.run()
    } catch (error) {
      // On a full disk SQLite may already have rolled back by itself.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
}
