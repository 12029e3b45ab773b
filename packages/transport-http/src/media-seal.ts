import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from '@seekyou/protocol'
import type { Clock } from '@seekyou/protocol'

/** Lets the addresses of stored media expire: each carries when it does, and proof that this server said so. */
export interface MediaSeal {
  /** What follows the address of a stored file, such as `?expires=1700003600&sig=…`; `expires` in seconds since 1970. */
  query(key: string): string
  /** Whether the query of a request is one that was given for this file and has not expired. */
  admits(key: string, query: { readonly expires?: unknown; readonly sig?: unknown }): boolean
}

/**
 * Makes a seal whose addresses hold for `lifetime` seconds at least and for twice that at most: an address stays the
 * same for a while, so that what fetched it once need not do so again. `secret` default: one of its own, so that no
 * address outlives the process.
 */
export function createMediaSeal(options: {
  readonly clock: Clock
  /** Seconds. */
  readonly lifetime: number
  readonly secret?: Uint8Array
}): MediaSeal {
  const { clock, lifetime } = options
  const secret = once(() => options.secret ?? randomBytes(32))
  const sign = (key: string, expires: string) =>
    createHmac('sha256', secret()).update(`${key}.${expires}`).digest('hex')
  const now = () => Math.floor(clock.now() / 1000)
  return {
    query(key) {
      const expires = String((Math.floor(now() / lifetime) + 2) * lifetime)
      return `?expires=${expires}&sig=${sign(key, expires)}`
    },
    admits(key, { expires, sig }) {
      if (typeof expires !== 'string' || typeof sig !== 'string' || !/^\d{1,15}$/.test(expires)) return false
      const [given, right] = [Buffer.from(sig), Buffer.from(sign(key, expires))]
      return given.length === right.length && timingSafeEqual(given, right) && now() < Number(expires)
    },
  }
}
