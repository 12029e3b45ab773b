import * as z from 'zod'
import { kindHint, valueHint } from './config-hint.ts'
import { isSecretKey, withoutUrlSecrets } from './secret-names.ts'

/** What a value should have been, and what it was: the rest of a sentence that begins with its key. */
export function sentenceOf(issue: z.core.$ZodIssue, schema?: z.core.$ZodType): string {
  const input = inputOf(issue)
  const isOurs = issue.code === 'custom' || !/^(?:Invalid|Too (?:big|small))/.test(issue.message)
  const accepted = isOurs ? issue.message : acceptedBy(issue, schema)
  if (input === undefined) return ` is missing; it takes ${accepted}`
  return ` takes ${accepted}, not ${shown(input, issue.path.at(-1))}${hintOf(issue, input, schema)}`
}

function hintOf(issue: z.core.$ZodIssue, input: unknown, schema: z.core.$ZodType | undefined): string {
  if (issue.code === 'invalid_value') return valueHint(input, issue.values)
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return valueHint(input, issue.options)
  }
  const words = schema instanceof z.ZodUnion ? schema.options.find((option) => option instanceof z.ZodEnum) : undefined
  return words ? valueHint(input, words.options) : kindHint(input, schema)
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
  if (isSecretKey(String(key))) return 'what is there'
  const text = withoutUrlSecrets(
    JSON.stringify(input, (name, value: unknown) => (isSecretKey(name) ? '…' : value)) ?? String(input),
  )
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
      if (issue.expected === 'string' && issue.input !== undefined && typeof issue.input !== 'object') {
        return 'text in quotes'
      }
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
