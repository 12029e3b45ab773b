import { describeError, inHeader } from '@seekyou/protocol'
import type { Clock, LoginGuard, Timer } from '@seekyou/protocol'
import { WebSocket } from 'ws'
import { backoff } from './backoff.ts'
import type { Connector, LineHolder } from './line.ts'
import type { BridgeOptions } from './options.ts'
import { socketOptions, WebSocketLine } from './web-socket-line.ts'

/** What every way of connecting needs. */
export interface ConnectorSetup {
  readonly options: BridgeOptions
  readonly clock: Clock
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number
  readonly holder: LineHolder
  /** Asked about whoever comes to us. */
  readonly logins?: LoginGuard | undefined
}

/** Dials the upstream's WebSocket, again and again with growing pauses, whenever there is no line. */
export class Dialer implements Connector {
  readonly awaits: string
  readonly #setup: ConnectorSetup
  readonly #url: string
  #webSocket: WebSocket | undefined
  #retry: Timer | undefined
  #failures = 0
  #isEnded = false

  constructor(url: string, setup: ConnectorSetup) {
    this.#setup = setup
    this.#url = url
    this.awaits = `a OneBot 11 implementation that listens on ${placeOf(url)}`
    this.#dial()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true
    this.#retry?.cancel()
    const webSocket = this.#webSocket
    if (!webSocket) return
    await new Promise<void>((resolve) => {
      webSocket.once('close', () => resolve())
      webSocket.terminate()
    })
  }

  #dial(): void {
    const { options, clock, holder } = this.#setup
    const { access_token, connect_timeout, ping_interval, call_timeout, reconnect_interval } = options
    const webSocket = new WebSocket(this.#url, {
      headers: access_token === '' ? {} : { Authorization: `Bearer ${inHeader(access_token)}` },
      ...socketOptions,
    })
    this.#webSocket = webSocket
    let problem: string | undefined
    let openedAt: number | undefined
    const patience = clock.setTimeout(() => {
      problem = `no answer within ${connect_timeout} s`
      webSocket.terminate()
    }, connect_timeout * 1000)
    webSocket.on('error', (error) => (problem ??= describeError(error)))
    const onClosed = (reason: string): void => {
      patience.cancel()
      this.#webSocket = undefined
      if (this.#isEnded) return
      // An upstream that accepts and hangs up at once is no better than one that refuses.
      if (openedAt !== undefined && clock.now() - openedAt >= reconnect_interval * 1000) this.#failures = 0
      this.#retry = clock.setTimeout(() => this.#dial(), backoff(this.#failures++, options, this.#setup.random))
      holder.onClosed(reason)
    }
    const onFailed = (): void => onClosed(problem ?? 'it closed the connection')
    webSocket.once('close', onFailed)
    webSocket.once('open', () => {
      patience.cancel()
      openedAt = clock.now()
      webSocket.off('close', onFailed)
      const line = new WebSocketLine({
        webSocket,
        clock,
        pingIntervalMs: ping_interval * 1000,
        callTimeoutMs: call_timeout * 1000,
        onEvent: (event) => holder.onEvent(event),
        onClosed,
      })
      holder.onOpen(line)
    })
  }
}

/** A URL without what may be secret in it. */
export function placeOf(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
}
