import { MessageInputError, readMessage } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import { boolean } from '@seekyou/protocol'
import * as z from 'zod'

/** The two parameters of everything that sends: the message in any input form, and whether text is taken literally. */
const input = {
  message: z.unknown().describe('a message: text with CQ codes, an array of segments, or one segment'),
  auto_escape: boolean.default(false).describe('take a text message literally, without looking for CQ codes'),
}

/**
 * An object of `shape` plus a message; what comes out carries the message as segments.
 * A message that cannot be read, or that says nothing, is an invalid `message`.
 */
export function withMessage<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({ ...shape, ...input }).transform((params, context) => {
    const { message, auto_escape, ...rest } = params as typeof params & z.output<z.ZodObject<typeof input>>
    const read = segmentsOf(message, auto_escape)
    if (typeof read === 'string') {
      context.addIssue({ code: 'custom', path: ['message'], message: read, input: message })
      return z.NEVER
    }
    return { ...rest, message: read }
  })
}

const accepted = 'text with CQ codes, an array of segments, or one segment'

function segmentsOf(message: unknown, autoEscape: boolean): readonly Segment[] | string {
  if (message === undefined) return accepted
  try {
    const segments = readMessage(message, { autoEscape })
    return segments.length > 0 ? segments : `a message that is not empty: ${accepted}`
  } catch (error) {
    if (error instanceof MessageInputError) return error.message
    throw error
  }
}
