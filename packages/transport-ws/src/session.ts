import type { Socket } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import type {
  Answer,
  CallRequest,
  Clock,
  EventSink,
  Gateway,
  Logger,
  OutgoingEvent,
  Seq,
  SubscribeOptions,
  Subscription,
  Timer,
} from '@seekyou/protocol'
import { WebSocket } from 'ws'
import type { ClientOptions, RawData } from 'ws'
import { encodeReply, readCallFrame } from './call-frame.ts'
import type { CallFrame } from './call-frame.ts'
import { Liveness } from './liveness.ts'
import type { SessionOptions } from './options.ts'
import type { Outlet, Written } from './outlet.ts'

const MIB = 1024 * 1024

/** How long a peer may take to answer a close, in ms. */
const CLOSE_GRACE_MS = 1000

/** Calls that one socket may have running; above it nothing is read from it until some are done. */
const MAX_RUNNING_CALLS = 1000

/** What ws is told, whoever dialled. */
export function socketOptions(options: SessionOptions): Pick<ClientOptions, 'perMessageDeflate' | 'maxPayload'> {
  // The last is for peers that say goodbye and stay; @types/ws does not know it yet.
  const settings = {
    perMessageDeflate: options.permessage_deflate && {
      // What compresses with no memory of the frames before is the same for every socket, and keeps nothing for any.
      serverNoContextTakeover: true,
      clientNoContextTakeover: true,
    },
    maxPayload: Math.floor(options.max_payload * MIB),
    closeTimeout: CLOSE_GRACE_MS,
  }
  return settings
}

/** An open socket, and what it is for. */
export interface SessionSetup {
  readonly gateway: Gateway
  readonly webSocket: WebSocket
  /** The address of the peer, where it came to us. */
  readonly from?: string | undefined
  /** What `webSocket` runs over. */
  readonly socket: Socket
  readonly openOutlet: (written: Written) => Outlet
  /** What is answered to a call on a socket that carries none; absent on one that does. */
  readonly refusesCalls?: string | undefined
  /** Where the events begin; absent on a socket that carries none. */
  readonly events?: Omit<SubscribeOptions, 'lifecycle'> | undefined
  /** The account is done with this link; its socket is closing. */
  readonly onEnded?: () => void
  readonly options: SessionOptions
  readonly clock: Clock
  readonly log: Logger
}

/** One open socket, whoever dialled: calls come in, replies and events go out. */
export class Session {
  readonly #setup: SessionSetup
  readonly #webSocket: WebSocket
  readonly #outlet: Outlet
  readonly #liveness: Liveness
  readonly #closed: Promise<void>
  #subscription: Subscription | undefined
  #runningCalls = 0
  /** Set while the peer does not read what we write. */
  #blocked: Timer | undefined
  /** The account was asked to pause and has not been told to go on. */
  #eventsPaused = false
  #closeGrace: Timer | undefined

