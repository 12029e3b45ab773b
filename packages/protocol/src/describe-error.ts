/** What went wrong on the way to another machine; a host with several addresses fails with one error for each. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeError).join('; ')
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : describeError(error.cause)
}
