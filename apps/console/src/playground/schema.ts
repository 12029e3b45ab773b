/** The part of JSON Schema that the contract of the server is written in. */
export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly pattern?: string
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly deprecated?: boolean
}

export type Schemas = Readonly<Record<string, JsonSchema>>

/** The name that a schema has in the book, and what it says; what stands beside a `$ref` is said of this use of it. */
export function resolve(schema: JsonSchema, schemas: Schemas): { readonly name?: string; readonly schema: JsonSchema } {
  let { $ref: at, ...said } = schema
  let name: string | undefined
  let found: JsonSchema = said
  // A cycle of names would be a fault of the document; it must not hang the page.
  for (let steps = 0; at !== undefined && steps < 8; steps++) {
    const last = at.slice(at.lastIndexOf('/') + 1)
    name ??= last
    const { $ref, ...rest } = schemas[last] ?? {}
    found = { ...rest, ...found }
    at = $ref
  }
  return { ...(name !== undefined && { name }), schema: found }
}
