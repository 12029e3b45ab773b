import { once } from '@seekyou/protocol'
import * as z from 'zod'

/** How often something may call actions. */
export const rateLimitOptions = once(() =>
  z.strictObject({
    frequency: z.number().min(0).default(0).describe('calls a second in the long run; 0: no limit'),
    bucket: z.int().min(1).default(1).describe('calls that may come at once after a while without any'),
    reject: z
      .boolean()
      .default(false)
      .describe('answer what is too much with status 429; else it waits for its turn, for a minute at most'),
  }),
)
export type RateLimitOptions = z.output<ReturnType<typeof rateLimitOptions>>
