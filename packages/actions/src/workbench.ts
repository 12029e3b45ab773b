import { ActionFailure } from '@seekyou/protocol'

/** More than anyone waits for, where one piece of work takes seconds. */
const MAX_WAITING = 100

/** Where work is done that takes a processor for seconds and much memory: so much at once, the rest in its turn. */
export class Workbench {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(places: number) {
    this.#free = places
  }

  /** Does it once there is a place, and gives what it gives. @throws ActionFailure `busy` when too much is waiting. */
  async do<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await this.#turn()
    try {
      return await work()
    } finally {
      // Whoever waits has the place at once: nobody who comes now may take it before.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw new ActionFailure('busy', `${MAX_WAITING} files are waiting to be worked on already; call again later`)
    }
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
