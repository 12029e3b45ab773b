import type { Segment } from '@seekyou/message'
import type { DiscussId, GroupId, GuildScopedId, MessageId, NoticeEvent, Role, Sender, UserId } from '@seekyou/protocol'

/*
 * The world is kept as small documents, one per thing that changes on its own, so that what happens in a chat rewrites
 * only the member and the chat it happened to. Times are seconds since 1970, 0 where there is none.
 *
 * A new kind of thing takes an interface, a place in `places` and, if it goes with its group, a word in `groupKinds`.
 */

/** A person, or the bot itself. */
export interface User {
  readonly kind: 'user'
  readonly user_id: UserId
  readonly nickname: string
  readonly sex: NonNullable<Sender['sex']>
  readonly age: number
  readonly area: string
  readonly level: number
  readonly qid: string
  readonly sign: string
  readonly login_days: number
  /** `vip1`, `svip6` and so on; empty without a membership. */
  readonly vip_level: string
  /** The name of their picture; empty for none. */
  readonly avatar: string
}

/** A friendship with the bot; in a one-way one the person has the bot among their friends, but not the other way round. */
export interface Friendship {
  readonly kind: 'friend'
  readonly user_id: UserId
  readonly direction: 'two-way' | 'one-way'
  /** What the bot calls its friend; empty: by their nickname. */
  readonly remark: string
}

/** A group; `whole_ban` keeps plain members silent, `anonymous` lets them speak in masks. */
export interface Group {
  readonly kind: 'group'
  readonly group_id: GroupId
  readonly group_name: string
  readonly group_memo: string
  readonly group_create_time: number
  readonly group_level: number
  readonly max_member_count: number
  readonly whole_ban: boolean
  readonly anonymous: boolean
  /** The name of its picture; empty for none. */
  readonly portrait: string
  /** What the bot calls it; empty: by its name. */
  readonly remark: string
}

/** A person's, or the bot's, part in a group. */
export interface Member {
  readonly kind: 'member'
  readonly group_id: GroupId
  readonly user_id: UserId
  readonly role: Role
  readonly card: string
  readonly title: string
  /** When the title ends; 0: never. */
  readonly title_expire_time: number
  readonly level: number
  readonly join_time: number
  readonly last_sent_time: number
  readonly mute_until: number
  /** When they last signed in for the day. */
  readonly sign_time: number
}

/** A discuss group: no roles, no cards. */
export interface Discuss {
  readonly kind: 'discuss'
  readonly discuss_id: DiscussId
  readonly discuss_name: string
  readonly member_ids: readonly UserId[]
}

/**
 * How far a conversation has come: its messages of this world are numbered from `first_seq` to `last_seq`, but for the
 * ranges that are `gone` since the world was put back to before them.
 */
export interface Log {
  readonly kind: 'log'
  /** The conversation, as `chatKey` writes it. */
  readonly chat: string
  readonly first_seq: number
  readonly last_seq: number
  readonly gone?: readonly (readonly [from: number, to: number])[]
}

/** How far the bot has read a conversation. */
interface ReadMark {
  readonly kind: 'read'
  /** The conversation, as `chatKey` writes it. */
  readonly chat: string
  readonly message_seq: number
}

/** An image that was seen before, so that its name can be sent again; `url` is a `media:` URI. */
export interface Image {
  readonly kind: 'image'
  readonly name: string
  readonly url: string
}

/** A voice message or a video that was heard or seen before, so that its name can be sent again. */
export interface Clip {
  readonly kind: 'clip'
  readonly name: string
  /** A `media:` URI. */
  readonly url: string
  /** The name of the image that covers a video; empty for none. */
  readonly cover: string
}

/** A bundle of messages that was sent, so that it can be read and sent again. */
export interface Forward {
  readonly kind: 'forward'
  readonly forward_id: string
  /** One segment of type `node` for each message. */
  readonly nodes: readonly Segment[]
}

/** A file of a group; size in bytes. */
export interface GroupFile {
  readonly kind: 'file'
  readonly group_id: GroupId
  readonly file_id: string
  /** The folder it lies in; `/` is the root. */
  readonly folder_id: string
  readonly name: string
  readonly size: number
  /** A `media:` URI. */
  readonly url: string
  readonly uploader: UserId
  readonly upload_time: number
  readonly modify_time: number
  /** How often its address was asked for. */
  readonly download_times: number
}

/** A folder among the files of a group; folders hold files only. */
export interface Folder {
  readonly kind: 'folder'
  readonly group_id: GroupId
  readonly folder_id: string
  readonly name: string
  readonly creator: UserId
  readonly create_time: number
}

