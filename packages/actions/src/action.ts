import type { Segment } from '@seekyou/message'
import type { Backend, Dialect, Identity, Logger, MessageStore, RenderedMessage, Status } from '@seekyou/protocol'
import type * as z from 'zod'

/** What a handler can reach while it does one call. */
export interface ActionCall {
  readonly self: Identity
  /** The dialect of the link the call came through. */
  readonly dialect: Dialect
  readonly backend: Backend
  readonly messages: MessageStore
  readonly log: Logger
  /** The program that serves: what get_version_info tells. */
  readonly app: { readonly version: string }
  /** The names of all actions that this account can do. */
  supported(): readonly string[]
  /** Whether the account is well, with its counters. */
  status(): Status
  /** Message content in the link's own format. */
  render(message: readonly Segment[]): RenderedMessage
  /** Does another action as the same caller; throws what that one throws. */
  call(action: string, params: unknown): Promise<unknown>
}

/** One action: what it takes, what it gives, and, where it is the same on every network, how it is done. */
export interface Action<Params extends z.ZodType = z.ZodType, Data extends z.ZodType = z.ZodType> {
  /** One sentence for the API reference. */
  readonly summary: string
  readonly params: Params
  /** Older or other names of a parameter: accepted where the parameter itself is absent. */
  readonly aliases?: Readonly<Record<string, string>>
  readonly data: Data
  /** Does it without asking the backend; an action without this is the backend's to do. */
  readonly run?: (params: z.output<Params>, call: ActionCall) => unknown
  /** The backend's actions that `run` cannot do without. */
  readonly needs?: readonly string[]
}

/** Declares an action: `run` is typed by `params`. Its wire name is its key in the chapter. */
export function defineAction<Params extends z.ZodType, Data extends z.ZodType>(
  action: Action<Params, Data>,
): Action<Params, Data> {
  return action
}
