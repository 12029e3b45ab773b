import type { DiscussId, GroupId, Role, Sender, UserId } from '@seekyou/protocol'

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
}

/** A friendship with the bot; in a one-way one the person has the bot among their friends, but not the other way round. */
export interface Friendship {
  readonly kind: 'friend'
  readonly user_id: UserId
  readonly direction: 'two-way' | 'one-way'
  /** What the bot calls its friend; empty: by their nickname. */
  readonly remark: string
}

/** A group; `whole_ban` keeps plain members silent. */
export interface Group {
  readonly kind: 'group'
  readonly group_id: GroupId
  readonly group_name: string
  readonly group_memo: string
  readonly group_create_time: number
  readonly group_level: number
  readonly max_member_count: number
  readonly whole_ban: boolean
}

/** A person's, or the bot's, part in a group. */
export interface Member {
  readonly kind: 'member'
  readonly group_id: GroupId
  readonly user_id: UserId
  readonly role: Role
  readonly card: string
  readonly title: string
  readonly level: number
  readonly join_time: number
  readonly last_sent_time: number
  readonly mute_until: number
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

/** An image that was seen before, so that its name can be sent again; `url` may be a `media:` URI. */
export interface Image {
  readonly kind: 'image'
  readonly name: string
  readonly url: string
}

/** How many of something the network has numbered, in this world and in those before it. */
export interface Counter {
  readonly kind: 'counter'
  readonly name: string
  readonly value: number
}

export type Document = User | Friendship | Group | Member | Discuss | Log | Image | Counter
export type Kind = Document['kind']
export type DocumentOf<K extends Kind> = Extract<Document, { readonly kind: K }>

/** What tells the documents of a kind apart, from the widest to the narrowest. */
export interface Places {
  user: readonly [UserId]
  friend: readonly [UserId]
  group: readonly [GroupId]
  member: readonly [GroupId, UserId]
  discuss: readonly [DiscussId]
  log: readonly [chat: string]
  image: readonly [name: string]
  counter: readonly [name: string]
}

/** Where a document stands. */
export const places: { readonly [K in Kind]: (document: DocumentOf<K>) => Places[K] } = {
  user: ({ user_id }) => [user_id],
  friend: ({ user_id }) => [user_id],
  group: ({ group_id }) => [group_id],
  member: ({ group_id, user_id }) => [group_id, user_id],
  discuss: ({ discuss_id }) => [discuss_id],
  log: ({ chat }) => [chat],
  image: ({ name }) => [name],
  counter: ({ name }) => [name],
}
