import { chatKey } from '@seekyou/protocol'
import type { BackendState, Chat, DiscussId, GroupId, UserId } from '@seekyou/protocol'
import { groupKinds, guildKinds, isLasting, keyOf, placeOf } from './document.ts'
import type {
  Clip,
  Discuss,
  Document,
  DocumentOf,
  Friendship,
  Group,
  Guild,
  Image,
  Kind,
  Log,
  Member,
  OwnerOf,
  Place,
  PlaceOf,
  User,
} from './document.ts'
import { packPage, unpackPage } from './page.ts'
import type { Page } from './page.ts'

/** What is stored: documents, many of them together in a page, and that a document of a page is there no longer. */
type Row =
  | Document
  | { readonly kind: 'page'; readonly page: Page }
  | { readonly kind: 'gone'; readonly document: Document }

/** A document that came, went or is another now, with what it was before; or that the world is another one. */
export type Change =
  | {
      readonly document: Document
      readonly before: Document | undefined
      /** It was removed. */
      readonly isGone?: true
    }
  | 'everything'

/** A world of more documents than this is stored by the page: rows of their own would take seconds to write. */
const mostRows = 1000
const pageSize = 500

/** The state of the network: held in memory, every change written down in the turn it happens. */
export class World {
  readonly bot: UserId
  readonly #state: BackendState
  #shelves = new Map<Kind, Map<Place[0], Shelf>>()
  /** The keys of what is stored of the world itself: documents, pages. */
  #rows = new Set<string>()
  #hasPages = false
  readonly #snapshots = new Map<string, readonly Document[]>()
  /** What the turn of the event loop that is being written down has changed. */
  #turn: { readonly undo: (() => void)[]; readonly changed: Change[]; readonly saved: Promise<void> } | undefined
  readonly #listeners = new Set<(changes: readonly Change[]) => void>()

  private constructor(bot: UserId, state: BackendState) {
    this.bot = bot
    this.#state = state
  }

  /** Loads the world as it was left; nobody is in it on the first start. */
  static async open(bot: UserId, state: BackendState): Promise<World> {
    const world = new World(bot, state)
    await world.#load()
    return world
  }

  /** Adds a document, or replaces the one it is the new form of. */
  put(document: Document): void {
    const before = this.#hold(document)
    this.#change({ document, before }, () => void (before ? this.#hold(before) : this.#drop(document)))
    const key = keyOf(document)
    this.#rows.add(key)
    this.#state.put(key, document)
  }

  /** Removes a document. */
  remove(document: Document): void {
    const before = this.#drop(document)
    this.#change({ document, before, isGone: true }, () => void (before && this.#hold(before)))
    const key = keyOf(document)
    if (this.#hasPages) {
      this.#rows.add(key)
      this.#state.put(key, { kind: 'gone', document } satisfies Row)
    } else {
      this.#state.delete(key)
    }
  }

  /** Removes a group with all that belongs to it; what was said there is not heard of again. */
  removeGroup(group: Group): void {
    for (const kind of groupKinds) {
      for (const document of this.#shelf(kind, group.group_id)?.list() ?? []) this.remove(document)
    }
    for (const request of this.list('request')) {
      if (request.group_id === group.group_id && request.answer === null) this.remove(request)
    }
    this.remove(group)
    this.endLog({ type: 'group', group_id: group.group_id })
  }

  /** Removes a guild with all that belongs to it. */
  removeGuild(guild: Guild): void {
    for (const kind of guildKinds) {
      for (const document of this.#shelf(kind, guild.guild_id)?.list() ?? []) this.remove(document)
    }
    this.remove(guild)
  }

  /** Ends a conversation: what was said in it is not there any more, and its numbers go on rising. */
  endLog(chat: Chat): void {
    const log = this.log(chat)
    if (log.last_seq > 0) this.put(endOf(log))
  }

  /** The next number of what the network counts; never given twice, also not after a reset. */
  count(name: string): number {
    const value = (this.find('counter', name)?.value ?? 0) + 1
    this.put({ kind: 'counter', name, value })
    return value
  }

  /**
   * Ends this world and begins `fresh`. The numbers of messages go on rising, since what was said before stays in the
   * message store; logs that `fresh` has none of end, those it has are where it says.
   */
  begin(fresh: readonly Document[]): void {
    const shelves = this.#shelves
    const rows = this.#rows
    const hadPages = this.#hasPages
    const lasting = this.documents().filter(isLasting)
    this.#change('everything', () => {
      this.#shelves = shelves
      this.#rows = rows
      this.#hasPages = hadPages
    })
    for (const key of rows) this.#state.delete(key)
    this.#shelves = new Map()
    this.#rows = new Set()
    const logs = new Map(fresh.filter((document) => document.kind === 'log').map((log) => [log.chat, log]))
    const documents = [
      ...fresh.filter((document) => !isLasting(document)),
      ...lasting.map((document) => (document.kind === 'log' ? goOn(document, logs.get(document.chat)) : document)),
    ]
    this.#hasPages = documents.length > mostRows
    if (this.#hasPages) {
      for (const document of documents) this.#hold(document)
      this.#putPages('page', documents)
    } else {
      for (const document of documents) this.put(document)
    }
  }

