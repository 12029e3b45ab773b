/** What became of a call. `running`: it was begun, and nobody has written down how it ended. */
export type RememberedOutcome =
  | { readonly type: 'running' }
  | { readonly type: 'done'; readonly data: unknown }
  | { readonly type: 'later' }
  | { readonly type: 'unknown'; readonly wording: string }

/** A call that its caller may repeat. */
export interface RememberedCall {
  /** Tells this call from another one under the same key. */
  readonly fingerprint: string
  /** When it was begun, in milliseconds since 1970. */
  readonly at: number
  readonly outcome: RememberedOutcome
}

/** The calls of one account that are done once however often they come; each is kept for ten minutes at least. */
export interface CallMemory {
  find(key: string): Promise<RememberedCall | undefined>
  /** Resolves once it is safe: only then may the call be done. What was under the key is replaced. */
  put(key: string, call: RememberedCall): Promise<void>
  remove(key: string): Promise<void>
}
