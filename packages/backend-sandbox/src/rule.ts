import { BackendRefused } from '@seekyou/protocol'
import type { Chat, DiscussId, GroupId, MessageEvent, Role, UserId } from '@seekyou/protocol'
import type { Discuss, Group, Member, User } from './document.ts'
import type { World } from './world.ts'

/*
 * What the network allows. Each rule returns what it found or throws the refusal, and none of them changes anything.
 * They hold for the bot and for people alike; times are seconds since 1970.
 */

/** How long one may take back what one said, in seconds. */
const recallWindow = 120

const ranks: Readonly<Record<Role, number>> = { owner: 2, admin: 1, member: 0 }

/** Whether a role stands above another. */
export function outranks(role: Role, other: Role): boolean {
  return ranks[role] > ranks[other]
}

export function findUser(world: World, id: UserId): User {
  return world.user(id) ?? missing('USER_NOT_FOUND', `there is no user ${id} in this network`)
}

export function findGroup(world: World, id: GroupId): Group {
  return world.group(id) ?? missing('GROUP_NOT_FOUND', `there is no group ${id} in this network`)
}

/** A member of a group that is there. */
export function findMember(world: World, groupId: GroupId, id: UserId): Member {
  const group = findGroup(world, groupId)
  const member = world.members(groupId).get(id)
  if (member) return member
  return missing('MEMBER_NOT_FOUND', `${nameOf(findUser(world, id))} is not in the group ${nameOfGroup(group)}`)
}

/** Someone's part in a group where they are about to do something; what people do there, the bot has to hear of. */
export function findActor(world: World, groupId: GroupId, actor: UserId): Member {
  if (actor !== world.bot) findHeardGroup(world, groupId)
  return findMember(world, groupId, actor)
}

/** Whether someone's role in a group lets them do `what`. */
export function checkRole(world: World, groupId: GroupId, actor: UserId, least: 'owner' | 'admin', what: string): void {
  const { role } = findActor(world, groupId, actor)
  if (ranks[role] >= ranks[least]) return
  refuse(
    'PERMISSION_DENIED',
    `${nameOf(findUser(world, actor))} is ${article(role)} of the group ${nameOfGroup(findGroup(world, groupId))}; ` +
      `${least === 'owner' ? 'only its owner' : 'only its owner and its admins'} can ${what}`,
  )
}

/** The member to whom someone is about to do `what`, which takes a higher role than theirs. */
export function findManageable(world: World, groupId: GroupId, actor: UserId, target: UserId, what: string): Member {
  const { role } = findActor(world, groupId, actor)
  const member = findMember(world, groupId, target)
  if (outranks(role, member.role)) return member
  const whom = actor === target ? 'themselves' : `${nameOf(findUser(world, target))}, ${article(member.role)}`
  return refuse(
    'NOT_MANAGEABLE',
    `${nameOf(findUser(world, actor))}, ${article(role)} of the group ${nameOfGroup(findGroup(world, groupId))}, ` +
      `cannot ${what} ${whom}: that takes a higher role (owner over admin over member)`,
  )
}

/** The title that a member bears now. */
export function titleOf({ title, title_expire_time }: Member, now: number): string {
  return title_expire_time === 0 || title_expire_time > now ? title : ''
}

/** A discuss group that `id` is in. */
export function findDiscuss(world: World, discussId: DiscussId, id: UserId): Discuss {
  const discuss = world.discuss(discussId)
  if (!discuss) return missing('DISCUSS_NOT_FOUND', `there is no discuss group ${discussId} in this network`)
  if (discuss.member_ids.includes(id)) return discuss
  return missing('MEMBER_NOT_FOUND', `${nameOf(findUser(world, id))} is not in the discuss group ${discussId}`)
}

/** A group in which the bot is, so that it learns what happens there. */
export function findHeardGroup(world: World, id: GroupId): Group {
  const group = findGroup(world, id)
  if (world.members(id).has(world.bot)) return group
  return refuse('BOT_NOT_IN_GROUP', `the bot is not in the group ${nameOfGroup(group)}, so it would not hear of it`)
}

/** A person who is a friend of the bot, both ways. */
export function findFriend(world: World, id: UserId): User {
  const user = findUser(world, id)
  const direction = world.friendship(id)?.direction
  if (direction === 'two-way') return user
  return refuse(
    'NOT_A_FRIEND',
    direction === 'one-way'
      ? `${nameOf(user)} has the bot as a friend, but the bot does not have them: a friendship goes both ways`
      : `${nameOf(user)} and the bot are not friends`,
  )
}

