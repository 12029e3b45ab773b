import type { Getter } from './event-key.ts'
import { compileSearch, includesPart } from './literal-search.ts'
import { compileRegex } from './regex.ts'
import { numberText, textOf } from './value-text.ts'

/** Answers for one value of an event. */
export type ValueTest = (value: unknown) => boolean

/**
 * Makes the test of a part of the value. Reading and comparing in one function saves a call per event, and calls
 * through variables are most of what a filter costs.
 */
export type Comparison = (get: Getter, plain: boolean) => ValueTest

/** The getter of a comparison that looks at the value itself. */
export const itself: Getter = (value) => value

/** `.eq`: the text of the value is `text`; `.neq`: it is not. */
export function compileEquals(text: string, equal: boolean): Comparison {
  if (text === '') {
    return (get, plain) => (holder) => {
      const value = get(holder, plain)
      if (value === undefined || value === null) return equal
      if (typeof value === 'string') return (value.length === 0) === equal
      // An object is never empty, and writing it out would take long.
      return (typeof value !== 'object' && textOf(value) === '') === equal
    }
  }
  // NaN, which equals nothing, where there is none: comparing numbers with numbers only is faster.
  const number = numberOf(text) ?? Number.NaN
  const isJsonText = startsJson(text)
  return (get, plain) => (holder) => {
    const value = get(holder, plain)
    if (typeof value === 'string') return (value === text) === equal
    if (typeof value === 'number') return (value === number) === equal
    if (value === undefined) return !equal
    return ((isJsonText || typeof value !== 'object') && textOf(value) === text) === equal
  }
}

/** `.in` with an array: the text of the value is one of `texts`. */
export function compileOneOf(texts: readonly string[]): Comparison {
  // Strings and the numbers that have the same text share the set, so that the usual values need no conversion.
  const members = new Set<unknown>(texts)
  for (const text of texts) {
    const number = numberOf(text)
    if (number !== undefined) members.add(number)
  }
  if (members.has('')) for (const empty of [undefined, null, Number.NaN, Infinity, -Infinity]) members.add(empty)
  const canBeObject = texts.some(startsJson)
  return (get, plain) => (holder) => {
    const value = get(holder, plain)
    if (members.has(value)) return true
    if (typeof value === 'string' || typeof value === 'number' || value === undefined) return false
    return (canBeObject || typeof value !== 'object') && members.has(textOf(value))
  }
}

/** `.in` with a scalar: the text of the value is a part of `text`. */
export function compilePartOf(text: string): Comparison {
  return (get, plain) => (holder) => includesPart(text, textOf(get(holder, plain)))
}

/** `.contains`: the text of the value contains `part`. */
export function compileContains(part: string): Comparison {
  return compileTextTest(compileSearch(part))
}

/** `.regex`: the pattern matches somewhere in the text of the value. */
export function compileMatches(pattern: string, where: string): Comparison {
  return compileTextTest(compileRegex(pattern, where))
}

function compileTextTest(test: (text: string) => boolean): Comparison {
  return (get, plain) => (holder) => {
    const value = get(holder, plain)
    return test(typeof value === 'string' ? value : textOf(value))
  }
}

/** The number whose text is exactly `text`, if there is one. */
function numberOf(text: string): number | undefined {
  const number = Number(text)
  return numberText(number) === text ? number : undefined
}

function startsJson(text: string): boolean {
  return text.startsWith('[') || text.startsWith('{')
}
