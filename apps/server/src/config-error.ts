import { ExpectedError } from './expected-error.ts'

/** One thing that is wrong with a configuration. */
export interface Problem {
  /** Key, what is wrong with it and what would be right; `port takes …`. */
  readonly sentence: string
  /** Where it stands; absent for what is in no file. Lines and columns begin with 1. */
  readonly at?: { readonly file: string; readonly line: number; readonly column: number }
  /** The line itself, with a mark below; secrets are masked. */
  readonly excerpt?: string
}

/** The configuration cannot be used as it is. */
export class ConfigError extends ExpectedError {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly (Problem | string)[]) {
    const all = problems
      .map((problem): Problem => (typeof problem === 'string' ? { sentence: problem } : problem))
      .toSorted((one, other) => order(one) - order(other))
    super([...new Set(all.map(textOf))].join('\n'))
    this.problems = all
  }
}

/** As they stand in the file, since that is how they are mended. */
function order({ at }: Problem): number {
  return at ? at.line * 1e6 + at.column : 0
}

function textOf({ sentence, at, excerpt }: Problem): string {
  const place = at ? `${at.file}:${at.line}:${at.column}: ` : ''
  return place + sentence + (excerpt === undefined ? '' : `\n${excerpt}`)
}
