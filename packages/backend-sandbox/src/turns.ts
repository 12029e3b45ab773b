/** Lets what takes a while happen in the order it was begun, for each key on its own. */
export class Turns {
  readonly #tails = new Map<string, Promise<void>>()

  /** Does `work` once everything begun before it under the same key has ended, well or not. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = after(this.#tails.get(key), work)
    const tail = ended(turn)
    this.#tails.set(key, tail)
    try {
      return await turn
    } finally {
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    }
  }
}

async function after<T>(before: Promise<void> | undefined, work: () => Promise<T>): Promise<T> {
  await before
  return work()
}

async function ended(turn: Promise<unknown>): Promise<void> {
  try {
    await turn
  } catch {
    // Its own caller hears of it.
  }
}
