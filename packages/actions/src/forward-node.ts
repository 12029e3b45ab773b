import { MessageInputError, isSegment, readMessage } from '@seekyou/message'
import type { Segment, SegmentOf } from '@seekyou/message'
import { integer, messageId, text, userId } from '@seekyou/protocol'
import type { MessageId, UserId } from '@seekyou/protocol'
import * as z from 'zod'
import { repeatable } from './idempotency-key.ts'

const accepted =
  'an array of nodes: {"type": "node", "data": {"id": …}} or {…, "data": {"user_id", "nickname", "content"}}'

/** What a network takes in one bundle, and how deep bundles may lie in one another. */
const maxNodes = 200
const maxDepth = 8

interface Author {
  readonly user_id: UserId
  readonly nickname: string
  /** Seconds since 1970; absent: now. */
  readonly time?: number
}

/** One message of a bundle to be sent: one the account knows, one made up, or a bundle in the bundle. */
export type ForwardNode =
  | { readonly type: 'by-id'; readonly message_id: MessageId }
  | ({ readonly type: 'custom'; readonly content: readonly Segment[] } & Author)
  | ({ readonly type: 'nested'; readonly nodes: readonly ForwardNode[] } & Author)

/** An object of `shape` plus the nodes of a bundle; what comes out carries them in one form, whatever they came in. */
export function withNodes<Shape extends z.ZodRawShape>(shape: Shape) {
  const input = {
    messages: z
      .nonoptional(z.unknown(), { error: accepted })
      .meta({ id: 'Nodes', description: `what the bundle holds: ${accepted}` }),
    ...repeatable(),
  }
  return z.object({ ...shape, ...input }).transform((params, context) => {
    const { messages, _idempotency_key: _, ...rest } = params as typeof params & z.output<z.ZodObject<typeof input>>
    try {
      return { ...rest, messages: readNodes(segmentsOf(messages), 'messages', 1) }
    } catch (error) {
      if (!(error instanceof MessageInputError)) throw error
      context.addIssue({ code: 'custom', message: error.message, input: messages })
      return z.NEVER
    }
  })
}

/** Nodes as segments again: what `messages` takes, and, once every `by-id` is looked up, what the store keeps. */
export function nodeSegments(nodes: readonly ForwardNode[]): SegmentOf<'node'>[] {
  return nodes.map((node) => {
    if (node.type === 'by-id') return { type: 'node', data: { id: String(node.message_id) } }
    const content = node.type === 'nested' ? nodeSegments(node.nodes) : node.content
    const { user_id, nickname, time } = node
    return {
      type: 'node',
      data: { user_id: String(user_id), nickname, ...(time !== undefined && { time: String(time) }), content },
    }
  })
}

/** A segment without what the store keeps inside of it: of a bundle, links are told the id, and `get_forward_msg` the rest. */
export function withoutBundle(segment: Segment): Segment {
  if (segment.type !== 'forward' || typeof segment.data['content'] !== 'object') return segment
  const { content: _, ...data } = segment.data
  return { ...segment, data }
}

/** The nodes as segments, read by the rules of every message; only that the param has another name. */
function segmentsOf(messages: unknown): readonly Segment[] {
  try {
    return readMessage(messages)
  } catch (error) {
    if (!(error instanceof MessageInputError)) throw error
    const path = error.path.replace(/^message/, 'messages')
    throw new MessageInputError(path, error.message.slice(error.path.length + 1), { cause: error })
  }
}

function readNodes(segments: readonly Segment[], path: string, depth: number): readonly ForwardNode[] {
  if (segments.length === 0) throw new MessageInputError(path, `is empty; it takes ${accepted}`)
  if (segments.length > maxNodes) {
    throw new MessageInputError(path, `holds ${segments.length} nodes; a bundle takes at most ${maxNodes}`)
  }
  if (depth > maxDepth) {
    throw new MessageInputError(path, `is a bundle ${depth} deep; at most ${maxDepth} may lie in one another`)
  }
  return segments.map((segment, index) => {
    const place = `${path}[${index}]`
    if (isSegment(segment, 'node')) return readNode(segment, `${place}.data`, depth)
    throw new MessageInputError(place, `is of type ${JSON.stringify(segment.type)}; a bundle holds only nodes`)
  })
}

function readNode({ data }: SegmentOf<'node'>, path: string, depth: number): ForwardNode {
  if (data.id !== undefined && data.id !== '') {
    return { type: 'by-id', message_id: readParam(messageId, data.id, `${path}.id`) }
  }
  const user_id = readParam(userId, data.user_id ?? data.uin, `${path}.user_id`)
  const nickname = readParam(text, data.nickname ?? data.name, `${path}.nickname`, String(user_id))
  const time = readParam(integer, data.time, `${path}.time`, 0)
  // 0 is what clients in typed languages send for a time that is not set.
  const author: Author = { user_id, nickname, ...(time > 0 && { time }) }
  const content = typeof data.content === 'string' ? readMessage(data.content) : (data.content ?? [])
  if (content.length === 0) throw new MessageInputError(`${path}.content`, 'is missing or empty; it takes a message')
  return content.some(({ type }) => type === 'node')
    ? { type: 'nested', ...author, nodes: readNodes(content, `${path}.content`, depth + 1) }
    : { type: 'custom', ...author, content }
}

/** One param of a node; an empty one is one that was left out, and may have a `substitute`. */
function readParam<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: string,
  substitute?: z.output<Schema>,
): z.output<Schema> {
  const isAbsent = value === undefined || value === ''
  if (isAbsent && substitute !== undefined) return substitute
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const takes = read.error.issues[0]?.message ?? 'something else'
  throw new MessageInputError(
    path,
    isAbsent ? `is missing; it takes ${takes}` : `takes ${takes}, not ${JSON.stringify(value)}`,
  )
}
