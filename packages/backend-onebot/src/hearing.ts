import type { Segment } from '@seekyou/message'
import {
  chatKey,
  discussId,
  groupId,
  guildMessageEvent,
  messageId,
  noticeEvent,
  quotation,
  requestEvent,
  userId,
} from '@seekyou/protocol'
import type { BackendHost, Chat, EventDraft, MessageDraft, MessageEvent, MessageId } from '@seekyou/protocol'
import type { Directory } from './directory.ts'
import type { MessageIds, NativeMessage } from './ids.ts'
import { readContent } from './incoming.ts'
import { Lanes } from './lanes.ts'
import type { BridgeMedia } from './media.ts'
import type { Profile, UpstreamCall } from './profile.ts'
import { fieldsOf, numberOf, textOf, without } from './reading.ts'
import type { Fields } from './reading.ts'

/** How long the first message of a group waits until it is known who its members are, in ms. */
const DIRECTORY_WAIT_MS = 1000

interface HearingSetup {
  readonly host: BackendHost
  readonly ids: MessageIds
  readonly directory: Directory
  readonly media: BridgeMedia
  readonly profile: () => Profile
  readonly call: UpstreamCall
  /** Told of every message of the account itself, once it has an id. */
  readonly onOwn: (chat: Chat, message: readonly Segment[], id: MessageId) => void
}

/** A message of the upstream, read but for what has to be waited for. */
interface HeardMessage {
  readonly raw: Fields
  readonly chat: Chat
  readonly native: NativeMessage
  readonly isOwn: boolean
  readonly message: readonly Segment[]
  readonly seq: number | undefined
}

/**
 * Brings what the upstream tells into the house: repaired by the profile's rows, ids made ours, completed. The events of
 * one chat keep their order; a file that takes its time in one chat keeps no other waiting.
 */
export class Hearing {
  readonly #setup: HearingSetup
  readonly #lanes = new Lanes()
  /** The newest `message_seq` of each chat. */
  readonly #seqs = new Map<string, number>()
  /** Messages that are being written down, and everything else that is. */
  readonly #saving = new Map<MessageId, Promise<unknown>>()
  readonly #writing = new Set<Promise<unknown>>()
  /** Kinds of events that could not be read, each of them complained of once. */
  readonly #unread = new Set<string>()

  constructor(setup: HearingSetup) {
    this.#setup = setup
  }

  /** Takes an event as it came. */
  take(event: Fields): void {
    const raw = numberOf(event['time']) === undefined ? without(event, 'time') : event
    const heard = this.#readMessage(raw)
    if (heard) {
      // What has to be fetched is on its way while the chat is still busy with what came before.
      const fetched = this.#setup.media.fetchAll(heard.message)
      this.#run(chatKey(heard.chat), raw, () => this.#hear(heard, fetched))
    } else {
      this.#run(laneOf(raw), raw, () => this.#tell(raw))
    }
  }

  /** Writes down what the upstream remembers of a chat and we do not; nobody is told of it. */
  async remember(events: readonly Fields[]): Promise<void> {
    const { host, ids } = this.#setup
    for (const raw of events) {
      const heard = this.#readMessage({ post_type: 'message', ...raw })
      if (!heard) continue
      const known = await ids.ours(heard.native)
      if (known !== undefined && (await host.messages.get(known))) continue
      const draft = await this.#draftOf(heard, undefined)
      const message_id = known ?? ids.allocate(heard.native)
      const { time = Math.floor(host.clock.now() / 1000) } = draft
      await host.messages.put({ ...draft, time, message_id, self_id: host.self.user_id, font: 0 })
    }
  }

  /** Writes down a message of the account that the upstream has sent, unless it was heard already. */
  async record(
    chat: Chat,
    nativeId: string | undefined,
    message: (id: MessageId) => readonly Segment[],
  ): Promise<MessageId> {
    const { host, ids } = this.#setup
    const native = nativeId === undefined ? undefined : { chat: chatKey(chat), id: nativeId }
    const seq = await this.#nextSeq(chat)
    const known = native && ids.recent(native)
    if (known !== undefined) {
      await this.#saving.get(known)
      return known
    }
    const id = ids.allocate(native)
    this.#sawSeq(chat, seq)
    const { user_id, nickname } = host.self
    const said = { post_type: 'message_sent', message_id: id, message_seq: seq, user_id, message: message(id) } as const
    const sender = { user_id, nickname }
    await this.#save(id, ownDraft(said, chat, this.#speaker(chat, sender)))
    return id
  }

  /** Our id of a message that the upstream names; one that was never seen gets one, too. */
  async idOf(native: NativeMessage): Promise<MessageId> {
    const { ids } = this.#setup
    return (await ids.ours(native)) ?? ids.recent(native) ?? ids.allocate(native)
  }

