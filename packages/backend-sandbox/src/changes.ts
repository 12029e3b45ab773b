import { chatKey, chatOf, isMessage } from '@seekyou/protocol'
import type { Chat, Clock, NetworkEvent, Timer, UserId } from '@seekyou/protocol'
import type { Document, Kind } from './document.ts'
import type { Change, World } from './world.ts'

/** What is no more to be seen of than what it is a part of, or than what it does. */
const unseen: ReadonlySet<Kind> = new Set([
  'counter',
  'draws',
  'quota',
  'image',
  'clip',
  'forward',
  'sent-file',
  'gift',
  'origin',
  'reaction',
])

/** How many of the last notices and requests are kept for who comes for them. */
const mostEvents = 200

/** What changed on the network between two marks. */
export interface ChangesSince {
  readonly mark: number
  /** It is not known what: the mark is too old, or of another time. */
  readonly everything: boolean
  /** Something else than what is said in chats. */
  readonly world: boolean
  /** The chats in which something was said or taken back, such as `group:20001` or `channel:40001/50001`. */
  readonly chats: readonly string[]
  /** The notices and requests that happened, as far as they are kept. */
  readonly events: readonly HappenedEvent[]
}

/** A notice or request, and after which message of its chat it happened, where it has one. */
export interface HappenedEvent {
  readonly event: NetworkEvent
  readonly after_seq?: number
}

/**
 * What changed, for a page that shows the network. Remembered by what it is and not one by one, so that it stays small
 * however much happens.
 */
export class Changes {
  readonly #clock: Clock
  readonly #world: World
  readonly #leave: () => void
  readonly #start: number
  #mark: number
  #everything: number
  #worldMark: number
  readonly #chats = new Map<string, number>()
  #events: { readonly mark: number; readonly happened: HappenedEvent }[] = []
  readonly #waiting = new Set<() => void>()

  constructor(world: World, clock: Clock) {
    this.#clock = clock
    this.#world = world
    // Rises from one start to the next, so that marks of before are known for old ones.
    this.#start = this.#mark = this.#everything = this.#worldMark = clock.now()
    this.#leave = world.onChange((changes) => this.#noteChanges(changes))
  }

  /** A message or its recall, once it is stored; and whatever else the bot is told. */
  noteEvent(event: NetworkEvent): void {
    const chat = chatTouchedBy(event)
    if (chat !== undefined) this.#chats.set(chat, ++this.#mark)
    if (event.post_type === 'notice' || event.post_type === 'request') {
      const place = placeOf(event)
      const after = place && { after_seq: this.#world.log(place).last_seq }
      this.#events = [...this.#events.slice(1 - mostEvents), { mark: ++this.#mark, happened: { event, ...after } }]
    }
    this.#wake()
  }

  /** What changed after `mark`; waits up to `waitMs` for something to. */
  async since(after: number | undefined, waitMs: number, gone: AbortSignal | undefined): Promise<ChangesSince> {
    if (after === this.#mark && waitMs > 0 && !gone?.aborted) await this.#next(waitMs, gone)
    const isKnown = after !== undefined && after >= this.#start && after <= this.#mark
    const from = isKnown ? after : Infinity
    return {
      mark: this.#mark,
      everything: !isKnown || this.#everything > from,
      world: this.#worldMark > from,
      chats: [...this.#chats].filter(([, mark]) => mark > from).map(([chat]) => chat),
      // Who knows nothing yet is told what there is.
      events: this.#events.filter(({ mark }) => !isKnown || mark > from).map(({ happened }) => happened),
    }
  }

  /** Answers everyone who waits. */
  end(): void {
    this.#leave()
    this.#wake()
  }

  #noteChanges(changes: readonly Change[]): void {
    const before = this.#mark
    for (const change of changes) {
      if (change === 'everything') this.#everything = ++this.#mark
      else if (change.document.kind === 'log') this.#chats.set(change.document.chat, ++this.#mark)
      else if (change.document.kind === 'guild_message') {
        const { guild_id, channel_id } = change.document
        this.#chats.set(`channel:${guild_id}/${channel_id}`, ++this.#mark)
      } else if (isSeen(change)) this.#worldMark = ++this.#mark
    }
    if (this.#mark > before) this.#wake()
  }

  #next(waitMs: number, gone: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      let timer: Timer | undefined
      const end = (): void => {
        timer?.cancel()
        gone?.removeEventListener('abort', end)
        this.#waiting.delete(end)
        resolve()
      }
      timer = this.#clock.setTimeout(end, waitMs)
      gone?.addEventListener('abort', end)
      this.#waiting.add(end)
    })
  }

  #wake(): void {
    for (const end of this.#waiting) end()
  }
}

function isSeen({ document, before, isGone }: Exclude<Change, 'everything'>): boolean {
  if (unseen.has(document.kind)) return false
  if (isGone) return true
  // Everyone who speaks is another member for it.
  return !(before && withoutSpeech(document) === withoutSpeech(before))
}

function withoutSpeech(document: Document): string {
  return JSON.stringify(document.kind === 'member' ? { ...document, last_sent_time: 0 } : document)
}

/** The chat in which something happened that is no message. */
function placeOf(event: NetworkEvent): Chat | undefined {
  if ('group_id' in event && typeof event.group_id === 'number') return { type: 'group', group_id: event.group_id }
  if ('guild_id' in event || !('user_id' in event) || typeof event.user_id !== 'number') return undefined
  return { type: 'private', user_id: event.user_id as UserId }
}

function chatTouchedBy(event: NetworkEvent): string | undefined {
  if (isMessage(event)) return chatKey(chatOf(event))
  if (event.post_type !== 'notice') return undefined
  switch (event.notice_type) {
    case 'group_recall':
      return `group:${event.group_id}`
    case 'friend_recall':
      return `private:${event.user_id}`
    default:
      return undefined
  }
}
