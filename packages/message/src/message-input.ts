import { decodeCqCode, setParam } from './cq-code.ts'
import { isName } from './name-table.ts'
import type { Segment, SegmentValue } from './segment.ts'
import { mergeText } from './text-merge.ts'

/** Deepest nesting of a node's content that is read. */
const maxNesting = 16

/** A message that cannot be read; `path` says where, the message what came and what is accepted. */
export class MessageInputError extends Error {
  override readonly name = 'MessageInputError'
  /** Where in the input, such as `message[2].data`. */
  readonly path: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path} ${problem}`, options)
    this.path = path
  }
}

export interface ReadMessageOptions {
  /** Whether a string is one text, its CQ codes left unread (`auto_escape`, `is_raw`); segments are not affected. Default false. */
  readonly autoEscape?: boolean
}

/**
 * Reads a message in any form that clients send: a string, an array of segments, one segment, a number or a boolean.
 *
 * Values become strings (`null` drops the param, objects become their JSON text); a node's `content`, in any of the forms,
 * becomes segments. The result is canonical: neighbouring text joined, empty text dropped; an empty message is `[]`.
 *
 * @throws {MessageInputError} if the input is none of these, or holds a segment without a type, a cycle,
 * or nodes nested deeper than 16.
 */
export function readMessage(input: unknown, options?: ReadMessageOptions): Segment[] {
  const place: Place = { parent: undefined, step: 'message', value: input, nodes: 0 }
  if (!options?.autoEscape || typeof input === 'object') return readAt(place)
  const text = readValue(input, place)
  return text === '' ? [] : [{ type: 'text', data: { text } }]
}

/** A value being read, and the way to it: for messages, and to see a value that contains itself. */
interface Place {
  readonly parent: Place | undefined
  readonly step: string | number
  readonly value: unknown
  /** How many nodes it is inside of. */
  readonly nodes: number
}

function readAt(place: Place): Segment[] {
  const { value } = place
  if (typeof value === 'object' && value !== null) {
    refuseCycle(place)
    if (!Array.isArray(value)) return mergeText([readSegment(value, place)])
    // Not `map`, which leaves out what a sparse array does not have.
    return mergeText(Array.from(value, (item: unknown, step) => readSegment(item, below(place, step, item))))
  }
  const segments = decodeCqCode(readValue(value, place))
  for (const [step, segment] of segments.entries()) {
    // A decoded node holds its content as a string.
    if (segment.type === 'node') segments[step] = readSegment(segment, below(place, step, segment))
  }
  return segments
}

function readSegment(input: unknown, place: Place): Segment {
  if (!isObject(input)) {
    throw new MessageInputError(pathOf(place), `is ${kindOf(input)}; a segment is an object {"type": …, "data": {…}}`)
  }
  const { type, data } = input
  if (typeof type !== 'string') {
    throw new MessageInputError(
      `${pathOf(place)}.type`,
      `is ${kindOf(type)}; every segment needs a type, a string such as "text"`,
    )
  }
  if (!isName(type)) {
    throw new MessageInputError(
      `${pathOf(place)}.type`,
      `is ${quote(type)}; a type consists of letters, digits, "_", "." and "-"`,
    )
  }
  if (data === undefined || data === null) return { type, data: {} }
  if (!isObject(data)) {
    throw new MessageInputError(
      `${pathOf(place)}.data`,
      `is ${kindOf(data)}; accepted are an object of params, or null`,
    )
  }
  const inside = below(place, 'data', data)
  const params: Record<string, SegmentValue> = {}
  for (const name of Object.keys(data)) {
    const value = data[name]
    if (value === undefined || value === null) continue
    const param = below(inside, name, value)
    setParam(params, name, isContent(type, name) ? readContent(param) : readValue(value, param))
  }
  return { type, data: params }
}

/** Tells whether a param is a message of its own. */
export function isContent(type: string, name: string): boolean {
  return type === 'node' && name === 'content'
}

function readContent(place: Place): Segment[] {
  if (place.nodes === maxNesting) {
    throw new MessageInputError(
      pathOf(place),
      `is nested too deep; accepted are ${maxNesting} nodes inside one another`,
    )
  }
  return readAt({ ...place, nodes: place.nodes + 1 })
}

function readValue(value: unknown, place: Place): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'object' && value !== null) return jsonOf(value, place)
  throw new MessageInputError(
    pathOf(place),
    place.parent === undefined
      ? `is ${kindOf(value)}; accepted are a string, an array of segments, or a segment {"type": …, "data": {…}}`
      : `is ${kindOf(value)}; accepted are strings, numbers, booleans, null and what has a JSON text`,
  )
}

function jsonOf(value: object, place: Place): string {
  try {
    const json: unknown = JSON.stringify(value)
    if (typeof json === 'string') return json
  } catch (cause) {
    throw new MessageInputError(pathOf(place), 'has no JSON text: it contains itself or is nested too deep', { cause })
  }
  throw new MessageInputError(pathOf(place), 'has no JSON text')
}

function below(parent: Place, step: string | number, value: unknown): Place {
  return { parent, step, value, nodes: parent.nodes }
}

function refuseCycle(place: Place): void {
  for (let around = place.parent; around !== undefined; around = around.parent) {
    if (around.value === place.value) throw new MessageInputError(pathOf(place), `is ${pathOf(around)} again: a cycle`)
  }
}

function pathOf(place: Place): string {
  const steps: string[] = []
  for (let around: Place | undefined = place; around !== undefined; around = around.parent) {
    steps.push(typeof around.step === 'number' ? `[${around.step}]` : `.${around.step}`)
  }
  return steps.toReversed().join('').slice(1)
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return `the string ${quote(value)}`
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`
  return `a ${typeof value}`
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
