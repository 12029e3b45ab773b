/**
 * What `promise` resolves to, unless that takes longer than it ever should.
 * @throws Error with what `complaint` says then; it is asked only then.
 */
export async function within<T>(ms: number, promise: Promise<T>, complaint: () => string): Promise<T> {
  const overdue = Promise.withResolvers<never>()
  const timer = setTimeout(() => overdue.reject(new Error(complaint())), ms)
  try {
    return await Promise.race([promise, overdue.promise])
  } finally {
    clearTimeout(timer)
  }
}
