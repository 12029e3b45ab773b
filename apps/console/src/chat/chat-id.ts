/** A chat as one word, as the server writes it: `group:20001`, `private:10001`, `discuss:30001`, `channel:40001/50001`. */
export type ChatId = string

export type Chat =
  | { readonly type: 'group'; readonly group_id: number }
  | { readonly type: 'private'; readonly user_id: number }
  | { readonly type: 'discuss'; readonly discuss_id: number }
  | { readonly type: 'channel'; readonly guild_id: string; readonly channel_id: string }

/** Reads a chat; `undefined` for what names none. */
export function readChat(id: string): Chat | undefined {
  const [, type, first, second] = /^(group|private|discuss|channel):(\d+)(?:\/(\d+))?$/.exec(id) ?? []
  switch (type) {
    case 'group':
      return { type, group_id: Number(first) }
    case 'private':
      return { type, user_id: Number(first) }
    case 'discuss':
      return { type, discuss_id: Number(first) }
    case 'channel':
      return second === undefined ? undefined : { type, guild_id: first!, channel_id: second }
    default:
      return undefined
  }
}

export function chatIdOf(chat: Chat): ChatId {
  switch (chat.type) {
    case 'group':
      return `group:${chat.group_id}`
    case 'private':
      return `private:${chat.user_id}`
    case 'discuss':
      return `discuss:${chat.discuss_id}`
    case 'channel':
      return `channel:${chat.guild_id}/${chat.channel_id}`
  }
}

/** The params that name a chat, in verbs and actions alike. */
export function chatParams(chat: Chat): Readonly<Record<string, string | number>> {
  const { type: _, ...params } = chat
  return params
}

/** The chats of an address, in their order, each once. */
export function readChats(rest: string): readonly ChatId[] {
  return [...new Set(rest.split(','))].filter((id) => readChat(id))
}
