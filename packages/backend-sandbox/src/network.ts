import type { ForwardNode } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import { chatKey, chatOf, isMessage, mediaKey } from '@seekyou/protocol'
import type {
  BackendHost,
  Chat,
  EventDraft,
  GroupId,
  Media,
  MessageDraft,
  MessageEvent,
  MessageId,
  NetworkEvent,
  Sender,
  StoredMessage,
  UserId,
} from '@seekyou/protocol'
import { readBundle } from './bundle.ts'
import { Changes } from './changes.ts'
import { complete, readContents } from './content.ts'
import type { Content, Draft } from './content.ts'
import { isDeed, pokeOf, readDeed } from './deed.ts'
import { beginning } from './document.ts'
import type { Image, Picture } from './document.ts'
import { drawLots } from './draw.ts'
import { dropEssence } from './essence.ts'
import { Faults } from './faults.ts'
import { fileContent, findSentFile, readUpload } from './file-message.ts'
import { checkRoom, root } from './group-file.ts'
import { sizeOf } from './image-size.ts'
import { readImage } from './image.ts'
import { checkMask, masked, wearMask } from './mask.ts'
import { checkAtAll, countAtAll } from './quota.ts'
import { advance, spread } from './random.ts'
import type { SandboxOptions } from './options.ts'
import {
  checkRecall,
  checkSpeech,
  findDiscuss,
  findGroup,
  findMember,
  findSession,
  findUser,
  missing,
  refuse,
  titleOf,
} from './rule.ts'
import { isSet, textOf } from './segment-param.ts'
import { Turns } from './turns.ts'
import { isInLog } from './world.ts'
import type { World } from './world.ts'

/** What a network goes by. */
export interface NetworkSetup {
  readonly world: World
  readonly host: BackendHost
  /** `virtual`: time stands still until it is moved. */
  readonly clock: 'real' | 'virtual'
  /** Where the row of random numbers begins; `undefined`: they are those of `random`. */
  readonly seed: number | undefined
  /** Numbers from 0 up to 1. */
  readonly random: () => number
  /** What becomes of parts of a message of the bot that cannot be sent. */
  readonly unsupported: SandboxOptions['unsupported_segments']
}

/** How something is said. */
export interface Manner {
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
  readonly host: BackendHost
  readonly faults: Faults
  readonly changes: Changes
  readonly isVirtual: boolean
  readonly #seed: number | undefined
  readonly #random: () => number
  readonly #unsupported: SandboxOptions['unsupported_segments']
  /** Messages whose recall is being written down. */
  readonly #recalling = new Set<MessageId>()
  readonly #turns = new Turns()

  constructor({ world, host, clock, seed, random, unsupported }: NetworkSetup) {
    this.world = world
    this.host = host
    this.faults = new Faults(host)
    this.changes = new Changes(world, host.clock)
    this.isVirtual = clock === 'virtual'
    this.#seed = seed
    this.#random = random
    this.#unsupported = unsupported
  }

  /** Seconds since 1970, as everything on the network counts them. */
  now(): number {
    return Math.floor(this.nowMs() / 1000)
  }

  /** Milliseconds since 1970. */
  nowMs(): number {
    return this.isVirtual ? (this.world.find('time')?.now ?? beginning * 1000) : this.host.clock.now()
  }

  /** Moves the time of a network with a clock of its own. */
  advance(ms: number): void {
    this.world.put({ kind: 'time', now: this.nowMs() + ms })
  }

