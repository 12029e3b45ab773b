import * as z from 'zod'

/** An id that may be left out: clients in typed languages send 0 for one that is not set, and forms an empty text. */
export function optionalId<Id extends z.ZodType>(id: Id) {
  return z.preprocess((value) => (value === 0 || value === '0' || value === '' ? undefined : value), id.optional())
}
