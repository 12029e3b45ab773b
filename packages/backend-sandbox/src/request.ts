import type { GroupId, UserId } from '@seekyou/protocol'
import { befriend, checkNewFriend } from './contact.ts'
import type { Request } from './document.ts'
import { admit, checkNewcomer } from './membership.ts'
import type { Network } from './network.ts'
import {
  checkRole,
  findGroup,
  findHeardGroup,
  findMember,
  findUser,
  missing,
  nameOf,
  nameOfGroup,
  outranks,
  refuse,
} from './rule.ts'
import type { World } from './world.ts'

/* Questions that can be answered once. Who asks again before that is told again, and it is the same question. */

/** A person asks the bot to be friends. @returns the flag. */
export async function requestFriend(network: Network, person: UserId, comment: string): Promise<string> {
  checkNewFriend(network.world, person)
  return ask(network, { type: 'friend', user_id: person, group_id: 0, invitor_id: 0, comment })
}

/** A person asks to be let into a group that the bot manages; `invitor` brought them. @returns the flag. */
export async function requestJoin(
  network: Network,
  groupId: GroupId,
  person: UserId,
  comment: string,
  invitor: UserId | undefined,
): Promise<string> {
  const { world } = network
  const group = findHeardGroup(world, groupId)
  if (!outranks(findMember(world, groupId, world.bot).role, 'member')) {
    refuse('BOT_NOT_ADMIN', `the bot is a plain member of the group ${nameOfGroup(group)}, so it would not hear of it`)
  }
  if (invitor !== undefined) findMember(world, groupId, invitor)
  checkNewcomer(world, groupId, person)
  return ask(network, { type: 'add', user_id: person, group_id: groupId, invitor_id: invitor ?? 0, comment })
}

/** A member of a group asks the bot to come in. @returns the flag. */
export async function invite(network: Network, groupId: GroupId, member: UserId): Promise<string> {
  const { world } = network
  findMember(world, groupId, member)
  checkNewcomer(world, groupId, world.bot)
  return ask(network, { type: 'invite', user_id: member, group_id: groupId, invitor_id: 0, comment: '' })
}

/** Answers who asked to be a friend. */
export async function answerFriend(network: Network, flag: string, approve: boolean, remark: string): Promise<void> {
  const { world } = network
  const request = findRequest(world, flag, 'friend')
  findUser(world, request.user_id)
  const isFriend = world.friendship(request.user_id)?.direction === 'two-way'
  world.put({ ...request, answer: { approve, reason: '', actor: world.bot } })
  if (approve && !isFriend) await befriend(network, request.user_id, remark)
  else await network.world.saved()
}

/** Answers who asked to be let into a group, or asked the bot into one; without a `type`, whoever the flag belongs to. */
export async function answerGroup(
  network: Network,
  actor: UserId,
  type: 'add' | 'invite' | undefined,
  flag: string,
  approve: boolean,
  reason: string,
): Promise<void> {
  const { world } = network
  const request = findRequest(world, flag, ...(type ? [type] : (['add', 'invite'] as const)))
  const isJoin = request.type === 'add'
  const groupId = findGroup(world, request.group_id as GroupId).group_id
  if (isJoin) checkRole(world, groupId, actor, 'admin', 'let someone in')
  const newcomer = isJoin ? request.user_id : world.bot
  const isIn = world.members(groupId).has(newcomer)
  if (approve && !isIn) checkNewcomer(world, groupId, newcomer)
  world.put({ ...request, answer: { approve, reason, actor } })
  if (!approve || isIn) await network.world.saved()
  else if (isJoin) await admit(network, groupId, newcomer, 'approve', actor)
  else await admit(network, groupId, newcomer, 'invite', request.user_id)
}

/** The questions of a type, the newest first. */
export function requestsOf(world: World, type: Request['type']): readonly Request[] {
  return world
    .list('request')
    .filter((request) => request.type === type)
    .toReversed()
}

type Question = Pick<Request, 'type' | 'user_id' | 'group_id' | 'invitor_id' | 'comment'>

async function ask(network: Network, question: Question): Promise<string> {
  const { world } = network
  const { type, user_id, group_id, invitor_id, comment } = question
  const open = requestsOf(world, type).find(
    (request) => request.user_id === user_id && request.group_id === group_id && request.answer === null,
  )
  const request_id = open?.request_id ?? world.count('request')
  const flag = String(request_id)
  world.put({ kind: 'request', request_id, flag, ...question, time: network.now(), answer: null })
  const told = { post_type: 'request', user_id, comment, flag } as const
  if (type === 'friend') {
    await network.tell({ ...told, request_type: 'friend' })
  } else {
    await network.tell({
      ...told,
      request_type: 'group',
      sub_type: type,
      group_id: group_id as GroupId,
      invitor_id,
    })
  }
  return flag
}

/** A question that is still open. */
function findRequest(world: World, flag: string, ...types: readonly Request['type'][]): Request {
  const request = world.list('request').find((one) => types.includes(one.type) && one.flag === flag)
  if (!request) {
    const question = types.length === 1 ? `of type ${types[0]}` : 'about a group'
    return missing(
      'FLAG_NOT_FOUND',
      `nobody asked a question ${question} with the flag ${JSON.stringify(flag.slice(0, 40))}`,
    )
  }
  if (request.answer === null) return request
  const actor = world.user(request.answer.actor)
  const who = actor ? nameOf(actor) : `${request.answer.actor} (gone since)`
  const how = request.answer.approve ? 'approved' : 'turned down'
  return refuse('FLAG_HAS_BEEN_CHECKED', `the request ${flag} was ${how} by ${who} before; it can be answered once`)
}
