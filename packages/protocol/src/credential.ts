import { isUtf8 } from 'node:buffer'
import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Finds the token a client shows: `Authorization` with the scheme Bearer or Token in any case, or the bare value, else
 * the `access_token` query value. `undefined` when it shows none.
 */
export function readCredential(authorization: string | undefined, queryToken: string | undefined): string | undefined {
  const header = authorization && fromHeader(authorization).trim()
  if (header) return header.replace(/^(?:bearer|token)(?:\s+|$)/i, '') || undefined
  return queryToken || undefined
}

/** A token as a header carries it, where a character is a byte: as its UTF-8 bytes, so that 口令 is a token like any other. */
export function inHeader(token: string): string {
  return Buffer.from(token).toString('latin1')
}

function fromHeader(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text
  const bytes = Buffer.from(text, 'latin1')
  return isUtf8(bytes) ? bytes.toString() : text
}

/** What no header can carry; a token that holds it can be shown to nobody. */
// oxlint-disable-next-line no-control-regex -- those are what is looked for
export const unsendable = /[\0-\x1f\x7f]/

/** Compares with a secret in a time that tells nothing about where another one differs or how long the secret is. */
export function secretMatcher(secret: string): (shown: string) => boolean {
  const expected = digest(secret)
  return (shown) => timingSafeEqual(digest(shown), expected)
}

function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}
