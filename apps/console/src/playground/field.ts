import { resolve } from './schema.ts'
import type { JsonSchema, Schemas } from './schema.ts'

/** What a param is, and so how it is asked for. */
type FieldKind =
  | 'user'
  | 'group'
  | 'discuss'
  | 'guild'
  | 'channel'
  | 'message-id'
  | 'message'
  | 'choice'
  | 'boolean'
  | 'integer'
  | 'text'
  | 'json'

/** One param of a form. */
export interface Field {
  readonly name: string
  readonly kind: FieldKind
  readonly isRequired: boolean
  readonly description?: string
  /** What the server takes if it is left out, as text. */
  readonly fallback?: string
  readonly choices: readonly string[]
  readonly least?: number
  readonly most?: number
}

/** What stands in a form: by the name of the param, as it was typed; empty means left out. */
export type FormValues = Readonly<Record<string, string>>

/** What is wrong with a field. */
export type FieldProblem =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-a-number' }
  | { readonly kind: 'too-small'; readonly bound: number }
  | { readonly kind: 'too-large'; readonly bound: number }
  | { readonly kind: 'not-json'; readonly reason: string }

const kindsByName: Readonly<Record<string, FieldKind>> = {
  UserIdParam: 'user',
  GroupIdParam: 'group',
  DiscussIdParam: 'discuss',
  MessageIdParam: 'message-id',
  MessageParam: 'message',
  NodesParam: 'json',
  BooleanParam: 'boolean',
  IntegerParam: 'integer',
}

/** The fields of a form for these params; those that are only another name of one are left out. */
export function fieldsOf(params: JsonSchema, schemas: Schemas): readonly Field[] {
  const { properties = {} } = params
  const needed = requiredNames(params)
  return Object.entries(properties).flatMap(([name, property]) => {
    if (property.deprecated) return []
    const field = fieldOf(name, property, schemas, needed.has(name))
    return [field]
  })
}

function fieldOf(name: string, property: JsonSchema, schemas: Schemas, isRequired: boolean): Field {
  const { name: schemaName, schema } = resolve(property, schemas)
  const number = numberPart(schema)
  const least = number?.minimum ?? (number?.exclusiveMinimum === undefined ? undefined : number.exclusiveMinimum + 1)
  const most = number?.maximum === Number.MAX_SAFE_INTEGER ? undefined : number?.maximum
  return {
    name,
    kind: kindOf(name, schemaName, schema),
    isRequired,
    ...(property.description !== undefined && { description: property.description }),
    ...(schema.default !== undefined && { fallback: asText(schema.default) }),
    choices: (schema.enum ?? []).map(String),
    ...(least !== undefined && least !== -Number.MAX_SAFE_INTEGER && { least }),
    ...(most !== undefined && { most }),
  }
}

function kindOf(name: string, schemaName: string | undefined, schema: JsonSchema): FieldKind {
  if (schemaName === 'GuildScopedIdParam') return guildKindOf(name)
  const named = schemaName === undefined ? undefined : kindsByName[schemaName]
  if (named) return named
  if (schema.enum) return 'choice'
  const types = typesOf(schema)
  if (types.has('object') || types.has('array') || types.size === 0) return 'json'
  if (types.has('integer') || (types.has('number') && !types.has('string'))) return 'integer'
  if (types.has('boolean') && !types.has('string')) return 'boolean'
  return 'text'
}

function guildKindOf(name: string): FieldKind {
  if (name === 'guild_id') return 'guild'
  return name === 'channel_id' ? 'channel' : 'text'
}

/** All types that a value may have. */
function typesOf({ type, anyOf = [], oneOf = [] }: JsonSchema): ReadonlySet<string> {
  const own = type === undefined ? [] : [type].flat()
  return new Set([...own, ...[...anyOf, ...oneOf].flatMap((part) => [...typesOf(part)])])
}

/** The alternative that says how large a number may be. */
function numberPart(schema: JsonSchema): JsonSchema | undefined {
  if (schema.type === 'integer' || schema.type === 'number') return schema
  return schema.anyOf?.find(({ type }) => type === 'integer' || type === 'number')
}

/** Names that must be given. Where one of several does, it is the one that is not just another name. */
function requiredNames({ required = [], allOf = [], properties = {} }: JsonSchema): ReadonlySet<string> {
  const eitherOr = allOf.flatMap(({ anyOf = [] }) => {
    const names = anyOf.flatMap((part) => part.required ?? [])
    const own = names.filter((name) => !properties[name]?.deprecated)
    return own.length === 1 ? own : []
  })
  return new Set([...required, ...eitherOr])
}

/** What a form says, as params; and of each field that does not say anything usable, what is wrong. */
export function readForm(
  fields: readonly Field[],
  values: FormValues,
): { readonly params: Readonly<Record<string, unknown>>; readonly problems: ReadonlyMap<string, FieldProblem> } {
  const params: Record<string, unknown> = {}
  const problems = new Map<string, FieldProblem>()
  for (const field of fields) {
    const text = values[field.name] ?? ''
    if (text === '') {
      if (field.isRequired) problems.set(field.name, { kind: 'missing' })
      continue
    }
    const read = readField(field, text)
    if ('problem' in read) problems.set(field.name, read.problem)
    else params[field.name] = read.value
  }
  return { params, problems }
}

type FieldReading = { readonly value: unknown } | { readonly problem: FieldProblem }

function readField(field: Field, text: string): FieldReading {
  switch (field.kind) {
    case 'user':
    case 'group':
    case 'discuss':
    case 'message-id':
    case 'integer':
      return readInteger(field, text.trim())
    case 'boolean':
      return { value: text === 'true' }
    case 'message':
      return { value: readMessageText(text) }
    case 'json':
      return readJson(text)
    case 'guild':
    case 'channel':
      return { value: text.trim() }
    case 'choice':
    case 'text':
      return { value: text }
  }
}

function readInteger({ least, most }: Field, text: string): FieldReading {
  if (!/^[+-]?\d+$/.test(text)) return { problem: { kind: 'not-a-number' } }
  const value = Number(text)
  if (least !== undefined && value < least) return { problem: { kind: 'too-small', bound: least } }
  if (most !== undefined && value > most) return { problem: { kind: 'too-large', bound: most } }
  // Beyond what a number holds without loss the digits go as text, which the server takes as well.
  return { value: Number.isSafeInteger(value) ? value : text }
}

/** What a message field holds: text with CQ codes, or segments if it is the JSON text of some. */
export function readMessageText(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    const value: unknown = JSON.parse(text)
    const parts = Array.isArray(value) ? value : [value]
    return parts.length > 0 && parts.every(isSegmentLike) ? value : text
  } catch {
    // `[CQ:face,id=1]` begins like JSON, and is a message.
    return text
  }
}

function isSegmentLike(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value
}

function readJson(text: string): FieldReading {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    return { problem: { kind: 'not-json', reason: (error as Error).message } }
  }
}

/** Params as a form shows them, and those that it has no field for. */
export function fillForm(
  fields: readonly Field[],
  params: Readonly<Record<string, unknown>>,
): { readonly values: FormValues; readonly others: Readonly<Record<string, unknown>> } {
  const known = new Set(fields.map(({ name }) => name))
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null)
  return {
    values: Object.fromEntries(given.filter(([name]) => known.has(name)).map(([name, value]) => [name, asText(value)])),
    others: Object.fromEntries(given.filter(([name]) => !known.has(name))),
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
