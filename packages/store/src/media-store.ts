import { subtle } from 'node:crypto'
import { readdirSync, unlinkSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { join, resolve as absolute } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate } from 'node:timers/promises'
import type { Clock, Media, MediaStore } from '@seekyou/protocol'
import { query } from './database.ts'
import type { GroupCommit } from './group-commit.ts'
import type { StoreOptions } from './options.ts'
import { reasonOf, StoreUnavailable } from './store-unavailable.ts'

interface MediaSetup {
  readonly db: DatabaseSync
  /** The folder that holds the files, as `<first two digits of the key>/<key>`. */
  readonly folder: string
  readonly sync: StoreOptions['sync']
  readonly commits: GroupCommit
  readonly clock: Clock
}

/** What is kept: nothing stored before a time in milliseconds since 1970, and at most so much. */
interface MediaBounds {
  readonly before: number
  readonly maxBytes: number
  readonly maxCount: number
}

/** How long a count of everything is good for, since it takes a while. */
const COUNTED_MS = 60_000

/** Files removed before others get their turn: each costs the process tens of microseconds. */
const FILES_PER_TURN = 20

/** Files by the hash of what is in them; what is known of each stands in the database. */
export class DiskMediaStore implements MediaStore {
  readonly #folder: string
  readonly #isSynced: boolean
  readonly #commits: GroupCommit
  readonly #clock: Clock
  readonly #queries: ReturnType<typeof prepareMedia>
  /** Keys that are being put, and how often at once: their files are not yet, or again, in the database. */
  readonly #inHand = new Map<string, number>()
  #temporaryFiles = 0
  /** What there is, while it is being pruned. */
  #kept: { bytes: number; count: number } | undefined
  #counted: { readonly at: number; readonly size: { readonly files: number; readonly bytes: number } } | undefined

  constructor({ db, folder, sync, commits, clock }: MediaSetup) {
    this.#folder = absolute(folder)
    this.#isSynced = sync === 'full'
    this.#commits = commits
    this.#clock = clock
    this.#queries = prepareMedia(db)
  }

