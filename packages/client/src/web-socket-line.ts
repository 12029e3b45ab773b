import type { Socket } from 'node:net'
import type { Timer } from '@seekyou/protocol'
import { WebSocket } from 'ws'
import type { RawData } from 'ws'
import { ConnectionError } from './connection-error.ts'
import type { UnknownEvent } from './event.ts'
import { describeError, readObject, refusesToken, shown } from './line.ts'
import type { Answer, JsonObject, Line, LineSetup, OutgoingCall } from './line.ts'

/** How long a server may take to let us in, and to answer a close, in ms. */
const CONNECT_MS = 10_000
const CLOSE_GRACE_MS = 1000

export interface WebSocketLineSetup extends LineSetup {
  /** The wait before the first attempt to connect again; it doubles with every failure up to `reconnectMaxMs`. */
  readonly reconnectMs: number
  readonly reconnectMaxMs: number
  /** How long the server may be silent before it is asked for a sign of life, and again before it is given up. */
  readonly pingMs: number
  /** A number from 0 up to 1. */
  readonly random: () => number
  readonly onEvent: (event: UnknownEvent) => void
  /** Told of every attempt that failed and every connection that was lost. */
  readonly onProblem: (error: ConnectionError) => void
}

/**
 * Keeps one WebSocket that carries calls and events, from now until it is closed.
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md
 */
export function createWebSocketLine(setup: WebSocketLineSetup): Line {
  return new WebSocketLine(setup)
}

/** A call without an answer. */
interface Call {
  readonly action: string
  readonly frame: string
  readonly settle: (answer: Answer) => void
  isSent: boolean
}

class WebSocketLine implements Line {
  readonly #setup: WebSocketLineSetup
  readonly #url: string
  /** By echo, in the order in which they were made. */
  readonly #calls = new Map<string, Call>()
  #lastEcho = 0
  #webSocket: WebSocket | undefined
  #retry: Timer | undefined
  /** Attempts in a row that led to no lasting connection. */
  #failures = 0
  #lastProblem = 'still connecting'
  #isClosed = false

  constructor(setup: WebSocketLineSetup) {
    this.#setup = setup
    this.#url = shown(setup.url)
    this.#dial()
  }

