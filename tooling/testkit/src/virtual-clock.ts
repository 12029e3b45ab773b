import type { Clock } from '@seekyou/protocol'

/** A clock that stands still until a test moves it; timers fire in their order, at their own time. */
export interface VirtualClock extends Clock {
  /** Moves time on by `ms`, firing what falls due, and lets what that started settle after each. */
  advance(ms: number): Promise<void>
}

/** A virtual clock that shows `startMs` (milliseconds since 1970; default 2026-01-01). */
export function createVirtualClock(startMs: number = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = startMs
  let order = 0
  const pending = new Map<number, { readonly at: number; readonly run: () => void }>()

  function nextDue(until: number): number | undefined {
    let found: number | undefined
    for (const [id, { at }] of pending) {
      if (at <= until && (found === undefined || at < pending.get(found)!.at)) found = id
    }
    return found
  }

  return {
    now: () => now,
    setTimeout(callback, delayMs) {
      const id = order++
      pending.set(id, { at: now + Math.max(0, delayMs), run: callback })
      return { cancel: () => void pending.delete(id) }
    },
    async advance(ms) {
      const until = now + ms
      for (let id = nextDue(until); id !== undefined; id = nextDue(until)) {
        const { at, run } = pending.get(id)!
        pending.delete(id)
        now = at
        run()
        await settle()
      }
      now = until
      await settle()
    },
  }
}

/** Lets everything that is already due in this process run: promises, immediates. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
