import { expect, test } from 'vitest'
import { keepOlder, pageSize, readAgain, sharedWith, withNewest, withOlder } from '../src/chat/said.ts'
import type { Said } from '../src/chat/said.ts'
import type { ChatMessage } from '../src/chat/world.ts'

const message = (message_seq: number): ChatMessage => ({
  message_id: message_seq * 7,
  message_seq,
  time: message_seq,
  user_id: 10001,
  sender: { nickname: 'Alice' },
  message: [{ type: 'text', data: { text: `message ${message_seq}` } }],
  recalled: false,
})

/** Messages from one seq to another, both included. */
const range = (from: number, to: number): readonly ChatMessage[] =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index))

/** A chat of so many messages, and the pages that were asked of it. */
function chatOf(last: number) {
  const asked: (number | undefined)[] = []
  const read = async (below = last + 1): Promise<readonly ChatMessage[]> => {
    asked.push(below)
    return range(Math.max(1, below - pageSize), below - 1)
  }
  return { asked, read }
}

const seqsOf = ({ messages, hasOlder }: Said) => [messages[0]?.message_seq, messages.at(-1)?.message_seq, hasOlder]

test('a chat that was never read is read by one page', async () => {
  const { asked, read } = chatOf(500)
  expect(seqsOf(await readAgain(read, undefined))).toEqual([451, 500, true])
  expect(asked).toHaveLength(1)
})

test('a chat that is read again goes back to the oldest message that is known, however many came', async () => {
  const known = { messages: range(301, 400), hasOlder: true }
  expect(seqsOf(await readAgain(chatOf(520).read, known))).toEqual([271, 520, true])
  expect(seqsOf(await readAgain(chatOf(20).read, known))).toEqual([1, 20, false])
  expect(seqsOf(await readAgain(chatOf(0).read, known))).toEqual([undefined, undefined, false])
})

test('the newest page takes the place of what it tells anew and leaves what is older', () => {
  const known = { messages: range(1, 200), hasOlder: false }
  const recalled = range(171, 220).map((one) => ({ ...one, recalled: one.message_seq === 180 }))
  const said = withNewest(known, recalled)!
  expect(seqsOf(said)).toEqual([1, 220, false])
  expect(said.messages.map(({ message_seq }) => message_seq)).toEqual(range(1, 220).map((one) => one.message_seq))
  expect(said.messages[179]).toMatchObject({ message_seq: 180, recalled: true })
})

test('a newest page that reaches further back than what is known is all that is needed', () => {
  expect(seqsOf(withNewest({ messages: range(190, 200), hasOlder: true }, range(171, 220))!)).toEqual([171, 220, true])
  expect(seqsOf(withNewest({ messages: range(1, 200), hasOlder: true }, range(1, 3))!)).toEqual([1, 3, false])
})

test('a newest page that does not reach what is known is no answer', () => {
  expect(withNewest({ messages: range(1, 100), hasOlder: false }, range(171, 220))).toBeUndefined()
})

test('an older page stands before the oldest message, unless another one is that by now', () => {
  const said = { messages: range(101, 150), hasOlder: true }
  expect(seqsOf(withOlder(said, message(101), range(51, 100)))).toEqual([51, 150, true])
  expect(seqsOf(withOlder(said, message(101), range(91, 100)))).toEqual([91, 150, false])
  expect(withOlder(said, message(51), range(1, 50))).toBe(said)
})

test('what was read while an older page came keeps that page', () => {
  const read = { messages: range(101, 160), hasOlder: true }
  expect(seqsOf(keepOlder(read, { messages: range(1, 150), hasOlder: false }))).toEqual([1, 160, false])
  expect(keepOlder(read, { messages: range(101, 150), hasOlder: true })).toBe(read)
  expect(keepOlder(read, undefined)).toBe(read)
})

test('a message that is as it was stays the same object wherever it stands', () => {
  const before = { messages: range(51, 60), hasOlder: true }
  const after = sharedWith(before, { messages: range(41, 61), hasOlder: true })
  expect(after.messages.slice(10, 20)).toEqual(before.messages)
  for (const [index, one] of before.messages.entries()) expect(after.messages[index + 10]).toBe(one)
  expect(sharedWith(before, { messages: range(51, 60), hasOlder: true })).toBe(before)
})

test('a network that tells the same page for every seq has no older messages', async () => {
  const said = { messages: range(151, 200), hasOlder: true }
  const read = async () => range(151, 200)
  expect(seqsOf(withOlder(said, message(151), await read()))).toEqual([151, 200, false])
  expect(seqsOf(await readAgain(read, { messages: range(1, 200), hasOlder: true }))).toEqual([151, 200, false])
})
