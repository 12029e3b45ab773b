import type { Clock, Logger, Timer } from '@seekyou/protocol'
import type { Transaction } from './database.ts'
import { reasonOf, StoreUnavailable } from './store-unavailable.ts'
import type { Tail } from './tail.ts'

/** One write of a batch. */
export interface Write {
  /**
   * The JSON of its `TailRecord`, or nothing where there is nothing to do. Absent: only the database can tell what comes
   * of it. Called at most once, before `apply`.
   */
  record?(): string | undefined
  /** Does it inside the transaction; what it throws fails the whole batch. Called again where that failed. */
  apply(): void
  /** The batch was written down, or the transaction ended, one way or the other. */
  settled?(): void
  /** It is safe now. */
  committed?(): void
  /** Nothing of its batch was written. */
  failed?(error: StoreUnavailable): void
}

/** How long the database may be behind the tail. */
const MOST_BEHIND_MS = 50
/**
 * From when on it gets what is in the tail as soon as a turn is told: events that come at a steady pace wait for it least
 * just then.
 */
const BEHIND_MS = 25
/** The same in writes: the transaction of so many holds everyone up for less than a millisecond. */
const WRITES_BEHIND = 64

export interface GroupCommitSetup {
  readonly transaction: Transaction
  /** Writes something that changes nothing, inside a transaction. */
  readonly touch: () => void
  readonly tail: Tail
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Gathers what is written in one turn of the event loop and makes it safe at the end of the turn, all of it or nothing:
 * in the tail where that will do, else in the database. The database gets what is in the tail some turns at a time.
 */
export class GroupCommit {
  readonly #transaction: Transaction
  readonly #touch: () => void
  readonly #tail: Tail
  readonly #clock: Clock
  readonly #log: Logger
  #messages: Write[] = []
  #others: Write[] = []
  /** What is in the tail, and not in the database. */
  #behind: Write[] = []
  #behindSince = 0
  #moving: Timer | undefined
  /** Set while the database does not take what is in the tail: then nothing more is taken for it. */
  #isStuck = false
  /** Set while nothing can be written: then what only asks whether everything is safe has to be written, too. */
  #isFailing = false
  #isDue = false
  #isClosed = false

  constructor({ transaction, touch, tail, clock, log }: GroupCommitSetup) {
    this.#transaction = transaction
    this.#touch = touch
    this.#tail = tail
    this.#clock = clock
    this.#log = log
  }

  /** Messages are written before everything else of their turn, so that the journal can point at them. */
  addMessage(write: Write): void {
    this.#add(this.#messages, write)
  }

  add(write: Write): void {
    this.#add(this.#others, write)
  }

  /** Does one write and resolves with what it gave, once that is safe. */
  write<Result>(apply: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      let result: Result
      this.add({
        apply: () => {
          result = apply()
        },
        committed: () => resolve(result),
        failed: reject,
      })
    })
  }

  #add(queue: Write[], write: Write): void {
    if (this.#isClosed) {
      write.failed?.(new StoreUnavailable('The store is closed.'))
      return
    }
    queue.push(write)
    if (this.#isDue) return
    this.#isDue = true
    setImmediate(() => this.flush())
  }

  /** Makes what has been gathered safe, now. */
  flush(): void {
    this.#isDue = false
    const batch = this.#messages.length === 0 ? this.#others : this.#messages.concat(this.#others)
    if (batch.length === 0) return
    this.#messages = []
    this.#others = []
    try {
      // What is many writes by itself is as quick in one transaction, and written once.
      const isLarge = batch.length >= WRITES_BEHIND
      if (isLarge || this.#isStuck || !this.#addToTail(batch)) this.#commit(batch)
      this.#isFailing = false
    } catch (error) {
      this.#isFailing = true
      const failure = new StoreUnavailable(`The database cannot be written: ${reasonOf(error)}.`, error)
      this.#log.error({ err: error, writes: batch.length }, 'a commit failed; nothing of it was written')
      for (const write of batch) write.failed?.(failure)
      return
    }
    for (const write of batch) write.committed?.()
  }

  /** Whether the database did not take what is in the tail when it was last given it. */
  get isStuck(): boolean {
    return this.#isStuck
  }

  /**
   * Lets the database have everything that is safe: called before it is read.
   * @throws StoreUnavailable when it does not take it.
   */
  catchUp(): void {
    if (this.#behind.length === 0) return
    try {
      this.#commit([])
    } catch (error) {
      throw new StoreUnavailable(`The database cannot be written: ${reasonOf(error)}.`, error)
    }
  }

  /** Commits what has been gathered and takes nothing more. What the database does not take stays in the tail. */
  close(): void {
    this.flush()
    this.#isClosed = true
    this.#move()
  }

  /** False where a batch is not for the tail, or the tail does not take it. */
  #addToTail(batch: readonly Write[]): boolean {
    if (!batch.every((write) => 'record' in write)) return false
    const records: string[] = []
    for (const write of batch) {
      const record = write.record!()
      if (record !== undefined) records.push(record)
    }
    if (records.length === 0) return !this.#isFailing
    try {
      this.#tail.append(records)
    } catch (error) {
      this.#log.warn({ err: error }, 'seekyou.db-tail cannot be written; the database takes it at once')
      return false
    }
    for (const write of batch) write.settled?.()
    const now = this.#clock.now()
    if (this.#behind.length === 0) {
      this.#behindSince = now
      this.#moving = this.#clock.setTimeout(() => this.#move(), MOST_BEHIND_MS)
    }
    this.#behind.push(...batch)
    const isLong = now - this.#behindSince >= BEHIND_MS || this.#behind.length >= WRITES_BEHIND
    // In the next turn: in this one those who wait for the batch go on.
    if (isLong) setImmediate(() => !this.#isClosed && this.#move())
    return true
  }

  #move(): void {
    try {
      this.catchUp()
    } catch (error) {
      this.#log.error(
        { err: error, writes: this.#behind.length },
        'the database does not take what was written down; it is tried again with the next write',
      )
    }
  }

  /** Writes what is behind and a batch into the database. */
  #commit(batch: readonly Write[]): void {
    this.#moving?.cancel()
    this.#moving = undefined
    const behind = this.#behind
    try {
      this.#transaction(() => {
        for (const write of behind) write.apply()
        for (const write of batch) write.apply()
        if (this.#isFailing) this.#touch()
        this.#tail.markMoved()
      })
      this.#isStuck = false
    } catch (error) {
      this.#isStuck = behind.length > 0
      throw error
    } finally {
      for (const write of behind) write.settled?.()
      for (const write of batch) write.settled?.()
    }
    this.#behind = []
    this.#tail.clear()
  }
}