/** A file that was sent in a private or a discuss chat. */
export interface SentFile {
  readonly kind: 'sent-file'
  readonly file_id: string
  readonly name: string
  readonly size: number
  /** A `media:` URI. */
  readonly url: string
}

/** How often a member of a group was given a gift. */
export interface Gift {
  readonly kind: 'gift'
  readonly group_id: GroupId
  readonly user_id: UserId
  readonly gift_id: number
  readonly count: number
}

/** Someone who is not let into a group again. */
interface Exile {
  readonly kind: 'exile'
  readonly group_id: GroupId
  readonly user_id: UserId
}

/** The mask that a member of a group wears when speaking anonymously. */
export interface Mask {
  readonly kind: 'mask'
  readonly group_id: GroupId
  readonly user_id: UserId
  readonly name: string
  /** What masks are muted by; the network gives it to whoever hears the mask speak. */
  readonly flag: string
  readonly mute_until: number
}

/** A message that a group keeps as an essence message. */
interface Essence {
  readonly kind: 'essence'
  readonly group_id: GroupId
  readonly message_id: MessageId
  readonly sender_id: UserId
  readonly sender_nick: string
  readonly sender_time: number
  readonly operator_id: UserId
  readonly operator_time: number
}

/** Who put a face under a message. */
interface Reaction {
  readonly kind: 'reaction'
  readonly message_id: MessageId
  readonly emoji_id: string
  readonly user_ids: readonly UserId[]
}

/** A picture where it is shown, by its name; pixels. */
export interface Picture {
  readonly id: string
  readonly width: number
  readonly height: number
}

/** A notice on the board of a group. */
export interface Notice {
  readonly kind: 'notice'
  readonly group_id: GroupId
  readonly notice_id: string
  readonly sender_id: UserId
  readonly publish_time: number
  readonly text: string
  readonly images: readonly Picture[]
}

export type HonorType = Extract<NoticeEvent, { readonly sub_type: 'honor' }>['honor_type']

/** An honor that a member of a group has, won `count` times in a row; of two, that with the higher `turn` is newer. */
export interface Honor {
  readonly kind: 'honor'
  readonly group_id: GroupId
  readonly honor_type: HonorType
  readonly user_id: UserId
  readonly count: number
  readonly turn: number
}

/** How much of what is limited by the day was used on the last day it was used. */
interface Quota {
  readonly kind: 'quota'
  readonly name: string
  /** Days since 1970, UTC. */
  readonly day: number
  readonly used: number
}

/** A question that waits for an answer, or had one. */
export interface Request {
  readonly kind: 'request'
  readonly request_id: number
  readonly flag: string
  /** To be a friend of the bot, to be let into a group, or, for the bot, to come into one. */
  readonly type: 'friend' | 'add' | 'invite'
  readonly user_id: UserId
  /** 0 for friends. */
  readonly group_id: GroupId | 0
  /** Who brought the one who asks to be let in; 0 for nobody. */
  readonly invitor_id: UserId | 0
  readonly comment: string
  readonly time: number
  readonly answer: Answer | null
}

/** What a request was answered, and who did it. */
interface Answer {
  readonly approve: boolean
  readonly reason: string
  readonly actor: UserId
}

/** Another device on which the bot's account is online. */
export interface Client {
  readonly kind: 'client'
  readonly app_id: number
  readonly device_name: string
  readonly device_kind: string
}

/** What the bot's account says of itself besides its name. */
export interface Account {
  readonly kind: 'account'
  readonly company: string
  readonly email: string
  readonly college: string
  readonly personal_note: string
  /** What devices are shown as, by their model. */
  readonly model_shows: Readonly<Record<string, string>>
}

/** A guild: channels, and people with roles. */
export interface Guild {
  readonly kind: 'guild'
  readonly guild_id: GuildScopedId
  readonly guild_name: string
  readonly guild_profile: string
  readonly create_time: number
}

/** What channels are for, and the number that the network has for it. */
export const channelTypes = { text: 1, voice: 2, live: 5, topic: 7 } as const

/** A place of a guild where one talks; `channel_type` is one of those above. */
export interface Channel {
  readonly kind: 'channel'
  readonly guild_id: GuildScopedId
  readonly channel_id: GuildScopedId
  readonly channel_type: number
  readonly channel_name: string
  readonly creator_id: UserId
  readonly create_time: number
}

