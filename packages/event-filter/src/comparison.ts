import { includesPart, compileSearch } from './literal-search.ts'
import { compileRegex } from './regex.ts'
import { numberText, textOf } from './value-text.ts'

/** Answers for one value of an event; never throws. */
export type ValueTest = (value: unknown) => boolean

/** `.eq`: the text of the value is `text`. */
export function compileEquals(text: string): ValueTest {
  if (text === '') return (value) => value === undefined || value === null || value === '' || isEmpty(value)
  const number = numberOf(text)
  const isJsonText = startsJson(text)
  return (value) =>
    value === text ||
    (typeof value === 'number'
      ? value === number
      : typeof value !== 'string' && (isJsonText || typeof value !== 'object') && textOf(value) === text)
}

/** `.in` with an array: the text of the value is one of `texts`. */
export function compileOneOf(texts: readonly string[]): ValueTest {
  // Strings and the numbers that have the same text share the set, so that the usual values need no conversion.
  const members = new Set<unknown>(texts)
  for (const text of texts) {
    const number = numberOf(text)
    if (number !== undefined) members.add(number)
  }
  if (members.has('')) for (const empty of [undefined, null, Number.NaN, Infinity, -Infinity]) members.add(empty)
  const canBeObject = members.has('') || texts.some(startsJson)
  return (value) =>
    members.has(value) ||
    (typeof value !== 'string' &&
      typeof value !== 'number' &&
      (canBeObject || typeof value !== 'object') &&
      members.has(textOf(value)))
}

/** `.in` with a scalar: the text of the value is a part of `text`. */
export function compilePartOf(text: string): ValueTest {
  return (value) => includesPart(text, textOf(value))
}

/** `.contains`: the text of the value contains `part`. */
export function compileContains(part: string): ValueTest {
  const search = compileSearch(part)
  return (value) => search(textOf(value))
}

/** `.regex`: the pattern matches somewhere in the text of the value. */
export function compileMatches(pattern: string, where: string): ValueTest {
  const test = compileRegex(pattern, where)
  return (value) => test(typeof value === 'string' ? value : textOf(value))
}

/** The number whose text is exactly `text`, if there is one. */
function numberOf(text: string): number | undefined {
  const number = Number(text)
  return numberText(number) === text ? number : undefined
}

function isEmpty(value: unknown): boolean {
  return typeof value !== 'string' && textOf(value) === ''
}

function startsJson(text: string): boolean {
  return text.startsWith('[') || text.startsWith('{')
}
