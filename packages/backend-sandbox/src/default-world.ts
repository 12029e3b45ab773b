import { usualBot } from './world-file.ts'
import type { WorldFile } from './world-file.ts'

/*
 * The worlds that need no file. They are written down with all that a file may leave out, so that a start need not
 * read them as one.
 */

/** A world in which the bot is alone. */
const emptyWorld: WorldFile = { bot: usualBot, users: [], groups: [], guilds: [], discusses: [] }

/** A few people and groups, one for each case a bot meets. People script against these numbers: they never change. */
const defaultWorld: WorldFile = {
  bot: usualBot,
  users: [
    { user_id: 10001, nickname: 'Alice', sex: 'female', age: 20, friend: true },
    { user_id: 10002, nickname: 'Bob', sex: 'male', age: 21, friend: true },
    { user_id: 10003, nickname: 'Carol', sex: 'female', age: 22, friend: true },
    { user_id: 10004, nickname: 'Dave', sex: 'male', age: 23, friend: false },
    { user_id: 10005, nickname: 'Erin', sex: 'female', age: 24, friend: 'one-way' },
  ],
  groups: [
    { group_id: 20001, group_name: 'Sandbox', owner: 'bot', admins: ['Carol'], members: ['Alice', 'Bob', 'Dave'] },
    { group_id: 20002, group_name: 'Guests', owner: 'Carol', admins: ['Alice'], members: ['Bob', 'bot'] },
    { group_id: 20003, group_name: 'Archive', owner: 'Bob', admins: [], members: ['Dave'] },
  ],
  guilds: [
    {
      guild_id: '40001',
      guild_name: 'Guild',
      owner: 'bot',
      admins: ['Carol'],
      members: ['Alice', 'Bob'],
      channels: [
        { channel_id: '50001', channel_name: 'text', type: 'text' },
        { channel_id: '50002', channel_name: 'voice', type: 'voice' },
        { channel_id: '50003', channel_name: 'topics', type: 'topic' },
      ],
    },
  ],
  discusses: [{ discuss_id: 30001, discuss_name: 'Discuss', members: ['Alice', 'Bob', 'bot'] }],
}

/** The worlds that need no file. */
export const builtIn = { default: defaultWorld, empty: emptyWorld }
export type BuiltInWorld = keyof typeof builtIn
export const builtInWorlds = Object.keys(builtIn) as readonly BuiltInWorld[]

export function isBuiltIn(world: string): world is BuiltInWorld {
  return Object.hasOwn(builtIn, world)
}
