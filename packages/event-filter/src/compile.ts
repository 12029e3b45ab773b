import { itself, numberOf, startsJson, type ValueTest } from './comparison.ts'
import { isPlain } from './event-key.ts'
import { explainClause, type FilterVerdict } from './explain.ts'
import { pathGetter } from './path.ts'
import { type Clause, type FieldClause, parseRule } from './rule.ts'
import { textOf } from './value-text.ts'

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
  const only = unwrap(clause)
  return only.kind === 'compare' && only.operator === '.eq' && only.compare(itself, false)(undefined)
}

/** The one clause of a group of one, any other clause itself. */
function unwrap(clause: Clause): Clause {
  const [only, ...others] = clause.kind === 'all' ? clause.clauses : []
  return only === undefined || others.length > 0 ? clause : only
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
      return compileSwitch(clause.clauses, plain) ?? compileGroup(clause.clauses, plain, anyOf)
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
  const only = unwrap(clause)
  if (only.kind === 'compare') {
    return { test: only.compare(get, plain && !isNothing(only)), cost: only.cost + steps.length }
  }
  const { test, cost } = compileClause(clause, false)
  return { test: (value) => test(get(value, plain)), cost: cost + steps.length }
}

/** A clause that wants one field to have one text, such as `message_type: group`. */
interface Case {
  readonly field: FieldClause
  readonly text: string
}

/** What an alternative says of fields that it wants to have one text; not of nothing or JSON, which compare in their own way. */
function casesOf(alternative: Clause): readonly Case[] {
  return clausesOf(alternative).flatMap((field): readonly Case[] => {
    if (field.kind !== 'field') return []
    const compare = unwrap(field.clause)
    if (compare.kind !== 'compare' || compare.operator !== '.eq') return []
    const text = textOf(compare.argument)
    return text === '' || startsJson(text) ? [] : [{ field, text }]
  })
}

function clausesOf(clause: Clause): readonly Clause[] {
  return clause.kind === 'all' ? clause.clauses : [clause]
}

/** Fields of the first alternative that are tried; the one that tells alternatives apart mostly comes first. */
const maxTried = 4

/** Compiles alternatives that all want the same field to have one text or another: it is read once, and picks those to try. */
function compileSwitch(alternatives: readonly Clause[], plain: boolean): Compiled | undefined {
  const [first, ...others] = alternatives.map(casesOf)
  if (first === undefined || others.length === 0) return undefined
  for (const one of first.slice(0, maxTried)) {
    const rest = others.map((cases) => cases.find(({ field }) => field.name === one.field.name))
    if (rest.every((other) => other !== undefined)) return compileCases(alternatives, [one, ...rest], plain)
  }
  return undefined
}

/** Compiles alternatives by the text that each wants the field to have; the cases are theirs, in the same order. */
function compileCases(alternatives: readonly Clause[], cases: readonly [Case, ...Case[]], plain: boolean): Compiled {
  const { steps } = cases[0].field
  const get = pathGetter(steps)
  const byText: (readonly [text: string, test: ValueTest])[] = []
  let cost = 1 + steps.length
  for (const [text, indexes] of Map.groupBy(cases.keys(), (index) => cases[index]!.text)) {
    const compiled = indexes.map((index) => {
      const others = clausesOf(alternatives[index]!).filter((clause) => clause !== cases[index]!.field)
      return compileGroup(others, plain, allOf)
    })
    byText.push([text, anyOf(compiled.map((alternative) => alternative.test))])
    cost += compiled.reduce((sum, alternative) => sum + alternative.cost, 0)
  }
  const byValue = new Map<unknown, ValueTest>(byText)
  for (const [text, test] of byText) {
    const number = numberOf(text)
    if (number !== undefined) byValue.set(number, test)
  }
  // To compare with two texts takes less time than to look one up, and there mostly are no more.
  const [firstText, firstTest] = byText[0]!
  const [secondText, secondTest] = byText[1] ?? byText[0]!
  const hasMore = byText.length > 2
  return {
    cost,
    test: (holder) => {
      const value = get(holder, plain)
      if (typeof value === 'string') {
        if (value === firstText) return firstTest(holder)
        if (value === secondText) return secondTest(holder)
        if (!hasMore) return false
      }
      if (value === undefined || typeof value === 'object') return false
      const test = byValue.get(typeof value === 'boolean' || typeof value === 'bigint' ? textOf(value) : value)
      return test !== undefined && test(holder)
    },
  }
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
