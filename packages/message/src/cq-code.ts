import * as escaping from './escape.ts'
import * as nameTable from './name-table.ts'
import type { Segment, SegmentValue } from './segment.ts'
import * as textAccess from './text-access.ts'
import { mergeText } from './text-merge.ts'

// As constants: the engine looks up what is imported at each use, a twentieth of the time of a message.
const { escapeText, escapeValue, unescape, unescapeRange } = escaping
const { bitOfName, findName, isNameCharacter, knownNames, packHigh, packLow } = nameTable
const { codeAt, indexIn, indexOrEnd, sliceOf } = textAccess

const comma = 0x2c
const equals = 0x3d
const open = 0x5b
const close = 0x5d

/** So far a value's end is looked for one by one. */
const shortValue = 4

/** A longer array is memory new to the process whenever it grows. */
const longestArray = 8192

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
  const bracket = indexIn(text, '[', 0)
  if (bracket !== -1) return decodeFrom(text, bracket)
  const ampersand = indexIn(text, '&', 0)
  if (ampersand === -1) return text.length === 0 ? [] : [{ type: 'text', data: { text } }]
  return [{ type: 'text', data: { text: unescapeRange(text, 0, text.length, ampersand) } }]
}

/**
 * The pass behind {@link decodeCqCode}, from the first `[` on.
 *
 * One long function on purpose: with local variables as cursors it runs a tenth faster than the same in methods.
 * Each `nextX` is the place of the next such character as of the last search for it, and is searched for again only once
 * passed. That keeps the pass linear, where a fresh search from every code would run to the end of the string.
 * Segments are stored behind the last, not pushed: a tenth of the time of many short codes.
 * No character is asked for beyond the end: the engine would give up its fast way of reading characters.
 */
function decodeFrom(text: string, firstBracket: number): Segment[] {
  const { length } = text
  let segments: Segment[] = []
  let full: Segment[][] | undefined
  let hasTextCode = false
  let textStart = 0
  let nextComma = -1
  let nextClose = -1
  let nextAmpersand = -1
  let bracket = firstBracket

  codes: while (bracket !== -1) {
    let at = bracket + 1
    let code = at < length ? codeAt(text, at) : 0
    if (code === open) {
      bracket = at
      continue
    }
    let high = 0
    let low = 0

    const typeStart = bracket + 4
    if (typeStart < length && code === 0x43 && codeAt(text, at + 1) === 0x51 && codeAt(text, at + 2) === 0x3a) {
      for (at = typeStart; at < length; at++) {
        code = codeAt(text, at)
        if (code > 127 || isNameCharacter[code] === 0) break
        high = packHigh(high, low)
        low = packLow(low, code)
      }
    }

    if ((code === comma || code === close) && at > typeStart) {
      const type = findName(at - typeStart, high, low) ?? sliceOf(text, typeStart, at)
      let data: Record<string, SegmentValue> | undefined
      // The bits of the names in `data`; a name of other characters has all. Without its bit here none is looked up.
      let seen = 0
      let last = ''
      // Found before the params take the cursor on; the text is cut out only once the code has its end.
      if (nextAmpersand < textStart) nextAmpersand = indexOrEnd(text, '&', textStart)
      const textAmpersand = nextAmpersand

      while (code === comma) {
        const nameStart = ++at
        let name
        let known
        let bit = -1
        code = 0
        high = 0
        low = 0
        for (; at < length; at++) {
          code = codeAt(text, at)
          if (code > 127 || isNameCharacter[code] === 0) break
          high = packHigh(high, low)
          low = packLow(low, code)
        }
        if (code === equals) {
          known = findName(at - nameStart, high, low)
          name = known ?? sliceOf(text, nameStart, at)
          bit = bitOfName(high, low)
        } else {
          if (at === length) break codes
          while (code !== comma && code !== close && code !== equals) {
            if (++at === length) break codes
            code = codeAt(text, at)
          }
          // Without an equals sign the param is skipped.
          if (code !== equals) continue
          name = unescape(sliceOf(text, nameStart, at).trim())
        }

        const valueStart = ++at
        if (nextAmpersand < at) nextAmpersand = indexOrEnd(text, '&', at)
        if (nextComma < at && nextClose < at) {
          // A look at a few characters costs less than two searches; many values are no longer.
          for (const probed = Math.min(at + shortValue, length); at < probed; at++) {
            code = codeAt(text, at)
            if (code === comma || code === close) break
          }
        }
        if (code !== comma && code !== close) {
          if (nextComma < at) nextComma = indexOrEnd(text, ',', at)
          if (nextClose < at) nextClose = indexOrEnd(text, ']', at)
          at = Math.min(nextComma, nextClose)
          if (at === length) break codes
          code = at === nextComma ? comma : close
        }
        if (data !== undefined && (seen & bit) !== 0 && (name === last || Object.hasOwn(data, name))) continue
        seen |= bit
        last = name
        const value =
          nextAmpersand < at ? unescapeRange(text, valueStart, at, nextAmpersand) : sliceOf(text, valueStart, at)
        if (data === undefined && known !== undefined) data = dataWith(known, value)
        else {
          data ??= {}
          setParam(data, name, value)
        }
      }

      if (textStart < bracket) {
        const before = unescapeRange(text, textStart, bracket, textAmpersand)
        segments[segments.length] = { type: 'text', data: { text: before } }
      }
      segments[segments.length] = { type, data: data ?? {} }
      if (type === 'text') hasTextCode = true
      if (segments.length >= longestArray) {
        full ??= []
        full.push(segments)
        segments = []
      }
      textStart = ++at
      code = at < length ? codeAt(text, at) : 0
    }

    bracket = code === open ? at : indexIn(text, '[', at)
  }

  if (textStart < length) segments.push({ type: 'text', data: { text: unescape(sliceOf(text, textStart, length)) } })
  if (full !== undefined) segments = full.shift()!.concat(...full, segments)
  return hasTextCode ? mergeText(segments) : segments
}

/**
 * Starts the params with one of a known name, which the engine compares by where it is in memory as long as none other
 * comes here; a literal with the usual names is several times as fast as adding one.
 */
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
    encoded += knownNames.get(type)?.asType ?? `[CQ:${escapeValue(type)}`
    for (const name in data) {
      if (!Object.hasOwn(data, name)) continue
      const value = data[name]!
      encoded += knownNames.get(name)?.asParam ?? `,${escapeValue(name)}=`
      encoded += escapeValue(typeof value === 'string' ? value : encodeCqCode(value))
    }
    encoded += ']'
  }
  return encoded
}
