import * as fc from 'fast-check'
import { expect } from 'vitest'
import { bot, newGroup } from './model.ts'
import type { Model, ModelUser, Role } from './model.ts'
import type { Step } from './step.ts'

/*
 * Every kind of step, by what it is done to. Ids are picked from a few, so that most of what is tried is about someone
 * who is there, and some of it is not.
 */

const anyone = fc.integer({ min: 10000, max: 10006 })
const person = fc.integer({ min: 10001, max: 10006 })
const group = fc.integer({ min: 20001, max: 20004 })
const messageId = fc.integer({ min: 1, max: 8 })
const nickname = fc.constantFrom('Ann', 'Ben', 'Cleo')
const friend = fc.constantFrom<(ModelUser['friend'] | 'no')[]>('two-way', 'one-way', 'no')
const anyFlag = fc.constantFrom('1', '2', '3')
const snapshot = fc.constantFrom('one', 'two')

const ranks: Readonly<Record<Role, number>> = { owner: 2, admin: 1, member: 0 }

type Said = { readonly message_id: number; readonly message_seq: number }

const sayInGroup = fc.tuple(person, group).map(([as, group_id]): Step => ({
  name: `${as} says something in ${group_id}`,
  refusal: (model) => (model.world.users.has(as) ? groupSpeech(model, as, group_id) : 'USER_NOT_FOUND'),
  act: (run) => run.play('say', { as, group_id, message: '[CQ:dice]' }),
  apply: (model, said: Said) => model.say(`group:${group_id}`, as, said),
  event: (model, { message_id, message_seq }: Said) => ({
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    group_id,
    user_id: as,
    message_id,
    message_seq,
    sender: expectSender(model, as, { role: model.role(group_id, as) }),
  }),
}))

const sayInPrivate = person.map((as): Step => ({
  name: `${as} says something in private`,
  refusal: (model) => privateSpeech(model, as),
  act: (run) => run.play('say', { as, message: 'x' }),
  apply: (model, said: Said) => model.say(`private:${as}`, as, said),
  event: (model, said: Said) => ({
    post_type: 'message',
    message_type: 'private',
    user_id: as,
    target_id: bot,
    ...said,
    sub_type: model.world.users.get(as)?.friend === 'two-way' ? 'friend' : 'group',
  }),
}))

const sendToGroup = group.map((group_id): Step => ({
  name: `the bot says something in ${group_id}`,
  refusal: (model) => groupSpeech(model, bot, group_id),
  act: (run) => run.act('send_group_msg', { group_id, message: 'x' }),
  apply: (model, said: Said) => model.say(`group:${group_id}`, bot, said),
  event: (_, said: Said) => ({ post_type: 'message_sent', message_type: 'group', group_id, user_id: bot, ...said }),
}))

const sendToPerson = person.map((user_id): Step => ({
  name: `the bot says something to ${user_id}`,
  refusal: (model) => privateSpeech(model, user_id),
  act: (run) => run.act('send_private_msg', { user_id, message: 'x' }),
  apply: (model, said: Said) => model.say(`private:${user_id}`, bot, said),
  event: (_, said: Said) => ({ post_type: 'message_sent', message_type: 'private', target_id: user_id, ...said }),
}))

const recall = fc.tuple(anyone, messageId).map(([as, message_id]): Step => ({
  name: `${as} recalls message ${message_id}`,
  refusal: (model) => (model.world.users.has(as) ? recallRefusal(model, as, message_id) : 'USER_NOT_FOUND'),
  act: (run) => (as === bot ? run.act('delete_msg', { message_id }) : run.play('recall', { as, message_id })),
  apply(model) {
    model.messages.get(message_id)!.recalled = true
  },
  event(model) {
    const { chat, author } = model.messages.get(message_id)!
    const [type, id] = chat.split(':')
    return type === 'group'
      ? { notice_type: 'group_recall', group_id: Number(id), user_id: author, operator_id: as, message_id }
      : { notice_type: 'friend_recall', user_id: Number(id), message_id }
  },
}))

