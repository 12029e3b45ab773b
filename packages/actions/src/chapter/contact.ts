import { boolean, groupId, integer, once, sex, text, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import { onlyExtended, onlyGoCqhttp, sinceCqhttp2, sinceCqhttp4 } from '../generation.ts'
import { optionalId } from '../optional-id.ts'
import { nothing } from '../result.ts'
import { amount, filledText } from '../scalar.ts'

const fileForms = 'a file: `file:///…`, `http(s)://…` or `base64://…`'

const friend = once(() => z.object({ user_id: userId, nickname: z.string(), remark: z.string() }))

/** Friends as CQHTTP v4 groups them. */
const friendGroups = once(() =>
  z.array(z.object({ friend_group_id: z.int(), friend_group_name: z.string(), friends: z.array(friend()) })),
)

const friendExample = { user_id: 10001, nickname: '小明', remark: '同学' }

/** The account itself and the people it knows. */
export const contactActions = {
  get_login_info: defineAction({
    summary: 'Tells who the account is.',
    params: () => z.object({}),
    data: () => z.object({ user_id: userId, nickname: z.string() }),
    generations: sinceCqhttp2,
    example: { params: {}, data: { user_id: 10000, nickname: '小助手' } },
  }),

  set_qq_profile: defineAction({
    summary: 'Changes what people see of the account; what is left out stays as it is.',
    params: () =>
      z.object({
        nickname: text.optional(),
        company: text.optional(),
        email: text.optional(),
        college: text.optional(),
        personal_note: text.optional(),
      }),
    data: nothing,
    generations: onlyGoCqhttp,
    example: { params: { nickname: '小助手', personal_note: '' }, data: null },
  }),

  set_qq_avatar: defineAction({
    summary: 'Changes the picture of the account.',
    params: () => z.object({ file: filledText.describe(fileForms) }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { file: 'https://example.com/a.png' }, data: null },
  }),

  set_self_longnick: defineAction({
    summary: 'Changes the signature of the account.',
    params: () => z.object({ longNick: text.describe('the signature; empty removes it') }),
    aliases: { long_nick: 'longNick' },
    data: nothing,
    generations: onlyExtended,
    example: { params: { longNick: '在线' }, data: null },
  }),

  qidian_get_account_info: defineAction({
    summary: 'Tells about the account as one of a company.',
    alsoCalled: ['qidian_get_login_info'],
    params: () => z.object({}),
    data: () => z.object({ master_id: z.int(), ext_name: z.string(), create_time: z.int() }),
    generations: onlyGoCqhttp,
    example: { params: {}, data: { master_id: 10009, ext_name: '客服', create_time: 1_700_000_000 } },
  }),

  _get_model_show: defineAction({
    summary: 'Lists what a device can be shown as.',
    params: () => z.object({ model: text.describe('the name of a device') }),
    data: () => z.object({ variants: z.array(z.object({ model_show: z.string(), need_pay: z.boolean() })) }),
    generations: onlyGoCqhttp,
    example: {
      params: { model: 'iPhone' },
      data: { variants: [{ model_show: 'iPhone 13', need_pay: false }] },
    },
  }),

  _set_model_show: defineAction({
    summary: 'Chooses what the device of the account is shown as.',
    params: () => z.object({ model: text, model_show: text.default('').describe('empty: what it is') }),
    data: nothing,
    generations: onlyGoCqhttp,
    example: { params: { model: 'iPhone', model_show: 'iPhone 13' }, data: null },
  }),

  get_online_clients: defineAction({
    summary: 'Lists the devices on which the account is online.',
    params: () => z.object({ no_cache: boolean.default(false) }),
    data: () =>
      z.object({
        clients: z.array(z.object({ app_id: z.int(), device_name: z.string(), device_kind: z.string() })),
      }),
    generations: onlyGoCqhttp,
    example: { params: {}, data: { clients: [{ app_id: 1, device_name: '我的电脑', device_kind: '电脑' }] } },
  }),

  get_stranger_info: defineAction({
    summary: 'Tells what anyone may know of a person.',
    params: () => z.object({ user_id: userId, no_cache: boolean.default(false) }),
    data: () =>
      z.object({
        user_id: userId,
        nickname: z.string(),
        sex: sex(),
        age: z.int(),
        qid: z.string(),
        sign: z.string(),
        level: z.int(),
        login_days: z.int(),
        vip_level: z.string().optional(),
      }),
    generations: sinceCqhttp2,
    example: {
      params: { user_id: 10001 },
      data: {
        user_id: 10001,
        nickname: '小明',
        sex: 'male',
        age: 18,
        qid: '',
        sign: '',
        level: 16,
        login_days: 7,
        vip_level: '',
      },
    },
  }),

  _get_vip_info: defineAction({
    summary: 'Tells about the paid membership of a person.',
    params: () => z.object({ user_id: userId }),
    data: () =>
      z.object({
        user_id: userId,
        nickname: z.string(),
        level: z.int(),
        level_speed: z.number(),
        vip_level: z.string(),
        vip_growth_speed: z.int(),
        vip_growth_total: z.int(),
      }),
    generations: ['cqhttp-4', 'go-cqhttp'],
    example: {
      params: { user_id: 10001 },
      data: {
        user_id: 10001,
        nickname: '小明',
        level: 16,
        level_speed: 1.2,
        vip_level: 'vip1',
        vip_growth_speed: 10,
        vip_growth_total: 100,
      },
    },
  }),

  get_friend_list: defineAction({
    summary: 'Lists the friends of the account.',
    params: () => z.object({}),
    data: () => z.array(friend()),
    generations: sinceCqhttp4,
    example: { params: {}, data: [friendExample] },
  }),

  _get_friend_list: defineAction({
    summary: 'Lists the friends of the account in the groups it sorted them into.',
    params: () => z.object({ flat: boolean.default(false).describe('groups and friends side by side') }),
    data: () =>
      z.union([
        friendGroups(),
        z.object({
          friend_groups: z.array(z.object({ friend_group_id: z.int(), friend_group_name: z.string() })),
          friends: z.array(friend().extend({ friend_group_id: z.int() })),
        }),
      ]),
    source: () => friendGroups(),
    generations: ['cqhttp-4'],
    example: {
      params: {},
      data: [{ friend_group_id: 1, friend_group_name: '我的好友', friends: [friendExample] }],
    },
    async run(params, _call, ask) {
      const groups = await ask(params)
      if (!params.flat) return groups
      return {
        friend_groups: groups.map(({ friend_group_id, friend_group_name }) => ({ friend_group_id, friend_group_name })),
        friends: groups.flatMap(({ friend_group_id, friends }) =>
          friends.map((person) => ({ ...person, friend_group_id })),
        ),
      }
    },
    needs: ['_get_friend_list'],
  }),

  get_friends_with_category: defineAction({
    summary: 'Lists the friends of the account in the groups it sorted them into, under other names.',
    params: () => z.object({}),
    data: () =>
      z.array(
        z.object({
          categoryId: z.int(),
          categoryName: z.string(),
          categorySortId: z.int(),
          categoryMbCount: z.int(),
          buddyList: z.array(friend()),
        }),
      ),
    generations: onlyExtended,
    example: {
      params: {},
      data: [
        {
          categoryId: 1,
          categoryName: '我的好友',
          categorySortId: 0,
          categoryMbCount: 1,
          buddyList: [friendExample],
        },
      ],
    },
    async run(_params, call) {
      const groups = (await call.call('_get_friend_list', {})) as z.output<ReturnType<typeof friendGroups>>
      return groups.map(({ friend_group_id, friend_group_name, friends }, index) => ({
        categoryId: friend_group_id,
        categoryName: friend_group_name,
        categorySortId: index,
        categoryMbCount: friends.length,
        buddyList: friends,
      }))
    },
    needs: ['_get_friend_list'],
  }),

  get_unidirectional_friend_list: defineAction({
    summary: 'Lists who has the account as a friend without being one of its own.',
    params: () => z.object({}),
    data: () => z.array(z.object({ user_id: userId, nickname: z.string(), source: z.string() })),
    generations: onlyGoCqhttp,
    example: { params: {}, data: [{ user_id: 10003, nickname: '小刚', source: 'QQ群' }] },
  }),

  delete_friend: defineAction({
    summary: 'Ends a friendship.',
    params: () => z.object({ user_id: userId }),
    aliases: { id: 'user_id', friend_id: 'user_id' },
    data: nothing,
    generations: onlyGoCqhttp,
    isUnsafe: true,
    example: { params: { user_id: 10001 }, data: null },
  }),

  delete_unidirectional_friend: defineAction({
    summary: 'Ends a friendship that only the other side keeps.',
    params: () => z.object({ user_id: userId }),
    data: nothing,
    generations: onlyGoCqhttp,
    isUnsafe: true,
    example: { params: { user_id: 10003 }, data: null },
  }),

  set_friend_remark: defineAction({
    summary: 'Notes a name for a friend that only the account sees.',
    params: () => z.object({ user_id: userId, remark: text.default('').describe('empty removes it') }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { user_id: 10001, remark: '同学' }, data: null },
  }),

  send_like: defineAction({
    summary: 'Likes the profile of a person.',
    params: () =>
      z.object({ user_id: userId, times: amount(1000).default(1).describe('at most 10 a day reach a friend') }),
    data: nothing,
    generations: ['cqhttp-2', 'cqhttp-4', 'onebot-11'],
    example: { params: { user_id: 10001, times: 10 }, data: null },
  }),

  friend_poke: defineAction({
    summary: 'Pokes a friend.',
    params: () =>
      z.object({
        user_id: userId.describe('the other side of the private chat'),
        target_id: optionalId(userId).describe('who is poked; absent: `user_id`'),
      }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { user_id: 10001 }, data: null },
  }),

  send_poke: defineAction({
    summary: 'Pokes a person, in a group if one is named.',
    params: () => z.object({ user_id: userId, group_id: optionalId(groupId), target_id: optionalId(userId) }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { user_id: 10001, group_id: 20001 }, data: null },
    run: ({ user_id, group_id, target_id }, call) =>
      group_id === undefined
        ? call.call('friend_poke', { user_id, target_id })
        : call.call('group_poke', { group_id, user_id: target_id ?? user_id }),
    needs: ['friend_poke', 'group_poke'],
  }),

  set_online_status: defineAction({
    summary: 'Shows the account as online, away, busy or something else, in the numbers of its network.',
    params: () =>
      z.object({
        status: integer.describe('10: online, 30: away, 40: invisible, 50: busy, 60: to be called, 70: do not disturb'),
        ext_status: integer.default(0).describe('what exactly, such as 1028: listening to music'),
        battery_status: integer.default(0).describe('percent, where that is what is shown'),
      }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { status: 10, ext_status: 0, battery_status: 0 }, data: null },
  }),

  set_input_status: defineAction({
    summary: 'Shows a person that the account is typing.',
    params: () => z.object({ user_id: userId, event_type: integer.default(1).describe('0: speaking, 1: typing') }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { user_id: 10001, event_type: 1 }, data: null },
  }),
}
