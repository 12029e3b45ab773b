import { expect } from 'vitest'
import { restart, startSandbox, worldOf } from '../run.ts'
import type { Overview, Run } from '../run.ts'

/*
 * A network as simple as it can be written down: what must be true of the sandbox after any row of steps. To cover more
 * of the sandbox, give the model what the new thing changes, say in `expectSame` where it can be seen, and add a step.
 */

export const bot = 10000
const beginning = Date.UTC(2024, 0, 1) / 1000

export type Role = 'owner' | 'admin' | 'member'

export interface ModelUser {
  nickname: string
  friend: 'two-way' | 'one-way' | undefined
}

interface ModelGroup {
  name: string
  isSilent: boolean
  readonly roles: Map<number, Role>
  readonly cards: Map<number, string>
  /** Until when members are muted. */
  readonly mutes: Map<number, number>
  /** Who was removed for good. */
  readonly exiles: Set<number>
}

interface ModelRequest {
  readonly user: number
  readonly group: number
  isAnswered: boolean
}

interface ModelMessage {
  /** `group:20001` or `private:10001`. */
  readonly chat: string
  readonly seq: number
  readonly author: number
  readonly time: number
  recalled: boolean
}

/** What a snapshot holds. */
interface ModelWorld {
  readonly users: Map<number, ModelUser>
  readonly groups: Map<number, ModelGroup>
  readonly discuss: Set<number>
  /** The ids of what was said, in the chats of this world. */
  readonly said: Set<number>
  /** Who asked to be let into a group, by their flags. */
  readonly requests: Map<string, ModelRequest>
}

export class Model {
  world: ModelWorld = freshWorld()
  readonly snapshots = new Map<string, ModelWorld>()
  /** Everything that was ever said, in this world or not. */
  readonly messages = new Map<number, ModelMessage>()
  readonly #lastSeqs = new Map<string, number>()
  lastMessageId = 0
  lastFlag = 0
  now = beginning

  keep(name: string): void {
    this.snapshots.set(name, structuredClone(this.world))
  }

  restore(name: string): void {
    this.world = structuredClone(this.snapshots.get(name)!)
  }

  reset(): void {
    this.world = freshWorld()
  }