const poke = fc.tuple(person, group, anyone).map(([as, group_id, target_id]): Step => ({
  name: `${as} pokes ${target_id} in ${group_id}`,
  refusal: (model) =>
    (model.world.users.has(as) ? undefined : 'USER_NOT_FOUND') ??
    model.unheardGroup(group_id) ??
    model.missingMember(group_id, as) ??
    model.missingMember(group_id, target_id),
  act: (run) => run.play('poke', { as, group_id, target_id }),
  apply: () => undefined,
  event: () => ({ notice_type: 'notify', sub_type: 'poke', group_id, user_id: as, target_id }),
}))

const createUser = fc
  .tuple(fc.option(person, { nil: undefined }), nickname, friend)
  .map(([wanted, called, direction]): Step => ({
    name: `${called} comes as ${wanted ?? 'the next user'}, ${direction}`,
    refusal: (model) => (wanted !== undefined && model.world.users.has(wanted) ? 'USER_EXISTS' : undefined),
    act: (run) =>
      run.play('create_user', {
        nickname: called,
        friend: direction,
        ...(wanted !== undefined && { user_id: wanted }),
      }),
    apply(model, { user_id }: { user_id: number }) {
      expectFree(model.world.users, user_id, wanted, 10001)
      model.world.users.set(user_id, { nickname: called, friend: direction === 'no' ? undefined : direction })
    },
  }))

const updateUser = fc.tuple(person, nickname, friend).map(([user_id, called, direction]): Step => ({
  name: `${user_id} is ${called} now, ${direction}`,
  refusal: (model) => (model.world.users.has(user_id) ? undefined : 'USER_NOT_FOUND'),
  act: (run) => run.play('update_user', { user_id, nickname: called, friend: direction }),
  apply: (model) =>
    void model.world.users.set(user_id, { nickname: called, friend: direction === 'no' ? undefined : direction }),
}))

const deleteUser = person.map((user_id): Step => ({
  name: `${user_id} is removed`,
  refusal(model) {
    if (!model.world.users.has(user_id)) return 'USER_NOT_FOUND'
    const owns = [...model.world.groups.values()].some(({ roles }) => roles.get(user_id) === 'owner')
    return owns ? 'OWNS_A_GROUP' : undefined
  },
  act: (run) => run.play('delete_user', { user_id }),
  apply(model) {
    model.world.users.delete(user_id)
    model.world.discuss.delete(user_id)
    for (const [id, { exiles }] of model.world.groups) {
      model.removeMember(id, user_id)
      exiles.delete(user_id)
    }
    model.dropRequests(({ user }) => user === user_id)
    model.endChat(`private:${user_id}`)
  },
}))

const createGroup = fc
  .tuple(fc.option(group, { nil: undefined }), nickname, anyone, fc.array(anyone), fc.array(anyone))
  .map(([wanted, name, owner, admins, members]): Step => ({
    name: `${owner} founds ${wanted ?? 'the next group'} with admins ${admins.join()} and members ${members.join()}`,
    refusal(model) {
      if (wanted !== undefined && model.world.groups.has(wanted)) return 'GROUP_EXISTS'
      const everyone = [owner, ...admins, ...members]
      return everyone.every((id) => model.world.users.has(id)) ? undefined : 'USER_NOT_FOUND'
    },
    act: (run) =>
      run.play('create_group', {
        group_name: name,
        owner_id: owner,
        admin_ids: admins,
        member_ids: members,
        ...(wanted !== undefined && { group_id: wanted }),
      }),
    apply(model, { group_id }: { group_id: number }) {
      expectFree(model.world.groups, group_id, wanted, 20001)
      const roles = new Map<number, Role>([
        ...members.map((id) => [id, 'member'] as const),
        ...admins.map((id) => [id, 'admin'] as const),
        [owner, 'owner'],
      ])
      model.world.groups.set(group_id, newGroup(name, roles))
    },
  }))

