import { type Getter, keyGetter, readOwn } from './event-key.ts'
import { FilterSyntaxError, quote } from './filter-error.ts'

/** One part of a path between dots. */
interface Step {
  /** The property it names on an object, with escapes resolved. */
  readonly key: string
  /** The element it names on an array; -1 when it names none. */
  readonly index: number
  /** It is a bare `#`: on an array, the number of elements, or every element when more steps follow. */
  readonly every: boolean
}

/** A parsed path; never empty. */
export type FilterPath = readonly [Step, ...Step[]]

/** Steps in one path. */
export const maxSteps = 32

/** Elements one path may visit through `#`; beyond it (possible only with shared or cyclic arrays) it finds nothing. */
const maxVisits = 1_000_000

const index = /^[0-9]{1,9}$/

/** The parts of gjson's path language that are left out, by the character that starts them. */
const leftOut: { readonly [character: string]: string } = {
  '*': 'the wildcard "*"',
  '?': 'the wildcard "?"',
  '|': 'the pipe "|"',
  '@': 'the modifier "@"',
  '!': 'the static value "!"',
  '{': 'the multipath "{"',
  '[': 'the multipath "["',
}

/**
 * Parses a key of a rule as a path into the event: keys and array positions joined by dots, `#` for the length of an
 * array or for each of its elements, `\` before a character that is meant literally.
 * @throws FilterSyntaxError for an empty part and for the parts of gjson's language that are left out, by name
 * @see {@link https://github.com/tidwall/gjson/blob/master/SYNTAX.md | the path language of gjson}
 */
export function parsePath(text: string, where: string): FilterPath {
  const steps: Step[] = []
  let key = ''
  let escaped = false
  const refuse = (found: string, allowed: string): never => {
    throw new FilterSyntaxError({ path: where, found: `${found} in the key ${quote(text)}`, allowed })
  }
  const finish = (): void => {
    if (key === '') refuse('an empty part', 'names joined by single dots, such as "sender.role"')
    if (steps.length === maxSteps) refuse(`more than ${maxSteps} parts`, `at most ${maxSteps} parts joined by dots`)
    steps.push({ key, index: !escaped && index.test(key) ? Number(key) : -1, every: !escaped && key === '#' })
    key = ''
    escaped = false
  }
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    const first = key === '' && !escaped
    if (character === '\\') {
      at++
      if (at === text.length) refuse('a lone backslash at the end', 'a backslash before the character it protects')
      key += text.charAt(at)
      escaped = true
    } else if (character === '.') {
      finish()
    } else if (character === '#' && first && (text[at + 1] === '(' || text[at + 1] === '[')) {
      refuse(`the query "#${text[at + 1]}…"`, 'no queries; "#" alone is a length, "#.key" collects from each element')
    } else if (isLeftOut(character, first, steps.length)) {
      refuse(`${leftOut[character]}`, `keys, array positions and "#"; a literal character is written "\\${character}"`)
    } else {
      key += character
    }
  }
  finish()
  return steps as [Step, ...Step[]]
}

function isLeftOut(character: string, first: boolean, steps: number): boolean {
  switch (character) {
    case '*':
    case '?':
    case '|':
      return true
    case '@':
    case '{':
    case '[':
      return first
    case '!':
      return first && steps === 0
    default:
      return false
  }
}

/** Compiles a path to one function that reads it; absent parts, inherited properties and characters of strings are undefined. */
export function pathGetter(path: FilterPath): Getter {
  if (path.some((step) => step.every)) return (holder) => readPath(holder, path)
  const [first, second, ...others] = path.map(stepGetter) as [Getter, ...Getter[]]
  if (second === undefined) return first
  if (others.length === 0) return (holder, plain) => second(first(holder, plain), false)
  return (holder, plain) => {
    let value = second(first(holder, plain), false)
    for (const getter of others) value = getter(value, false)
    return value
  }
}

function stepGetter(step: Step): Getter {
  return step.index === -1 ? keyGetter(step.key) : (holder) => readStep(holder, step)
}

/** Reads a path step by step; slower than `pathGetter`, and the one place that knows `#`. */
export function readPath(holder: unknown, path: FilterPath): unknown {
  return walk(holder, path, 0, { visits: maxVisits + 1 })
}

function walk(holder: unknown, path: FilterPath, from: number, budget: { visits: number }): unknown {
  let value = holder
  for (let at = from; at < path.length; at++) {
    const step = path[at] as Step
    if (step.every && Array.isArray(value)) {
      return at === path.length - 1 ? value.length : collect(value, path, at + 1, budget)
    }
    value = readStep(value, step)
  }
  return value
}

/** What the rest of the path finds in each element, in order, without those in which it finds nothing. */
function collect(items: readonly unknown[], path: FilterPath, from: number, budget: { visits: number }): unknown {
  const found: unknown[] = []
  for (let at = 0; at < items.length && budget.visits > 0; at++) {
    budget.visits--
    const value = walk(element(items, at), path, from, budget)
    if (isJson(value)) found.push(value)
  }
  return budget.visits > 0 ? found : undefined
}

function readStep(holder: unknown, step: Step): unknown {
  if (!Array.isArray(holder)) return readOwn(holder, step.key)
  return step.index !== -1 && step.index < holder.length ? element(holder, step.index) : undefined
}

/** An element as JSON writes it: a hole, a function or undefined is null there, so it exists. */
function element(items: readonly unknown[], at: number): unknown {
  const value = Object.hasOwn(items, at) ? items[at] : null
  return isJson(value) ? value : null
}

function isJson(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol'
}
