import type { Segment } from '@seekyou/message'
import { chatOf } from '@seekyou/protocol'
import type {
  BackendHost,
  Chat,
  EventDraft,
  GroupId,
  MessageDraft,
  MessageEvent,
  MessageId,
  Sender,
  StoredMessage,
  UserId,
} from '@seekyou/protocol'
import { readContent } from './content.ts'
import type { Content } from './content.ts'
import type { Document, Image } from './document.ts'
import { dropEssence } from './essence.ts'
import { readImage } from './image.ts'
import { checkMask, masked, wearMask } from './mask.ts'
import { checkAtAll, countAtAll } from './quota.ts'
import {
  checkRecall,
  checkSpeech,
  findDiscuss,
  findFriend,
  findGroup,
  findHeardGroup,
  findMember,
  findSession,
  findUser,
  missing,
  refuse,
  titleOf,
} from './rule.ts'
import type { World } from './world.ts'

/** How something is said. */
interface Manner {
  /** The group of a temporary session. */
  readonly through?: GroupId | undefined
  /** Whether the speaker wears a mask. */
  readonly anonymous?: boolean | undefined
}

/**
 * What can be done on the network, by the bot and by people, in one way for both: a rule is checked, the world changes
 * and the event is told in one turn of the event loop, so that all of it is written down or none.
 */
export class Network {
  readonly world: World
  readonly #host: BackendHost
  readonly #random: () => number
  /** Messages whose recall is being written down. */
  readonly #recalling = new Set<MessageId>()

  constructor(world: World, host: BackendHost, random: () => number) {
    this.world = world
    this.#host = host
    this.#random = random
  }

