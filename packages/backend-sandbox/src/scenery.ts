import { ActionFailure, chatKey } from '@seekyou/protocol'
import type { Identity, UserId } from '@seekyou/protocol'
import { builtIn, isBuiltIn } from './default-world.ts'
import { groupKinds, guildKinds, keyOf, placeOf } from './document.ts'
import type { Channel, Document, Kind, Member } from './document.ts'
import type { World } from './world.ts'
import { botOf, compileWorld, digestOf, usualBot, withBot } from './world-file.ts'
import type { WorldFile } from './world-file.ts'

/** Where the world of a network comes from when it begins: a world built in, or a file that is read each time. */
export class Scenery {
  readonly #world: string
  readonly #readFile: (() => WorldFile | Promise<WorldFile>) | undefined
  readonly #selfId: number | undefined

  /**
   * @param world the name of a world built in, or else what the file is called.
   * @param selfId the number of the bot, whatever the world says.
   */
  constructor(world: string, readFile: (() => WorldFile | Promise<WorldFile>) | undefined, selfId?: number) {
    if (!isBuiltIn(world) && !readFile) throw new Error(`${world} names a world file, and nothing reads it`)
    this.#world = world
    this.#readFile = readFile
    this.#selfId = selfId
  }

  /** What the configured world says now. */
  async read(): Promise<WorldFile> {
    return withBot(isBuiltIn(this.#world) ? builtIn[this.#world] : await this.#readFile!(), this.#selfId)
  }

  /** Who the bot is. */
  async identify(): Promise<Identity> {
    if (!isBuiltIn(this.#world)) return botOf(await this.read())
    return { ...usualBot, ...(this.#selfId !== undefined && { user_id: this.#selfId as UserId }) }
  }

  /** Begins the world of a first start; where there is one, makes it what a changed file says. */
  async open(world: World): Promise<void> {
    const isFirst = world.users().length === 0
    // What is built in never changes.
    if (isFirst || !isBuiltIn(this.#world)) {
      const file = await this.read()
      if (isFirst) this.#begin(world, file, this.#world)
      else if (world.find('origin')?.digest !== digestOf(file)) renew(world, file)
    }
    await world.saved()
  }

  /** Begins a fresh world: the configured one, or one that is built in. */
  async reset(world: World, name: string = this.#world): Promise<void> {
    const file = isBuiltIn(name) ? withBot(builtIn[name], this.#selfId) : await this.#reread()
    checkBot(world, file)
    this.#begin(world, file, name)
    await world.saved()
  }

  /** Makes the world what its file says now. */
  async reload(world: World): Promise<void> {
    if (isBuiltIn(this.#world)) {
      throw new ActionFailure(
        'unsupported',
        `the world ${this.#world} is built in; only a world file can be read again`,
      )
    }
    const file = await this.#reread()
    checkBot(world, file)
    renew(world, file)
    await world.saved()
  }

  #begin(world: World, file: WorldFile, name: string): void {
    const { documents, origin } = compileWorld(file, world.find('origin'))
    world.begin(documents)
    if (!isBuiltIn(name)) world.put(origin())
  }

  /** The file as it is now; what is wrong with it is for whoever asked. */
  async #reread(): Promise<WorldFile> {
    try {
      return await this.read()
    } catch (error) {
      throw new ActionFailure('file', `${this.#world} cannot be used: ${(error as Error).message}`, {
        code: 'WORLD_UNREADABLE',
        cause: error,
      })
    }
  }
}

/** An account keeps its number for as long as it runs. */
function checkBot(world: World, { bot }: WorldFile): void {
  if (bot.user_id === world.bot) return
  throw new ActionFailure('refused', `the bot of that world is ${bot.user_id}, and this account is ${world.bot}`, {
    code: 'OTHER_BOT',
  })
}

/** The kinds of document that a world file speaks of. */
const writtenKinds: ReadonlySet<Kind> = new Set([
  'user',
  'friend',
  'group',
  'member',
  'discuss',
  'guild',
  'channel',
  'guild_member',
])

/**
 * Makes a world what a file says: what the file no longer names goes, what it names anew comes, and what both know
 * keeps its numbers and what happened to it since.
 */
function renew(world: World, file: WorldFile): void {
  const { documents, origin } = compileWorld(file, world.find('origin'))
  const known = new Map(world.documents().map((document) => [keyOf(document), document]))
  const groups = new Set<unknown>(
    documents.flatMap((document) => (document.kind === 'group' ? [document.group_id] : [])),
  )
  const guilds = new Set<unknown>(
    documents.flatMap((document) => (document.kind === 'guild' ? [document.guild_id] : [])),
  )
  const chats = new Set(documents.map(chatOfDocument))
  const membership = ({ group_id, user_id }: Pick<Member, 'group_id' | 'user_id'>) => `${group_id}/${user_id}`
  const members = new Set(documents.flatMap((document) => (document.kind === 'member' ? [membership(document)] : [])))
  const channelOf = ({ guild_id, channel_id }: Pick<Channel, 'guild_id' | 'channel_id'>) => `${guild_id}/${channel_id}`
  const channels = new Set(documents.flatMap((document) => (document.kind === 'channel' ? [channelOf(document)] : [])))
  const stays = [...known.values()].filter((document) => {
    if (writtenKinds.has(document.kind)) return false
    if (document.kind === 'log') return chats.has(document.chat)
    // What a member has in a group goes with them.
    if (document.kind === 'mask' || document.kind === 'honor') return members.has(membership(document))
    if (document.kind === 'guild_message' || document.kind === 'feed') return channels.has(channelOf(document))
    if (guildKinds.includes(document.kind)) return guilds.has(placeOf(document)[0])
    return !groupKinds.includes(document.kind) || groups.has(placeOf(document)[0])
  })
  world.begin([...stays, ...documents.map((document) => withHistory(document, known.get(keyOf(document))))])
  world.put(origin())
}

/** The conversation that a document of the world is one side of. */
function chatOfDocument(document: Document): string | undefined {
  switch (document.kind) {
    case 'user':
      return chatKey({ type: 'private', user_id: document.user_id })
    case 'group':
      return chatKey({ type: 'group', group_id: document.group_id })
    case 'discuss':
      return chatKey({ type: 'discuss', discuss_id: document.discuss_id })
    default:
      return undefined
  }
}

/** A document as a file says it, with what no file says and time has made of it. */
function withHistory(document: Document, before: Document | undefined): Document {
  if (document.kind === 'user' && before?.kind === 'user') return { ...document, avatar: before.avatar }
  if (document.kind === 'group' && before?.kind === 'group') {
    const { group_create_time, portrait, remark } = before
    return { ...document, group_create_time, portrait, remark }
  }
  if (document.kind === 'member' && before?.kind === 'member') {
    const { join_time, last_sent_time, mute_until, sign_time } = before
    return { ...document, join_time, last_sent_time, mute_until, sign_time }
  }
  if (document.kind === 'guild_member' && before?.kind === 'guild_member') {
    const { role_ids, title, join_time } = before
    return { ...document, role_ids, title, join_time }
  }
  return document
}