  /** Keeps the world as it is now under a name; `restore` puts it back. */
  keep(name: string): void {
    const before = this.#snapshots.get(name)
    const documents = this.documents().filter((document) => !isLasting(document) || document.kind === 'log')
    this.#change(undefined, () => {
      if (before) this.#snapshots.set(name, before)
      else this.#snapshots.delete(name)
    })
    this.#snapshots.set(name, documents)
    for (const key of pageKeys(`snapshot/${name}`, before?.length ?? 0)) this.#state.delete(key)
    this.#putPages(`snapshot/${name}`, documents)
  }

  /** Puts the world back to what was kept under a name. */
  restore(name: string): boolean {
    const documents = this.#snapshots.get(name)
    if (documents) this.begin(documents)
    return documents !== undefined
  }

  /** The names under which a world is kept. */
  snapshots(): readonly string[] {
    return [...this.#snapshots.keys()].toSorted()
  }

  /** Resolves once every change so far is written down; rejects if it cannot be, and then it is undone. */
  async saved(): Promise<void> {
    await this.#turn?.saved
  }

  /** Hears of what was changed once it is written down, or was undone. Returns what ends that. */
  onChange(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** One document of a kind. */
  find<K extends Kind>(kind: K, ...place: PlaceOf<K>): DocumentOf<K> | undefined {
    return this.#at(kind, place) as DocumentOf<K> | undefined
  }

  /** The documents of a kind, or those of one owner, in the order of their ids. */
  list<K extends Kind>(kind: K, ...owner: OwnerOf<K>): readonly DocumentOf<K>[] {
    return (this.#shelf(kind, owner[0] as Place[0])?.list() ?? []) as readonly DocumentOf<K>[]
  }

  /** Everything there is, kind by kind. */
  documents(): readonly Document[] {
    return [...this.#shelves.values()].flatMap((shelves) =>
      [...shelves.values()].flatMap((shelf) => [...shelf.documents.values()]),
    )
  }

  users(): readonly User[] {
    return this.list('user')
  }

  user(id: UserId): User | undefined {
    return this.find('user', id)
  }

  friendships(): readonly Friendship[] {
    return this.list('friend')
  }

  friendship(id: UserId): Friendship | undefined {
    return this.find('friend', id)
  }

  groups(): readonly Group[] {
    return this.list('group')
  }

  group(id: GroupId): Group | undefined {
    return this.find('group', id)
  }

  /** The members of a group in the order of their ids. */
  memberList(id: GroupId): readonly Member[] {
    return this.list('member', id)
  }

  /** The members of a group by their ids; none for a group that is not there. */
  members(id: GroupId): ReadonlyMap<UserId, Member> {
    return (this.#shelf('member', id)?.documents ?? new Map()) as ReadonlyMap<UserId, Member>
  }

  discusses(): readonly Discuss[] {
    return this.list('discuss')
  }

  discuss(id: DiscussId): Discuss | undefined {
    return this.find('discuss', id)
  }

  clip(name: string): Clip | undefined {
    return this.find('clip', name)
  }

  image(name: string): Image | undefined {
    return this.find('image', name)
  }

  /** How far a conversation has come; one in which nobody spoke is at 0. */
  log(chat: Chat): Log {
    const key = chatKey(chat)
    return this.find('log', key) ?? { kind: 'log', chat: key, first_seq: 1, last_seq: 0 }
  }

  async #load(): Promise<void> {
    // Only this class writes there.
    const rows = [...(await this.#state.entries())] as readonly (readonly [string, Row])[]
    const snapshots = new Map<string, Document[][]>()
    for (const [key, row] of rows) {
      if (row.kind !== 'page') continue
      const [, name] = /^snapshot\/(.+)\/\d+$/.exec(key) ?? []
      if (name === undefined) {
        this.#hasPages = true
        this.#rows.add(key)
        for (const document of unpackPage(row.page)) this.#hold(document)
      } else {
        const documents = unpackPage(row.page)
        const pages = snapshots.get(name)
        if (pages) pages.push(documents)
        else snapshots.set(name, [documents])
      }
    }
    for (const [name, pages] of snapshots) this.#snapshots.set(name, pages.flat())
    // What stands in a row of its own is newer than what stands in a page.
    for (const [key, row] of rows) {
      if (row.kind === 'page') continue
      this.#rows.add(key)
      if (row.kind === 'gone') this.#drop(row.document)
      else this.#hold(row)
    }
  }

  #putPages(prefix: string, documents: readonly Document[]): void {
    for (const [index, key] of pageKeys(prefix, documents.length).entries()) {
      const page = packPage(documents.slice(index * pageSize, (index + 1) * pageSize))
      this.#state.put(key, { kind: 'page', page } satisfies Row)
      if (prefix === 'page') this.#rows.add(key)
    }
  }

  /** Remembers how to undo a change, until it is written down or known not to be. */
  #change(change: Change | undefined, undo: () => void): void {
    if (!this.#turn) {
      const undos: (() => void)[] = []
      const changed: Change[] = []
      const saved = this.#state.saved().then(
        () => void (this.#turn = undefined),
        (error: unknown) => {
          this.#turn = undefined
          for (const undoOne of undos.toReversed()) undoOne()
          throw error
        },
      )
      // Whoever made the change hears of it through the event it told, or through `saved`.
      const tell = (): void => this.#listeners.forEach((listener) => listener(changed))
      saved.then(tell, tell)
      this.#turn = { undo: undos, changed, saved }
    }
    this.#turn.undo.push(undo)
    if (change) this.#turn.changed.push(change)
  }

  #at(kind: Kind, place: Place): Document | undefined {
    return place.length === 2
      ? this.#shelf(kind, place[0])?.documents.get(place[1])
      : this.#shelf(kind, undefined)?.documents.get(place[0])
  }

  #shelf(kind: Kind, owner: Place[0]): Shelf | undefined {
    return this.#shelves.get(kind)?.get(owner)
  }

  /** Holds a document in the place of the one before it, if there is one, which it returns. */
  #hold(document: Document): Document | undefined {
    const { kind } = document
    const place = placeOf(document)
    const [owner, id] = place.length === 2 ? place : [undefined, place[0]]
    let shelves = this.#shelves.get(kind)
    if (!shelves) this.#shelves.set(kind, (shelves = new Map()))
    let shelf = shelves.get(owner)
    if (!shelf) shelves.set(owner, (shelf = new Shelf()))
    const before = shelf.documents.get(id)
    shelf.put(id, document)
    return before
  }

  /** Holds what is in the place of a document no longer, and returns it. */
  #drop(document: Document): Document | undefined {
    const place = placeOf(document)
    const [owner, id] = place.length === 2 ? place : [undefined, place[0]]
    const before = this.#at(document.kind, place)
    this.#shelf(document.kind, owner)?.remove(id)
    return before
  }
}

