import type { ActionName } from '@seekyou/actions'
import { fieldsOf, fill, listOf, numberOf, rename, textOf } from './reading.ts'
import type { Fields } from './reading.ts'

/**
 * How an action of ours is one of go-cqhttp's on the wire: which params go out, each under every name that is in use,
 * and how the data is completed with go-cqhttp's own defaults. What a single implementation does otherwise stands in
 * its profile.
 */
export interface WireAction {
  readonly ask?: (params: Fields) => Fields
  readonly tell?: (data: unknown, params: Fields) => unknown
  /** `message_id` is one of ours, and becomes the upstream's. */
  readonly aboutMessage?: true
  /** Params that name a file, which goes along as base64. */
  readonly files?: readonly string[]
  /** Clients may name the file by a bare path, too. */
  readonly takesPath?: true
}

const nothing = () => null
const done: WireAction = { tell: nothing }
const aboutMessage: WireAction = { tell: nothing, aboutMessage: true }

const friendDefaults = { user_id: 0, nickname: '', remark: '' }
const groupDefaults = {
  group_id: 0,
  group_name: '',
  group_memo: '',
  group_create_time: 0,
  group_level: 0,
  member_count: 0,
  max_member_count: 0,
}
const fileDefaults = {
  group_id: 0,
  file_id: '',
  file_name: '',
  busid: 0,
  file_size: 0,
  upload_time: 0,
  dead_time: 0,
  modify_time: 0,
  download_times: 0,
  uploader: 0,
  uploader_name: '',
}
const folderDefaults = {
  group_id: 0,
  folder_id: '',
  folder_name: '',
  create_time: 0,
  creator: 0,
  creator_name: '',
  total_file_count: 0,
}
const requestDefaults = { request_id: 0, group_id: 0, group_name: '', checked: false, actor: 0 }

function oneOf<const Word extends string>(value: unknown, words: readonly [absent: Word, ...others: Word[]]): Word {
  return words.find((word) => word === value) ?? words[0]
}

const sexes = ['unknown', 'male', 'female'] as const
const roles = ['member', 'admin', 'owner'] as const

/** A member of a group as go-cqhttp tells it. */
export function memberOf(data: unknown, groupId?: unknown) {
  const member = fill(data, {
    group_id: numberOf(groupId) ?? 0,
    user_id: 0,
    nickname: '',
    card: '',
    sex: 'unknown',
    age: 0,
    area: '',
    join_time: 0,
    last_sent_time: 0,
    shut_up_timestamp: 0,
    level: '',
    role: 'member',
    unfriendly: false,
    title: '',
    title_expire_time: 0,
    card_changeable: false,
  })
  return {
    ...member,
    sex: oneOf(member.sex, sexes),
    role: oneOf(member.role, roles),
  }
}

function listing(data: unknown, { group_id }: Fields) {
  const { files, folders } = fieldsOf(data)
  return {
    files: listOf(files).map((file) => fill({ group_id, ...file }, fileDefaults)),
    folders: listOf(folders).map((folder) => fill({ group_id, ...folder }, folderDefaults)),
  }
}

const honorLists = ['talkative_list', 'performer_list', 'legend_list', 'strong_newbie_list', 'emotion_list']

function honors(data: unknown, { group_id }: Fields) {
  const given = fieldsOf(data)
  const person = { user_id: 0, nickname: '', avatar: '' }
  const current = fieldsOf(given['current_talkative'])
  const lists = honorLists.flatMap((name) =>
    // A list that was asked for and is empty is null in go-cqhttp; one that was not asked for is absent.
    name in given ? [[name, listOf(given[name]).map((member) => fill(member, { ...person, description: '' }))]] : [],
  )
  return {
    ...given,
    group_id,
    current_talkative: numberOf(current['user_id']) ? fill(current, { ...person, day_count: 0 }) : undefined,
    ...(Object.fromEntries(lists) as Fields),
  }
}

function groupNotices(data: unknown) {
  return listOf(data).map((notice) => {
    const message = fieldsOf(notice['message'])
    const images = listOf(message['images'] ?? message['image'])
    return {
      ...fill(notice, { notice_id: '', sender_id: 0, publish_time: 0 }),
      message: {
        text: textOf(message['text']) ?? '',
        images: images.map((image) => fill(image, { height: '', width: '', id: '' })),
      },
    }
  })
}

