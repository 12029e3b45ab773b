/** Something that holds back what it is given, to pass it on at once. */
export interface Held {
  flush(): void
}

/** Lets what is written to a socket in one turn of the event loop leave in one system call. */
export class Turn {
  #held: Held[] = []

  /** Flushes `held` when everything that is due now has run. */
  hold(held: Held): void {
    // A tick asked for while promises settle comes after the last of them: replies to one read leave together.
    if (this.#held.push(held) === 1) process.nextTick(this.#release)
  }

  readonly #release = (): void => {
    const held = this.#held
    this.#held = []
    for (const one of held) one.flush()
  }
}
