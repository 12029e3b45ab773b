/** What is known of a call that was not answered: it never left, or it may have been done. */
export type CallOutcome = 'not-done' | 'unknown'

export interface ConnectionProblem {
  /** One sentence for people. */
  readonly problem: string
  readonly outcome: CallOutcome
  /** The HTTP status that was answered instead of a reply, such as 401 for a token that is missing or wrong. */
  readonly status?: number | undefined
  readonly cause?: unknown
}

/**
 * The server was not reached, did not let us in, or was lost before it answered; or the chat network left the server
 * without an answer.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  /** Whether what was asked for may have been done: a send that is tried again may then be said twice. */
  readonly outcome: CallOutcome
  readonly status: number | undefined

  constructor({ problem, outcome, status, cause }: ConnectionProblem) {
    super(problem, { cause })
    this.outcome = outcome
    this.status = status
  }
}
