/** Something that goes wrong for a reason outside the program: told in its own words, without a stack. */
export class ExpectedError extends Error {
  override readonly name: string = 'ExpectedError'
  /** See the help of the command line. */
  readonly exitCode: 1 | 2 | 3

  constructor(
    sentence: string,
    { exitCode = 1, cause }: { readonly exitCode?: 1 | 2 | 3; readonly cause?: unknown } = {},
  ) {
    super(sentence, { cause })
    this.exitCode = exitCode
  }
}
