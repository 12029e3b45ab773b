import { isSecretKey, withoutUrlSecrets } from './secret-names.ts'
import type { Problem } from './config-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** From where to where, as offsets; the end is the first character that is not meant. */
export type Range = readonly [start: number, end: number]

/** The text of a configuration, and what a message needs to point into it. */
export interface ConfigSource {
  readonly file: string
  /** What there is to parse: the environment is filled in. */
  readonly text: string
  /** Says what is wrong where; the line is shown as it stands in the file. */
  problem(where: Range, sentence: string): Problem
  /** Says what is wrong where, or that a variable of the environment broke the text there. */
  problemOf(where: Range, sentence: string): Problem
  /** What the environment gave that is not one whole text, with `texts` all that there are, and `blocks` neither. */
  tornVariables(texts: readonly Range[], blocks: readonly Range[]): readonly Problem[]
  lineOf(offset: number): number
  /** Names of the variables that what stands there was filled in from. */
  variablesIn(where: Range): readonly string[]
  /** What stands there in the file; `undefined` if nothing was filled in there. */
  unfilled(where: Range): string | undefined
  /** Makes messages mask exactly what stands there; before, they mask the rest of every line with a secret. */
  hide(where: readonly Range[]): void
}

/** Something that was filled in: where it is now, and where its placeholder stands in the file. */
interface Filling {
  readonly name: string
  /** Whether the environment has it, and not only its default. */
  readonly isGiven: boolean
  readonly now: Range
  readonly original: Range
}

/**
 * Fills in the environment.
 * @param placeholder finds the name of a variable, and a default or `undefined`, as its two groups; without it nothing
 * is filled in.
 * @param fill what stands for a variable; a problem says why there is nothing.
 */
export function createConfigSource(
  file: string,
  original: string,
  { placeholder, fill }: Filler = { placeholder: undefined, fill: undefined },
): { readonly source: ConfigSource; readonly problems: readonly Problem[] } {
  const fillings: Filling[] = []
  const unfilled: { readonly where: Range; readonly sentence: string }[] = []
  let text = ''
  let copied = 0
  if (placeholder) {
    for (const match of original.matchAll(placeholder)) {
      const [whole, name = '', fallback] = match
      if (isInComment(original, match.index)) continue
      const filled = fill(name, fallback)
      const where: Range = [match.index, match.index + whole.length]
      if (typeof filled !== 'string') unfilled.push({ where, sentence: filled.problem })
      const value = typeof filled === 'string' ? filled : ''
      text += original.slice(copied, match.index)
      fillings.push({
        name,
        isGiven: value !== (fallback ?? ''),
        now: [text.length, text.length + value.length],
        original: where,
      })
      text += value
      copied = where[1]
    }
  }
  text += original.slice(copied)

  const lines = original.split(/(?<=\n)/)
  const starts = lines.map(() => 0)
  for (const [index, line] of lines.entries()) starts[index + 1] = starts[index]! + line.length
  let hidden = secretLines(original)

  /** Where something stands in the file. */
  const inFile = ([from, to]: Range): Range => {
    const start = offsetInFile(fillings, from, 0)
    return [start, Math.max(start, offsetInFile(fillings, to, 1))]
  }
  const problemInFile = ([from, to]: Range, sentence: string): Problem => {
    const index = Math.max(
      0,
      starts.findLastIndex((start) => start <= from && start < Math.max(original.length, 1)),
    )
    const start = starts[index] ?? 0
    const line = (lines[index] ?? '').replace(/\r?\n$/, '')
    const column = Math.min(from - start, line.length)
    const excerpt = excerptOf(line, [column, Math.min(to - start, line.length)], {
      number: index + 1,
      hidden: hidden.map(([a, b]): Range => [a - start, b - start]),
    })
    return { sentence, at: { file, line: index + 1, column: column + 1 }, ...(line.trim() !== '' && { excerpt }) }
  }
  const problem = (where: Range, sentence: string) => problemInFile(inFile(where), sentence)
  const torn = ({ name, now }: Filling) =>
    problem(now, `what ${name} holds is taken apart here; write "\${${name}}" in quotes`)
  const source: ConfigSource = {
    file,
    text,
    problem,
    problemOf([from, to], sentence) {
      // What is only a part of a variable was meant to be no YAML.
      const broken = fillings.find(({ now: [start, end] }) => from >= start && to <= end && to - from < end - start)
      if (!broken) return problem([from, to], sentence)
      return torn(broken)
    },
    tornVariables: (texts, blocks) =>
      fillings
        .filter(({ now: [start, end] }) => {
          if (blocks.some(([from, to]) => from === start && to === end)) return false
          return texts.some(([from, to]) => from < end && to > start && (from > start || to < end))
        })
        .map(torn),
    lineOf: (offset) => starts.findLastIndex((start) => start <= offsetInFile(fillings, offset, 0)) + 1,
    variablesIn: ([from, to]) =>
      fillings.filter(({ now, isGiven }) => isGiven && now[0] >= from && now[1] <= to).map(({ name }) => name),
    unfilled([from, to]) {
      if (!fillings.some(({ now }) => now[0] >= from && now[1] <= to)) return undefined
      return original.slice(...inFile([from, to]))
    },
    hide(where) {
      // The name of a variable is no secret.
      hidden = where.map(inFile).filter(([from, to]) => !/^\$\{\w+\}$/.test(original.slice(from, to)))
    },
  }
  return { source, problems: unfilled.map(({ where, sentence }) => problemInFile(where, sentence)) }
}

