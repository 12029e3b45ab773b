import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { reasonOf, StoreUnavailable } from './store-unavailable.ts'

/** The right to write in a data directory, which one store at a time has. */
export interface FolderLock extends Disposable {
  readonly isHeld: boolean
}

/** Makes the data directory, readable by nobody else, and takes it for this process until disposed. */
export function takeDataFolder(dataDir: string): FolderLock {
  makeFolder(dataDir)
  checkRights(dataDir)
  const path = join(dataDir, 'seekyou.lock')
  createPrivateFile(path)
  return holdLock(dataDir, path)
}

function makeFolder(dataDir: string): void {
  try {
    createFolder(resolve(dataDir))
  } catch (error) {
    const sentence = isExisting(error)
      ? `The data directory ${dataDir} is a file, not a directory.`
      : `The data directory ${dataDir} cannot be created: ${reasonOf(error)}.`
    throw new StoreUnavailable(sentence, error)
  }
}

/** Not by Node's `recursive`: that never returns where a folder is there and takes none, such as /proc. */
function createFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
    const parent = dirname(path)
    if (existsSync(parent)) throw error
    createFolder(parent)
    createFolder(path)
  }
}

/** What SQLite may not write it opens to read, and it fails only once something happens. */
function checkRights(dataDir: string): void {
  const files = ['seekyou.lock', ...['', '-wal', '-shm', '-tail'].map((part) => `seekyou.db${part}`)]
  for (const path of [dataDir, ...files.map((file) => join(dataDir, file)).filter((file) => existsSync(file))]) {
    try {
      accessSync(path, constants.R_OK | constants.W_OK)
    } catch (error) {
      const [me, owner] = [process.getuid?.(), statSync(path).uid]
      const whose = me === undefined || me === owner ? '' : ` (it is of user ${owner}, and this is user ${me})`
      throw new StoreUnavailable(`The data directory ${dataDir} cannot be written: ${reasonOf(error)}${whose}.`, error)
    }
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}

/**
 * Creates a file that only its owner can read; SQLite would take the umask's word for it.
 * An existing file is not even opened: closing it again would drop the locks that this process holds on it.
 */
export function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (isExisting(error)) return
    throw new StoreUnavailable(`The data directory ${dirname(path)} cannot be written: ${reasonOf(error)}.`, error)
  }
}

/**
 * Holds a lock that ends with the process, however it ends: an exclusive transaction on an empty database, the only
 * file lock that Node has on every platform. The real database stays open to readers, for backups and queries by hand.
 */
function holdLock(dataDir: string, path: string): FolderLock {
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
  return {
    get isHeld() {
      return held.isOpen
    },
    [Symbol.dispose]: () => held.close(),
  }
}
