import { compileFilter, filterJsonSchema } from '@seekyou/event-filter'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: { readonly [key: string]: Schema }
  readonly patternProperties?: { readonly [pattern: string]: Schema }
  readonly additionalProperties?: boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly $defs?: { readonly [name: string]: Schema }
}

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** The few keywords that the schema uses. */
function accepts(schema: Schema, value: unknown): boolean {
  const known = [
    '$schema',
    'title',
    'description',
    '$defs',
    '$ref',
    'type',
    'properties',
    'patternProperties',
    'additionalProperties',
    'items',
    'anyOf',
  ]
  expect(known).toEqual(expect.arrayContaining(Object.keys(schema)))
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/$defs/', '')
    if (!accepts((filterJsonSchema as Schema).$defs?.[name] as Schema, value)) return false
  }
  if (schema.type !== undefined && ![schema.type].flat().includes(typeOf(value))) return false
  if (schema.anyOf !== undefined && !schema.anyOf.some((option) => accepts(option, value))) return false
  if (
    schema.items !== undefined &&
    Array.isArray(value) &&
    !value.every((item) => accepts(schema.items as Schema, item))
  )
    return false
  if (typeOf(value) !== 'object') return true
  return Object.entries(value as object).every(([key, inner]) => {
    const matching = [
      ...(Object.hasOwn(schema.properties ?? {}, key) ? [schema.properties?.[key] as Schema] : []),
      ...Object.entries(schema.patternProperties ?? {})
        .filter(([pattern]) => new RegExp(pattern, 'u').test(key))
        .map(([, one]) => one),
    ]
    return matching.length === 0 ? schema.additionalProperties !== false : matching.every((one) => accepts(one, inner))
  })
}

describe('the JSON Schema', () => {
  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(filterJsonSchema))).toEqual(filterJsonSchema)
  })

  test('accepts exactly the shapes that compile', () => {
    const key = fc.constantFrom(
      '.not',
      '.and',
      '.or',
      '.eq',
      '.neq',
      '.in',
      '.contains',
      '.regex',
      '.nope',
      '',
      'user_id',
      'sender.role',
    )
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(null, true, 1, 'a', []),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map(Object.fromEntries),
      ),
    }))
    let compiled = 0
    fc.assert(
      fc.property(value, (rule) => {
        let valid = true
        try {
          compileFilter(rule)
          compiled++
        } catch {
          valid = false
        }
        expect(accepts(filterJsonSchema as Schema, rule)).toBe(valid)
      }),
      { numRuns: 3000 },
    )
    expect(compiled).toBeGreaterThan(100)
  })
})