type Filler =
  | { readonly placeholder: RegExp; readonly fill: (name: string, fallback?: string) => string | { problem: string } }
  | { readonly placeholder: undefined; readonly fill: undefined }

/** As go-cqhttp does it: on the text, before YAML sees it. An empty variable counts as unset. */
export function fromEnvironment(env: Environment): Filler {
  return {
    placeholder: /\$\{([A-Za-z_]\w*)(?::([^}\n]*))?\}/g,
    fill(name, fallback) {
      const value = env[name] || fallback
      if (value === undefined) {
        return { problem: `the environment variable ${name} is not set; set it, or write \${${name}:default}` }
      }
      return /[\r\n]/.test(value) ? { problem: `the environment variable ${name} holds a line break` } : value
    },
  }
}

/** What go-cqhttp does not understand stays as it is, what is not set is empty. */
export function fromEnvironmentLikeGoCqhttp(env: Environment): Filler {
  return {
    placeholder: /\$\{([A-Za-z_]\w*)(?::([\w:/.]*))?\}/g,
    fill: (name, fallback) => env[name] || (fallback ?? ''),
  }
}

function isInComment(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset) + 1, offset)
  return line.trimStart().startsWith('#')
}

/** @param side 0: of what was filled in, the begin of the placeholder; 1: its end. */
function offsetInFile(fillings: readonly Filling[], offset: number, side: 0 | 1): number {
  let shift = 0
  for (const { now, original } of fillings) {
    if (offset < now[0] || (side === 1 && offset === now[0])) break
    if (offset < now[1] || (side === 1 && offset === now[1])) return original[side]
    shift = original[1] - now[1]
  }
  return offset + shift
}

/** Characters of a line that are shown around what is meant. */
const widest = 96

/** The line, cut to what is meant, and a mark below. */
function excerptOf(
  line: string,
  [from, to]: Range,
  { number, hidden }: { readonly number: number; readonly hidden: readonly Range[] },
): string {
  const before = masked(line, [0, from], hidden)
  const meant = masked(line, [from, Math.max(to, from)], hidden)
  const after = masked(line, [Math.max(to, from), line.length], hidden)
  const whole = withoutUrlSecrets(before) + withoutUrlSecrets(meant) + withoutUrlSecrets(after)
  const at = withoutUrlSecrets(before).length
  const cut = at > widest - 20 ? at - (widest - 20) : 0
  const shown = (cut > 0 ? '…' : '') + whole.slice(cut, cut + widest) + (whole.length > cut + widest ? '…' : '')
  const indent = at - cut + (cut > 0 ? 1 : 0)
  const length = Math.max(1, Math.min(withoutUrlSecrets(meant).trimEnd().length, shown.length - indent))
  const head = String(number).padStart(3)
  return `${head} | ${shown.replaceAll('\t', ' ')}\n${' '.repeat(head.length)} | ${' '.repeat(indent)}${'^'.repeat(length)}`
}

/** A part of a line, each run of what is hidden as one mark. */
function masked(line: string, [from, to]: Range, hidden: readonly Range[]): string {
  let text = ''
  for (let index = from; index < to;) {
    const covering = hidden.find(([start, end]) => index >= start && index < end)
    if (covering) {
      text += '…'
      index = Math.min(covering[1], to)
    } else text += line[index++]!
  }
  return text
}

/** What may be a secret, told line by line, without knowing how the text is parsed. */
function secretLines(text: string): readonly Range[] {
  const valued = [...text.matchAll(/(?<![\w-])([\w-]+)["']?[ \t]*[:=][ \t]*(?:\$\{\w+\})?/g)]
    .filter(([, key]) => isSecretKey(key!))
    .map(({ 0: head, index }): Range => {
      const end = text.indexOf('\n', index)
      return [index + head.length, end < 0 ? text.length : end]
    })
  // A line that begins with no key may go on with a secret of the line before, or hold one that lost its key.
  const keyless = [...text.matchAll(/[^\r\n]+/g)].flatMap(({ 0: line, index }): Range[] => {
    const content = line.replace(/^[\s{[-]*/, '')
    const hasKey = /^["']?\w[\w-]*["']?[ \t]*[:=]/.test(content)
    return hasKey ? [] : [[index + line.length - content.length, index + line.length]]
  })
  return [...valued, ...keyless]
}
