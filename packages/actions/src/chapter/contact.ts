import { boolean, sex, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'

/** The account itself and the people it knows. */
export const contactActions = {
  get_login_info: defineAction({
    summary: 'Tells who the account is.',
    params: z.object({}),
    data: z.object({ user_id: userId, nickname: z.string() }),
  }),

  get_stranger_info: defineAction({
    summary: 'Tells what anyone may know of a person.',
    params: z.object({ user_id: userId, no_cache: boolean.default(false) }),
    data: z.object({
      user_id: userId,
      nickname: z.string(),
      sex,
      age: z.int(),
      qid: z.string(),
      sign: z.string(),
      level: z.int(),
      login_days: z.int(),
    }),
  }),

  get_friend_list: defineAction({
    summary: 'Lists the friends of the account.',
    params: z.object({}),
    data: z.array(z.object({ user_id: userId, nickname: z.string(), remark: z.string() })),
  }),
}
