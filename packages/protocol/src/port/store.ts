/// <reference lib="esnext.disposable" preserve="true" />
import type { UserId } from '../ids.ts'
import type { BackendState } from './backend-state.ts'
import type { CallMemory } from './call-memory.ts'
import type { DeadLetters } from './dead-letters.ts'
import type { Journal } from './journal.ts'
import type { MediaStore } from './media-store.ts'
import type { MessageStore } from './message-store.ts'

/** What is remembered of one account. Whoever holds it is the account's only writer. */
export interface AccountStore {
  readonly journal: Journal
  readonly messages: MessageStore
  readonly state: BackendState
  readonly deadLetters: DeadLetters
  readonly calls: CallMemory
}

/** How much of a person was erased. */
export interface Forgotten {
  /** Messages that are gone, and messages of others in which something of the person's was quoted. */
  readonly messages: number
  /** Events that are gone from journals and dead letters, those of the messages included. */
  readonly events: number
  /** Files that nobody else refers to. */
  readonly media: number
}

/** Everything that survives a restart. */
export interface Store extends AsyncDisposable {
  account(selfId: UserId): AccountStore
  readonly media: MediaStore
  /** What is remembered before it is known whose it is, such as who an account was. */
  readonly state: BackendState
  /**
   * Erases what a person said and what the account said to them alone: messages and events of every account, their part
   * in bundles that others sent, and files that are left with nobody. Numbers are not given again. What a backend keeps
   * for itself is its own.
   */
  forget(person: UserId): Promise<Forgotten>
}
