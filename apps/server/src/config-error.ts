import { ExpectedError } from './expected-error.ts'

/** The configuration cannot be used as it is; one line for each thing that is wrong. */
export class ConfigError extends ExpectedError {
  override readonly name = 'ConfigError'

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
  }
}
