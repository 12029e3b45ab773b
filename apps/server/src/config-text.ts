import { LineCounter, isMap, isPair, isScalar, parseDocument, visit } from 'yaml'
import type { Document, YAMLParseError } from 'yaml'
import * as z from 'zod'
import { ConfigError } from './config-error.ts'
import { secretNames } from './secret-names.ts'

/** What a configuration says, and where it says it. */
export interface ConfigText<Data> {
  readonly data: Data
  /** Names a key for a message: file, line, path. */
  readonly place: (path: Path) => string
}

interface TextOptions {
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Of another program: the environment is filled in, blocks are merged with `<<`, and every scalar is its text. */
  readonly isExpandedText?: boolean
}

/**
 * Reads YAML by a schema, `${NAME}` and `${NAME:default}` filled in from the environment first.
 * @throws ConfigError naming file, line, key, what came and what is accepted.
 */
export function parseConfigText<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  { file, env, isExpandedText = false }: TextOptions,
): ConfigText<z.output<Schema>> {
  const lines = new LineCounter()
  const expanded = isExpandedText ? text : expandEnvironment(text, file, env)
  const document = parseDocument(expanded, {
    lineCounter: lines,
    ...(isExpandedText && { schema: 'failsafe', merge: true }),
  })
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => `${file}:${error.linePos?.[0].line ?? 1}: ${syntaxProblem(error, expanded)}`),
    )
  }
  refuseLooseAliases(document, lines, file)
  const place = (path: Path) => `${file}:${lines.linePos(offsetOf(document, path)).line}: ${keyText(path)}`
  const data = withoutNulls(document.toJS() ?? {})
  const read = schema.safeParse(data, { reportInput: true, jitless: true })
  if (read.success) return { data: read.data, place }
  throw new ConfigError(
    read.error.issues.flatMap((issue) =>
      describe(issue, schema, data).map(({ path, sentence }) => place(path) + sentence),
    ),
  )
}

/** A key with nothing after it is a key that is not there; its default holds. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== null)
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]))
}

type Path = readonly PropertyKey[]

const PLACEHOLDER = /\$\{([A-Za-z_]\w*)(?::([^}\n]*))?\}/g

/** As go-cqhttp does it: on the text, before YAML sees it. An empty variable counts as unset. */
function expandEnvironment(text: string, file: string, env: Readonly<Record<string, string | undefined>>): string {
  const problems: string[] = []
  const expanded = text.split('\n').map((line, index) => {
    if (line.trimStart().startsWith('#')) return line
    return line.replace(PLACEHOLDER, (_, name: string, fallback: string | undefined) => {
      const value = env[name] || fallback
      if (value !== undefined && !/[\r\n]/.test(value)) return value
      const reason = value === undefined ? `is not set; set it, or write \${${name}:default}` : 'holds a line break'
      problems.push(`${file}:${index + 1}: the environment variable ${name} ${reason}`)
      return ''
    })
  })
  if (problems.length > 0) throw new ConfigError(problems)
  return expanded.join('\n')
}

/** The first line of what the parser says, without the position that we put in front. Of a double key it tells no name. */
function syntaxProblem({ code, message, pos }: YAMLParseError, text: string): string {
  const [key] = code === 'DUPLICATE_KEY' ? (/^[^\s:,{}[\]]+/.exec(text.slice(pos[0])) ?? []) : []
  if (key !== undefined) return `${key} is there twice; a block has each key once`
  return message.split('\n', 1)[0]!.replace(/ at line \d+, column \d+:?$/, '')
}

/** The parser leaves these be, and trips over them only when it makes data of the text. */
function refuseLooseAliases(document: Document, lines: LineCounter, file: string): void {
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return
      const { line } = lines.linePos(alias.range?.[0] ?? 0)
      throw new ConfigError([`${file}:${line}: *${alias.source} has no &${alias.source} before it to stand for`])
    },
  })
}

/** What is wrong at each place an issue is about. */
function describe(issue: z.core.$ZodIssue, schema: z.ZodType, data: unknown): { path: Path; sentence: string }[] {
  const here = schemaAt(schema, data, issue.path)
  if (issue.code === 'unrecognized_keys') {
    const known = here instanceof z.ZodObject ? Object.keys(here.shape).join(', ') : ''
    return issue.keys.map((key) => ({ path: [...issue.path, key], sentence: ` is not a key here; known: ${known}` }))
  }
  return [{ path: issue.path, sentence: sentenceOf(issue, here) }]
}

