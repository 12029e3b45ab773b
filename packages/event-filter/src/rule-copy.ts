import { describe, FilterSyntaxError, pointer, quote } from './filter-error.ts'

/** Objects and arrays inside one another, in one rule. */
export const maxRuleDepth = 64

/** Values in one rule: clauses and elements of lists together. */
export const maxRuleValues = 100_000

/** Characters in one rule: keys and strings together. */
export const maxRuleCharacters = 4 * 1024 * 1024

/**
 * Copies a rule once, so that what is compiled is what was checked: every property is read a single time, only JSON
 * values get through, and its size and depth are bounded.
 * @throws FilterSyntaxError for a value that JSON does not have, a number that has lost digits, or a rule beyond the bounds
 */
export function copyRule(rule: unknown): unknown {
  const left = { values: maxRuleValues, characters: maxRuleCharacters }
  return copy(rule, '', 0, left)
}

function copy(value: unknown, path: string, depth: number, left: { values: number; characters: number }): unknown {
  left.values--
  if (typeof value === 'string') left.characters -= value.length
  if (left.values < 0 || left.characters < 0) {
    throw new FilterSyntaxError({
      path,
      found: 'one value too many',
      allowed: `at most ${maxRuleValues} values and ${maxRuleCharacters} characters in one filter`,
    })
  }
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return checkNumber(value, path)
    case 'object':
      if (value === null) return null
      if (depth === maxRuleDepth) {
        throw new FilterSyntaxError({
          path,
          found: `objects and arrays ${depth + 1} deep (or a cycle)`,
          allowed: `at most ${maxRuleDepth} levels`,
        })
      }
      return Array.isArray(value) ? copyArray(value, path, depth, left) : copyObject(value, path, depth, left)
    case 'undefined':
    case 'bigint':
    case 'function':
    case 'symbol':
      throw new FilterSyntaxError({ path, found: describe(value), allowed: 'JSON values' })
  }
}

function checkNumber(value: number, path: string): number {
  if (Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))) return value
  throw new FilterSyntaxError({
    path,
    found: describe(value),
    allowed: 'numbers up to 2^53; a longer id is written as a string, which compares the same and keeps its digits',
  })
}

type Left = Parameters<typeof copy>[3]

function copyArray(items: readonly unknown[], path: string, depth: number, left: Left): readonly unknown[] {
  const result: unknown[] = []
  for (let index = 0; index < items.length; index++) {
    const place = pointer(path, index)
    result.push(copy(readProperty(items, index, place), place, depth + 1, left))
  }
  return Object.freeze(result)
}

function copyObject(holder: object, path: string, depth: number, left: Left): object {
  if (!isPlain(holder)) {
    throw new FilterSyntaxError({
      path,
      found: holder instanceof RegExp ? 'a RegExp' : 'an object that is not plain (a Map, a Date, an instance…)',
      allowed: holder instanceof RegExp ? 'the pattern as a string, under ".regex"' : 'plain objects, as JSON has them',
    })
  }
  const result = {}
  for (const key of Object.keys(holder)) {
    const place = pointer(path, key)
    left.characters -= key.length
    const value = copy(readProperty(holder, key, place), place, depth + 1, left)
    // Not an assignment: that would set the prototype for the key "__proto__".
    Object.defineProperty(result, key, { value, enumerable: true })
  }
  return Object.freeze(result)
}

function readProperty(holder: object, key: string | number, place: string): unknown {
  try {
    return Object.hasOwn(holder, key) ? (holder as { readonly [key: string | number]: unknown })[key] : undefined
  } catch (cause) {
    const found = `the property ${quote(String(key))}, which throws when it is read`
    throw new FilterSyntaxError({ path: place, found, allowed: 'JSON values' }, { cause })
  }
}

/** Made by `{}`, by `JSON.parse` or without a prototype, in this realm or in another one. */
function isPlain(holder: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(holder)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
