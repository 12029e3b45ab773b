import { secretNames } from '@seekyou/protocol'

/** Longer texts are cut, in characters. */
const LONGEST_TEXT = 4096
/** What is shown of one value altogether: so many characters, in so many parts, so deep. */
const MOST_TEXT = 65_536
const MOST_PARTS = 4096
const DEEPEST = 24

const secrets: ReadonlySet<string> = new Set([...secretNames, 'password', 'cookie', 'cookies', 'csrf_token'])

/**
 * A copy of JSON data that may be shown to an operator and kept in a file: secrets are `***`, of files in base64 only
 * the length is told, long texts and large values are cut and say so. It takes a bounded time, whatever the value is.
 */
export function redact(value: unknown): unknown {
  return new Redaction().copy(value, 0)
}

class Redaction {
  #text = MOST_TEXT
  #parts = MOST_PARTS

  copy(value: unknown, depth: number): unknown {
    this.#parts--
    if (typeof value === 'string') return this.#cut(value)
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null) return value
    if (depth >= DEEPEST) return '… (too deep to show)'
    return Array.isArray(value) ? this.#copyList(value, depth) : this.#copyFields(value, depth)
  }

  #copyList(list: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = []
    for (const item of list) {
      if (this.#isFull()) {
        copy.push(`… (${list.length - copy.length} more)`)
        break
      }
      copy.push(this.copy(item, depth + 1))
    }
    return copy
  }

  #copyFields(fields: object, depth: number): object {
    const copy: Record<string, unknown> = {}
    for (const key of Object.keys(fields)) {
      if (this.#isFull()) {
        copy['…'] = 'more'
        break
      }
      const value: unknown = Reflect.get(fields, key)
      // Of a download: they may hold a cookie or a token of the site that it comes from.
      const isSecret =
        key === 'headers' || (secrets.has(key) && value !== null && value !== '' && typeof value !== 'object')
      this.#text -= key.length
      // Assigning to `__proto__` would set the prototype.
      if (key !== '__proto__') copy[cut(key, 128)] = isSecret ? '***' : this.copy(value, depth + 1)
    }
    return copy
  }

  #isFull(): boolean {
    return this.#parts <= 0 || this.#text <= 0
  }

  #cut(text: string): string {
    const shown = withoutSecrets(cut(withoutBytes(text), LONGEST_TEXT))
    this.#text -= shown.length
    return shown
  }
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length} characters)`
}

/** Files stand in messages as `base64://…`, by themselves or in a CQ code. */
function withoutBytes(text: string): string {
  if (!text.includes('base64')) return text
  return text.replaceAll(
    /(base64:\/\/|;base64,)([\w+/=-]*)/g,
    (_, head: string, bytes: string) => `${head}… (${Math.floor((bytes.length * 3) / 4)} bytes)`,
  )
}

/** Addresses may show a token, or a password before the host. */
function withoutSecrets(text: string): string {
  const shown = text.includes('access_token=') ? text.replaceAll(/(access_token=)[^&\s"'\]]*/g, '$1***') : text
  return shown.includes('@') ? shown.replaceAll(/(:\/\/)[^/\s@:]*:[^/\s@]*@/g, '$1***@') : shown
}

/** About how many bytes a value of JSON data takes in memory; no longer counted once it is more than `most`. */
export function weigh(value: unknown, most: number): number {
  if (!isParent(value)) return 32 + textSize(value)
  // Made when first needed: most of what is weighed holds nothing but plain values.
  let left: object[] | undefined
  let weight = 32
  const take = (inner: unknown): void => {
    weight += 32
    if (isParent(inner)) (left ??= []).push(inner)
    else weight += textSize(inner)
  }
  for (let one: object | undefined = value; one; one = left?.pop()) {
    if (Array.isArray(one)) {
      for (const inner of one as unknown[]) {
        if (weight > most) break
        take(inner)
      }
    } else {
      // No array of the values: there is one of these for every call.
      for (const key in one) {
        if (weight > most) break
        take((one as Readonly<Record<string, unknown>>)[key])
      }
    }
    if (weight > most) return most + 1
  }
  return weight
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function textSize(value: unknown): number {
  return typeof value === 'string' ? value.length * 2 : 0
}
