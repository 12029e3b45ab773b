import type { Segment } from '@seekyou/message'
import type { Chat, ChatId } from './chat-id.ts'
import { chatIdOf } from './chat-id.ts'

/* What `GET /sandbox/world` and `/sandbox/messages` answer, as far as the page looks at it. */

export interface User {
  readonly user_id: number
  readonly nickname: string
  readonly sex: string
  readonly age: number
  readonly area: string
  readonly level: number
  readonly sign: string
}

export interface Member {
  readonly user_id: number
  readonly role: 'owner' | 'admin' | 'member'
  readonly card: string
  readonly title: string
  readonly level: number
  /** Seconds since 1970; 0: not muted. */
  readonly mute_until: number
}

export interface Group {
  readonly group_id: number
  readonly group_name: string
  readonly group_memo: string
  readonly max_member_count: number
  readonly whole_ban: boolean
  readonly anonymous: boolean
  readonly members: readonly Member[]
  readonly essence: readonly { readonly message_id: number; readonly sender_nick: string }[]
  readonly honors: readonly { readonly honor_type: string; readonly user_id: number; readonly count: number }[]
  readonly notices: readonly { readonly notice_id: string; readonly sender_id: number; readonly text: string }[]
  readonly files: readonly { readonly file_id: string; readonly name: string; readonly size: number }[]
}

interface Friendship {
  readonly user_id: number
  readonly direction: 'two-way' | 'one-way'
  readonly remark: string
}

export interface RequestNote {
  readonly request_id: number
  readonly flag: string
  readonly type: 'friend' | 'add' | 'invite'
  readonly user_id: number
  readonly group_id: number
  readonly comment: string
  readonly time: number
  readonly answer: { readonly approve: boolean; readonly reason: string; readonly actor: number } | null
}

export interface World {
  readonly bot: number
  readonly users: readonly User[]
  readonly friends: readonly Friendship[]
  readonly groups: readonly Group[]
  readonly discusses: readonly {
    readonly discuss_id: number
    readonly discuss_name: string
    readonly member_ids: readonly number[]
  }[]
  readonly guilds: readonly {
    readonly guild_id: string
    readonly guild_name: string
    readonly guild_profile: string
    readonly channels: readonly {
      readonly channel_id: string
      readonly channel_name: string
      readonly channel_type: number
    }[]
    readonly members: readonly { readonly user_id: number; readonly standing: 'owner' | 'admin' | 'member' }[]
  }[]
  readonly requests: readonly RequestNote[]
  /** How the network counts time; `now_ms` is when it was asked. */
  readonly clock: { readonly clock: 'real' | 'virtual'; readonly now_ms: number }
  readonly clients: readonly { readonly app_id: number; readonly device_name: string; readonly device_kind: string }[]
}

export interface ChatMessage {
  /** Text in a channel. */
  readonly message_id: number | string
  readonly message_seq: number
  readonly time: number
  /** 80000000 for who wears a mask. */
  readonly user_id: number
  readonly sender: {
    readonly nickname: string
    readonly card?: string
    readonly role?: string
    readonly title?: string
  }
  readonly message: readonly Segment[]
  readonly recalled: boolean
  readonly reactions?: readonly { readonly emoji_id: string; readonly count: number }[]
}

/** Someone who takes part in a chat, by the name they have there. */
export interface Person {
  readonly user_id: number
  readonly name: string
  readonly role: 'owner' | 'admin' | 'member'
  readonly title: string
  readonly mute_until: number
  readonly isBot: boolean
}

export function nameOfUser(world: World, id: number): string {
  return world.users.find(({ user_id }) => user_id === id)?.nickname ?? String(id)
}

/** The name that someone goes by in a chat. */
export function nameInChat(world: World, chat: Chat | undefined, id: number): string {
  const card = chat?.type === 'group' ? memberOf(world, chat.group_id, id)?.card : undefined
  return card || nameOfUser(world, id)
}

export function groupOf(world: World, id: number): Group | undefined {
  return world.groups.find(({ group_id }) => group_id === id)
}

function memberOf(world: World, group: number, id: number): Member | undefined {
  return groupOf(world, group)?.members.find(({ user_id }) => user_id === id)
}

