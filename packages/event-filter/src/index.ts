// Compiling and running a filter.
export { compileFilter, type EventFilter } from './compile.ts'
export type { FilterDecision, FilterVerdict } from './explain.ts'
export { FilterSyntaxError, type FilterSyntaxProblem } from './filter-error.ts'

// The rule language, as types and as a JSON Schema.
export type { FilterOperator } from './operators.ts'
export type { FilterRule, FilterScalar, FilterValue } from './rule.ts'
export { filterJsonSchema } from './json-schema.ts'