/**
 * How the bot and a person can talk in private: as friends, else through a group they share (a temporary session),
 * which is `through` if given.
 * @returns the group of the session, `undefined` between friends.
 */
export function findSession(world: World, person: UserId, through: GroupId | undefined): GroupId | undefined {
  const user = findUser(world, person)
  if (person === world.bot) return refuse('SELF_CHAT', 'the bot cannot talk to itself')
  if (world.friendship(person)?.direction === 'two-way') return undefined
  if (through !== undefined) {
    findMember(world, through, world.bot)
    findMember(world, through, person)
    return through
  }
  const shared = world
    .groups()
    .find(({ group_id }) => world.members(group_id).has(world.bot) && world.members(group_id).has(person))
  if (shared) return shared.group_id
  return refuse(
    'NOT_A_FRIEND',
    `${nameOf(user)} and the bot are not friends both ways and share no group, so they cannot talk in private`,
  )
}

/** Whether someone may say something in a chat. */
export function checkSpeech(world: World, author: UserId, chat: Chat, through: GroupId | undefined, now: number): void {
  switch (chat.type) {
    case 'private':
      findSession(world, chat.user_id, through)
      return
    case 'discuss':
      findDiscuss(world, chat.discuss_id, author)
      findDiscuss(world, chat.discuss_id, world.bot)
      return
    case 'group': {
      if (author !== world.bot) findHeardGroup(world, chat.group_id)
      const group = findGroup(world, chat.group_id)
      const { role, mute_until } = findMember(world, chat.group_id, author)
      const who = nameOf(findUser(world, author))
      if (mute_until > now) {
        refuse('MUTED', `${who} is muted in the group ${nameOfGroup(group)} for another ${mute_until - now} s`)
      }
      if (group.whole_ban && role === 'member') {
        refuse('WHOLE_BAN', `everyone but the owner and the admins is muted in the group ${nameOfGroup(group)}`)
      }
    }
  }
}

/** Whether someone can see a message: they are part of the chat, and so is the bot. */
export function checkHearing(world: World, reader: UserId, message: MessageEvent): void {
  switch (message.message_type) {
    case 'private':
      if ([message.user_id, message.target_id].includes(reader)) return
      missing(
        'MESSAGE_NOT_FOUND',
        `${nameOf(findUser(world, reader))} is not part of the private chat of message ${message.message_id}`,
      )
      break
    case 'group':
      findActor(world, message.group_id, reader)
      break
    case 'discuss':
      findDiscuss(world, message.discuss_id, reader)
  }
}

/** Whether someone may take a message back. */
export function checkRecall(world: World, actor: UserId, message: MessageEvent, now: number): void {
  const { message_id, user_id: author } = message
  const who = nameOf(findUser(world, actor))
  switch (message.message_type) {
    case 'private':
      if (![message.user_id, message.target_id].includes(actor)) {
        missing('MESSAGE_NOT_FOUND', `${who} is not part of the private chat of message ${message_id}`)
      }
      break
    case 'discuss':
      findDiscuss(world, message.discuss_id, actor)
      refuse('RECALL_REFUSED', 'discuss groups know no recall')
      break
    case 'group': {
      findHeardGroup(world, message.group_id)
      const { role } = findMember(world, message.group_id, actor)
      // Who has left the group is below everyone in it who can recall.
      if (outranks(role, world.members(message.group_id).get(author)?.role ?? 'member')) return
    }
  }
  if (author !== actor) {
    refuse(
      'RECALL_REFUSED',
      `${who} cannot recall what ${author} said: that takes a higher role in a group (owner over admin over member)`,
    )
  }
  if (now - message.time > recallWindow) {
    refuse('RECALL_TOO_LATE', `one can recall one's own message for ${recallWindow} s; message ${message_id} is older`)
  }
}

/** A refusal by a rule of the network. */
export function refuse(code: string, wording: string): never {
  throw new BackendRefused(wording, { code })
}

/** What was named is not there. */
export function missing(code: string, wording: string): never {
  throw new BackendRefused(wording, { code, kind: 'no-data' })
}

/** Whether a text is short enough for what it is, in bytes. */
export function checkBytes(text: string, most: number, code: string, what: string): void {
  const bytes = Buffer.byteLength(text)
  if (bytes > most) refuse(code, `${what} has at most ${most} bytes, this one has ${bytes}`)
}

export function nameOf({ user_id, nickname }: User): string {
  return `${nickname} (${user_id})`
}

export function nameOfGroup({ group_id, group_name }: Group): string {
  return `${group_name} (${group_id})`
}

function article(role: Role): string {
  return role === 'member' ? 'a plain member' : role === 'owner' ? 'the owner' : 'an admin'
}
