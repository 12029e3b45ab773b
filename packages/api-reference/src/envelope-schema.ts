import { failures } from '@seekyou/protocol'
import type { Dialect, FailureKind } from '@seekyou/protocol'
import type { JsonSchema } from './json-schema.ts'

/** What answers a call that was done. */
export function doneEnvelope(data: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: ['status', 'retcode', 'data'],
    properties: { status: { const: 'ok' }, retcode: { const: 0 }, data },
  }
}

/** What answers `<action>_async` and the like, before anything is done, and a call of which nobody knows the outcome. */
export const laterEnvelope: JsonSchema = {
  description:
    'Accepted, and done afterwards. With the `msg` OUTCOME_UNKNOWN: the network may have done it and does not say so; ' +
    'repeated with the same `_idempotency_key` it is not done twice.',
  type: 'object',
  required: ['status', 'retcode', 'data'],
  properties: {
    status: { const: 'async' },
    retcode: { const: 1 },
    data: { type: 'null' },
    msg: { const: 'OUTCOME_UNKNOWN' },
    wording: { type: 'string' },
    message: { type: 'string' },
  },
}

/** One kind of failure with the numbers that a dialect gives it. */
export interface FailureRow {
  readonly kind: FailureKind
  readonly retcode: number
  readonly status: number
  readonly code: string
}

/** The failure table as a dialect answers it. */
export function failureRows(dialect: Dialect): readonly FailureRow[] {
  return (Object.keys(failures) as FailureKind[]).map((kind) => ({
    kind,
    ...failures[kind],
    ...dialect.failures[kind],
  }))
}

/** What answers a call that failed in one of these ways. */
export function failedEnvelope(rows: readonly FailureRow[]): JsonSchema {
  const retcodes = [...new Set(rows.map(({ retcode }) => retcode))]
  // What the network itself refuses may carry the network's own code.
  const isOfNetwork = rows.some(({ kind }) => kind === 'refused')
  return {
    type: 'object',
    required: ['status', 'retcode', 'data'],
    properties: {
      status: { const: 'failed' },
      retcode: isOfNetwork
        ? { anyOf: [{ enum: retcodes }, { type: 'integer', exclusiveMaximum: 0 }] }
        : { enum: retcodes },
      data: { type: 'null' },
      msg: { type: 'string', description: 'Short code, for programs.' },
      wording: { type: 'string', description: 'What was wrong, and what would be right, for people.' },
      message: { type: 'string', description: 'The same sentence, where OneBot 11 clients look for it.' },
    },
  }
}
