import { createHash } from 'node:crypto'
import type { DiscussId, GroupId, GuildScopedId, Identity, UserId } from '@seekyou/protocol'
import { sex } from '@seekyou/protocol'
import * as z from 'zod'
import {
  beginning,
  channelTypes,
  newFriendship,
  newGroup,
  newGuildMember,
  newMember,
  newUser,
  present,
} from './document.ts'
import type { Document, GuildMember, Member, Origin } from './document.ts'

/*
 * A world as people write it down: who is there, and who is with whom. What is said of nobody has a default, and ids
 * that are not given are allotted. Wire names throughout.
 */

const rangePattern = /^\d{1,15}-\d{1,15}$/

/** Who the bot is where nobody says it. */
export const usualBot: Identity = { user_id: 10000 as UserId, nickname: 'SeekYou' }

/** What a world file can say. */
export const worldFile = z.lazy(() => {
  const positive = { error: 'a positive integer' }
  const count = z.int({ error: 'an integer from 0 on' }).nonnegative({ error: 'an integer from 0 on' })
  const name = z.string({ error: 'text' }).min(1, { error: 'text that is not empty' })
  const range = z
    .string({ error: 'a range of ids such as 10101-10300' })
    .regex(rangePattern, { error: 'a range of ids such as 10101-10300' })
  const oneId = z.int(positive).positive(positive)
  const who = z
    .union([oneId, name], { error: 'an id, a nickname or "bot"' })
    .describe('a user: their id, their nickname if nobody else has it, or `bot`')
  const whoOrRange = z
    .union([oneId, name], { error: 'an id, a nickname, "bot", or a range of ids such as 10101-10300' })
    .describe('a user, or a range of ids such as `10101-10300`')

  const person = {
    sex: sex().optional(),
    age: count.optional(),
    area: z.string().optional(),
    level: count.optional(),
    qid: z.string().optional(),
    sign: z.string().optional().describe('signature'),
    login_days: count.optional(),
    vip_level: z.string().optional().describe('`vip1`, `svip6` and so on; empty without a membership'),
  }

  const bot = z
    .strictObject({
      user_id: oneId.brand<'UserId'>().default(usualBot.user_id),
      nickname: name.default(usualBot.nickname),
      ...person,
    })
    .describe('the account that the bot program is')

  const user = z.strictObject({
    user_id: z
      .union([oneId, range], { error: 'a positive integer, or a range such as 10101-10300' })
      .optional()
      .describe('a number, or a range such as `10101-10300` for that many people; absent: the next one that is free'),
    nickname: name.describe(
      'how people are called, here and in lists of members; of a range, `{id}` is each one’s number',
    ),
    ...person,
    friend: z
      .union([z.boolean(), z.enum(['two-way', 'one-way'])], { error: 'true, false, two-way or one-way' })
      .default(false)
      .describe('whether they are a friend of the bot; one-way: they have the bot, the bot does not have them'),
    remark: z.string().optional().describe('what the bot calls its friend'),
  })

  const member = z.union(
    [
      whoOrRange,
      z.strictObject({ user: who, card: z.string().optional(), title: z.string().optional(), level: count.optional() }),
    ],
    { error: 'a user, a range of ids, or a block with user, card, title, level' },
  )

  const group = z.strictObject({
    group_id: oneId.optional().describe('absent: the next one that is free'),
    group_name: name,
    group_memo: z.string().optional(),
    group_level: count.optional(),
    max_member_count: oneId.optional().describe('absent: as the network has it for so many members'),
    whole_ban: z.boolean().optional().describe('whether plain members are silenced'),
    anonymous: z.boolean().optional().describe('whether members may speak in masks'),
    owner: who,
    admins: z.array(who).default([]),
    members: z
      .array(member)
      .default([])
      .describe('everyone else; also those above who have a card, a title or a level'),
  })

  const discuss = z.strictObject({
    discuss_id: oneId.optional().describe('absent: the next one that is free'),
    discuss_name: name,
    members: z.array(whoOrRange).default([]),
  })

  const decimal = { error: 'a decimal number of up to 20 digits' }
  const guildId = z.union([oneId.transform(String), z.string(decimal).regex(/^\d{1,20}$/, decimal)], decimal)

  const channel = z.strictObject({
    channel_id: guildId.optional(),
    channel_name: name,
    type: z.enum(['text', 'voice', 'live', 'topic'], { error: 'text, voice, live or topic' }).default('text'),
  })

  const guild = z.strictObject({
    guild_id: guildId.optional().describe('absent: the next one that is free'),
    guild_name: name,
    guild_profile: z.string().optional().describe('what it says of itself'),
    owner: who,
    admins: z.array(who).default([]),
    members: z.array(whoOrRange).default([]).describe('everyone else'),
    channels: z.array(channel).default([]),
  })

  return z
    .strictObject({
      bot: bot.prefault({}),
      users: z.array(user).default([]).describe('everyone but the bot'),
      groups: z.array(group).default([]),
      guilds: z.array(guild).default([]),
      discusses: z.array(discuss).default([]).describe('groups without roles (CQHTTP v2 to v4)'),
    })
    .superRefine((file, context) => {
      populate(file, {}, (path, message, input) => context.addIssue({ code: 'custom', path, message, input }))
    })
})
export type WorldFile = z.output<typeof worldFile>

