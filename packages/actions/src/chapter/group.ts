import { boolean, groupId, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import { group, groupMember } from '../result.ts'

const noCache = { no_cache: boolean.default(false).describe('ask the network instead of answering from memory') }

/** Groups and who is in them. */
export const groupActions = {
  get_group_list: defineAction({
    summary: 'Lists the groups the account is in.',
    params: z.object(noCache),
    data: z.array(group),
  }),

  get_group_info: defineAction({
    summary: 'Tells about a group.',
    params: z.object({ group_id: groupId, ...noCache }),
    data: group,
  }),

  get_group_member_list: defineAction({
    summary: 'Lists the members of a group.',
    params: z.object({ group_id: groupId, ...noCache }),
    data: z.array(groupMember),
  }),

  get_group_member_info: defineAction({
    summary: 'Tells about a member of a group.',
    params: z.object({ group_id: groupId, user_id: userId, ...noCache }),
    data: groupMember,
  }),
}
