import { MessageInputError, readMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { ActionFailure, foreignEvent, messageEvent } from '@seekyou/protocol'
import type { NetworkEvent, UserId } from '@seekyou/protocol'
import type * as z from 'zod'

/**
 * Reads an event that a person wrote as links are told it; time, account and what else is the same for most may be left
 * out, and the message may have any form that clients send.
 * @throws ActionFailure that says what is missing.
 */
export function readWrittenEvent(
  written: Readonly<Record<string, unknown>>,
  { selfId, now }: { readonly selfId: UserId; readonly now: number },
): NetworkEvent {
  const { post_type, time = Math.floor(now / 1000), raw_message: _, ...rest } = written
  const stamped = { post_type, time, self_id: selfId }
  switch (post_type) {
    case 'message':
    case 'message_sent': {
      const { user_id, message } = rest
      const usual = {
        sub_type: rest['message_type'] === 'private' ? 'friend' : 'normal',
        message_id: 0,
        message_seq: 0,
        font: 0,
        anonymous: null,
        target_id: selfId,
        sender: { user_id, nickname: '' },
      }
      const complete = { ...usual, ...rest, ...stamped, message: readContent(message) }
      return read(messageEvent, complete)
    }
    case 'notice':
    case 'request': {
      const told = { post_type, ...rest }
      return read(foreignEvent, { ...stamped, post_type: 'foreign', told })
    }
    default:
      throw new ActionFailure(
        'bad-params',
        `event: post_type takes message, message_sent, notice or request, not ${JSON.stringify(post_type)?.slice(0, 80)}`,
      )
  }
}

function read<Schema extends z.ZodType>(schema: Schema, event: object): z.output<Schema> {
  const parsed = schema.safeParse(event)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `event.${path.join('.')}: ${message}`)
  throw new ActionFailure('bad-params', problems.join('; '))
}

function readContent(message: unknown): readonly Segment[] {
  try {
    return readMessage(message)
  } catch (error) {
    if (!(error instanceof MessageInputError)) throw error
    throw new ActionFailure('bad-params', `event: ${error.message}`, { cause: error })
  }
}
