import { catalogue } from '@seekyou/actions'
import type { Action } from '@seekyou/actions'
import { structuredParams } from '@seekyou/protocol'
import type { JsonSchema } from './json-schema.ts'
import type { SchemaBook } from './schema-book.ts'

/** Every action, as the contract sees it. */
export const actions: ReadonlyMap<string, Action> = new Map(Object.entries(catalogue))

/** What an action or a verb takes as JSON: its params, and the names of old that stand in for them. */
export function paramsSchema(
  book: SchemaBook,
  { params, aliases = {} }: Pick<Action, 'params' | 'aliases'>,
): JsonSchema {
  const schema = book.input(params)
  const properties: Record<string, JsonSchema> = { ...propertiesOf(schema) }
  const required = new Set(schema.required)
  const eitherOr: JsonSchema[] = []
  for (const [name, olds] of Map.groupBy(Object.keys(aliases), (old) => aliases[old] as string)) {
    const property = properties[name]
    if (!property) throw new Error(`${olds.join(', ')} stands in for ${name}, which is no param`)
    for (const old of olds) {
      const { default: _, ...same } = property
      // A name may be an alias and a param of its own.
      properties[old] ??= { ...same, description: `Another name of \`${name}\`.`, deprecated: true }
    }
    if (required.delete(name)) eitherOr.push({ anyOf: [name, ...olds].map((one) => ({ required: [one] })) })
  }
  const { required: _, ...rest } = schema
  return {
    ...rest,
    properties,
    ...(required.size > 0 && { required: [...required] }),
    ...(eitherOr.length > 0 && { allOf: [...(schema.allOf ?? []), ...eitherOr] }),
  }
}

/** A param as a query or a form carries it. */
export interface TextParam {
  readonly name: string
  readonly schema: JsonSchema
  readonly isRequired: boolean
}

/** The params that a query or a form can carry: whatever has a text, and the structures that are read from their JSON. */
export function textParams(book: SchemaBook, { params }: Pick<Action, 'params'>): readonly TextParam[] {
  const schema = book.input(params)
  return Object.entries(propertiesOf(schema)).flatMap(([name, property]) => {
    const asText = textOf(book, name, property)
    return asText ? [{ name, schema: asText, isRequired: schema.required?.includes(name) ?? false }] : []
  })
}

function textOf(book: SchemaBook, name: string, schema: JsonSchema): JsonSchema | undefined {
  const hasText = takesText(book, schema)
  if (!structuredParams.has(name)) return hasText ? schema : undefined
  const { description, ...content } = schema
  const about = hasText ? 'as text, or as the JSON text of what a JSON body holds here' : 'as JSON text'
  return {
    type: 'string',
    description: description === undefined ? about : `${description} (${about})`,
    ...(!hasText && { contentMediaType: 'application/json', contentSchema: content }),
  }
}

/** Whether a value of this schema can be written as plain text. */
function takesText(book: SchemaBook, schema: JsonSchema): boolean {
  const { type, anyOf, oneOf, enum: values, const: only } = book.resolve(schema)
  const alternatives = anyOf ?? oneOf
  if (alternatives) return alternatives.some((inner) => takesText(book, inner))
  if (values || only !== undefined) return true
  const types: readonly unknown[] = Array.isArray(type) ? type : [type]
  return types.some((one) => one === 'string' || one === 'number' || one === 'integer' || one === 'boolean')
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>
}
