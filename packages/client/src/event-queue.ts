/** Events that wait for a loop to take them, oldest first. */
export class EventQueue<E> implements AsyncIterableIterator<E, undefined> {
  readonly #limit: number
  readonly #onOverflow: () => void
  readonly #onEnd: () => void
  readonly #events: E[] = []
  readonly #takers: ((result: IteratorResult<E, undefined>) => void)[] = []
  #isOverflowing = false
  #isEnded = false

  /** `onOverflow` is told whenever the loop begins to lose events, `onEnd` once it is over. */
  constructor(limit: number, onOverflow: () => void, onEnd: () => void) {
    this.#limit = limit
    this.#onOverflow = onOverflow
    this.#onEnd = onEnd
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Adds an event; when the queue is full, the oldest goes, since a late answer is worth the least. */
  push(event: E): void {
    const taker = this.#takers.shift()
    if (taker) return taker({ done: false, value: event })
    this.#events.push(event)
    if (this.#events.length <= this.#limit) return
    this.#events.shift()
    if (this.#isOverflowing) return
    this.#isOverflowing = true
    this.#onOverflow()
  }

  async next(): Promise<IteratorResult<E, undefined>> {
    const event = this.#events.shift()
    if (event !== undefined) {
      if (this.#events.length === 0) this.#isOverflowing = false
      return { done: false, value: event }
    }
    if (this.#isEnded) return { done: true, value: undefined }
    const { promise, resolve } = Promise.withResolvers<IteratorResult<E, undefined>>()
    this.#takers.push(resolve)
    return promise
  }

  /** The loop was left: what waits is dropped. */
  async return(): Promise<IteratorResult<E, undefined>> {
    this.#events.length = 0
    this.end()
    return { done: true, value: undefined }
  }

  /** No more events come; what waits can still be taken. */
  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#onEnd()
    for (const taker of this.#takers.splice(0)) taker({ done: true, value: undefined })
  }
}
