import { escapeText, escapeValue, unescape, unescapeFrom } from './escape.ts'
import { characterClass, findName, knownNames, nameCharacter, packedLength, packHigh, packLow } from './name-table.ts'
import type { Segment, SegmentValue } from './segment.ts'
import { mergeText } from './text-merge.ts'

const ampersand = 0x26
const comma = 0x2c
const equals = 0x3d
const open = 0x5b
const close = 0x5d

/** How far a value is looked through by hand before the native search takes over. */
const probeLength = 24

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
  const bracket = text.indexOf('[')
  if (bracket === -1) return text === '' ? [] : [{ type: 'text', data: { text: unescape(text) } }]
  return new Decoder(text).decode(bracket)
}

/**
 * One pass over a message string.
 *
 * `nextX` is the place of the next such character, known from the last search for it: it is searched for again only
 * once passed. That keeps the pass linear where a fresh search from every code would run to the end of the string.
 */
class Decoder {
  readonly text: string
  readonly length: number
  at = 0
  nextComma = -1
  nextClose = -1
  nextAmpersand = -1
  hasTextCode = false

  constructor(text: string) {
    this.text = text
    this.length = text.length
  }

  decode(firstBracket: number): Segment[] {
    const { text } = this
    const segments: Segment[] = []
    let textStart = 0
    for (let bracket = firstBracket; bracket !== -1;) {
      const segment = this.readCode(bracket)
      if (segment === undefined) {
        bracket = text.indexOf('[', this.at)
        continue
      }
      if (textStart < bracket) segments.push(this.readText(textStart, bracket))
      segments.push(segment)
      textStart = this.at
      bracket = text.charCodeAt(textStart) === open ? textStart : text.indexOf('[', textStart)
    }
    if (textStart < this.length) segments.push(this.readText(textStart, this.length))
    return this.hasTextCode ? mergeText(segments) : segments
  }

  /** Leaves `at` behind the code; if there is none, where the search for the next may go on. */
  readCode(bracket: number): Segment | undefined {
    const { text } = this
    this.at = bracket + 1
    if (
      text.charCodeAt(bracket + 1) !== 0x43 ||
      text.charCodeAt(bracket + 2) !== 0x51 ||
      text.charCodeAt(bracket + 3) !== 0x3a
    ) {
      return undefined
    }
    this.at = bracket + 4
    const type = this.readName()
    let stop = text.charCodeAt(this.at)
    if (type === '' || (stop !== comma && stop !== close)) return undefined
    let data: Record<string, SegmentValue> | undefined
    while (stop === comma) {
      const nameStart = ++this.at
      let name = this.readName()
      if (text.charCodeAt(this.at) !== equals) name = this.readOddName(nameStart)
      if (text.charCodeAt(this.at) === equals) {
        this.at++
        const value = this.readValue()
        if (data === undefined) data = dataWith(name, value)
        else if (data[name] === undefined || !Object.hasOwn(data, name)) setParam(data, name, value)
      }
      if (this.at === this.length) return undefined
      stop = text.charCodeAt(this.at)
    }
    this.at++
    if (type === 'text') this.hasTextCode = true
    return { type, data: data ?? {} }
  }

  /** Reads as far as there are name characters. */
  readName(): string {
    const { text } = this
    const start = this.at
    let at = start
    let high = 0
    let low = 0
    for (;;) {
      const code = text.charCodeAt(at)
      // Behind the end of the text the code is NaN, which has no class either.
      if (!(code < 128) || characterClass[code] !== nameCharacter) break
      high = packHigh(high, low)
      low = packLow(low, code)
      at++
    }
    this.at = at
    if (at - start <= packedLength) {
      const name = findName(high, low)
      if (name !== undefined) return name
    }
    return text.slice(start, at)
  }

  /** Reads a name with characters beyond the usual, from where it starts to the next separator. */
  readOddName(start: number): string {
    const { text, length } = this
    let at = this.at
    while (at < length) {
      const code = text.charCodeAt(at)
      if (code === equals || code === comma || code === close) break
      at++
    }
    this.at = at
    return unescape(text.slice(start, at).trim())
  }

  /** Reads as far as the next `,` or `]`, or the end of the text. */
  readValue(): string {
    const { text, length } = this
    const start = this.at
    const probeEnd = start + probeLength
    let firstAmpersand = -1
    for (let at = start; at < probeEnd; at++) {
      const code = text.charCodeAt(at)
      if (code === comma || code === close) {
        this.at = at
        const value = text.slice(start, at)
        return firstAmpersand === -1 ? value : unescapeFrom(value, firstAmpersand - start)
      }
      if (code === ampersand && firstAmpersand === -1) firstAmpersand = at
    }
    if (this.nextComma < start) this.nextComma = indexOrEnd(text, ',', start)
    if (this.nextClose < start) this.nextClose = indexOrEnd(text, ']', start)
    const end = this.nextComma < this.nextClose ? this.nextComma : this.nextClose
    this.at = end
    // Without an end the code is no code, and what is in it does not matter.
    return end === length ? '' : this.unescaped(start, end)
  }

  readText(start: number, end: number): Segment {
    return { type: 'text', data: { text: this.unescaped(start, end) } }
  }

  unescaped(start: number, end: number): string {
    const { text } = this
    if (this.nextAmpersand < start) this.nextAmpersand = indexOrEnd(text, '&', start)
    const part = text.slice(start, end)
    return this.nextAmpersand < end ? unescapeFrom(part, this.nextAmpersand - start) : part
  }
}

function indexOrEnd(text: string, character: string, from: number): number {
  const index = text.indexOf(character, from)
  return index === -1 ? text.length : index
}

/** Starts the params with the first one; a literal with its usual names is several times as fast as adding it. */
function dataWith(name: string, value: string): Record<string, SegmentValue> {
  switch (name) {
    case 'file':
      return { file: value }
    case 'id':
      return { id: value }
    case 'qq':
      return { qq: value }
    case 'data':
      return { data: value }
    case 'url':
      return { url: value }
    case 'type':
      return { type: value }
    default: {
      const data: Record<string, SegmentValue> = {}
      setParam(data, name, value)
      return data
    }
  }
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
  for (let index = 0; index < segments.length; index++) {
    const { type, data } = segments[index]!
    if (type === 'text') {
      const text = data['text']
      if (typeof text === 'string') encoded += escapeText(text)
      continue
    }
    encoded += `[CQ:${knownNames.has(type) ? type : escapeValue(type)}`
    for (const name of Object.keys(data)) {
      const value = data[name]!
      encoded += `,${knownNames.has(name) ? name : escapeValue(name)}=${escapeValue(typeof value === 'string' ? value : encodeCqCode(value))}`
    }
    encoded += ']'
  }
  return encoded
}
