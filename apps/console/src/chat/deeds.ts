import type { Segment } from '@seekyou/message'
import { act, play } from '../kit/api.ts'
import type { Chat } from './chat-id.ts'
import { chatParams } from './chat-id.ts'

/** What someone may do, each by the verb of a person or, for the bot, by its action. Whatever fails is an `ApiFailure`. */
export interface Deeds {
  say(message: readonly Segment[], manner?: { readonly anonymous?: boolean }): Promise<unknown>
  /** Sends messages that were said elsewhere as a bundle. */
  forward(ids: readonly (number | string)[]): Promise<unknown>
  recall(message_id: number | string): Promise<unknown>
  react(message_id: number | string, emoji_id: string): Promise<unknown>
  essence(message_id: number, add: boolean): Promise<unknown>
  poke(target: number): Promise<unknown>
  kick(user_id: number, forGood: boolean): Promise<unknown>
  ban(user_id: number, seconds: number): Promise<unknown>
  banAll(value: boolean): Promise<unknown>
  setAdmin(user_id: number, value: boolean): Promise<unknown>
  setCard(user_id: number, card: string): Promise<unknown>
  setTitle(user_id: number, title: string): Promise<unknown>
  rename(name: string): Promise<unknown>
  leave(is_dismiss: boolean): Promise<unknown>
}

function nodesOf(ids: readonly (number | string)[]) {
  return ids.map((id) => ({ type: 'node', data: { id: String(id) } }))
}

/** What a person does in a chat. */
function deedsOfPerson(as: number, chat: Chat): Deeds {
  // In private one talks to the bot, whose number need not be said.
  const place = chat.type === 'private' ? {} : chatParams(chat)
  const inGroup = chat.type === 'group' ? { group_id: chat.group_id } : {}
  return {
    say: (message, manner) => play('say', { as, ...place, message, ...manner }),
    forward: (ids) => play('say', { as, ...place, message: nodesOf(ids) }),
    recall: (message_id) => play('recall', { as, message_id }),
    react: (message_id, emoji_id) => play('react', { as, message_id, emoji_id }),
    essence: (message_id, add) => play('essence', { as, message_id, add }),
    poke: (target_id) => play('poke', { as, ...inGroup, target_id }),
    kick: (user_id, value) => play('kick', { as, ...inGroup, user_id, value }),
    ban: (user_id, value) => play('ban', { as, ...inGroup, user_id, value }),
    banAll: (value) => play('whole_ban', { as, ...inGroup, value }),
    setAdmin: (user_id, value) => play('set_admin', { as, ...inGroup, user_id, value }),
    setCard: (user_id, value) => play('set_card', { as, ...inGroup, user_id, value }),
    setTitle: (user_id, value) => play('set_title', { as, ...inGroup, user_id, value }),
    rename: (value) => play('rename_group', { as, ...inGroup, value }),
    leave: (is_dismiss) => play('leave', { as, ...inGroup, is_dismiss }),
  }
}

const sends = {
  group: 'send_group_msg',
  private: 'send_private_msg',
  discuss: 'send_discuss_msg',
  channel: 'send_guild_channel_msg',
} as const

/** What the bot does in a chat. */
function deedsOfBot(chat: Chat): Deeds {
  const inGroup = chat.type === 'group' ? { group_id: chat.group_id } : {}
  return {
    say: (message) => act(sends[chat.type], { ...chatParams(chat), message }),
    forward: (ids) => act('send_forward_msg', { ...chatParams(chat), messages: nodesOf(ids) }),
    recall: (message_id) => act('delete_msg', { message_id }),
    react: (message_id, emoji_id) => act('set_msg_emoji_like', { message_id, emoji_id }),
    essence: (message_id, add) => act(add ? 'set_essence_msg' : 'delete_essence_msg', { message_id }),
    poke: (user_id) => act(chat.type === 'group' ? 'group_poke' : 'friend_poke', { ...inGroup, user_id }),
    kick: (user_id, reject_add_request) => act('set_group_kick', { ...inGroup, user_id, reject_add_request }),
    ban: (user_id, duration) => act('set_group_ban', { ...inGroup, user_id, duration }),
    banAll: (enable) => act('set_group_whole_ban', { ...inGroup, enable }),
    setAdmin: (user_id, enable) => act('set_group_admin', { ...inGroup, user_id, enable }),
    setCard: (user_id, card) => act('set_group_card', { ...inGroup, user_id, card }),
    setTitle: (user_id, special_title) => act('set_group_special_title', { ...inGroup, user_id, special_title }),
    rename: (group_name) => act('set_group_name', { ...inGroup, group_name }),
    leave: (is_dismiss) => act('set_group_leave', { ...inGroup, is_dismiss }),
  }
}

export function deedsOf(persona: number, bot: number, chat: Chat): Deeds {
  return persona === bot ? deedsOfBot(chat) : deedsOfPerson(persona, chat)
}
