import type { ActionFailure } from './failure.ts'

/** How a call ended. `later` is the promise of `_async`: accepted, done afterwards, its result only logged. */
export type Outcome =
  | { readonly type: 'done'; readonly data: unknown }
  | { readonly type: 'later' }
  /** The network may have done it and does not say so; see `OutcomeUnknown`. */
  | { readonly type: 'unknown'; readonly wording: string; readonly outcome?: Promise<unknown> | undefined }
  | { readonly type: 'failed'; readonly failure: ActionFailure }

/** What a client gets for a call, without its echo: only the transport knows that. */
export interface Envelope {
  readonly status: 'ok' | 'async' | 'failed'
  readonly retcode: number
  readonly data: unknown
  /** Short code of a failure, or of an outcome that is not known, for programs. */
  readonly msg?: string
  /** What went wrong, for people. */
  readonly wording?: string
  /** The same sentence once more, where OneBot 11 clients look for it. */
  readonly message?: string
}

/** An envelope and the HTTP status that goes with it. */
export interface Answer {
  readonly status: number
  readonly body: Envelope
  /** Seconds after which the same call may go better. */
  readonly retryAfter?: number
}
