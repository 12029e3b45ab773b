import type { Segment } from '@seekyou/message'
import type { ActionRow, OutgoingRow } from '../profile.ts'
import { listOf, numberOf, rename, textOf, without } from '../reading.ts'
import type { Fields } from '../reading.ts'

/* Rows that several implementations share. */

/** Actions that an implementation does not have, all for one reason. */
export function missing(why: string, names: readonly string[]): Readonly<Record<string, ActionRow>> {
  return Object.fromEntries(names.map((name) => [name, { verdict: 'missing', why } satisfies ActionRow]))
}

export function pokeSegment(user: unknown): Segment {
  return { type: 'poke', data: { qq: String(user) } }
}

/** What NTQQ, which most of today's implementations sit on, no longer has. */
export const goneFromQq: Readonly<Record<string, ActionRow>> = {
  ...missing('QQ no longer has anonymous speakers', ['set_group_anonymous', 'set_group_anonymous_ban']),
  ...missing('it does not speak the protocol of companies', ['qidian_get_account_info']),
  ...missing('QQ no longer has discuss groups', ['send_discuss_msg', 'set_discuss_leave']),
  ...missing('it has no guilds', [
    'send_guild_channel_msg',
    'get_guild_msg',
    'get_guild_meta_by_guest',
    'get_guild_channel_list',
    'get_guild_member_list',
    'get_guild_member_profile',
    'get_guild_roles',
    'create_guild_role',
    'update_guild_role',
    'delete_guild_role',
    'set_guild_member_role',
    'get_topic_channel_feeds',
  ]),
  // Bots ask for these when they start.
  get_guild_list: { verdict: 'repaired', why: 'it has no guilds: the list is empty', local: () => [] },
  get_guild_service_profile: {
    verdict: 'repaired',
    why: 'it has no guilds: nobody is there in any',
    local: () => ({ nickname: '', tiny_id: '0', avatar_url: '' }),
  },
  _get_model_show: {
    verdict: 'repaired',
    why: 'devices are shown as what they are',
    local: ({ model }) => ({ variants: [{ model_show: textOf(model) ?? '', need_pay: false }] }),
  },
  ...missing('devices are shown as what they are', ['_set_model_show']),
  ...missing('it knows no friendships of one side', ['delete_unidirectional_friend']),
  ...missing('it tells nothing of paid memberships', ['_get_vip_info']),
}

/** Segments of go-cqhttp that nothing on NTQQ sends any more. */
export const unsentOnNtqq: Readonly<Record<string, OutgoingRow>> = {
  share: { unsupported: 'it sends no links as cards' },
  tts: { unsupported: 'it cannot speak texts' },
  gift: { unsupported: 'QQ no longer has gifts' },
  redbag: { unsupported: 'red packets can only be received' },
  anonymous: { unsupported: 'QQ no longer has anonymous speakers' },
  xml: { unsupported: 'it sends no XML cards' },
  location: { unsupported: 'it sends no places' },
  shake: { unsupported: 'it shakes no windows' },
  emoji: { become: ({ data }) => ({ type: 'text', data: { text: emojiText(numberOf(data['id']) ?? 0) } }) },
  cardimage: { become: ({ data }) => ({ type: 'image', data: { file: textOf(data['file']) ?? '' } }) },
}

function emojiText(code: number): string {
  // CQHTTP numbers keycaps apart from code points.
  if (code >= 100_000 && code < 100_128) return `${String.fromCodePoint(code - 100_000)}\u{FE0F}\u{20E3}`
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : ''
}

/** A segment of `type` with its params under other names, and without some. */
export function renamed(type: string, names: Readonly<Record<string, string>>, ...dropped: readonly string[]) {
  return (data: Fields): Segment => ({ type, data: textual(without(rename(data, names), ...dropped)) })
}

/** Params as segments have them: text. */
export function textual(data: Fields): Readonly<Record<string, string>> {
  const entries = Object.entries(data).flatMap(([name, value]) => {
    const text = textOf(value) ?? (value === undefined || value === null ? undefined : JSON.stringify(value))
    return text === undefined ? [] : [[name, text] as const]
  })
  return Object.fromEntries(entries)
}

/** A file of a message: today's implementations name it by what it is called, and by an id of their own. */
export const fileSegment = (data: Fields): Segment => ({
  type: 'file',
  data: textual({ ...rename(data, { file_size: 'size' }), name: data['name'] ?? data['file'] }),
})

/** The questions of a group under go-cqhttp's names; an empty list is null there. */
export function groupRequests(invited: unknown, joining: unknown) {
  const join = listOf(joining).map((request) => ({
    ...rename(request, { invitor_uin: 'requester_uin', invitor_nick: 'requester_nick' }),
  }))
  return { invited_requests: invited, join_requests: join }
}
