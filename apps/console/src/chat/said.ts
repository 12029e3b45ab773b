import { replaceEqualDeep } from '@tanstack/react-query'
import type { ChatMessage } from './world.ts'

/** What of a chat is here: its newest messages, ascending and without a gap. */
export interface Said {
  readonly messages: readonly ChatMessage[]
  /** Whether there are older ones. */
  readonly hasOlder: boolean
}

/** Reads the newest messages of a chat below a seq, as many as `pageSize` at most, ascending. */
export type ReadPage = (below?: number) => Promise<readonly ChatMessage[]>

/** How many messages are asked for at once. */
export const pageSize = 50

/** More than this is not read again at once; what is older is, when someone scrolls there. */
const mostAgain = 5000

/** Reads from the newest message back to the oldest that is known, so that nobody loses what they are reading. */
export async function readAgain(read: ReadPage, known: Said | undefined): Promise<Said> {
  const oldest = known?.messages[0]
  let messages: readonly ChatMessage[] = []
  for (;;) {
    const page = await read(messages[0]?.message_seq)
    // A network that knows no older ones may tell the same again.
    if (isSame(page[0], messages[0])) return { messages, hasOlder: false }
    messages = [...page, ...messages]
    const hasOlder = page.length >= pageSize
    if (!hasOlder || !oldest || messages.length >= mostAgain || has(page, oldest)) return { messages, hasOlder }
  }
}

/** With the newest page as it is now; `undefined` where something between is not known. */
export function withNewest({ messages, hasOlder }: Said, page: readonly ChatMessage[]): Said | undefined {
  const [first] = page
  // Less than a page is all that there is.
  if (!first || page.length < pageSize) return { messages: page, hasOlder: false }
  const from = placeOf(messages, first)
  if (from !== -1) return { messages: [...messages.slice(0, from), ...page], hasOlder }
  const oldest = messages[0]
  return oldest && has(page, oldest) ? { messages: page, hasOlder: true } : undefined
}

/** With a page from before the oldest message, if that is still the oldest. */
export function withOlder(said: Said, oldest: ChatMessage, page: readonly ChatMessage[]): Said {
  if (said.messages[0]?.message_id !== oldest.message_id) return said
  if (isSame(page[0], oldest)) return { ...said, hasOlder: false }
  return { messages: [...page, ...said.messages], hasOlder: page.length >= pageSize }
}

/** What was read, and what stood before it by the time it was. */
export function keepOlder(read: Said, known: Said | undefined): Said {
  const [first] = read.messages
  const at = first && known ? placeOf(known.messages, first) : -1
  return at > 0 ? { messages: [...known!.messages.slice(0, at), ...read.messages], hasOlder: known!.hasOlder } : read
}

/** The same, with the objects of before for all messages that are as they were: only what changed is drawn again. */
export function sharedWith(before: Said | undefined, after: Said): Said {
  if (!before || before === after) return after
  const known = new Map(before.messages.map((message) => [message.message_id, message]))
  const messages = after.messages.map((message) => {
    const old = known.get(message.message_id)
    return old && old !== message ? replaceEqualDeep(old, message) : message
  })
  const isUnchanged =
    after.hasOlder === before.hasOlder &&
    messages.length === before.messages.length &&
    messages.every((message, index) => message === before.messages[index])
  return isUnchanged ? before : { messages, hasOlder: after.hasOlder }
}

function isSame(one: ChatMessage | undefined, other: ChatMessage | undefined): boolean {
  return one !== undefined && one.message_id === other?.message_id
}

function has(page: readonly ChatMessage[], { message_id }: ChatMessage): boolean {
  return page.some((one) => one.message_id === message_id)
}

function placeOf(messages: readonly ChatMessage[], { message_id }: ChatMessage): number {
  return messages.findLastIndex((one) => one.message_id === message_id)
}