const updateGroup = fc
  .tuple(group, nickname, fc.boolean(), fc.option(anyone, { nil: undefined }))
  .map(([group_id, name, isSilent, heir]): Step => ({
    name: `${group_id} is ${name} now, ${isSilent ? 'silent' : 'open'}, given to ${heir ?? 'nobody'}`,
    refusal: (model) =>
      heir === undefined
        ? model.world.groups.has(group_id)
          ? undefined
          : 'GROUP_NOT_FOUND'
        : model.missingMember(group_id, heir),
    act: (run) =>
      run.play('update_group', {
        group_id,
        group_name: name,
        whole_ban: isSilent,
        ...(heir !== undefined && { owner_id: heir }),
      }),
    apply(model) {
      const found = model.world.groups.get(group_id)!
      Object.assign(found, { name, isSilent })
      if (heir === undefined) return
      for (const [id, role] of found.roles) if (role === 'owner') found.roles.set(id, 'member')
      found.roles.set(heir, 'owner')
    },
  }))

const deleteGroup = group.map((group_id): Step => ({
  name: `${group_id} is removed`,
  refusal: (model) => (model.world.groups.has(group_id) ? undefined : 'GROUP_NOT_FOUND'),
  act: (run) => run.play('delete_group', { group_id }),
  apply: (model) => model.removeGroup(group_id),
}))

const join = fc.tuple(person, group).map(([as, group_id]): Step => ({
  name: `${as} comes into ${group_id}`,
  refusal: (model) =>
    (model.world.users.has(as) ? undefined : 'USER_NOT_FOUND') ??
    model.unheardGroup(group_id) ??
    newcomerRefusal(model, group_id, as),
  act: (run) => run.play('join', { as, group_id }),
  apply: (model) => void model.world.groups.get(group_id)!.roles.set(as, 'member'),
  event: () => ({ notice_type: 'group_increase', sub_type: 'approve', group_id, user_id: as, operator_id: 0 }),
}))

const leave = fc.tuple(anyone, group, fc.boolean()).map(([as, group_id, is_dismiss]): Step => ({
  name: `${as} leaves ${group_id}${is_dismiss ? ' or ends it' : ''}`,
  refusal: (model) =>
    actorRefusal(model, as, group_id) ??
    (model.role(group_id, as) === 'owner' && !is_dismiss ? 'OWNER_CANNOT_LEAVE' : undefined),
  act: (run) => {
    const params = { group_id, is_dismiss }
    return as === bot ? run.act('set_group_leave', params) : run.play('leave', { as, ...params })
  },
  apply(model) {
    if (model.role(group_id, as) === 'owner') model.removeGroup(group_id)
    else model.removeMember(group_id, as)
  },
  event(model) {
    const isEnd = model.role(group_id, as) === 'owner'
    const sub_type = isEnd && as !== bot ? 'kick_me' : 'leave'
    return { notice_type: 'group_decrease', sub_type, group_id, user_id: isEnd ? bot : as, operator_id: as }
  },
}))

const kick = fc.tuple(anyone, group, anyone, fc.boolean()).map(([as, group_id, user_id, isForGood]): Step => ({
  name: `${as} removes ${user_id} from ${group_id}${isForGood ? ' for good' : ''}`,
  refusal: (model) => manageRefusal(model, as, group_id, user_id),
  act: (run) =>
    as === bot
      ? run.act('set_group_kick', { group_id, user_id, reject_add_request: isForGood })
      : run.play('kick', { as, group_id, user_id, value: isForGood }),
  apply(model) {
    model.removeMember(group_id, user_id)
    if (isForGood) model.world.groups.get(group_id)!.exiles.add(user_id)
  },
  event: () => ({
    notice_type: 'group_decrease',
    sub_type: user_id === bot ? 'kick_me' : 'kick',
    group_id,
    user_id,
    operator_id: as,
  }),
}))

