import type * as z from 'zod'
import type { EventDraft, MessageDraft, NetworkEvent } from '../event/event.ts'
import type { MessageEvent } from '../event/message.ts'
import type { UserId } from '../ids.ts'
import type { BackendState } from './backend-state.ts'
import type { Clock } from './clock.ts'
import type { FileSource } from './file-source.ts'
import type { Logger } from './logger.ts'
import type { Media, MediaStore } from './media-store.ts'
import type { MessageStore } from './message-store.ts'

/** Who the account is on its network. */
export interface Identity {
  readonly user_id: UserId
  readonly nickname: string
}

/** How an account stands on its network, and if not well, why: a sentence for the operator. */
export type Condition =
  | { readonly phase: 'online' }
  /** Reachable, but the network says that something is wrong, or has stopped to say anything. */
  | { readonly phase: 'degraded'; readonly reason: string }
  /** Nothing can be heard or said. */
  | { readonly phase: 'offline'; readonly reason: string }

/** What the hub lends a backend for as long as it runs. */
export interface BackendHost {
  readonly self: Identity
  /**
   * Brings something that happened into the house. The hub stamps it and writes it down; a message is also stored, and
   * is `message_sent` when the account itself said it. Resolves with the stamped event once it is safe; only then may
   * anyone be told that it happened.
   */
  emit(draft: MessageDraft): Promise<MessageEvent>
  emit(draft: EventDraft): Promise<NetworkEvent>
  /** Tells an event once more, as networks sometimes do: a new entry of the journal, and nothing else changes. */
  retell(event: NetworkEvent): Promise<void>
  /** Breaks every connection, and for so many seconds each new one, as a failing line would. */
  disconnect(seconds: number): void
  readonly messages: MessageStore
  readonly media: MediaStore
  /** Loads what clients name as a file. */
  readonly files: FileSource
  readonly state: BackendState
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Does an action on the network. `params` are as the registry's schema reads them; the result is the action's `data`.
 *
 * What was handed to the network and is not answered in time ends in `OutcomeUnknown`, never in a failure: clients
 * repeat what failed. For a send, the handler goes on waiting for the network's late answer or for its echo of the
 * account's own message, whichever names that message first; it emits the message once, as `message_sent`, and resolves
 * `OutcomeUnknown.outcome` with what the action would have answered:
 *
 *     const sent = Promise.withResolvers<{ message_id: MessageId }>()
 *     throw new OutcomeUnknown('the network did not answer within 30 s', { outcome: sent.promise })
 *     // later, when the own message is heard
 *     const { message_id } = await host.emit(draft)
 *     sent.resolve({ message_id })
 *
 * @throws ActionFailure, BackendRefused; BackendUnreachable for a call that surely was not done; OutcomeUnknown.
 */
export type ActionHandler = (params: never) => Promise<unknown>

/** One thing that a person on the other side, or who owns the other side, can do. */
export interface ControlVerb {
  /** Verbs that only read may be called with GET. */
  readonly reads: boolean
  /** One sentence for the API reference, and what `run` takes and answers there. */
  readonly summary?: string
  readonly params?: z.ZodType
  readonly data?: z.ZodType
  /** Other names of a param: read where the param itself is absent. */
  readonly aliases?: Readonly<Record<string, string>>
  /** What GET shows of a verb that changes things, where there is something to show. */
  readonly read?: (params: unknown) => Promise<unknown>
  /** Reads and checks its own params, as they came off the wire. One that waits ends when `gone` is aborted. */
  run(params: unknown, gone?: AbortSignal): Promise<unknown>
}

/** The side that speaks to a chat network. It knows nothing of links. */
export interface Backend {
  /** `sandbox`, `onebot`. */
  readonly kind: string
  /** Reaches the network; resolves once the account's number is known. */
  identify(): Promise<Identity>
  /** Begins to tell events. */
  start(host: BackendHost): Promise<void>
  stop(): Promise<void>
  /** How the account stands on its network right now. */
  condition(): Condition
  /** What it can do, by the action's wire name. An action that is absent is unsupported. */
  readonly actions: Readonly<Record<string, ActionHandler>>
  /**
   * The stored media behind the name or the id of a file that it told, with the name that people see if it knows one;
   * `undefined` for what it never told. @throws ActionFailure
   */
  mediaNamed?(name: string): Promise<(Media & { readonly name?: string }) | undefined>
  /** Actions the registry does not know, handed on as they came. */
  passthrough?(action: string, params: unknown): Promise<unknown>
  /** How to play the other side, where there is one to play: verb by name. */
  readonly control?: Readonly<Record<string, ControlVerb>>
}
