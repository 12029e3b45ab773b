import type { Clock } from '@seekyou/protocol'

/**
 * How fast a link may catch up: so many events a second, those of the first second at once, and one more for each event
 * that happens meanwhile, so that it does catch up.
 */
export class ReplayPace {
  readonly #clock: Clock
  readonly #perSecond: number
  #allowed: number
  #at: number

  /** @param perSecond 0: no bound. */
  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#allowed = perSecond
    this.#at = clock.now()
  }

  /** Lets one more event pass. */
  allow(): void {
    this.#allowed++
  }

  /** Takes the turn of one event: 0 if it is now, otherwise in how many milliseconds to ask again. */
  take(): number {
    if (this.#perSecond === 0) return 0
    const now = this.#clock.now()
    // A clock that is set back earns nothing, and takes nothing away.
    const earned = (Math.max(0, now - this.#at) / 1000) * this.#perSecond
    this.#at = now
    if (this.#allowed < this.#perSecond) this.#allowed = Math.min(this.#perSecond, this.#allowed + earned)
    if (this.#allowed >= 1) {
      this.#allowed--
      return 0
    }
    return Math.ceil(((1 - this.#allowed) * 1000) / this.#perSecond)
  }
}
