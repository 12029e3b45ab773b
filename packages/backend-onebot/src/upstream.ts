import { ActionFailure, BackendRefused, BackendUnreachable, userId } from '@seekyou/protocol'
import type { Clock, Condition, FailureKind, Identity, Logger, LoginGuard, Timer } from '@seekyou/protocol'
import { Acceptor } from './acceptor.ts'
import { Dialer } from './dialer.ts'
import type { ConnectorSetup } from './dialer.ts'
import { HttpConnector } from './http-connector.ts'
import { Unanswered } from './line.ts'
import type { Connector, Line, LineHolder } from './line.ts'
import type { BridgeOptions } from './options.ts'
import { profileNamed, profileOf } from './profile.ts'
import type { Profile } from './profile.ts'
import { fieldsOf, isFields, numberOf, textOf } from './reading.ts'
import type { Fields } from './reading.ts'

/** What an upstream says of itself, and whose account it has. */
export interface UpstreamInfo {
  readonly identity: Identity
  readonly appName: string
  readonly appVersion: string
  /** The actions that it says it has; absent where it does not say. */
  readonly supported?: readonly string[]
}

export interface UpstreamSetup {
  readonly options: BridgeOptions
  readonly clock: Clock
  readonly log: Logger
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number
  readonly logins?: LoginGuard | undefined
}

/** Events that are kept while nobody takes them yet. */
const MAX_WAITING_EVENTS = 10_000

/** So many calls in a row without an answer are a sign that something is wrong. */
const WORRYING_CALLS = 3

/** Without a heartbeat for so many of its intervals an upstream counts as ailing. */
const PATIENT_BEATS = 3

/** The one that speaks to the upstream: keeps a line open, knows who is there and how it stands, does calls. */
export class Upstream implements AsyncDisposable {
  readonly #setup: UpstreamSetup
  readonly #known = Promise.withResolvers<UpstreamInfo>()
  #connector: Connector | undefined
  #line: Line | undefined
  /** Set while the upstream has been met and the line holds. */
  #isReady = false
  #info: UpstreamInfo | undefined
  #profile: Profile
  #problem = 'not connected yet'
  #selfId: number | undefined
  #take: ((event: Fields) => void) | undefined
  #onReady: (() => void) | undefined
  #waiting: Fields[] = []
  #lastCondition: string = 'offline'
  /** What the upstream says of the account: a reason if it is not well. */
  #accountProblem: { readonly phase: 'degraded' | 'offline'; readonly reason: string } | undefined
  #beat: { readonly at: number; readonly intervalMs: number } | undefined
  #unanswered = 0
  #retry: Timer | undefined
  #isEnded = false

  private constructor(setup: UpstreamSetup) {
    this.#setup = setup
    this.#selfId = setup.options.self_id
    this.#profile = profileNamed(setup.options.profile === 'auto' ? 'generic' : setup.options.profile)
    // Nobody may be waiting when the end comes.
    this.#known.promise.catch(() => undefined)
  }

  /** Begins to look for the upstream. @throws Error of the operating system when the port to listen on cannot be had. */
  static async open(setup: UpstreamSetup): Promise<Upstream> {
    const upstream = new Upstream(setup)
    upstream.#connector = await connect(setup, upstream.#holder())
    return upstream
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#retry?.cancel()
    this.#isReady = false
    this.#problem = 'the server is stopping'
    this.#known.reject(new BackendUnreachable('the server is stopping; the upstream was never seen'))
    await this.#connector?.[Symbol.asyncDispose]()
  }

  /** What is waited for, in words for the operator. */
  get awaits(): string {
    return this.#connector?.awaits ?? 'the upstream'
  }

  get profile(): Profile {
    return this.#profile
  }

  /** What the upstream said of itself last; absent until it was met. */
  get info(): UpstreamInfo | undefined {
    return this.#info
  }

  /** Resolves once the upstream was met; rejects when it never will be. */
  met(): Promise<UpstreamInfo> {
    return this.#known.promise
  }

