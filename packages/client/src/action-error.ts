/** A reply that says no, as far as it says anything. */
export interface FailedReply {
  readonly status: string
  readonly retcode: number
  readonly msg?: string | undefined
  readonly wording?: string | undefined
}

/** The server answered, and the answer is no. */
export class ActionError extends Error {
  override readonly name = 'ActionError'
  /** The action as it was called. */
  readonly action: string
  readonly status: string
  /**
   * What went wrong, as a number.
   * @see https://github.com/botuniverse/onebot-11/blob/master/api/README.md
   */
  readonly retcode: number
  /** What went wrong, for programs, such as `GROUP_NOT_FOUND`. */
  readonly msg: string | undefined
  /** What went wrong, for people. */
  readonly wording: string | undefined

  constructor(action: string, { status, retcode, msg, wording }: FailedReply) {
    super(`${action} failed with retcode ${retcode}: ${wording || msg || 'the server does not say why'}`)
    this.action = action
    this.status = status
    this.retcode = retcode
    this.msg = msg
    this.wording = wording
  }
}