  /** Remembers a message as the sandbox numbered it; the numbers must go on where they were. */
  say(chat: string, author: number, { message_id, message_seq }: { message_id: number; message_seq?: number }): void {
    expect(message_id).toBe(this.lastMessageId + 1)
    const seq = (this.#lastSeqs.get(chat) ?? 0) + 1
    if (message_seq !== undefined) expect(message_seq).toBe(seq)
    this.lastMessageId = message_id
    this.#lastSeqs.set(chat, seq)
    this.messages.set(message_id, { chat, seq, author, time: this.now, recalled: false })
    this.world.said.add(message_id)
  }

  /** Nothing that was said in a chat is there any more. */
  endChat(chat: string): void {
    for (const id of this.world.said) if (this.messages.get(id)!.chat === chat) this.world.said.delete(id)
  }

  /** Takes someone out of a group, with what they had there. */
  removeMember(group: number, user: number): void {
    const { roles, cards, mutes } = this.world.groups.get(group)!
    for (const map of [roles, cards, mutes]) map.delete(user)
  }

  removeGroup(group: number): void {
    this.world.groups.delete(group)
    this.dropRequests((request) => request.group === group)
    this.endChat(`group:${group}`)
  }

  /** Nobody waits for an answer any more to what such requests ask. */
  dropRequests(isMeant: (request: ModelRequest) => boolean): void {
    const { requests } = this.world
    for (const [flag, request] of requests) if (!request.isAnswered && isMeant(request)) requests.delete(flag)
  }

  role(group: number, user: number): Role | undefined {
    return this.world.groups.get(group)?.roles.get(user)
  }

  /** Why someone cannot be found, be it as a user or in a group. */
  missingMember(group: number, user: number): string | undefined {
    if (!this.world.groups.has(group)) return 'GROUP_NOT_FOUND'
    if (this.role(group, user)) return undefined
    return this.world.users.has(user) ? 'MEMBER_NOT_FOUND' : 'USER_NOT_FOUND'
  }

  /** Why someone cannot speak, or poke, in a group. */
  unheardGroup(group: number): string | undefined {
    if (!this.world.groups.has(group)) return 'GROUP_NOT_FOUND'
    return this.role(group, bot) ? undefined : 'BOT_NOT_IN_GROUP'
  }

  sharesGroup(user: number): boolean {
    return [...this.world.groups.values()].some(({ roles }) => roles.has(bot) && roles.has(user))
  }
}

function freshWorld(): ModelWorld {
  const user = (nickname: string, friend?: ModelUser['friend']): ModelUser => ({ nickname, friend })
  const group = (name: string, roles: Readonly<Record<number, Role>>) =>
    newGroup(name, new Map(Object.entries(roles).map(([id, role]) => [Number(id), role])))
  return {
    users: new Map([
      [bot, user('SeekYou')],
      [10001, user('Alice', 'two-way')],
      [10002, user('Bob', 'two-way')],
      [10003, user('Carol', 'two-way')],
      [10004, user('Dave')],
      [10005, user('Erin', 'one-way')],
    ]),
    groups: new Map([
      [20001, group('Sandbox', { 10000: 'owner', 10001: 'member', 10002: 'member', 10003: 'admin', 10004: 'member' })],
      [20002, group('Guests', { 10000: 'member', 10001: 'admin', 10002: 'member', 10003: 'owner' })],
      [20003, group('Archive', { 10002: 'owner', 10004: 'member' })],
    ]),
    discuss: new Set([10001, 10002, bot]),
    said: new Set(),
    requests: new Map(),
  }
}

export function newGroup(name: string, roles: Map<number, Role>): ModelGroup {
  return { name, isSilent: false, roles, cards: new Map(), mutes: new Map(), exiles: new Set() }
}

/** The sandbox beside the model; a restart puts another one in its place. */
export interface Real {
  run: Run
  /** How many events had been told after the last step; a restart begins at 0. */
  heard: number
}

export async function startReal(): Promise<Real> {
  return { run: await startSandbox({ clock: 'virtual', seed: 1 }), heard: 0 }
}

export async function restartReal(real: Real): Promise<void> {
  real.run = await restart(real.run)
  real.heard = 0
}

/** Holds the sandbox against the model, and both against what must be true of any network. */
export async function expectSame(model: Model, { run }: Real): Promise<void> {
  const { users, groups, discuss, said } = model.world
  const seen = await worldOf(run)
  expect(seen.users.map(({ user_id, nickname }) => [user_id, nickname])).toEqual(
    inOrder(users).map(([id, { nickname }]) => [id, nickname]),
  )
  expect(seen.friends.map(({ user_id, direction }) => [user_id, direction])).toEqual(
    inOrder(users).flatMap(([id, { friend }]) => (friend ? [[id, friend]] : [])),
  )
  expect(seen.groups.map(seenGroup)).toEqual(
    inOrder(groups).map(([id, { name, isSilent, roles, cards, mutes, exiles }]) => ({
      id,
      name,
      isSilent,
      members: inOrder(roles).map(([user, role]) => [user, role, cards.get(user) ?? '', mutes.get(user) ?? 0]),
      exiles: [...exiles].toSorted((left, right) => left - right),
    })),
  )
  expect(seen.requests.map(({ flag, user_id, answer }) => [flag, user_id, answer !== null])).toEqual(
    [...model.world.requests].map(([flag, { user, isAnswered }]) => [flag, user, isAnswered]),
  )
  expect(new Set(seen.discusses.flatMap(({ member_ids }) => member_ids))).toEqual(discuss)

  for (const { roles } of groups.values()) {
    expect([...roles.values()].filter((role) => role === 'owner')).toHaveLength(1)
    for (const id of roles.keys()) expect(users.has(id)).toBe(true)
  }
  const listed = (await run.act('get_group_list')) as { group_id: number; member_count: number }[]
  expect(listed.map(({ group_id, member_count }) => [group_id, member_count])).toEqual(
    inOrder(groups).flatMap(([id, { roles }]) => (roles.has(bot) ? [[id, roles.size]] : [])),
  )

  const chats = [
    ...[...groups.keys()].map((id) => [`group:${id}`, { group_id: id }] as const),
    ...[...users.keys()].map((id) => [`private:${id}`, { user_id: id }] as const),
  ]
  for (const [chat, params] of chats) {
    const { messages } = (await run.play('messages', params)) as {
      messages: { message_id: number; message_seq: number; user_id: number; time: number; recalled: boolean }[]
    }
    const expected = inOrder(model.messages).filter(([id, message]) => message.chat === chat && said.has(id))
    expect(
      messages.map(({ message_id, message_seq, user_id, time, recalled }) => [
        message_id,
        { chat, seq: message_seq, author: user_id, time, recalled },
      ]),
    ).toEqual(expected.slice(-20))
  }
}

function seenGroup({ group_id, group_name, whole_ban, members, exiles }: Overview['groups'][number]) {
  return {
    id: group_id,
    name: group_name,
    isSilent: whole_ban,
    members: members.map(({ user_id, role, card, mute_until }) => [user_id, role, card, mute_until]),
    exiles,
  }
}

function inOrder<V>(things: ReadonlyMap<number, V>): [number, V][] {
  return [...things].toSorted(([left], [right]) => left - right)
}
