/** The data directory cannot be used, or cannot be written any more; the message is one sentence for the operator. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'

  constructor(sentence: string, cause?: unknown) {
    super(sentence, { cause })
  }
}

/** The words of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