/** Who the bot is in a world. */
export function botOf({ bot: { user_id, nickname } }: WorldFile): Identity {
  return { user_id, nickname }
}

/** A world with another number for its bot, if one is given. */
export function withBot(file: WorldFile, selfId: number | undefined): WorldFile {
  return selfId === undefined ? file : { ...file, bot: { ...file.bot, user_id: selfId as UserId } }
}

/** What the number of a bot would have to be, if it cannot have this one in a world. */
export function numberProblem(file: WorldFile, selfId: number | undefined): string | undefined {
  let isTaken = false
  if (selfId !== undefined) populate(withBot(file, selfId), {}, () => (isTaken = true))
  return isTaken ? `a number that nobody else in its world has` : undefined
}

/** A world file as documents; what it names without an id has the id it had in `before`, else one that is free. */
export function compileWorld(
  file: WorldFile,
  before: Origin | undefined,
): { documents: Document[]; origin: () => Origin } {
  const { documents, ids } = populate(file, before?.ids ?? {}, (path, message) => {
    throw new Error(`a world file that was checked is wrong: ${path.join('.')} takes ${message}`)
  })
  return { documents: documents(), origin: () => ({ kind: 'origin', digest: digestOf(file), ids }) }
}

/** Two files that say the same have the same digest. */
export function digestOf(file: WorldFile): string {
  return createHash('sha256').update(JSON.stringify(file)).digest('hex')
}

type Report = (path: (string | number)[], accepted: string, input: unknown) => void

/**
 * Reads who and what a file names, and allots ids to what it names without one; `documents` writes the world down, which
 * takes a while where it is large, and which nobody needs who only looks for what is wrong.
 */
function populate(file: WorldFile, before: Readonly<Record<string, number>>, report: Report) {
  const ids: Record<string, number> = { ...before }
  const people = readPeople(file, ids, report)
  const groups = readGroups(file, people.find, ids, report)
  const discusses = readDiscusses(file, people.find, ids, report)
  const guilds = readGuilds(file, people.find, ids, report)
  const documents = (): Document[] =>
    [people.entries.map(personDocuments), groups.map(groupDocuments), [discusses, guilds]].flat(2)
  return { documents, ids }
}

type Find = ReturnType<typeof readPeople>['find']

function personDocuments({ user_id, nickname, friend, remark, details }: Entry): Document[] {
  const documents: Document[] = [newUser({ ...details, user_id, nickname })]
  if (friend === false) return documents
  const direction = friend === true ? 'two-way' : friend
  return [...documents, newFriendship({ user_id, direction, ...(remark !== undefined && { remark }) })]
}

/** A group with those in it, and what is said of each; the details are those that the file says. */
interface GroupEntry {
  readonly group_id: GroupId
  readonly group_name: string
  readonly max_member_count: number
  readonly details: object
  readonly roster: ReadonlyMap<UserId, Partial<Member>>
}

function readGroups({ groups }: WorldFile, find: Find, ids: Record<string, number>, report: Report): GroupEntry[] {
  const groupIds = allot(
    groups.map(({ group_id, group_name }) => ({ id: group_id, name: group_name })),
    { kind: 'group', from: 20001, ids, report, list: 'groups' },
  )
  return groups.map((written, index): GroupEntry => {
    const { owner, admins, members, group_id: _id, group_name, max_member_count, ...details } = written
    const named = (path: (string | number)[], given: string | number) =>
      find(given, (accepted) => report(['groups', index, ...path], accepted, given))
    const roster = new Map<UserId, Partial<Member>>()
    for (const [at, one] of members.entries()) {
      const { user: given, ...about } = typeof one === 'object' ? one : { user: one }
      const path = typeof one === 'object' ? ['members', at, 'user'] : ['members', at]
      const said = present(about)
      for (const user_id of named(path, given)) roster.set(user_id, said)
    }
    for (const [at, one] of admins.entries()) {
      for (const user_id of named(['admins', at], one)) roster.set(user_id, { ...roster.get(user_id), role: 'admin' })
    }
    for (const user_id of named(['owner'], owner)) roster.set(user_id, { ...roster.get(user_id), role: 'owner' })
    return {
      group_id: groupIds[index] as GroupId,
      group_name,
      max_member_count: max_member_count ?? roomFor(roster.size),
      details: present(details),
      roster,
    }
  })
}

