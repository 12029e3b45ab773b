import { messageId } from '@seekyou/protocol'
import type { BackendState, MessageId, MessageStore } from '@seekyou/protocol'
import { isFields, numberOf, textOf } from './reading.ts'

/** A message as the upstream knows it: by an id within a chat, and by its number there if it tells one. */
export interface NativeMessage {
  /** The chat as one word, such as `group:20001`. */
  readonly chat: string
  readonly id: string
  readonly seq?: number
}

/** How many of the newest pairs are kept at hand. */
const RECENT = 20_000

/**
 * The ids of messages: ours are the store's, never used twice; the upstream's may be hashes, repeat, or be forgotten
 * there. Each pair is written down with the message itself, both ways, and the oldest are let go.
 */
export class MessageIds {
  readonly #messages: Pick<MessageStore, 'allocateId'>
  readonly #state: BackendState
  readonly #remembered: number
  readonly #natives = new Map<MessageId, NativeMessage>()
  readonly #ours = new Map<string, MessageId>()

  constructor(messages: Pick<MessageStore, 'allocateId'>, state: BackendState, remembered: number) {
    this.#messages = messages
    this.#state = state
    this.#remembered = remembered
  }

  /** Gives a message an id, in the turn in which it is written down. */
  allocate(native: NativeMessage | undefined): MessageId {
    const id = this.#messages.allocateId()
    if (native) this.bind(id, native)
    const old = messageId.parse(id - this.#remembered)
    if (old > 0) void this.#forget(old)
    return id
  }

  /** The upstream knows a message of ours by another id now. */
  bind(id: MessageId, native: NativeMessage): void {
    this.#keep(id, native)
    this.#state.put(nativeKey(id), native)
    this.#state.put(ourKey(native), id)
  }

  /** Our id of a message of the upstream; `undefined` for one that was never seen, or is another with the same id. */
  async ours(native: NativeMessage): Promise<MessageId | undefined> {
    const recent = this.recent(native)
    if (recent !== undefined) return recent
    const read = messageId.safeParse(await this.#state.get(ourKey(native)))
    if (!read.success) return undefined
    const known = await this.native(read.data)
    return known && isSame(known, native) ? read.data : undefined
  }

  /** The same, as far as it is known without waiting: of everything that was bound lately. */
  recent(native: NativeMessage): MessageId | undefined {
    const id = this.#ours.get(ourKey(native))
    const known = id === undefined ? undefined : this.#natives.get(id)
    return known && isSame(known, native) ? id : undefined
  }

  /** The message of the upstream behind one of our ids. */
  async native(id: MessageId): Promise<NativeMessage | undefined> {
    return this.#natives.get(id) ?? readNative(await this.#state.get(nativeKey(id)))
  }

  #keep(id: MessageId, native: NativeMessage): void {
    this.#natives.set(id, native)
    this.#ours.set(ourKey(native), id)
    if (this.#natives.size <= RECENT) return
    const [oldest] = this.#natives
    if (!oldest) return
    this.#natives.delete(oldest[0])
    if (this.#ours.get(ourKey(oldest[1])) === oldest[0]) this.#ours.delete(ourKey(oldest[1]))
  }

  async #forget(id: MessageId): Promise<void> {
    const native = readNative(await this.#state.get(nativeKey(id)))
    if (!native) return
    this.#state.delete(nativeKey(id))
    if ((await this.#state.get(ourKey(native))) === id) this.#state.delete(ourKey(native))
  }
}

/** Two messages of a chat with one id are the same unless both have numbers that differ. */
function isSame(left: NativeMessage, right: NativeMessage): boolean {
  return left.seq === undefined || right.seq === undefined || left.seq === right.seq
}

const nativeKey = (id: MessageId): string => `message ${id}`
const ourKey = ({ chat, id }: NativeMessage): string => `upstream ${chat} ${id}`

function readNative(value: unknown): NativeMessage | undefined {
  if (!isFields(value)) return undefined
  const [chat, id, seq] = [textOf(value['chat']), textOf(value['id']), numberOf(value['seq'])]
  return chat === undefined || id === undefined ? undefined : { chat, id, ...(seq !== undefined && { seq }) }
}

/** The id of a message of ours in an answer or a param, if it is one. */
export function readMessageId(value: unknown): MessageId | undefined {
  const read = messageId.safeParse(value)
  return read.success ? read.data : undefined
}
