import type { Clock } from '@seekyou/protocol'

/** Real time. Its timers keep the process alive, unlike the server's: a bot that waits for its connection is not done. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout(callback, delayMs) {
    const timer = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}
