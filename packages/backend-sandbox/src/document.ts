import type { DiscussId, GroupId, MessageId, NoticeEvent, Role, Sender, UserId } from '@seekyou/protocol'

/*
 * The world is kept as small documents, one per thing that changes on its own, so that what happens in a chat rewrites
 * only the member and the chat it happened to. Times are seconds since 1970, 0 where there is none.
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

/** How far a conversation has come: its messages of this world are numbered from `first_seq` to `last_seq`. */
export interface Log {
  readonly kind: 'log'
  /** The conversation, as `chatKey` writes it. */
  readonly chat: string
  readonly first_seq: number
  readonly last_seq: number
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

/** How often a member of a group was given a gift. */
export interface Gift {
  readonly kind: 'gift'
  readonly group_id: GroupId
  readonly user_id: UserId
  readonly gift_id: number
  readonly count: number
}

/** Someone who is not let into a group again. */
export interface Exile {
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
export interface Essence {
  readonly kind: 'essence'
  readonly group_id: GroupId
  readonly message_id: MessageId
  readonly sender_id: UserId
  readonly sender_nick: string
  readonly sender_time: number
  readonly operator_id: UserId
  readonly operator_time: number
}

/** A notice on the board of a group. */
export interface Notice {
  readonly kind: 'notice'
  readonly group_id: GroupId
  readonly notice_id: string
  readonly sender_id: UserId
  readonly publish_time: number
  readonly text: string
  /** The names of its images. */
  readonly images: readonly string[]
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
export interface Quota {
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

/** How many of something the network has numbered, in this world and in those before it. */
export interface Counter {
  readonly kind: 'counter'
  readonly name: string
  readonly value: number
}

export type Document =
  | User
  | Friendship
  | Group
  | Member
  | Exile
  | Mask
  | Essence
  | Notice
  | Honor
  | Discuss
  | Request
  | Client
  | Account
  | Quota
  | Log
  | Image
  | Clip
  | Gift
  | Counter
export type Kind = Document['kind']
export type DocumentOf<K extends Kind> = Extract<Document, { readonly kind: K }>

/** What tells the documents of a kind apart, from the widest to the narrowest. */
export interface Places {
  user: readonly [UserId]
  friend: readonly [UserId]
  group: readonly [GroupId]
  member: readonly [GroupId, UserId]
  exile: readonly [GroupId, UserId]
  mask: readonly [GroupId, UserId]
  essence: readonly [GroupId, MessageId]
  notice: readonly [GroupId, notice_id: string]
  honor: readonly [GroupId, honor: `${HonorType}/${UserId}`]
  request: readonly [request_id: number]
  client: readonly [app_id: number]
  account: readonly ['self']
  quota: readonly [name: string]
  discuss: readonly [DiscussId]
  log: readonly [chat: string]
  image: readonly [name: string]
  clip: readonly [name: string]
  gift: readonly [GroupId, gift: `${UserId}/${number}`]
  counter: readonly [name: string]
}

/** Where a document stands. */
export const places: { readonly [K in Kind]: (document: DocumentOf<K>) => Places[K] } = {
  user: ({ user_id }) => [user_id],
  friend: ({ user_id }) => [user_id],
  group: ({ group_id }) => [group_id],
  member: ({ group_id, user_id }) => [group_id, user_id],
  exile: ({ group_id, user_id }) => [group_id, user_id],
  mask: ({ group_id, user_id }) => [group_id, user_id],
  essence: ({ group_id, message_id }) => [group_id, message_id],
  notice: ({ group_id, notice_id }) => [group_id, notice_id],
  honor: ({ group_id, honor_type, user_id }) => [group_id, `${honor_type}/${user_id}`],
  request: ({ request_id }) => [request_id],
  client: ({ app_id }) => [app_id],
  account: () => ['self'],
  quota: ({ name }) => [name],
  discuss: ({ discuss_id }) => [discuss_id],
  log: ({ chat }) => [chat],
  image: ({ name }) => [name],
  clip: ({ name }) => [name],
  gift: ({ group_id, user_id, gift_id }) => [group_id, `${user_id}/${gift_id}`],
  counter: ({ name }) => [name],
}
