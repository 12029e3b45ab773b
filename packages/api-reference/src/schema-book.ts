import { boolean, integer, text } from '@seekyou/protocol'
import * as z from 'zod'
import type { JsonSchema, Side } from './json-schema.ts'
import { writtenSchemas } from './written-schema.ts'

/**
 * Reads zod schemas as JSON Schemas that say what is really accepted on the wire, and keeps the named ones once.
 * A client may send more than it gets, so a name that means both has two entries: `UserId` and `UserIdParam`.
 */
export class SchemaBook {
  readonly #home: string
  readonly #schemas = new Map<string, JsonSchema>()

  /** @param home where the named schemas will stand, such as `#/components/schemas/`. */
  constructor(home: string) {
    this.#home = home
  }

  /** What a client may send. */
  input(schema: z.core.$ZodType): JsonSchema {
    return this.#read(schema, 'input')
  }

  /** What a client gets. */
  output(schema: z.core.$ZodType): JsonSchema {
    return this.#read(schema, 'output')
  }

  /** Keeps a schema under a name and returns the reference to it. */
  define(name: string, schema: JsonSchema): JsonSchema {
    this.#schemas.set(name, schema)
    return { $ref: this.#home + name }
  }

  /** The reference to one of the schemas in `written-schema.ts`. */
  written(name: string): JsonSchema {
    const write = writtenSchemas.get(name)
    if (!write) throw new Error(`there is no written schema ${name}`)
    if (!this.#schemas.has(name)) {
      // Named before it is written, since messages hold messages.
      this.#schemas.set(name, {})
      this.#schemas.set(
        name,
        write((inner) => this.written(inner)),
      )
    }
    return { $ref: this.#home + name }
  }

  /** The schema that a reference of this book stands for; any other schema is itself. */
  resolve(schema: JsonSchema): JsonSchema {
    const named = schema.$ref?.startsWith(this.#home) && this.#schemas.get(schema.$ref.slice(this.#home.length))
    return named ? this.resolve(named) : schema
  }

  /** Every schema that was named so far, by name. */
  schemas(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#schemas].toSorted(([left], [right]) => (left < right ? -1 : 1)))
  }

  #read(schema: z.core.$ZodType, side: Side): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, {
      io: side,
      override: correct[side],
      // Those are the written ones; a test sees to it that they are the only ones.
      unrepresentable: 'any',
    })
    for (const [id, named] of Object.entries($defs)) {
      if (id.startsWith('__schema')) throw new Error('a schema that holds itself needs a name: .meta({ id: … })')
      const name = nameOf(id, side)
      if (writtenSchemas.has(name)) this.written(name)
      else this.#schemas.set(name, this.#relocate(named, side) as JsonSchema)
    }
    return this.#relocate(root, side) as JsonSchema
  }

  /** The same schema with its references pointing into this book. */
  #relocate(value: unknown, side: Side): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#relocate(item, side))
    if (typeof value !== 'object' || value === null) return value
    const moved: Record<string, unknown> = {}
    for (const [key, inner] of Object.entries(value)) {
      if (inner === undefined || isId(key, inner)) continue
      moved[key] =
        key === '$ref' ? this.#home + nameOf(String(inner).slice(DEFS.length), side) : this.#relocate(inner, side)
    }
    return moved
  }
}

const DEFS = '#/$defs/'

/** The `id` of a schema's metadata, and not a param of that name. */
function isId(key: string, value: unknown): boolean {
  return key === 'id' && typeof value === 'string'
}

function nameOf(id: string, side: Side): string {
  return side === 'input' ? `${id}Param` : id
}

type Rewriting = Readonly<Parameters<NonNullable<z.core.ToJSONSchemaParams['override']>>[0]>

/** Where zod's own reading says less, or something else, than what is on the wire. */
const correct: Readonly<Record<Side, (rewriting: Rewriting) => void>> = {
  input({ zodSchema, jsonSchema }) {
    const { def } = zodSchema._zod
    if (def.type === 'record') delete jsonSchema.propertyNames
    // zod drops the default of what a function reads first, as it is not what comes in; here it could be.
    if (def.type === 'default') jsonSchema.default = def.defaultValue
    if (def.type === 'pipe') describeScalar(zodSchema, jsonSchema)
  },
  output({ zodSchema, jsonSchema }) {
    const { def } = zodSchema._zod
    if (def.type === 'record') delete jsonSchema.propertyNames
    // Clients must live with fields that come later.
    if (def.type === 'object' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  },
}

/** The functions that read scalars off the wire, known by the schemas that use them. */
const coercions = new Map([
  [readerOf(integer), integerOnWire],
  [readerOf(boolean), booleanOnWire],
  [readerOf(text), textOnWire],
])

function readerOf(schema: z.core.$ZodType): unknown {
  const { in: reader } = schema._zod.def as z.core.$ZodPipeDef
  return (reader._zod.def as z.core.$ZodTransformDef).transform
}

/** What is said about a schema, and stays when the schema itself is said otherwise. */
const NOTES: ReadonlySet<string> = new Set(['id', '$ref', 'title', 'description', 'default', 'deprecated', 'examples'])

/** Says of a scalar what it takes on the wire, and leaves every other schema as it is. */
function describeScalar(schema: z.core.$ZodType, json: JsonSchema): void {
  const { in: reader } = schema._zod.def as z.core.$ZodPipeDef
  const onWire = coercions.get((reader._zod.def as Partial<z.core.$ZodTransformDef>).transform)
  if (!onWire) return
  const scalar = Object.fromEntries(Object.entries(json).filter(([key]) => !NOTES.has(key)))
  for (const key of Object.keys(scalar)) delete json[key]
  // A narrower scalar says in its metadata what it takes of the one that it is made of; any other is that one.
  const isNarrower = Object.keys(z.globalRegistry.get(schema) ?? {}).some((key) => !NOTES.has(key))
  if (isNarrower) delete json.$ref
  if (!json.$ref) Object.assign(json, onWire(scalar))
}

/** Integers as text: as many digits as are within the bounds whatever they are. */
function integerOnWire(schema: JsonSchema): JsonSchema {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum } = schema
  const least = typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : minimum
  const digits = Math.floor(Math.log10(Math.min(maximum, Number.MAX_SAFE_INTEGER)))
  const sign = least < 0 ? '[+-]?' : '\\+?'
  const number = least > 0 ? `0*[1-9]\\d{0,${digits - 1}}` : `\\d{1,${digits}}`
  return { anyOf: [schema, { type: 'string', pattern: `^\\s*${sign}${number}\\s*$` }] }
}

function booleanOnWire(schema: JsonSchema): JsonSchema {
  const anyCase = (word: string) => word.replaceAll(/./g, (letter) => `[${letter.toUpperCase()}${letter}]`)
  const words = ['true', 'false', 'yes', 'no'].map((word) => anyCase(word)).join('|')
  const pattern = `^\\s*(?:${words}|[01])\\s*$`
  return { anyOf: [schema, { enum: [0, 1] }, { type: 'string', pattern }] }
}

function textOnWire(schema: JsonSchema): JsonSchema {
  const isAnyText = schema.pattern === undefined && schema.enum === undefined
  return isAnyText ? { ...schema, type: ['string', 'number', 'boolean'] as never } : schema
}
