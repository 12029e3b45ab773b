import type { Clock, Timer } from '@seekyou/protocol'

/** A line of the log. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  /** Who says it. */
  readonly source: string
  readonly fields: object
  readonly message: string
}

/** For so long a line that was told is not told again, in ms. */
const WINDOW_MS = 10_000

/** Lines that are remembered at most; what comes beyond that is told whatever it is. */
const MOST_LINES = 1000

interface Told<Line extends LogLine> {
  /** The newest of those that were held back. */
  last?: Line
  more: number
  timer: Timer
}

/**
 * Lets each line through once in ten seconds; those that the same source says with the same words meanwhile are counted
 * and told at the end of that time, as one: the newest with "… (37 more)" after it. Who looks for a fault with `debug` gets
 * all of that.
 */
export class RepeatedLines<Line extends LogLine> {
  readonly #write: (line: Line) => void
  readonly #clock: Clock
  readonly #told = new Map<string, Told<Line>>()

  constructor(write: (line: Line) => void, clock: Clock) {
    this.#write = write
    this.#clock = clock
  }

  take(line: Line): void {
    if (line.level === 'debug') return this.#write(line)
    const key = JSON.stringify([line.level, line.source, line.message])
    const told = this.#told.get(key)
    if (told) {
      told.last = line
      told.more++
      return
    }
    this.#write(line)
    if (this.#told.size < MOST_LINES) this.#told.set(key, { more: 0, timer: this.#wait(key) })
  }

  /** Tells at once what was held back. */
  flush(): void {
    for (const [key, told] of this.#told) {
      told.timer.cancel()
      this.#told.delete(key)
      this.#tell(told)
    }
  }

  #wait(key: string): Timer {
    return this.#clock.setTimeout(() => {
      const told = this.#told.get(key)!
      this.#told.delete(key)
      if (!this.#tell(told)) return
      // It goes on: the next one is told in ten seconds.
      this.#told.set(key, { more: 0, timer: this.#wait(key) })
    }, WINDOW_MS)
  }

  #tell({ last, more }: Told<Line>): boolean {
    if (!last) return false
    this.#write({ ...last, message: more === 1 ? last.message : `${last.message} … (${more - 1} more)` })
    return true
  }
}
