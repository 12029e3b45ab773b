import { boolean, groupId, once, role, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import { onlyExtended, onlyGoCqhttp, sinceCqhttp2, sinceCqhttp4, sinceOneBot11 } from '../generation.ts'
import { group, groupMember } from '../result.ts'

const noCache = once(() => ({
  no_cache: boolean.default(false).describe('ask the network instead of answering from memory'),
}))

const groupExample = {
  group_id: 20001,
  group_name: '测试群',
  group_memo: '',
  group_create_time: 1_700_000_000,
  group_level: 1,
  member_count: 3,
  max_member_count: 200,
}

const memberExample = {
  group_id: 20001,
  user_id: 10001,
  nickname: '小明',
  card: '班长',
  sex: 'unknown',
  age: 0,
  area: '',
  join_time: 1_700_000_000,
  last_sent_time: 0,
  shut_up_timestamp: 0,
  level: '1',
  role: 'owner',
  unfriendly: false,
  title: '',
  title_expire_time: 0,
  card_changeable: true,
}

const honors = ['talkative', 'performer', 'legend', 'strong_newbie', 'emotion', 'all'] as const
const honored = once(() => ({ user_id: userId, nickname: z.string(), avatar: z.string() }))
const honoredMembers = once(() => z.array(z.object({ ...honored(), description: z.string() })).optional())

/** What tells whether members are muted. */
const muteable = once(() => groupMember().pick({ user_id: true, nickname: true, card: true, shut_up_timestamp: true }))

/** Groups and who is in them. */
export const groupActions = {
  get_group_list: defineAction({
    summary: 'Lists the groups the account is in.',
    params: () => z.object(noCache()),
    data: () => z.array(group()),
    generations: sinceCqhttp2,
    example: { params: {}, data: [groupExample] },
  }),

  get_group_info: defineAction({
    summary: 'Tells about a group.',
    params: () => z.object({ group_id: groupId, ...noCache() }),
    data: group,
    generations: sinceCqhttp4,
    example: { params: { group_id: 20001 }, data: groupExample },
  }),

  _get_group_info: defineAction({
    summary: 'Tells more about a group; what the network does not tell is left out.',
    params: () => z.object({ group_id: groupId }),
    data: () =>
      z.object({
        group_id: groupId,
        group_name: z.string().optional(),
        create_time: z.int().optional(),
        category: z.int().optional(),
        member_count: z.int().optional(),
        max_member_count: z.int().optional(),
        introduction: z.string().optional(),
        admins: z.array(z.object({ user_id: userId, nickname: z.string(), role: role() })).optional(),
        admin_count: z.int().optional(),
        max_admin_count: z.int().optional(),
        owner_id: userId.optional(),
      }),
    generations: ['cqhttp-4'],
    example: {
      params: { group_id: 20001 },
      data: {
        group_id: 20001,
        group_name: '测试群',
        create_time: 1_700_000_000,
        category: 0,
        member_count: 3,
        max_member_count: 200,
        introduction: '',
        admins: [{ user_id: 10001, nickname: '小明', role: 'owner' }],
        admin_count: 1,
        max_admin_count: 10,
        owner_id: 10001,
      },
    },
  }),

  get_group_member_list: defineAction({
    summary: 'Lists the members of a group.',
    params: () => z.object({ group_id: groupId, ...noCache() }),
    data: () => z.array(groupMember()),
    generations: sinceCqhttp2,
    example: { params: { group_id: 20001 }, data: [memberExample] },
  }),

  get_group_member_info: defineAction({
    summary: 'Tells about a member of a group.',
    params: () => z.object({ group_id: groupId, user_id: userId, ...noCache() }),
    data: groupMember,
    generations: sinceCqhttp2,
    example: { params: { group_id: 20001, user_id: 10001 }, data: memberExample },
  }),

  get_group_honor_info: defineAction({
    summary: 'Lists the members of a group who hold an honor; lists that were not asked for are left out.',
    params: () =>
      z.object({
        group_id: groupId,
        type: z.enum(honors, { error: `one of ${honors.join(', ')}` }).default('all'),
      }),
    data: () =>
      z.object({
        group_id: groupId,
        current_talkative: z.object({ ...honored(), day_count: z.int() }).optional(),
        talkative_list: honoredMembers(),
        performer_list: honoredMembers(),
        legend_list: honoredMembers(),
        strong_newbie_list: honoredMembers(),
        emotion_list: honoredMembers(),
      }),
    generations: sinceOneBot11,
    example: {
      params: { group_id: 20001, type: 'all' },
      data: {
        group_id: 20001,
        current_talkative: { user_id: 10001, nickname: '小明', avatar: '', day_count: 3 },
        talkative_list: [{ user_id: 10001, nickname: '小明', avatar: '', description: '连续3天' }],
        performer_list: [],
        legend_list: [],
        strong_newbie_list: [],
        emotion_list: [],
      },
    },
  }),

  get_group_shut_list: defineAction({
    summary: 'Lists who is muted in a group, and until when.',
    params: () => z.object({ group_id: groupId }),
    data: () =>
      z.array(
        z.object({
          user_id: userId,
          nickname: z.string(),
          shut_up_time: z.int().describe('seconds since 1970'),
          // The same in the words of NapCat.
          uin: z.string(),
          nick: z.string(),
          cardName: z.string(),
          shutUpTime: z.int(),
        }),
      ),
    generations: onlyExtended,
    example: {
      params: { group_id: 20001 },
      data: [
        {
          user_id: 10002,
          nickname: '小红',
          shut_up_time: 1_700_000_600,
          uin: '10002',
          nick: '小红',
          cardName: '',
          shutUpTime: 1_700_000_600,
        },
      ],
    },
    async run({ group_id }, call) {
      const listed = await call.call('get_group_member_list', { group_id })
      // What a network lists without an id, or without knowing more of it, is nobody who could be named here.
      const members = (Array.isArray(listed) ? listed : []).flatMap((member) => muteable().safeParse(member).data ?? [])
      const isMuted = ({ shut_up_timestamp }: (typeof members)[number]) => shut_up_timestamp * 1000 > call.clock.now()
      return members.filter(isMuted).map(({ user_id, nickname, card, shut_up_timestamp }) => ({
        user_id,
        nickname,
        shut_up_time: shut_up_timestamp,
        uin: String(user_id),
        nick: nickname,
        cardName: card,
        shutUpTime: shut_up_timestamp,
      }))
    },
    needs: ['get_group_member_list'],
  }),

  get_group_signed_list: defineAction({
    summary: 'Lists who signed in to a group today, the first first.',
    params: () => z.object({ group_id: groupId }),
    data: () =>
      z.array(
        z.object({ user_id: userId, nick: z.string(), time: z.int().describe('seconds since 1970'), rank: z.int() }),
      ),
    generations: onlyExtended,
    example: {
      params: { group_id: 20001 },
      data: [{ user_id: 10001, nick: '小明', time: 1_700_000_000, rank: 1 }],
    },
  }),

  get_group_at_all_remain: defineAction({
    summary: 'Tells how often everyone in a group can still be mentioned today.',
    params: () => z.object({ group_id: groupId }),
    data: () =>
      z.object({
        can_at_all: z.boolean(),
        remain_at_all_count_for_group: z.int(),
        remain_at_all_count_for_uin: z.int(),
      }),
    generations: onlyGoCqhttp,
    example: {
      params: { group_id: 20001 },
      data: { can_at_all: true, remain_at_all_count_for_group: 20, remain_at_all_count_for_uin: 10 },
    },
  }),

  _get_group_notice: defineAction({
    summary: 'Lists the notices of a group.',
    params: () => z.object({ group_id: groupId }),
    data: () =>
      z.array(
        z.object({
          notice_id: z.string(),
          sender_id: userId,
          publish_time: z.int(),
          message: z.object({
            text: z.string(),
            images: z.array(z.object({ height: z.string(), width: z.string(), id: z.string() })),
          }),
        }),
      ),
    generations: ['cqhttp-4', 'go-cqhttp'],
    example: {
      params: { group_id: 20001 },
      data: [
        {
          notice_id: 'n1',
          sender_id: 10001,
          publish_time: 1_700_000_000,
          message: { text: '明天放假', images: [{ height: '100', width: '100', id: 'i1' }] },
        },
      ],
    },
  }),
}