  /** What was remembered of the upstream from another day: it holds until the upstream is met. */
  recall(info: UpstreamInfo): void {
    if (this.#info) return
    this.#selfId ??= info.identity.user_id
    this.#learn(info)
  }

  /** Has `take` told every event of the account `selfId`, those that waited first; any other account is turned away. */
  begin(selfId: number, take: (event: Fields) => void, onReady: () => void): void {
    this.#selfId = selfId
    this.#take = take
    this.#onReady = onReady
    if (!this.#isReady) return
    this.#drain()
    onReady()
  }

  condition(): Condition {
    if (!this.#isReady) {
      return {
        phase: 'offline',
        reason: `the upstream cannot be reached: ${this.#problem}; waiting for ${this.awaits}`,
      }
    }
    if (this.#accountProblem) return this.#accountProblem
    const silentMs = this.#beat ? this.#setup.clock.now() - this.#beat.at : 0
    if (this.#beat && silentMs > this.#beat.intervalMs * PATIENT_BEATS) {
      return { phase: 'degraded', reason: `no heartbeat of the upstream for ${Math.round(silentMs / 1000)} s` }
    }
    if (this.#unanswered >= WORRYING_CALLS) {
      return { phase: 'degraded', reason: `the upstream left the last ${this.#unanswered} calls unanswered` }
    }
    return { phase: 'online' }
  }

  /**
   * Does a call and returns its data.
   * @throws BackendRefused, ActionFailure `unsupported`; BackendUnreachable when nothing was sent; Unanswered.
   */
  async call(action: string, params: Fields): Promise<unknown> {
    if (!this.#isReady || !this.#line) {
      throw new BackendUnreachable(`the upstream cannot be reached: ${this.#problem}; nothing was sent`)
    }
    return this.#callOn(this.#line, action, params)
  }

  async #callOn(line: Line, action: string, params: Fields): Promise<unknown> {
    let answer: Fields
    try {
      answer = fieldsOf(await line.call(action, params))
      this.#unanswered = 0
    } catch (error) {
      if (error instanceof Unanswered) this.#unanswered++
      throw error
    }
    const retcode = numberOf(answer['retcode']) ?? (answer['status'] === 'ok' ? 0 : -1)
    if (answer['status'] === 'async' && answer['msg'] === 'OUTCOME_UNKNOWN') {
      throw new Unanswered(textOf(answer['wording']) ?? 'the upstream itself does not know the outcome')
    }
    if (answer['status'] !== 'failed' && (retcode === 0 || retcode === 1)) return answer['data']
    throw this.#failureOf(action, retcode, answer)
  }

  #failureOf(action: string, retcode: number, answer: Fields): Error {
    const said = [answer['wording'], answer['message'], answer['msg']].map(textOf)
    const wording = (said.find((text) => text !== undefined && text !== '') ?? `retcode ${retcode}`).slice(0, 500)
    const code = /^[A-Z][A-Z_\d]+$/.test(textOf(answer['msg']) ?? '') ? textOf(answer['msg']) : undefined
    if (retcode === 404 || retcode === 1404 || code === 'API_NOT_FOUND') {
      return new ActionFailure('unsupported', `the upstream (${this.#name()}) has no action ${action}`)
    }
    if (this.#profile.isUnanswered?.({ retcode, wording })) {
      return new Unanswered(`the upstream answered ${action} with: ${wording}`)
    }
    return new BackendRefused(wording, {
      kind: kindOf(retcode, `${code} ${wording}`),
      ...(code !== undefined && { code }),
      ...(retcode < 0 && { retcode }),
    })
  }

  #name(): string {
    const { appName = this.#profile.name, appVersion = '' } = this.#info ?? {}
    return `${appName} ${appVersion}`.trim()
  }

  #holder(): LineHolder {
    return {
      onOpen: (line) => {
        this.#line = line
        void this.#meet(line)
      },
      onEvent: (event) => this.#onEvent(event),
      onClosed: (problem) => {
        this.#retry?.cancel()
        this.#line = undefined
        this.#isReady = false
        this.#accountProblem = undefined
        this.#beat = undefined
        this.#problem = problem
        this.#report()
      },
    }
  }