/** A role of a guild that was made there; those that every guild has are in `guild-role.ts`. */
export interface GuildRole {
  readonly kind: 'guild_role'
  readonly guild_id: GuildScopedId
  readonly role_id: GuildScopedId
  readonly role_name: string
  readonly argb_color: number
  readonly independent: boolean
}

/** A person's, or the bot's, part in a guild. */
export interface GuildMember {
  readonly kind: 'guild_member'
  readonly guild_id: GuildScopedId
  readonly user_id: UserId
  readonly standing: 'owner' | 'admin' | 'member'
  /** The roles that were made there. */
  readonly role_ids: readonly GuildScopedId[]
  readonly title: string
  readonly join_time: number
}

/** What was said in a channel; `reactions` are the faces under it, and who put them there. */
export interface GuildMessage {
  readonly kind: 'guild_message'
  readonly guild_id: GuildScopedId
  readonly channel_id: GuildScopedId
  readonly message_id: string
  readonly message_seq: number
  readonly time: number
  readonly user_id: UserId
  readonly nickname: string
  readonly message: readonly Segment[]
  readonly reactions: readonly { readonly emoji_id: string; readonly user_ids: readonly UserId[] }[]
}

/** A topic of a channel for topics. */
export interface Feed {
  readonly kind: 'feed'
  readonly guild_id: GuildScopedId
  readonly channel_id: GuildScopedId
  readonly id: string
  readonly title: string
  readonly time: number
  readonly user_id: UserId
  readonly contents: readonly Segment[]
  readonly images: readonly Picture[]
}

/** How many of something the network has numbered, in this world and in those before it. */
interface Counter {
  readonly kind: 'counter'
  readonly name: string
  readonly value: number
}

/** Where a network with a seed stands in its row of random numbers. */
interface Draws {
  readonly kind: 'draws'
  readonly state: number
}

/** The time of a network with a clock of its own, in milliseconds since 1970. */
interface NetworkTime {
  readonly kind: 'time'
  readonly now: number
}

/** The world file that the world was made of, and the ids that were allotted to what it names without one. */
export interface Origin {
  readonly kind: 'origin'
  readonly digest: string
  readonly ids: Readonly<Record<string, number>>
}

export type Document =
  | User
  | Friendship
  | Group
  | Member
  | Exile
  | Mask
  | Essence
  | Reaction
  | Notice
  | Honor
  | Discuss
  | Guild
  | Channel
  | GuildRole
  | GuildMember
  | GuildMessage
  | Feed
  | Request
  | Client
  | Account
  | Quota
  | Log
  | ReadMark
  | Image
  | Clip
  | GroupFile
  | Folder
  | SentFile
  | Forward
  | Gift
  | Counter
  | Draws
  | NetworkTime
  | Origin

export type Kind = Document['kind']
export type DocumentOf<K extends Kind> = Extract<Document, { readonly kind: K }>

/** What a document is found by within its kind: an id, or whose it is and an id; nothing where there is but one. */
const places = {
  user: ({ user_id }: User) => [user_id] as const,
  friend: ({ user_id }: Friendship) => [user_id] as const,
  group: ({ group_id }: Group) => [group_id] as const,
  member: ({ group_id, user_id }: Member) => [group_id, user_id] as const,
  exile: ({ group_id, user_id }: Exile) => [group_id, user_id] as const,
  mask: ({ group_id, user_id }: Mask) => [group_id, user_id] as const,
  essence: ({ group_id, message_id }: Essence) => [group_id, message_id] as const,
  reaction: ({ message_id, emoji_id }: Reaction) => [message_id, emoji_id] as const,
  notice: ({ group_id, notice_id }: Notice) => [group_id, notice_id] as const,
  honor: ({ group_id, honor_type, user_id }: Honor) => [group_id, `${honor_type}/${user_id}`] as const,
  discuss: ({ discuss_id }: Discuss) => [discuss_id] as const,
  guild: ({ guild_id }: Guild) => [guild_id] as const,
  channel: ({ guild_id, channel_id }: Channel) => [guild_id, channel_id] as const,
  guild_role: ({ guild_id, role_id }: GuildRole) => [guild_id, role_id] as const,
  guild_member: ({ guild_id, user_id }: GuildMember) => [guild_id, user_id] as const,
  guild_message: ({ guild_id, message_id }: GuildMessage) => [guild_id, message_id] as const,
  feed: ({ guild_id, id }: Feed) => [guild_id, id] as const,
  request: ({ request_id }: Request) => [request_id] as const,
  client: ({ app_id }: Client) => [app_id] as const,
  account: () => [] as const,
  quota: ({ name }: Quota) => [name] as const,
  log: ({ chat }: Log) => [chat] as const,
  read: ({ chat }: ReadMark) => [chat] as const,
  image: ({ name }: Image) => [name] as const,
  clip: ({ name }: Clip) => [name] as const,
  forward: ({ forward_id }: Forward) => [forward_id] as const,
  file: ({ group_id, file_id }: GroupFile) => [group_id, file_id] as const,
  folder: ({ group_id, folder_id }: Folder) => [group_id, folder_id] as const,
  'sent-file': ({ file_id }: SentFile) => [file_id] as const,
  gift: ({ group_id, user_id, gift_id }: Gift) => [group_id, `${user_id}/${gift_id}`] as const,
  counter: ({ name }: Counter) => [name] as const,
  draws: () => [] as const,
  time: () => [] as const,
  origin: () => [] as const,
} satisfies { readonly [K in Kind]: (document: DocumentOf<K>) => Place }

