import { z } from 'zod'
import { MessageInputError, readMessage } from './message-input.ts'
import { segmentTable, type ParamInfo, type SegmentInfo } from './segment-table.ts'
import type { SegmentType } from './segment-type.ts'
import type { Segment, SegmentOf } from './segment.ts'

/** What a param's string has to look like; an empty one counts as absent. */
const patternOf = {
  string: /^/,
  integer: /^(?:[+-]?\d+)?$/,
  number: /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)?$/i,
  boolean: /^(?:yes|no|true|false|1|0)?$/i,
} as const

const expectedOf = {
  string: 'a string',
  integer: 'an integer in decimal digits',
  number: 'a decimal number',
  boolean: '1, 0, yes, no, true or false',
} as const

/** Any segment: a type, and params that are strings or nested segments. */
export const anySegmentSchema: z.ZodType<Segment> = z.lazy(() =>
  z.object({
    type: z.string().regex(/^[\w.-]+$/, 'expected letters, digits, "_", "." and "-"'),
    data: z.record(z.string(), z.union([z.string(), z.array(anySegmentSchema)])),
  }),
)

function schemaOfParam(info: ParamInfo): z.ZodType<Segment['data'][string]> {
  if (info.type === 'message') return z.union([z.string(), z.array(anySegmentSchema)])
  const { values } = info
  if (values === undefined) return z.string().regex(patternOf[info.type], `expected ${expectedOf[info.type]}`)
  return z
    .string()
    .refine(
      (value) => value === '' || Object.hasOwn(values, value),
      `expected one of ${Object.keys(values).join(', ')}`,
    )
    .meta({ enum: Object.keys(values) })
}

function schemaOfSegment(type: string, info: SegmentInfo): z.ZodType<Segment> {
  const params = Object.entries(info.params).map(([name, param]) => [
    name,
    schemaOfParam(param).optional().describe(param.about),
  ])
  const data = z.looseObject(Object.fromEntries(params) as { [name: string]: z.ZodOptional }).check((context) => {
    const given = context.value as Segment['data']
    const has = (name: string): boolean =>
      [name, ...(info.params[name]?.aliases ?? [])].some((key) => Object.hasOwn(given, key) && given[key] !== '')
    if (info.forms.some((form) => form.every(has))) return
    const forms = info.forms.map((form) => form.join(', '))
    context.issues.push({
      code: 'custom',
      message: `a segment of type "${type}" needs ${forms.join('; or ')}`,
      input: given,
    })
  })
  return z.object({ type: z.literal(type), data }).describe(info.about) as unknown as z.ZodType<Segment>
}

/**
 * One schema for each type of the table: it wants one of the type's forms complete and every known param well-formed;
 * unknown params pass.
 */
export const segmentSchemas = Object.fromEntries(
  Object.entries(segmentTable).map(([type, info]) => [type, schemaOfSegment(type, info)]),
) as unknown as { readonly [T in SegmentType]: z.ZodType<SegmentOf<T>> }

/** A segment as {@link readMessage} returns it: checked by the table if its type is there, passed through if not. */
export const segmentSchema: z.ZodType<Segment> = anySegmentSchema.superRefine((segment, context) => {
  if (!Object.hasOwn(segmentTable, segment.type)) return
  const result = segmentSchemas[segment.type as SegmentType].safeParse(segment)
  if (result.success) return
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message })
})

/** A message in any form that clients send, read into segments by {@link readMessage}. */
export const messageSchema = z
  .unknown()
  .meta({
    description: 'A message: text with CQ codes, an array of segments, or one segment.',
    anyOf: [
      { type: ['string', 'number', 'boolean'] },
      { type: 'array', items: { $ref: '#/$defs/segment' } },
      { $ref: '#/$defs/segment' },
    ],
    $defs: {
      segment: {
        type: 'object',
        required: ['type'],
        properties: {
          type: { type: 'string', pattern: '^[A-Za-z0-9_.-]+$' },
          data: { type: ['object', 'null'], additionalProperties: true },
        },
      },
    },
  })
  .transform((input, context): Segment[] => {
    try {
      return readMessage(input)
    } catch (error) {
      if (!(error instanceof MessageInputError)) throw error
      context.issues.push({ code: 'custom', message: error.message, input })
      return z.NEVER
    }
  })
