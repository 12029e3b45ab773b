import { segmentTable } from '@seekyou/message/segment-table'
import type { ParamInfo, SegmentInfo } from '@seekyou/message/segment-table'
import type { JsonSchema, Side } from './json-schema.ts'

/** Names another schema and returns the reference to it. */
export type Refer = (name: string) => JsonSchema

const NAMES = { input: 'SegmentParam', output: 'Segment' } as const

const segments: readonly (readonly [string, SegmentInfo])[] = Object.entries(segmentTable)

const ANY_SEGMENT = {
  type: 'object',
  required: ['type'],
  properties: { type: { type: 'string', pattern: '^[A-Za-z0-9_.-]+$' }, data: { type: ['object', 'null'] } },
} as const satisfies JsonSchema

/** The schemas that zod cannot say, since functions read them: messages above all. Names as in `SchemaBook`. */
export const writtenSchemas: ReadonlyMap<string, (refer: Refer) => JsonSchema> = new Map<
  string,
  (refer: Refer) => JsonSchema
>([
  ['GuildScopedId', () => ({ type: 'string', pattern: '^\\d{1,20}$' })],
  [
    'GuildScopedIdParam',
    () => ({
      anyOf: [
        { type: 'string', pattern: '^\\d{1,19}$' },
        { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      ],
    }),
  ],
  [
    'GuildScopedIdsParam',
    (refer) => ({
      description: 'Ids; one alone is a list of one.',
      anyOf: [{ type: 'array', items: refer('GuildScopedIdParam') }, refer('GuildScopedIdParam')],
    }),
  ],
  [
    'NodesParam',
    (refer) => ({
      description: 'The messages of a bundle.',
      anyOf: [
        { type: 'array', minItems: 1, maxItems: 200, items: refer('SegmentParam.node') },
        refer('SegmentParam.node'),
      ],
    }),
  ],
  [
    'Message',
    (refer) => ({
      description: 'A message as the link asks for it: text with CQ codes, or an array of segments.',
      anyOf: [{ type: 'string' }, { type: 'array', items: refer('Segment') }],
    }),
  ],
  [
    'MessageParam',
    (refer) => ({
      description: 'A message: text with CQ codes, an array of segments, or one segment.',
      anyOf: [
        { type: 'string', minLength: 1, examples: ['hi [CQ:face,id=1]'] },
        { type: 'array', minItems: 1, items: refer('SegmentParam') },
        refer('SegmentParam'),
        { type: ['number', 'boolean'] },
      ],
    }),
  ],
  ['Segment', (refer) => anySegment('output', refer)],
  ['SegmentParam', (refer) => anySegment('input', refer)],
  [
    'Segment.other',
    () => ({ description: 'A segment of any other type.', ...ANY_SEGMENT, required: ['type', 'data'] }),
  ],
  [
    'SegmentParam.other',
    () => ({ description: 'A segment of any other type; it is passed on as it is.', ...ANY_SEGMENT }),
  ],
  ...segments.flatMap(([type, info]) =>
    (['input', 'output'] as const)
      .filter((side) => goes(info, side))
      .map((side) => [`${NAMES[side]}.${type}`, (refer: Refer) => segmentSchema(type, info, side, refer)] as const),
  ),
])

function anySegment(side: Side, refer: Refer): JsonSchema {
  const types = segments.filter(([, info]) => goes(info, side)).map(([type]) => type)
  return { anyOf: [...types, 'other'].map((type) => refer(`${NAMES[side]}.${type}`)) }
}

function segmentSchema(type: string, info: SegmentInfo, side: Side, refer: Refer): JsonSchema {
  const params = Object.entries(info.params).filter(([, param]) => goes({ ...info, ...param }, side))
  const names = new Set(params.map(([name]) => name))
  const forms = info.forms.filter((form) => form.length > 0 && form.every((name) => names.has(name)))
  return {
    description: info.about,
    type: 'object',
    required: ['type', 'data'],
    properties: {
      type: { const: type },
      data: {
        type: 'object',
        properties: Object.fromEntries(params.map(([name, param]) => [name, paramSchema(param, side, refer)])),
        // What comes in may have lost a param on the way; what is sent needs one set of them.
        ...(side === 'input' && oneOfForms(forms)),
      },
    },
  }
}

function oneOfForms(forms: SegmentInfo['forms']): JsonSchema {
  const required = forms.map((form) => ({ required: [...form] }))
  return required.length > 1 ? { anyOf: required } : (required[0] ?? {})
}

function paramSchema(param: ParamInfo, side: Side, refer: Refer): JsonSchema {
  const meanings = Object.entries(param.values ?? {}).map(([value, meaning]) => `\`${value}\`: ${meaning}`)
  const description = [param.about, ...(meanings.length > 0 ? [`${meanings.join(', ')}.`] : [])].join(' ')
  const value: JsonSchema =
    param.type === 'message'
      ? refer(side === 'input' ? 'MessageParam' : 'Message')
      : { type: side === 'input' ? ['string', 'number', 'boolean'] : 'string' }
  return { ...value, description, ...(param.default !== undefined && { default: param.default }) }
}

function goes({ direction }: Pick<SegmentInfo, 'direction'>, side: Side): boolean {
  return direction !== (side === 'input' ? 'receive' : 'send')
}
