import { PacedQueue, supportedActions, Workbench } from '@seekyou/actions'
import { ActionFailure, isMessage, toWireEvent } from '@seekyou/protocol'
import type {
  AccountStore,
  Backend,
  BackendHost,
  Clock,
  DeadLetter,
  DeadLetterQuery,
  Event,
  EventDraft,
  FileSource,
  Forgotten,
  Gateway,
  Identity,
  JournalEntry,
  Logger,
  LoginGuard,
  NetworkEvent,
  Seq,
  Store,
  Timer,
  UserId,
  WireEvent,
} from '@seekyou/protocol'
import type { CommonCall } from './action-calls.ts'
import type { AccountAudit, Audit } from './audit.ts'
import { createControl } from './control.ts'
import { Counters } from './counters.ts'
import type { Tally } from './counters.ts'
import { EncodedEvent } from './encoded-event.ts'
import { FilterBook } from './filter-book.ts'
import type { FilterSource } from './filter-book.ts'
import { createGateways } from './gateway.ts'
import type { CreateGateway, LinkAdjustment, OpenGateway } from './gateway.ts'
import type { LinkScope } from './link-scope.ts'
import { createLinks } from './links.ts'
import type { AccountLinks, Links } from './links.ts'
import { withFileUrl } from './media-url.ts'
import type { MediaUrl } from './media-url.ts'
import { createMetaEvents } from './meta-event.ts'
import type { MetaEvents } from './meta-event.ts'
import type { AccountOptions, LinkOptions } from './options.ts'
import { redact } from './redaction.ts'
import { rememberedEvent } from './remembered-event.ts'
import { RepeatableCalls } from './repeatable-calls.ts'
import { stamp } from './stamp.ts'
import { createSubscriptions } from './subscription.ts'
import { Tap } from './tap.ts'
import { ToldIndex } from './told-index.ts'
import { toldEvent } from './told-message.ts'
import type { Tokens } from './tokens.ts'
import { traceEvent } from './trace.ts'
import type { Trace } from './trace.ts'

export interface AccountSetup {
  readonly backend: Backend
  readonly store: Store
  /** Loads what clients name as a file. */
  readonly files: FileSource
  readonly options: AccountOptions
  readonly clock: Clock
  readonly log: Logger
  /** The version of the program, as get_version_info tells it. */
  readonly version: string
  /** Where stored media can be fetched: the base URL of a listener, without a slash at the end. Asked at each use. */
  readonly mediaUrl: () => string
  /** What follows the address of a stored file, such as a proof that it may be fetched; default: nothing. */
  readonly mediaQuery?: (key: string) => string
  /** Ends the whole server and starts it again; without it the actions that restart it fail. */
  readonly restart?: () => void
  /** Told when a person was forgotten in every account of the store. */
  readonly onForgotten?: () => void
  /** The scoped tokens that open its links, besides their access tokens. */
  readonly tokens?: Tokens
  /** How many wrong tokens may be shown from one place; default: as many as one likes. */
  readonly logins?: LoginGuard
  /** Told of what was refused, and of what cannot be taken back. */
  readonly audit?: Audit
}

/** How many files an account has worked on at once; each is a thread or a process. */
const FILES_AT_ONCE = 2

/** One bot identity on one network, in motion: its events, its calls, its links. */
export class Account implements AsyncDisposable {
  readonly self: Identity
  /** What passed through it lately; absent where nothing is kept of it. */
  readonly tap: Tap | undefined
  readonly #setup: AccountSetup
  readonly #store: AccountStore
  readonly #log: Logger
  readonly #mediaUrl: MediaUrl
  readonly #meta: MetaEvents
  readonly #queue: PacedQueue
  readonly #counters = new Counters()
  readonly #links: Links
  readonly #createGateway: CreateGateway
  readonly #gateways = new WeakMap<Gateway, OpenGateway>()
  #heartbeat: Timer | undefined