  async ask({ action, params, timeoutMs }: OutgoingCall): Promise<Answer> {
    const { maxCalls, clock } = this.#setup
    // Never the echo of another call, not even of one that was lost with its connection.
    const echo = String(++this.#lastEcho)
    const frame = JSON.stringify({ action, params, echo })
    if (this.#isClosed) return notSent(action, 'the client is closed')
    if (this.#calls.size >= maxCalls) return notSent(action, `${maxCalls} calls have no answer yet`)
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const call: Call = { action, frame, settle: resolve, isSent: false }
    this.#calls.set(echo, call)
    const timer = clock.setTimeout(() => {
      resolve(
        call.isSent
          ? maybeDone(action, `${this.#url} did not answer within ${timeoutMs} ms`)
          : notSent(action, `no connection to ${this.#url} within ${timeoutMs} ms (${this.#lastProblem})`),
      )
    }, timeoutMs)
    if (this.#webSocket?.readyState === WebSocket.OPEN) send(this.#webSocket, call)
    try {
      return await promise
    } finally {
      timer.cancel()
      this.#calls.delete(echo)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#retry?.cancel()
    const problem = 'the client was closed'
    for (const call of this.#calls.values()) {
      call.settle(call.isSent ? maybeDone(call.action, problem) : notSent(call.action, problem))
    }
    const webSocket = this.#webSocket
    if (!webSocket) return
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    webSocket.once('close', () => resolve())
    if (webSocket.readyState === WebSocket.CONNECTING) webSocket.terminate()
    else webSocket.close(1000)
    const grace = this.#setup.clock.setTimeout(() => webSocket.terminate(), CLOSE_GRACE_MS)
    await closed
    grace.cancel()
  }

  #dial(): void {
    const { url, headers, clock } = this.#setup
    const webSocket = new WebSocket(url, { headers, perMessageDeflate: false })
    this.#webSocket = webSocket

    /** What went wrong first: what follows from it says less. */
    let problem: { readonly text: string; readonly status?: number; readonly cause?: unknown } | undefined
    let openedAt: number | undefined
    let heartbeat: Timer | undefined
    let socket: Socket
    const patience = clock.setTimeout(() => {
      problem = { text: `no answer within ${CONNECT_MS} ms` }
      webSocket.terminate()
    }, CONNECT_MS)

    webSocket.once('upgrade', (response) => (socket = response.socket))
    webSocket.once('unexpected-response', (_request, { statusCode: status = 0 }) => {
      const hint = status === 401 || status === 403 ? ': the access token is missing or wrong' : ''
      problem = { text: `HTTP ${status}${hint}`, status }
      webSocket.terminate()
    })
    webSocket.on('error', (cause) => (problem ??= { text: describeError(cause), cause }))
    webSocket.once('open', () => {
      patience.cancel()
      openedAt = clock.now()
      heartbeat = this.#watch(webSocket, socket, () => {
        problem = { text: 'it has gone silent' }
        webSocket.terminate()
      })
      for (const call of this.#calls.values()) send(webSocket, call)
    })
    webSocket.on('message', (data) => {
      if (this.#isClosed) return
      const frame = readObject(textOf(data))
      if (frame && isTokenRefusal(frame)) {
        // Some let everyone in, and say so then.
        problem = { text: 'the access token is missing or wrong', status: frame['retcode'] === 1401 ? 401 : 403 }
        webSocket.terminate()
      } else this.#onFrame(frame)
    })
    webSocket.once('close', (code, reason) => {
      patience.cancel()
      heartbeat?.cancel()
      this.#webSocket = undefined
      if (this.#isClosed) return
      problem ??= { text: describeClose(code, reason) }
      const { text, ...details } = problem
      this.#onLost({ ...details, text, openedAt })
    })
  }

  #onFrame(frame: JsonObject | undefined): void {
    if (frame && isEvent(frame)) this.#setup.onEvent(frame)
    else if (typeof frame?.['echo'] === 'string') {
      // An echo that is not known any more is an answer that came after its call was given up.
      this.#calls.get(frame['echo'])?.settle({ type: 'reply', reply: frame })
    }
  }

  #onLost(loss: {
    readonly text: string
    readonly status?: number
    readonly cause?: unknown
    readonly openedAt: number | undefined
  }): void {
    const { clock, reconnectMs, reconnectMaxMs, random, onProblem } = this.#setup
    const { text, status, cause, openedAt } = loss
    this.#lastProblem = text
    const wasOpen = openedAt !== undefined
    // Waiting does not help where the server says no.
    const isRefused = status !== undefined && status >= 400 && status < 500
    for (const call of this.#calls.values()) {
      if (isRefused) call.settle({ ...notSent(call.action, `${this.#url} refused the connection: ${text}`), status })
      else if (call.isSent) {
        call.settle({ ...maybeDone(call.action, `the connection to ${this.#url} was lost: ${text}`), cause })
      }
    }
    // A server that accepts and hangs up at once is no better than one that refuses.
    if (wasOpen && clock.now() - openedAt >= reconnectMs) this.#failures = 0
    // Up to half is taken off at random, so that clients which were lost together do not return together.
    const waitMs = Math.min(reconnectMs * 2 ** this.#failures++, reconnectMaxMs) * (1 - random() / 2)
    this.#retry = clock.setTimeout(() => this.#dial(), waitMs)
    const what = wasOpen ? `the connection to ${this.#url} was lost` : `${this.#url} cannot be reached`
    const problem = `${what}: ${text}; trying again in ${Math.round(waitMs)} ms`
    onProblem(new ConnectionError({ problem, outcome: 'not-done', status, cause }))
  }

  /** Looks every `pingMs` whether anything came, and asks for it; calls `onSilent` once nothing came in answer. */
  #watch(webSocket: WebSocket, socket: Socket, onSilent: () => void): Timer {
    const { clock, pingMs } = this.#setup
    let timer: Timer
    let read = -1
    const look = (): void => {
      if (socket.bytesRead === read) return onSilent()
      read = socket.bytesRead
      webSocket.ping()
      timer = clock.setTimeout(look, pingMs)
    }
    timer = clock.setTimeout(look, pingMs)
    return { cancel: () => timer.cancel() }
  }
}

function send(webSocket: WebSocket, call: Call): void {
  call.isSent = true
  // A send that fails is followed by the close of the socket.
  webSocket.send(call.frame)
}

function notSent(action: string, reason: string): Answer & { readonly type: 'lost' } {
  return { type: 'lost', problem: `${action} was not sent: ${reason}`, outcome: 'not-done' }
}

function maybeDone(action: string, reason: string): Answer & { readonly type: 'lost' } {
  return { type: 'lost', problem: `whether ${action} was done is not known: ${reason}`, outcome: 'unknown' }
}

/** No reply has a post_type. */
function isEvent(frame: JsonObject): frame is UnknownEvent & JsonObject {
  return typeof frame['post_type'] === 'string'
}

/** The answer of a server to having been dialled at all: it answers none of our calls. */
function isTokenRefusal(frame: JsonObject): boolean {
  return !isEvent(frame) && typeof frame['echo'] !== 'string' && refusesToken(frame)
}

function textOf(data: RawData): string {
  // ws hands over one Buffer per frame unless it is told otherwise.
  return (data as Buffer).toString()
}

function describeClose(code: number, reason: Buffer): string {
  return `it was closed with code ${code}${reason.length > 0 ? `: ${reason.toString()}` : ''}`
}