function groupDocuments({ group_id, group_name, max_member_count, details, roster }: GroupEntry): Document[] {
  // A copy of one that is made is cheaper than one that is made, and there may be very many.
  const [first = 0 as UserId] = roster.keys()
  const anyone = newMember({ group_id, user_id: first })
  const documents: Document[] = [newGroup({ ...details, group_id, group_name, max_member_count })]
  for (const [user_id, about] of roster) documents.push({ ...anyone, ...about, user_id })
  return documents
}

function readDiscusses(
  { discusses }: WorldFile,
  find: Find,
  ids: Record<string, number>,
  report: Report,
): readonly Document[] {
  const discussIds = allot(
    discusses.map(({ discuss_id, discuss_name }) => ({ id: discuss_id, name: discuss_name })),
    { kind: 'discuss', from: 30001, ids, report, list: 'discusses' },
  )
  return discusses.map(({ discuss_name, members }, index): Document => {
    const member_ids = members.flatMap((given, at) =>
      find(given, (accepted) => report(['discusses', index, 'members', at], accepted, given)),
    )
    const discuss_id = discussIds[index] as DiscussId
    return { kind: 'discuss', discuss_id, discuss_name, member_ids: [...new Set(member_ids)] }
  })
}

function readGuilds({ guilds }: WorldFile, find: Find, ids: Record<string, number>, report: Report): Document[] {
  const guildIds = allotDecimals(
    guilds.map(({ guild_id, guild_name }, at) => ({ id: guild_id, name: guild_name, path: ['guilds', at] })),
    { kind: 'guild', from: 40001, ids, report },
  )
  const channelIds = allotDecimals(
    guilds.flatMap(({ guild_name, channels }, at) =>
      channels.map(({ channel_id, channel_name }, index) => ({
        id: channel_id,
        name: `${guild_name}/${channel_name}`,
        path: ['guilds', at, 'channels', index],
      })),
    ),
    { kind: 'channel', from: 50001, ids, report },
  )
  return guilds.flatMap(({ guild_name, guild_profile = '', owner, admins, members, channels }, at): Document[] => {
    const guild_id = guildIds[at]!
    const named = (path: (string | number)[], given: string | number) =>
      find(given, (accepted) => report(['guilds', at, ...path], accepted, given))
    const roster = new Map<UserId, GuildMember['standing']>()
    for (const [index, one] of members.entries())
      for (const id of named(['members', index], one)) roster.set(id, 'member')
    for (const [index, one] of admins.entries()) for (const id of named(['admins', index], one)) roster.set(id, 'admin')
    const owners = named(['owner'], owner)
    for (const id of owners) roster.set(id, 'owner')
    return [
      { kind: 'guild', guild_id, guild_name, guild_profile, create_time: beginning },
      ...channels.map(({ channel_name, type }): Document => ({
        kind: 'channel',
        guild_id,
        channel_id: channelIds.shift()!,
        channel_name,
        channel_type: channelTypes[type],
        creator_id: owners[0] ?? (0 as UserId),
        create_time: beginning,
      })),
      ...[...roster].map(([user_id, standing]) => newGuildMember({ guild_id, user_id, standing })),
    ]
  })
}

/** The same for ids that are decimal text. */
function allotDecimals(
  things: readonly { readonly id: string | undefined; readonly name: string; readonly path: (string | number)[] }[],
  { kind, from, ids, report }: { kind: string; from: number; ids: Record<string, number>; report: Report },
): GuildScopedId[] {
  const given = new Set<string>()
  for (const { id, path } of things) {
    if (id !== undefined && given.has(id)) report([...path, `${kind}_id`], 'an id that no other has', id)
    if (id !== undefined) given.add(id)
  }
  const remembered = new Set(Object.entries(ids).flatMap(([key, id]) => (key.startsWith(`${kind}/`) ? [id] : [])))
  let next = from
  return things.map(({ id, name: called }) => {
    if (id !== undefined) return id as GuildScopedId
    const key = `${kind}/${called}`
    if (ids[key] === undefined || given.has(String(ids[key]))) {
      while (given.has(String(next)) || remembered.has(next)) next++
      ids[key] = next
      remembered.add(next)
    }
    given.add(String(ids[key]))
    return String(ids[key]) as GuildScopedId
  })
}

/** The most members that the network lets a group of a size have. */
export function roomFor(members: number): number {
  return [200, 500, 1000, 2000].find((room) => room >= members) ?? Math.max(3000, members)
}

type Friend = WorldFile['users'][number]['friend']

interface Entry {
  readonly user_id: UserId
  readonly nickname: string
  readonly friend: Friend
  readonly remark: string | undefined
  readonly details: object
}

/** The most people that one range can be. */
const mostPeople = 100_000

