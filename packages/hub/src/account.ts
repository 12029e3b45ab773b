import {
  actionNamed,
  attempt,
  catalogue,
  invoke,
  PacedQueue,
  perform,
  readParams,
  supportedActions,
  Workbench,
} from '@seekyou/actions'
import type { ActionCall, ActionGuard, ActionName } from '@seekyou/actions'
import { renderMessage } from '@seekyou/message'
import { ActionFailure, answer, dialects, isMessage, toWireEvent } from '@seekyou/protocol'
import type {
  AccountStore,
  Answer,
  Backend,
  BackendHost,
  CallRequest,
  Clock,
  ControlVerb,
  DeadLetter,
  DeadLetterQuery,
  Event,
  EventDraft,
  EventSink,
  FileSource,
  Forgotten,
  Gateway,
  Identity,
  JournalEntry,
  LinkKind,
  LinkState,
  Logger,
  LoginGuard,
  MetaEvent,
  NetworkEvent,
  Outcome,
  Seq,
  Store,
  SubscribeOptions,
  Subscription,
  Timer,
  UserId,
  WireEvent,
} from '@seekyou/protocol'
import { createAccess } from './access.ts'
import type { Judgement } from './access.ts'
import type { Audit, AuditEntry } from './audit.ts'
import { Counters } from './counters.ts'
import type { Tally } from './counters.ts'
import { EncodedEvent } from './encoded-event.ts'
import { FilterBook } from './filter-book.ts'
import type { FilterSource } from './filter-book.ts'
import { createGuard } from './guard.ts'
import { Link } from './link.ts'
import type { LinkView } from './link.ts'
import type { LinkStatus } from './link-status.ts'
import { withFileUrl, withMediaUrls } from './media-url.ts'
import type { MediaUrl } from './media-url.ts'
import type { AccountOptions, LinkOptions } from './options.ts'
import { isUnsafe } from './permissions.ts'
import { RateLimit } from './rate-limit.ts'
import { RepeatableCalls } from './repeatable-calls.ts'
import { redact } from './redaction.ts'
import { stamp } from './stamp.ts'
import { Tap } from './tap.ts'
import { ToldIndex } from './told-index.ts'
import { toldEvent, toldMessage } from './told-message.ts'
import type { Token, Tokens } from './tokens.ts'
import { traceEvent } from './trace.ts'
import type { Trace } from './trace.ts'
import { readWrittenEvent } from './written-event.ts'

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

/** What the client of a link may do, where that is not everything. */
export type LinkScope = Pick<Token, 'scope'> & Partial<Pick<Token, 'limit' | 'until' | 'settings'>>

/** What serves one link: what it wants of the events, and how its calls are done. */
interface Service {
  readonly gateway: Gateway
  readonly view: LinkView
  readonly scope: LinkScope | undefined
  readonly callFor: (request: CallRequest) => ActionCall
}

type ControlRequest = Parameters<Gateway['control']>[0]

/** What a link can be told while it is open. */
export type LinkAdjustment = Pick<LinkOptions, 'access_token' | 'rate_limit'>

/** Dead letters that one call tells again. */
const MOST_RETRIED = 1000

/** A link that is kept up whether it is connected or not. */
interface ExpectedLink {
  readonly kind: LinkKind
  /** How its transport stands; asked at each use. */
  readonly state: () => LinkState
}

/** How many files an account has worked on at once; each is a thread or a process. */
const FILES_AT_ONCE = 2