  /** A number from 0 up to 1. With a seed it is the next of a row that the world keeps its place in: ask in the turn
   * that changes the world, not while reading what may still be refused. */
  random(): number {
    if (this.#seed === undefined) return this.#random()
    const state = advance(this.world.find('draws')?.state ?? this.#seed)
    this.world.put({ kind: 'draws', state })
    return spread(state)
  }

  /**
   * Tells the bot what happened, as the host's `emit` does, at the time of the network and unless a fault keeps it from
   * being told.
   */
  tell(draft: MessageDraft): Promise<MessageEvent>
  tell(draft: EventDraft): Promise<NetworkEvent>
  async tell(draft: EventDraft): Promise<NetworkEvent> {
    const timed = this.isVirtual ? { ...draft, time: draft.time ?? this.now() } : draft
    const event = await this.#pass(timed)
    this.changes.noteEvent(event)
    return event
  }

  async #pass(timed: EventDraft): Promise<NetworkEvent> {
    // The bot knows what it said itself.
    switch (timed.post_type === 'message_sent' ? 'told' : this.faults.nextEvent()) {
      case 'told':
        return this.host.emit(timed)
      case 'lost':
        return this.#lose(timed)
      case 'twice': {
        const event = await this.host.emit(timed)
        await this.host.retell(event)
        return event
      }
    }
  }

  /**
   * Says something in a chat. What the network sends on its own makes more than one message; a poke or a gift makes none.
   * @returns the last message, if there is one.
   */
  async say(
    author: UserId,
    chat: Chat,
    message: readonly Segment[],
    manner: Manner = {},
  ): Promise<MessageEvent | undefined> {
    const { world } = this
    const mask = message.find(({ type }) => type === 'anonymous')
    const deeds = message.filter(isDeed)
    let chosen = manner
    const check = () => {
      chosen = { ...manner, anonymous: manner.anonymous || (mask && this.#wantsMask(mask, author, chat)) }
      this.#checkSpeech(author, chat, chosen)
      const telling = chosen.anonymous && message.find((segment) => isDeed(segment) || segment.type === 'file')
      if (telling) refuse('ANONYMOUS_REFUSED', `a mask only speaks: a ${telling.type} would tell who wears it`)
      if (mentionsAll(message)) checkAtAll(world, author, chat, this.now())
      return deeds.map((segment) => readDeed(segment, author, chat, world))
    }
    return this.#inTurn(author, chat, check, async () => {
      const contents = await readContents(message, {
        author,
        chat,
        world,
        host: this.host,
        now: this.now(),
        // People hear at once what they cannot say; who plays them wants to know.
        ...(author === world.bot && { unsupported: this.#unsupported }),
      })
      return (done) => {
        const ready = contents.map(complete)
        for (const gift of done.flatMap(({ documents }) => documents)) world.put(gift)
        return [
          ...done.flatMap(({ events }) => events).map(async (event) => void (await this.tell(event))),
          ...ready.map((content) => this.post(author, chat, content, chosen)),
        ]
      }
    })
  }

  /** Says what is read as one message, by the rules of everything that is said. */
  async sayContent(author: UserId, chat: Chat, read: () => Promise<Draft>, manner: Manner = {}): Promise<MessageEvent> {
    const said = await this.#inTurn(
      author,
      chat,
      () => this.#checkSpeech(author, chat, manner),
      async () => {
        const draft = await read()
        return () => [this.post(author, chat, complete(draft), manner)]
      },
    )
    // There is one for each content.
    return said!
  }

  /** Says a bundle of messages. */
  async sayBundle(
    author: UserId,
    chat: Chat,
    nodes: readonly ForwardNode[],
    manner: Manner = {},
  ): Promise<MessageEvent> {
    const { world, host } = this
    const read = async () => readBundle(nodes, { author, chat, world, host, now: this.now() })
    return this.sayContent(author, chat, read, manner)
  }

  /** Sends a file; `source` may be a path of this machine, `folder` is one of a group. */
  async sendFile(
    author: UserId,
    chat: Chat,
    {
      source,
      name,
      folder = root,
    }: { readonly source: string; readonly name: string; readonly folder?: string | undefined },
  ): Promise<{ readonly file_id: string; readonly message: MessageEvent }> {
    const { world, host } = this
    const message = await this.sayContent(author, chat, async () => {
      if (chat.type === 'group') checkRoom(world, chat.group_id, author, folder, 0)
      const upload = await readUpload([source], name, world, host, { isPathAllowed: true })
      return () => fileContent(upload, { author, chat, world, now: this.now(), folder })
    })
    return { file_id: textOf(message.message[0]!.data, 'file_id'), message }
  }

  /** Puts a message into a chat; whoever calls this has asked the rules. */
  async post(author: UserId, chat: Chat, content: Content, manner: Manner = {}): Promise<MessageEvent> {
    const { world } = this
    const log = world.log(chat)
    const message_seq = log.last_seq + 1
    const said = drawLots(content.segments, () => this.random())
    const draft = this.#draft(author, chat, { message_seq, message: said }, manner)
    world.put({ ...log, last_seq: message_seq })
    for (const document of content.documents) world.put(document)
    if (chat.type === 'group') {
      // When a mask spoke is nobody's business.
      if (!manner.anonymous) world.put({ ...findMember(world, chat.group_id, author), last_sent_time: this.now() })
      if (mentionsAll(said)) countAtAll(world, author, chat.group_id, this.now())
    }
    const notices = content.notices?.map(async (notice) => this.tell(notice)) ?? []
    const [event] = await Promise.all([this.tell(draft), ...notices])
    return event
  }

  /** A message of this world. */
  async message(id: MessageId): Promise<StoredMessage> {
    const stored = await this.host.messages.get(id)
    if (stored && isInLog(this.world.log(chatOf(stored.event)), stored.event.message_seq)) return stored
    return missing('MESSAGE_NOT_FOUND', `there is no message ${id} in this network`)
  }

  /** Whether a message was taken back, be it that this is just being written down. */
  isRecalled({ event, recalled }: StoredMessage): boolean {
    return recalled || this.#recalling.has(event.message_id)
  }

  /** A picture that someone shows, as an image of this world; kept there by whoever uses it. */
  async picture(file: string): Promise<Image> {
    return readImage(file, '', this.world, this.host)
  }

  /** An image of this world as a picture that is shown somewhere. */
  async pictureOf({ name, url }: Image): Promise<Picture> {
    const key = mediaKey(url)
    const stored = key === undefined ? undefined : await this.host.media.get(key)
    return { id: name, ...sizeOf(Buffer.from(stored?.bytes ?? [])) }
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
      await this.tell(recallOf(event, actor))
    } finally {
      this.#recalling.delete(id)
    }
  }

  /** Pokes someone: in a group another member; in the private chat of a friend and the bot, either of the two. */
  async poke(actor: UserId, target: UserId, chat: Exclude<Chat, { readonly type: 'discuss' }>): Promise<void> {
    await this.tell(pokeOf(actor, target, chat, this.world))
  }

  /** The newest messages of a chat below a seq, ascending. */
  async history(chat: Chat, below: number | undefined, limit: number): Promise<readonly StoredMessage[]> {
    this.#checkChat(chat)
    const log = this.world.log(chat)
    const found: StoredMessage[] = []
    for (let upTo = (below ?? Infinity) - 1; upTo >= log.first_seq && found.length < limit;) {
      const page = await this.host.messages.page(chat, { limit, ...(upTo < Infinity && { upTo }) })
      if (page.length === 0) break
      found.unshift(...page.filter(({ event }) => isInLog(log, event.message_seq)))
      upTo = page[0]!.event.message_seq - 1
    }
    return found.slice(-limit)
  }

  /** The stored media behind an image, a record, a video or the id of a file; `undefined` for what names none. */
  async mediaNamed(name: string): Promise<(Media & { readonly name: string }) | undefined> {
    const { world } = this
    const seen = world.image(name.toLowerCase()) ?? world.clip(name.toLowerCase()) ?? findSentFile(world, name)
    const stored = seen && (await this.host.media.get(mediaKey(seen.url) ?? ''))
    return stored && { key: stored.key, size: stored.size, type: stored.type, name: seen.name }
  }

  /**
   * Lets one author's messages of one chat appear in the order they were said in, however long each takes to read;
   * what was allowed before that may not be after it, so the check is made twice.
   */
  async #inTurn<Checked>(
    author: UserId,
    chat: Chat,
    check: () => Checked,
    read: () => Promise<(checked: Checked) => readonly Promise<MessageEvent | void>[]>,
  ): Promise<MessageEvent | undefined> {
    const { said } = await this.#turns.take(`${chatKey(chat)}/${author}`, async () => {
      check()
      const tell = await read()
      // The next one need not wait until this one is written down.
      return { said: Promise.all(tell(check())) }
    })
    const last = (await said).at(-1)
    return last ?? undefined
  }

  #checkSpeech(author: UserId, chat: Chat, { through, anonymous }: Manner): void {
    checkSpeech(this.world, author, chat, through, this.now())
    if (anonymous) checkMask(this.world, author, chat, this.now())
  }

  /** Whether the message is to be said in a mask; with `ignore` only where that may be. */
  #wantsMask({ data }: Segment, author: UserId, chat: Chat): boolean {
    if (!isSet(data, 'ignore')) return true
    try {
      checkMask(this.world, author, chat, this.now())
      return true
    } catch {
      return false
    }
  }

  /** Lets an event happen that the bot does not hear of. */
  async #lose(draft: EventDraft): Promise<NetworkEvent> {
    const { clock, messages, self, state } = this.host
    const time = draft.time ?? Math.floor(clock.now() / 1000)
    if (isMessage(draft)) {
      const stamp = { time, self_id: self.user_id, message_id: messages.allocateId(), font: 0 }
      const event: MessageEvent = { ...draft, ...stamp }
      await messages.put(event)
      return event
    }
    const isRecall = 'notice_type' in draft && ['group_recall', 'friend_recall'].includes(draft.notice_type)
    if (isRecall && 'message_id' in draft) await messages.markRecalled(draft.message_id as MessageId)
    await state.saved()
    return { ...draft, time, self_id: self.user_id }
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
          const mask = wearMask(this.world, group_id, author, () => this.random())
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
