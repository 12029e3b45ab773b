import type { Segment } from '@seekyou/message'
import { chatKey, discussId, groupId, userId } from '@seekyou/protocol'
import type { Chat, MessageDraft, MessageEvent, MessageId, UserId } from '@seekyou/protocol'
import type { Directory } from './directory.ts'
import type { NativeMessage } from './ids.ts'
import { readContent } from './incoming.ts'
import type { Profile } from './profile.ts'
import { fieldsOf, numberOf, textOf, timeOf } from './reading.ts'
import type { Fields } from './reading.ts'

/** A message of the upstream, read but for what has to be waited for. */
export interface HeardMessage {
  readonly raw: Fields
  readonly chat: Chat
  readonly native: NativeMessage
  readonly isOwn: boolean
  readonly message: readonly Segment[]
  readonly seq: number | undefined
}

/** Reads a message of the upstream; `undefined` for what is none, or does not say where it was said. */
export function readHeardMessage(
  raw: Fields,
  { self, profile }: { readonly self: UserId; readonly profile: Profile },
): HeardMessage | undefined {
  const { post_type } = raw
  if (post_type !== 'message' && post_type !== 'message_sent') return undefined
  const repaired = profile.message?.(raw) ?? raw
  const user = numberOf(repaired['user_id']) ?? numberOf(fieldsOf(repaired['sender'])['user_id'])
  const isOwn = post_type === 'message_sent' || user === self
  const chat = readChat(repaired, isOwn)
  const id = textOf(repaired['message_id'])
  if (!chat || id === undefined) return undefined
  const seq = numberOf(repaired['message_seq'])
  const known = seq !== undefined && seq > 0 ? seq : undefined
  const native = { chat: chatKey(chat), id, ...(known !== undefined && { seq: known }) }
  return { raw: repaired, chat, native, isOwn, seq: known, message: readContent(repaired['message'], profile) }
}

/** The event of a message that was heard, with the content and the number that it has here. */
export function draftHeard(
  { raw, chat, isOwn }: HeardMessage,
  { message, message_seq }: Pick<MessageDraft, 'message' | 'message_seq'>,
  { self, directory }: { readonly self: UserId; readonly directory: Directory },
): MessageDraft {
  const author = fieldsOf(raw['sender'])
  const user_id = isOwn ? self : userId.parse(numberOf(raw['user_id']) ?? author['user_id'])
  const common = {
    post_type: isOwn ? 'message_sent' : 'message',
    ...timeOf(raw),
    message_seq,
    user_id,
    message,
  } as const
  const sender = senderIn(chat, { ...author, user_id }, directory)
  switch (chat.type) {
    case 'group':
      return {
        ...common,
        message_type: 'group',
        sub_type: oneOf(raw['sub_type'], ['normal', 'anonymous', 'notice']),
        group_id: chat.group_id,
        anonymous: readMask(raw['anonymous']),
        sender,
      }
    case 'discuss':
      return { ...common, message_type: 'discuss', discuss_id: chat.discuss_id, sender }
    case 'private': {
      const group = groupId.safeParse(author['group_id'] ?? raw['group_id'])
      const source = numberOf(raw['temp_source'])
      return {
        ...common,
        message_type: 'private',
        sub_type: oneOf(raw['sub_type'], ['friend', 'group', 'other']),
        target_id: isOwn ? chat.user_id : self,
        ...(source !== undefined && { temp_source: source }),
        sender: { ...sender, ...(group.success && { group_id: group.data }) },
      }
    }
  }
}

/** The event of a message that the account itself has sent. */
export function draftOwn(
  said: Pick<MessageEvent, 'message_seq' | 'user_id' | 'message' | 'message_id'> & {
    readonly post_type: 'message_sent'
  },
  chat: Chat,
  sender: MessageEvent['sender'],
): MessageDraft {
  switch (chat.type) {
    case 'group':
      return { ...said, message_type: 'group', sub_type: 'normal', group_id: chat.group_id, anonymous: null, sender }
    case 'discuss':
      return { ...said, message_type: 'discuss', discuss_id: chat.discuss_id, sender }
    case 'private':
      return { ...said, message_type: 'private', sub_type: 'friend', target_id: chat.user_id, sender }
  }
}

/** Who said it, completed by what go-cqhttp would say. */
export function senderIn(chat: Chat, told: Fields, directory: Directory): MessageEvent['sender'] {
  const user_id = userId.parse(told['user_id'])
  if (chat.type === 'group') return { user_id, ...directory.speaker(chat.group_id, told) }
  const sex = oneOf(told['sex'], ['unknown', 'male', 'female'])
  return { user_id, nickname: textOf(told['nickname']) ?? '', sex, age: numberOf(told['age']) ?? 0 }
}

/** The bundle that some upstreams name by the message it is in, or by a number that could be one of our ids. */
export function withOwnBundleId(segment: Segment, nativeId: string, id: MessageId): Segment {
  const bundle = segment.type === 'forward' ? textOf(segment.data['id']) : undefined
  if (bundle === undefined || !/^-?\d+$/.test(bundle)) return segment
  return { ...segment, data: { ...segment.data, id: bundle === nativeId ? String(id) : `u${bundle}` } }
}

function readChat(raw: Fields, isOwn: boolean): Chat | undefined {
  switch (raw['message_type']) {
    case 'group': {
      const group = groupId.safeParse(raw['group_id'])
      return group.success ? { type: 'group', group_id: group.data } : undefined
    }
    case 'discuss': {
      const discuss = discussId.safeParse(raw['discuss_id'])
      return discuss.success ? { type: 'discuss', discuss_id: discuss.data } : undefined
    }
    case 'private': {
      const person = userId.safeParse(isOwn ? raw['target_id'] : raw['user_id'])
      return person.success ? { type: 'private', user_id: person.data } : undefined
    }
    default:
      return undefined
  }
}

function readMask(value: unknown) {
  const { id, name, flag } = fieldsOf(value)
  return textOf(flag) === undefined
    ? null
    : { id: numberOf(id) ?? 0, name: textOf(name) ?? '', flag: textOf(flag) ?? '' }
}

function oneOf<const Word extends string>(value: unknown, words: readonly [absent: Word, ...others: Word[]]): Word {
  return words.find((word) => word === value) ?? words[0]
}
