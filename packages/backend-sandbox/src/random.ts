/*
 * Mulberry32: a row of numbers with a state of 32 bits, which is all that has to be kept to go on where it stopped.
 * Good enough for dice, and nothing else is drawn here.
 */

/** The state after `state`. */
export function advance(state: number): number {
  return (state + 0x6d2b79f5) >>> 0
}

/** The number from 0 up to 1 that belongs to a state. */
export function spread(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
}
