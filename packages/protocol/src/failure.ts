/**
 * Everything that can go wrong with a call: its retcode, its HTTP status and its short code, in one table.
 * A dialect may answer a kind with other numbers; see `dialect.ts`.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/http.md
 */
export const failures = {
  /** A parameter is missing or cannot be read. */
  'bad-params': { retcode: 100, status: 200, code: 'BAD_PARAMS' },
  /** The network has nothing valid to answer: no such member, message, group. */
  'no-data': { retcode: 102, status: 200, code: 'NOT_FOUND' },
  /** The network refuses: permission, mute, quota, another rule of its own. */
  refused: { retcode: 103, status: 200, code: 'REFUSED' },
  /** The action is known, but this account's backend cannot do it. */
  unsupported: { retcode: 103, status: 200, code: 'UNSUPPORTED' },
  /** Cookies or tokens of the account are unusable. */
  credentials: { retcode: 104, status: 200, code: 'BAD_CREDENTIALS' },
  /** A file cannot be read, written, fetched or removed. */
  file: { retcode: 200, status: 200, code: 'FILE_ERROR' },
  /** The server cannot take the call now. */
  busy: { retcode: 201, status: 200, code: 'BUSY' },
  /** The network could not be reached. */
  unreachable: { retcode: 201, status: 200, code: 'BACKEND_UNREACHABLE' },
  /** The request itself cannot be read: not JSON, not an object, no action name. */
  'bad-request': { retcode: 1400, status: 400, code: 'BAD_REQUEST' },
  'token-missing': { retcode: 1401, status: 401, code: 'TOKEN_MISSING' },
  'token-wrong': { retcode: 1403, status: 401, code: 'TOKEN_WRONG' },
  /** The token is one of ours, and opens nothing here: it has expired, comes from elsewhere, or may do nothing. */
  'token-refused': { retcode: 1403, status: 403, code: 'TOKEN_REFUSED' },
  'unknown-action': { retcode: 1404, status: 404, code: 'UNKNOWN_ACTION' },
  'bad-method': { retcode: 1405, status: 405, code: 'METHOD_NOT_ALLOWED' },
  'bad-content-type': { retcode: 1406, status: 400, code: 'BAD_CONTENT_TYPE' },
  'too-large': { retcode: 1413, status: 413, code: 'TOO_LARGE' },
  /** The link calls more often than it may. */
  'rate-limited': { retcode: 1429, status: 429, code: 'RATE_LIMITED' },
  /** A fault of ours. */
  internal: { retcode: 1500, status: 500, code: 'INTERNAL_ERROR' },
} as const satisfies Readonly<Record<string, Failure>>

interface Failure {
  readonly retcode: number
  readonly status: number
  readonly code: string
}

export type FailureKind = keyof typeof failures

/** A call that fails in a way its caller shall hear about; thrown anywhere below the dispatcher. */
export class ActionFailure extends Error {
  override readonly name: string = 'ActionFailure'
  readonly kind: FailureKind
  /** Short upper-case word for programs, such as `GROUP_NOT_FOUND`. */
  readonly code: string
  /** The network's own code, answered instead of the kind's retcode where it is negative. */
  readonly retcode: number | undefined
  /** When to call again, in milliseconds from now, where that is known. */
  readonly retryAfterMs: number | undefined

  /** @param wording one sentence for people: what was wrong, and what would be right. */
  constructor(
    kind: FailureKind,
    wording: string,
    details: {
      readonly code?: string
      readonly retcode?: number
      readonly retryAfterMs?: number
      readonly cause?: unknown
    } = {},
  ) {
    // It is expected, and told without a stack, which takes longer to write down than most calls take to be done.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(wording, { cause: details.cause })
    Error.stackTraceLimit = stackTraceLimit
    this.kind = kind
    this.code = details.code ?? failures[kind].code
    this.retcode = details.retcode
    this.retryAfterMs = details.retryAfterMs
  }
}

/** The chat network answered, and the answer is no. */
export class BackendRefused extends ActionFailure {
  override readonly name = 'BackendRefused'

  constructor(
    wording: string,
    details: { readonly code?: string; readonly retcode?: number; readonly kind?: 'refused' | 'no-data' } = {},
  ) {
    super(details.kind ?? 'refused', wording, details)
  }
}

/** The chat network could not be reached, so the call was not done and may be repeated. */
export class BackendUnreachable extends ActionFailure {
  override readonly name = 'BackendUnreachable'

  constructor(wording: string, details: { readonly cause?: unknown } = {}) {
    super('unreachable', wording, details)
  }
}

/**
 * The call was handed to the chat network, which does not say what became of it. Callers are not told of a failure,
 * since what failed is repeated, and this may have been done.
 */
export class OutcomeUnknown extends ActionFailure {
  override readonly name = 'OutcomeUnknown'
  /**
   * Settles once the network tells after all, however late: resolves with the action's data, rejects with the
   * ActionFailure. Absent where nobody will ever know.
   */
  readonly outcome: Promise<unknown> | undefined

  constructor(wording: string, details: { readonly outcome?: Promise<unknown>; readonly cause?: unknown } = {}) {
    super('unreachable', wording, { code: 'OUTCOME_UNKNOWN', cause: details.cause })
    this.outcome = details.outcome
    // That it failed late is for those who ask; where nobody does, it is no fault of the program.
    this.outcome?.catch(() => undefined)
  }
}