/** Up to two words: whose it is, and which of theirs. */
export type Place = readonly [] | readonly [Word] | readonly [Word, Word]
type Word = string | number
export type PlaceOf<K extends Kind> = ReturnType<(typeof places)[K]>
/** Whose documents of a kind a list shows. */
export type OwnerOf<K extends Kind> = PlaceOf<K> extends readonly [infer Owner, Word] ? readonly [Owner] : readonly []

/** Kinds whose documents belong to a group, which is the first word of their place, and go with it. */
export const groupKinds: readonly Kind[] = [
  'member',
  'exile',
  'mask',
  'essence',
  'notice',
  'honor',
  'gift',
  'file',
  'folder',
]

/** Kinds whose documents belong to a guild, in the same way. */
export const guildKinds: readonly Kind[] = ['channel', 'guild_role', 'guild_member', 'guild_message', 'feed']

/** Kinds that no reset ends and no snapshot holds, but for the logs in it. */
const lastingKinds: ReadonlySet<Kind> = new Set([
  'log',
  'image',
  'clip',
  'forward',
  'sent-file',
  'counter',
  'time',
  'origin',
])

export function isLasting({ kind }: Document): boolean {
  return lastingKinds.has(kind)
}

export function placeOf(document: Document): Place {
  // Each kind stands beside the function that reads it; the compiler does not follow that through the union.
  return places[document.kind](document as never)
}

/** The key under which a document is kept, such as `member/20001/10001`. */
export function keyOf(document: Document): string {
  return [document.kind, ...placeOf(document)].join('/')
}

/** A document of the world without what only its keeper needs. */
export function plain<D extends Document>(document: D): Omit<D, 'kind'> {
  const { kind: _kind, ...rest } = document
  return rest
}

/** 2024-01-01 00:00 UTC: the day everything in a fresh world began. */
export const beginning = 1_704_067_200

export function newUser(details: Partial<User> & Pick<User, 'user_id' | 'nickname'>): User {
  return {
    kind: 'user',
    sex: 'unknown',
    age: 0,
    area: '',
    level: 1,
    qid: '',
    sign: '',
    login_days: 1,
    vip_level: '',
    avatar: '',
    ...details,
  }
}

export function newFriendship(details: Partial<Friendship> & Pick<Friendship, 'user_id'>): Friendship {
  return { kind: 'friend', direction: 'two-way', remark: '', ...details }
}

export function newGroup(details: Partial<Group> & Pick<Group, 'group_id' | 'group_name'>): Group {
  return {
    kind: 'group',
    group_memo: '',
    group_create_time: beginning,
    group_level: 1,
    max_member_count: 200,
    whole_ban: false,
    anonymous: true,
    portrait: '',
    remark: '',
    ...details,
  }
}

export function newMember(details: Partial<Member> & Pick<Member, 'group_id' | 'user_id'>): Member {
  return {
    kind: 'member',
    role: 'member',
    card: '',
    title: '',
    title_expire_time: 0,
    level: 1,
    join_time: beginning,
    last_sent_time: 0,
    mute_until: 0,
    sign_time: 0,
    ...details,
  }
}

export function newGuildMember(details: Partial<GuildMember> & Pick<GuildMember, 'guild_id' | 'user_id'>): GuildMember {
  return { kind: 'guild_member', standing: 'member', role_ids: [], title: '', join_time: beginning, ...details }
}

/** What was said: keys that are there but `undefined` would hide what is known. */
export function present<T extends object>(details: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
