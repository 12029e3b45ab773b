import { failures } from './failure.ts'
import type { FailureKind } from './failure.ts'
import type { Answer, Envelope, Outcome } from './reply.ts'
import type { WireEvent } from './wire-event.ts'

/** What differs between the generations of the protocol, for one link. A table: no transport asks for its name. */
export interface Dialect {
  readonly name: string
  /** Where this generation answers a failure with other numbers, or another short code, than the failure table. */
  readonly failures: Partial<Record<FailureKind, FailureNumbers>>
  /** Which parts an answer has, in their order, for a call that was done and for one that failed; to be filled in. */
  readonly envelope: { readonly done: Envelope; readonly failed: Envelope }
  /** A POST body whose Content-Type is none of ours: refused, or left unread. */
  readonly unsupportedContentType: 'refuse' | 'ignore'
  /** A POST body without a Content-Type: read as what it looks like, left unread, or refused. */
  readonly missingContentType: 'sniff' | 'ignore' | 'refuse'
  /** `X_async`: answered at once and done afterwards, or done now. */
  readonly async: 'later' | 'now'
  /** Whether a quick reply in a group begins with an at of the sender unless it says otherwise. */
  readonly atSender: boolean
  /** What stands between that at and the reply. */
  readonly atSeparator: ' ' | ''
  /** Where send_msg goes when it names a person and a group but no message_type. */
  readonly ambiguousTarget: 'private' | 'group'
  /** How a handshake of a reverse WebSocket shows the access token; see `handshakeHeaders`. */
  readonly authScheme: 'Bearer' | 'Token'
  /** How a webhook shows the access token; `none`: never, since that would give it away. See `webhookHeaders`. */
  readonly webhookAuthScheme: 'token' | 'none'
  /** What handshakes and webhooks call themselves. */
  readonly userAgent: string
  /** What get_version_info calls the program, and which version of CQHTTP it says to stand in for. */
  readonly appName: string
  readonly pluginVersion: string
  /** What the first event of a WebSocket that a client opened says besides what it says on every link. */
  readonly greeting: { readonly _post_method?: number }
  /** What a WebSocket at another path than `/`, `/api` and `/event` is: refused, or one like that at `/`. */
  readonly otherSocketPaths: 'refuse' | 'everything'
  /** An event as this generation knows it; `undefined` where it knows no such event. */
  readonly event: (event: WireEvent) => WireEvent | undefined
}

interface FailureNumbers {
  readonly retcode?: number
  readonly status?: number
  readonly code?: string
}

/** Turns the end of a call into what this dialect answers. */
export function answer(outcome: Outcome, dialect: Dialect): Answer {
  const { done, failed } = dialect.envelope
  switch (outcome.type) {
    case 'done':
      return { status: 200, body: { ...done, data: outcome.data ?? null } }
    case 'later':
      return { status: 200, body: { ...done, status: 'async', retcode: 1 } }
    case 'unknown': {
      // In no generation's template there is room for a word with what is no failure; it is added, and clients skip it.
      const { wording } = outcome
      return {
        status: 200,
        body: { ...done, status: 'async', retcode: 1, msg: 'OUTCOME_UNKNOWN', wording, message: wording },
      }
    }
    case 'failed': {
      const { kind, code, message, retcode, retryAfterMs } = outcome.failure
      const numbers = { ...failures[kind], ...dialect.failures[kind] }
      return {
        status: numbers.status,
        ...(retryAfterMs !== undefined && { retryAfter: Math.ceil(retryAfterMs / 1000) }),
        body: {
          ...failed,
          // Zero and one mean success to every client, and what is positive is ours to give.
          retcode: retcode !== undefined && retcode < 0 ? retcode : numbers.retcode,
          // A code that says more than the kind does is kept.
          ...('msg' in failed && { msg: code === failures[kind].code ? numbers.code : code }),
          ...('wording' in failed && { wording: message }),
          ...('message' in failed && { message }),
        },
      }
    }
  }
}
