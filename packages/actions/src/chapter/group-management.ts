import { boolean, discussId, groupId, integer, once, text, userId } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import { onlyCqhttp, onlyExtended, onlyGoCqhttp, sinceCqhttp2, sinceOneBot11 } from '../generation.ts'
import { nothing } from '../result.ts'
import { filledText, seconds } from '../scalar.ts'
import { withoutDiscussGroups } from '../target.ts'

const member = { group_id: groupId, user_id: userId }
const enable = once(() => ({ enable: boolean.default(true) }))
const aMember = { group_id: 20001, user_id: 10001 }

/** The mask that `anonymous` carries, if it is the object of an event. */
const mask = once(() => z.object({ flag: filledText }))

/** The masked member of a group: by the `anonymous` of an event, or by its flag alone. */
const maskedMember = once(() =>
  z
    .object({
      group_id: groupId,
      anonymous: z.unknown().optional().describe('the `anonymous` object of a message event'),
      flag: text.optional().describe('its `flag` alone'),
      duration: seconds.default(1800).describe('seconds'),
    })
    .transform(({ group_id, duration, ...given }, context) => {
      const { data } = mask().safeParse(given.anonymous)
      const flag = data?.flag ?? given.flag
      if (flag) return { group_id, flag, duration }
      const takes = 'the flag of an anonymous speaker (or give the whole object as anonymous)'
      context.addIssue({ code: 'custom', path: ['flag'], message: takes, input: undefined })
      return z.NEVER
    }),
)