const setAdmin = fc.tuple(anyone, group, anyone, fc.boolean()).map(([as, group_id, user_id, enable]): Step => ({
  name: `${as} makes ${user_id} ${enable ? 'an admin' : 'a plain member'} of ${group_id}`,
  refusal: (model) =>
    actorRefusal(model, as, group_id) ??
    (model.role(group_id, as) === 'owner' ? undefined : 'PERMISSION_DENIED') ??
    model.missingMember(group_id, user_id) ??
    (model.role(group_id, user_id) === 'owner' ? 'NOT_MANAGEABLE' : undefined),
  act: (run) =>
    as === bot
      ? run.act('set_group_admin', { group_id, user_id, enable })
      : run.play('set_admin', { as, group_id, user_id, enable }),
  apply: (model) => void model.world.groups.get(group_id)!.roles.set(user_id, enable ? 'admin' : 'member'),
  event: (model) =>
    (model.role(group_id, user_id) === 'admin') === enable
      ? undefined
      : { notice_type: 'group_admin', sub_type: enable ? 'set' : 'unset', group_id, user_id },
}))

const ban = fc
  .tuple(anyone, group, anyone, fc.constantFrom(0, 60, 2_592_000))
  .map(([as, group_id, user_id, duration]): Step => ({
    name: `${as} mutes ${user_id} in ${group_id} for ${duration} s`,
    refusal: (model) =>
      manageRefusal(model, as, group_id, user_id) ?? (duration > 60 ? 'DURATION_IS_NOT_IN_RANGE' : undefined),
    act: (run) =>
      as === bot
        ? run.act('set_group_ban', { group_id, user_id, duration })
        : run.play('ban', { as, group_id, user_id, duration }),
    apply(model) {
      const { mutes } = model.world.groups.get(group_id)!
      if (duration > 0) mutes.set(user_id, model.now + duration)
      else if (isMuted(model, group_id, user_id)) mutes.delete(user_id)
    },
    event: (model) =>
      duration === 0 && !isMuted(model, group_id, user_id)
        ? undefined
        : {
            notice_type: 'group_ban',
            sub_type: duration === 0 ? 'lift_ban' : 'ban',
            group_id,
            user_id,
            operator_id: as,
            duration,
          },
  }))

const wholeBan = fc.tuple(anyone, group, fc.boolean()).map(([as, group_id, enable]): Step => ({
  name: `${as} makes ${group_id} ${enable ? 'silent' : 'open'}`,
  refusal: (model) =>
    actorRefusal(model, as, group_id) ?? (model.role(group_id, as) === 'member' ? 'PERMISSION_DENIED' : undefined),
  act: (run) =>
    as === bot ? run.act('set_group_whole_ban', { group_id, enable }) : run.play('whole_ban', { as, group_id, enable }),
  apply(model) {
    model.world.groups.get(group_id)!.isSilent = enable
  },
  event: (model) =>
    model.world.groups.get(group_id)!.isSilent === enable
      ? undefined
      : { notice_type: 'group_ban', group_id, user_id: 0, operator_id: as, duration: enable ? -1 : 0 },
}))

const setCard = fc
  .tuple(anyone, group, anyone, fc.constantFrom('', 'Cap', 'x'.repeat(61)))
  .map(([as, group_id, user_id, card]): Step => ({
    name: `${as} names ${user_id} ${card.slice(0, 3)} in ${group_id}`,
    refusal: (model) =>
      (as === user_id ? actorRefusal(model, as, group_id) : manageRefusal(model, as, group_id, user_id)) ??
      (card.length > 60 ? 'CARD_TOO_LONG' : undefined),
    act: (run) =>
      as === bot
        ? run.act('set_group_card', { group_id, user_id, card })
        : run.play('set_card', { as, group_id, user_id, card }),
    apply: (model) => void model.world.groups.get(group_id)!.cards.set(user_id, card),
    event(model) {
      const card_old = model.world.groups.get(group_id)!.cards.get(user_id) ?? ''
      return card === card_old ? undefined : { notice_type: 'group_card', group_id, user_id, card_new: card, card_old }
    },
  }))

