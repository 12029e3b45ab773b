import { chatKey } from '@seekyou/protocol'
import type { BackendState, Chat, DiscussId, GroupId, UserId } from '@seekyou/protocol'
import { places } from './document.ts'
import type {
  Clip,
  Discuss,
  Document,
  DocumentOf,
  Friendship,
  Group,
  Image,
  Kind,
  Log,
  Member,
  Places,
  User,
} from './document.ts'

/** The last part of a place: what tells the documents of one shelf apart. */
type Last = string | number

/** A place without its last part. */
type Scope<Place extends readonly unknown[]> = Place extends readonly [...infer Wider, unknown] ? Wider : never

/** What outlives a world: names of media, and whatever counts, since what was numbered stays in the message store. */
const lasting: ReadonlySet<Kind> = new Set(['log', 'image', 'clip', 'counter'])

/** The state of the network: held in memory, every change written down in the turn it happens. */
export class World {
  readonly bot: UserId
  readonly #state: BackendState
  /** The documents of a kind, or of a kind in a group, by the last part of their place. */
  readonly #shelves = new Map<string, Map<Last, Document>>()

  private constructor(bot: UserId, state: BackendState) {
    this.bot = bot
    this.#state = state
  }

  /** Loads the world as it was left; where there was none, `fresh` is the world of this first start. */
  static async open(bot: UserId, state: BackendState, fresh: readonly Document[]): Promise<World> {
    const world = new World(bot, state)
    // Only this class writes there.
    for (const [, document] of await state.entries()) world.#hold(document as Document)
    if (world.#shelf('user').size === 0) for (const document of fresh) world.put(document)
    return world
  }

  /** The document of a kind at a place, such as a group id and a user id. */
  get<K extends Kind>(kind: K, ...place: Places[K]): DocumentOf<K> | undefined {
    const { scope, last } = split(place)
    return this.#shelf(kind, scope).get(last) as DocumentOf<K> | undefined
  }

  /** The documents of a kind, of one group or guild where they stand below one, in the order of their ids. */
  list<K extends Kind>(kind: K, ...scope: Scope<Places[K]>): readonly DocumentOf<K>[] {
    return inOrder(this.#shelf(kind, scope)) as readonly DocumentOf<K>[]
  }

  /** Adds a document, or replaces the one it is the new form of. */
  put(document: Document): void {
    this.#hold(document)
    this.#state.put(keyOf(document), document)
  }

  /** Takes a document away. */
  remove(document: Document): void {
    const { scope, last } = split(placeOf(document))
    const name = shelfName(document.kind, scope)
    const shelf = this.#shelves.get(name)
    shelf?.delete(last)
    if (shelf?.size === 0) this.#shelves.delete(name)
    this.#state.delete(keyOf(document))
  }

  /** Takes a group away with everything in it; what was said there is no longer known. */
  removeGroup(id: GroupId): void {
    const documents = [...this.#shelves.values()].flatMap((shelf) => [...shelf.values()])
    for (const document of documents) if ('group_id' in document && document.group_id === id) this.remove(document)
    const log = this.log({ type: 'group', group_id: id })
    if (log.last_seq >= log.first_seq) this.put({ ...log, first_seq: log.last_seq + 1 })
  }

  /** The next number of a kind that the network counts; never given twice, also not after a reset. */
  count(name: string): number {
    const value = (this.get('counter', name)?.value ?? 0) + 1
    this.put({ kind: 'counter', name, value })
    return value
  }

  /**
   * Ends this world and begins `fresh`. The numbers of messages go on rising, since what was said before stays in the
   * message store.
   */
  reset(fresh: readonly Document[]): void {
    const documents = [...this.#shelves.values()].flatMap((shelf) => [...shelf.values()])
    for (const document of documents) if (!lasting.has(document.kind)) this.remove(document)
    for (const document of fresh) this.put(document)
    for (const log of this.list('log')) this.put({ ...log, first_seq: log.last_seq + 1 })
  }

  users(): readonly User[] {
    return this.list('user')
  }

  user(id: UserId): User | undefined {
    return this.get('user', id)
  }

  friendships(): readonly Friendship[] {
    return this.list('friend')
  }

  friendship(id: UserId): Friendship | undefined {
    return this.get('friend', id)
  }

  groups(): readonly Group[] {
    return this.list('group')
  }

  group(id: GroupId): Group | undefined {
    return this.get('group', id)
  }

  /** The members of a group in the order of their ids. */
  memberList(id: GroupId): readonly Member[] {
    return this.list('member', id)
  }

  /** The members of a group by their ids; none for a group that is not there. */
  members(id: GroupId): ReadonlyMap<UserId, Member> {
    return this.#shelf('member', [id]) as ReadonlyMap<Last, Document> as ReadonlyMap<UserId, Member>
  }

  discusses(): readonly Discuss[] {
    return this.list('discuss')
  }

  discuss(id: DiscussId): Discuss | undefined {
    return this.get('discuss', id)
  }

  image(name: string): Image | undefined {
    return this.get('image', name)
  }

  clip(name: string): Clip | undefined {
    return this.get('clip', name)
  }

  /** How far a conversation has come; one in which nobody spoke is at 0. */
  log(chat: Chat): Log {
    const key = chatKey(chat)
    return this.get('log', key) ?? { kind: 'log', chat: key, first_seq: 1, last_seq: 0 }
  }

  #shelf(kind: Kind, scope: readonly unknown[] = []): ReadonlyMap<Last, Document> {
    return this.#shelves.get(shelfName(kind, scope)) ?? new Map()
  }

  #hold(document: Document): void {
    const { scope, last } = split(placeOf(document))
    const name = shelfName(document.kind, scope)
    const shelf = this.#shelves.get(name)
    if (shelf) shelf.set(last, document)
    else this.#shelves.set(name, new Map([[last, document]]))
  }
}

function placeOf(document: Document): readonly Last[] {
  // The table gives each kind the function for it.
  return (places[document.kind] as (document: Document) => readonly Last[])(document)
}

function split(place: readonly Last[]): { scope: readonly Last[]; last: Last } {
  return { scope: place.slice(0, -1), last: place.at(-1)! }
}

function shelfName(kind: Kind, scope: readonly unknown[]): string {
  return [kind, ...scope].join('/')
}

function keyOf(document: Document): string {
  return [document.kind, ...placeOf(document)].join('/')
}

/** Lists show the order of ids, which is the same after a restart; shorter texts come first, as decimals count up. */
function inOrder(shelf: ReadonlyMap<Last, Document>): readonly Document[] {
  return [...shelf].toSorted(([left], [right]) => compare(left, right)).map(([, document]) => document)
}

function compare(left: Last, right: Last): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [one, other] = [String(left), String(right)]
  return one.length - other.length || (one < other ? -1 : 1)
}