/** What a value should have been, and what it was: the rest of a sentence that begins with its key. */
export function sentenceOf(issue: z.core.$ZodIssue, schema?: z.core.$ZodType): string {
  const input = inputOf(issue)
  const isOurs = issue.code === 'custom' || !/^(?:Invalid|Too (?:big|small))/.test(issue.message)
  const accepted = isOurs ? issue.message : acceptedBy(issue, schema)
  if (input === undefined) return ` is missing; it takes ${accepted}`
  return ` takes ${accepted}, not ${shown(input, issue.path.at(-1))}`
}

/** Of a choice between blocks, what the key that chooses says. */
function inputOf(issue: z.core.$ZodIssue): unknown {
  if (issue.code !== 'invalid_union' || issue.discriminator === undefined) return issue.input
  return (issue.input as Readonly<Record<string, unknown>>)[issue.discriminator]
}

/** Characters of a value that a message repeats. */
const longestShown = 80

/** What came, as a message can carry it: short, and with no secret in it. */
function shown(input: unknown, key: PropertyKey | undefined): string {
  if (secretNames.includes(String(key))) return 'what is there'
  const text = JSON.stringify(input, (name, value: unknown) => (secretNames.includes(name) ? '…' : value))
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of keys',
  record: 'a block of keys',
}

const quantities: Readonly<Record<string, string>> = { string: 'text with a length', array: 'a list with a length' }

function acceptedBy(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined): string {
  if (schema instanceof z.ZodNumber) return numbersOf(schema)
  switch (issue.code) {
    case 'invalid_type':
      // What looks like a number or a yes is one in YAML, such as a token of digits.
      if (issue.expected === 'string' && typeof issue.input !== 'object') return 'text in quotes'
      return typeNames[issue.expected] ?? issue.expected
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return issue.format === 'url' ? 'a URL' : `text of the form ${issue.format}`
    case 'too_big':
      return `${quantities[issue.origin] ?? 'a number'} of ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`
    case 'too_small':
      return `${quantities[issue.origin] ?? 'a number'} of ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options) ? `one of ${issue.options.join(', ')}` : 'another value'
    default:
      return issue.message
  }
}

/** Which numbers a schema takes: `a whole number of at least 0 and at most 65535`. */
function numbersOf(schema: z.ZodNumber): string {
  const { type, minimum, exclusiveMinimum, maximum } = z.toJSONSchema(schema)
  const bounds = [
    minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER && `at least ${minimum}`,
    exclusiveMinimum !== undefined && `more than ${exclusiveMinimum}`,
    maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && `at most ${maximum}`,
  ].filter((bound) => bound !== false)
  return `a ${type === 'integer' ? 'whole ' : ''}number${bounds.length > 0 ? ' of ' : ''}${bounds.join(' and ')}`
}

/** The schema of what is at `path`, below its defaults. */
function schemaAt(schema: z.ZodType, data: unknown, path: Path): z.core.$ZodType | undefined {
  let here: z.core.$ZodType | undefined = plain(schema, data)
  let value = data
  for (const step of path) {
    value = (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[step]
    if (here instanceof z.ZodArray) here = here.element
    else if (here instanceof z.ZodObject) here = (here.shape as z.core.$ZodShape)[String(step)]
    if (here === undefined) return undefined
    here = plain(here, value)
  }
  return here
}

/** The schema below its defaults; of a choice between objects, the one that the value's `type` picks. */
function plain(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (schema instanceof z.ZodLazy) return plain(schema.unwrap(), value)
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return plain(schema.unwrap(), value)
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const type: unknown = (value as { type?: unknown } | undefined)?.type
    const options = schema.options as readonly z.ZodObject[]
    return options.find((option) => (option.shape['type'] as z.ZodLiteral).values.has(type as string)) ?? schema
  }
  return schema
}

/** Where the value at `path` stands in the text; of a path that is not there, the nearest thing above it. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const [parentPath, key] = [path.slice(0, length - 1), path[length - 1]]
    const parent = length > 0 ? document.getIn(parentPath, true) : undefined
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0]
    }
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
    if (node?.range) return node.range[0]
  }
  return 0
}

function keyText(path: Path): string {
  if (path.length === 0) return 'the configuration'
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('')
}
