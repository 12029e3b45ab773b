import { integer, text } from '@seekyou/protocol'

/* Scalars narrower than those of the protocol; the metadata says in JSON Schema what the check does. */

/** Text that says something. */
export const filledText = text
  .refine((value) => value !== '', { error: 'text that is not empty' })
  .meta({ minLength: 1 })

/** A duration in seconds. */
export const seconds = integer
  .refine((value) => value >= 0, { error: 'a number of seconds, 0 or more' })
  .meta({ minimum: 0 })

/** How many, from 1 to `most`. */
export function amount(most: number) {
  return integer
    .refine((value) => value >= 1 && value <= most, { error: `a number from 1 to ${most}` })
    .meta({ minimum: 1, maximum: most })
}
