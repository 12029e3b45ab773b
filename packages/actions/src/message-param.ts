import { MessageInputError, readMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { boolean } from '@seekyou/protocol'
import * as z from 'zod'
import { repeatable } from './idempotency-key.ts'

const accepted = 'text with CQ codes, an array of segments, or one segment'

/** The parameters of everything that sends: the message in any input form, and whether text is taken literally. */
const input = () => ({
  message: z
    .nonoptional(z.unknown(), { error: accepted })
    .meta({ id: 'Message', description: `a message: ${accepted}` }),
  auto_escape: boolean.default(false).describe('take a text message literally, without looking for CQ codes'),
  ...repeatable(),
})

/**
 * An object of `shape` plus a message; what comes out carries the message as segments.
 * A message that cannot be read, or that says nothing, is an invalid `message`.
 */
export function withMessage<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({ ...shape, ...input() }).transform((params, context) => {
    const {
      message,
      auto_escape,
      _idempotency_key: _,
      ...rest
    } = params as typeof params & z.output<z.ZodObject<ReturnType<typeof input>>>
    const read = segmentsOf(message, auto_escape)
    if (typeof read === 'string') {
      context.addIssue({ code: 'custom', message: read, input: message })
      return z.NEVER
    }
    return { ...rest, message: read }
  })
}

/** The message as segments, or the sentence that says what is wrong with it and where. */
function segmentsOf(message: unknown, autoEscape: boolean): readonly Segment[] | string {
  try {
    const segments = readMessage(message, { autoEscape })
    return segments.length > 0 ? segments : `message is empty; it takes ${accepted}`
  } catch (error) {
    if (error instanceof MessageInputError) return error.message
    throw error
  }
}