  private constructor(self: Identity, setup: AccountSetup) {
    const { backend, clock, files, options, restart } = setup
    const selfId = self.user_id
    const store = setup.store.account(selfId)
    const log = setup.log.child({ account: selfId })
    const mediaUrl = (key: string) => `${setup.mediaUrl()}/media/${key}${setup.mediaQuery?.(key) ?? ''}`
    const tell = (event: Event) => this.#show(event)
    const tap = options.tap.records > 0 ? new Tap(options.tap, { now: clock.now(), tell }) : undefined
    const meta = createMetaEvents(selfId, clock)
    const queue = new PacedQueue(clock, options.rate_limit_interval * 1000)
    const filters = new FilterBook()
    const counters = this.#counters
    const links = createLinks({ selfId, store, meta, encode: (told) => this.#encode(told), tap, clock, log })
    const repeatable = new RepeatableCalls({ memory: store.calls, clock, log })
    const audit: AccountAudit = (entry) => setup.audit?.({ at: clock.now(), self_id: selfId, ...entry })
    const common: CommonCall = {
      self,
      backend,
      messages: store.messages,
      media: setup.store.media,
      files,
      clock,
      log,
      options,
      app: { version: setup.version },
      supported: () => supportedActions(backend),
      status: () => counters.status(backend.condition()),
      mediaUrl,
      reloadFilters: (file) => filters.reload(file),
      ...(restart && { restart }),
      queue,
      workbench: new Workbench(FILES_AT_ONCE),
    }
    this.self = self
    this.tap = tap
    this.#setup = setup
    this.#store = store
    this.#log = log
    this.#mediaUrl = mediaUrl
    this.#meta = meta
    this.#queue = queue
    this.#links = links
    this.#createGateway = createGateways({
      selfId,
      tokens: setup.tokens,
      logins: setup.logins,
      common,
      filters,
      told: new ToldIndex(store.journal),
      audit,
      repeatable,
      control: createControl({ backend, mediaUrl, audit, log }),
      subscribe: createSubscriptions({ links, repeatable, tap, clock, log }),
      counters,
      tap,
      clock,
    })
  }

  /** Reaches the network to learn who the account is. Nothing moves before `start`. */
  static async open(setup: AccountSetup): Promise<Account> {
    return new Account(await setup.backend.identify(), setup)
  }

  /** Begins to hear the network and to give signs of life. */
  async start(): Promise<void> {
    await this.#setup.backend.start(this.#host())
    this.#scheduleHeartbeat()
  }

  /** Tells every link that this is the end, then leaves the network. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#heartbeat?.cancel()
    const unfinished = this.#queue.close()
    if (unfinished > 0) this.#log.warn({ calls: unfinished }, 'calls of _rate_limited will never have their turn')
    this.#links.close('the server is shutting down')
    await this.#setup.backend.stop()
  }

  /**
   * What a transport needs to serve one link; `scope` is what its program may do where that is not everything.
   * @throws FilterSyntaxError for a filter that cannot be compiled, or what reading it throws.
   */
  gateway(options: LinkOptions, filter?: FilterSource, scope?: LinkScope): Gateway {
    const opened = this.#createGateway(options, filter, scope)
    this.#gateways.set(opened.gateway, opened)
    return opened.gateway
  }

  /**
   * Changes what a gateway goes by, for the links that are open too: the token, how often it may be called, the filter.
   * Clients are not judged again by this; their transport does that.
   * @throws FilterSyntaxError, or what reading the filter throws; then the filter stays as it was, and the rest holds.
   */
  adjust(gateway: Gateway, options: LinkAdjustment, filter?: FilterSource): void {
    this.#gateways.get(gateway)?.change(options, filter)
  }

  /** Lets go of a gateway that nobody uses any more. */
  release(gateway: Gateway): void {
    this.#gateways.get(gateway)?.release()
    this.#gateways.delete(gateway)
  }

  /** Those that are connected, and those that are waited for. */
  get links(): AccountLinks {
    return this.#links
  }

