import { failures } from './failure.ts'
import type { FailureKind } from './failure.ts'
import type { Answer, Outcome } from './reply.ts'
import type { WireEvent } from './wire-event.ts'

/** What differs between the generations of the protocol, for one link. A table: no transport asks for its name. */
export interface Dialect {
  readonly name: string
  /** Where this generation answers a failure with other numbers than the failure table. */
  readonly failures: Partial<Record<FailureKind, { readonly retcode?: number; readonly status?: number }>>
  /** A POST body whose Content-Type is none of ours: refused, or left unread. */
  readonly unsupportedContentType: 'refuse' | 'ignore'
  /** A POST body without a Content-Type: read as what it looks like, left unread, or refused. */
  readonly missingContentType: 'sniff' | 'ignore' | 'refuse'
  /** `X_async`: answered at once and done afterwards, or done now. */
  readonly async: 'later' | 'now'
  /** Whether a quick reply in a group begins with an at of the sender unless it says otherwise. */
  readonly atSender: boolean
  /** Where send_msg goes when it names a person and a group but no message_type. */
  readonly ambiguousTarget: 'private' | 'group'
  /** The scheme before the token in what we send: reverse WebSocket handshakes. */
  readonly authScheme: 'Bearer' | 'Token'
  readonly userAgent: string
  readonly appName: string
  /** An event as this generation knows it; `undefined` where it knows no such event. */
  readonly event: (event: WireEvent) => WireEvent | undefined
}

/** Every dialect that a link can ask for, by name. */
export const dialects = {
  default: {
    name: 'default',
    failures: {},
    unsupportedContentType: 'refuse',
    missingContentType: 'sniff',
    async: 'later',
    atSender: true,
    ambiguousTarget: 'private',
    authScheme: 'Bearer',
    userAgent: 'CQHttp/4.15.0 (SeekYou)',
    appName: 'seekyou',
    event: (event) => event,
  },
} as const satisfies Readonly<Record<string, Dialect>>

export type DialectName = keyof typeof dialects

/** Turns the end of a call into what this dialect answers. */
export function answer(outcome: Outcome, dialect: Dialect): Answer {
  switch (outcome.type) {
    case 'done':
      return { status: 200, body: { status: 'ok', retcode: 0, data: outcome.data ?? null } }
    case 'later':
      return { status: 200, body: { status: 'async', retcode: 1, data: null } }
    case 'unknown': {
      const { wording } = outcome
      const body = {
        status: 'async',
        retcode: 1,
        data: null,
        msg: 'OUTCOME_UNKNOWN',
        wording,
        message: wording,
      } as const
      return { status: 200, body }
    }
    case 'failed': {
      const { kind, code, message, retcode } = outcome.failure
      const numbers = { ...failures[kind], ...dialect.failures[kind] }
      return {
        status: numbers.status,
        body: {
          status: 'failed',
          // Zero and one mean success to every client, and what is positive is ours to give.
          retcode: retcode !== undefined && retcode < 0 ? retcode : numbers.retcode,
          data: null,
          msg: code,
          wording: message,
          message,
        },
      }
    }
  }
}