  /** Learns who is there. Until that is known no call is done and events wait. */
  async #meet(line: Line): Promise<void> {
    try {
      const [login, version, supported] = await Promise.all([
        this.#callOn(line, 'get_login_info', {}),
        this.#callOn(line, 'get_version_info', {}).catch(unlessLost),
        this.#callOn(line, 'get_supported_actions', {}).catch(unlessLost),
      ])
      if (this.#line !== line) return
      const user = userId.safeParse(fieldsOf(login)['user_id'])
      if (!user.success) throw new Error('it does not tell whose account it has')
      if (this.#selfId !== undefined && user.data !== this.#selfId) {
        throw new Error(`it has the account ${user.data}, and this is the bridge of ${this.#selfId}`)
      }
      this.#learn({
        identity: { user_id: user.data, nickname: textOf(fieldsOf(login)['nickname']) ?? '' },
        appName: textOf(fieldsOf(version)['app_name']) ?? '',
        appVersion: textOf(fieldsOf(version)['app_version']) ?? '',
        ...(Array.isArray(supported) && { supported: supported.filter((name) => typeof name === 'string') }),
      })
      this.#selfId = user.data
      this.#isReady = true
      this.#unanswered = 0
      this.#report()
      this.#known.resolve(this.#info!)
      this.#drain()
      this.#onReady?.()
    } catch (error) {
      if (this.#line !== line || this.#isEnded) return
      const { message } = error as Error
      this.#problem = message
      // An account that is not logged in yet, or another one: the line may stay, and the question is asked again.
      const { clock, options } = this.#setup
      this.#retry = clock.setTimeout(() => void this.#meet(line), options.reconnect_interval * 1000)
      this.#report()
    }
  }

  #learn(info: UpstreamInfo): void {
    const { profile } = this.#setup.options
    this.#info = info
    this.#profile = profile === 'auto' ? profileOf(info.appName) : profileNamed(profile)
  }

  #onEvent(event: unknown): void {
    if (!isFields(event)) return
    if (event['post_type'] === 'meta_event') {
      this.#onMeta(event)
      return
    }
    if (event['notice_type'] === 'bot_offline') {
      const said = textOf(event['message']) ?? textOf(event['tag']) ?? ''
      this.#setAccountProblem({
        phase: 'offline',
        reason: `the upstream says that the account was logged out: ${said}`,
      })
    }
    if (this.#take && this.#isReady) this.#take(event)
    else if (this.#waiting.length < MAX_WAITING_EVENTS) this.#waiting.push(event)
  }

  #onMeta(event: Fields): void {
    if (event['meta_event_type'] !== 'heartbeat') return
    const { clock } = this.#setup
    // In milliseconds by the documents; what is shorter than anyone beats is in seconds.
    const interval = numberOf(event['interval']) ?? 0
    if (interval > 0) this.#beat = { at: clock.now(), intervalMs: interval < 1000 ? interval * 1000 : interval }
    const { online, good } = fieldsOf(event['status'])
    if (online === false) {
      this.#setAccountProblem({ phase: 'offline', reason: 'the upstream says that the account is offline' })
    } else if (good === false) {
      this.#setAccountProblem({ phase: 'degraded', reason: 'the upstream says that it is not well' })
    } else {
      this.#setAccountProblem(undefined)
    }
  }

  #setAccountProblem(problem: { readonly phase: 'degraded' | 'offline'; readonly reason: string } | undefined): void {
    this.#accountProblem = problem
    this.#report()
  }

  #drain(): void {
    if (!this.#take) return
    for (const event of this.#waiting.splice(0)) this.#take(event)
  }

  /** Writes a line when the account's condition has changed. */
  #report(): void {
    if (this.#isEnded) return
    const condition = this.condition()
    const told = condition.phase === 'online' ? 'online' : condition.reason
    if (told === this.#lastCondition) return
    this.#lastCondition = told
    const { log } = this.#setup
    if (condition.phase === 'online') {
      const { identity } = this.#info!
      log.info(
        { upstream: this.#name(), profile: this.#profile.name, account: identity.user_id },
        'the account is online',
      )
    } else {
      log.warn({ reason: condition.reason }, `the account is ${condition.phase}`)
    }
  }
}

/** What is asked on the side may be refused; that the line is gone is for everyone to know. */
function unlessLost(error: unknown): undefined {
  if (error instanceof ActionFailure && error.kind !== 'unreachable') return undefined
  throw error
}

async function connect({ options, clock, random, logins }: UpstreamSetup, holder: LineHolder): Promise<Connector> {
  const setup: ConnectorSetup = { options, clock, random, holder, logins }
  const { url, listen } = options
  if (url === undefined) return Acceptor.open(listen!, setup)
  return /^ws/i.test(url) ? new Dialer(url, setup) : HttpConnector.open(url, setup)
}

/** What an upstream means by its code and its words: every generation and vendor has its own. */
function kindOf(retcode: number, said: string): Extract<FailureKind, 'refused' | 'no-data'> {
  if (retcode === 102 || /NOT_FOUND|不存在|不是群成员|无此/.test(said)) return 'no-data'
  return 'refused'
}
