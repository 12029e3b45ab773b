import { boolean, groupId, once, text, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import { onlyExtended, onlyGoCqhttp, sinceCqhttp2 } from '../generation.ts'
import { nothing } from '../result.ts'
import { filledText } from '../scalar.ts'

const flag = once(() => filledText.describe('the `flag` of the request event'))
const approve = once(() => boolean.default(true))

/** What every question about a group has; `actor` is who answered it, 0 while nobody has. */
const question = once(() => ({
  request_id: z.int(),
  group_id: groupId,
  group_name: z.string(),
  checked: z.boolean(),
  actor: z.int(),
}))

const invitedRequest = once(() => z.object({ ...question(), invitor_uin: userId, invitor_nick: z.string() }))

const joinRequest = once(() =>
  z.object({
    ...question(),
    requester_uin: userId,
    requester_nick: z.string(),
    message: z.string(),
    action_uin: z.int().optional(),
    action_uin_nick: z.string().optional(),
    suspicious: z.boolean().optional(),
  }),
)

/** `null` is what clients are told of an empty list. */
const groupRequests = once(() =>
  z.object({
    invited_requests: z.array(invitedRequest()).nullable(),
    join_requests: z.array(joinRequest()).nullable(),
  }),
)

const asked = { group_id: 20001, group_name: '测试群', checked: false, actor: 0 }
const requestsExample = {
  invited_requests: [{ request_id: 1, invitor_uin: 10002, invitor_nick: '小红', ...asked }],
  join_requests: [
    {
      request_id: 2,
      requester_uin: 10003,
      requester_nick: '小刚',
      message: '我是小刚',
      ...asked,
      action_uin: 0,
      action_uin_nick: '',
      suspicious: false,
    },
  ],
}

/** Answers to those who ask to be a friend or to join, and what was asked. */
export const requestActions = {
  set_friend_add_request: defineAction({
    summary: 'Answers someone who asks to be a friend.',
    params: () =>
      z.object({
        flag: flag(),
        approve: approve(),
        remark: text.default('').describe('what to call the new friend'),
      }),
    data: nothing,
    generations: sinceCqhttp2,
    example: { params: { flag: 'r1', approve: true, remark: '同学' }, data: null },
  }),

  set_group_add_request: defineAction({
    summary: 'Answers someone who asks to join a group, or asks the account into one.',
    params: () =>
      z.object({
        flag: flag(),
        sub_type: z
          .enum(['add', 'invite'], { error: '"add" or "invite"' })
          .optional()
          .describe('the `sub_type` of the request event; absent: what the flag belongs to'),
        approve: approve(),
        reason: text.default('').describe('why not, when turning it down'),
      }),
    aliases: { type: 'sub_type' },
    data: nothing,
    generations: sinceCqhttp2,
    example: { params: { flag: 'r2', sub_type: 'add', approve: false, reason: '人满了' }, data: null },
  }),

  get_group_system_msg: defineAction({
    summary: 'Lists who asks to join groups of the account, and who asks the account into groups.',
    params: () => z.object({}),
    data: () => groupRequests(),
    generations: onlyGoCqhttp,
    example: { params: {}, data: requestsExample },
  }),

  get_group_ignored_notifies: defineAction({
    summary: 'Lists the questions about groups that the network held back as suspicious.',
    params: () => z.object({}),
    data: () => groupRequests(),
    generations: onlyExtended,
    example: { params: {}, data: requestsExample },
  }),
}
