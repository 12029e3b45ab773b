/** Where a rule goes wrong, what stands there and what may stand there. */
export interface FilterSyntaxProblem {
  /** JSON Pointer (RFC 6901) into the rule; `""` is the rule itself. */
  readonly path: string
  /** What the rule says there, quoted and shortened. */
  readonly found: string
  /** What the language accepts there. */
  readonly allowed: string
}

/**
 * Thrown by `compileFilter` for a rule that is not in the language; the message says where, what and what instead.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6901 | RFC 6901} for the form of `path`
 */
export class FilterSyntaxError extends Error implements FilterSyntaxProblem {
  override readonly name = 'FilterSyntaxError'
  /** JSON Pointer (RFC 6901) into the rule; `""` is the rule itself. */
  readonly path: string
  /** What the rule says there, quoted and shortened. */
  readonly found: string
  /** What the language accepts there. */
  readonly allowed: string

  constructor(problem: FilterSyntaxProblem, options?: ErrorOptions) {
    const where = problem.path === '' ? 'the event filter' : `the event filter at ${shorten(problem.path, 200)}`
    super(`${where} has ${problem.found}; allowed: ${problem.allowed}`, options)
    this.path = problem.path
    this.found = problem.found
    this.allowed = problem.allowed
  }
}

/** The JSON Pointer of `key` inside `path`. */
export function pointer(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** Names a value the way an error message can carry it: its kind and, for scalars, its shortened text. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${quote(value)}`
    case 'number':
      return `the number ${value}`
    case 'boolean':
      return String(value)
    case 'bigint':
      return `the bigint ${shorten(String(value), 40)}`
    case 'undefined':
      return 'undefined'
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object'
  }
}

/** Quotes a text for a message, cut to 80 characters so that a hostile rule cannot flood a log. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text, 80))
}

/** Cuts a text to `length` characters and marks the cut. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}