function questions(data: unknown) {
  const { invited_requests, join_requests } = fieldsOf(data)
  const invited = listOf(invited_requests).map((request) =>
    fill(request, { ...requestDefaults, invitor_uin: 0, invitor_nick: '' }),
  )
  const joining = listOf(join_requests).map((request) =>
    fill(request, { ...requestDefaults, requester_uin: 0, requester_nick: '', message: '' }),
  )
  return {
    invited_requests: invited.length > 0 ? invited : null,
    join_requests: joining.length > 0 ? joining : null,
  }
}

/** What an upload or a new folder answers; null where no id is told. */
function newId(name: 'file_id' | 'folder_id' | 'notice_id', ...others: readonly string[]) {
  return (data: unknown) => {
    const given = fieldsOf(data)
    const id = [name, ...others].map((key) => textOf(given[key])).find((text) => text !== undefined && text !== '')
    return id === undefined ? null : { [name]: id }
  }
}

const fileScope = (params: Fields): Fields => ({ ...params, bus_id: params['busid'] })

/** Every action that is the upstream's to do, but for sending, recalling and reading messages. */
export const wireActions = {
  // The account and whom it knows
  set_qq_profile: done,
  set_qq_avatar: { ...done, files: ['file'] },
  set_self_longnick: done,
  qidian_get_account_info: { tell: (data) => fill(data, { master_id: 0, ext_name: '', create_time: 0 }) },
  _get_model_show: {
    tell: (data) => ({
      variants: listOf(fieldsOf(data)['variants']).map((variant) => fill(variant, { model_show: '', need_pay: false })),
    }),
  },
  _set_model_show: done,
  get_online_clients: {
    tell: (data) => ({
      clients: listOf(fieldsOf(data)['clients']).map((client) =>
        fill(client, { app_id: 0, device_name: '', device_kind: '' }),
      ),
    }),
  },
  get_stranger_info: {
    tell(data, { user_id }) {
      const person = fill(
        { user_id, ...fieldsOf(data) },
        { user_id: 0, nickname: '', sex: '', age: 0, qid: '', sign: '', level: 0, login_days: 0, vip_level: '' },
      )
      return { ...person, sex: oneOf(person.sex, sexes) }
    },
  },
  _get_vip_info: {
    tell: (data) =>
      fill(data, {
        user_id: 0,
        nickname: '',
        level: 0,
        level_speed: 0,
        vip_level: '',
        vip_growth_speed: 0,
        vip_growth_total: 0,
      }),
  },
  get_friend_list: { tell: (data) => listOf(data).map((friend) => fill(friend, friendDefaults)) },
  _get_friend_list: {
    ask: () => ({ flat: false }),
    tell: (data) =>
      listOf(data).map((group) => ({
        ...fill(group, { friend_group_id: 0, friend_group_name: '' }),
        friends: listOf(group['friends']).map((friend) => fill(friend, friendDefaults)),
      })),
  },
  get_unidirectional_friend_list: {
    tell: (data) => listOf(data).map((friend) => fill(friend, { user_id: 0, nickname: '', source: '' })),
  },
  delete_friend: { ...done, ask: ({ user_id }) => ({ user_id, id: user_id, friend_id: user_id }) },
  delete_unidirectional_friend: done,
  set_friend_remark: done,
  send_like: done,
  friend_poke: done,
  set_input_status: done,

  // Groups
  get_group_list: { tell: (data) => listOf(data).map((group) => fill(group, groupDefaults)) },
  get_group_info: { tell: (data, { group_id }) => fill({ group_id, ...fieldsOf(data) }, groupDefaults) },
  _get_group_info: { tell: (data, { group_id }) => ({ group_id, ...fieldsOf(data) }) },
  get_group_member_list: {
    tell: (data, { group_id }) => listOf(data).map((member) => memberOf(member, group_id)),
  },
  get_group_member_info: { tell: (data, { group_id }) => memberOf(data, group_id) },
  get_group_honor_info: { tell: honors },
  get_group_at_all_remain: {
    tell: (data) => fill(data, { can_at_all: false, remain_at_all_count_for_group: 0, remain_at_all_count_for_uin: 0 }),
  },
  _get_group_notice: { tell: groupNotices },
  set_group_kick: done,
  set_group_ban: done,
  set_group_anonymous_ban: { ...done, ask: (params) => ({ ...params, anonymous_flag: params['flag'] }) },
  set_group_whole_ban: done,
  set_group_admin: done,
  set_group_anonymous: done,
  set_group_card: done,
  set_group_name: done,
  set_group_portrait: { ...done, files: ['file'] },
  set_group_special_title: done,
  set_group_remark: done,
  set_group_leave: done,
  set_discuss_leave: done,
  _send_group_notice: { tell: newId('notice_id'), files: ['image'] },
  _del_group_notice: done,
  send_group_sign: done,
  group_poke: done,

  // Requests
  set_friend_add_request: done,
  set_group_add_request: { ...done, ask: (params) => ({ ...params, type: params['sub_type'] }) },
  get_group_system_msg: { tell: questions },
  get_group_ignored_notifies: { tell: questions },

  // What people make of messages
  set_essence_msg: aboutMessage,
  delete_essence_msg: aboutMessage,
  mark_msg_as_read: aboutMessage,
  mark_private_msg_as_read: done,
  mark_group_msg_as_read: done,
  _mark_all_as_read: done,
  set_msg_emoji_like: aboutMessage,
  fetch_emoji_like: {
    aboutMessage: true,
    tell: (data) => ({
      ...fill(data, { cookie: '', isFirstPage: true, isLastPage: true }),
      emojiLikesList: listOf(fieldsOf(data)['emojiLikesList']).map((like) =>
        fill(like, { tinyId: '', nickName: '', headUrl: '' }),
      ),
    }),
  },

  // Files
  upload_group_file: {
    tell: newId('file_id'),
    ask: (params) => ({ ...params, folder_id: params['folder'] }),
    files: ['file'],
    takesPath: true,
  },
  upload_private_file: { tell: newId('file_id'), files: ['file'], takesPath: true },
  get_group_file_system_info: {
    tell: (data, { group_id }) =>
      fill(
        { group_id, ...fieldsOf(data) },
        { group_id: 0, file_count: 0, limit_count: 0, used_space: 0, total_space: 0 },
      ),
  },
  get_group_root_files: { tell: listing },
  get_group_files_by_folder: { tell: listing, ask: (params) => ({ ...params, folder: params['folder_id'] }) },
  get_group_file_url: { ask: fileScope, tell: (data) => fill(data, { url: '' }) },
  get_private_file_url: { tell: (data) => fill(data, { url: '' }) },
  create_group_file_folder: {
    ask: (params) => ({ ...params, folder_name: params['name'] }),
    tell: newId('folder_id'),
  },
  delete_group_folder: { ...done, ask: (params) => ({ ...params, folder: params['folder_id'] }) },
  delete_group_file: { ...done, ask: fileScope },
  move_group_file: {
    ...done,
    ask: (params) => ({
      ...params,
      ...rename(params, {
        parent_directory: 'current_parent_directory',
        target_directory: 'target_parent_directory',
      }),
    }),
  },
  rename_group_file: {
    ...done,
    ask: (params) => ({ ...params, current_parent_directory: params['parent_directory'] }),
  },
  rename_group_file_folder: { ...done, ask: (params) => ({ ...params, new_name: params['new_folder_name'] }) },

  // Guilds
  get_guild_service_profile: { tell: (data) => fill(data, { nickname: '', tiny_id: '0', avatar_url: '' }) },
  get_guild_list: { tell: (data) => listOf(data) },
  get_guild_meta_by_guest: {},
  get_guild_channel_list: { tell: (data) => listOf(data) },
  get_guild_member_list: {
    tell: (data) => ({ ...fieldsOf(data), members: listOf(fieldsOf(data)['members']) }),
  },
  get_guild_member_profile: {},
  get_guild_roles: { tell: (data) => listOf(data) },
  create_guild_role: {},
  update_guild_role: { ...done, ask: (params) => ({ ...params, indepedent: params['independent'] }) },
  delete_guild_role: done,
  set_guild_member_role: done,
  send_guild_channel_msg: {},
  get_topic_channel_feeds: { tell: (data) => listOf(data) },

  // What it can send, and its cookies
  can_send_image: { tell: (data) => fill(data, { yes: false }) },
  can_send_record: { tell: (data) => fill(data, { yes: false }) },
  get_cookies: { tell: (data) => fill(data, { cookies: '' }) },
  get_csrf_token: { tell: (data) => fill(data, { token: 0 }) },
  get_credentials: { tell: (data) => fill(data, { cookies: '', csrf_token: 0 }) },
} as const satisfies { readonly [Name in ActionName]?: WireAction }
