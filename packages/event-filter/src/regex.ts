import { RE2JS } from 're2js'
import { FilterSyntaxError, quote } from './filter-error.ts'
import { compileSearch } from './literal-search.ts'

/** Answers whether a text contains a match. */
export type TextTest = (text: string) => boolean

/**
 * Length of one pattern, in UTF-16 units and with its counted repeats written out: `a{1000}` is a thousand states to RE2.
 * A pattern at the limit still compiles in a tenth of a second.
 */
const maxPatternLength = 4096

/** Literals that a pattern may stand for before it goes to the engine; beyond it, one pass of RE2 is the faster way. */
const maxPrefixes = 64
const maxParts = 8

/**
 * Compiles an RE2 pattern to a search anywhere in a text, in time linear in that text.
 *
 * A pattern that only stands for literals (`^!!`, `签到|打卡`, `^(help|menu)$`) becomes a comparison of strings, and one
 * that goes on with a word or a number (`^[!/](\w+)`, `^#\d`) of one character more; every other runs on re2js, behind a
 * comparison of its first characters where it is anchored to literal ones (`^/ban \d+ .*$`).
 * @throws FilterSyntaxError naming the construct that RE2 does not have, or the fault in the pattern
 * @see {@link https://github.com/google/re2/wiki/Syntax | the syntax of RE2}
 */
export function compileRegex(pattern: string, where: string): TextTest {
  if (pattern.length > maxPatternLength) {
    throw new FilterSyntaxError({
      path: where,
      found: `a pattern of ${pattern.length} characters`,
      allowed: `a pattern of at most ${maxPatternLength} characters`,
    })
  }
  const writtenOut = writtenOutLength(pattern)
  if (writtenOut > maxPatternLength) {
    throw new FilterSyntaxError({
      path: where,
      found: `the pattern ${quote(pattern)}, which stands for ${writtenOut} characters with its repeats written out`,
      allowed: `a pattern that stands for at most ${maxPatternLength} characters`,
    })
  }
  const branches = readBranches(pattern)
  const literal = branches?.every((branch) => branch.rest === '') ? compileLiterals(branches) : undefined
  if (literal !== undefined) return literal
  const [branch] = branches ?? []
  const anchored = branches?.length === 1 && branch?.start ? branch : undefined
  const kind = anchored && kindOfRest(anchored.rest)
  if (anchored && kind) return compileKind(anchored.literals, kind)
  const regex = compileRe2(pattern, where)
  if (anchored && !anchored.literals.includes('')) {
    const startsRight = compilePrefixes(anchored.literals)
    return (text) => startsRight(text) && regex.test(text)
  }
  return (text) => regex.test(text)
}

/** Whether a UTF-16 unit is of a class of characters; NaN, which is beyond the end, is of none. */
type Kind = (unit: number) => boolean

/** The classes of RE2, which knows no characters but those of ASCII there. */
const kinds: Readonly<Record<string, Kind>> = {
  d: (unit) => unit >= 48 && unit <= 57,
  w: (unit) => (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95,
  s: (unit) => unit === 32 || unit === 9 || unit === 10 || unit === 12 || unit === 13,
}

/** The class that the rest of a pattern asks one character of: with nothing behind them, more say no more than one. */
function kindOfRest(rest: string): Kind | undefined {
  const [, alone, grouped] = /^(?:\\([dws])\+?|\((?:\?:)?\\([dws])\+?\))$/.exec(rest) ?? []
  return kinds[alone ?? grouped ?? '']
}

/** One comparison for texts that begin with a literal and go on with a character of a class. */
function compileKind(literals: readonly string[], isOfKind: Kind): TextTest {
  if (literals.every((literal) => literal.length === 1)) {
    const first = new Set(literals)
    return (text) => isOfKind(text.charCodeAt(1)) && first.has(text.charAt(0))
  }
  return (text) => {
    for (const literal of literals) {
      if (text.startsWith(literal) && isOfKind(text.charCodeAt(literal.length))) return true
    }
    return false
  }
}

/** What counts as one in a pattern: a quotation, an escape, a class, a counted repeat, any other character. */
const countedPart =
  /\\Q[^]*?(?:\\E|$)|\\[pPx]\{[^}]*\}|\\[^]|\[\^?\]?(?:\[:\w+:\]|\\[^]|[^\]\\])*\]|\{(\d+)(?:(,)(\d*))?\}|[^]/g

