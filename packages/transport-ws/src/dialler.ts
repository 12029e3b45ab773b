import type { Socket } from 'node:net'
import { describeError, handshakeHeaders } from '@seekyou/protocol'
import type { Answer, CallRequest, Clock, Gateway, LinkState, Logger, SubscribeOptions, Timer } from '@seekyou/protocol'
import { WebSocket } from 'ws'
import { backoff } from './backoff.ts'
import type { ReverseClientOptions } from './options.ts'
import { ClientOutlet } from './outlet.ts'
import { Session, socketOptions } from './session.ts'
import type { TlsSettings } from './tls-files.ts'

export interface DiallerSetup {
  readonly gateway: Gateway
  readonly role: ReverseClientOptions['role']
  readonly url: string
  readonly accessToken?: string | undefined
  readonly tls: TlsSettings
  /** Where the events begin; absent on a connection that carries none. */
  readonly events?: Omit<SubscribeOptions, 'lifecycle'>
  /** The account is done with this link. */
  readonly onEnded?: () => void
  /** Called when its state is another. */
  readonly onStateChange?: () => void
  readonly options: ReverseClientOptions
  readonly clock: Clock
  readonly log: Logger
  readonly random?: () => number
}

/** Keeps one connection: dials, dials again when it is lost, and never has two. */
export class Dialler implements AsyncDisposable {
  readonly #setup: DiallerSetup
  readonly #log: Logger
  #state: LinkState = { phase: 'connecting' }
  #socket: WebSocket | undefined
  #session: Session | undefined
  #retry: Timer | undefined
  /** Attempts in a row that led to no lasting connection. */
  #failures = 0
  /** Since when there is no connection, in ms since 1970. */
  #lostAt: number | undefined

  constructor(setup: DiallerSetup) {
    this.#setup = setup
    this.#log = setup.log.child({ role: setup.role })
    this.#dial()
  }

  get state(): LinkState {
    return this.#state
  }

  /** Does a call as if it had come through this connection. */
  call(request: CallRequest): Promise<Answer> {
    return (this.#session ?? this.#setup.gateway).call(request)
  }

  async close(reason: string): Promise<void> {
    this.#end()
    if (this.#session) await this.#session.close(1001, reason)
    else if (this.#socket) await hangUp(this.#socket)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close('the server is shutting down')
  }

  #changeState(state: LinkState): void {
    this.#state = state
    this.#setup.onStateChange?.()
  }

  /** From now on nothing is dialled. */
  #end(): void {
    this.#changeState({ phase: 'ended' })
    this.#retry?.cancel()
  }

  #dial(): void {
    const { gateway, role, url, accessToken, tls, options, clock } = this.#setup
    const { selfId, dialect } = gateway
    this.#changeState({ phase: 'connecting' })
    const webSocket = new WebSocket(url, {
      headers: handshakeHeaders({ selfId, dialect, role, accessToken }),
      ...tls,
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
    const { gateway, role, events, options, clock } = this.#setup
    this.#changeState({ phase: 'open', since: clock.now() })
    this.#lostAt = undefined
    this.#log.info({}, 'connected to the bot')
    this.#session = new Session({
      gateway,
      webSocket,
      socket,
      openOutlet: (written) => new ClientOutlet(webSocket, socket, written),
      refusesCalls:
        role === 'Event' ? 'this connection only carries events; calls come through one of the role API' : undefined,
      events,
      onEnded: () => {
        this.#end()
        this.#setup.onEnded?.()
      },
      options,
      clock,
      log: this.#log,
    })
  }

  #onClosed(openedAt: number | undefined, problem: string): void {
    this.#socket = undefined
    this.#session = undefined
    if (this.#setup.gateway.until?.aborted) this.#end()
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
    this.#lostAt ??= now
    this.#changeState({ phase: 'waiting', since: this.#lostAt, lastError: problem, nextTryAt: now + waitMs })
    this.#log.warn({ problem, waitMs: Math.round(waitMs) }, 'not connected to the bot; trying again later')
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
