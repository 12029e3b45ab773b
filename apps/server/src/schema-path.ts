import * as z from 'zod'

/** Steps from the configuration down to a key. */
export type Path = readonly PropertyKey[]

/** A path as people write it: `bots[0].listen[0].port`. */
export function pathText(path: Path): string {
  if (path.length === 0) return 'the configuration'
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('')
}

/** The schema of what is at `path`, below its defaults. */
export function schemaAt(schema: z.core.$ZodType, data: unknown, path: Path): z.core.$ZodType | undefined {
  let here: z.core.$ZodType | undefined = bareSchema(schema, data)
  let value = data
  for (const step of path) {
    value = (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[step]
    if (here instanceof z.ZodArray) here = here.element
    else if (here instanceof z.ZodObject) here = (here.shape as z.core.$ZodShape)[String(step)]
    if (here === undefined) return undefined
    here = bareSchema(here, value)
  }
  return here
}

/** The schema of what is at `path`, whatever it may be: a choice between blocks stays one. */
export function openSchemaAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  const [step, ...rest] = path
  const here = bareSchema(schema, {})
  if (step === undefined) return here
  const inner =
    here instanceof z.ZodArray
      ? here.element
      : here instanceof z.ZodObject
        ? (here.shape as z.core.$ZodShape)[String(step)]
        : undefined
  return inner && openSchemaAt(inner, rest)
}

/**
 * The schema below its defaults; of a choice between blocks, the one that the value's `type` picks, of one between a block
 * and something else, the block.
 */
function bareSchema(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (schema instanceof z.ZodLazy) return bareSchema(schema.unwrap(), value)
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return bareSchema(schema.unwrap(), value ?? schema.def.defaultValue)
  }
  if (schema instanceof z.ZodOptional) return bareSchema(schema.unwrap(), value)
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const type: unknown = (value as { type?: unknown } | undefined)?.type
    const options = schema.options as readonly z.ZodObject[]
    return options.find((option) => (option.shape['type'] as z.ZodLiteral).values.has(type as string)) ?? schema
  }
  if (schema instanceof z.ZodUnion && typeof value === 'object') {
    return schema.options.find((option) => option instanceof z.ZodObject) ?? schema
  }
  return schema
}

/** Every key that a configuration of this schema can have, where `data` leaves a choice open in all of its blocks. */
export function keyPaths(schema: z.core.$ZodType, data: unknown, path: Path = []): readonly Path[] {
  const here = bareSchema(schema, data)
  if (here instanceof z.ZodArray) return keyPaths(here.element, undefined, [...path, 0])
  if (here instanceof z.ZodDiscriminatedUnion) return here.options.flatMap((option) => keyPaths(option, data, path))
  if (!(here instanceof z.ZodObject)) return []
  return Object.entries(here.shape as z.core.$ZodShape).flatMap(([key, inner]) => {
    const value = (data as Readonly<Record<string, unknown>> | undefined)?.[key]
    return [[...path, key], ...keyPaths(inner, value, [...path, key])]
  })
}
