/** How long to wait between attempts. */
export interface BackoffOptions {
  readonly intervalMs: number
  readonly maxMs: number
  /** A number from 0 up to 1. */
  readonly random: () => number
}

/**
 * The wait before the next attempt, in ms, after `failures` failures in a row (0: a connection that had worked was
 * lost). The first retry comes after a tenth of the interval, the second after the interval, and then it doubles; up
 * to a quarter is taken off at random, so that links which were lost together do not return together.
 */
export function backoff(failures: number, { intervalMs, maxMs, random }: BackoffOptions): number {
  const wait = failures === 0 ? intervalMs / 10 : intervalMs * 2 ** (failures - 1)
  return Math.min(wait, maxMs) * (1 - random() / 4)
}
