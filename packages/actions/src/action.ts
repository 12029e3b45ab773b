import type { Segment } from '@seekyou/message'
import { once } from '@seekyou/protocol'
import type {
  Backend,
  Clock,
  Dialect,
  FailureKind,
  FileSource,
  Identity,
  Logger,
  MediaStore,
  MessageEvent,
  MessageStore,
  RenderedMessage,
  Status,
  WireEvent,
} from '@seekyou/protocol'
import type * as z from 'zod'
import type { Generation } from './generation.ts'
import type { ActionOptions } from './options.ts'
import type { PacedQueue } from './paced-queue.ts'
import type { Workbench } from './workbench.ts'

/** What a handler can reach while it does one call. */
export interface ActionCall {
  readonly self: Identity
  /** The dialect of the link the call came through. */
  readonly dialect: Dialect
  readonly backend: Backend
  readonly messages: MessageStore
  readonly media: MediaStore
  /** Loads what clients name as a file. */
  readonly files: FileSource
  readonly clock: Clock
  readonly log: Logger
  readonly options: ActionOptions
  /** The program that serves: what get_version_info tells. */
  readonly app: { readonly version: string }
  /** The names of all actions that this account can do. */
  supported(): readonly string[]
  /** Whether the account is well, with its counters. */
  status(): Status
  /** Where stored media can be fetched right now. */
  mediaUrl(key: string): string
  /**
   * Reads the event filters of the account's links again, all or those of one file, named as in the configuration.
   * @throws ActionFailure with the first thing that is wrong; then every link keeps the filter it had.
   */
  reloadFilters(file?: string): void
  /** Ends the whole server and starts it again; absent where nobody would start it. */
  readonly restart?: () => void
  /** Where the calls of `_rate_limited` wait for their turn, those of all links of the account. */
  readonly queue: PacedQueue
  /** Where files are worked on: text is read, audio converted. */
  readonly workbench: Workbench
  /** Message content in the link's own format. */
  render(message: readonly Segment[]): RenderedMessage
  /** A message event as the link would be told it. */
  renderEvent(event: MessageEvent): WireEvent
  /** Who watches what this caller does; absent where nobody need. */
  readonly guard?: ActionGuard
  /** Does another action as the same caller; throws what that one throws. */
  call(action: string, params: unknown): Promise<unknown>
}

/** Judges the actions of a caller, those that one comes down to among them. */
export interface ActionGuard {
  /** Judges one before it is done, and gives the way to do it. @throws ActionFailure with what speaks against it. */
  judge(step: GuardedStep): Promise<() => Promise<unknown>>
}

/** An action that is about to be done. */
export interface GuardedStep {
  /** Its name in the registry; absent for what only the network may know. */
  readonly name?: string
  /** What the caller calls it. */
  readonly asked: string
  readonly call: ActionCall
  /** Its params as its schema reads them, or as they came where it has none. @throws ActionFailure */
  readonly read: () => unknown
  /** Does it with these params; what it asks of other actions is judged by `guard`. */
  readonly run: (params: unknown, guard: ActionGuard) => unknown
}

/** One action: what it takes, what it gives, and, where it is the same on every network, how it is done. */
export interface Action<
  Params extends z.ZodType = z.ZodType,
  Data extends z.ZodType = z.ZodType,
  Source extends z.ZodType = Data,
> {
  /** One sentence for the API reference. */
  readonly summary: string
  /** Names that other generations call it by. */
  readonly alsoCalled?: readonly string[]
  readonly params: Params
  /** Older or other names of a parameter: accepted where the parameter itself is absent. */
  readonly aliases?: Readonly<Record<string, string>>
  readonly data: Data
  /** What the backend gives, where `run` makes the data of it; absent: the data itself. */
  readonly source?: Source | undefined
  /** Where it is written down. */
  readonly generations: readonly Generation[]
  /** Takes something away from people (kick, ban, recall, leave): token presets keep it apart. */
  readonly isUnsafe?: boolean
  /** One call and what it answers, for the API reference; both fit the schemas. */
  readonly example: { readonly params: object; readonly data: unknown }
  /**
   * Does it here; an action without this is the backend's to do. `ask` has the backend do this very action, and throws
   * where it cannot.
   */
  readonly run?: (
    params: z.output<Params>,
    call: ActionCall,
    ask: (params: z.output<Params>) => Promise<z.output<Source>>,
  ) => unknown
  /** The backend's actions that `run` cannot do without. */
  readonly needs?: readonly string[]
  /** What it sets going comes after its answer, which says so: status `async`. */
  readonly isAnsweredAsync?: boolean
  /** How it fails on a backend that cannot do it. Default: `unsupported`, with a sentence that says just that. */
  readonly absence?: { readonly kind: FailureKind; readonly wording: string }
}

/** An action as it is written down: its schemas are made when they are first needed, most of them never. */
interface ActionDefinition<Params extends z.ZodType, Data extends z.ZodType, Source extends z.ZodType> extends Omit<
  Action<Params, Data, Source>,
  'params' | 'data' | 'source'
> {
  readonly params: () => Params
  readonly data: () => Data
  readonly source?: () => Source
}

/** Declares an action: `run` is typed by `params`. Its wire name is its key in the chapter. */
export function defineAction<Params extends z.ZodType, Data extends z.ZodType, Source extends z.ZodType = Data>(
  definition: ActionDefinition<Params, Data, Source>,
): Action<Params, Data, Source> {
  const params = once(definition.params)
  const data = once(definition.data)
  const source = definition.source && once(definition.source)
  return {
    ...definition,
    get params() {
      return params()
    },
    get data() {
      return data()
    },
    get source() {
      return source?.()
    },
  }
}
