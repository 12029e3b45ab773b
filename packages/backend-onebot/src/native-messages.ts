import { BackendRefused, chatKey, chatOf } from '@seekyou/protocol'
import type { BackendHost, Chat, MessageId } from '@seekyou/protocol'
import { answered, idOnWire, messageNotFound } from './doings.ts'
import { readMessageId } from './ids.ts'
import type { MessageIds, NativeMessage } from './ids.ts'
import type { Profile, UpstreamCall } from './profile.ts'
import { fieldsOf, listOf, numberOf, textOf } from './reading.ts'
import type { Fields } from './reading.ts'

/** Messages of a chat that are looked through for one that the upstream has forgotten. */
const SEARCHED_MESSAGES = 100

/** Messages that an upstream which forgets surely still knows. */
const FRESH_MESSAGES = 4000

interface NativeMessagesSetup {
  readonly host: Pick<BackendHost, 'messages'>
  readonly ids: MessageIds
  readonly profile: () => Profile
  readonly call: UpstreamCall
}

/** Messages by the ids that the upstream has for them, and what it remembers of them. */
export interface NativeMessages {
  /** Notes that the upstream has just spoken of a message. */
  saw(nativeId: string | undefined): void
  /** Another upstream may be there, and know none of them. */
  doubt(): void
  /**
   * Runs something with the upstream's id of a message; of one that it has forgotten, with the one it has by now.
   * @throws ActionFailure when there is no such message, and what `run` throws.
   */
  withId<T>(id: unknown, run: (nativeId: string) => Promise<T>): Promise<T>
  /** The upstream's id of a message that is to be quoted in a chat. */
  quoted(chat: Chat, id: MessageId): Promise<string | undefined>
  /** The upstream's id of a bundle: some name it by the message that it is in, which has another id here. */
  bundle(id: string): Promise<string>
  /** What the upstream remembers of a chat, newest last. */
  history(chat: Chat, page: HistoryPage): Promise<readonly Fields[]>
}

export interface HistoryPage {
  readonly count: number
  /** The `message_seq` of the last message; absent: the newest. */
  readonly upTo?: number
}

export function createNativeMessages({ host, ids, profile, call }: NativeMessagesSetup): NativeMessages {
  /** Ids that the upstream surely knows: it told them since it was met last. */
  const fresh = new Set<string>()

  function saw(nativeId: string | undefined): void {
    if (nativeId === undefined || !profile().forgets) return
    fresh.add(nativeId)
    const [oldest] = fresh
    if (fresh.size > FRESH_MESSAGES && oldest !== undefined) fresh.delete(oldest)
  }

  async function withId<T>(id: unknown, run: (nativeId: string) => Promise<T>): Promise<T> {
    const own = readMessageId(id)
    const native = own === undefined ? undefined : await ids.native(own)
    if (own === undefined || !native) throw messageNotFound(id)
    try {
      return await run(native.id)
    } catch (error) {
      if (!(error instanceof BackendRefused) || !profile().forgets?.(error.message)) throw error
      const found = await refind(own, native)
      if (found === undefined) throw error
      return run(found)
    }
  }

  /** Looks for a message in what the upstream remembers of its chat; what it lists it also knows again. */
  async function refind(id: MessageId, native: NativeMessage): Promise<string | undefined> {
    const stored = await host.messages.get(id)
    if (!stored) return undefined
    const list = await history(chatOf(stored.event), { count: SEARCHED_MESSAGES }).catch(() => [])
    for (const raw of list) {
      const message = profile().message?.(raw) ?? raw
      const nativeId = textOf(message['message_id'])
      const seq = numberOf(message['message_seq'])
      if (nativeId === undefined || (nativeId !== native.id && (seq === undefined || seq !== native.seq))) continue
      ids.bind(id, { ...native, id: nativeId })
      saw(nativeId)
      return nativeId
    }
    return undefined
  }

  async function quoted(chat: Chat, id: MessageId): Promise<string | undefined> {
    const native = await ids.native(id)
    if (!native || native.chat !== chatKey(chat)) return undefined
    // An upstream that has forgotten a message sends the answer without its quotation, and says nothing.
    if (!profile().forgets || fresh.has(native.id)) return native.id
    const isKnown = await call('get_msg', { message_id: idOnWire(native.id) }).then(
      () => true,
      () => false,
    )
    if (!isKnown) return refind(id, native)
    saw(native.id)
    return native.id
  }

  async function bundle(id: string): Promise<string> {
    if (/^u-?\d+$/.test(id)) return id.slice(1)
    const own = readMessageId(id)
    const native = own === undefined ? undefined : await ids.native(own)
    return native?.id ?? id
  }

  async function history(chat: Chat, { count, upTo }: HistoryPage): Promise<readonly Fields[]> {
    if (chat.type === 'discuss') return []
    const { type, ...target } = chat
    const action = type === 'group' ? 'get_group_msg_history' : 'get_friend_msg_history'
    const from = upTo === undefined ? {} : await historyFrom(chat, upTo)
    if (!from) return []
    const asked = { ...target, count, reverseOrder: false, ...from }
    const data = await answered(action, () => call(action, asked)).catch((error: unknown) => {
      // To some a chat in which nothing was said is a message that is not there.
      if (error instanceof BackendRefused && profile().forgets?.(error.message)) return undefined
      throw error
    })
    return listOf(fieldsOf(data)['messages'] ?? data)
  }

  /** Where a page of history ends, in the words of the upstream; `undefined` where it cannot be told. */
  async function historyFrom(chat: Chat, upTo: number): Promise<Fields | undefined> {
    if (profile().historyFrom !== 'message_id') return { message_seq: upTo }
    const [last] = await host.messages.page(chat, { upTo, limit: 1 })
    const native = last && (await ids.native(last.event.message_id))
    return native && { message_seq: idOnWire(native.id) }
  }

  return { saw, doubt: () => fresh.clear(), withId, quoted, bundle, history }
}
