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
} from './rule.ts'
import type { Document } from './document.ts'
import type { World } from './world.ts'

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

  /** Says something in a chat; `through` names the group of a temporary session. */
  async say(author: UserId, chat: Chat, message: readonly Segment[], through?: GroupId): Promise<MessageEvent> {
    const { world } = this
    checkSpeech(world, author, chat, through, this.now())
    const content = await readContent(message, { chat, world, host: this.#host, random: this.#random })
    // What was allowed before the wait may not be now.
    checkSpeech(world, author, chat, through, this.now())

    const log = world.log(chat)
    const message_seq = log.last_seq + 1
    const draft = this.#draft(author, chat, { message_seq, message: content.segments }, through)
    world.put({ ...log, last_seq: message_seq })
    for (const image of content.images) if (!world.image(image.name)) world.put(image)
    if (chat.type === 'group') {
      world.put({ ...findMember(world, chat.group_id, author), last_sent_time: this.now() })
    }
    return this.#host.emit(draft)
  }

  /** Takes a message back. */
  async recall(actor: UserId, id: MessageId): Promise<void> {
    const stored = await this.#host.messages.get(id)
    if (!stored || stored.event.message_seq < this.world.log(chatOf(stored.event)).first_seq) {
      return missing('MESSAGE_NOT_FOUND', `there is no message ${id} in this network`)
    }
    const { event, recalled } = stored
    checkRecall(this.world, actor, event, this.now())
    if (recalled || this.#recalling.has(id)) refuse('ALREADY_RECALLED', `message ${id} was recalled before`)
    this.#recalling.add(id)
    try {
      await this.#host.emit(recallOf(event, actor))
    } finally {
      this.#recalling.delete(id)
    }
  }

  /** Pokes someone: in a group another member, in private the bot. */
  async poke(actor: UserId, target: UserId, groupId: GroupId | undefined): Promise<void> {
    if (groupId === undefined) {
      findFriend(this.world, actor)
      if (target !== this.world.bot)
        refuse('POKE_REFUSED', 'in private one can poke only the bot; group_id names a group')
    } else {
      findHeardGroup(this.world, groupId)
      findMember(this.world, groupId, actor)
      findMember(this.world, groupId, target)
    }
    await this.#host.emit({
      post_type: 'notice',
      notice_type: 'notify',
      sub_type: 'poke',
      ...(groupId !== undefined && { group_id: groupId }),
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
    through: GroupId | undefined,
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
        const { card, level, role, title } = findMember(this.world, chat.group_id, author)
        const { area } = findUser(this.world, author)
        return {
          ...common,
          message_type: 'group',
          sub_type: 'normal',
          group_id: chat.group_id,
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
