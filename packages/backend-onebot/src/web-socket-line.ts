import { BackendUnreachable } from '@seekyou/protocol'
import type { Clock, Timer } from '@seekyou/protocol'
import { WebSocket } from 'ws'
import { parseJson } from './json.ts'
import { Unanswered } from './line.ts'
import type { Line } from './line.ts'
import { isFields, textOf } from './reading.ts'
import type { Fields } from './reading.ts'

/** How long a peer may take to answer a close, in ms. */
const CLOSE_GRACE_MS = 1000

/** What ws is told, whoever dialled: files travel inside of frames, so these may be large. */
export const socketOptions = { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 }

export interface WebSocketLineSetup {
  readonly webSocket: WebSocket
  readonly clock: Clock
  readonly pingIntervalMs: number
  readonly callTimeoutMs: number
  readonly onEvent: (event: unknown) => void
  readonly onClosed: (problem: string) => void
}

interface PendingCall {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
  readonly patience: Timer
}

/** An open WebSocket, whoever dialled: calls go out and are matched with their answers by echo, events come in. */
export class WebSocketLine implements Line {
  readonly #setup: WebSocketLineSetup
  readonly #webSocket: WebSocket
  readonly #pending = new Map<string, PendingCall>()
  #calls = 0
  #beat: Timer
  #silentBeats = 0
  /** What the peer said of the connection itself, such as that the token is wrong; better than the code it closes with. */
  #complaint: string | undefined

  constructor(setup: WebSocketLineSetup) {
    this.#setup = setup
    this.#webSocket = setup.webSocket
    this.#webSocket.on('message', (data) => {
      this.#silentBeats = 0
      // ws hands over one Buffer per frame unless it is told otherwise.
      this.#onFrame((data as Buffer).toString())
    })
    this.#webSocket.on('pong', () => (this.#silentBeats = 0))
    this.#webSocket.on('error', (error) => (this.#complaint ??= error.message))
    this.#webSocket.once('close', (code, reason) => this.#onClosed(code, reason.toString()))
    this.#beat = this.#nextBeat()
  }

  call(action: string, params: Fields): Promise<unknown> {
    if (this.#webSocket.readyState !== WebSocket.OPEN) {
      return Promise.reject(new BackendUnreachable('the connection to the upstream is closed; nothing was sent'))
    }
    const echo = `s${++this.#calls}`
    return new Promise((resolve, reject) => {
      const seconds = this.#setup.callTimeoutMs / 1000
      const patience = this.#setup.clock.setTimeout(() => {
        this.#pending.delete(echo)
        reject(new Unanswered(`the upstream did not answer ${action} within ${seconds} s`))
      }, this.#setup.callTimeoutMs)
      this.#pending.set(echo, { resolve, reject, patience })
      this.#webSocket.send(JSON.stringify({ action, params, echo }))
    })
  }

  close(reason: string): void {
    this.#complaint ??= reason
    if (this.#webSocket.readyState === WebSocket.OPEN) {
      this.#webSocket.close(1000)
      this.#setup.clock.setTimeout(() => this.#webSocket.terminate(), CLOSE_GRACE_MS)
    } else {
      this.#webSocket.terminate()
    }
  }

  #nextBeat(): Timer {
    return this.#setup.clock.setTimeout(() => {
      if (this.#silentBeats === 2) {
        this.#complaint = 'it left two pings unanswered, so the connection was cut'
        this.#webSocket.terminate()
        return
      }
      this.#silentBeats++
      this.#webSocket.ping()
      this.#beat = this.#nextBeat()
    }, this.#setup.pingIntervalMs)
  }

  #onFrame(text: string): void {
    const frame = readFrame(text)
    if (!frame) return
    if ('post_type' in frame) {
      this.#setup.onEvent(frame)
      return
    }
    const echo = textOf(frame['echo']) ?? ''
    const pending = this.#pending.get(echo)
    if (pending) {
      this.#pending.delete(echo)
      pending.patience.cancel()
      pending.resolve(frame)
    } else if (frame['status'] === 'failed' && echo === '') {
      // Some accept any token and say only then, in an answer to nothing, that it is wrong.
      const said = textOf(frame['wording']) || textOf(frame['message']) || textOf(frame['retcode'])
      this.#complaint = `it says: ${String(said).slice(0, 200)}`
    }
  }

  #onClosed(code: number, reason: string): void {
    this.#beat.cancel()
    const problem = this.#complaint ?? `it closed the connection with code ${code}${reason && `: ${reason}`}`
    for (const { reject, patience } of this.#pending.values()) {
      patience.cancel()
      reject(new Unanswered(`the connection to the upstream was lost: ${problem}`))
    }
    this.#pending.clear()
    this.#setup.onClosed(problem)
  }
}

function readFrame(text: string): Fields | undefined {
  try {
    const frame = parseJson(text)
    return isFields(frame) ? frame : undefined
  } catch {
    return undefined
  }
}
