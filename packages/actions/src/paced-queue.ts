import { ActionFailure } from '@seekyou/protocol'
import type { Clock, Timer } from '@seekyou/protocol'

/** More than anyone waits for: at two a second it is an hour and a half. */
const MAX_WAITING = 10_000

/**
 * Does one thing after another, in the order they came, with a pause between the end of one and the start of the next.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/api/README.md#限速调用
 */
export class PacedQueue {
  readonly #clock: Clock
  readonly #intervalMs: number
  #waiting: (() => Promise<unknown>)[] = []
  #isBusy = false
  #isClosed = false
  #pause: Timer | undefined

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock
    this.#intervalMs = intervalMs
  }

  /** Puts something at the end. @throws ActionFailure `busy` when too much is waiting, or nothing more will be done. */
  add(run: () => Promise<unknown>): void {
    if (this.#isClosed) throw new ActionFailure('busy', 'the server is shutting down')
    if (this.#waiting.length >= MAX_WAITING) {
      throw new ActionFailure('busy', `${MAX_WAITING} calls are waiting for their turn already; call again later`)
    }
    this.#waiting.push(run)
    this.#next()
  }

  /** How much waits for its turn. */
  get size(): number {
    return this.#waiting.length
  }

  /** Begins nothing more, and tells how much was still waiting. What is being done goes on. */
  close(): number {
    this.#isClosed = true
    this.#pause?.cancel()
    const { length } = this.#waiting
    this.#waiting = []
    return length
  }

  #next(): void {
    if (this.#isBusy) return
    const run = this.#waiting.shift()
    if (!run) return
    this.#isBusy = true
    const pause = (): void => {
      this.#pause = this.#clock.setTimeout(() => {
        this.#isBusy = false
        this.#next()
      }, this.#intervalMs)
    }
    run().then(pause, pause)
  }
}