  /**
   * What became of an event, as far as the tap still has it.
   * @throws ActionFailure where nothing is kept of what passes, or the event is in the journal no more.
   */
  async trace(seq: Seq): Promise<Trace> {
    const { tap } = this
    if (!tap) throw new ActionFailure('unsupported', 'nothing is kept of what passes: tap.records is 0')
    const event = await rememberedEvent(this.#store, seq)
    return { seq, event: redact(this.#show(event)) as WireEvent, ...traceEvent(tap, seq, event) }
  }

  /** The events that the programs of links refused, by link and oldest first. */
  deadLetters(query: DeadLetterQuery): Promise<readonly DeadLetter[]> {
    return this.#store.deadLetters.list(query)
  }

  /** Forgets an event that the program of a link refused; false when there is no such one. */
  discardDeadLetter(link: string, seq: Seq): Promise<boolean> {
    return this.#store.deadLetters.remove(link, seq)
  }

  /** How many dead letters there are, by link; a link without any is not listed. */
  deadLetterCounts(): Promise<ReadonlyMap<string, number>> {
    return this.#store.deadLetters.count()
  }

  /** Stored messages with ids above `after`, oldest first, and how many there are altogether. */
  async storedMessages(after: number, limit: number) {
    const { messages } = this.#store
    const [total, page] = await Promise.all([messages.count(), messages.list({ after, limit })])
    return { total, messages: page }
  }

  /** Erases what a person said, of every account of the store; see `Store.forget`. */
  async forget(person: UserId): Promise<Forgotten> {
    const forgotten = await this.#setup.store.forget(person)
    this.readAgain()
    this.#setup.onForgotten?.()
    return forgotten
  }

  /** Has the links drop what they read ahead: something of it was erased. */
  readAgain(): void {
    this.#links.readAgain()
  }

  /** What has passed through since the account started. */
  tally(): Tally {
    return this.#counters.tally()
  }

  /** How many calls of `_rate_limited` wait for their turn. */
  queuedCalls(): number {
    return this.#queue.size
  }

  /** What keeps the account from its work: a sentence for each thing. */
  async troubles(): Promise<readonly string[]> {
    const { backend } = this.#setup
    const condition = backend.condition()
    const troubles = condition.phase === 'offline' ? [`the ${backend.kind} backend: ${condition.reason}`] : []
    return this.#store.state.saved().then(
      () => troubles,
      (error: Error) => [...troubles, error.message],
    )
  }

  #host(): BackendHost {
    const { backend, clock, files, store } = this.#setup
    return {
      self: this.self,
      // The overloads of the port only tie a message draft to a message event; what happens is the same.
      emit: ((draft: EventDraft) => this.#emit(draft)) as BackendHost['emit'],
      retell: async (event) => this.#tell(event, await this.#store.journal.append(event)),
      disconnect: (seconds) => this.#links.cut(clock.now() + seconds * 1000),
      messages: this.#store.messages,
      media: store.media,
      files,
      state: this.#store.state,
      clock,
      log: this.#log.child({ room: `backend-${backend.kind}` }),
    }
  }

  async #emit(draft: EventDraft): Promise<NetworkEvent> {
    const { journal, messages } = this.#store
    const allocateId = () => messages.allocateId()
    const event = stamp(draft, { selfId: this.self.user_id, clock: this.#setup.clock, allocateId })
    // All of this is one turn's writes, so it is safe together or not at all.
    const [entry] = await Promise.all([
      journal.append(event),
      isMessage(event) ? messages.put(event) : undefined,
      isRecall(event) ? messages.markRecalled(event.message_id) : undefined,
    ])
    this.#tell(event, entry)
    return event
  }

  #tell(event: NetworkEvent, { seq, at }: JournalEntry): void {
    this.#counters.countEvent(event)
    this.tap?.add({ type: 'event', at, seq, event })
    this.#links.offer(Object.assign(this.#encode({ event, seq, at }), { seq }))
  }

  #encode(told: { readonly event: Event; readonly seq?: Seq; readonly at?: number }): EncodedEvent {
    return new EncodedEvent(told, this.#mediaUrl)
  }

  /** An event as operators see it. */
  #show(event: Event): WireEvent {
    const told = toldEvent(event, { extraReplyData: true, removesReplyAt: false }, this.#mediaUrl)
    return toWireEvent(withFileUrl(told, this.#mediaUrl), 'array')
  }

  #scheduleHeartbeat(): void {
    const { backend, clock, options } = this.#setup
    const intervalMs = options.heartbeat_interval * 1000
    if (intervalMs === 0) return
    this.#heartbeat = clock.setTimeout(() => {
      this.#scheduleHeartbeat()
      const status = this.#counters.status(backend.condition())
      this.#links.tell(this.#encode({ event: this.#meta.heartbeat(status, intervalMs) }))
    }, intervalMs)
  }
}

function isRecall(event: NetworkEvent) {
  return event.post_type === 'notice' && (event.notice_type === 'group_recall' || event.notice_type === 'friend_recall')
}
