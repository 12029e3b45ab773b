/** What a link is promised. */
export type LinkPromise =
  /** Every event, once, in order. */
  | 'exactly once'
  /** Every event, in order; some again after the link broke. */
  | 'at least once'
  /** What happens while it is there, in order. */
  | 'live'

/** What one link heard, and whether that is what it was promised. */
export class Ledger {
  readonly name: string
  readonly kind: string
  readonly promise: LinkPromise
  /** The highest number heard. */
  #last = 0
  #heard = 0
  #again = 0
  #firstGap: string | undefined

  constructor(name: string, kind: string, promise: LinkPromise) {
    this.name = name
    this.kind = kind
    this.promise = promise
  }

  get last(): number {
    return this.#last
  }

  get heard(): number {
    return this.#heard
  }

  get again(): number {
    return this.#again
  }

  hear(number: number): void {
    if (number <= this.#last) {
      this.#again++
      return
    }
    const isExpected = number === this.#last + 1 || (this.promise === 'live' && this.#heard === 0)
    if (!isExpected) this.#firstGap ??= `${this.#last + 1} to ${number - 1} never came`
    this.#heard++
    this.#last = number
  }

  /** Whether it has all there is to have. */
  isComplete(total: number): boolean {
    return this.promise === 'live' || this.#last >= total
  }

  /** What is wrong; `undefined` if the promise was kept. */
  problem(total: number): string | undefined {
    if (this.promise === 'live') return undefined
    if (this.#firstGap !== undefined) return `${this.name}: ${this.#firstGap}`
    if (this.#last < total) return `${this.name}: it stopped at ${this.#last} of ${total}`
    if (this.promise === 'exactly once' && this.#again > 0) return `${this.name}: ${this.#again} came again`
    return undefined
  }
}
