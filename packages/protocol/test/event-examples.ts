/** Every shape of event that go-cqhttp tells, and the discuss message of CQHTTP, as the house keeps them. */

const stamp = { time: 1_700_000_000, self_id: 10000 }
const message = [{ type: 'text', data: { text: 'hi' } }]
const said = { ...stamp, message_id: 7, message_seq: 3, user_id: 10001, message, font: 0 }
const person = { user_id: 10001, nickname: '小明', sex: 'unknown', age: 0 }
const member = { ...person, card: '', area: '', level: '1', role: 'member', title: '' }

const privateMessage = {
  ...said,
  post_type: 'message',
  message_type: 'private',
  sub_type: 'friend',
  target_id: 10000,
  sender: person,
}
const groupMessage = {
  ...said,
  post_type: 'message',
  message_type: 'group',
  sub_type: 'normal',
  group_id: 20001,
  anonymous: null,
  sender: member,
}
const mask = { id: 80000000, name: '大力鬼王', flag: '1|大力鬼王' }
const masked = { user_id: 80000000, nickname: '匿名消息', sex: 'unknown', age: 0, area: '', level: '' }

export const messages = {
  'message private friend': privateMessage,
  'message_sent private friend': { ...privateMessage, post_type: 'message_sent', user_id: 10000, target_id: 10001 },
  'message private group': {
    ...privateMessage,
    sub_type: 'group',
    temp_source: 0,
    sender: { ...person, group_id: 20001 },
  },
  'message group normal': groupMessage,
  'message_sent group normal': { ...groupMessage, post_type: 'message_sent' },
  'message group anonymous': {
    ...groupMessage,
    sub_type: 'anonymous',
    user_id: 80000000,
    anonymous: mask,
    sender: masked,
  },
  'message discuss': { ...said, post_type: 'message', message_type: 'discuss', discuss_id: 30001, sender: person },
}

const notice = { ...stamp, post_type: 'notice' }
const inGroup = { group_id: 20001, user_id: 10001 }
const guild = { guild_id: '1', channel_id: '2', operator_id: '3', self_tiny_id: '4', user_id: '18446744073709551615' }
const channel = {
  channel_id: '2',
  channel_type: 1,
  channel_name: '闲聊',
  owner_guild_id: '1',
  creator_tiny_id: '3',
  create_time: 1_700_000_000,
  talk_permission: 1,
  visible_type: 1,
  current_slow_mode: 0,
  slow_modes: [],
}
const groupFile = { id: '/f', name: 'a.txt', size: 3, busid: 102, url: 'http://127.0.0.1/a.txt' }
const reaction = { emoji_id: '1', emoji_index: 1, emoji_type: 1, emoji_name: '微笑', count: 1, clicked: true }

const change = (notice_type: string, sub_type: string, rest: object) => ({ ...notice, notice_type, sub_type, ...rest })
const happening = (notice_type: string, rest: object) => ({ ...notice, notice_type, ...rest })

export const notices = {
  group_upload: happening('group_upload', { ...inGroup, file: groupFile }),
  'group_admin set': change('group_admin', 'set', inGroup),
  'group_admin unset': change('group_admin', 'unset', inGroup),
  'group_increase approve': change('group_increase', 'approve', { ...inGroup, operator_id: 0 }),
  'group_decrease leave': change('group_decrease', 'leave', { ...inGroup, operator_id: 10001 }),
  'group_decrease kick': change('group_decrease', 'kick', { ...inGroup, operator_id: 10002 }),
  'group_decrease kick_me': change('group_decrease', 'kick_me', { ...inGroup, operator_id: 10002 }),
  'group_ban ban': change('group_ban', 'ban', { ...inGroup, user_id: 0, operator_id: 10002, duration: -1 }),
  'group_ban lift_ban': change('group_ban', 'lift_ban', { ...inGroup, operator_id: 10002, duration: 0 }),
  friend_add: happening('friend_add', { user_id: 10001 }),
  group_recall: happening('group_recall', { ...inGroup, operator_id: 10002, message_id: 7 }),
  friend_recall: happening('friend_recall', { user_id: 10001, message_id: 7 }),
  'notify poke in a group': change('notify', 'poke', { ...inGroup, sender_id: 10001, target_id: 10000 }),
  'notify poke of a friend': change('notify', 'poke', { user_id: 10001, sender_id: 10001, target_id: 10000 }),
  'notify lucky_king': change('notify', 'lucky_king', { ...inGroup, sender_id: 10001, target_id: 10002 }),
  'notify honor': change('notify', 'honor', { ...inGroup, honor_type: 'talkative' }),
  'notify title': change('notify', 'title', { ...inGroup, title: '元老' }),
  group_card: happening('group_card', { ...inGroup, card_new: '新', card_old: '' }),
  offline_file: happening('offline_file', { user_id: 10001, file: { name: 'a.txt', size: 3, url: 'http://x/a' } }),
  client_status: happening('client_status', {
    online: true,
    client: { app_id: 1, device_name: 'iPad', device_kind: 'tablet' },
  }),
  'essence add': change('essence', 'add', { group_id: 20001, sender_id: 10001, operator_id: 10002, message_id: 7 }),
  'essence delete': change('essence', 'delete', {
    group_id: 20001,
    sender_id: 10001,
    operator_id: 10002,
    message_id: 7,
  }),
  message_reactions_updated: happening('message_reactions_updated', {
    ...guild,
    message_id: 'BAAA',
    current_reactions: [reaction],
  }),
  guild_channel_recall: happening('guild_channel_recall', { ...guild, message_id: 'BAAA' }),
  channel_updated: happening('channel_updated', { ...guild, old_info: channel, new_info: channel }),
  channel_created: happening('channel_created', { ...guild, channel_info: channel }),
  channel_destroyed: happening('channel_destroyed', { ...guild, channel_info: channel }),
}

const request = { ...stamp, post_type: 'request', user_id: 10001, comment: '我是小明', flag: '77' }

export const requests = {
  friend: { ...request, request_type: 'friend' },
  'group add': { ...request, request_type: 'group', sub_type: 'add', group_id: 20001, invitor_id: 0 },
  'group invite': { ...request, request_type: 'group', sub_type: 'invite', group_id: 20001, comment: '' },
}

const meta = { ...stamp, post_type: 'meta_event' }
const status = {
  online: true,
  good: true,
  app_initialized: true,
  app_enabled: true,
  app_good: true,
  plugins_good: true,
  stat: {
    packet_received: 0,
    packet_sent: 0,
    packet_lost: 0,
    message_received: 0,
    message_sent: 0,
    disconnect_times: 0,
    lost_times: 0,
    last_message_time: 0,
  },
}

export const metas = {
  'lifecycle enable': { ...meta, meta_event_type: 'lifecycle', sub_type: 'enable' },
  'lifecycle disable': { ...meta, meta_event_type: 'lifecycle', sub_type: 'disable' },
  'lifecycle connect': { ...meta, meta_event_type: 'lifecycle', sub_type: 'connect' },
  heartbeat: { ...meta, meta_event_type: 'heartbeat', interval: 5000, status },
}

/** An example without some of its fields. */
export function without(example: object, ...names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(example).filter(([name]) => !names.includes(name)))
}
