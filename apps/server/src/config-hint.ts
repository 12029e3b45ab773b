import * as z from 'zod'
import { keyPaths, openSchemaAt, pathText } from './schema-path.ts'
import type { Path } from './schema-path.ts'
import { normalName, similarName } from './similar-name.ts'

/** Places that a key without a place of its own is told to belong to. */
const mostPlaces = 3

/**
 * What to say of a key that its block does not have: how it is spelt, or where it belongs.
 * @returns the rest of a sentence, which begins with `; `, or nothing.
 */
export function keyHint(path: Path, { schema, data, known }: KeyHintSetup): string {
  const key = String(path.at(-1))
  const same = known.find((name) => normalName(name) === normalName(key))
  if (same !== undefined) return `; did you mean ${same}?`
  const types = typesWith(key, schema, path.slice(0, -1))
  if (types.length > 0) return `; it is a key of type ${types.join(', ')}`
  const elsewhere = placesOf(key, path, keyPaths(schema, data))
  if (elsewhere.length > 0) return `; its place is ${elsewhere.join(' or ')}`
  const similar = similarName(key, known)
  return similar === undefined ? '' : `; did you mean ${similar}?`
}

interface KeyHintSetup {
  readonly schema: z.core.$ZodType
  readonly data: unknown
  /** The keys that the block has. */
  readonly known: readonly string[]
}

/** Of a block that is one of several, those that have a key. */
function typesWith(key: string, schema: z.core.$ZodType, block: Path): readonly string[] {
  const choice = openSchemaAt(schema, block)
  if (!(choice instanceof z.ZodDiscriminatedUnion)) return []
  return (choice.options as readonly z.ZodObject[])
    .filter(({ shape }) => key in shape)
    .map(({ shape }) => String((shape['type'] as z.ZodLiteral).value))
}

function placesOf(key: string, from: Path, all: readonly Path[]): readonly string[] {
  const places = all
    .filter((path) => normalName(String(path.at(-1))) === normalName(key))
    .map((path) => alongside(path, from))
  return [...new Set(places.toSorted((one, other) => one.length - other.length).map(pathText))].slice(0, mostPlaces)
}

/** The same place, in the bot or link that `from` is in where it leads through one. */
function alongside(path: Path, from: Path): Path {
  const differs = path.findIndex((step, index) => typeof step !== 'number' && step !== from[index])
  return path.map((step, index) => {
    const own = from[index]
    return typeof step === 'number' && typeof own === 'number' && (differs < 0 || index < differs) ? own : step
  })
}

/** What to say of a value that is none of those that are accepted. */
export function valueHint(input: unknown, accepted: readonly unknown[]): string {
  if (typeof input !== 'string') return ''
  const names = accepted.filter((value) => typeof value === 'string')
  const similar = similarName(input, names)
  return similar === undefined ? '' : `; did you mean ${similar}?`
}

/** What to say of a value of the wrong kind that YAML reads otherwise than it was meant. */
export function kindHint(input: unknown, schema: z.core.$ZodType | undefined): string {
  if (typeof input !== 'string') return ''
  if (schema instanceof z.ZodBoolean) {
    if (/^(?:yes|on|y|true|1)$/i.test(input)) return '; did you mean true?'
    return /^(?:no|off|n|false|0)$/i.test(input) ? '; did you mean false?' : ''
  }
  return schema instanceof z.ZodNumber && /^-?\d+(?:\.\d+)?$/.test(input) ? '; write it without quotes' : ''
}
