/**
 * A backend's own durable memory: small JSON values by key, kept with the account.
 * Writes follow the rule of the journal: those of one turn commit together with its events and messages.
 */
export interface BackendState {
  /** Every key and value, in key order. */
  entries(): Promise<Iterable<readonly [key: string, value: unknown]>>
  /** The value of one key as it was last saved; `undefined` for a key that is not there. */
  get(key: string): Promise<unknown>
  put(key: string, value: unknown): void
  delete(key: string): void
  /** Resolves once everything written so far is safe; rejects if what this turn wrote could not be, none of it then. */
  saved(): Promise<void>
}
