/* One of each event as a link gets it, for people to read; a test holds them against the schemas. */

const stamp = { time: 1_700_000_000, self_id: 10000 }
const alice = { user_id: 10001, nickname: '小明', sex: 'male', age: 20 }
const member = { ...alice, card: '班长', area: '', level: '12', role: 'admin', title: '' }
const said = { message_id: 7, message_seq: 3, user_id: 10001, message: '你好', raw_message: '你好', font: 0 }

const message = { post_type: 'message', ...stamp, ...said }
const notice = { post_type: 'notice', ...stamp }
const request = { post_type: 'request', ...stamp, user_id: 10001, comment: '我是小明', flag: 'r1' }
const meta = { post_type: 'meta_event', ...stamp }

const inGroup = { group_id: 20001, user_id: 10001 }
const inGuild = { guild_id: '1', channel_id: '2', operator_id: '3', self_tiny_id: '4', user_id: '144115218678093982' }
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
const file = { name: '课表.pdf', size: 1024 }

/** An example of every event, by its name. */
export const eventExamples: Readonly<Record<string, object>> = {
  'message.private': { ...message, message_type: 'private', sub_type: 'friend', sender: alice, target_id: 10000 },
  'message.group': {
    ...message,
    message_type: 'group',
    sub_type: 'normal',
    group_id: 20001,
    anonymous: null,
    sender: member,
    message: '你好[CQ:face,id=1]',
    raw_message: '你好[CQ:face,id=1]',
  },
  'message.discuss': { ...message, message_type: 'discuss', discuss_id: 30001, sender: alice },
  'message.guild.channel': {
    post_type: 'message',
    ...stamp,
    message_type: 'guild',
    sub_type: 'channel',
    guild_id: '1',
    channel_id: '2',
    message_id: '1-2-3',
    user_id: '144115218678093982',
    self_tiny_id: '4',
    message: '你好',
    raw_message: '你好',
    sender: { user_id: '144115218678093982', tiny_id: '144115218678093982', nickname: '小明' },
  },
  'notice.group_upload': {
    ...notice,
    notice_type: 'group_upload',
    ...inGroup,
    file: { id: '/f1', ...file, busid: 102, url: 'http://127.0.0.1:5700/media/1' },
  },
  'notice.group_admin': { ...notice, notice_type: 'group_admin', sub_type: 'set', ...inGroup },
  'notice.group_decrease': {
    ...notice,
    notice_type: 'group_decrease',
    sub_type: 'kick',
    ...inGroup,
    operator_id: 10002,
  },
  'notice.group_increase': {
    ...notice,
    notice_type: 'group_increase',
    sub_type: 'approve',
    ...inGroup,
    operator_id: 10002,
  },
  'notice.group_ban': {
    ...notice,
    notice_type: 'group_ban',
    sub_type: 'ban',
    ...inGroup,
    operator_id: 10002,
    duration: 600,
  },
  'notice.friend_add': { ...notice, notice_type: 'friend_add', user_id: 10001 },
  'notice.group_recall': { ...notice, notice_type: 'group_recall', ...inGroup, operator_id: 10002, message_id: 7 },
  'notice.friend_recall': { ...notice, notice_type: 'friend_recall', user_id: 10001, message_id: 7 },
  'notice.notify.poke': {
    ...notice,
    notice_type: 'notify',
    sub_type: 'poke',
    ...inGroup,
    sender_id: 10001,
    target_id: 10000,
  },
  'notice.notify.lucky_king': {
    ...notice,
    notice_type: 'notify',
    sub_type: 'lucky_king',
    ...inGroup,
    sender_id: 10001,
    target_id: 10002,
  },
  'notice.notify.honor': {
    ...notice,
    notice_type: 'notify',
    sub_type: 'honor',
    ...inGroup,
    honor_type: 'talkative',
  },
  'notice.notify.title': { ...notice, notice_type: 'notify', sub_type: 'title', ...inGroup, title: '元老' },
  'notice.group_card': { ...notice, notice_type: 'group_card', ...inGroup, card_new: '班长', card_old: '' },
  'notice.offline_file': {
    ...notice,
    notice_type: 'offline_file',
    user_id: 10001,
    file: { ...file, url: 'http://127.0.0.1:5700/media/1' },
  },
  'notice.client_status': {
    ...notice,
    notice_type: 'client_status',
    online: true,
    client: { app_id: 1, device_name: 'iPad', device_kind: 'tablet' },
  },
  'notice.essence': {
    ...notice,
    notice_type: 'essence',
    sub_type: 'add',
    group_id: 20001,
    sender_id: 10001,
    operator_id: 10002,
    message_id: 7,
  },
  'notice.message_reactions_updated': {
    ...notice,
    notice_type: 'message_reactions_updated',
    ...inGuild,
    message_id: 'BAAA',
    current_reactions: [{ emoji_id: '1', emoji_index: 1, emoji_type: 1, emoji_name: '微笑', count: 1, clicked: true }],
  },
  'notice.guild_channel_recall': {
    ...notice,
    notice_type: 'guild_channel_recall',
    ...inGuild,
    message_id: 'BAAA',
  },
  'notice.channel_updated': {
    ...notice,
    notice_type: 'channel_updated',
    ...inGuild,
    old_info: channel,
    new_info: { ...channel, channel_name: '学习' },
  },
  'notice.channel_created': { ...notice, notice_type: 'channel_created', ...inGuild, channel_info: channel },
  'notice.channel_destroyed': { ...notice, notice_type: 'channel_destroyed', ...inGuild, channel_info: channel },
  'request.friend': { ...request, request_type: 'friend' },
  'request.group': { ...request, request_type: 'group', sub_type: 'add', group_id: 20001 },
  'meta_event.lifecycle': { ...meta, meta_event_type: 'lifecycle', sub_type: 'connect' },
  'meta_event.heartbeat': {
    ...meta,
    meta_event_type: 'heartbeat',
    status: {
      online: true,
      good: true,
      app_initialized: true,
      app_enabled: true,
      app_good: true,
      plugins_good: true,
      stat: {
        packet_received: 3,
        packet_sent: 2,
        packet_lost: 0,
        message_received: 1,
        message_sent: 0,
        disconnect_times: 0,
        lost_times: 0,
        last_message_time: 1_700_000_000,
      },
    },
    interval: 15_000,
  },
}