const requestJoin = fc.tuple(person, group).map(([as, group_id]): Step => ({
  name: `${as} asks to be let into ${group_id}`,
  refusal: (model) =>
    (model.world.users.has(as) ? undefined : 'USER_NOT_FOUND') ??
    model.unheardGroup(group_id) ??
    (model.role(group_id, bot) === 'member' ? 'BOT_NOT_ADMIN' : undefined) ??
    newcomerRefusal(model, group_id, as),
  act: (run) => run.play('request_join', { as, group_id }),
  apply(model, { flag }: { flag: string }) {
    const { requests } = model.world
    const open = [...requests].find(([, one]) => one.user === as && one.group === group_id && !one.isAnswered)
    expect(flag).toBe(open?.[0] ?? String(++model.lastFlag))
    requests.set(flag, { user: as, group: group_id, isAnswered: false })
  },
  event: (_, { flag }: { flag: string }) => ({ request_type: 'group', sub_type: 'add', group_id, user_id: as, flag }),
}))

const answerRequest = fc.tuple(anyone, anyFlag, fc.boolean()).map(([as, asked, approve]): Step => ({
  name: `${as} ${approve ? 'approves' : 'turns down'} request ${asked}`,
  refusal(model) {
    if (!model.world.users.has(as)) return 'USER_NOT_FOUND'
    const request = model.world.requests.get(asked)
    if (!request) return 'FLAG_NOT_FOUND'
    if (request.isAnswered) return 'FLAG_HAS_BEEN_CHECKED'
    const { group: group_id, user } = request
    const refused =
      actorRefusal(model, as, group_id) ?? (model.role(group_id, as) === 'member' ? 'PERMISSION_DENIED' : undefined)
    return refused ?? (approve && !model.role(group_id, user) ? newcomerRefusal(model, group_id, user) : undefined)
  },
  act: (run) =>
    as === bot
      ? run.act('set_group_add_request', { flag: asked, sub_type: 'add', approve })
      : run.play('answer_request', { as, flag: asked, approve }),
  apply(model) {
    const request = model.world.requests.get(asked)!
    request.isAnswered = true
    const { roles } = model.world.groups.get(request.group)!
    if (approve && !roles.has(request.user)) roles.set(request.user, 'member')
  },
  event(model) {
    const { group: group_id, user } = model.world.requests.get(asked)!
    if (!approve || model.role(group_id, user)) return undefined
    return { notice_type: 'group_increase', sub_type: 'approve', group_id, user_id: user, operator_id: as }
  },
}))

const keep = snapshot.map((name): Step => ({
  name: `the world is kept as ${name}`,
  refusal: () => undefined,
  act: (run) => run.play('snapshot', { name }),
  apply: (model) => model.keep(name),
}))

const restore = snapshot.map((name): Step => ({
  name: `the world is put back to ${name}`,
  refusal: (model) => (model.snapshots.has(name) ? undefined : 'SNAPSHOT_NOT_FOUND'),
  act: (run) => run.play('restore', { name }),
  apply: (model) => model.restore(name),
}))

const reset = fc.constant<Step>({
  name: 'the world begins anew',
  refusal: () => undefined,
  act: (run) => run.play('reset'),
  apply: (model) => model.reset(),
})

const pass = fc.constantFrom(1, 59, 60).map((seconds): Step => ({
  name: `${seconds} s pass`,
  refusal: () => undefined,
  act: (run) => run.play('clock', { advance_ms: seconds * 1000 }),
  apply(model) {
    model.now += seconds
  },
}))

