import type { Socket } from 'node:net'
import { handshakeHeaders } from '@seekyou/protocol'
import type { Clock, Gateway, Logger, Timer } from '@seekyou/protocol'
import { WebSocket } from 'ws'
import { backoff } from './backoff.ts'
import type { ReverseClientOptions } from './options.ts'
import { clientOutlet } from './outlet.ts'
import { Session, socketOptions } from './session.ts'

/** Where a reverse connection stands. Times are in ms since 1970. */
export type ReverseState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'open'; readonly since: number }
  | { readonly phase: 'waiting'; readonly lastError: string; readonly nextTryAt: number }
  | { readonly phase: 'ended' }

/** Keeps one connection to a bot that we dial. */
export interface ReverseClient extends AsyncDisposable {
  readonly state: ReverseState
}

export interface ReverseClientSetup {
  readonly gateway: Gateway
  readonly options: ReverseClientOptions
  readonly accessToken?: string | undefined
  readonly clock: Clock
  readonly log: Logger
  /** Spreads the retries; by default `Math.random`. */
  readonly random?: () => number
}

/**
 * Begins to dial a bot and returns at once. It dials again whenever the connection fails or ends, for whatever reason,
 * until it is disposed of or the account is done with it.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/ws-reverse.md
 */
export function createReverseClient(setup: ReverseClientSetup): ReverseClient {
  return new Dialler(setup)
}

class Dialler implements ReverseClient {
  readonly #setup: ReverseClientSetup
  #state: ReverseState = { phase: 'connecting' }
  #socket: WebSocket | undefined
  #session: Session | undefined
  #retry: Timer | undefined
  /** Attempts in a row that led to no lasting connection. */
  #failures = 0

  constructor(setup: ReverseClientSetup) {
    this.#setup = setup
    this.#dial()
  }

  get state(): ReverseState {
    return this.#state
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end()
    if (this.#session) await this.#session.close(1001, 'the server is shutting down')
    else if (this.#socket) await hangUp(this.#socket)
  }

  /** From now on nothing is dialled. */
  #end(): void {
    this.#state = { phase: 'ended' }
    this.#retry?.cancel()
  }

  #dial(): void {
    const { gateway, options, accessToken, clock } = this.#setup
    const { selfId, dialect } = gateway
    this.#state = { phase: 'connecting' }
    const webSocket = new WebSocket(options.url, {
      headers: handshakeHeaders({ selfId, dialect, role: options.role, accessToken }),
      ...socketOptions(options),
    })
    this.#socket = webSocket

    let problem: string | undefined
    let openedAt: number | undefined
    let socket: Socket
    const patience = clock.setTimeout(() => {
      problem = `no answer within ${options.connect_timeout} s`
      webSocket.terminate()
    }, options.connect_timeout * 1000)

    webSocket.once('upgrade', (response) => (socket = response.socket))
    webSocket.on('error', (error) => (problem ??= describeError(error)))
    webSocket.once('open', () => {
      patience.cancel()
      openedAt = clock.now()
      this.#onOpen(webSocket, socket)
    })
    webSocket.once('close', (code, reason) => {
      patience.cancel()
      this.#onClosed(openedAt, problem ?? describeClose(code, reason))
    })
  }

  #onOpen(webSocket: WebSocket, socket: Socket): void {
    const { gateway, options, clock } = this.#setup
    this.#state = { phase: 'open', since: clock.now() }
    this.#setup.log.info({}, 'connected to the bot')
    this.#session = new Session({
      gateway,
      webSocket,
      socket,
      outlet: clientOutlet(webSocket, socket),
      carriesCalls: true,
      carriesEvents: true,
      name: options.name,
      onEnded: () => this.#end(),
      options,
      clock,
      log: this.#setup.log,
    })
  }

  #onClosed(openedAt: number | undefined, problem: string): void {
    this.#socket = undefined
    this.#session = undefined
    if (this.#state.phase === 'ended') return
    const { options, clock, random = Math.random } = this.#setup
    const now = clock.now()
    // A bot that accepts and hangs up at once is no better than one that refuses.
    if (openedAt !== undefined && now - openedAt >= options.reconnect_interval * 1000) this.#failures = 0
    const waitMs = backoff(this.#failures++, {
      intervalMs: options.reconnect_interval * 1000,
      maxMs: options.reconnect_interval_max * 1000,
      random,
    })
    this.#state = { phase: 'waiting', lastError: problem, nextTryAt: now + waitMs }
    this.#setup.log.warn({ problem, waitMs: Math.round(waitMs) }, 'not connected to the bot; trying again later')
    this.#retry = clock.setTimeout(() => this.#dial(), waitMs)
  }
}

function hangUp(webSocket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    webSocket.once('close', () => resolve())
    webSocket.terminate()
  })
}

function describeClose(code: number, reason: Buffer): string {
  const said = reason.length > 0 ? `: ${reason.toString()}` : ''
  return `the bot closed the connection with code ${code}${said}`
}

/** A host with several addresses fails with one error for each, and without a message of its own. */
function describeError(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeError).join('; ')
  return error instanceof Error ? error.message : String(error)
}
