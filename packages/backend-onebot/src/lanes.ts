/** Does things of one kind one after another, in the order they came, and those of different kinds side by side. */
export class Lanes {
  readonly #last = new Map<string, Promise<void>>()

  /** Runs `task` once everything of its lane before it is over; it must not fail. */
  run(lane: string, task: () => Promise<void>): void {
    const before = this.#last.get(lane)
    const done = before ? before.then(task) : task()
    this.#last.set(lane, done)
    void done.then(() => {
      if (this.#last.get(lane) === done) this.#last.delete(lane)
    })
  }

  /** Resolves once everything so far is over. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values())
  }
}
