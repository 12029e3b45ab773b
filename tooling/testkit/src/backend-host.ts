import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { chatKey, chatOf, foreignEvent, isMessage, messageId, networkEvent } from '@seekyou/protocol'
import type {
  BackendHost,
  Clock,
  EventDraft,
  FileSource,
  Identity,
  Media,
  MessageDraft,
  MessageEvent,
  MessageId,
  NetworkEvent,
  StoredMessage,
} from '@seekyou/protocol'
import * as z from 'zod'
import { createMemoryFiles } from './memory-files.ts'
import { createRecordingLogger } from './recording-logger.ts'
import { createVirtualClock, settle } from './virtual-clock.ts'

/** What survives a restart of a backend: hand the memory of one host to the next. */
export interface BackendMemory {
  /** The backend's state, each value as JSON text. */
  readonly state: Map<string, string>
  readonly messages: Map<MessageId, StoredMessage>
  readonly media: Map<string, Media & { readonly bytes: Uint8Array; readonly isCached: boolean }>
}

const anyEvent = z.union([networkEvent, foreignEvent])

/** A backend's host that keeps everything in memory and remembers what was emitted. */
export interface MemoryBackendHost extends BackendHost {
  readonly memory: BackendMemory
  /** Every event so far, as stamped, those told again included. */
  readonly events: readonly NetworkEvent[]
  /** For how many seconds the backend last asked for the connections to be broken. */
  readonly disconnectedFor: number | undefined
  /** Makes every write fail from now on, as a full disk does, or lets them succeed again. */
  failWrites(isFailing: boolean): void
}

/**
 * Hosts a backend as the hub does: stamps events, gives messages their ids, stores them, marks the recalled. It is
 * stricter in one thing: an event that is not exactly what the schemas describe is refused.
 */
export function createBackendHost(options: {
  readonly self: Identity
  readonly clock?: Clock
  readonly memory?: BackendMemory
  /** What loads files; default: base64 only. */
  readonly files?: FileSource
}): MemoryBackendHost {
  const { self, clock = createVirtualClock(), files = createMemoryFiles() } = options
  const { memory = { state: new Map(), messages: new Map(), media: new Map() } } = options
  const events: NetworkEvent[] = []
  let disconnectedFor: number | undefined
  let isDiskFull = false
  let lastId = 0

  /** Resolves once a commit would be over. */
  async function commit(): Promise<void> {
    const isLost = isDiskFull
    await settle()
    if (isLost) throw new Error('the disk is full')
  }

  function allocateId(): MessageId {
    lastId = Math.max(lastId, ...memory.messages.keys()) + 1
    return messageId.parse(lastId)
  }

  function stamp(draft: EventDraft): unknown {
    const common = { time: Math.floor(clock.now() / 1000), ...draft, self_id: self.user_id }
    return isMessage(draft) ? { ...common, message_id: draft.message_id ?? allocateId(), font: 0 } : common
  }

  function emit(draft: MessageDraft): Promise<MessageEvent>
  function emit(draft: EventDraft): Promise<NetworkEvent>
  async function emit(draft: EventDraft): Promise<NetworkEvent> {
    const stamped: unknown = structuredClone(stamp(draft))
    const event = anyEvent.parse(stamped)
    if (!isDeepStrictEqual(event, stamped)) {
      throw new Error(`an event has fields that its schema does not know: ${JSON.stringify(stamped)}`)
    }
    if (isDiskFull) {
      await commit()
      return event
    }
    events.push(event)
    if (isMessage(event)) memory.messages.set(event.message_id, { event, recalled: false })
    if (
      event.post_type === 'notice' &&
      (event.notice_type === 'group_recall' || event.notice_type === 'friend_recall')
    ) {
      markRecalled(event.message_id)
    }
    await commit()
    return event
  }

  function markRecalled(id: MessageId): boolean {
    const stored = memory.messages.get(id)
    if (stored) memory.messages.set(id, { ...stored, recalled: true })
    return stored !== undefined
  }

  return {
    self,
    clock,
    log: createRecordingLogger(),
    memory,
    events,
    get disconnectedFor() {
      return disconnectedFor
    },
    failWrites: (isFailing) => void (isDiskFull = isFailing),
    emit,
    async retell(event) {
      if (!isDiskFull) events.push(event)
      await commit()
    },
    disconnect: (seconds) => void (disconnectedFor = seconds),
    messages: {
      allocateId,
      async put(event) {
        if (!isDiskFull) memory.messages.set(event.message_id, { event, recalled: false })
        await commit()
      },
      get: async (id) => memory.messages.get(id),
      async page(chat, { upTo = Infinity, limit }) {
        return [...memory.messages.values()]
          .filter(({ event }) => chatKey(chatOf(event)) === chatKey(chat) && event.message_seq <= upTo)
          .toSorted((left, right) => left.event.message_seq - right.event.message_seq)
          .slice(-limit)
      },
      async list({ after, limit }) {
        return [...memory.messages.values()]
          .filter(({ event }) => event.message_id > after)
          .toSorted((left, right) => left.event.message_id - right.event.message_id)
          .slice(0, limit)
      },
      count: async () => memory.messages.size,
      async lastSeq(chat) {
        const [last] = await this.page(chat, { limit: 1 })
        return last?.event.message_seq ?? 0
      },
      markRecalled: async (id) => markRecalled(id),
    },
    media: {
      async put(bytes, type, { isCached = false } = {}) {
        const key = createHash('sha256').update(bytes).digest('hex')
        const isOnlyCached = isCached && memory.media.get(key)?.isCached !== false
        memory.media.set(key, { key, size: bytes.length, type, bytes, isCached: isOnlyCached })
        return { key, size: bytes.length, type }
      },
      get: async (key) => memory.media.get(key),
      // A path of the right form; nothing lies there.
      localPath: async (key) => (memory.media.has(key) ? `/memory/${key}` : undefined),
      async clearCache(type = '') {
        const cached = [...memory.media.values()].filter((media) => media.isCached && media.type.startsWith(type))
        for (const { key } of cached) memory.media.delete(key)
        return cached.length
      },
      async size() {
        const kept = [...memory.media.values()]
        return { files: kept.length, bytes: kept.reduce((sum, { size }) => sum + size, 0) }
      },
    },
    files,
    state: {
      async entries() {
        return [...memory.state]
          .toSorted(([left], [right]) => (left < right ? -1 : 1))
          .map(([key, value]): [string, unknown] => [key, JSON.parse(value)])
      },
      async get(key) {
        const text = memory.state.get(key)
        return text === undefined ? undefined : (JSON.parse(text) as unknown)
      },
      put(key, value) {
        if (!isDiskFull) memory.state.set(key, JSON.stringify(value))
      },
      delete(key) {
        if (!isDiskFull) memory.state.delete(key)
      },
      saved: commit,
    },
  }
}
