import { expect } from 'vitest'

/** What a value is in the end; it may take a while to become so. */
export function eventually<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { timeout: 20_000 })
}
