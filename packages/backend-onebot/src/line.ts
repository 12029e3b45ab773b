import type { Fields } from './reading.ts'

/** An open way to the upstream, for calls. */
export interface Line {
  /**
   * Does a call and resolves with the whole answer, unread.
   * @throws Unanswered once the call was handed over and no answer will come; BackendUnreachable if it never was.
   */
  call(action: string, params: Fields): Promise<unknown>
  /** Ends it, for a reason that completes "the upstream cannot be reached: …". */
  close(reason: string): void
}

/** Who is told of lines: one is open at a time. */
export interface LineHolder {
  onOpen(line: Line): void
  /** An event as it came, unread. */
  onEvent(event: unknown): void
  /** The line is gone, or none could be had, for a reason that completes "the upstream cannot be reached: …". */
  onClosed(problem: string): void
}

/** Sees to it that there is a line, for as long as it is not disposed of. */
export interface Connector extends AsyncDisposable {
  /** What is being waited for while there is no line, in words for the operator. */
  readonly awaits: string
}

/** A call was handed over and nobody will ever say what became of it. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
}
