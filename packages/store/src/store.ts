import { join } from 'node:path'
import type { AccountStore, BackendState, Clock, Logger, MediaStore, Store, UserId } from '@seekyou/protocol'
import type * as z from 'zod'
import { prepareState, SqliteBackendState } from './backend-state.ts'
import type { StateQueries } from './backend-state.ts'
import { prepareCalls, SqliteCallMemory } from './call-memory.ts'
import type { CallQueries } from './call-memory.ts'
import { takeDataFolder } from './data-folder.ts'
import { openDatabase, prepareTouch, prepareTransaction } from './database.ts'
import { prepareDeadLetters, SqliteDeadLetters } from './dead-letters.ts'
import type { DeadLetterQueries } from './dead-letters.ts'
import { createErasure } from './erasure.ts'
import { EventTexts } from './event-text.ts'
import { GroupCommit } from './group-commit.ts'
import { prepareJournal, SqliteJournal } from './journal.ts'
import type { JournalQueries } from './journal.ts'
import { DiskMediaStore } from './media-store.ts'
import { prepareMessages, SqliteMessageStore } from './message-store.ts'
import type { MessageQueries } from './message-store.ts'
import { storeOptions } from './options.ts'
import type { StoreOptions } from './options.ts'
import { recover } from './recovery.ts'
import { startRetention } from './retention.ts'
import { openTail } from './tail.ts'

/** Where the store lives and what it needs; everything of `storeOptions` may be added, all of it has defaults. */
export interface StoreSetup extends z.input<typeof storeOptions> {
  /** Made if it does not exist. One process at a time has it. */
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Opens the store of a data directory: `seekyou.db`, what belongs to it, and the folder `media`. A damaged database is set aside with
 * a warning, as `seekyou.db.damaged-<time>`, and a new one begins; with `strict` it is refused.
 * @throws StoreUnavailable when the directory cannot be used, is in use, or was written by a newer version.
 */
export function openStore({ dataDir, clock, log, ...options }: StoreSetup): Promise<Store> {
  return openConfiguredStore({ dataDir, clock, log, options: storeOptions.parse(options, { jitless: true }) })
}

/** The same for whoever has read a configuration, and needs no schema any more. */
export async function openConfiguredStore({
  dataDir,
  clock,
  log,
  options: { sync, strict, ...bounds },
}: Pick<StoreSetup, 'dataDir' | 'clock' | 'log'> & { readonly options: StoreOptions }): Promise<Store> {
  using taken = new DisposableStack()
  const lock = taken.use(takeDataFolder(dataDir))
  const db = openDatabase({ dataDir, sync, strict, clock, log })
  taken.defer(() => db.close())
  const transaction = prepareTransaction(db, lock)
  const queries = {
    journal: prepareJournal(db),
    messages: prepareMessages(db),
    state: prepareState(db),
    deadLetters: prepareDeadLetters(db),
    calls: prepareCalls(db),
  }
  const tailSetup = { db, path: join(dataDir, 'seekyou.db-tail'), sync }
  recover({ ...tailSetup, transaction, queries })
  const tail = openTail(tailSetup)
  taken.defer(() => tail.close())
  const commits = new GroupCommit({ transaction, touch: prepareTouch(db), tail, clock, log })
  const media = new DiskMediaStore({ db, folder: join(dataDir, 'media'), sync, commits, clock })
  taken.use(startRetention({ db, transaction, media, bounds, clock, log }))
  const erase = createErasure({ db, transaction, commits, media })
  return new SqliteStore({ queries, clock, media, commits, erase, taken: taken.move() })
}

interface SqliteStoreParts {
  readonly queries: {
    readonly journal: JournalQueries
    readonly messages: MessageQueries
    readonly state: StateQueries
    readonly deadLetters: DeadLetterQueries
    readonly calls: CallQueries
  }
  readonly clock: Clock
  readonly media: MediaStore
  readonly commits: GroupCommit
  readonly erase: Store['forget']
  /** What is to be given back at the end. */
  readonly taken: DisposableStack
}

class SqliteStore implements Store {
  readonly media: MediaStore
  readonly state: BackendState
  readonly forget: Store['forget']
  readonly #clock: Clock
  readonly #commits: GroupCommit
  readonly #taken: DisposableStack
  readonly #queries: SqliteStoreParts['queries']
  readonly #accounts = new Map<
    UserId,
    { readonly journal: SqliteJournal; readonly messages: SqliteMessageStore } & AccountStore
  >()

  constructor({ queries, clock, media, commits, erase, taken }: SqliteStoreParts) {
    this.media = media
    // No account has the number 0.
    this.state = new SqliteBackendState(0, queries.state, commits)
    this.forget = erase
    this.#clock = clock
    this.#commits = commits
    this.#taken = taken
    this.#queries = queries
  }

  account(selfId: UserId): AccountStore {
    let account = this.#accounts.get(selfId)
    if (!account) {
      const shared = { commits: this.#commits, clock: this.#clock, texts: new EventTexts() }
      account = {
        journal: new SqliteJournal(selfId, this.#queries.journal, shared),
        messages: new SqliteMessageStore(selfId, this.#queries.messages, shared),
        state: new SqliteBackendState(selfId, this.#queries.state, this.#commits),
        deadLetters: new SqliteDeadLetters(selfId, this.#queries.deadLetters, this.#commits),
        calls: new SqliteCallMemory(selfId, this.#queries.calls, this.#commits),
      }
      this.#accounts.set(selfId, account)
    }
    return account
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#taken.disposed) return
    for (const { journal, messages } of this.#accounts.values()) {
      journal.saveCursors()
      messages.saveLastId()
    }
    this.#commits.close()
    // Closing the last connection also moves the log into the database.
    this.#taken.dispose()
  }
}
