import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Document, Node, Pair, YAMLParseError, YAMLWarning } from 'yaml'
import * as z from 'zod'
import { ConfigError } from './config-error.ts'
import type { Problem } from './config-error.ts'
import { keyHint } from './config-hint.ts'
import { createConfigSource, fromEnvironment, fromEnvironmentLikeGoCqhttp } from './config-source.ts'
import type { ConfigSource, Range } from './config-source.ts'
import { sentenceOf } from './issue-sentence.ts'
import { pathText, schemaAt } from './schema-path.ts'
import type { Path } from './schema-path.ts'
import { isSecretKey } from './secret-names.ts'

/** Where a configuration says what. */
export interface ConfigPlaces {
  /** Names a key for a message: file, line, column, path. */
  readonly place: (path: Path) => string
  /**
   * Says what is wrong with a key, with its line; `sentence` begins where the key ends. Where it is about a part of what
   * stands there, it points at that part's key, `inside` it.
   */
  readonly problem: (path: Path, sentence: string, inside?: Path) => Problem
  /** What `value` is written as, with the placeholders that it is made with; `undefined` if there are none. */
  readonly template?: (path: Path, value: unknown) => string | undefined
  /** Where a value comes from: file and line, and what the environment gave; `undefined` if nobody said it. */
  readonly origin: (path: Path) => string | undefined
}

/** What a configuration says, and where it says it. */
export interface ConfigText<Data> extends ConfigPlaces {
  readonly data: Data
}

interface TextOptions {
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Of another program: the environment is filled in its way, `<<` merges, and every scalar is its text. */
  readonly isForeign?: boolean
}

/**
 * Reads YAML by a schema, `${NAME}` and `${NAME:default}` filled in from the environment first.
 * @throws ConfigError naming file, line, column, key, what came and what is accepted.
 */
export function parseConfigText<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  { file, env, isForeign = false }: TextOptions,
): ConfigText<z.output<Schema>> {
  const filler = isForeign ? fromEnvironmentLikeGoCqhttp(env) : fromEnvironment(env)
  const { source, problems } = createConfigSource(file, text, filler)
  if (problems.length > 0) throw new ConfigError(problems)
  const { document, data, places } = parseYaml(source, isForeign)
  const read = schema.safeParse(data, { reportInput: true, jitless: true })
  if (read.success) return { data: read.data, ...places }
  const faults = read.error.issues.flatMap((issue) => describe(issue, schema, data))
  throw new ConfigError(
    told(faults, {
      problem: ({ path, sentence, isKey }) =>
        source.problemOf(rangeOf(document, path, isKey), pathText(path) + sentence),
      rest: ({ path, isKey }, count) =>
        source.problem(rangeOf(document, path, isKey), `${pathText(path)} and ${count} more cannot be used either`),
    }),
  )
}

/** Nobody mends more than this at a time, and each takes a look at the whole text. */
const MOST_TOLD = 20

/** The problem of each fault, and of those that are too many only how many they are. */
function told<Fault>(
  faults: readonly Fault[],
  {
    problem,
    rest,
  }: { readonly problem: (fault: Fault) => Problem; readonly rest: (fault: Fault, more: number) => Problem },
): readonly Problem[] {
  const [next] = faults.slice(MOST_TOLD, MOST_TOLD + 1)
  const problems = faults.slice(0, MOST_TOLD).map((fault) => problem(fault))
  return next === undefined ? problems : [...problems, rest(next, faults.length - MOST_TOLD - 1)]
}