  /** Seconds since 1970. */
  now(): number {
    return Math.floor(this.#host.clock.now() / 1000)
  }

  /** A number from 0 up to 1, by chance. */
  random(): number {
    return this.#random()
  }

  /** Tells what has happened, in this order. Resolves once it is safe, and with it what changed in the world. */
  async tell(...events: readonly EventDraft[]): Promise<void> {
    await Promise.all(events.map(async (event) => this.#host.emit(event)))
  }

  /** Says something in a chat. */
  async say(author: UserId, chat: Chat, message: readonly Segment[], manner: Manner = {}): Promise<MessageEvent> {
    const { world } = this
    const check = () => {
      checkSpeech(world, author, chat, manner.through, this.now())
      if (manner.anonymous) checkMask(world, author, chat, this.now())
      if (mentionsAll(message)) checkAtAll(world, author, chat, this.now())
    }
    check()
    const content = await readContent(message, { chat, world, host: this.#host, random: this.#random })
    // What was allowed before the wait may not be now.
    check()
    return this.post(author, chat, content, manner)
  }

  /** Puts a message into a chat; whoever calls this has asked the rules. */
  async post(author: UserId, chat: Chat, content: Content, manner: Manner = {}): Promise<MessageEvent> {
    const { world } = this
    const log = world.log(chat)
    const message_seq = log.last_seq + 1
    const draft = this.#draft(author, chat, { message_seq, message: content.segments }, manner)
    world.put({ ...log, last_seq: message_seq })
    for (const image of content.images) if (!world.image(image.name)) world.put(image)
    if (chat.type === 'group') {
      // When a mask spoke is nobody's business.
      if (!manner.anonymous) world.put({ ...findMember(world, chat.group_id, author), last_sent_time: this.now() })
      if (mentionsAll(content.segments)) countAtAll(world, author, chat.group_id, this.now())
    }
    return this.#host.emit(draft)
  }

  /** A message of this world. */
  async message(id: MessageId): Promise<StoredMessage> {
    const stored = await this.#host.messages.get(id)
    if (stored && stored.event.message_seq >= this.world.log(chatOf(stored.event)).first_seq) return stored
    return missing('MESSAGE_NOT_FOUND', `there is no message ${id} in this network`)
  }

  /** Whether a message was taken back, be it that this is just being written down. */
  isRecalled({ event, recalled }: StoredMessage): boolean {
    return recalled || this.#recalling.has(event.message_id)
  }

  /** A picture that someone shows, as an image of this world; kept there by whoever uses it. */
  async picture(file: string): Promise<Image> {
    return readImage(file, '', this.world, this.#host.media)
  }

  /** Takes a message back. */
  async recall(actor: UserId, id: MessageId): Promise<void> {
    const stored = await this.message(id)
    const { event } = stored
    checkRecall(this.world, actor, event, this.now())
    if (this.isRecalled(stored)) refuse('ALREADY_RECALLED', `message ${id} was recalled before`)
    this.#recalling.add(id)
    dropEssence(this.world, event)
    try {
      await this.#host.emit(recallOf(event, actor))
    } finally {
      this.#recalling.delete(id)
    }
  }

  /** Pokes someone: in a group another member; in the private chat of a friend and the bot, either of the two. */
  async poke(actor: UserId, target: UserId, chat: Exclude<Chat, { readonly type: 'discuss' }>): Promise<void> {
    if (chat.type === 'private') {
      findFriend(this.world, chat.user_id)
      if (target !== this.world.bot && target !== chat.user_id)
        refuse('POKE_REFUSED', 'in private one can poke only the two who talk there; group_id names a group')
    } else {
      findHeardGroup(this.world, chat.group_id)
      findMember(this.world, chat.group_id, actor)
      findMember(this.world, chat.group_id, target)
    }
    await this.tell({
      post_type: 'notice',
      notice_type: 'notify',
      sub_type: 'poke',
      ...(chat.type === 'group' && { group_id: chat.group_id }),
      user_id: actor,
      sender_id: actor,
      target_id: target,
    })
  }

  /** The newest messages of a chat below a seq, ascending. */
  async history(chat: Chat, below: number | undefined, limit: number): Promise<readonly StoredMessage[]> {
    this.#checkChat(chat)
    const { first_seq } = this.world.log(chat)
    const page = await this.#host.messages.page(chat, { limit, ...(below !== undefined && { upTo: below - 1 }) })
    return page.filter(({ event }) => event.message_seq >= first_seq)
  }

  /** Begins a fresh world. */
  reset(fresh: readonly Document[]): void {
    this.world.reset(fresh)
  }

  #checkChat(chat: Chat): void {
    switch (chat.type) {
      case 'private':
        findUser(this.world, chat.user_id)
        break
      case 'group':
        findGroup(this.world, chat.group_id)
        break
      case 'discuss':
        findDiscuss(this.world, chat.discuss_id, this.world.bot)
    }
  }

  #draft(
    author: UserId,
    chat: Chat,
    said: Pick<MessageEvent, 'message_seq' | 'message'>,
    { through, anonymous }: Manner,
  ): MessageDraft {
    const { bot } = this.world
    const common = { post_type: author === bot ? 'message_sent' : 'message', user_id: author, ...said } as const
    switch (chat.type) {
      case 'private': {
        const group_id = findSession(this.world, chat.user_id, through)
        return {
          ...common,
          message_type: 'private',
          sub_type: group_id === undefined ? 'friend' : 'group',
          sender: { ...this.#person(author), ...(group_id !== undefined && { group_id }) },
          target_id: author === bot ? chat.user_id : bot,
          ...(group_id !== undefined && { temp_source: 0 }),
        }
      }
      case 'group': {
        const { group_id } = chat
        if (anonymous) {
          const mask = wearMask(this.world, group_id, author, this.#random)
          return { ...common, message_type: 'group', sub_type: 'anonymous', group_id, ...masked(mask) }
        }
        const member = findMember(this.world, group_id, author)
        const { card, level, role } = member
        const title = titleOf(member, this.now())
        const { area } = findUser(this.world, author)
        return {
          ...common,
          message_type: 'group',
          sub_type: 'normal',
          group_id,
          anonymous: null,
          sender: { ...this.#person(author), card, area, level: String(level), role, title },
        }
      }
      case 'discuss':
        return { ...common, message_type: 'discuss', discuss_id: chat.discuss_id, sender: this.#person(author) }
    }
  }

  #person(id: UserId): Sender {
    const { user_id, nickname, sex, age } = findUser(this.world, id)
    return { user_id, nickname, sex, age }
  }
}

/** The notice of a recall; in a private chat it names the person, whoever of the two said the message. */
function recallOf(message: MessageEvent, actor: UserId): EventDraft {
  const { message_id, user_id } = message
  const chat = chatOf(message)
  switch (chat.type) {
    case 'private':
      return { post_type: 'notice', notice_type: 'friend_recall', user_id: chat.user_id, message_id }
    case 'group': {
      const { group_id } = chat
      return { post_type: 'notice', notice_type: 'group_recall', group_id, user_id, operator_id: actor, message_id }
    }
    case 'discuss':
      throw new Error('the recall of a discuss message got past the rules')
  }
}

function mentionsAll(message: readonly Segment[]): boolean {
  return message.some(({ type, data }) => type === 'at' && data['qq'] === 'all')
}
