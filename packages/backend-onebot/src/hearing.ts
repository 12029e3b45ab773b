import type { Segment } from '@seekyou/message'
import { chatKey, quotation } from '@seekyou/protocol'
import type { BackendHost, Chat, EventDraft, MessageDraft, MessageId } from '@seekyou/protocol'
import type { Directory } from './directory.ts'
import { completeEvent, kindOf, laneOf, readEvent, repairOf } from './heard-event.ts'
import { draftHeard, draftOwn, readHeardMessage, senderIn, withOwnBundleId } from './heard-message.ts'
import type { HeardMessage } from './heard-message.ts'
import type { MessageIds, NativeMessage } from './ids.ts'
import { Lanes } from './lanes.ts'
import type { BridgeMedia } from './media.ts'
import type { Profile, UpstreamCall } from './profile.ts'
import { numberOf, textOf, timeOf, without } from './reading.ts'
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
    await this.#save(id, draftOwn(said, chat, senderIn(chat, sender, this.#setup.directory)))
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
    return readHeardMessage(raw, { self: host.self.user_id, profile: profile() })
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

  async #draftOf(heard: HeardMessage, fetched: (() => Promise<readonly Segment[]>) | undefined): Promise<MessageDraft> {
    const { host, directory } = this.#setup
    const content = fetched ? await fetched() : heard.message
    const message = await this.#withOwnQuotes(content, heard.native.chat)
    const message_seq = heard.seq ?? (await this.#nextSeq(heard.chat))
    return draftHeard(heard, { message, message_seq }, { self: host.self.user_id, directory })
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
    const repaired = await (repairOf(profile(), raw)?.(raw, call) ?? raw)
    const completed = await completeEvent(repaired, { idOf: (native) => this.idOf(native), call })
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