/** What owners and admins do to a group and to those in it, and leaving it. */
export const groupManagementActions = {
  set_group_kick: defineAction({
    summary: 'Removes a member from a group.',
    params: () =>
      z.object({
        ...member,
        reject_add_request: boolean.default(false).describe('and do not let them ask to come back'),
        // Whole events are spread over params, and theirs is no reason.
        message: text.default('').catch('').describe('the reason, where the network tells one'),
      }),
    data: nothing,
    generations: sinceCqhttp2,
    isUnsafe: true,
    example: { params: aMember, data: null },
  }),

  set_group_ban: defineAction({
    summary: 'Mutes a member of a group for a time.',
    params: () => z.object({ ...member, duration: seconds.default(1800).describe('seconds; 0 lifts it') }),
    data: nothing,
    generations: sinceCqhttp2,
    isUnsafe: true,
    example: { params: { ...aMember, duration: 600 }, data: null },
  }),

  set_group_anonymous_ban: defineAction({
    summary: 'Mutes an anonymous speaker in a group for a time.',
    params: () => maskedMember(),
    aliases: { anonymous_flag: 'flag' },
    data: nothing,
    generations: sinceCqhttp2,
    isUnsafe: true,
    example: { params: { group_id: 20001, flag: 'f1|大力鬼王', duration: 600 }, data: null },
  }),

  set_group_whole_ban: defineAction({
    summary: 'Mutes a group but for its owner and admins.',
    params: () => z.object({ group_id: groupId, ...enable() }),
    data: nothing,
    generations: sinceCqhttp2,
    isUnsafe: true,
    example: { params: { group_id: 20001, enable: true }, data: null },
  }),

  set_group_admin: defineAction({
    summary: 'Makes a member an admin of a group, or an admin a member.',
    params: () => z.object({ ...member, ...enable() }),
    data: nothing,
    generations: sinceCqhttp2,
    isUnsafe: true,
    example: { params: { ...aMember, enable: true }, data: null },
  }),

  set_group_anonymous: defineAction({
    summary: 'Lets members of a group speak anonymously, or no longer.',
    params: () => z.object({ group_id: groupId, ...enable() }),
    data: nothing,
    generations: sinceCqhttp2,
    example: { params: { group_id: 20001, enable: false }, data: null },
  }),

  set_group_card: defineAction({
    summary: 'Gives a member of a group another name there.',
    params: () => z.object({ ...member, card: text.default('').describe('empty removes it') }),
    data: nothing,
    generations: sinceCqhttp2,
    example: { params: { ...aMember, card: '班长' }, data: null },
  }),

  set_group_name: defineAction({
    summary: 'Renames a group.',
    params: () => z.object({ group_id: groupId, group_name: filledText }),
    data: nothing,
    generations: sinceOneBot11,
    example: { params: { group_id: 20001, group_name: '测试群' }, data: null },
  }),

  set_group_portrait: defineAction({
    summary: 'Changes the picture of a group.',
    params: () =>
      z.object({
        group_id: groupId,
        file: filledText.describe('a file: `file:///…`, `http(s)://…` or `base64://…`'),
        cache: boolean.default(true).describe('whether a file fetched before from the same URL may be used again'),
      }),
    data: nothing,
    generations: onlyGoCqhttp,
    example: { params: { group_id: 20001, file: 'https://example.com/a.png', cache: 1 }, data: null },
  }),

  set_group_special_title: defineAction({
    summary: 'Gives a member of a group a title.',
    params: () =>
      z.object({
        ...member,
        special_title: text.default('').describe('empty removes it'),
        duration: integer.default(-1).describe('seconds; -1: for good'),
      }),
    data: nothing,
    generations: sinceCqhttp2,
    example: { params: { ...aMember, special_title: '元老' }, data: null },
  }),

  set_group_remark: defineAction({
    summary: 'Notes a name for a group that only the account sees.',
    params: () => z.object({ group_id: groupId, remark: text.default('').describe('empty removes it') }),
    data: nothing,
    generations: onlyExtended,
    example: { params: { group_id: 20001, remark: '工作' }, data: null },
  }),

  set_group_leave: defineAction({
    summary: 'Leaves a group, or ends it.',
    params: () =>
      z.object({
        group_id: groupId,
        is_dismiss: boolean.default(false).describe('end the group; the owner can leave in no other way'),
      }),
    data: nothing,
    generations: sinceCqhttp2,
    isUnsafe: true,
    example: { params: { group_id: 20001 }, data: null },
  }),

  set_discuss_leave: defineAction({
    summary: 'Leaves a discuss group (CQHTTP v2 to v4).',
    params: () => z.object({ discuss_id: discussId }),
    data: nothing,
    generations: onlyCqhttp,
    isUnsafe: true,
    example: { params: { discuss_id: 30001 }, data: null },
    ...withoutDiscussGroups,
  }),

  _send_group_notice: defineAction({
    summary: 'Posts a notice in a group; answers null where the network tells no id.',
    params: () =>
      z.object({
        group_id: groupId,
        content: filledText,
        title: text.default('').describe('CQHTTP v4 only: stands above the content'),
        image: text.default('').describe('a picture: `file:///…`, `http(s)://…` or `base64://…`'),
      }),
    data: () => z.object({ notice_id: z.string() }).nullable(),
    generations: ['cqhttp-4', 'go-cqhttp'],
    example: { params: { group_id: 20001, content: '明天放假' }, data: { notice_id: 'n1' } },
  }),

  _del_group_notice: defineAction({
    summary: 'Removes a notice of a group.',
    alsoCalled: ['_delete_group_notice'],
    params: () => z.object({ group_id: groupId, notice_id: filledText }),
    data: nothing,
    generations: onlyGoCqhttp,
    isUnsafe: true,
    example: { params: { group_id: 20001, notice_id: 'n1' }, data: null },
  }),

  send_group_sign: defineAction({
    summary: 'Signs in to a group for the day.',
    alsoCalled: ['set_group_sign'],
    params: () => z.object({ group_id: groupId }),
    data: nothing,
    generations: onlyGoCqhttp,
    example: { params: { group_id: 20001 }, data: null },
  }),

  group_poke: defineAction({
    summary: 'Pokes a member of a group.',
    params: () => z.object(member),
    data: nothing,
    generations: onlyExtended,
    example: { params: aMember, data: null },
  }),
}
