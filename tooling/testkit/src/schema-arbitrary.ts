import * as fc from 'fast-check'

/** The part of JSON Schema that our own documents use. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly minLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly contentSchema?: Schema
}

/** How deep values lie in one another before only the simplest are made. */
const MAX_DEPTH = 5

/** Values that fit a JSON Schema; `resolve` finds what a `$ref` stands for. */
export function valuesOf(schema: object, resolve: (ref: string) => object): fc.Arbitrary<unknown> {
  const known = new Map<string, fc.Arbitrary<unknown>>()
  return values(schema, 0)

  function values(one: Schema, depth: number): fc.Arbitrary<unknown> {
    const { $ref, ...beside } = one
    if ($ref !== undefined) {
      const key = JSON.stringify([one, depth])
      const found = known.get(key) ?? values(bounded(resolve($ref), beside), depth)
      known.set(key, found)
      return found
    }
    const { const: only, enum: choices, contentSchema } = one
    if (only !== undefined) return fc.constant(only)
    if (choices) return fc.constantFrom(...choices)
    if (contentSchema) return values(contentSchema, depth + 1).map((value) => JSON.stringify(value))
    const alternatives = one.anyOf ?? one.oneOf
    if (alternatives && one.type === undefined && !one.properties) {
      const allowed = depth < MAX_DEPTH ? alternatives : alternatives.slice(0, 1)
      return fc.oneof(...allowed.map((alternative) => values(alternative, depth + 1)))
    }
    const types = typeof one.type === 'string' ? [one.type] : (one.type ?? [])
    if (types.length === 0) return one.properties ? objects(one, depth) : fc.jsonValue({ maxDepth: 2 })
    return fc.oneof(...types.map((type) => typed(type, one, depth)))
  }

  function typed(type: string, one: Schema, depth: number): fc.Arbitrary<unknown> {
    switch (type) {
      case 'object':
        return objects(one, depth)
      case 'array': {
        const { items = {}, minItems = 0, maxItems = 4 } = one
        const maxLength = depth < MAX_DEPTH ? Math.max(minItems, Math.min(maxItems, 4)) : minItems
        return fc.array(values(items, depth + 1), { minLength: minItems, maxLength })
      }
      case 'string':
        return one.pattern === undefined
          ? fc.string({ minLength: one.minLength ?? 0, unit: 'grapheme' })
          : fc.stringMatching(new RegExp(one.pattern))
      case 'integer':
        return fc.integer(range(one))
      case 'number':
        return fc.oneof(fc.integer(range(one)), fc.double({ noNaN: true, noDefaultInfinity: true, ...range(one) }))
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      default:
        throw new Error(`no values are known of the type ${type}`)
    }
  }

  function objects(one: Schema, depth: number): fc.Arbitrary<unknown> {
    const { properties = {}, required = [] } = one
    // Where one of several sets of keys must be there, one set is chosen.
    const choices = [one, ...(one.allOf ?? [])].flatMap(({ anyOf }) => (anyOf ? [anyOf] : []))
    const sets = choices.map((choice) => fc.constantFrom(...choice.map((alternative) => alternative.required ?? [])))
    return fc.tuple(...sets).chain((chosen) => {
      const musts = new Set([...required, ...chosen.flat()])
      const kept = Object.entries(properties).filter(([name]) => depth < MAX_DEPTH || musts.has(name))
      const model = Object.fromEntries(kept.map(([name, property]) => [name, values(property, depth + 1)]))
      return fc.record(model, { requiredKeys: [...musts].filter((name) => name in model), noNullPrototype: true })
    })
  }
}

/** A schema within what stands beside the reference to it. */
function bounded(schema: Schema, beside: Schema): Schema {
  const { anyOf } = schema
  if (anyOf) return { ...schema, anyOf: anyOf.map((alternative) => bounded(alternative, beside)) }
  return { ...schema, ...beside }
}

function range({ minimum, maximum, exclusiveMinimum }: Schema): { readonly min: number; readonly max: number } {
  const min = exclusiveMinimum === undefined ? (minimum ?? -(2 ** 31)) : exclusiveMinimum + 1
  return { min: Math.max(min, -(2 ** 31)), max: Math.min(maximum ?? 2 ** 31 - 1, 2 ** 31 - 1) }
}