/** The length of a pattern with its counted repeats written out. */
function writtenOutLength(pattern: string): number {
  const outside: number[] = []
  let length = 0
  let last = 0
  for (const [text, least, comma, most] of pattern.matchAll(countedPart)) {
    if (text === '(') {
      outside.push(length)
      length = 0
    } else if (text === ')') {
      last = length
      length += outside.pop() ?? 0
    } else if (least === undefined) {
      last = text.startsWith('\\Q') ? text.length : 1
      length += last
    } else {
      const times = Math.max(1, Number(least), comma === undefined ? 0 : Number(most || Number(least) + 1))
      length += last * (times - 1)
      last *= times
    }
  }
  return outside.reduce((sum, before) => sum + before, length)
}

function compileRe2(pattern: string, where: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (cause) {
    const construct = /\(\?<?[=!]|\(\?>|\\[1-9]|\\k/.exec(pattern)?.[0]
    const fault = cause instanceof Error ? cause.message.replace('error parsing regexp: ', '') : String(cause)
    throw new FilterSyntaxError(
      {
        path: where,
        found: `the pattern ${quote(pattern)} with ${construct === undefined ? fault : nameOf(construct)}`,
        allowed: 'an RE2 pattern, which has no lookaround, backreferences or atomic groups',
      },
      { cause },
    )
  }
}

function nameOf(construct: string): string {
  switch (construct) {
    case '(?=':
    case '(?!':
      return `the lookahead ${quote(construct)}`
    case '(?<=':
    case '(?<!':
      return `the lookbehind ${quote(construct)}`
    case '(?>':
      return `the atomic group ${quote(construct)}`
    default:
      return `the backreference ${quote(construct)}`
  }
}

/** One alternative of a pattern, as far as it stands for literals. */
interface Branch {
  /** It begins with `^`. */
  readonly start: boolean
  /** It finishes with `$`. */
  readonly end: boolean
  /** The texts it stands for; when there is a `rest`, the texts one of which it begins with. */
  readonly literals: readonly string[]
  /** What is left of it unread. */
  readonly rest: string
}

const special = /[\\^$.|?*+()[\]{}]/
const quantifier = /[?*+{]/
const punctuation = /[!-/:-@[-`{-~]/

/**
 * Reads the alternatives of a pattern as literals; undefined when that is not possible.
 *
 * Of one that is not literal to its end, the literal head is kept, but only if no other alternative can follow.
 */
function readBranches(pattern: string): readonly Branch[] | undefined {
  // By code point, so that a quantifier after an astral character takes the whole of it.
  if (!pattern.isWellFormed()) return undefined
  const source = Array.from(pattern)
  const branches: Branch[] = []
  let at = 0
  for (;;) {
    const start = source[at] === '^'
    if (start) at++
    let literals = ['']
    let end = false
    for (; at < source.length && source[at] !== '|' && !end;) {
      if (source[at] === '$') {
        end = true
        at++
        continue
      }
      const item = readItem(source, at)
      const next = item && source[item.next]
      if (
        item === undefined ||
        (next !== undefined && quantifier.test(next)) ||
        literals.length * item.literals.length > maxPrefixes
      ) {
        // What is left may hold a "|"; telling whether it is one of this level is not worth a parser. And a quantifier
        // reaches over what stands for nothing: in "a(?i)*" and "a\Q\E*" it is the "a" that is repeated.
        const rest = source.slice(at).join('')
        if (branches.length > 0 || rest.includes('|') || /^(?:\(\?[^:]|\\[QE])/.test(rest)) return undefined
        return [{ start, end: false, literals, rest }]
      }
      literals =
        literals.length === 1 && literals[0] === ''
          ? item.literals
          : literals.flatMap((head) => item.literals.map((tail) => head + tail))
      at = item.next
    }
    branches.push({ start, end, literals, rest: '' })
    if (at === source.length) return branches
    if (source[at] !== '|') return undefined
    at++
  }
}

interface Item {
  readonly literals: string[]
  /** Where the next item starts. */
  readonly next: number
}

function readItem(source: readonly string[], at: number): Item | undefined {
  if (source[at] === '(') return readGroup(source, at + 1)
  if (source[at] === '[') return readClass(source, at + 1)
  return readCharacter(source, at)
}

function readCharacter(source: readonly string[], at: number): Item | undefined {
  const character = source[at]
  if (character === undefined) return undefined
  if (character === '\\') {
    const escaped = source[at + 1]
    return escaped !== undefined && punctuation.test(escaped) ? { literals: [escaped], next: at + 2 } : undefined
  }
  return special.test(character) ? undefined : { literals: [character], next: at + 1 }
}

/** `(a|b)` or `(?:a|b)` of plain characters. */
function readGroup(source: readonly string[], from: number): Item | undefined {
  let at = source[from] === '?' && source[from + 1] === ':' ? from + 2 : from
  const literals: string[] = []
  let literal = ''
  for (;;) {
    if (source[at] === ')') return { literals: [...literals, literal], next: at + 1 }
    if (source[at] === '|') {
      literals.push(literal)
      literal = ''
      at++
      continue
    }
    const item = readCharacter(source, at)
    if (item === undefined) return undefined
    literal += item.literals[0]
    at = item.next
  }
}

/** `[abc]` of plain characters, without ranges. */
function readClass(source: readonly string[], from: number): Item | undefined {
  const literals: string[] = []
  for (let at = from; ; at++) {
    const character = source[at]
    if (character === ']' && literals.length > 0) return { literals, next: at + 1 }
    if (character === undefined || /[\\^\-[\]]/.test(character)) return undefined
    literals.push(character)
  }
}

/** One comparison of strings for alternatives that are literals to their ends; undefined when RE2 would be faster. */
function compileLiterals(branches: readonly Branch[]): TextTest | undefined {
  const pick = (start: boolean, end: boolean): string[] =>
    branches.filter((branch) => branch.start === start && branch.end === end).flatMap((branch) => branch.literals)
  const exact = pick(true, true)
  const prefixes = pick(true, false)
  const suffixes = pick(false, true)
  const parts = pick(false, false)
  if (parts.includes('')) return () => true
  if (prefixes.length > maxPrefixes || suffixes.length > maxPrefixes || parts.length > maxParts) return undefined
  const tests: TextTest[] = []
  if (exact.length > 0) tests.push(compileExact(exact))
  if (prefixes.length > 0) tests.push(compilePrefixes(prefixes))
  if (suffixes.length > 0) tests.push((text) => suffixes.some((suffix) => text.endsWith(suffix)))
  for (const part of parts) tests.push(compileSearch(part))
  const [first] = tests
  return tests.length === 1 ? first : (text) => tests.some((test) => test(text))
}

function compileExact(literals: readonly string[]): TextTest {
  const [only] = literals
  if (literals.length === 1) return (text) => text === only
  const set = new Set(literals)
  return (text) => set.has(text)
}

function compilePrefixes(prefixes: readonly string[]): TextTest {
  const [only = ''] = prefixes
  if (prefixes.length === 1) return (text) => text.startsWith(only)
  if (prefixes.every((prefix) => prefix.length === 1)) {
    const first = new Set(prefixes)
    return (text) => first.has(text.charAt(0))
  }
  return (text) => {
    for (const prefix of prefixes) if (text.startsWith(prefix)) return true
    return false
  }
}
