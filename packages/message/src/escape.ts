import { canRewrite, escapeDense, unescapeDense } from './dense-escape.ts'
import { codeAt, indexIn, indexOrEnd, sliceOf } from './text-access.ts'

const ampersand = 0x26
const comma = 0x2c
const open = 0x5b
const close = 0x5d
const semicolon = 0x3b

/** Up to here a loop over the characters beats native searches. */
const shortLength = 24
/** Special characters are dense when this many come within {@link denseSpan}: then the rest is rewritten in memory. */
const denseCount = 8
const denseSpan = 512

/** Escapes `&`, `[` and `]`, so that the text holds no CQ code. */
export function escapeText(text: string): string {
  return escape(text, false)
}

/** Escapes `&`, `[`, `]` and `,`, so that the value can stand in a CQ code. */
export function escapeValue(value: string): string {
  return escape(value, true)
}

function escape(text: string, commas: boolean): string {
  const { length } = text
  if (length >= shortLength) return escapeFrom(text, 0, commas)
  for (let index = 0; index < length; index++) {
    const code = codeAt(text, index)
    if (code === ampersand || code === open || code === close || (commas && code === comma)) {
      return escapeFrom(text, index, commas)
    }
  }
  return text
}

/** Cuts the text at its special characters, each kind found by searches of its own; there is none before `from`. */
function escapeFrom(text: string, from: number, commas: boolean): string {
  const { length } = text
  let nextAmpersand = indexOrEnd(text, '&', from)
  let nextOpen = indexOrEnd(text, '[', from)
  let nextClose = indexOrEnd(text, ']', from)
  let nextComma = commas ? indexOrEnd(text, ',', from) : length
  let escaped = ''
  let start = 0
  let found = 0
  let spanStart = 0
  for (;;) {
    const at = Math.min(nextAmpersand, nextOpen, nextClose, nextComma)
    if (at === length) return start === 0 ? text : escaped + sliceOf(text, start, length)
    if (++found % denseCount === 0) {
      if (canRewrite && at - spanStart < denseSpan && length - start >= denseSpan) {
        return start < denseSpan ? escapeDense(text, 0, commas) : escaped + escapeDense(text, start, commas)
      }
      spanStart = at
    }
    escaped += sliceOf(text, start, at)
    start = at + 1
    if (at === nextAmpersand) {
      escaped += '&amp;'
      nextAmpersand = indexOrEnd(text, '&', start)
    } else if (at === nextOpen) {
      escaped += '&#91;'
      nextOpen = indexOrEnd(text, '[', start)
    } else if (at === nextClose) {
      escaped += '&#93;'
      nextClose = indexOrEnd(text, ']', start)
    } else {
      escaped += '&#44;'
      nextComma = indexOrEnd(text, ',', start)
    }
  }
}

/** Undoes both escapes in one pass: `&amp;`, `&#91;`, `&#93;` and `&#44;`; anything else after an `&` stays. */
export function unescape(text: string): string {
  const first = indexIn(text, '&', 0)
  return first === -1 ? text : unescapeRange(text, 0, text.length, first)
}

/** Cuts a part out of the text and unescapes it; `next` is the place of the first `&` from `start` on, or beyond the part. */
export function unescapeRange(text: string, start: number, end: number, next: number): string {
  if (next >= end) return sliceOf(text, start, end)
  if (canRewrite && end - start >= denseSpan && isDense(text, next, start + denseSpan)) {
    return unescapeDense(text, start, end)
  }
  let unescaped = ''
  let rest = start
  let found = 0
  let spanStart = start
  for (let at = next; at !== -1 && at < end; at = indexIn(text, '&', at + 1)) {
    if (++found % denseCount === 0) {
      if (canRewrite && at - spanStart < denseSpan && end - rest >= denseSpan) {
        return unescaped + unescapeDense(text, rest, end)
      }
      spanStart = at
    }
    if (at + 4 >= end) break
    const character = entityAt(text, at)
    if (character === '') continue
    // An ampersand is cut out with what is before it.
    unescaped += character === '&' ? sliceOf(text, rest, at + 1) : sliceOf(text, rest, at) + character
    at += 4
    rest = at + 1
  }
  return unescaped + sliceOf(text, rest, end)
}

/** Tells whether enough ampersands follow the one at `first` before `limit`. */
function isDense(text: string, first: number, limit: number): boolean {
  let at = first
  for (let found = 1; found < denseCount && at !== -1 && at < limit; found++) at = indexIn(text, '&', at + 1)
  return at !== -1 && at < limit
}

/** The character that the entity at the `&` stands for, or nothing if there is none; the text goes on for four more. */
function entityAt(text: string, at: number): string {
  if (codeAt(text, at + 4) !== semicolon) return ''
  const second = codeAt(text, at + 2)
  const third = codeAt(text, at + 3)
  if (codeAt(text, at + 1) === 0x23) {
    if (second === 0x39) return third === 0x31 ? '[' : third === 0x33 ? ']' : ''
    return second === 0x34 && third === 0x34 ? ',' : ''
  }
  return codeAt(text, at + 1) === 0x61 && second === 0x6d && third === 0x70 ? '&' : ''
}
