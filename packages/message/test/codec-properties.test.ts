import {
  decodeCqCode,
  encodeCqCode,
  escapeText,
  escapeValue,
  mergeText,
  MessageInputError,
  readMessage,
  type Segment,
  unescape,
} from '@seekyou/message'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { naiveDecode, naiveEncode, naiveEscape, naiveUnescape } from './naive-codec.ts'

/** Any string at all: lone surrogates, NUL, everything. */
const anyString = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) })

/** What codes and escapes are made of, whole, broken and nearly right. */
const piece = fc.oneof(
  fc.constantFrom(
    '[CQ:',
    '[',
    ']',
    ',',
    '=',
    '&',
    '&amp;',
    '&#91;',
    '&#93;',
    '&#44;',
    ';',
    '#',
    '&#9',
    '&"Ĺ1;',
    '&#ı1;',
  ),
  fc.constantFrom(
    'face',
    'text',
    'id',
    'file',
    'anonymous',
    'x',
    ' ',
    '\u00A0',
    '\0',
    '中',
    '😀',
    '\uD83D',
    'C',
    'CQ:',
    '-._',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', '[CQ:face,id=1]', '[CQ:text,text=a]', ',id=', 'a'.repeat(30)),
  anyString,
)

const small = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''))

/** Long enough to be rewritten in memory, over more than one chunk. */
const large = fc
  .tuple(fc.array(piece, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 20_000 }), small)
  .map(([pieces, length, tail]) => {
    const part = `${pieces.join('')}-`
    return part.repeat(Math.ceil(length / part.length)) + tail
  })

const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/)
const param = fc.oneof(name, piece, anyString).map((text) => text.replaceAll('=', '').trim())
const segment: fc.Arbitrary<Segment> = fc
  .tuple(
    name.filter((type) => type !== 'text'),
    fc.array(fc.tuple(param, fc.oneof(small, anyString))),
  )
  .map(([type, params]) => ({ type, data: Object.fromEntries(params) }))
const text: fc.Arbitrary<Segment> = fc.oneof(small, anyString).map((value) => ({ type: 'text', data: { text: value } }))
const message = fc.array(fc.oneof(segment, text), { maxLength: 8 }).map(mergeText)

/** Compares with order, and with every own key. */
function same(actual: unknown, expected: unknown): boolean {
  return JSON.stringify(actual) === JSON.stringify(expected)
}

/** The counterexample to a claim, or nothing if it holds. */
function failureOf<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean, numRuns = 200): string | undefined {
  return fc.defaultReportMessage(fc.check(fc.property(arbitrary, holds), { numRuns })) ?? undefined
}

const isString = (value: unknown): boolean => typeof value === 'string'

describe('the codec', () => {
  it.each([
    ['short', small, 3000],
    ['long', large, 60],
  ] as const)('decodes every %s string as the naive model does', (_, strings, runs) => {
    expect(failureOf(strings, (input) => same(decodeCqCode(input), naiveDecode(input)), runs)).toBeUndefined()
  })

  it('encodes every message as the naive model does', () => {
    expect(failureOf(message, (segments) => encodeCqCode(segments) === naiveEncode(segments))).toBeUndefined()
  })

  it('gets back what it encoded', () => {
    expect(failureOf(message, (segments) => same(decodeCqCode(encodeCqCode(segments)), segments), 500)).toBeUndefined()
  })

  it('encodes a decoded string to one that stays', () => {
    expect(
      failureOf(small, (input) => {
        const encoded = encodeCqCode(decodeCqCode(input))
        return encodeCqCode(decodeCqCode(encoded)) === encoded
      }),
    ).toBeUndefined()
  })

  it('loses no character of a string that holds no code', () => {
    expect(
      failureOf(small, (input) => {
        const open = input.replaceAll(']', '')
        return same(decodeCqCode(open), open === '' ? [] : [{ type: 'text', data: { text: naiveUnescape(open) } }])
      }),
    ).toBeUndefined()
  })

  it('gets every string back through a text and through a param', () => {
    expect(
      failureOf(
        fc.oneof(small, large),
        (input) =>
          same(decodeCqCode(escapeText(input)), input === '' ? [] : [{ type: 'text', data: { text: input } }]) &&
          same(decodeCqCode(`[CQ:x,a=${escapeValue(input)}]`), [{ type: 'x', data: { a: input } }]),
      ),
    ).toBeUndefined()
  })
})

describe('the escapes', () => {
  it('do what replacing one character after the other does', () => {
    expect(
      failureOf(
        fc.oneof(small, large),
        (input) =>
          escapeText(input) === naiveEscape(input, false) &&
          escapeValue(input) === naiveEscape(input, true) &&
          unescape(input) === naiveUnescape(input),
      ),
    ).toBeUndefined()
  })
})

describe('readMessage', () => {
  it('reads anything, or says with its own error why not', () => {
    expect(
      failureOf(
        fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true }),
        (input) => {
          try {
            return readMessage(input).every(({ type, data }) => isString(type) && Object.values(data).every(isString))
          } catch (error) {
            return error instanceof MessageInputError
          }
        },
        500,
      ),
    ).toBeUndefined()
  })

  it('reads its own result as it is', () => {
    expect(failureOf(message, (segments) => same(readMessage(segments), segments))).toBeUndefined()
  })
})
