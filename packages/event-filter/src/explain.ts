import { itself } from './comparison.ts'
import { shorten } from './filter-error.ts'
import type { FilterOperator } from './operators.ts'
import { readPath } from './path.ts'
import type { AnyClause, Clause, CompareClause, NotClause } from './rule.ts'
import { textOf } from './value-text.ts'

/** What a filter says about one event. */
export type FilterVerdict =
  | { readonly pass: true; readonly decidedBy?: never }
  | { readonly pass: false; readonly decidedBy: FilterDecision }

/** The clause that said no. */
export interface FilterDecision {
  /** JSON Pointer (RFC 6901) of the clause in the rule. */
  readonly path: string
  /** The path in the event of the value it looked at, as the rule writes it; `""` is the whole event. */
  readonly field: string
  /** The operator, `.eq` for a plain `key: value`. */
  readonly operator: FilterOperator
  /** What the rule gives the operator. */
  readonly argument: unknown
  /** The text of the value, cut to 200 characters; `""` for a missing one. */
  readonly value: string
  /** For `.or`: why each of its rules said no, in order. */
  readonly alternatives?: readonly FilterDecision[]
}

/** Length of `FilterDecision.value` before the cut. */
const maxValueLength = 200

/** Evaluates a clause in the order of the rule; the first clause that is false decides. */
export function explainClause(root: Clause, event: object): FilterVerdict {
  const decidedBy = deny(root, event, '')
  return decidedBy === undefined ? { pass: true } : { pass: false, decidedBy }
}

/** The decision of a clause that is false for the value, undefined when it is true. */
function deny(clause: Clause, value: unknown, field: string): FilterDecision | undefined {
  switch (clause.kind) {
    case 'all':
      return denyAll(clause.clauses, value, field)
    case 'any': {
      const alternatives: FilterDecision[] = []
      for (const alternative of clause.clauses) {
        const decision = deny(alternative, value, field)
        if (decision === undefined) return undefined
        alternatives.push(decision)
      }
      return { ...decide(clause, '.or', value, field), alternatives }
    }
    case 'not':
      return deny(clause.clause, value, field) === undefined ? decide(clause, '.not', value, field) : undefined
    case 'field':
      return deny(
        clause.clause,
        readGuarded(() => readPath(value, clause.steps)),
        field === '' ? clause.name : `${field}.${clause.name}`,
      )
    case 'compare':
      return clause.compare(itself, false)(value) ? undefined : decide(clause, clause.operator, value, field)
  }
}

function denyAll(clauses: readonly Clause[], value: unknown, field: string): FilterDecision | undefined {
  for (const clause of clauses) {
    const decision = deny(clause, value, field)
    if (decision !== undefined) return decision
  }
  return undefined
}

function decide(
  clause: AnyClause | NotClause | CompareClause,
  operator: FilterOperator,
  value: unknown,
  field: string,
): FilterDecision {
  const text = shorten(textOf(value), maxValueLength)
  return { path: clause.path, field, operator, argument: clause.argument, value: text }
}

/** A property that throws when it is read counts as missing. */
function readGuarded(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return undefined
  }
}