/** One bot identity on one network, in motion: its events, its calls, its links. */
export class Account implements AsyncDisposable {
  readonly self: Identity
  /** What passed through it lately; absent where nothing is kept of it. */
  readonly tap: Tap | undefined
  readonly #backend: Backend
  readonly #store: AccountStore
  readonly #forget: Store['forget']
  readonly #media: Store['media']
  readonly #files: FileSource
  readonly #options: AccountOptions
  readonly #clock: Clock
  readonly #log: Logger
  readonly #version: string
  readonly #mediaUrl: MediaUrl
  readonly #restart: (() => void) | undefined
  readonly #tokens: Tokens | undefined
  readonly #logins: LoginGuard | undefined
  readonly #audit: Audit
  readonly #told: ToldIndex
  readonly #queue: PacedQueue
  readonly #repeatable: RepeatableCalls
  readonly #workbench = new Workbench(FILES_AT_ONCE)
  readonly #filters = new FilterBook()
  readonly #counters = new Counters()
  readonly #links = new Map<Link, SubscribeOptions['lifecycle']>()
  readonly #adjust = new WeakMap<
    Gateway,
    { change(options: LinkAdjustment, filter: FilterSource | undefined): void; release(): void }
  >()
  readonly #expected = new Map<string, ExpectedLink & { connections: number; retries: number; recorded?: LinkState }>()
  /** The links that an operator holds back, by their ids. */
  readonly #held = new Set<string>()
  /** How many links without a name there were. */
  #unnamed = 0
  #heartbeat: Timer | undefined
  /** Until when new connections are broken, in milliseconds since 1970. */
  #cutUntil = 0

