import { integer, text } from '@seekyou/protocol'

/* Scalars narrower than those of the protocol. */

/** Text that says something. */
export const filledText = text.refine((value) => value !== '', { error: 'text that is not empty' })

/** A duration in seconds. */
export const seconds = integer.refine((value) => value >= 0, { error: 'a number of seconds, 0 or more' })

/** How many, from 1 to `most`. */
export function amount(most: number) {
  return integer.refine((value) => value >= 1 && value <= most, { error: `a number from 1 to ${most}` })
}