function readPeople(file: WorldFile, ids: Record<string, number>, report: Report) {
  const { user_id: botId, nickname: botName, ...botDetails } = file.bot
  const entries: Entry[] = [
    {
      user_id: botId,
      nickname: botName,
      friend: false,
      remark: undefined,
      details: { age: 1, sign: 'CQ CQ CQ', level: 16, ...present(botDetails) },
    },
  ]
  const taken = new Set<number>([botId])
  const single = allot(
    file.users.map(({ user_id, nickname }) => ({
      id: typeof user_id === 'string' ? readRange(user_id)[0] : user_id,
      name: nickname,
    })),
    {
      kind: 'user',
      from: 10001,
      ids,
      report,
      list: 'users',
      taken: file.users.flatMap(({ user_id }) => (typeof user_id === 'string' ? [readRange(user_id)] : [])),
      bot: botId,
    },
  )
  for (const [index, { user_id, nickname, friend, remark, ...rest }] of file.users.entries()) {
    const details = present(rest)
    const [first, last] = typeof user_id === 'string' ? readRange(user_id) : [single[index]!, single[index]!]
    if (last < first || first < 1 || last - first >= mostPeople) {
      report(['users', index, 'user_id'], `a range that rises, of at most ${mostPeople} ids`, user_id)
      continue
    }
    for (let id = first; id <= last; id++) {
      if (taken.has(id)) {
        report(['users', index, 'user_id'], `an id that nobody else has (${id} is taken)`, user_id)
        break
      }
      taken.add(id)
      const called = typeof user_id === 'string' ? nickname.replaceAll('{id}', String(id)) : nickname
      entries.push({ user_id: id as UserId, nickname: called, friend, remark, details })
    }
  }

  const byName = new Map<string, UserId[]>()
  for (const { user_id, nickname } of entries) {
    const others = byName.get(nickname)
    if (others) others.push(user_id)
    else byName.set(nickname, [user_id])
  }
  byName.set('bot', [botId])

  /** Who is meant; whoever asks is told what would have been right. */
  function find(given: string | number, problem: (accepted: string) => void): readonly UserId[] {
    if (typeof given === 'number') {
      if (taken.has(given)) return [given as UserId]
      problem('the id of a user of this file')
      return []
    }
    if (rangePattern.test(given)) {
      const [first, last] = readRange(given)
      const meant = last - first < mostPeople ? Array.from({ length: last - first + 1 }, (_, at) => first + at) : []
      if (meant.length > 0 && meant.every((id) => taken.has(id))) return meant as UserId[]
      problem('a range of ids of which each is a user of this file')
      return []
    }
    const [found, another] = byName.get(given) ?? []
    if (found !== undefined && another === undefined) return [found]
    problem(
      another === undefined ? 'the nickname of a user of this file' : 'a nickname that only one user has, or an id',
    )
    return []
  }
  return { entries, find }
}

/** Gives everyone without an id the one they had, or the next that is free; remembers whom it gave which. */
function allot(
  things: readonly { readonly id: number | undefined; readonly name: string }[],
  around: {
    readonly kind: string
    readonly from: number
    readonly ids: Record<string, number>
    readonly report: Report
    readonly list: string
    readonly taken?: readonly (readonly [number, number])[]
    readonly bot?: number
  },
): readonly number[] {
  const { kind, ids, report, list, taken: ranges = [] } = around
  const taken = new Set(things.flatMap(({ id }) => (id === undefined ? [] : [id])))
  if (around.bot !== undefined) taken.add(around.bot)
  const rangeAround = (id: number) => ranges.find(([first, last]) => id >= first && id <= last)
  const isTaken = (id: number) => taken.has(id) || rangeAround(id) !== undefined
  const given = new Set(Object.entries(ids).flatMap(([key, id]) => (key.startsWith(`${kind}/`) ? [id] : [])))
  const named = new Set<string>()
  const explicit = new Set<number>()
  let next = around.from
  return things.map(({ id, name: called }, index) => {
    if (id !== undefined) {
      // Of users more is checked where their ranges are read.
      if (kind !== 'user' && explicit.has(id)) report([list, index, `${kind}_id`], 'an id that no other has', id)
      explicit.add(id)
      return id
    }
    if (named.has(called)) {
      report([list, index], `an id of its own, since another is called ${JSON.stringify(called)} as well`, called)
    }
    named.add(called)
    const key = `${kind}/${called}`
    const before = ids[key]
    if (before === undefined || isTaken(before)) {
      while (isTaken(next) || given.has(next)) next = (rangeAround(next)?.[1] ?? next) + 1
      ids[key] = next
    }
    taken.add(ids[key]!)
    given.add(ids[key]!)
    return ids[key]!
  })
}

function readRange(text: string): [first: number, last: number] {
  const [first, last] = text.split('-').map(Number)
  return [first!, last!]
}
