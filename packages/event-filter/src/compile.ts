import { itself, type ValueTest } from './comparison.ts'
import { isPlain } from './event-key.ts'
import { explainClause, type FilterVerdict } from './explain.ts'
import { pathGetter } from './path.ts'
import { type Clause, type FieldClause, parseRule } from './rule.ts'

/** A compiled filter; immutable, safe to share and to keep. */
export interface EventFilter {
  /** Whether the event passes; never throws, whatever the event is made of. */
  readonly test: (event: object) => boolean
  /** Whether the event passes and, if not, which clause said no; slower than `test`, with the same answer. */
  readonly explain: (event: object) => FilterVerdict
}

/**
 * Compiles a rule of the event filter language of CQHTTP and go-cqhttp to a predicate.
 *
 * The rule is the parsed JSON, at most 64 levels deep and 100 000 values in size. The event is the plain object that
 * would be sent; only its own properties exist, and one that throws when it is read counts as missing. `test` takes
 * time linear in the event.
 * @throws FilterSyntaxError for the first thing in the rule that is not in the language
 * @see {@link https://docs.go-cqhttp.org/guide/eventfilter.html | the filter of go-cqhttp}
 */
export function compileFilter(rule: unknown): EventFilter {
  const root = parseRule(rule)
  const explain = (event: object): FilterVerdict => explainClause(root, event)
  const testPlain = compileClause(root, true).test
  let compiled: ValueTest | undefined
  const testOther = (event: object): boolean => (compiled ??= compileClause(root, false).test)(event)
  // To ask an object for its prototype costs as much as several clauses. Where only a property that is there makes a
  // clause true, what an event inherits can make it pass but not fail: then only those that pass are asked.
  const test = canPassWithout(root)
    ? (event: object): boolean => (isPlain(event) ? testPlain(event) : testOther(event))
    : (event: object): boolean => testPlain(event) && (isPlain(event) || testOther(event))
  return Object.freeze({
    test: (event: object): boolean => {
      try {
        return test(event)
      } catch {
        // A getter or proxy threw. Reading it guarded costs more, so only such an event pays for it.
        return explain(event).pass
      }
    },
    explain,
  })
}

/** Whether a property can make the clause true by not being there, other than for {@link isNothing}. */
function canPassWithout(clause: Clause): boolean {
  switch (clause.kind) {
    case 'all':
    case 'any':
      return clause.clauses.some(canPassWithout)
    case 'not':
      return true
    case 'field':
      return !isNothing(clause.clause) && compileClause(clause.clause, false).test(undefined)
    case 'compare':
      return false
  }
}

/** Whether the clause is `.eq` with nothing: it is common, and seldom meets a value, so that one is read with care. */
function isNothing(clause: Clause): boolean {
  const only = clause.kind === 'all' && clause.clauses.length === 1 ? clause.clauses[0] : clause
  return only?.kind === 'compare' && only.operator === '.eq' && only.compare(itself, false)(undefined)
}

interface Compiled {
  readonly test: ValueTest
  /** Rough price of the test, to try the cheap ones of a group first. */
  readonly cost: number
}

/** Compiles a clause to a test of the value it looks at, which is known to be a plain object if `plain` says so. */
function compileClause(clause: Clause, plain: boolean): Compiled {
  switch (clause.kind) {
    case 'all':
      return compileGroup(clause.clauses, plain, allOf)
    case 'any':
      return compileGroup(clause.clauses, plain, anyOf)
    case 'not': {
      const { test, cost } = compileClause(clause.clause, plain)
      return { test: (value) => !test(value), cost }
    }
    case 'field':
      return compileField(clause, plain)
    case 'compare':
      return { test: clause.compare(itself, plain), cost: clause.cost }
  }
}

function compileField({ steps, clause }: FieldClause, plain: boolean): Compiled {
  const get = pathGetter(steps)
  const only = clause.kind === 'all' && clause.clauses.length === 1 ? clause.clauses[0] : clause
  if (only?.kind === 'compare') {
    return { test: only.compare(get, plain && !isNothing(only)), cost: only.cost + steps.length }
  }
  const { test, cost } = compileClause(clause, false)
  return { test: (value) => test(get(value, plain)), cost: cost + steps.length }
}

type Join = (tests: readonly ValueTest[]) => ValueTest

/** Tries the cheap clauses first: clauses have no effects, and `explain` keeps the order of the rule. */
function compileGroup(clauses: readonly Clause[], plain: boolean, join: Join): Compiled {
  const sorted = clauses.map((clause) => compileClause(clause, plain)).toSorted((one, other) => one.cost - other.cost)
  return { test: join(sorted.map(({ test }) => test)), cost: sorted.reduce((sum, { cost }) => sum + cost, 0) }
}

// Calls written out up to four are about twice as fast as a loop over an array.
function allOf(tests: readonly ValueTest[]): ValueTest {
  const [a, b, c, d] = tests
  if (a === undefined) return () => true
  if (b === undefined) return a
  if (c === undefined) return (value) => a(value) && b(value)
  if (d === undefined) return (value) => a(value) && b(value) && c(value)
  if (tests.length === 4) return (value) => a(value) && b(value) && c(value) && d(value)
  return (value) => {
    for (const test of tests) if (!test(value)) return false
    return true
  }
}

function anyOf(tests: readonly ValueTest[]): ValueTest {
  const [a, b, c, d] = tests
  if (a === undefined) return () => false
  if (b === undefined) return a
  if (c === undefined) return (value) => a(value) || b(value)
  if (d === undefined) return (value) => a(value) || b(value) || c(value)
  if (tests.length === 4) return (value) => a(value) || b(value) || c(value) || d(value)
  return (value) => {
    for (const test of tests) if (test(value)) return true
    return false
  }
}
