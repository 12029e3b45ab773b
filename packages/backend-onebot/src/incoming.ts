import { decodeCqCode, mergeText } from '@seekyou/message'
import type { Segment } from '@seekyou/message'
import type { Profile } from './profile.ts'
import { textual } from './profile/rows.ts'
import { fieldsOf, isFields, listOf, textOf } from './reading.ts'
import type { Fields } from './reading.ts'

/** Bundles in bundles are read so deep. */
const MAX_DEPTH = 8

/** The content of a message of the upstream, text or segments, as segments of ours. */
export function readContent(message: unknown, profile: Profile): readonly Segment[] {
  return mergeText(segmentsOf(message).flatMap((segment) => readSegment(segment, profile, 0)))
}

/** The messages of a bundle, in whatever form they come, as nodes with all that is told of them. */
export function readNodes(list: unknown, profile: Profile, depth = 0): readonly Segment[] {
  if (depth > MAX_DEPTH) return []
  return listOf(list).map((item) => readNode(item, profile, depth))
}

function segmentsOf(message: unknown): readonly Fields[] {
  if (typeof message === 'string') return decodeCqCode(message).map(({ type, data }) => ({ type, data }))
  return isFields(message) ? [message] : listOf(message)
}

function readSegment(segment: Fields, profile: Profile, depth: number): readonly Segment[] {
  const type = textOf(segment['type'])
  if (type === undefined || !/^[\w.-]+$/.test(type)) return []
  const data = fieldsOf(segment['data'])
  const repair = Object.hasOwn(profile.incoming, type) ? profile.incoming[type] : undefined
  if (type === 'forward') return [readForward(data, profile, depth)]
  if (type === 'node') return [readNode(segment, profile, depth)]
  return [repair ? repair(data) : { type, data: textual(data) }]
}

/** A bundle; some upstreams tell at once what is in it. */
function readForward(data: Fields, profile: Profile, depth: number): Segment {
  const { content, ...rest } = data
  const nodes = Array.isArray(content) && content.length > 0 ? readNodes(content, profile, depth + 1) : []
  return { type: 'forward', data: { ...textual(rest), ...(nodes.length > 0 && { content: nodes }) } }
}

/**
 * go-cqhttp tells `sender`, `time` and `content`; others a whole message event with `message`; OneBot 11 a node segment.
 * The content of a bundle in the bundle is a list of the same, or one forward segment.
 */
function readNode(item: Fields, profile: Profile, depth: number): Segment {
  const node = item['type'] === 'node' ? fieldsOf(item['data']) : item
  const sender = fieldsOf(node['sender'])
  const pick = (...values: readonly unknown[]) => values.map(textOf).find((text) => text !== undefined && text !== '')
  const content = node['content'] ?? node['message'] ?? ''
  const groupId = pick(node['group_id'])
  return {
    type: 'node',
    data: {
      user_id: pick(sender['user_id'], node['user_id'], node['uin']) ?? '0',
      nickname: pick(sender['nickname'], node['nickname'], node['name'], sender['card']) ?? '',
      time: pick(node['time']) ?? '0',
      ...(groupId !== undefined && groupId !== '0' && { group_id: groupId }),
      content: isNodeList(content)
        ? readNodes(content, profile, depth + 1)
        : mergeText(segmentsOf(content).flatMap((segment) => readSegment(segment, profile, depth + 1))),
    },
  }
}

/** Whether a list holds messages and not segments. */
function isNodeList(content: unknown): boolean {
  const [first] = listOf(content)
  return first !== undefined && (first['type'] === 'node' || (isFields(first['sender']) && !isFields(first['data'])))
}