  /** Resolves once everything that was taken is written down. */
  async idle(): Promise<void> {
    await this.#lanes.idle()
    await Promise.allSettled(this.#writing)
  }

  #run(lane: string, raw: Fields, task: () => Promise<void>): void {
    this.#lanes.run(lane, () => task().catch((error: unknown) => this.#fail(raw, error)))
  }

  #fail(raw: Fields, error: unknown): void {
    this.#setup.host.log.error({ kind: kindOf(raw), err: error }, 'an event of the upstream could not be taken in')
  }

  #readMessage(raw: Fields): HeardMessage | undefined {
    const { host, profile } = this.#setup
    const { post_type } = raw
    if (post_type !== 'message' && post_type !== 'message_sent') return undefined
    const repaired = profile().message?.(raw) ?? raw
    const user = numberOf(repaired['user_id']) ?? numberOf(fieldsOf(repaired['sender'])['user_id'])
    const isOwn = post_type === 'message_sent' || user === host.self.user_id
    const chat = readChat(repaired, isOwn)
    const id = textOf(repaired['message_id'])
    if (!chat || id === undefined) return undefined
    const seq = numberOf(repaired['message_seq'])
    const known = seq !== undefined && seq > 0 ? seq : undefined
    const native = { chat: chatKey(chat), id, ...(known !== undefined && { seq: known }) }
    return { raw: repaired, chat, native, isOwn, seq: known, message: readContent(repaired['message'], profile()) }
  }

  async #hear(heard: HeardMessage, fetched: (() => Promise<readonly Segment[]>) | undefined): Promise<void> {
    const { ids, directory } = this.#setup
    const { chat, native, isOwn, raw } = heard
    if ((ids.recent(native) ?? (await ids.ours(native))) !== undefined) return
    if (chat.type === 'group') {
      const members = directory.ready(chat.group_id)
      if (members) await this.#patiently(members)
    }
    const draft = await this.#draftOf(heard, fetched)
    // Its own send may have been answered meanwhile.
    if (ids.recent(native) !== undefined) return
    const id = ids.allocate(native)
    this.#sawSeq(chat, draft.message_seq)
    const message = draft.message.map((segment) => withOwnBundleId(segment, native.id, id))
    // What follows in this chat need not wait for the disk: the journal keeps the order of the calls.
    this.#save(id, { ...draft, message, message_id: id }).catch((error: unknown) => this.#fail(raw, error))
    if (isOwn) this.#setup.onOwn(chat, message, id)
    directory.follow(raw)
  }

  async #draftOf(
    { raw, chat, native, isOwn, message, seq }: HeardMessage,
    fetched: (() => Promise<readonly Segment[]>) | undefined,
  ): Promise<MessageDraft> {
    const content = await this.#withOwnQuotes(fetched ? await fetched() : message, native.chat)
    const told = fieldsOf(raw['sender'])
    const self = this.#setup.host.self.user_id
    const speaker = isOwn ? self : userId.parse(numberOf(raw['user_id']) ?? told['user_id'])
    const common = {
      post_type: isOwn ? 'message_sent' : 'message',
      ...timeOf(raw),
      message_seq: seq ?? (await this.#nextSeq(chat)),
      user_id: speaker,
      message: content,
    } as const
    const sender = { ...told, user_id: speaker }
    switch (chat.type) {
      case 'group':
        return {
          ...common,
          message_type: 'group',
          sub_type: oneOf(raw['sub_type'], ['normal', 'anonymous', 'notice']),
          group_id: chat.group_id,
          anonymous: readMask(raw['anonymous']),
          sender: this.#speaker(chat, sender),
        }
      case 'discuss':
        return {
          ...common,
          message_type: 'discuss',
          discuss_id: chat.discuss_id,
          sender: this.#speaker(chat, sender),
        }
      case 'private': {
        const group = groupId.safeParse(told['group_id'] ?? raw['group_id'])
        const source = numberOf(raw['temp_source'])
        return {
          ...common,
          message_type: 'private',
          sub_type: oneOf(raw['sub_type'], ['friend', 'group', 'other']),
          target_id: isOwn ? chat.user_id : self,
          ...(source !== undefined && { temp_source: source }),
          sender: { ...this.#speaker(chat, sender), ...(group.success && { group_id: group.data }) },
        }
      }
    }
  }

  /** Who said it, completed by what go-cqhttp would say. */
  #speaker(chat: Chat, told: Fields): MessageEvent['sender'] {
    const user_id = userId.parse(told['user_id'])
    if (chat.type === 'group') return { user_id, ...this.#setup.directory.speaker(chat.group_id, told) }
    const sex = oneOf(told['sex'], ['unknown', 'male', 'female'])
    return { user_id, nickname: textOf(told['nickname']) ?? '', sex, age: numberOf(told['age']) ?? 0 }
  }

  async #withOwnQuotes(message: readonly Segment[], chat: string): Promise<readonly Segment[]> {
    const quotes = message.some(({ type, data }) => type === 'reply' && textOf(data['id']))
    if (!quotes) return message
    return Promise.all(
      message.map(async (segment) => {
        const id = segment.type === 'reply' ? textOf(segment.data['id']) : undefined
        if (!id) return segment
        const own = await this.idOf({ chat, id })
        const stored = await this.#setup.host.messages.get(own)
        const known = stored ? quotation(stored.event).data : {}
        return { type: 'reply', data: { ...segment.data, ...known, id: String(own) } }
      }),
    )
  }

  /** Notices, requests and messages of guilds. */
  async #tell(raw: Fields): Promise<void> {
    const { host, profile, call, directory } = this.#setup
    const repaired = await (rowOf(profile(), raw)?.(raw, call) ?? raw)
    const completed = await this.#complete(repaired)
    const draft = readEvent(completed, host, profile())
    directory.follow(completed)
    if (draft) {
      this.#write(draft).catch((error: unknown) => this.#fail(raw, error))
      return
    }
    const post_type = (['notice', 'request'] as const).find((word) => word === completed['post_type'])
    if (!post_type) {
      this.#complain(raw, 'the upstream tells an event that no bot would know; it is left out')
      return
    }
    this.#complain(raw, 'the upstream tells an event of a kind not described here; it goes on as it came')
    const told = { ...without(completed, 'time', 'self_id'), post_type }
    this.#write({ post_type: 'foreign', told, ...timeOf(completed) }).catch((error: unknown) => this.#fail(raw, error))
  }

  /** What go-cqhttp tells of an event and others leave out; ids made ours. */
  async #complete(event: Fields): Promise<Fields> {
    const chat = laneOf(event)
    const id = textOf(event['message_id'])
    // A message that cannot be read (one of the account's own that does not say to whom) gets no id of ours either.
    const isOther = 'guild_id' in event || String(event['post_type']).startsWith('message')
    const own = id === undefined || isOther ? event : { ...event, message_id: await this.idOf({ chat, id }) }
    const user = own['user_id']
    switch (own['notice_type']) {
      case 'group_increase':
        return {
          ...own,
          operator_id: own['operator_id'] ?? 0,
          sub_type: own['sub_type'] === 'invite' ? 'invite' : 'approve',
        }
      case 'group_decrease':
        return { ...own, operator_id: own['operator_id'] ?? user }
      case 'group_ban':
        return { ...own, user_id: user ?? 0, duration: own['duration'] ?? 0 }
      case 'group_recall':
        return { ...own, operator_id: own['operator_id'] ?? user }
      case 'group_card':
        return { ...own, card_new: own['card_new'] ?? '', card_old: own['card_old'] ?? '' }
      case 'group_upload':
        return this.#withFileUrl(own)
      case 'notify': {
        if (own['sub_type'] !== 'poke') return own
        const poker = own['sender_id'] ?? user
        return { ...own, user_id: user ?? poker, sender_id: poker }
      }
      default:
        return own['post_type'] === 'request' ? completeRequest(own) : own
    }
  }

  async #withFileUrl(event: Fields): Promise<Fields> {
    const file = fieldsOf(event['file'])
    if (textOf(file['url']) || textOf(file['id']) === undefined) return event
    const where = { group_id: event['group_id'], file_id: file['id'], busid: file['busid'], bus_id: file['busid'] }
    const url = await this.#setup.call('get_group_file_url', where).then(
      (data) => textOf(fieldsOf(data)['url']),
      () => undefined,
    )
    return { ...event, file: { ...file, ...(url !== undefined && { url }) } }
  }

  #save(id: MessageId, draft: MessageDraft): Promise<unknown> {
    const saved = this.#write(draft).finally(() => this.#saving.delete(id))
    this.#saving.set(id, saved)
    return saved
  }

  #write(draft: EventDraft): Promise<unknown> {
    const written: Promise<unknown> = this.#setup.host.emit(draft)
    this.#writing.add(written)
    return written.finally(() => this.#writing.delete(written))
  }

  async #nextSeq(chat: Chat): Promise<number> {
    const last = this.#seqs.get(chatKey(chat)) ?? (await this.#setup.host.messages.lastSeq(chat))
    // Another message may have come while the store was asked.
    return Math.max(last, this.#seqs.get(chatKey(chat)) ?? 0) + 1
  }

  #sawSeq(chat: Chat, seq: number): void {
    this.#seqs.set(chatKey(chat), Math.max(seq, this.#seqs.get(chatKey(chat)) ?? 0))
  }

  async #patiently(task: Promise<void>): Promise<void> {
    const patience = Promise.withResolvers<void>()
    const timer = this.#setup.host.clock.setTimeout(patience.resolve, DIRECTORY_WAIT_MS)
    await Promise.race([task, patience.promise])
    timer.cancel()
  }

  #complain(raw: Fields, message: string): void {
    const kind = kindOf(raw)
    if (this.#unread.has(kind) || this.#unread.size > 1000) return
    this.#unread.add(kind)
    this.#setup.host.log.warn({ kind }, message)
  }
}

