import type { Bag } from './event-key.ts'

/**
 * The limits of the JSON text of an object or array. Only an event that was built by hand can pass them (a cycle, one
 * array shared a million times); the text of such a value is `{…}` or `[…]`, so that it is neither missing nor searched.
 */
const maxDepth = 1000
const maxCharacters = 16 * 1024 * 1024
const maxValues = 1_000_000

const noText = new Error('this value has no JSON text within the limits')

/**
 * The text that every comparison of the language looks at.
 *
 * A string is itself; a number is its plain decimal (`123.0` and `1.23e2` are `123`); `true` and `false` are words;
 * `null`, `undefined` and whatever JSON cannot carry is `""`; an object or array is its compact JSON text.
 */
export function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return numberText(value)
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'object':
      return value === null ? '' : jsonText(value)
    case 'undefined':
    case 'function':
    case 'symbol':
      return ''
  }
}

/** A number as plain decimal digits, never in scientific notation; `""` for what JSON writes as null. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return ''
  const text = String(value)
  const exponentAt = text.indexOf('e')
  if (exponentAt === -1) return text
  const sign = value < 0 ? '-' : ''
  const [whole = '', fraction = ''] = text.slice(sign.length, exponentAt).split('.')
  const digits = whole + fraction
  const point = whole.length + Number(text.slice(exponentAt + 1))
  // String() uses an exponent only below 1e-6 and from 1e21, so the point is never inside the digits.
  return point <= 0 ? `${sign}0.${'0'.repeat(-point)}${digits}` : sign + digits.padEnd(point, '0')
}

/** Compact JSON of own enumerable properties, never empty; unlike `JSON.stringify` it never calls `toJSON` and never throws. */
function jsonText(value: object): string {
  try {
    return new JsonWriter().write(value, 0)
  } catch {
    // A throwing getter, a cycle or a limit.
    return isArray(value) ? '[…]' : '{…}'
  }
}

function isArray(value: object): boolean {
  try {
    return Array.isArray(value)
  } catch {
    // A revoked proxy.
    return false
  }
}

class JsonWriter {
  #characters = maxCharacters
  #values = maxValues

  write(value: unknown, depth: number): string {
    if (--this.#values < 0) throw noText
    switch (typeof value) {
      case 'string':
        return this.#spend(JSON.stringify(value))
      case 'number':
        return this.#spend(Number.isFinite(value) ? String(value) : 'null')
      case 'boolean':
      case 'bigint':
        return this.#spend(String(value))
      case 'object':
        if (value === null) return this.#spend('null')
        // A cycle ends here too: the first descent into it goes straight down to the limit.
        if (depth === maxDepth) throw noText
        return Array.isArray(value) ? this.#array(value, depth + 1) : this.#object(value as Bag, depth + 1)
      case 'undefined':
      case 'function':
      case 'symbol':
        return this.#spend('null')
    }
  }

  #array(items: readonly unknown[], depth: number): string {
    let text = ''
    for (let index = 0; index < items.length; index++) {
      text += (index === 0 ? '[' : ',') + this.write(Object.hasOwn(items, index) ? items[index] : null, depth)
    }
    return text === '' ? this.#spend('[]') : `${text}]`
  }

  #object(holder: Bag, depth: number): string {
    let text = ''
    for (const key of Object.keys(holder)) {
      const value = holder[key]
      const name = this.#spend(JSON.stringify(key))
      if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue
      text += `${text === '' ? '{' : ','}${name}:${this.write(value, depth)}`
    }
    return text === '' ? this.#spend('{}') : `${text}}`
  }

  #spend(text: string): string {
    this.#characters -= text.length
    if (this.#characters < 0) throw noText
    return text
  }
}
