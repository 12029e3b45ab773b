import { escapeText, escapeValue, unescape } from './escape.ts'
import type { Segment, SegmentValue } from './segment.ts'
import { mergeText } from './text-merge.ts'

const opening = '[CQ:'
const comma = 0x2c
const close = 0x5d

/** Letters, digits, `_`, `.` and `-`: what a type name is made of. */
export function isNameCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2e ||
    code === 0x2d
  )
}

/**
 * Reads a message string: CQ codes become segments, the rest becomes text.
 *
 * Total and linear on every string. What is no well-formed code (no `]`, an empty type, a type outside `[A-Za-z0-9_.-]`)
 * stays text. A param without `=` is skipped, names are trimmed, of a repeated name the first counts.
 * The result is canonical: no empty text, no two texts side by side. `data` objects are plain objects whose params are
 * all own properties, `__proto__` included.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/message/string.md
 */
export function decodeCqCode(text: string): Segment[] {
  const segments: Segment[] = []
  const end = text.length
  let hasTextCode = false
  let textStart = 0
  // Cursors to the next separator. They only ever move forward, and are only moved when passed: that keeps the whole linear.
  let nextComma = -1
  let nextEquals = -1
  let open = text.indexOf(opening)
  while (open !== -1) {
    let at = open + opening.length
    while (isNameCode(text.charCodeAt(at))) at++
    const after = text.charCodeAt(at)
    if (at === open + opening.length || (after !== comma && after !== close)) {
      open = text.indexOf(opening, at)
      continue
    }
    const codeEnd = text.indexOf(']', at)
    if (codeEnd === -1) break
    if (textStart < open) segments.push({ type: 'text', data: { text: unescape(text.slice(textStart, open)) } })
    const type = text.slice(open + opening.length, at)
    if (type === 'text') hasTextCode = true
    const data: Record<string, string> = {}
    while (at < codeEnd) {
      const start = at + 1
      if (nextComma < start) nextComma = indexOrEnd(text, ',', start, end)
      const stop = nextComma < codeEnd ? nextComma : codeEnd
      if (nextEquals < start) nextEquals = indexOrEnd(text, '=', start, end)
      if (nextEquals < stop) {
        const name = unescape(text.slice(start, nextEquals).trim())
        if (!Object.hasOwn(data, name)) setParam(data, name, unescape(text.slice(nextEquals + 1, stop)))
      }
      at = stop
    }
    segments.push({ type, data })
    textStart = codeEnd + 1
    open = text.indexOf(opening, textStart)
  }
  if (textStart < end) segments.push({ type: 'text', data: { text: unescape(text.slice(textStart)) } })
  return hasTextCode ? mergeText(segments) : segments
}

function indexOrEnd(text: string, character: string, from: number, end: number): number {
  const index = text.indexOf(character, from)
  return index === -1 ? end : index
}

/** Adds an own param, `__proto__` like any other. */
export function setParam(data: Record<string, SegmentValue>, name: string, value: SegmentValue): void {
  if (name === '__proto__') {
    Object.defineProperty(data, name, { value, writable: true, enumerable: true, configurable: true })
  } else data[name] = value
}

/**
 * Writes segments as a message string: the inverse of {@link decodeCqCode} on canonical segments.
 *
 * Nested content is written as the escaped string of the nested message. Names are escaped like values, so no segment,
 * whatever it holds, can add a code of its own; a name with `=` or outer spaces, or a type outside
 * `[A-Za-z0-9_.-]`, has no CQ code and does not come back as it was.
 */
export function encodeCqCode(segments: readonly Segment[]): string {
  let encoded = ''
  for (const { type, data } of segments) {
    if (type === 'text') {
      const text = data['text']
      if (typeof text === 'string') encoded += escapeText(text)
      continue
    }
    encoded += opening + escapeValue(type)
    for (const name of Object.keys(data)) {
      encoded += `,${escapeValue(name)}=${escapeValue(stringOf(data[name]!))}`
    }
    encoded += ']'
  }
  return encoded
}

function stringOf(value: SegmentValue): string {
  return typeof value === 'string' ? value : encodeCqCode(value)
}