function rowOf({ events }: Profile, raw: Fields) {
  const kind = kindOf(raw)
  const general = kind.split('.').slice(0, 2).join('.')
  return Object.hasOwn(events, kind) ? events[kind] : Object.hasOwn(events, general) ? events[general] : undefined
}

/** An event's name, such as `notice.notify.poke`. */
function kindOf(raw: Fields): string {
  const { post_type, sub_type } = raw
  const detail = raw[post_type === 'message_sent' ? 'message_type' : `${String(post_type)}_type`]
  return [post_type, detail, sub_type].filter((word) => typeof word === 'string').join('.')
}

/** The chat that something other than a message happened in; what is about no chat shares one lane. */
function laneOf(raw: Fields): string {
  const group = numberOf(raw['group_id'])
  if (group) return `group:${group}`
  const user = numberOf(raw['user_id'])
  return user ? `private:${user}` : ''
}

function readChat(raw: Fields, isOwn: boolean): Chat | undefined {
  switch (raw['message_type']) {
    case 'group': {
      const group = groupId.safeParse(raw['group_id'])
      return group.success ? { type: 'group', group_id: group.data } : undefined
    }
    case 'discuss': {
      const discuss = discussId.safeParse(raw['discuss_id'])
      return discuss.success ? { type: 'discuss', discuss_id: discuss.data } : undefined
    }
    case 'private': {
      const person = userId.safeParse(isOwn ? raw['target_id'] : raw['user_id'])
      return person.success ? { type: 'private', user_id: person.data } : undefined
    }
    default:
      return undefined
  }
}

