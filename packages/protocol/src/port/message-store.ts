import type { Chat, MessageEvent } from '../event/message.ts'
import type { MessageId } from '../ids.ts'

/** A message the account heard or sent, and what became of it. */
export interface StoredMessage {
  readonly event: MessageEvent
  readonly recalled: boolean
}

/** The messages of one account. Writes follow the rule of the journal: those of one turn commit together. */
export interface MessageStore {
  /** A message id that was never given before and never will be again: rising positive int32. */
  allocateId(): MessageId
  put(event: MessageEvent): Promise<void>
  get(id: MessageId): Promise<StoredMessage | undefined>
  /** The newest `limit` messages of a chat, up to and including `upTo` if given, in ascending `message_seq`. */
  page(chat: Chat, options: { readonly upTo?: number; readonly limit: number }): Promise<readonly StoredMessage[]>
  /** The messages of all chats with ids above `after`, in ascending order, at most `limit`. */
  list(options: { readonly after: number; readonly limit: number }): Promise<readonly StoredMessage[]>
  /** How many are stored. */
  count(): Promise<number>
  /** The highest `message_seq` stored for a chat; 0 when there is none. */
  lastSeq(chat: Chat): Promise<number>
  /** Marks a message as recalled; false when there is no such message. */
  markRecalled(id: MessageId): Promise<boolean>
}
