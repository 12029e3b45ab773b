import type { Segment } from '@seekyou/message'
import { chatKey, mediaKey } from '@seekyou/protocol'
import type { Chat, Journal, NetworkEvent, Seq } from '@seekyou/protocol'
import { placeOf } from './scope.ts'

/** How far back it looks, and how much it remembers; what was told before that counts as never told. */
const MOST_EVENTS = 20_000
const MOST_NAMES = 50_000
/** One name is told in a few chats at most; which ones beyond that nobody asks. */
const MOST_CHATS = 16
const BATCH = 256

/** What is told in events besides messages, and is named again in calls. */
export type ToldKind = 'file' | 'bundle' | 'flag'

/**
 * In which chats the flags of requests, the names of files and the ids of bundles were told. It reads the journal when it
 * is asked, and so costs nothing where no token is limited to chats.
 */
export class ToldIndex {
  readonly #journal: Journal
  readonly #chats = new Map<string, Map<string, Chat>>()
  #readUpTo: Seq | undefined
  #reading: Promise<void> | undefined

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** The chats in which something of this name was told. */
  async chats(kind: ToldKind, name: string): Promise<readonly Chat[]> {
    await (this.#reading ??= this.#catchUp().finally(() => (this.#reading = undefined)))
    return [...(this.#chats.get(keyOf(kind, name))?.values() ?? [])]
  }

  async #catchUp(): Promise<void> {
    const last = this.#journal.last()
    let after = this.#readUpTo ?? Math.max(0, last - MOST_EVENTS)
    while (after < last) {
      const entries = await this.#journal.read(after, BATCH)
      for (const { event } of entries) this.#learn(event)
      after = entries.at(-1)?.seq ?? last
    }
    this.#readUpTo = after
  }

  #learn(event: NetworkEvent): void {
    const chat = placeOf(event)
    if (!chat) return
    for (const key of namesIn(event)) {
      const known = this.#chats.get(key) ?? new Map<string, Chat>()
      // Told last, so forgotten last.
      this.#chats.delete(key)
      this.#chats.set(key, known)
      if (known.size < MOST_CHATS) known.set(chatKey(chat), chat)
    }
    for (const key of this.#chats.keys()) {
      if (this.#chats.size <= MOST_NAMES) break
      this.#chats.delete(key)
    }
  }
}

/** Networks spell the names of files in either case. */
function keyOf(kind: ToldKind, name: string): string {
  return `${kind} ${kind === 'file' ? name.toLowerCase() : name}`
}

function namesIn(event: NetworkEvent): readonly string[] {
  if ('message' in event) return [...namesInSegments(event.message)]
  if (event.post_type === 'request') return [keyOf('flag', event.flag)]
  const told = event.post_type === 'foreign' ? event.told : event
  const { file, flag } = told as { readonly file?: unknown; readonly flag?: unknown }
  return [...(typeof flag === 'string' ? [keyOf('flag', flag)] : []), ...(isObject(file) ? idsOfFile(file) : [])]
}

function* namesInSegments(segments: readonly Segment[]): Iterable<string> {
  for (const { type, data } of segments) {
    // The name of a file is what people see, and another one may have the same; that of an image is made of its bytes.
    yield* type === 'file' ? idsOfFile(data) : namesOfMedia(data)
    if (type === 'forward' && typeof data['id'] === 'string') yield keyOf('bundle', data['id'])
    const { content } = data
    if (typeof content === 'object') yield* namesInSegments(content)
  }
}

function idsOfFile(data: Fields): readonly string[] {
  return fileKeys(data['file_id'], data['id'], data['path'], keyIn(data['url']))
}

function namesOfMedia(data: Fields): readonly string[] {
  return fileKeys(data['file'], data['file_id'], keyIn(data['url']))
}

function fileKeys(...names: readonly unknown[]): readonly string[] {
  return names.flatMap((name) => (typeof name === 'string' && name !== '' ? [keyOf('file', name)] : []))
}

function keyIn(url: unknown): string | undefined {
  return typeof url === 'string' ? mediaKey(url) : undefined
}

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