/** Every kind of step, those that more depends on more than once. */
export const steps: readonly fc.Arbitrary<Step>[] = [
  sayInGroup,
  sayInGroup,
  sayInPrivate,
  sendToGroup,
  sendToPerson,
  recall,
  recall,
  poke,
  pass,
  createUser,
  updateUser,
  deleteUser,
  createGroup,
  updateGroup,
  deleteGroup,
  join,
  leave,
  kick,
  setAdmin,
  ban,
  wholeBan,
  setCard,
  requestJoin,
  answerRequest,
  keep,
  restore,
  reset,
]

function groupSpeech(model: Model, author: number, groupId: number): string | undefined {
  const unheard = author === bot ? undefined : model.unheardGroup(groupId)
  const missing = unheard ?? model.missingMember(groupId, author)
  if (missing) return missing
  if (isMuted(model, groupId, author)) return 'MUTED'
  const isSilenced = model.world.groups.get(groupId)!.isSilent && model.role(groupId, author) === 'member'
  return isSilenced ? 'WHOLE_BAN' : undefined
}

function isMuted(model: Model, groupId: number, user: number): boolean {
  return (model.world.groups.get(groupId)!.mutes.get(user) ?? 0) > model.now
}

/** Why someone cannot do anything in a group. */
function actorRefusal(model: Model, actor: number, groupId: number): string | undefined {
  if (!model.world.users.has(actor)) return 'USER_NOT_FOUND'
  const unheard = actor === bot ? undefined : model.unheardGroup(groupId)
  return unheard ?? model.missingMember(groupId, actor)
}

/** Why someone cannot do to another what takes a higher role. */
function manageRefusal(model: Model, actor: number, groupId: number, target: number): string | undefined {
  const missing = actorRefusal(model, actor, groupId) ?? model.missingMember(groupId, target)
  if (missing) return missing
  const isAbove = ranks[model.role(groupId, actor)!] > ranks[model.role(groupId, target)!]
  return isAbove ? undefined : 'NOT_MANAGEABLE'
}

function newcomerRefusal(model: Model, groupId: number, user: number): string | undefined {
  if (model.role(groupId, user)) return 'ALREADY_IN_GROUP'
  return model.world.groups.get(groupId)!.exiles.has(user) ? 'JOIN_BLOCKED' : undefined
}

function privateSpeech(model: Model, user: number): string | undefined {
  const found = model.world.users.get(user)
  if (!found) return 'USER_NOT_FOUND'
  return found.friend === 'two-way' || model.sharesGroup(user) ? undefined : 'NOT_A_FRIEND'
}

function recallRefusal(model: Model, actor: number, id: number): string | undefined {
  const message = model.messages.get(id)
  if (!message || !model.world.said.has(id)) return 'MESSAGE_NOT_FOUND'
  const [type, chat] = message.chat.split(':') as [string, string]
  if (type === 'group') {
    const missing = model.unheardGroup(Number(chat)) ?? model.missingMember(Number(chat), actor)
    if (missing) return missing
    const rank = ranks[model.role(Number(chat), actor)!]
    if (rank > ranks[model.role(Number(chat), message.author) ?? 'member']) {
      return message.recalled ? 'ALREADY_RECALLED' : undefined
    }
  } else if (actor !== bot && actor !== Number(chat)) {
    return 'MESSAGE_NOT_FOUND'
  }
  if (message.author !== actor) return 'RECALL_REFUSED'
  if (model.now - message.time > 120) return 'RECALL_TOO_LATE'
  return message.recalled ? 'ALREADY_RECALLED' : undefined
}

function expectSender(model: Model, user_id: number, more: object): unknown {
  return expect.objectContaining({ user_id, nickname: model.world.users.get(user_id)!.nickname, ...more })
}

/** A new id is the one that was asked for, or the lowest that was free. */
function expectFree(taken: ReadonlyMap<number, unknown>, id: number, wanted: number | undefined, from: number): void {
  let free = from
  while (taken.has(free)) free++
  expect(id).toBe(wanted ?? free)
}