  constructor(setup: SessionSetup) {
    const { gateway, webSocket, socket, clock, options } = setup
    this.#setup = setup
    this.#webSocket = webSocket
    this.#outlet = setup.openOutlet((seq) => this.#onWritten(seq))
    this.#liveness = new Liveness({
      clock,
      intervalMs: options.ping_interval * 1000,
      isListening: () => !webSocket.isPaused,
      bytesRead: () => socket.bytesRead,
      ping: () => webSocket.ping(),
      onSilent: () => {
        setup.log.warn({}, 'the peer left two pings unanswered; the connection is cut')
        webSocket.terminate()
      },
    })
    webSocket.on('message', (data, isBinary) => this.#onFrame(data, isBinary))
    // Always followed by `close`: a frame that breaks the protocol, a reset.
    webSocket.on('error', (error) => setup.log.debug({ error: error.message }, 'the socket failed'))
    this.#closed = new Promise((resolve) => {
      webSocket.once('close', () => {
        this.#onClosed()
        resolve()
      })
    })
    // Before the account lets go of the events of this socket: this says more.
    const { until } = gateway
    if (until?.aborted) this.#onTakenBack()
    else until?.addEventListener('abort', this.#onTakenBack, { once: true })
    if (setup.events) this.#subscription = gateway.subscribe(this.#sink(), { lifecycle: 'connect', ...setup.events })
  }

  /** Does a call; one about the link itself is about the events of this socket. */
  call(request: CallRequest): Promise<Answer> {
    const { from, gateway } = this.#setup
    return (this.#subscription ?? gateway).call(from === undefined ? request : { ...request, from })
  }

  /** What the peer may do here was taken back: 1008, which says that coming again does not help. */
  readonly #onTakenBack = (): void => {
    void this.close(1008, String(this.#setup.gateway.until?.reason))
  }

  /** Says goodbye, and hangs up on a peer that does not answer in time. Resolves when the socket is gone. */
  close(code: number, reason: string): Promise<void> {
    const webSocket = this.#webSocket
    if (webSocket.readyState === WebSocket.OPEN) {
      this.#outlet.flush()
      webSocket.close(code, closeReason(reason))
      // The peer's own close is waiting to be read.
      webSocket.resume()
      this.#closeGrace = this.#setup.clock.setTimeout(() => webSocket.terminate(), CLOSE_GRACE_MS)
    }
    return this.#closed
  }

  #onClosed(): void {
    this.#setup.gateway.until?.removeEventListener('abort', this.#onTakenBack)
    this.#liveness.stop()
    this.#closeGrace?.cancel()
    this.#blocked?.cancel()
    this.#subscription?.end()
  }

  #onFrame(data: RawData, isBinary: boolean): void {
    // What cannot be answered any more is not done either.
    if (this.#webSocket.readyState !== WebSocket.OPEN) return
    // ws hands over one Buffer per frame unless it is told otherwise.
    const frame = readCallFrame(data as Buffer, isBinary)
    const { refusesCalls } = this.#setup
    if (frame.type === 'unreadable') this.#refuse(frame.wording, frame.echo)
    else if (refusesCalls === undefined) void this.#answer(frame)
    else this.#refuse(refusesCalls, frame.echo)
  }

  async #answer({ request, echo }: Extract<CallFrame, { type: 'call' }>): Promise<void> {
    this.#runningCalls++
    this.#pace()
    const answer = await this.call(request)
    this.#runningCalls--
    this.#reply(encodeReply(answer.body, echo))
    this.#pace()
  }

  #refuse(wording: string, echo: unknown): void {
    this.#reply(encodeReply(this.#setup.gateway.refuse('bad-request', wording).body, echo))
  }

  #reply(text: string): void {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return
    this.#outlet.sendText(text)
    this.#watchBuffer()
  }

  #sink(): EventSink {
    return {
      write: (event) => this.#writeEvent(event),
      end: (reason) => {
        void this.close(1001, reason)
        this.#setup.onEnded?.()
      },
      cut: () => this.#webSocket.terminate(),
    }
  }

  #writeEvent(event: OutgoingEvent): boolean {
    // Not taken, and so told again on the next connection if the link has a name.
    if (this.#webSocket.readyState !== WebSocket.OPEN) return false
    this.#outlet.sendEvent(event)
    this.#watchBuffer()
    this.#eventsPaused = this.#blocked !== undefined
    return !this.#eventsPaused
  }

  #watchBuffer(): void {
    const { clock, log, options } = this.#setup
    if (this.#blocked || this.#outlet.buffered <= options.high_water_mark * MIB) return
    this.#blocked = clock.setTimeout(() => {
      log.warn({ buffered: this.#outlet.buffered }, 'the peer does not read; the connection is closed')
      void this.close(1013, 'you do not read what is sent to you')
    }, options.blocked_timeout * 1000)
    this.#pace()
  }

  #onWritten(seq: Seq | undefined): void {
    if (seq !== undefined) this.#subscription?.taken(seq)
    // What is left in the buffer of a closing socket is dropped, not drained.
    if (!this.#blocked || this.#webSocket.readyState !== WebSocket.OPEN) return
    if (this.#outlet.buffered >= (this.#setup.options.high_water_mark * MIB) / 2) return
    this.#blocked.cancel()
    this.#blocked = undefined
    this.#pace()
    if (!this.#eventsPaused) return
    this.#eventsPaused = false
    this.#subscription?.resume()
  }

  /** Reads no further calls from a peer that does not take its replies or has too many calls running. */
  #pace(): void {
    const busy = this.#blocked !== undefined || this.#runningCalls >= MAX_RUNNING_CALLS
    if (busy === this.#webSocket.isPaused) return
    if (busy) this.#webSocket.pause()
    else this.#webSocket.resume()
  }
}

/** A close frame holds at most 123 bytes of reason, in whole characters. */
function closeReason(reason: string): string {
  return new StringDecoder('utf8').write(Buffer.from(reason).subarray(0, 123))
}
