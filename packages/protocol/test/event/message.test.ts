import { chatKey, chatOf, isMessage, networkEvent } from '@seekyou/protocol'
import type { MessageEvent } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { messages } from '../event-examples.ts'

function read(event: unknown): MessageEvent {
  const message = networkEvent.parse(event)
  if (!isMessage(message)) throw new Error('this example is no message')
  return message
}

describe('the chat of a message', () => {
  it.each([
    ['message private friend', 'private:10001'],
    ['message_sent private friend', 'private:10001'],
    ['message private group', 'private:10001'],
    ['message group normal', 'group:20001'],
    ['message_sent group normal', 'group:20001'],
    ['message group anonymous', 'group:20001'],
    ['message discuss', 'discuss:30001'],
  ] as const)('of %s is %s', (name, key) => {
    expect(chatKey(chatOf(read(messages[name])))).toBe(key)
  })

  it('of what the account says to itself is a chat with itself', () => {
    const alone = { ...messages['message private friend'], user_id: 10000, target_id: 10000 }
    expect(chatOf(read(alone))).toEqual({ type: 'private', user_id: 10000 })
  })

  it('names no more than the chat', () => {
    expect(chatOf(read(messages['message group normal']))).toEqual({ type: 'group', group_id: 20001 })
  })
})