/** The data of a YAML text, and where it stands. @throws ConfigError for what is no YAML. */
function parseYaml(
  source: ConfigSource,
  isForeign: boolean,
): { readonly document: Document; readonly data: unknown; readonly places: ConfigPlaces } {
  const lines = new LineCounter()
  const document = parseDocument(source.text, {
    lineCounter: lines,
    // What it warns of besides is no key here, which is told.
    logLevel: 'error',
    ...(isForeign && { schema: 'failsafe', merge: true }),
  })
  const complaints = [...document.errors, ...(isForeign ? [] : document.warnings)]
  if (complaints.length > 0) {
    // What follows on the same line follows from it.
    const first = new Map<number, YAMLParseError | YAMLWarning>()
    for (const complaint of complaints) {
      const { line } = lines.linePos(complaint.pos[0])
      if (!first.has(line)) first.set(line, complaint)
    }
    const inOrder = [...first.values()].toSorted((one, other) => one.pos[0] - other.pos[0])
    throw new ConfigError(
      told(inOrder, {
        problem: (complaint) => syntaxProblem(complaint, source),
        rest: ({ pos }, count) => source.problem(pos, `here and on ${count} more lines it goes on like this`),
      }),
    )
  }
  refuseLooseAliases(document, source)
  if (isForeign) nullLikeGoCqhttp(document)
  else refuseTornVariables(document, source)
  source.hide(secretRanges(document))
  const data = withoutNulls(toData(document, source))
  const place = (path: Path): string => {
    const { at } = source.problem(rangeOf(document, path, true), '')
    return `${at!.file}:${at!.line}:${at!.column}: ${pathText(path)}`
  }
  const origin = (path: Path): string | undefined => {
    if (!entryAt(document, path)) return undefined
    const range = rangeOf(document, path, false)
    const variables = source.variablesIn(range)
    const line = `${source.file}:${source.lineOf(rangeOf(document, path, true)[0])}`
    return variables.length > 0 ? `${variables.join(', ')} in ${line}` : line
  }
  const problem = (path: Path, sentence: string, inside: Path = []) =>
    source.problem(rangeOf(document, [...path, ...inside], inside.length > 0), pathText(path) + sentence)
  const template = (path: Path, value: unknown): string | undefined => {
    const node = entryAt(document, path)?.value
    // It is written in double quotes, where these would be something else.
    const isPlain = isScalar(node) && node.value === value && !/["\\]/.test(String(value))
    const text = isPlain ? source.unfilled(rangeOf(document, path, false)) : undefined
    return text === undefined ? undefined : String(parseDocument(text, { schema: 'failsafe' }).toJS())
  }
  return { document, data, places: { place, problem, origin, template } }
}

/** @throws ConfigError where blocks that stand for one another make more of it than anyone means. */
function toData(document: Document, source: ConfigSource): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    const sentence =
      error instanceof ReferenceError
        ? 'blocks that stand for blocks (*name) add up to too much'
        : error instanceof RangeError
          ? 'a block stands for itself (*name), or blocks lie too deep in one another'
          : (error as Error).message
    throw new ConfigError([source.problem([0, 0], sentence)])
  }
}

/** A key with nothing after it is a key that is not there; its default holds. In the rules of a filter null is a value. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(entries.map(([key, inner]) => [key, key === 'filter' ? inner : withoutNulls(inner)]))
}

/** What is not YAML, in words of our own: those of the parser repeat what stands there, secrets as well. */
function syntaxProblem({ code, message, pos }: YAMLParseError | YAMLWarning, source: ConfigSource): Problem {
  const [start] = pos
  if (/call stack|stack overflow/i.test(message)) return source.problemOf(pos, 'blocks lie too deep in one another')
  const character = source.text[start] ?? ''
  switch (code) {
    case 'DUPLICATE_KEY': {
      const key = /^[^\s:,{}[\]]+/.exec(source.text.slice(start))?.[0] ?? 'this key'
      return source.problemOf([start, start + key.length], `${key} is there twice; a block has each key once`)
    }
    case 'TAB_AS_INDENT':
      return source.problemOf([start, start + 1], 'a tab cannot indent a line; use spaces')
    case 'BAD_SCALAR_START':
      return source.problemOf(pos, `text that begins with ${character} is written in quotes`)
    case 'TAG_RESOLVE_FAILED':
      return source.problemOf(pos, 'text that begins with ! is written in quotes')
    case 'BLOCK_AS_IMPLICIT_KEY':
      return source.problemOf(
        pos,
        'a second key on the same line; text with a colon in it is written in quotes, a block begins on its own line',
      )
    case 'MULTIPLE_DOCS':
      return source.problemOf([start, start + 3], 'a second document begins here; a configuration is one')
    case 'BAD_DQ_ESCAPE':
      return source.problemOf(
        pos,
        'a backslash in double quotes begins an escape, and this is none; use single quotes, or two backslashes',
      )
    case 'MULTILINE_IMPLICIT_KEY':
      return source.problemOf([start, start + 1], 'a key and its value are written key: value')
    case 'UNEXPECTED_TOKEN':
      return source.problemOf(pos, 'this cannot stand here; is a quote, a comma or a line break missing before it?')
    default: {
      const [first = ''] = message.split('\n', 1)
      const open = /^Flow (?:sequence|map) .*end with a ([\]}])/.exec(first)?.[1]
      if (open !== undefined) {
        const begun = open === ']' ? 'a list that begins with [' : 'a block that begins with {'
        return source.problemOf(pos, `${begun} ends with ${open}, and what is in it is indented`)
      }
      return source.problemOf(
        pos,
        first.replace(/ at line \d+, column \d+:?$/, '').replace(/closing (["'])quote/, 'closing $1'),
      )
    }
  }
}

/** A token with a comma in it must not lose what comes after. */
function refuseTornVariables(document: Document, source: ConfigSource): void {
  const [texts, blocks]: [Range[], Range[]] = [[], []]
  visit(document, {
    Scalar(_, { range }) {
      if (range) texts.push([range[0], range[1]])
    },
    Collection(_, { range }) {
      if (range) blocks.push([range[0], range[1]])
    },
  })
  const problems = source.tornVariables(texts, blocks)
  if (problems.length > 0) throw new ConfigError(problems)
}

/** Of what is not in quotes, these words are no text there either. */
function nullLikeGoCqhttp(document: Document): void {
  visit(document, {
    Scalar(key, scalar) {
      if (key === 'key' || scalar.type !== 'PLAIN') return
      if (/^(?:~|null|Null|NULL)$/.test(String(scalar.value))) scalar.value = null
    },
  })
}

/** The parser leaves these be, and trips over them only when it makes data of the text. */
function refuseLooseAliases(document: Document, source: ConfigSource): void {
  visit(document, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document)
      const where = alias.range ? ([alias.range[0], alias.range[1]] as const) : ([0, 0] as const)
      if (!target) {
        const sentence = `*${alias.source} has no &${alias.source} before it to stand for`
        throw new ConfigError([source.problem(where, sentence)])
      }
      if (ancestors.includes(target)) {
        throw new ConfigError([source.problem(where, `*${alias.source} stands for a block that it is itself in`)])
      }
    },
  })
}

