import type { Duplex } from 'node:stream'

/** Lets what is written to a socket in one turn of the event loop leave in one system call. */
export class Turn {
  readonly #held: Duplex[] = []

  /** Holds back what is written to `stream` until everything that is due now has run. */
  hold(stream: Duplex): void {
    if (stream.writableCorked > 0) return
    stream.cork()
    // A tick asked for while promises settle comes after the last of them: replies to one read leave together.
    if (this.#held.push(stream) === 1) process.nextTick(this.#release)
  }

  readonly #release = (): void => {
    for (const stream of this.#held.splice(0)) stream.uncork()
  }
}
