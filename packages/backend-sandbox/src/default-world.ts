import { discussId, groupId, userId } from '@seekyou/protocol'
import type { GroupId, Identity, Role, UserId } from '@seekyou/protocol'
import type { Document, Friendship, User } from './document.ts'

/** Who the bot is in every world. */
export const bot: Identity = { user_id: userId.parse(10000), nickname: 'SeekYou' }

const alice = userId.parse(10001)
const bob = userId.parse(10002)
const carol = userId.parse(10003)
const dave = userId.parse(10004)
const erin = userId.parse(10005)

/** 2024-01-01 00:00 UTC: the day everything in a fresh world began. */
const began = 1_704_067_200

/** A world in which the bot is alone. */
export const emptyWorld: readonly Document[] = [
  person(bot.user_id, bot.nickname, { age: 1, sign: 'CQ CQ CQ', level: 16 }),
]

/** A few people and groups, one for each case a bot meets. People script against these numbers: they never change. */
export const defaultWorld: readonly Document[] = [
  ...emptyWorld,
  person(alice, 'Alice', { sex: 'female', age: 20 }),
  person(bob, 'Bob', { sex: 'male', age: 21 }),
  person(carol, 'Carol', { sex: 'female', age: 22 }),
  person(dave, 'Dave', { sex: 'male', age: 23 }),
  person(erin, 'Erin', { sex: 'female', age: 24 }),
  friend(alice, 'two-way'),
  friend(bob, 'two-way'),
  friend(carol, 'two-way'),
  friend(erin, 'one-way'),
  ...group(groupId.parse(20001), 'Sandbox', { owner: [bot.user_id], admin: [carol], member: [alice, bob, dave] }),
  ...group(groupId.parse(20002), 'Guests', { owner: [carol], admin: [alice], member: [bob, bot.user_id] }),
  ...group(groupId.parse(20003), 'Archive', { owner: [bob], admin: [], member: [dave] }),
  {
    kind: 'discuss',
    discuss_id: discussId.parse(30001),
    discuss_name: 'Discuss',
    member_ids: [alice, bob, bot.user_id],
  },
]

function person(user_id: UserId, nickname: string, details: Partial<User>): User {
  return {
    kind: 'user',
    user_id,
    nickname,
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

function friend(user_id: UserId, direction: Friendship['direction']): Friendship {
  return { kind: 'friend', user_id, direction, remark: '' }
}

function group(group_id: GroupId, group_name: string, roles: Readonly<Record<Role, readonly UserId[]>>): Document[] {
  const members = (['owner', 'admin', 'member'] as const).flatMap((role) =>
    roles[role].map((user_id): Document => ({
      kind: 'member',
      group_id,
      user_id,
      role,
      card: '',
      title: '',
      title_expire_time: 0,
      level: 1,
      join_time: began,
      last_sent_time: 0,
      mute_until: 0,
      sign_time: 0,
    })),
  )
  return [
    {
      kind: 'group',
      group_id,
      group_name,
      group_memo: '',
      group_create_time: began,
      group_level: 1,
      max_member_count: 200,
      whole_ban: false,
      anonymous: true,
      portrait: '',
      remark: '',
    },
    ...members,
  ]
}
