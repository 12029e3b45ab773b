import { namesOf } from './event.ts'
import type { UnknownEvent } from './event.ts'

/** Hears whatever events it was added for; what it returns is awaited only for its error. */
export type Listener = (event: never) => unknown

/** Who listens to what, by the names of events; the empty name is every event. */
export class Listeners {
  readonly #onError: (error: unknown) => void
  readonly #byName = new Map<string, Set<Listener>>()

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  add(name: string, listener: Listener): void {
    const listeners = this.#byName.get(name) ?? new Set()
    this.#byName.set(name, listeners.add(listener))
  }

  remove(name: string, listener: Listener): void {
    this.#byName.get(name)?.delete(listener)
  }

  /** Tells everyone whom it concerns; one that fails keeps it from no one else. */
  tell(event: UnknownEvent): void {
    for (const name of ['', ...namesOf(event)]) {
      // A copy: a listener may remove itself, or add others who hear only the next event.
      for (const listener of new Set(this.#byName.get(name))) void this.#call(listener, event)
    }
  }

  async #call(listener: Listener, event: UnknownEvent): Promise<void> {
    try {
      await listener(event as never)
    } catch (error) {
      this.#onError(error)
    }
  }
}
