import * as z from 'zod'
import { userId } from '../ids.ts'

/**
 * An event of a kind that is not described here, as a vendor of today or tomorrow tells it: it goes on its way as it
 * came. `told` is all of it but the account and the time.
 */
export const foreignEvent = z.lazy(() =>
  z.object({
    time: z.int(),
    self_id: userId,
    post_type: z.literal('foreign'),
    told: z.looseObject({ post_type: z.enum(['notice', 'request']) }),
  }),
)
export type ForeignEvent = z.infer<typeof foreignEvent>
