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

/** The written generations of the protocol; `extended` is what living implementations added since. */
type Generation = 'cqhttp-2' | 'cqhttp-4' | 'onebot-11' | 'go-cqhttp' | 'extended'

/** One action: what it takes, what it gives, and, where it is the same on every network, how it is done. */
export interface Action<Params extends z.ZodType = z.ZodType, Data extends z.ZodType = z.ZodType> {
  /** One sentence for the API reference. */
  readonly summary: string
  readonly params: Params
  /** Older or other names of a parameter: accepted where the parameter itself is absent. */
  readonly aliases?: Readonly<Record<string, string>>
  readonly data: Data
  /** Where it is written down. */
  readonly generations?: readonly Generation[]
  /** Takes something away from people (kick, ban, recall, leave): token presets keep it apart. */
  readonly isUnsafe?: boolean
  /** One call and what it answers, for the API reference; both fit the schemas. */
  readonly example?: { readonly params: object; readonly data: unknown }
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