/** What is wrong at each place an issue is about. */
function describe(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  data: unknown,
): { readonly path: Path; readonly sentence: string; readonly isKey: boolean }[] {
  const inside = issuesInside(issue)
  if (inside) return inside.flatMap((inner) => describe(inner, schema, data))
  const here = schemaAt(schema, data, issue.path)
  if (issue.code === 'unrecognized_keys') {
    const known = here instanceof z.ZodObject ? Object.keys(here.shape) : []
    return issue.keys.map((key) => {
      const path = [...issue.path, key]
      const hint = keyHint(path, { schema, data, known })
      const sentence = ` is not a key here${hint === '' ? `; known: ${known.join(', ')}` : hint}`
      return { path, sentence, isKey: true }
    })
  }
  const isChoice = issue.code === 'invalid_union' && issue.discriminator !== undefined
  const path = isChoice && issue.path.at(-1) !== issue.discriminator ? [...issue.path, issue.discriminator] : issue.path
  return [{ path, sentence: sentenceOf(issue, here), isKey: false }]
}

/** Of a choice, what is wrong within the one that was clearly meant: a block with a key that is wrong is still a block. */
function issuesInside(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] | undefined {
  if (issue.code !== 'invalid_union') return undefined
  const meant = issue.errors.find((errors) =>
    errors.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  )
  return meant?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

/** Where the values of keys are whose names tell a secret. */
function secretRanges(document: Document): readonly Range[] {
  const ranges: Range[] = []
  const hide = (node: unknown): void => {
    if (isAlias(node)) hide(node.resolve(document))
    else if (isScalar(node) && node.range) ranges.push([node.range[0], node.range[1]])
    else if (isSeq(node)) for (const item of node.items) hide(item)
  }
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) && isSecretKey(String(key.value))) hide(value)
    },
    // What signs for go-cqhttp is guarded by a key; that of a certificate is the name of a file.
    Map(_, map) {
      if (map.has('key') && !map.has('cert')) hide(map.get('key', true))
    },
  })
  return ranges
}

/** Where the value at `path` stands in the text, or its key; of a path that is not there, the nearest thing above it. */
function rangeOf(document: Document, path: Path, isKey: boolean): Range {
  for (let length = path.length; length >= 0; length--) {
    const { key, value } = entryAt(document, path.slice(0, length)) ?? {}
    // A block is as long as what is in it; its key, or its first character, tells enough.
    const isValue = length === path.length && !isKey && !isCollection(value)
    const pointed = isValue ? (value ?? key) : (key ?? value)
    if (pointed?.range) return [pointed.range[0], isCollection(pointed) ? pointed.range[0] + 1 : pointed.range[1]]
  }
  return [0, 0]
}

interface Entry {
  readonly key?: Node | undefined
  readonly value?: Node | undefined
}

/** What is at `path`, through what stands for another block and what is merged into one. */
function entryAt(document: Document, path: Path): Entry | undefined {
  let here: Entry | undefined = { value: document.contents ?? undefined }
  for (const step of path) {
    here = here?.value && entryOf(document, here.value, step)
    if (!here) return undefined
  }
  return here
}

function entryOf(document: Document, node: Node, step: PropertyKey): Entry | undefined {
  const block = isAlias(node) ? node.resolve(document) : node
  if (isSeq(block)) {
    const value = block.items[Number(step)] as Node | undefined
    return value && { value }
  }
  if (!isMap(block)) return undefined
  const pairs = block.items as readonly Pair<Node, Node | null>[]
  const own = pairs.find(({ key }) => isScalar(key) && String(key.value) === String(step))
  if (own) return { key: own.key, value: own.value ?? undefined }
  const merged = pairs.filter(({ key }) => isScalar(key) && key.source === '<<').map(({ value }) => value)
  for (const source of merged.flatMap((value) => (isSeq(value) ? (value.items as Node[]) : value ? [value] : []))) {
    const entry = entryOf(document, source, step)
    if (entry) return entry
  }
  return undefined
}
