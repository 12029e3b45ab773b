import { closeSync, existsSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import type { MessageEvent, NetworkEvent } from '@seekyou/protocol'
import { query } from './database.ts'
import type { StoreOptions } from './options.ts'

/*
 * What was written down last and is not in the database yet, in a file beside it. A transaction of SQLite writes a page
 * of 4 KiB for every table and index it touches, which for one event is ten times the work of adding a line to a file;
 * for many events in one transaction it is little. So a turn is safe once it is a line here, and some turns later the
 * database has it and the file is emptied.
 *
 * The first line names the database and how often the file was emptied, each other line is a turn: whole, or not there.
 */

/** One write, as it stands in the file. */
export type TailRecord =
  | readonly [type: 'message', selfId: number, at: number, event: MessageEvent]
  /** The event is the message of this id, which was written in the same turn. */
  | readonly [type: 'told', selfId: number, seq: number, at: number, messageId: number]
  | readonly [type: 'event', selfId: number, seq: number, at: number, event: NetworkEvent]
  | readonly [type: 'cursor', selfId: number, link: string, seq: number]
  | readonly [type: 'put', selfId: number, key: string, value: unknown]
  | readonly [type: 'delete', selfId: number, key: string]

export interface Tail {
  /** Adds a turn, given as the JSON of its records; safe when this returns. @throws when it could not be added */
  append(records: readonly string[]): void
  /** Notes in the transaction that is running that it has everything that was added. */
  markMoved(): void
  /** Empties the file, once that transaction is committed. */
  clear(): void
  /** Removes the file if it is empty. */
  close(): void
}

export interface TailSetup {
  readonly db: DatabaseSync
  readonly path: string
  readonly sync: StoreOptions['sync']
}

/** The turns that a process that did not end by itself left in the file of a database, which has none of them. */
export function readTail({ db, path }: TailSetup): {
  readonly turns: readonly (readonly TailRecord[])[]
  readonly generation: number
} {
  const { id, moved } = markOf(db)
  // What follows the last line break was being written when the process ended, and was promised to nobody.
  const [head = '', ...lines] = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
  const [name, number] = head.split(' ')
  const generation = Number(number)
  const turns: (readonly TailRecord[])[] = []
  if (name !== id || !(generation > moved)) return { turns, generation: moved }
  for (const line of lines) {
    const turn = readTurn(line)
    // After a power cut the file may end in anything.
    if (!turn) break
    turns.push(turn)
  }
  return { turns, generation }
}

function readTurn(line: string): readonly TailRecord[] | undefined {
  try {
    const turn: unknown = JSON.parse(line)
    return isTurn(turn) ? turn : undefined
  } catch {
    return undefined
  }
}

/** A whole line is one that we wrote, so its shape says enough. */
function isTurn(value: unknown): value is readonly TailRecord[] {
  return Array.isArray(value) && value.every((record) => Array.isArray(record))
}

/** Opens the tail of a database; the file is made for the first turn that is added. */
export function openTail({ db, path, sync }: TailSetup): Tail {
  const mark = db.prepare('UPDATE tail SET moved = ?')
  const { id, moved } = markOf(db)
  let generation = moved + 1
  let file: number | undefined
  let size = 0
  return {
    append(records) {
      file ??= openSync(path, 'w', 0o600)
      const line = `[${records.join(',')}]\n`
      try {
        const end = writeAll(file, size === 0 ? `${id} ${generation}\n${line}` : line, size)
        if (sync === 'full') fdatasyncSync(file)
        size = end
      } catch (error) {
        // The next line must not follow half of this one.
        ftruncateSync(file, size)
        throw error
      }
    },
    markMoved() {
      if (size > 0) mark.run(generation)
    },
    clear() {
      if (size === 0) return
      generation++
      size = 0
      ftruncateSync(file!, 0)
    },
    close() {
      if (file !== undefined) closeSync(file)
      if (size === 0) rmSync(path, { force: true })
    },
  }
}

/** Writes all of a text at a place in a file, and tells where it ends. */
function writeAll(file: number, text: string, at: number): number {
  const written = writeSync(file, text, at)
  const size = Buffer.byteLength(text)
  if (written === size) return at + size
  const bytes = Buffer.from(text)
  let done = written
  while (done < size) done += writeSync(file, bytes, done, size - done, at + done)
  return at + size
}

function markOf(db: DatabaseSync): { readonly id: string; readonly moved: number } {
  const [id, moved] = query<[id: string, moved: number]>(db, 'SELECT id, moved FROM tail').one()!
  return { id, moved }
}
