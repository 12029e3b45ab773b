import type { UserId } from '../ids.ts'
import type { BackendState } from './backend-state.ts'
import type { Journal } from './journal.ts'
import type { MediaStore } from './media-store.ts'
import type { MessageStore } from './message-store.ts'

/** What is remembered of one account. Whoever holds it is the account's only writer. */
export interface AccountStore {
  readonly journal: Journal
  readonly messages: MessageStore
  readonly state: BackendState
}

/** Everything that survives a restart. */
export interface Store extends AsyncDisposable {
  account(selfId: UserId): AccountStore
  readonly media: MediaStore
  /** What is remembered before it is known whose it is, such as who an account was. */
  readonly state: BackendState
}
