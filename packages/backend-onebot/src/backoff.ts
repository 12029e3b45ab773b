import type { BridgeOptions } from './options.ts'

/**
 * The wait before the next attempt, in ms, after `failures` failures in a row (0: a connection that had worked was
 * lost). The first retry comes after a tenth of the interval, then it doubles; up to a quarter is taken off at random.
 */
export function backoff(
  failures: number,
  { reconnect_interval, reconnect_interval_max }: BridgeOptions,
  random: () => number,
): number {
  const wait = failures === 0 ? reconnect_interval / 10 : reconnect_interval * 2 ** (failures - 1)
  return Math.min(wait, reconnect_interval_max) * 1000 * (1 - random() / 4)
}