  private constructor(self: Identity, setup: AccountSetup) {
    this.self = self
    this.#backend = setup.backend
    this.#store = setup.store.account(self.user_id)
    this.#forget = async (person) => {
      const forgotten = await setup.store.forget(person)
      this.readAgain()
      setup.onForgotten?.()
      return forgotten
    }
    this.#media = setup.store.media
    this.#files = setup.files
    this.#options = setup.options
    this.#clock = setup.clock
    this.#log = setup.log.child({ account: self.user_id })
    this.#version = setup.version
    this.#mediaUrl = (key) => `${setup.mediaUrl()}/media/${key}${setup.mediaQuery?.(key) ?? ''}`
    this.#restart = setup.restart
    const { tap } = setup.options
    const tell = (event: Event) => this.#show(event)
    this.tap = tap.records > 0 ? new Tap(tap, { now: setup.clock.now(), tell }) : undefined
    this.#tokens = setup.tokens
    this.#logins = setup.logins
    this.#audit = setup.audit ?? (() => undefined)
    this.#told = new ToldIndex(this.#store.journal)
    this.#queue = new PacedQueue(setup.clock, setup.options.rate_limit_interval * 1000)
    this.#repeatable = new RepeatableCalls({ memory: this.#store.calls, clock: this.#clock, log: this.#log })
  }

  /** Reaches the network to learn who the account is. Nothing moves before `start`. */
  static async open(setup: AccountSetup): Promise<Account> {
    return new Account(await setup.backend.identify(), setup)
  }

  /** Begins to hear the network and to give signs of life. */
  async start(): Promise<void> {
    await this.#backend.start(this.#host())
    this.#scheduleHeartbeat()
  }

  /** Tells every link that this is the end, then leaves the network. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#heartbeat?.cancel()
    const unfinished = this.#queue.close()
    if (unfinished > 0) this.#log.warn({ calls: unfinished }, 'calls of _rate_limited will never have their turn')
    for (const link of this.#links.keys()) {
      this.#drop(link)
      link.close('the server is shutting down')
    }
    await this.#backend.stop()
  }

  /**
   * What a transport needs to serve one link; `scope` is what its program may do where that is not everything.
   * @throws FilterSyntaxError for a filter that cannot be compiled, or what reading it throws.
   */
  gateway(options: LinkOptions, filter?: FilterSource, scope?: LinkScope): Gateway {
    const dialect = dialects[options.dialect]
    const view: LinkView = {
      dialect,
      format: options.message_format,
      filter: undefined,
      reportsSelf: options.report_self_message,
      // Who is to name the events it is done with must know their names.
      reportsSeq: options.report_seq || options.ack === 'explicit',
      extraReplyData: options.extra_reply_data,
      removesReplyAt: options.remove_reply_at,
      ack: options.ack,
      replayMaxAgeMs: options.replay_max_age * 1000,
      replayRate: options.replay_rate,
    }
    this.#filters.set(view, filter)
    const doors = { selfId: this.self.user_id, tokens: this.#tokens, logins: this.#logins }
    let judge = createAccess(options.access_token, doors)
    const limit = new RateLimit(options.rate_limit, this.#clock)
    const opened = new WeakMap<Token, Gateway>()
    const authorize: Gateway['authorize'] = (credential, from, standing) => {
      const judgement = judge(credential, from, standing)
      switch (judgement.power) {
        case 'full':
          return { granted: true, gateway: whole }
        case 'scoped': {
          const { token } = judgement
          const gateway =
            opened.get(token) ?? this.#open(view, { limit, authorize, scope: token, token: token.settings.name })
          opened.set(token, gateway)
          return { granted: true, gateway }
        }
        case 'none':
          this.#auditCredential(judgement, from)
          return judgement
      }
    }
    const whole = this.#open(view, { limit, authorize, scope })
    this.#adjust.set(whole, {
      change: (changed, source) => {
        // Whatever is wrong with a filter, a token that was taken back opens nothing any more.
        judge = createAccess(changed.access_token, doors)
        limit.change(changed.rate_limit)
        this.#filters.set(view, source)
      },
      release: () => this.#filters.drop(view),
    })
    return whole
  }

  #open(
    view: LinkView,
    {
      limit,
      authorize,
      scope,
      token,
    }: {
      readonly limit: RateLimit
      readonly authorize: Gateway['authorize']
      readonly scope: LinkScope | undefined
      /** The token that opened it. */
      readonly token?: string
    },
  ): Gateway {
    const name = scope?.settings?.name
    const call = this.#call(view)
    const limits = scope?.limit ? [limit, scope.limit] : [limit]
    const callFor = (request: CallRequest) => (needsGuard(request, scope) ? this.#guarded(view, request, scope) : call)
    // Not async itself: almost every call passes at once, and would wait for one more promise.
    const run = (request: CallRequest, passed = 0): Promise<Outcome> => {
      for (let at = passed; at < limits.length; at++) {
        const turn = limits[at]!.pass()
        if (turn) return runInTurn(turn, request, at + 1)
      }
      // Not before its turn: what it may do may have been taken back while it waited.
      const ended = endOf(scope)
      if (ended !== undefined) {
        this.#auditCall(request, name, { outcome: 'refused', reason: ended })
        return Promise.resolve({ type: 'failed', failure: new ActionFailure('token-refused', ended) })
      }
      const owner = name === undefined ? undefined : `token:${name}`
      return this.#repeatable.invoke(request, (plain) => invoke(plain, callFor(plain)), owner)
    }
    const runInTurn = async (
      turn: NonNullable<ReturnType<RateLimit['pass']>>,
      request: CallRequest,
      passed: number,
    ): Promise<Outcome> => {
      const refusal = await turn
      if (!refusal) return run(request, passed)
      this.#auditCall(request, name, { outcome: 'rate-limited', reason: refusal.failure.message })
      return refusal
    }
    const gateway: Gateway = {
      selfId: this.self.user_id,
      dialect: view.dialect,
      ...(token !== undefined && { token }),
      ...(scope?.until && { until: scope.until }),
      authorize,
      call: async (request) => {
        const at = this.#clock.now()
        const reply = answer(await run(request), view.dialect)
        this.#countCall(request, reply, { at, token: name })
        return reply
      },
      // Who plays the other side is no client of a generation.
      control: async (request) => answer(await this.#control(request, scope), dialects.default),
      refuse: (kind, wording, details) =>
        answer({ type: 'failed', failure: new ActionFailure(kind, wording, details) }, view.dialect),
      subscribe: (sink, subscribeOptions) => this.#subscribe(sink, subscribeOptions, { gateway, view, scope, callFor }),
    }
    return gateway
  }

  /**
   * Changes what a gateway goes by, for the links that are open too: the token, how often it may be called, the filter.
   * Clients are not judged again by this; their transport does that.
   * @throws FilterSyntaxError, or what reading the filter throws; then the filter stays as it was, and the rest holds.
   */
  adjust(gateway: Gateway, options: LinkAdjustment, filter?: FilterSource): void {
    this.#adjust.get(gateway)?.change(options, filter)
  }

  /** Lets go of a gateway that nobody uses any more. */
  release(gateway: Gateway): void {
    this.#adjust.get(gateway)?.release()
    this.#adjust.delete(gateway)
  }

  /** A call whose actions are judged, or that may do what is written down. */
  #guarded(view: LinkView, request: CallRequest, scope: LinkScope | undefined): ActionCall {
    const guard = createGuard({
      scope: scope?.scope,
      told: this.#told,
      audit: (entry) =>
        this.#writeAudit({ token: scope?.settings?.name ?? null, from: request.from ?? null, ...entry }),
    })
    return this.#call(view, guard)
  }

  #auditCall(
    { action, from }: CallRequest,
    token: string | undefined,
    entry: Pick<AuditEntry, 'outcome' | 'reason'>,
  ): void {
    this.#writeAudit({
      token: token ?? null,
      action: actionNamed(action) ?? null,
      chat: null,
      from: from ?? null,
      ...entry,
    })
  }

  #auditCredential(judgement: Extract<Judgement, { power: 'none' }>, from: string | undefined): void {
    const { token, wording: reason } = judgement
    const who = { token: token?.settings.name ?? null, from: from ?? null }
    // Whoever shows nothing yet is asked for a token, and refused nothing; and who shows too much is told of once.
    if (judgement.failure === 'token-missing' || judgement.failure === 'rate-limited') return
    this.#writeAudit({ ...who, action: null, chat: null, outcome: 'refused', reason })
  }

  #writeAudit(entry: Omit<AuditEntry, 'at' | 'self_id'>): void {
    this.#audit({ at: this.#clock.now(), self_id: this.self.user_id, ...entry })
  }

  /** Keeps a place in the journal for a link that will come under this name: what happens from now on is for it too. */
  async expectLink(name: string, link: ExpectedLink): Promise<void> {
    this.#expected.set(name, { ...link, connections: 0, retries: 0 })
    const { journal } = this.#store
    if ((await journal.cursor(name)) === undefined) journal.advance(name, journal.last())
    this.linkChanged(name)
  }

  /** Hears that a link which is expected stands in another way than before. */
  linkChanged(name: string): void {
    const link = this.#expected.get(name)
    if (!link) return
    const state = link.state()
    // While it is tried again and again, the first time says it all.
    if (link.recorded && isLikeBefore(state, link.recorded)) return
    link.recorded = state
    this.#recordLink({ id: name, kind: link.kind, state })
  }

  /**
   * Tells a link nothing until `resumeLink`; a named one also on its next connections. What happens meanwhile waits in
   * the journal.
   * @throws ActionFailure when there is no link of that id.
   */
  async pauseLink(id: string): Promise<void> {
    const link = await this.#statusOf(id)
    this.#held.add(id)
    for (const live of this.#links.keys()) if (live.id === id) live.hold()
    if (!link.isHeld) this.#recordLink(link)
  }

  /** Tells a link again what happens, and first what happened meanwhile. @throws ActionFailure as `pauseLink`. */
  async resumeLink(id: string): Promise<void> {
    const link = await this.#statusOf(id)
    this.#held.delete(id)
    for (const live of this.#links.keys()) if (live.id === id) live.release()
    if (link.isHeld) this.#recordLink(link)
  }

  /**
   * Tells a link one event once more, or one that a person wrote. The link forgets of it: it is tried once, refused or
   * not, and a quick operation in answer to it is done. Says what became of it so far: `waiting` where the link takes
   * nothing now.
   * @throws ActionFailure where there is no such link or event, or the event cannot be read.
   */
  async replay(
    id: string,
    what: { readonly seq: Seq } | { readonly event: Readonly<Record<string, unknown>> },
  ): Promise<'written' | 'waiting' | 'unwanted'> {
    const link = this.#connected(id)
    const at = this.#clock.now()
    const event =
      'seq' in what
        ? await this.#remembered(what.seq, link.name)
        : readWrittenEvent(what.event, { selfId: this.self.user_id, now: at })
    const isWritten = link.replay(this.#encode({ event }), { seq: 'seq' in what ? what.seq : undefined, at })
    return isWritten === undefined ? 'unwanted' : isWritten ? 'written' : 'waiting'
  }

  /**
   * What became of an event, as far as the tap still has it.
   * @throws ActionFailure where nothing is kept of what passes, or the event is in the journal no more.
   */
  async trace(seq: Seq): Promise<Trace> {
    const { tap } = this
    if (!tap) throw new ActionFailure('unsupported', 'nothing is kept of what passes: tap.records is 0')
    const event = await this.#remembered(seq)
    return { seq, event: redact(this.#show(event)) as WireEvent, ...traceEvent(tap, seq, event) }
  }

  /** Does not wait for this link any more. Its place in the events is kept, should it come again. */
  dropLink(name: string): void {
    this.#expected.delete(name)
  }

  /** How every link is doing: those that are connected, and those whose place in the events is kept. */
  async links(): Promise<readonly LinkStatus[]> {
    const { journal } = this.#store
    const live = Array.from(this.#links.keys(), (link): LinkStatus => {
      const { id, name, kind, since } = link
      const expected = name === undefined ? undefined : this.#expected.get(name)
      const state = expected?.state() ?? { phase: 'open', since }
      const { connections = 1, retries = 0 } = expected ?? {}
      return { id, name, kind: expected?.kind ?? kind, state, ...link.describe(), connections, retries }
    })
    const others = [...(await journal.cursors())].filter(([name]) => !live.some((link) => link.name === name))
    const away = others.map(([name, cursor]): LinkStatus => {
      const { kind, state, connections = 0, retries = 0 } = this.#expected.get(name) ?? {}
      const lag = Math.max(0, journal.last() - cursor)
      const idle = { isPaused: false, isHeld: this.#held.has(name), lastWrittenAt: undefined }
      return { id: name, name, kind, state: state?.(), cursor, lag, ...idle, connections, retries }
    })
    return [...live, ...away]
  }

  /** The events that the programs of links refused, by link and oldest first. */
  deadLetters(query: DeadLetterQuery): Promise<readonly DeadLetter[]> {
    return this.#store.deadLetters.list(query)
  }

  /**
   * Tells a link the events again that its program refused, one of them or the oldest thousand, and answers how many;
   * those that are taken are no dead letters any more.
   * @throws ActionFailure when no link of that name is connected.
   */
  async retryDeadLetters(link: string, seq?: Seq): Promise<number> {
    const found = this.#connected(link)
    const one = seq !== undefined && { seq }
    const letters = await this.#store.deadLetters.list({ link, ...one, limit: MOST_RETRIED })
    found.tellAgain(letters.map((letter) => letter.seq))
    return letters.length
  }

  /** Forgets an event that the program of a link refused; false when there is no such one. */
  discardDeadLetter(link: string, seq: Seq): Promise<boolean> {
    return this.#store.deadLetters.remove(link, seq)
  }

  /** Stored messages with ids above `after`, oldest first, and how many there are altogether. */
  async storedMessages(after: number, limit: number) {
    const { messages } = this.#store
    const [total, page] = await Promise.all([messages.count(), messages.list({ after, limit })])
    return { total, messages: page }
  }

  /** Erases what a person said, of every account of the store; see `Store.forget`. */
  forget(person: UserId): Promise<Forgotten> {
    return this.#forget(person)
  }

  /** Has the links drop what they read ahead: something of it was erased. */
  readAgain(): void {
    for (const link of this.#links.keys()) link.readAgain()
  }

  /** What has passed through since the account started. */
  tally(): Tally {
    return this.#counters.tally()
  }

  /** How many calls of `_rate_limited` wait for their turn. */
  queuedCalls(): number {
    return this.#queue.size
  }

  /** How many dead letters each link has that has any. */
  deadLetterCounts(): Promise<ReadonlyMap<string, number>> {
    return this.#store.deadLetters.count()
  }

  /** What keeps the account from its work: a sentence for each thing. */
  async troubles(): Promise<readonly string[]> {
    const condition = this.#backend.condition()
    const troubles = condition.phase === 'offline' ? [`the ${this.#backend.kind} backend: ${condition.reason}`] : []
    return this.#store.state.saved().then(
      () => troubles,
      (error: Error) => [...troubles, error.message],
    )
  }

  #connected(id: string): Link {
    const link = this.#links.keys().find((live) => live.id === id)
    if (!link) throw new ActionFailure('no-data', `no link ${JSON.stringify(id.slice(0, 80))} is connected`)
    return link
  }

  async #statusOf(id: string): Promise<LinkStatus> {
    const links = await this.links()
    const found = links.find((link) => link.id === id)
    if (found) return found
    const known = links.map((link) => link.id).join(', ') || 'none'
    throw new ActionFailure('no-data', `there is no link ${JSON.stringify(id.slice(0, 80))}; there are: ${known}`)
  }

  /** An event in the journal, or in the dead letters of a link. @throws ActionFailure */
  async #remembered(seq: Seq, link?: string): Promise<NetworkEvent> {
    const [entry] = await this.#store.journal.read(seq - 1, 1)
    if (entry?.seq === seq) return entry.event
    const [letter] = link === undefined ? [] : await this.deadLetters({ link, seq, limit: 1 })
    if (letter) return letter.event
    throw new ActionFailure('no-data', `there is no event ${seq} in the journal, or no more`)
  }

  #recordLink({ id, kind, state }: Pick<LinkStatus, 'id' | 'kind' | 'state'>): void {
    const at = this.#clock.now()
    const held = this.#held.has(id)
    this.tap?.add({ type: 'link', at, link: id, kind, state: state ?? { phase: 'ended' }, held })
  }

  #countCall(
    { action, params, from, link }: CallRequest,
    { body }: Answer,
    { at, token }: { readonly at: number; readonly token: string | undefined },
  ): void {
    const ms = this.#clock.now() - at
    this.#counters.countCall(action, { retcode: body.retcode, ms })
    this.tap?.add({ type: 'call', at, link, from, token, action, params, answer: body, ms })
  }

  #host(): BackendHost {
    return {
      self: this.self,
      // The overloads of the port only tie a message draft to a message event; what happens is the same.
      emit: ((draft: EventDraft) => this.#emit(draft)) as BackendHost['emit'],
      retell: async (event) => this.#tell(event, await this.#store.journal.append(event)),
      disconnect: (seconds) => this.#disconnect(seconds),
      messages: this.#store.messages,
      media: this.#media,
      files: this.#files,
      state: this.#store.state,
      clock: this.#clock,
      log: this.#log.child({ room: `backend-${this.#backend.kind}` }),
    }
  }

  async #emit(draft: EventDraft): Promise<NetworkEvent> {
    const { journal, messages } = this.#store
    const allocateId = () => messages.allocateId()
    const event = stamp(draft, { selfId: this.self.user_id, clock: this.#clock, allocateId })
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
    const encoded = Object.assign(this.#encode({ event, seq, at }), { seq })
    for (const link of this.#links.keys()) link.offer(encoded)
  }

  #disconnect(seconds: number): void {
    this.#cutUntil = this.#clock.now() + seconds * 1000
    for (const link of this.#links.keys()) link.cut()
  }

  #encode(told: { readonly event: Event; readonly seq?: Seq; readonly at?: number }): EncodedEvent {
    return new EncodedEvent(told, this.#mediaUrl)
  }

  /** An event as operators see it. */
  #show(event: Event): WireEvent {
    const told = toldEvent(event, { extraReplyData: true, removesReplyAt: false }, this.#mediaUrl)
    return toWireEvent(withFileUrl(told, this.#mediaUrl), 'array')
  }

  #call(view: LinkView, guard?: ActionGuard): ActionCall {
    const call: ActionCall = {
      ...(guard && { guard }),
      self: this.self,
      dialect: view.dialect,
      backend: this.#backend,
      messages: this.#store.messages,
      media: this.#media,
      files: this.#files,
      clock: this.#clock,
      log: this.#log,
      options: this.#options,
      app: { version: this.#version },
      supported: () => supportedActions(this.#backend),
      status: () => this.#counters.status(this.#backend.condition()),
      mediaUrl: this.#mediaUrl,
      reloadFilters: (file) => this.#filters.reload(file),
      ...(this.#restart && { restart: this.#restart }),
      queue: this.#queue,
      workbench: this.#workbench,
      render: (message) => renderMessage(toldMessage(message, view, this.#mediaUrl), view.format),
      renderEvent: (event) => {
        const wire = toWireEvent(toldEvent(event, view, this.#mediaUrl), view.format)
        // Who asks for a message gets it, also in a generation that is not told of its kind.
        return view.dialect.event(wire) ?? wire
      },
      call: async (action, params) => perform(action, params, call),
    }
    return call
  }

  #control(request: ControlRequest, scope: LinkScope | undefined): Promise<Outcome> {
    const { action: verb, params, reads, gone } = request
    const control = this.#backend.control ?? {}
    const found = Object.hasOwn(control, verb) ? control[verb] : undefined
    return attempt(verb, this.#log, async () => {
      if (scope) {
        const wording = `${scope.scope.subject} may not play the other side: that takes the access token`
        this.#auditCall(request, scope.settings?.name, { outcome: 'refused', reason: wording })
        throw new ActionFailure('refused', wording, { code: 'NOT_PERMITTED' })
      }
      if (!found) {
        const known = Object.keys(control).join(', ')
        const wording = known
          ? `there is no verb ${JSON.stringify(verb)}; the verbs are ${known}`
          : `the ${this.#backend.kind} backend has no other side to play, or its control API is switched off in the configuration`
        throw new ActionFailure('unknown-action', wording)
      }
      return withMediaUrls(await controlHandler(verb, found, reads)(params, gone), this.#mediaUrl)
    })
  }

  #subscribe(
    sink: EventSink,
    { name: given, after, kind, lifecycle }: SubscribeOptions,
    { gateway, view, scope, callFor }: Service,
  ): Subscription {
    // The places in the journal of one token are none of another's.
    const name = given !== undefined && gateway.token !== undefined ? `token:${gateway.token}:${given}` : given
    if (name !== undefined) this.#replace(name)
    const expected = name === undefined ? undefined : this.#expected.get(name)
    if (expected) expected.connections++
    const link = new Link({
      id: name ?? `${kind ?? 'link'}#${++this.#unnamed}`,
      name,
      kind,
      sink,
      view,
      ...(scope && { permits: (event) => endOf(scope) === undefined && scope.scope.permitsEvent(event) }),
      journal: this.#store.journal,
      deadLetters: this.#store.deadLetters,
      encode: (told) => this.#encode(told),
      tap: this.tap,
      clock: this.#clock,
      log: this.#log,
    })
    this.#links.set(link, lifecycle)
    if (this.#held.has(link.id)) link.hold()
    if (!expected) this.#recordLink({ id: link.id, kind, state: { phase: 'open', since: link.since } })
    const greeting = kind === 'ws' ? view.dialect.greeting : undefined
    link.tell(this.#encode({ event: { ...this.#lifecycle(lifecycle), ...greeting } }), { isFiltered: false })
    link.restore(after).catch((error: unknown) => {
      this.#log.error({ link: name, err: error }, 'the place where this link left off cannot be read; it begins now')
    })
    if (this.#clock.now() < this.#cutUntil) link.cut()
    const onEnd = (): void => {
      this.#drop(link)
      link.close(String(scope?.until?.reason))
    }
    if (scope?.until?.aborted) queueMicrotask(onEnd)
    else scope?.until?.addEventListener('abort', onEnd, { once: true })
    return {
      taken: (seq) => link.taken(seq),
      refused: async ({ seq }, refusal) => seq === undefined || link.refused(seq, refusal),
      attempted: (event, how) => {
        if (expected && how.outcome === 'retry') expected.retries++
        link.attempted(event, how)
      },
      resume: () => link.resume(),
      call: async (request) =>
        request.action === '.ack'
          ? answer(await this.#acknowledge(link, request), view.dialect)
          : gateway.call({ ...request, link: link.id }),
      end: () => {
        scope?.until?.removeEventListener('abort', onEnd)
        this.#drop(link)
        link.end()
      },
      quickOperation: async (event, operation) => {
        const context: unknown = JSON.parse(event.text)
        const request = { action: '.handle_quick_operation', params: { context, operation } }
        const seq = link.seqOf(event)
        const run = async () => {
          const at = this.#clock.now()
          const outcome = await invoke(request, callFor(request))
          const { body } = answer(outcome, view.dialect)
          const { action, params } = request
          this.tap?.add({
            type: 'call',
            at,
            link: link.id,
            action,
            params,
            answer: body,
            ms: this.#clock.now() - at,
            seq,
          })
          return outcome
        }
        // An event that is told again, since nobody wrote down that it was taken, is not answered again, whatever the
        // answer is this time.
        const isOnce = name !== undefined && event.seq !== undefined
        const answered = { ...request, params: null }
        const outcome = isOnce ? await this.#repeatable.once(`quick/${name}/${event.seq}`, answered, run) : await run()
        if (outcome.type === 'failed') {
          this.#log.warn({ link: name, reason: outcome.failure.message }, 'a quick operation could not be read')
        }
      },
    }
  }

  /** What a client says of the events on its own link. */
  #acknowledge(link: Link, { params }: CallRequest): Promise<Outcome> {
    return attempt('.ack', this.#log, async () => {
      const { seq } = readParams('.ack', catalogue['.ack'], params)
      if (!link.isAckExplicit) {
        const wording = 'this link counts events as taken once they are written; `ack: explicit` lets its client say so'
        throw new ActionFailure('unsupported', wording)
      }
      if (!link.acknowledge(seq)) {
        throw new ActionFailure(
          'bad-params',
          `.ack: seq takes the _seq of an event that this link was told, not ${seq}`,
        )
      }
      return null
    })
  }

  /** Two links of one name would share one cursor; the newer one has it. */
  #replace(name: string): void {
    for (const link of this.#links.keys()) {
      if (link.name !== name) continue
      this.#drop(link)
      link.close(`a newer connection took the name ${JSON.stringify(name)}`)
    }
  }

  /** Offers a link nothing more; one that was told `enable` is told `disable`. */
  #drop(link: Link): void {
    if (this.#links.get(link) === 'enable')
      link.tell(this.#encode({ event: this.#lifecycle('disable') }), { isFiltered: false })
    if (!this.#links.delete(link) || (link.name !== undefined && this.#expected.has(link.name))) return
    this.#recordLink({ id: link.id, kind: link.kind, state: { phase: 'ended' } })
    // No other link gets its number.
    if (link.name === undefined) this.#held.delete(link.id)
  }

  #scheduleHeartbeat(): void {
    const intervalMs = this.#options.heartbeat_interval * 1000
    if (intervalMs === 0) return
    this.#heartbeat = this.#clock.setTimeout(() => {
      this.#scheduleHeartbeat()
      const status = this.#counters.status(this.#backend.condition())
      const event = { ...this.#meta(), meta_event_type: 'heartbeat' as const, status, interval: intervalMs }
      const beat = this.#encode({ event })
      for (const link of this.#links.keys()) if (!link.isPaused) link.tell(beat, { isFiltered: true })
    }, intervalMs)
  }

  #lifecycle(sub_type: 'connect' | 'enable' | 'disable'): MetaEvent {
    return { ...this.#meta(), meta_event_type: 'lifecycle', sub_type }
  }

  #meta() {
    const time = Math.floor(this.#clock.now() / 1000)
    return { post_type: 'meta_event' as const, time, self_id: this.self.user_id }
  }
}

function isLikeBefore(state: LinkState, before: LinkState): boolean {
  if (before.phase === 'waiting' && state.phase === 'connecting') return true
  return state.phase === 'waiting' && before.phase === 'waiting'
    ? state.lastError === before.lastError
    : state.phase === before.phase
}

/** What a verb does; called with GET, what it shows. */
function controlHandler(name: string, verb: ControlVerb, reads: boolean): ControlVerb['run'] {
  if (!reads || verb.reads) return (params, gone) => verb.run(params, gone)
  if (verb.read) return (params) => verb.read!(params)
  throw new ActionFailure('bad-method', `${name} changes things: call it with POST`)
}

function isRecall(event: NetworkEvent) {
  return event.post_type === 'notice' && (event.notice_type === 'group_recall' || event.notice_type === 'friend_recall')
}

/** Why a client may not do anything any more; `undefined` while it may. */
function endOf(scope: LinkScope | undefined): string | undefined {
  return scope?.until?.aborted ? String(scope.until.reason) : undefined
}

/** Whether the actions of a call are to be looked at: some of a limited client, else what is written down. */
function needsGuard({ action }: CallRequest, scope: LinkScope | undefined): boolean {
  if (scope) return true
  const name = actionNamed(action) as ActionName | undefined
  return name !== undefined && (name === '.handle_quick_operation' || isUnsafe(name))
}
