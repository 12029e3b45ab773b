import type { World } from '../src/chat/world.ts'

const plain = { sex: 'unknown', age: 0, area: '', level: 1, sign: '' }

/** A small world: a group of the bot, who owns it, an admin and a member with a card. */
export const world: World = {
  bot: 10000,
  users: [
    { user_id: 10000, nickname: 'SeekYou', ...plain },
    { user_id: 10001, nickname: 'Alice', ...plain },
    { user_id: 10002, nickname: 'Bob', ...plain },
    { user_id: 10003, nickname: 'Carol', ...plain },
  ],
  friends: [{ user_id: 10001, direction: 'two-way', remark: '' }],
  groups: [
    {
      group_id: 20001,
      group_name: 'Sandbox',
      group_memo: '',
      max_member_count: 200,
      whole_ban: false,
      anonymous: true,
      members: [
        { user_id: 10002, role: 'member', card: 'Bobby', title: '', level: 1, mute_until: 0 },
        { user_id: 10003, role: 'admin', card: '', title: '', level: 1, mute_until: 0 },
        { user_id: 10000, role: 'owner', card: '', title: '', level: 1, mute_until: 0 },
      ],
      essence: [],
      honors: [],
      notices: [],
      files: [],
    },
  ],
  discusses: [{ discuss_id: 30001, discuss_name: 'Talk', member_ids: [10001, 10000] }],
  guilds: [
    {
      guild_id: '40001',
      guild_name: 'Guild',
      guild_profile: '',
      channels: [{ channel_id: '50001', channel_name: 'text', channel_type: 1 }],
      members: [{ user_id: 10003, standing: 'owner' }],
    },
  ],
  requests: [],
  clock: { clock: 'real', now_ms: 0 },
  clients: [],
}
