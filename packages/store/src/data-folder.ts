import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { reasonOf, StoreUnavailable } from './store-unavailable.ts'

/** Makes the data directory, readable by nobody else, and takes it for this process until disposed. */
export function takeDataFolder(dataDir: string): Disposable {
  makeFolder(dataDir)
  const path = join(dataDir, 'seekyou.lock')
  createPrivateFile(path)
  return holdLock(dataDir, path)
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    if (isFile(dataDir)) throw new StoreUnavailable(`The data directory ${dataDir} is a file, not a directory.`, error)
    throw new StoreUnavailable(`The data directory ${dataDir} cannot be created: ${reasonOf(error)}.`, error)
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/**
 * Creates a file that only its owner can read; SQLite would take the umask's word for it.
 * An existing file is not even opened: closing it again would drop the locks that this process holds on it.
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
    throw new StoreUnavailable(`The data directory cannot be written: ${reasonOf(error)}.`, error)
  }
}

/**
 * Holds a lock that ends with the process, however it ends: an exclusive transaction on an empty database, the only
 * file lock that Node has on every platform. The real database stays open to readers, for backups and queries by hand.
 */
function holdLock(dataDir: string, path: string): Disposable {
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(path, { timeout: 0 })
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    if (reasonOf(error).includes('locked')) {
      throw new StoreUnavailable(
        `The data directory ${dataDir} is in use by another process; stop that one, or choose another data_dir.`,
        error,
      )
    }
    throw new StoreUnavailable(`The data directory ${dataDir} cannot be locked: ${reasonOf(error)}.`, error)
  }
  const held = lock
  return { [Symbol.dispose]: () => held.close() }
}
