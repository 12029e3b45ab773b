/// <reference lib="esnext.disposable" preserve="true" />
import type { Clock } from '@seekyou/protocol'
import type { Actions, CallArguments, CallData, CallName, CallOptions, MessageInput } from './call.ts'
import { systemClock } from './clock.ts'
import { ConnectionError } from './connection-error.ts'
import { EventQueue } from './event-queue.ts'
import type { BotEvent, EventName, EventOf, UnknownEvent } from './event.ts'
import { createHttpLine } from './http-line.ts'
import { dataOf } from './line.ts'
import type { Line } from './line.ts'
import { Listeners } from './listeners.ts'
import type { Listener } from './listeners.ts'
import { chatOf } from './message.ts'
import type { GuildMessageEvent, MessageEvent } from './message.ts'
import { createWebSocketLine } from './web-socket-line.ts'

export interface ClientOptions {
  /** `ws://` or `wss://` for calls and events, `http://` or `https://` for calls alone. */
  readonly url: string | URL
  /** Sent as `Authorization: Bearer …`. */
  readonly accessToken?: string | undefined
  /** How long a call may take, the wait for a connection included. Default 30 000. */
  readonly timeoutMs?: number
  /** The wait before the first attempt to connect again; it doubles with every failure up to `reconnectMaxMs`. Default 1000. */
  readonly reconnectMs?: number
  /** Default 30 000. */
  readonly reconnectMaxMs?: number
  /** How long the server may be silent before it is asked for a sign of life, and again before it is given up. Default 30 000. */
  readonly pingMs?: number
  /** Most calls that may be without an answer at once. Default 1000. */
  readonly maxCalls?: number
  /** Most events that may wait for one `events()` loop; beyond that the oldest are lost. Default 1000. */
  readonly maxEvents?: number
  /** Told what a listener threw, of every connection that failed or was lost, and of events lost. Default: `console.error`, of a connection its message alone. */
  readonly onError?: (error: unknown) => void
  /** For tests. Default: real time, with timers that keep the process alive. */
  readonly clock?: Clock
  /** For tests: spreads the attempts to connect again. Default: `Math.random`. */
  readonly random?: () => number
}

/** What a message that was sent goes by: a number, in a guild text. */
type Sent<E extends MessageEvent> = E extends GuildMessageEvent
  ? CallData<'send_guild_channel_msg'>
  : CallData<'send_msg'>

/** One account, seen from a bot program. */
export interface Client extends AsyncDisposable {
  /**
   * Calls an action and resolves to its data.
   * @throws ActionError if the server says no.
   * @throws ConnectionError if there was no answer.
   */
  call<Name extends CallName>(action: Name, ...rest: CallArguments<Name>): Promise<CallData<Name>>
  /** Calls any action, such as one that only one vendor has; throws as `call` does. */
  callAny(action: string, params?: object, options?: CallOptions): Promise<unknown>
  /** Every action as a method: `client.actions.get_status()` is `client.call('get_status')`. */
  readonly actions: Actions
  /**
   * Sends a message to the chat that a message came from; throws as `call` does.
   * To quote it too, begin with `segment.reply(event.message_id)`.
   */
  reply<E extends MessageEvent>(event: E, message: MessageInput): Promise<Sent<E>>

  /** Hears every event that goes by a name from now on. @throws TypeError on a client without events. */
  on<Name extends EventName>(name: Name, listener: (event: EventOf<Name>) => unknown): void
  /** Hears events of any name, such as those that only one vendor has. @throws TypeError on a client without events. */
  onAny(name: string, listener: (event: UnknownEvent) => unknown): void
  /** Takes back an `on` or `onAny`. */
  off(name: string, listener: (event: never) => unknown): void
  /**
   * The events from now on, or those that go by a name, one by one; it ends when the client is closed.
   * @throws TypeError on a client without events.
   */
  events(): AsyncIterableIterator<BotEvent, undefined>
  events<Name extends EventName>(name: Name): AsyncIterableIterator<EventOf<Name>, undefined>

  /** Hangs up. Calls without an answer throw, loops over events end. Disposing of the client does the same. */
  close(): Promise<void>
}

/** The longest wait that a timer can do; a longer one would be over at once. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Makes a client; over WebSocket it connects at once, and again whenever the connection fails or ends.
 * @throws TypeError, RangeError on options that make no sense.
 */
export function createClient(options: ClientOptions): Client {
  return new LineClient(options)
}

class LineClient implements Client {
  readonly actions: Actions
  readonly #line: Line
  readonly #carriesEvents: boolean
  readonly #timeoutMs: number
  readonly #maxEvents: number
  readonly #onError: (error: unknown) => void
  readonly #listeners: Listeners
  readonly #loops = new Set<{ end(): void }>()

