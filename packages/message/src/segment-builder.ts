import { isContent, readMessage } from './message-input.ts'
import type { segmentTable } from './segment-table.ts'
import { segmentTypes, type SegmentTrait, type SegmentType } from './segment-type.ts'
import type { Segment, SegmentOf, SegmentValue } from './segment.ts'

type Table = typeof segmentTable
type Types = typeof segmentTypes

type Scalar = string | number | bigint

type Numeric<V> = V extends `${infer N extends number}` ? N : never

type ParamInput<P> = P extends { readonly values: infer V }
  ? (keyof V & string) | Numeric<keyof V>
  : P extends { readonly type: 'boolean' }
    ? boolean | 0 | 1 | '0' | '1'
    : P extends { readonly type: 'message' }
      ? string | Segment | readonly Segment[]
      : Scalar

type Params<T extends SegmentType> = Table[T]['params']

type FormInput<T extends SegmentType, Form> = Form extends readonly (infer Name)[]
  ? object & { readonly [K in Extract<Name, keyof Params<T>>]: ParamInput<Params<T>[K]> } & {
      readonly [K in Exclude<keyof Params<T>, Name>]?: ParamInput<Params<T>[K]> | undefined
    }
  : never

/** What a constructor takes: the params of one of the type's forms, or its main param alone. */
export type SegmentInput<T extends SegmentType> =
  | FormInput<T, Table[T]['forms'][number]>
  | (Types[T] extends { readonly main: infer Main extends keyof Params<T> } ? ParamInput<Params<T>[Main]> : never)

type Optional<T extends SegmentType> = [] extends Table[T]['forms'][number] ? true : false

type Builder<T extends SegmentType> =
  Optional<T> extends true ? (input?: SegmentInput<T>) => SegmentOf<T> : (input: SegmentInput<T>) => SegmentOf<T>

/**
 * Constructors of segments, one per type of the table: `segment.text('hi')`, `segment.image({ file, cache: false })`.
 *
 * A lone string or number stands for the type's main param. Numbers become decimal strings, booleans `1` and `0`;
 * undefined params are left out.
 */
export const segment = Object.fromEntries(
  Object.keys(segmentTypes).map((type) => [type, (input: unknown = {}) => build(type as SegmentType, input)]),
) as unknown as { readonly [T in SegmentType]: Builder<T> }

function build(type: SegmentType, input: unknown): Segment {
  const { main = '' }: SegmentTrait = segmentTypes[type]
  const given = typeof input === 'object' && input !== null ? input : { [main]: input }
  const params = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, valueOf(type, name, value)])
  return { type, data: Object.fromEntries(params) }
}

function valueOf(type: SegmentType, name: string, value: unknown): SegmentValue {
  if (isContent(type, name)) return readMessage(value)
  return String(typeof value === 'boolean' ? Number(value) : value)
}
