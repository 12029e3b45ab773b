/** Values that nobody means well. */
import * as fc from 'fast-check'

/** Names that every object has without having them, and such that mean something here. */
const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'toJSON', '']

/** Pieces that have a meaning somewhere on the way. */
const pieces = [
  ['[CQ:', '[CQ:at,qq=all]', ']', ',', '=', '&', '&amp;', '&#91;', '&#44;', '[CQ:image,file=', '[CQ:reply,id=1]'],
  ['[CQ:node,content=', '[CQ:json,data=', '[CQ:text,text=', 'base64://', 'file:///', 'http://', '{', '}', '[', '"'],
  ['\0', '\r\n', '\n', '\\', '\\u0000', '\uD800', '\uDFFF', '\uFEFF', '\u2028', '%00', '%', '../', '..\\', '~', '*'],
  ['0', '-1', '1e999', 'NaN', '99999999999999999999', '0x10', 'true', 'null', '签到', '👩‍👩‍👧', '(a+)+$', '.*'],
  names,
].flat()

/** Text made of pieces that mean something, and of anything. */
export const strangeText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 8 })
      .map((parts) => parts.join('')),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: pumped(20_000) },
)

/** A short text many times over. */
function pumped(size: number): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('') || 'x')
    .map((piece) => piece.repeat(Math.ceil(size / piece.length)))
}

const strangeNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    -1,
    1,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 53,
    2 ** 53 + 2,
    1e21,
    1e300,
    -1e300,
    0.1,
    5e-324,
  ),
  fc.integer(),
)

const strangeName: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 6 }))

/** Whatever JSON can say. */
export const strangeValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: strangeText },
  { weight: 3, arbitrary: strangeNumber },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, {}, []) },
  {
    weight: 3,
    arbitrary: fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        strangeText,
        strangeNumber,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(strangeName, tie('value'), { maxKeys: 4, noNullPrototype: false }),
        fc.record({ type: strangeText, data: fc.dictionary(strangeName, tie('value'), { maxKeys: 3 }) }),
      ),
    })).value,
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('array', 'object')
      .chain((kind) => fc.integer({ min: 1, max: 800 }).map((depth) => nested(kind, depth))),
  },
)

function nested(kind: 'array' | 'object', depth: number): unknown {
  let value: unknown = kind === 'array' ? [] : {}
  for (let level = 0; level < depth; level++) value = kind === 'array' ? [value] : { content: value }
  return value
}

/** JSON texts; some of them far deeper than anything that walks on a stack can follow. */
export const strangeJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: strangeValue.map((value) => JSON.stringify(value)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom(['[', ']'], ['{"a":', '}'], ['{"content":[', ']}']),
        fc.integer({ min: 1000, max: 50_000 }),
      )
      .map(([[open, close], depth]) => `${open.repeat(depth)}1${close.repeat(depth)}`),
  },
)

/** The same value with something in it replaced, left out or added. */
export function spoilt(
  values: fc.Arbitrary<unknown>,
  strange: fc.Arbitrary<unknown> = strangeValue,
): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      values,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom('replace', 'drop', 'add'), strangeName, strange), { maxLength: 3 }),
    )
    .map(([value, changes]) => {
      let result = value
      for (const [at, how, name, other] of changes) {
        const places = placesIn(result)
        result = changed(result, places[at % places.length]!, how, name, other)
      }
      return result
    })
}

type Path = readonly (string | number)[]

function placesIn(value: unknown, here: Path = [], found: Path[] = []): readonly Path[] {
  found.push(here)
  if (here.length > 8 || found.length > 500 || typeof value !== 'object' || value === null) return found
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value)
  for (const key of keys) placesIn((value as Record<PropertyKey, unknown>)[key], [...here, key], found)
  return found
}

function changed(
  value: unknown,
  [step, ...rest]: Path,
  how: 'replace' | 'drop' | 'add',
  name: string,
  other: unknown,
): unknown {
  if (step === undefined) {
    if (how !== 'add' || typeof value !== 'object' || value === null) return other
    return Array.isArray(value) ? [...(value as unknown[]), other] : withOwn(value, name, other)
  }
  const inner = changed((value as Record<PropertyKey, unknown>)[step], rest, how, name, other)
  const isDropped = rest.length === 0 && how === 'drop'
  if (Array.isArray(value)) {
    return isDropped
      ? (value as unknown[]).filter((_, index) => index !== step)
      : (value as unknown[]).with(step as number, inner)
  }
  const copy = withOwn(value as object, String(step), inner)
  if (isDropped) delete copy[String(step)]
  return copy
}

/** A copy with one more field, which may well be called `__proto__`. */
function withOwn(value: object, name: string, other: unknown): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...value }
  Object.defineProperty(copy, name, { value: other, enumerable: true, configurable: true, writable: true })
  return copy
}

/** The same text with parts cut out, doubled, swapped or replaced. */
export function mangled(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat({ max: 40 }),
    how: fc.constantFrom('cut', 'double', 'insert', 'replace', 'end'),
    other: strangeText,
  })
  return fc.tuple(texts, fc.array(change, { minLength: 1, maxLength: 4 })).map(([text, changes]) => {
    let result = text
    for (const { at, length, how, other } of changes) {
      const from = Math.floor(at * result.length)
      const [before, part, after] = [
        result.slice(0, from),
        result.slice(from, from + length),
        result.slice(from + length),
      ]
      if (how === 'cut') result = before + after
      else if (how === 'double') result = before + part + part + after
      else if (how === 'insert') result = before + other + part + after
      else if (how === 'replace') result = before + other + after
      else result = before
    }
    return result
  })
}

/** The same with lines left out, doubled or moved: what a hand does to a file. */
export function mangledLines(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.record({
    from: fc.nat(),
    to: fc.nat(),
    how: fc.constantFrom('drop', 'copy', 'indent', 'value'),
    other: strangeText,
  })
  return fc.tuple(texts, fc.array(change, { minLength: 1, maxLength: 4 })).map(([text, changes]) => {
    const lines = text.split('\n')
    for (const { from, to, how, other } of changes) {
      const at = from % lines.length
      const line = lines[at] ?? ''
      if (how === 'drop') lines.splice(at, 1)
      else if (how === 'copy') lines.splice(to % lines.length, 0, line)
      else if (how === 'indent') lines[at] = `  ${line}`
      else lines[at] = line.replace(/:.*$/, () => `: ${other.replaceAll('\n', ' ')}`)
      if (lines.length === 0) lines.push('')
    }
    return lines.join('\n')
  })
}
