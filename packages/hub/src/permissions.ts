import { catalogue } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'

/**
 * What an action amounts to, the mildest first: it looks; it takes part in chats as everyone may; it keeps order in
 * groups; it changes the account, its groups and who has power there; it cannot be taken back or gives the account away.
 */
export const actionClasses = ['read', 'chat', 'moderate', 'admin', 'unsafe'] as const
export type ActionClass = (typeof actionClasses)[number]

/** Sets of actions that a token can be given by one word. What is `unsafe` is in none of them. */
export const presets = {
  'read-only': ['read'],
  chat: ['read', 'chat'],
  moderator: ['read', 'chat', 'moderate'],
  admin: ['read', 'chat', 'moderate', 'admin'],
} as const satisfies Readonly<Record<string, readonly ActionClass[]>>
export type Preset = keyof typeof presets

/**
 * What says which chats a call reaches. `group_id`, `user_id` and `discuss_id` name one. A `message_id` is one of a
 * message in it, and so are the ids of quotations, nodes and bundles and the names of files within `content` and
 * `nodes`.  A `flag`, a `file` and a `bundle` are what was told in it; an
 * `upload` may also be a file of this machine. `everything` reaches them all.
 */
export type Reach =
  | 'group_id'
  | 'user_id'
  | 'discuss_id'
  | 'message_id'
  | 'content'
  | 'nodes'
  | 'flag'
  | 'file'
  | 'upload'
  | 'bundle'
  | 'everything'

/** What of the data of an action is shown to who is limited to some chats, or to some actions. */
export type Narrowing = 'groups' | 'friends' | 'friend-groups' | 'friend-categories' | 'group-requests' | 'actions'

export interface Permission {
  readonly class: ActionClass
  /** All of these are looked at, and each must be in a chat that the token may touch. */
  readonly reaches: readonly Reach[]
  readonly narrows?: Narrowing
  /**
   * It does nothing itself: it comes down to other actions, and is judged by them. `lends` lets a token that names only
   * this one do those.
   */
  readonly isRelay?: 'lends' | 'strict'
}

const all =
  (name: ActionClass) =>
  (...reaches: readonly Reach[]): Permission => ({ class: name, reaches })
const [read, chat, moderate, admin, unsafe] = [all('read'), all('chat'), all('moderate'), all('admin'), all('unsafe')]

/** Reads something of the whole account, of which a token for some chats is shown what belongs to them. */
const shown = (narrows: Narrowing): Permission => ({ class: 'read', reaches: [], narrows })

/**
 * What every action amounts to and what it reaches: an action of the catalogue that is not here does not compile. What
 * reaches nothing is about the account alone, or about nobody.
 */
