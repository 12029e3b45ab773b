import type { ActionName } from '@seekyou/actions'

/** How one action is called: good params, what its handler is given, and for each param what is no value of it. */
interface ActionExample {
  readonly params: Readonly<Record<string, unknown>>
  /** What the backend is given; absent where the action is done without it. */
  readonly given?: Readonly<Record<string, unknown>>
  readonly required?: readonly string[]
  readonly wrong?: Readonly<Record<string, readonly unknown[]>>
}

const notAnId = [0, -1, 1.5, 'all', '', '9007199254740993', true, [1], { id: 1 }]
const notAnOptionalId = notAnId.filter((value) => value !== 0 && value !== '')
const notABoolean = ['maybe', 2, [], {}]
const notAMessage = ['', [], {}, { type: 'text' }, [[]], [null], ['a'], [{ type: 1 }], [{ data: { text: 'a' } }]]
const notAnObject = ['', 'x', 1, true, []]

const message = '你好[CQ:face,id=1]'
const segments = [
  { type: 'text', data: { text: '你好' } },
  { type: 'face', data: { id: '1' } },
]
const notADelay = [-1, 1.5, 2 ** 31, 'soon', []]
const cleaning = { clean_cache: notABoolean, clean_log: notABoolean, clean_event: notABoolean }
const noCache = { no_cache: notABoolean }

const examples = {
  send_private_msg: {
    params: { user_id: 10001, group_id: 20001, message },
    given: { user_id: 10001, group_id: 20001, message: segments },
    required: ['user_id', 'message'],
    wrong: { user_id: notAnId, group_id: notAnOptionalId, message: notAMessage, auto_escape: notABoolean },
  },
  send_group_msg: {
    params: { group_id: 20001, message },
    given: { group_id: 20001, message: segments },
    required: ['group_id', 'message'],
    wrong: { group_id: notAnId, message: notAMessage, auto_escape: notABoolean },
  },
  send_discuss_msg: {
    params: { discuss_id: 30001, message },
    given: { discuss_id: 30001, message: segments },
    required: ['discuss_id', 'message'],
    wrong: { discuss_id: notAnId, message: notAMessage, auto_escape: notABoolean },
  },
  send_msg: {
    params: { message_type: 'group', group_id: 20001, message },
    required: ['message'],
    wrong: {
      message_type: [[], {}],
      user_id: notAnOptionalId,
      group_id: notAnOptionalId,
      discuss_id: notAnOptionalId,
      message: notAMessage,
    },
  },
  delete_msg: {
    params: { message_id: 7 },
    given: { message_id: 7 },
    required: ['message_id'],
    wrong: { message_id: ['', 'x', 1.5, true, [7]] },
  },
  get_msg: {
    params: { message_id: 7 },
    required: ['message_id'],
    wrong: { message_id: ['', 'x', 1.5, true, [7]] },
  },
  get_login_info: { params: {}, given: {} },
  get_stranger_info: {
    params: { user_id: 10001, no_cache: true },
    given: { user_id: 10001, no_cache: true },
    required: ['user_id'],
    wrong: { user_id: notAnId, ...noCache },
  },
  get_friend_list: { params: {}, given: {} },
  get_group_list: { params: {}, given: { no_cache: false }, wrong: noCache },
  get_group_info: {
    params: { group_id: 20001 },
    given: { group_id: 20001, no_cache: false },
    required: ['group_id'],
    wrong: { group_id: notAnId, ...noCache },
  },
  get_group_member_list: {
    params: { group_id: 20001 },
    given: { group_id: 20001, no_cache: false },
    required: ['group_id'],
    wrong: { group_id: notAnId, ...noCache },
  },
  get_group_member_info: {
    params: { group_id: 20001, user_id: 10001 },
    given: { group_id: 20001, user_id: 10001, no_cache: false },
    required: ['group_id', 'user_id'],
    wrong: { group_id: notAnId, user_id: notAnId, ...noCache },
  },
  can_send_image: { params: {}, given: {} },
  can_send_record: { params: {}, given: {} },
  get_image: { params: { file: 'a.image' }, required: ['file'], wrong: { file: [[], {}] } },
  get_record: {
    params: { file: 'a.amr', out_format: 'mp3' },
    required: ['file'],
    wrong: { file: [[], {}], out_format: ['mp4', 'MP3', 1, []], full_path: notABoolean },
  },
  get_file: { params: { file: '/f1' }, required: ['file'], wrong: { file: [[], {}] } },
  upload_image: { params: { file: 'a.image' }, required: ['file'], wrong: { file: [[], {}] } },
  download_file: {
    params: { url: 'http://example.com/', thread_count: 2, headers: ['a=b'] },
    required: ['url'],
    wrong: {
      url: ['', 'example.com', 'file:///etc/passwd', 'ftp://a/', 'http://', 1, []],
      thread_count: ['many', 1.5, []],
      headers: ['a', ['a'], ['=b'], [[]], [null], {}],
    },
  },
  ocr_image: { params: { image: 'a.image' }, required: ['image'], wrong: { image: [[], {}] } },
  clean_cache: { params: {} },
  clean_data_dir: {
    params: { data_dir: 'image' },
    required: ['data_dir'],
    wrong: { data_dir: ['', 'video', '../..', 'images', 1, []] },
  },
  get_supported_actions: { params: {} },
  get_status: { params: {} },
  get_version_info: { params: {} },
  '.handle_quick_operation': {
    params: { context: { post_type: 'message', message_type: 'group', group_id: 20001 }, operation: {} },
    required: ['context', 'operation'],
    wrong: { context: notAnObject, operation: notAnObject },
  },
  '.get_word_slices': {
    params: { content: '你好' },
    required: ['content'],
    wrong: { content: [[], {}, 'x'.repeat(10_001)] },
  },
  check_url_safely: { params: { url: 'http://example.com/' }, required: ['url'], wrong: { url: [[], {}] } },
  get_cookies: { params: {}, given: { domain: '' }, wrong: { domain: [[], {}] } },
  get_csrf_token: { params: {}, given: {} },
  get_credentials: { params: {}, given: { domain: '' }, wrong: { domain: [[], {}] } },
  reload_event_filter: { params: {}, wrong: { file: [[], {}] } },
  set_restart: { params: { delay: 1000 }, wrong: { delay: notADelay, ...cleaning } },
  set_restart_plugin: { params: { delay: 1000 }, wrong: { delay: notADelay } },
  _set_restart: { params: {}, wrong: cleaning },
  clean_plugin_log: { params: {} },
  '.check_update': { params: {}, given: { automatic: false }, wrong: { automatic: notABoolean } },
} satisfies Partial<Record<ActionName, ActionExample>>

export const exampleRows: readonly (readonly [ActionName, ActionExample])[] = Object.entries(examples) as [
  ActionName,
  ActionExample,
][]
