import type { Clock, Timer } from '@seekyou/protocol'

/** Pings a peer and notices when it has gone silent. */
export class Liveness {
  readonly #options: LivenessOptions
  #heard: number
  #unanswered = 0
  #timer: Timer

  constructor(options: LivenessOptions) {
    this.#options = options
    this.#heard = options.bytesRead()
    this.#timer = this.#next()
  }

  stop(): void {
    this.#timer.cancel()
  }

  #next(): Timer {
    return this.#options.clock.setTimeout(() => this.#beat(), this.#options.intervalMs)
  }

  #beat(): void {
    const { isListening, bytesRead, ping, onSilent } = this.#options
    const heard = bytesRead()
    if (heard !== this.#heard) this.#unanswered = 0
    this.#heard = heard
    if (isListening()) {
      if (this.#unanswered === 2) {
        onSilent()
        return
      }
      this.#unanswered++
      ping()
    }
    this.#timer = this.#next()
  }
}

interface LivenessOptions {
  readonly clock: Clock
  readonly intervalMs: number
  /** Whether we would hear an answer: a peer is not silent while we are not reading. */
  readonly isListening: () => boolean
  /** Every byte is a sign of life: a pong cannot come before the end of a large frame. */
  readonly bytesRead: () => number
  readonly ping: () => void
  /** Two pings went unanswered. */
  readonly onSilent: () => void
}
