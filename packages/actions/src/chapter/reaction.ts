import { boolean, groupId, messageId, text, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import { onlyExtended, onlyGoCqhttp } from '../generation.ts'
import { nothing } from '../result.ts'
import { amount, filledText } from '../scalar.ts'

/** What people make of a message: essence messages of a group, and faces put under a message. */
export const reactionActions = {
  set_essence_msg: defineAction({
    summary: 'Makes a message an essence message of its group.',
    params: () => z.object({ message_id: messageId }),
    data: nothing,
    generations: onlyGoCqhttp,
    example: { params: { message_id: 7 }, data: null },
  }),

  delete_essence_msg: defineAction({
    summary: 'Takes a message out of the essence messages of its group.',
    params: () => z.object({ message_id: messageId }),
    data: nothing,
    generations: onlyGoCqhttp,
    isUnsafe: true,
    example: { params: { message_id: 7 }, data: null },
  }),

  get_essence_msg_list: defineAction({
    summary: 'Lists the essence messages of a group; times in seconds since 1970.',
    params: () => z.object({ group_id: groupId }),
    data: () =>
      z.array(
        z.object({
          sender_id: userId,
          sender_nick: z.string(),
          sender_time: z.int(),
          operator_id: userId,
          operator_nick: z.string(),
          operator_time: z.int(),
          message_id: messageId,
        }),
      ),
    generations: onlyGoCqhttp,
    example: {
      params: { group_id: 20001 },
      data: [
        {
          sender_id: 10001,
          sender_nick: '小明',
          sender_time: 1_700_000_000,
          operator_id: 10002,
          operator_nick: '小红',
          operator_time: 1_700_000_060,
          message_id: 7,
        },
      ],
    },
  }),

  set_msg_emoji_like: defineAction({
    summary: 'Puts a face under a message, or takes it away.',
    alsoCalled: ['set_group_reaction'],
    params: () =>
      z.object({
        message_id: messageId,
        emoji_id: filledText.describe('the number of a face, or the code point of an emoji'),
        set: boolean.default(true).describe('false takes it away'),
      }),
    aliases: { code: 'emoji_id', is_add: 'set' },
    data: nothing,
    generations: onlyExtended,
    example: { params: { message_id: 7, emoji_id: '66' }, data: null },
  }),

  unset_msg_emoji_like: defineAction({
    summary: 'Takes a face away from under a message.',
    params: () => z.object({ message_id: messageId, emoji_id: filledText }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { message_id: 7, emoji_id: '66' }, data: null },
    run: (params, call) => call.call('set_msg_emoji_like', { ...params, set: false }),
    needs: ['set_msg_emoji_like'],
  }),

  fetch_emoji_like: defineAction({
    summary: 'Lists who put a face under a message.',
    params: () =>
      z.object({
        message_id: messageId,
        emojiId: filledText,
        emojiType: text.default('').describe('1: a face of the network, 2: an emoji; either where it is left out'),
        count: amount(1000).default(20),
        cookie: text.default('').describe('where the page before ended'),
      }),
    aliases: { emoji_id: 'emojiId', emoji_type: 'emojiType' },
    data: () =>
      z.object({
        emojiLikesList: z.array(z.object({ tinyId: z.string(), nickName: z.string(), headUrl: z.string() })),
        cookie: z.string(),
        isFirstPage: z.boolean(),
        isLastPage: z.boolean(),
      }),
    generations: onlyExtended,
    example: {
      params: { message_id: 7, emojiId: '66' },
      data: {
        emojiLikesList: [{ tinyId: '10001', nickName: '小明', headUrl: '' }],
        cookie: '',
        isFirstPage: true,
        isLastPage: true,
      },
    },
  }),
}