/** Documents of one kind and owner. */
class Shelf {
  readonly #documents = new Map<Place[0], Document>()
  /** Lists show the order of ids, which is the same after a restart; found again when an id comes or goes. */
  #order: readonly Place[0][] | undefined

  get documents(): ReadonlyMap<Place[0], Document> {
    return this.#documents
  }

  list(): readonly Document[] {
    this.#order ??= [...this.#documents.keys()].toSorted(inOrder)
    return this.#order.map((id) => this.#documents.get(id)!)
  }

  put(id: Place[0], document: Document): void {
    if (!this.#documents.has(id)) this.#order = undefined
    this.#documents.set(id, document)
  }

  remove(id: Place[0]): void {
    if (this.#documents.delete(id)) this.#order = undefined
  }
}

function inOrder(left: Place[0], right: Place[0]): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  return String(left) < String(right) ? -1 : 1
}

function pageKeys(prefix: string, documents: number): readonly string[] {
  const pages = Math.ceil(documents / pageSize)
  return Array.from({ length: pages }, (_, index) => `${prefix}/${String(index + 1).padStart(6, '0')}`)
}

/** Whether a message of a conversation is part of this world. */
export function isInLog({ first_seq, gone = [] }: Log, seq: number): boolean {
  return seq >= first_seq && gone.every(([from, to]) => seq < from || seq > to)
}

/** A conversation that has come as far as `log`, with nothing said in it. */
function endOf({ kind, chat, last_seq }: Log): Log {
  return { kind, chat, first_seq: last_seq + 1, last_seq }
}

/** A conversation put back to where it `was`, while its numbers go on from where it is. */
function goOn(log: Log, was: Log | undefined): Log {
  if (!was) return endOf(log)
  if (log.last_seq === was.last_seq) return was
  return { ...was, last_seq: log.last_seq, gone: [...(was.gone ?? []), [was.last_seq + 1, log.last_seq]] }
}
