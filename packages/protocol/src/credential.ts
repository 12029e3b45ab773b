import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Finds the token a client shows: `Authorization` with the scheme Bearer or Token in any case, or the bare value, else
 * the `access_token` query value. `undefined` when it shows none.
 */
export function readCredential(authorization: string | undefined, queryToken: string | undefined): string | undefined {
  const header = authorization?.trim()
  if (header) return header.replace(/^(?:bearer|token)(?:\s+|$)/i, '') || undefined
  return queryToken || undefined
}

/** Compares with a secret in a time that tells nothing about where another one differs or how long the secret is. */
export function secretMatcher(secret: string): (shown: string) => boolean {
  const expected = digest(secret)
  return (shown) => timingSafeEqual(digest(shown), expected)
}

function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}
