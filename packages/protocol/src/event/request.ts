import * as z from 'zod'
import { groupId, userId } from '../ids.ts'

const common = () => ({
  time: z.int(),
  self_id: userId,
  post_type: z.literal('request'),
  user_id: userId,
  comment: z.string(),
})

/** Someone asks to become a friend; `flag` is what set_friend_add_request takes. */
const friendRequest = () => z.object({ ...common(), request_type: z.literal('friend'), flag: z.string() })

/** Someone asks to join a group, or asks the account into one; `flag` is what set_group_add_request takes. */
const groupRequest = () =>
  z.object({
    ...common(),
    request_type: z.literal('group'),
    sub_type: z.enum(['add', 'invite']),
    group_id: groupId,
    flag: z.string(),
    invitor_id: z.int().optional(),
  })

/**
 * Questions that wait for an answer.
 * @see https://github.com/botuniverse/onebot-11/blob/master/event/request.md
 */
export const requestEvent = z.lazy(() => z.discriminatedUnion('request_type', [friendRequest(), groupRequest()]))
export type RequestEvent = z.infer<typeof requestEvent>