  constructor({
    url,
    accessToken,
    timeoutMs = 30_000,
    reconnectMs = 1000,
    reconnectMaxMs = 30_000,
    pingMs = 30_000,
    maxCalls = 1000,
    maxEvents = 1000,
    // Of a connection it is enough to know that it is not there, once a try.
    // oxlint-disable-next-line no-console -- What nobody asked for must not get lost.
    onError = (error) => console.error(error instanceof ConnectionError ? error.message : error),
    clock = systemClock,
    random = Math.random,
  }: ClientOptions) {
    const address = readUrl(url)
    for (const [name, ms] of Object.entries({ timeoutMs, reconnectMs, reconnectMaxMs, pingMs })) checkMs(name, ms)
    this.#carriesEvents = address.protocol.startsWith('ws')
    this.#timeoutMs = timeoutMs
    this.#maxEvents = maxEvents
    this.#onError = onError
    this.#listeners = new Listeners(onError)
    this.actions = actionsOf(this)
    const setup = { url: address, headers: authorization(accessToken), maxCalls, clock }
    this.#line = this.#carriesEvents
      ? createWebSocketLine({
          ...setup,
          reconnectMs,
          reconnectMaxMs,
          pingMs,
          random,
          onEvent: (event) => this.#listeners.tell(event),
          onProblem: onError,
        })
      : createHttpLine(setup)
  }

  async call<Name extends CallName>(action: Name, ...[params, options]: CallArguments<Name>): Promise<CallData<Name>> {
    return (await this.callAny(action, params, options)) as CallData<Name>
  }

  async callAny(action: string, params: object = {}, options: CallOptions = {}): Promise<unknown> {
    const { timeoutMs = this.#timeoutMs } = options
    checkMs('timeoutMs', timeoutMs)
    return dataOf(action, await this.#line.ask({ action, params, timeoutMs }))
  }

  async reply<E extends MessageEvent>(event: E, message: MessageInput): Promise<Sent<E>> {
    // The compiler does not follow a type parameter through a condition.
    return (await this.#reply(event, message)) as Sent<E>
  }

  #reply(event: MessageEvent, message: MessageInput): Promise<Sent<MessageEvent>> {
    if (event.message_type !== 'guild') return this.call('send_msg', { ...chatOf(event), message })
    const { guild_id, channel_id } = event
    return this.call('send_guild_channel_msg', { guild_id, channel_id, message })
  }

  on(name: string, listener: Listener): void {
    this.#checkEvents()
    this.#listeners.add(name, listener)
  }

  onAny(name: string, listener: Listener): void {
    this.on(name, listener)
  }

  off(name: string, listener: Listener): void {
    this.#listeners.remove(name, listener)
  }

  events<Name extends EventName>(name: Name | '' = ''): AsyncIterableIterator<EventOf<Name>, undefined> {
    this.#checkEvents()
    const listener = (event: EventOf<Name>): void => queue.push(event)
    const queue = new EventQueue<EventOf<Name>>(
      this.#maxEvents,
      () => this.#onError(new Error(`a loop over events is more than ${this.#maxEvents} behind and loses the oldest`)),
      () => {
        this.#listeners.remove(name, listener)
        this.#loops.delete(queue)
      },
    )
    this.#listeners.add(name, listener)
    this.#loops.add(queue)
    return queue
  }

  async close(): Promise<void> {
    const closed = this.#line.close()
    for (const loop of this.#loops) loop.end()
    await closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #checkEvents(): void {
    if (!this.#carriesEvents) throw new TypeError('there are no events over HTTP: give createClient a ws:// URL')
  }
}

function actionsOf(client: Client): Actions {
  return new Proxy({} as Actions, {
    get: (_, action) => {
      // Whoever awaits this object asks for its `then`.
      if (typeof action !== 'string' || action === 'then') return undefined
      return (params?: object, options?: CallOptions) => client.callAny(action, params, options)
    },
  })
}

function readUrl(url: string | URL): URL {
  const read = URL.parse(String(url))
  if (!read || !/^(?:ws|http)s?:$/.test(read.protocol) || read.username || read.password) {
    // It does not say what came: there may be a token in it.
    throw new TypeError('url takes a ws://, wss://, http:// or https:// URL, without a user name in it')
  }
  // Nothing that is sent anywhere.
  read.hash = ''
  return read
}

function authorization(accessToken = ''): Record<string, string> {
  if (accessToken === '') return {}
  // Checked here, since what would refuse it later shows it.
  if (/[^\t\x20-\x7e\x80-\xff]/.test(accessToken)) {
    throw new TypeError('accessToken takes what a header can carry: no line breaks, nothing beyond Latin-1')
  }
  return { Authorization: `Bearer ${accessToken}` }
}

function checkMs(name: string, ms: number): void {
  if (ms > 0 && ms <= LONGEST_MS) return
  throw new RangeError(`${name} takes milliseconds from 1 to ${LONGEST_MS}, not ${ms}`)
}
