import type { Logger } from '@seekyou/protocol'
import type { Transaction } from './database.ts'
import { reasonOf, StoreUnavailable } from './store-unavailable.ts'

/** One write of a batch. */
export interface Write {
  /** Does it inside the transaction; what it throws fails the whole batch. */
  apply(): void
  /** It is safe now. */
  committed?(): void
  /** Nothing of its batch was written. */
  failed?(error: StoreUnavailable): void
}

/** Gathers what is written in one turn of the event loop and commits it as one transaction at the end of the turn. */
export class GroupCommit {
  readonly #transaction: Transaction
  readonly #log: Logger
  #messages: Write[] = []
  #others: Write[] = []
  #isDue = false
  #isClosed = false

  constructor(transaction: Transaction, log: Logger) {
    this.#transaction = transaction
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

  /** Commits what has been gathered, now. */
  flush(): void {
    this.#isDue = false
    const batch = this.#messages.length === 0 ? this.#others : this.#messages.concat(this.#others)
    if (batch.length === 0) return
    this.#messages = []
    this.#others = []
    try {
      this.#transaction(() => {
        for (const write of batch) write.apply()
      })
    } catch (error) {
      const failure = new StoreUnavailable(`The database cannot be written: ${reasonOf(error)}.`, error)
      this.#log.error({ err: error, writes: batch.length }, 'a commit failed; nothing of it was written')
      for (const write of batch) write.failed?.(failure)
      return
    }
    for (const write of batch) write.committed?.()
  }

  /** Commits what has been gathered and takes nothing more. */
  close(): void {
    this.flush()
    this.#isClosed = true
  }
}
