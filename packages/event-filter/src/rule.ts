import {
  compileContains,
  compileEquals,
  compileMatches,
  compileOneOf,
  compilePartOf,
  type Comparison,
} from './comparison.ts'
import { describe, FilterSyntaxError, pointer, quote } from './filter-error.ts'
import { argumentKinds, type FilterOperator, isOperator, operatorNames, operators } from './operators.ts'
import { type FilterPath, parsePath } from './path.ts'
import { copyRule } from './rule-copy.ts'
import { textOf } from './value-text.ts'

/** A value that is compared as one text. */
export type FilterScalar = string | number | boolean | null

/** Any JSON value, compared as its text; objects and arrays as their compact JSON. */
export type FilterValue = FilterScalar | readonly FilterValue[] | { readonly [key: string]: FilterValue }

/**
 * A filter: an object whose clauses must all be true; `{}` lets everything pass.
 *
 * A key that starts with a dot is an operator on the value at hand, any other is a path into it (`message_type`,
 * `sender.role`, `message.0.type`, `message.#.type`, `a\.b`) whose value is an object of further clauses or, as a
 * scalar or array, the text it must equal.
 */
export interface FilterRule {
  /** True when the clauses inside are not all true. */
  readonly '.not'?: FilterRule
  /** True when the clauses inside are all true. */
  readonly '.and'?: FilterRule
  /** True when one of the rules is true. */
  readonly '.or'?: readonly FilterRule[]
  /** True when the texts are equal; `null` and `""` equal a missing value, an object or array is its compact JSON. */
  readonly '.eq'?: FilterScalar | readonly FilterValue[] | FilterRule
  /** True when the texts differ. */
  readonly '.neq'?: FilterScalar | readonly FilterValue[] | FilterRule
  /** An array: true when one element is equal; a scalar: true when the text is a part of it. */
  readonly '.in'?: readonly FilterValue[] | string | number | boolean
  /** True when the text contains the argument. */
  readonly '.contains'?: FilterScalar
  /** True when the RE2 pattern matches somewhere in the text. */
  readonly '.regex'?: FilterScalar
  /** A path into the event. */
  readonly [path: string]: FilterRule | FilterScalar | readonly (FilterRule | FilterValue)[] | undefined
}

/** One clause of a parsed rule. */
export type Clause = AllClause | AnyClause | NotClause | FieldClause | CompareClause

interface ClausePlace {
  /** JSON Pointer of the clause in the rule. */
  readonly path: string
}

/** All of its clauses must be true: an object, at the top, under a path or under `.and`. */
export interface AllClause extends ClausePlace {
  readonly kind: 'all'
  readonly clauses: readonly Clause[]
}

/** One of its clauses must be true: `.or`. */
export interface AnyClause extends ClausePlace {
  readonly kind: 'any'
  readonly argument: unknown
  readonly clauses: readonly Clause[]
}

/** Its clause must be false: `.not`. */
export interface NotClause extends ClausePlace {
  readonly kind: 'not'
  readonly argument: unknown
  readonly clause: Clause
}

/** Its clause looks at a part of the value. */
export interface FieldClause extends ClausePlace {
  readonly kind: 'field'
  /** The path as the rule writes it. */
  readonly name: string
  readonly steps: FilterPath
  readonly clause: Clause
}

/** A comparison of the value at hand. */
export interface CompareClause extends ClausePlace {
  readonly kind: 'compare'
  readonly operator: FilterOperator
  readonly argument: unknown
  readonly compare: Comparison
  /** Rough price of the test, to try the cheap ones of a group first. */
  readonly cost: number
}

/** A JSON object, as `copyRule` gives it. */
type JsonObject = { readonly [key: string]: unknown }

/**
 * Parses a rule into clauses; the clauses share nothing with the rule, which may change afterwards.
 * @throws FilterSyntaxError for the first thing that is not in the language
 */
export function parseRule(rule: unknown): AllClause {
  const copy = copyRule(rule)
  if (!isObject(copy)) {
    const hint = typeof copy === 'string' ? ' (parse the JSON text first)' : ''
    throw new FilterSyntaxError({
      path: '',
      found: describe(copy) + hint,
      allowed: `${argumentKinds.rule}, such as {"message_type":"group"}`,
    })
  }
  return parseAll(copy, '')
}

function parseAll(rule: JsonObject, path: string): AllClause {
  const clauses = Object.entries(rule).map(([key, value]) => parseEntry(key, value, pointer(path, key)))
  return { kind: 'all', path, clauses }
}

function parseEntry(key: string, value: unknown, path: string): Clause {
  if (key.startsWith('.')) return parseOperator(key, value, path)
  if (key === '') {
    throw new FilterSyntaxError({ path, found: 'an empty key', allowed: 'a path such as "user_id", or an operator' })
  }
  const clause = isObject(value) ? parseAll(value, path) : parseComparison('.eq', value, path)
  return { kind: 'field', path, name: key, steps: parsePath(key, path), clause }
}

function parseOperator(key: string, argument: unknown, path: string): Clause {
  if (!isOperator(key)) {
    throw new FilterSyntaxError({
      path,
      found: `the operator ${quote(key)}`,
      allowed: `${operatorNames.join(' ')}, or a path, where a literal leading dot is written "\\."`,
    })
  }
  switch (key) {
    case '.not':
      return { kind: 'not', path, argument, clause: parseAll(asRule(key, argument, path), path) }
    case '.and':
      return parseAll(asRule(key, argument, path), path)
    case '.or': {
      if (!Array.isArray(argument)) throw wrongArgument(key, argument, path)
      const clauses = argument.map((rule: unknown, index) => {
        const place = pointer(path, index)
        return parseAll(asRule(key, rule, place), place)
      })
      return { kind: 'any', path, argument, clauses }
    }
    case '.eq':
    case '.neq':
    case '.in':
    case '.contains':
    case '.regex':
      return parseComparison(key, argument, path)
  }
}

type ComparisonOperator = Exclude<FilterOperator, '.not' | '.and' | '.or'>

function parseComparison(operator: ComparisonOperator, argument: unknown, path: string): CompareClause {
  const clause = { kind: 'compare', path, operator, argument } as const
  switch (operator) {
    case '.eq':
      return { ...clause, compare: compileEquals(textOf(argument), true), cost: 1 }
    case '.neq':
      return { ...clause, compare: compileEquals(textOf(argument), false), cost: 1 }
    case '.in':
      if (Array.isArray(argument)) return { ...clause, compare: compileOneOf(argument.map(textOf)), cost: 2 }
      return { ...clause, compare: compilePartOf(asText(operator, argument, path, false)), cost: 4 }
    case '.contains':
      return { ...clause, compare: compileContains(asText(operator, argument, path, true)), cost: 8 }
    case '.regex':
      return { ...clause, compare: compileMatches(asText(operator, argument, path, true), path), cost: 16 }
  }
}

function asRule(operator: FilterOperator, argument: unknown, path: string): JsonObject {
  if (!isObject(argument)) throw wrongArgument(operator, argument, path)
  return argument
}

function asText(operator: FilterOperator, argument: unknown, path: string, nullable: boolean): string {
  if (typeof argument === 'object' && !(nullable && argument === null)) throw wrongArgument(operator, argument, path)
  return textOf(argument)
}

function wrongArgument(operator: FilterOperator, argument: unknown, path: string): FilterSyntaxError {
  return new FilterSyntaxError({
    path,
    found: `${describe(argument)} for ${operator}`,
    allowed: argumentKinds[operators[operator].argument],
  })
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
