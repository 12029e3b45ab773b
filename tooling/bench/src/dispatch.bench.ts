/** From the name of an action to its reply, without I/O: the registry against the least that could be done by hand. */
import { invoke } from '@seekyou/actions'
import type { ActionCall } from '@seekyou/actions'
import { encodeCqCode, renderMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { answer, dialects } from '@seekyou/protocol'
import type { GroupId, MessageEvent, MessageId, StoredMessage, UserId } from '@seekyou/protocol'
import type { Suite } from './harness.ts'

const message: readonly Segment[] = [
  { type: 'at', data: { qq: '10001' } },
  { type: 'text', data: { text: ' 今天天气真好，出去走走吧' } },
]

const event: MessageEvent = {
  post_type: 'message',
  message_type: 'group',
  sub_type: 'normal',
  time: 1_700_000_000,
  self_id: 10_000 as UserId,
  message_id: 7 as MessageId,
  message_seq: 3,
  user_id: 10_001 as UserId,
  group_id: 20_001 as GroupId,
  anonymous: null,
  message,
  font: 0,
  sender: { user_id: 10_001 as UserId, nickname: 'Alice', card: '', role: 'member' },
}
const stored: StoredMessage = { event, recalled: false }
const messages = new Map([[event.message_id, stored]])

const dialect = dialects.default

/** What get_msg reaches for; the rest of a call it never asks for. */
const call = {
  dialect,
  backend: { kind: 'bench', actions: {} },
  messages: { get: async (id: MessageId) => messages.get(id) },
  render: (segments: readonly Segment[]) => renderMessage(segments, 'string'),
} as unknown as ActionCall

const params: unknown = { message_id: '7' }

async function byHand(given: unknown): Promise<object> {
  const id = Number((given as { message_id: string }).message_id)
  if (!Number.isSafeInteger(id)) throw new Error('message_id takes an integer')
  const found = await Promise.resolve(messages.get(id as MessageId))
  if (!found) throw new Error('there is no such message')
  const { time, message_id, message_seq, message_type, sender } = found.event
  const text = encodeCqCode(found.event.message)
  const data = { message_id, message_seq, message_type, time, sender, message: text, raw_message: text }
  return { status: 200, body: { status: 'ok', retcode: 0, data } }
}

export const suite: Suite = {
  about:
    'From the name of an action to its reply, without I/O: the registry beside the least that could be done by hand.',
  comparisons: [
    {
      name: 'get_msg, from its name to its reply',
      contenders: [
        {
          name: 'the registry (goal: below 3000 ns)',
          async run(times) {
            let last: unknown
            for (let i = 0; i < times; i++) last = answer(await invoke({ action: 'get_msg', params }, call), dialect)
            return last
          },
        },
        {
          name: 'the same by hand',
          async run(times) {
            let last: unknown
            for (let i = 0; i < times; i++) last = await byHand(params)
            return last
          },
        },
      ],
    },
  ],
}