/** What a chat is called. */
export function titleOfChat(world: World, chat: Chat): string {
  switch (chat.type) {
    case 'group':
      return groupOf(world, chat.group_id)?.group_name ?? String(chat.group_id)
    case 'private':
      return nameOfUser(world, chat.user_id)
    case 'discuss':
      return (
        world.discusses.find(({ discuss_id }) => discuss_id === chat.discuss_id)?.discuss_name ??
        String(chat.discuss_id)
      )
    case 'channel': {
      const guild = world.guilds.find(({ guild_id }) => guild_id === chat.guild_id)
      const channel = guild?.channels.find(({ channel_id }) => channel_id === chat.channel_id)
      return `${guild?.guild_name ?? chat.guild_id} / ${channel?.channel_name ?? chat.channel_id}`
    }
  }
}

const ranks = { owner: 0, admin: 1, member: 2 } as const

/** Who takes part in a chat: owner and admins first, then by number. */
export function peopleOf(world: World, chat: Chat): readonly Person[] {
  const plain = (user_id: number, role: Person['role'] = 'member'): Person => ({
    user_id,
    name: nameOfUser(world, user_id),
    role,
    title: '',
    mute_until: 0,
    isBot: user_id === world.bot,
  })
  const people = ((): readonly Person[] => {
    switch (chat.type) {
      case 'group':
        return (groupOf(world, chat.group_id)?.members ?? []).map(({ user_id, role, card, title, mute_until }) => ({
          ...plain(user_id, role),
          name: card || nameOfUser(world, user_id),
          title,
          mute_until,
        }))
      case 'private':
        return [plain(chat.user_id), plain(world.bot)]
      case 'discuss':
        return (world.discusses.find(({ discuss_id }) => discuss_id === chat.discuss_id)?.member_ids ?? []).map((id) =>
          plain(id),
        )
      case 'channel':
        return (world.guilds.find(({ guild_id }) => guild_id === chat.guild_id)?.members ?? []).map(
          ({ user_id, standing }) => plain(user_id, standing),
        )
    }
  })()
  return people.toSorted((left, right) => ranks[left.role] - ranks[right.role] || left.user_id - right.user_id)
}

/** Who speaks in a chat unless someone else is chosen: a plain person before those of rank, the bot last. */
export function usualPersona(world: World, chat: Chat): number {
  const people = peopleOf(world, chat).filter(({ isBot }) => !isBot)
  return (people.find(({ role }) => role === 'member') ?? people[0])?.user_id ?? world.bot
}

export interface ChatEntry {
  readonly id: ChatId
  readonly chat: Chat
  readonly title: string
  readonly number: string
  /** Whether the bot takes part. */
  readonly hasBot: boolean
}

export type Section = 'groups' | 'people' | 'discusses' | 'channels'

/** Every chat there is, by kind, but for those whose name and number lack `search`. */
export function chatsOf(world: World, search = ''): readonly { section: Section; chats: readonly ChatEntry[] }[] {
  const entry = (chat: Chat, number: string, hasBot: boolean): ChatEntry => ({
    id: chatIdOf(chat),
    chat,
    title: titleOfChat(world, chat),
    number,
    hasBot,
  })
  const wanted = search.trim().toLowerCase()
  const sections = [
    {
      section: 'groups' as const,
      chats: world.groups.map(({ group_id, members }) =>
        entry(
          { type: 'group', group_id },
          String(group_id),
          members.some(({ user_id }) => user_id === world.bot),
        ),
      ),
    },
    {
      section: 'people' as const,
      chats: world.users
        .filter(({ user_id }) => user_id !== world.bot)
        .map(({ user_id }) =>
          entry(
            { type: 'private', user_id },
            String(user_id),
            world.friends.some((friend) => friend.user_id === user_id && friend.direction === 'two-way'),
          ),
        ),
    },
    {
      section: 'discusses' as const,
      chats: world.discusses.map(({ discuss_id, member_ids }) =>
        entry({ type: 'discuss', discuss_id }, String(discuss_id), member_ids.includes(world.bot)),
      ),
    },
    {
      section: 'channels' as const,
      chats: world.guilds.flatMap(({ guild_id, channels }) =>
        channels.map(({ channel_id }) => entry({ type: 'channel', guild_id, channel_id }, channel_id, true)),
      ),
    },
  ]
  return sections
    .map(({ section, chats }) => ({
      section,
      chats: chats.filter(({ title, number }) => title.toLowerCase().includes(wanted) || number.includes(wanted)),
    }))
    .filter(({ chats }) => chats.length > 0)
}
