import type { Dialect } from '../dialect.ts'
import type { FailureKind } from '../failure.ts'
import type { Seq, UserId } from '../ids.ts'
import type { Answer } from '../reply.ts'

/** What a transport sees of an account: one per link, already speaking that link's dialect. */
export interface Gateway {
  readonly selfId: UserId
  readonly dialect: Dialect
  /** The scoped token that opened it; absent where everything is allowed. */
  readonly token?: string
  /** Aborted once what was granted is taken back, with a sentence as its reason: what stands on it is to be closed. */
  readonly until?: AbortSignal
  /**
   * Judges the token that a client shows from the address `from`. With no token configured everyone is let in, whatever
   * they show. `kept`: it was shown before, and is looked at again, which is no try to guess it.
   */
  authorize(credential: string | undefined, from?: string, standing?: 'shown' | 'kept'): Access
  /** Does a call. Never rejects: whatever goes wrong is an answer. */
  call(request: CallRequest): Promise<Answer>
  /** Does something on the other side of the chat; see `Backend.control`. `gone`: nobody waits for it. Never rejects. */
  control(request: CallRequest & { readonly reads: boolean; readonly gone?: AbortSignal }): Promise<Answer>
  /** The answer to a request that could not be read, in the link's dialect. */
  refuse(kind: FailureKind, wording: string, details?: { readonly retryAfterMs?: number }): Answer
  /** Begins to tell events to `sink`, its lifecycle event first. */
  subscribe(sink: EventSink, options: SubscribeOptions): Subscription
}

export type Access =
  /** `gateway` does what this client may do, and refuses the rest: everything it asks for goes through it. */
  | { readonly granted: true; readonly gateway: Gateway }
  | {
      readonly granted: false
      /** `rate-limited`: too many wrong ones came from there, and this one was not judged. */
      readonly failure: 'token-missing' | 'token-wrong' | 'token-refused' | 'rate-limited'
      readonly wording: string
      /** When one that comes from there is judged again, in milliseconds from now. */
      readonly retryAfterMs?: number
    }

/** A request that a transport turned away although its token is good, or none is needed. */
export interface Refusal {
  /** The scoped token that it showed. */
  readonly token?: string | undefined
  readonly from: string | undefined
  /** A sentence; nothing of the request but where it came from. */
  readonly reason: string
}

/** A call as it came off the wire; nothing in it is checked yet. */
export interface CallRequest {
  readonly action: string
  readonly params: unknown
  /** The address of who asks, where there is one. */
  readonly from?: string | undefined
  /** The `id` of the link that it came through, for those who look on. */
  readonly link?: string | undefined
}

/** What carries a link's events: posts, a socket that we dialled, or a socket, a stream or polls that came to us. */
export type LinkKind = 'webhook' | 'reverse-ws' | 'ws' | 'sse' | 'long-polling'

export interface SubscribeOptions {
  /** The name under which the account remembers how far this link has read; without it the link is live only. */
  readonly name?: string
  /** Begins after this event and not where the link left off, however old what follows is. */
  readonly after?: Seq
  /** What carries it, for those who look at an account's links. */
  readonly kind?: LinkKind
  /** The lifecycle event it begins with: `connect` on sockets, `enable` on webhooks (which also get `disable`). */
  readonly lifecycle: 'connect' | 'enable'
}

/** An event in a link's own form, encoded once and shared by every link of that form. */
export interface OutgoingEvent {
  /** Its place in the journal; `undefined` for meta events, which are told once or not at all. */
  readonly seq: Seq | undefined
  /** Compact JSON. */
  readonly text: string
}

/** The writing end of a link. */
export interface EventSink {
  /**
   * Takes one event. False asks for a pause: this event was taken, and the next comes after `Subscription.resume`.
   * What happens meanwhile waits in the journal, not in memory.
   */
  write(event: OutgoingEvent): boolean
  /** The account is done with this link, for the reason given. */
  end(reason: string): void
  /** Breaks the connection without a word; the client may come back. Absent where no connection is kept. */
  cut?(): void
}

/** What one try to deliver an event came to, where the client answers. */
export interface Attempt {
  /** `skipped`: it could not be told, and is not tried again. */
  readonly outcome: 'acknowledged' | 'refused' | 'retry' | 'skipped'
  /** How many tries there were, this one included. */
  readonly tries: number
  /** The HTTP status that it was answered with. */
  readonly status?: number | undefined
  readonly reason?: string
}

/** The reading end that the hub keeps for a link. */
export interface Subscription {
  /** The client has everything up to `seq`. */
  taken(seq: Seq): void
  /**
   * The client refuses this event and will not have it however often it comes: it is kept as a dead letter, and counts
   * as taken. Resolves with whether it could be kept; if not, it is still to be delivered.
   */
  refused(event: OutgoingEvent, refusal: { readonly reason: string; readonly tries: number }): Promise<boolean>
  /** Tells how a try to deliver went, for those who look on; nothing follows from it. */
  attempted(event: OutgoingEvent, attempt: Attempt): void
  /** The link can write again. */
  resume(): void
  /** A call that came through the link itself: as `Gateway.call`, besides what is about the link. Never rejects. */
  call(request: CallRequest): Promise<Answer>
  /** Does what a client answered to an event: reply, ban, approve and so on. */
  quickOperation(event: OutgoingEvent, operation: unknown): Promise<void>
  /** The link is gone. */
  end(): void
}
