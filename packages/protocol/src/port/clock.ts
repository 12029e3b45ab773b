/** Time, passed in so that tests and the deterministic sandbox can own it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs `callback` once after `delayMs`; the timer does not keep the process alive. */
  setTimeout(callback: () => void, delayMs: number): Timer
}

/** A timer that can be called off. */
export interface Timer {
  cancel(): void
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, delayMs) {
    const handle = setTimeout(callback, delayMs)
    handle.unref()
    return { cancel: () => clearTimeout(handle) }
  },
}