/** The bundle that some upstreams name by the message it is in, or by a number that could be one of our ids. */
function withOwnBundleId(segment: Segment, nativeId: string, id: MessageId): Segment {
  const bundle = segment.type === 'forward' ? textOf(segment.data['id']) : undefined
  if (bundle === undefined || !/^-?\d+$/.test(bundle)) return segment
  return { ...segment, data: { ...segment.data, id: bundle === nativeId ? String(id) : `u${bundle}` } }
}

function ownDraft(
  said: Pick<MessageEvent, 'message_seq' | 'user_id' | 'message' | 'message_id'> & {
    readonly post_type: 'message_sent'
  },
  chat: Chat,
  sender: MessageEvent['sender'],
): MessageDraft {
  switch (chat.type) {
    case 'group':
      return { ...said, message_type: 'group', sub_type: 'normal', group_id: chat.group_id, anonymous: null, sender }
    case 'discuss':
      return { ...said, message_type: 'discuss', discuss_id: chat.discuss_id, sender }
    case 'private':
      return { ...said, message_type: 'private', sub_type: 'friend', target_id: chat.user_id, sender }
  }
}

function timeOf(raw: Fields): { readonly time?: number } {
  const time = numberOf(raw['time'])
  return time === undefined || time <= 0 ? {} : { time }
}

function readMask(value: unknown) {
  const { id, name, flag } = fieldsOf(value)
  return textOf(flag) === undefined
    ? null
    : { id: numberOf(id) ?? 0, name: textOf(name) ?? '', flag: textOf(flag) ?? '' }
}

function completeRequest(event: Fields): Fields {
  const request = { ...event, comment: textOf(event['comment']) ?? '', flag: textOf(event['flag']) }
  if (event['request_type'] !== 'group') return request
  return { ...request, invitor_id: numberOf(event['invitor_id']) ?? 0 }
}

/** An event of a kind that is described here; `undefined` for any other. */
function readEvent(event: Fields, { self, clock }: BackendHost, profile: Profile): EventDraft | undefined {
  const time = numberOf(event['time']) ?? Math.floor(clock.now() / 1000)
  const stamped = { ...event, time, self_id: self.user_id }
  switch (event['post_type']) {
    case 'notice':
      return noticeEvent.safeParse(stamped).data
    case 'request':
      return requestEvent.safeParse(stamped).data
    case 'message':
      return guildMessageEvent.safeParse({ ...stamped, message: readContent(event['message'], profile) }).data
    default:
      return undefined
  }
}

function oneOf<const Word extends string>(value: unknown, words: readonly [absent: Word, ...others: Word[]]): Word {
  return words.find((word) => word === value) ?? words[0]
}

/** The id of a message of ours in an answer or a param, if it is one. */
export function readMessageId(value: unknown): MessageId | undefined {
  const read = messageId.safeParse(value)
  return read.success ? read.data : undefined
}
