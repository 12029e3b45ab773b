import { chatKey } from '@seekyou/protocol'
import type { BackendState, Chat, DiscussId, GroupId, Role, Sender, UserId } from '@seekyou/protocol'

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

export type Document = User | Friendship | Group | Member | Discuss | Log | Image

/** The state of the network: held in memory, every change written down in the turn it happens. */
export class World {
  readonly bot: UserId
  readonly #state: BackendState
  readonly #users = new Map<UserId, User>()
  readonly #friendships = new Map<UserId, Friendship>()
  readonly #groups = new Map<GroupId, Group>()
  readonly #members = new Map<GroupId, Map<UserId, Member>>()
  readonly #discusses = new Map<DiscussId, Discuss>()
  readonly #logs = new Map<string, Log>()
  readonly #images = new Map<string, Image>()

  private constructor(bot: UserId, state: BackendState) {
    this.bot = bot
    this.#state = state
  }

  /** Loads the world as it was left; where there was none, `fresh` is the world of this first start. */
  static async open(bot: UserId, state: BackendState, fresh: readonly Document[]): Promise<World> {
    const world = new World(bot, state)
    // Only this class writes there.
    for (const [, document] of await state.entries()) world.#hold(document as Document)
    if (world.#users.size === 0) for (const document of fresh) world.put(document)
    return world
  }

  /** Adds a document, or replaces the one it is the new form of. */
  put(document: Document): void {
    this.#hold(document)
    this.#state.put(keyOf(document), document)
  }

  /**
   * Ends this world and begins `fresh`. The numbers of messages go on rising, since what was said before stays in the
   * message store.
   */
  reset(fresh: readonly Document[]): void {
    const members = [...this.#members.values()].flatMap((group) => [...group.values()])
    const tables = [this.#users, this.#friendships, this.#groups, this.#discusses]
    for (const document of [...tables.flatMap((table): Document[] => [...table.values()]), ...members]) {
      this.#state.delete(keyOf(document))
    }
    for (const table of [...tables, this.#members]) table.clear()
    for (const document of fresh) this.put(document)
    for (const log of this.#logs.values()) this.put({ ...log, first_seq: log.last_seq + 1 })
  }

  users(): readonly User[] {
    return inOrder(this.#users)
  }

  user(id: UserId): User | undefined {
    return this.#users.get(id)
  }

  friendships(): readonly Friendship[] {
    return inOrder(this.#friendships)
  }

  friendship(id: UserId): Friendship | undefined {
    return this.#friendships.get(id)
  }

  groups(): readonly Group[] {
    return inOrder(this.#groups)
  }

  group(id: GroupId): Group | undefined {
    return this.#groups.get(id)
  }

  /** The members of a group in the order of their ids. */
  memberList(id: GroupId): readonly Member[] {
    return inOrder(this.members(id))
  }

  /** The members of a group by their ids; none for a group that is not there. */
  members(id: GroupId): ReadonlyMap<UserId, Member> {
    return this.#members.get(id) ?? new Map()
  }

  discusses(): readonly Discuss[] {
    return inOrder(this.#discusses)
  }

  discuss(id: DiscussId): Discuss | undefined {
    return this.#discusses.get(id)
  }

  image(name: string): Image | undefined {
    return this.#images.get(name)
  }

  /** How far a conversation has come; one in which nobody spoke is at 0. */
  log(chat: Chat): Log {
    const key = chatKey(chat)
    return this.#logs.get(key) ?? { kind: 'log', chat: key, first_seq: 1, last_seq: 0 }
  }

  #hold(document: Document): void {
    switch (document.kind) {
      case 'user':
        this.#users.set(document.user_id, document)
        break
      case 'friend':
        this.#friendships.set(document.user_id, document)
        break
      case 'group':
        this.#groups.set(document.group_id, document)
        break
      case 'member': {
        const members = this.#members.get(document.group_id)
        if (members) members.set(document.user_id, document)
        else this.#members.set(document.group_id, new Map([[document.user_id, document]]))
        break
      }
      case 'discuss':
        this.#discusses.set(document.discuss_id, document)
        break
      case 'log':
        this.#logs.set(document.chat, document)
        break
      case 'image':
        this.#images.set(document.name, document)
        break
    }
  }
}

/** Lists show the order of ids, which is the same after a restart. */
function inOrder<Id extends number, D>(documents: ReadonlyMap<Id, D>): readonly D[] {
  return [...documents].toSorted(([left], [right]) => left - right).map(([, document]) => document)
}

function keyOf(document: Document): string {
  switch (document.kind) {
    case 'user':
      return `user/${document.user_id}`
    case 'friend':
      return `friend/${document.user_id}`
    case 'group':
      return `group/${document.group_id}`
    case 'member':
      return `member/${document.group_id}/${document.user_id}`
    case 'discuss':
      return `discuss/${document.discuss_id}`
    case 'log':
      return `log/${document.chat}`
    case 'image':
      return `image/${document.name}`
  }
}