export const permissions: Readonly<Record<ActionName, Permission>> = {
  send_private_msg: chat('user_id', 'content'),
  send_group_msg: chat('group_id', 'content'),
  send_discuss_msg: chat('discuss_id', 'content'),
  send_msg: { class: 'chat', reaches: [], isRelay: 'lends' },
  delete_msg: moderate('message_id'),
  get_msg: read('message_id'),

  send_group_forward_msg: chat('group_id', 'nodes'),
  send_private_forward_msg: chat('user_id', 'nodes'),
  send_forward_msg: { class: 'chat', reaches: [], isRelay: 'lends' },
  get_forward_msg: read('bundle'),
  forward_group_single_msg: chat('group_id', 'message_id'),
  forward_friend_single_msg: chat('user_id', 'message_id'),

  get_group_msg_history: read('group_id'),
  get_friend_msg_history: read('user_id'),
  mark_msg_as_read: chat('message_id'),
  mark_private_msg_as_read: chat('user_id'),
  mark_group_msg_as_read: chat('group_id'),
  _mark_all_as_read: chat('everything'),

  set_essence_msg: moderate('message_id'),
  delete_essence_msg: moderate('message_id'),
  get_essence_msg_list: read('group_id'),
  set_msg_emoji_like: chat('message_id'),
  unset_msg_emoji_like: { class: 'chat', reaches: ['message_id'], isRelay: 'lends' },
  fetch_emoji_like: read('message_id'),

  get_login_info: read(),
  set_qq_profile: admin('everything'),
  set_qq_avatar: admin('everything'),
  set_self_longnick: admin('everything'),
  qidian_get_account_info: read('everything'),
  _get_model_show: read(),
  _set_model_show: admin('everything'),
  get_online_clients: read('everything'),
  get_stranger_info: read('user_id'),
  _get_vip_info: read('user_id'),
  get_friend_list: shown('friends'),
  _get_friend_list: shown('friend-groups'),
  get_friends_with_category: { ...shown('friend-categories'), isRelay: 'lends' },
  get_unidirectional_friend_list: shown('friends'),
  delete_friend: unsafe('user_id'),
  delete_unidirectional_friend: unsafe('user_id'),
  set_friend_remark: admin('user_id'),
  send_like: chat('user_id'),
  friend_poke: chat('user_id'),
  send_poke: { class: 'chat', reaches: [], isRelay: 'lends' },
  set_online_status: admin('everything'),
  set_input_status: chat('user_id'),

  get_group_list: shown('groups'),
  get_group_info: read('group_id'),
  _get_group_info: read('group_id'),
  get_group_member_list: read('group_id'),
  get_group_member_info: read('group_id'),
  get_group_honor_info: read('group_id'),
  get_group_shut_list: { class: 'read', reaches: ['group_id'], isRelay: 'lends' },
  get_group_signed_list: read('group_id'),
  get_group_at_all_remain: read('group_id'),
  _get_group_notice: read('group_id'),

  set_group_kick: moderate('group_id'),
  set_group_ban: moderate('group_id'),
  set_group_anonymous_ban: moderate('group_id'),
  set_group_whole_ban: moderate('group_id'),
  set_group_admin: admin('group_id'),
  set_group_anonymous: moderate('group_id'),
  set_group_card: moderate('group_id'),
  set_group_name: admin('group_id'),
  set_group_portrait: admin('group_id'),
  set_group_special_title: admin('group_id'),
  set_group_remark: admin('group_id'),
  set_group_leave: unsafe('group_id'),
  set_discuss_leave: unsafe('discuss_id'),
  _send_group_notice: moderate('group_id'),
  _del_group_notice: moderate('group_id'),
  send_group_sign: chat('group_id'),
  group_poke: chat('group_id'),

  set_friend_add_request: admin('flag'),
  set_group_add_request: moderate('flag'),
  get_group_system_msg: shown('group-requests'),
  get_group_ignored_notifies: shown('group-requests'),

  upload_group_file: chat('group_id', 'upload'),
  upload_private_file: chat('user_id', 'upload'),
  get_group_file_system_info: read('group_id'),
  get_group_root_files: read('group_id'),
  get_group_files_by_folder: read('group_id'),
  get_group_file_url: read('group_id'),
  get_private_file_url: read('file'),
  create_group_file_folder: moderate('group_id'),
  delete_group_folder: moderate('group_id'),
  delete_group_file: moderate('group_id'),
  move_group_file: moderate('group_id'),
  rename_group_file: moderate('group_id'),
  rename_group_file_folder: moderate('group_id'),

  // No token can be limited to guilds, so one that is limited to chats has none of them.
  get_guild_service_profile: read('everything'),
  get_guild_list: read('everything'),
  get_guild_meta_by_guest: read('everything'),
  get_guild_channel_list: read('everything'),
  get_guild_member_list: read('everything'),
  get_guild_member_profile: read('everything'),
  get_guild_roles: read('everything'),
  create_guild_role: admin('everything'),
  update_guild_role: admin('everything'),
  delete_guild_role: admin('everything'),
  set_guild_member_role: admin('everything'),
  send_guild_channel_msg: chat('everything'),
  get_guild_msg: read('everything'),
  get_topic_channel_feeds: read('everything'),

  can_send_image: read(),
  can_send_record: read(),
  get_image: read('file'),
  get_record: read('file'),
  get_file: read('file'),
  upload_image: chat('file'),
  download_file: chat(),
  ocr_image: read('file'),
  clean_cache: unsafe('everything'),
  clean_data_dir: unsafe('everything'),

  get_supported_actions: shown('actions'),
  get_status: read(),
  get_version_info: read(),
  '.handle_quick_operation': { class: 'chat', reaches: [], isRelay: 'strict' },
  '.ack': read(),
  '.get_word_slices': read(),
  check_url_safely: read(),
  get_cookies: unsafe('everything'),
  get_csrf_token: unsafe('everything'),
  get_credentials: unsafe('everything'),
  reload_event_filter: admin('everything'),
  set_restart: unsafe('everything'),
  set_restart_plugin: unsafe('everything'),
  _set_restart: unsafe('everything'),
  clean_plugin_log: unsafe('everything'),
  '.check_update': read(),
}

/** Whether an action takes something away for good, from people or from the account: who did it is written down. */
export function isUnsafe(name: ActionName): boolean {
  return catalogue[name].isUnsafe === true || permissions[name].class === 'unsafe'
}
