/** What a link is promised. */
export type LinkPromise =
  /** Every event, once, in order. */
  | 'exactly once'
  /** Every event, in order; what came last may come again. */
  | 'at least once'
  /** What happens while it is there, once, in order. */
  | 'live'

/** What one link heard, and whether that is what it was promised. */
export class Ledger {
  readonly name: string
  readonly kind: string
  readonly promise: LinkPromise
  /** The numbers that the network told, in order: those told twice stand here twice. */
  readonly #told: readonly number[]
  /** Where in what was told the next one is due. */
  #next = 0
  /** The same when it was furthest. */
  #furthest = 0
  #heard = 0
  #again = 0
  #missed = 0
  #problem: string | undefined
  /** How many it heard since it is there. */
  #heardHere = 0
  /** What is told from here on is told while it is there. */
  #thereSince = 0

  constructor(name: string, kind: string, promise: LinkPromise, told: readonly number[]) {
    this.name = name
    this.kind = kind
    this.promise = promise
    this.#told = told
  }

  get heard(): number {
    return this.#heard
  }

  /** How many came once more. */
  get again(): number {
    return this.#again
  }

  /** How many were told while it was not there, and never to it. */
  get missed(): number {
    return this.#missed
  }

  /** The link is there, on a connection of its own: what is told from now on has to be heard on it. */
  begin(): void {
    this.#heardHere = 0
    this.#thereSince = this.#told.length
  }

  hear(number: number): void {
    this.#heard++
    const at = this.#placeOf(number)
    if (at === undefined) {
      this.#problem ??= `${this.#told[this.#next] ?? 'nothing'} was due and ${number} came`
      return
    }
    if (at < this.#furthest) this.#again++
    this.#missed += Math.max(0, at - this.#next)
    this.#heardHere++
    this.#next = at + 1
    this.#furthest = Math.max(this.#furthest, this.#next)
  }

  #placeOf(number: number): number | undefined {
    const told = this.#told
    const next = this.#next
    if (told[next] === number) return next
    if (this.promise === 'at least once') {
      const before = next > 0 ? told.lastIndexOf(number, next - 1) : -1
      return before < 0 ? undefined : before
    }
    if (this.promise === 'exactly once') return undefined
    if (this.#heardHere === 0) {
      const later = told.indexOf(number, next)
      return later < 0 || later > this.#thereSince ? undefined : later
    }
    // The first it heard may have been the second time that this was told.
    return this.#heardHere === 1 && told[next] === told[next - 1] && told[next + 1] === number ? next + 1 : undefined
  }

  /** Whether there is nothing to wait for: it has all there is to have, or never will. */
  isOver(): boolean {
    return this.#problem !== undefined || this.#next === this.#told.length
  }

  /** What is wrong; `undefined` if the promise was kept. */
  problem(): string | undefined {
    if (this.#problem !== undefined) return `${this.name}: ${this.#problem}`
    return this.isOver() ? undefined : `${this.name}: ${this.#told[this.#next]} never came`
  }
}