  async put(
    bytes: Uint8Array<ArrayBuffer>,
    type: string,
    { isCached = false }: { readonly isCached?: boolean } = {},
  ): Promise<Media> {
    const key = Buffer.from(await subtle.digest('SHA-256', bytes)).toString('hex')
    const media = { key, size: bytes.byteLength, type }
    this.#inHand.set(key, (this.#inHand.get(key) ?? 0) + 1)
    try {
      if (!(await this.#holds(media))) await this.#write(key, bytes)
      await this.#remember(media, isCached)
    } finally {
      const others = this.#inHand.get(key)! - 1
      if (others === 0) this.#inHand.delete(key)
      else this.#inHand.set(key, others)
    }
    return media
  }

  async get(key: string): Promise<(Media & { readonly bytes: Uint8Array }) | undefined> {
    const row = this.#queries.get.one(key)
    if (!row) return undefined
    const [type, size] = row
    try {
      const bytes = await readFile(this.#path(key))
      // A power cut may have kept the name of a file and not its bytes.
      return bytes.byteLength === size ? { key, size, type, bytes } : undefined
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  async localPath(key: string): Promise<string | undefined> {
    const row = this.#queries.get.one(key)
    return row && (await this.#holds({ key, type: row[0], size: row[1] })) ? this.#path(key) : undefined
  }

  async clearCache(type = ''): Promise<number> {
    let count = 0
    const keys = this.#queries.cached.all(type, type).map(([key]) => key)
    for (const [index, key] of keys.entries()) {
      if (index % FILES_PER_TURN === FILES_PER_TURN - 1) await setImmediate()
      // In the meantime it may have been put again, perhaps for keeps.
      if (this.#inHand.has(key) || this.#queries.deleteCached.run(key).changes === 0) continue
      removeFile(this.#path(key))
      count++
    }
    return count
  }

  async size(): Promise<{ readonly files: number; readonly bytes: number }> {
    const now = this.#clock.now()
    if (!this.#counted || now - this.#counted.at >= COUNTED_MS) {
      const { count, bytes } = this.#countKept()
      this.#counted = { at: now, size: { files: count, bytes } }
    }
    return this.#counted.size
  }

  #path(key: string): string {
    return join(this.#folder, key.slice(0, 2), key)
  }

  async #holds({ key, size }: Media): Promise<boolean> {
    try {
      return (await stat(this.#path(key))).size === size
    } catch {
      // What is wrong, if anything is, writing will tell.
      return false
    }
  }

  /** The file appears under its name only when it is whole. */
  async #write(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(key)
    const temporary = `${path}.${this.#temporaryFiles++}.tmp`
    try {
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
      const file = await open(temporary, 'w', 0o600)
      try {
        await file.writeFile(bytes)
        if (this.#isSynced) await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      // What cannot be removed now is swept away later.
      await rm(temporary, { force: true }).catch(() => {})
      throw new StoreUnavailable(`The file of a medium cannot be written: ${reasonOf(error)}.`, error)
    }
  }

  #remember({ key, type, size }: Media, isCached: boolean): Promise<void> {
    const at = this.#clock.now()
    return this.#commits.write(() => void this.#queries.put.run(key, type, size, at, Number(isCached)))
  }

  /**
   * Removes what was stored before `before`, and the oldest until no more than `maxBytes` and `maxCount` are left; at
   * most `limit` files. True when there may be more.
   */
  prune({ before, maxBytes, maxCount, limit }: MediaBounds & { readonly limit: number }): boolean {
    // Adding up every file takes a while; within one round of pruning it is done once.
    this.#kept ??= this.#countKept()
    const rows = this.#queries.oldest.all(limit)
    let count = 0
    for (const [key, size, at] of rows) {
      const isBeyond = at < before || this.#kept.bytes > maxBytes || this.#kept.count > maxCount
      if (!isBeyond || !this.remove(key)) continue
      this.#kept.bytes -= size
      this.#kept.count--
      count++
    }
    const isMore = rows.length === limit && count > 0
    if (!isMore) this.#kept = undefined
    return isMore
  }

  #countKept(): { bytes: number; count: number } {
    const [bytes, count] = this.#queries.total.one()!
    return { bytes, count }
  }

  /** Removes a file, unless it is being put again just now; false if it stays. */
  remove(key: string): boolean {
    if (this.#inHand.has(key)) return false
    this.#queries.delete.run(key)
    removeFile(this.#path(key))
    return true
  }

  /** Removes files that the database does not know, left by a crash or by a database that is gone, in one of 256 folders. */
  sweepFolder(index: number): void {
    const folder = join(this.#folder, index.toString(16).padStart(2, '0'))
    for (const name of namesIn(folder)) {
      const key = name.slice(0, 64)
      if (this.#inHand.has(key) || (name === key && this.#queries.get.one(key))) continue
      removeFile(join(folder, name))
    }
  }
}

function prepareMedia(db: DatabaseSync) {
  return {
    get: query<[type: string, size: number]>(db, 'SELECT type, size FROM media WHERE key = ?'),
    put: db.prepare(
      `INSERT INTO media (key, type, size, at, cached) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET type = excluded.type, at = excluded.at, cached = min(cached, excluded.cached)`,
    ),
    cached: query<[key: string]>(db, 'SELECT key FROM media WHERE cached AND substr(type, 1, length(?)) = ?'),
    deleteCached: db.prepare('DELETE FROM media WHERE key = ? AND cached'),
    total: query<[bytes: number, count: number]>(db, 'SELECT total(size), count(*) FROM media'),
    oldest: query<[key: string, size: number, at: number]>(db, 'SELECT key, size, at FROM media ORDER BY at LIMIT ?'),
    delete: db.prepare('DELETE FROM media WHERE key = ?'),
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function removeFile(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
