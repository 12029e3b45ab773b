import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Finds the token a client shows: `Authorization` with the scheme Bearer or Token in any case, or the bare value, else
 * the `access_token` query value. `undefined` when it shows none.
 */
export function readCredential(authorization: string | undefined, queryToken: string | undefined): string | undefined {
  const header = authorization?.trim()
  if (header) return header.replace(/^(?:bearer|token)(?:\s+|$)/i, '') || undefined
  return queryToken || undefined
}

/** Compares two secrets in a time that tells nothing about where they differ or how long they are. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right))
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
