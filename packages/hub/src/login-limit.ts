import { hash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Clock, LoginGuard } from '@seekyou/protocol'
import type { LoginLimitOptions } from './options.ts'

/** More places than this are not remembered; who showed a wrong token longest ago is forgotten first. */
const MOST_SOURCES = 10_000
/** So many wrong tokens of one address are known again: the bots of a machine that were given the wrong one. */
const MOST_KNOWN = 8

interface Source {
  /** Wrong tokens that may still be shown. */
  left: number
  countedAt: number
  isTold: boolean
  /** The last wrong ones, hashed. */
  readonly known: string[]
}

/**
 * How many wrong tokens may come from one address, over all listeners. Whoever has shown too many is not listened to for
 * a moment, right or wrong, so that guessing tells nothing; nobody at another address notices. The same one again is no
 * guess: a bot that was given a wrong token and tries it for days keeps nobody out. It is kept in memory.
 */
export class LoginLimit implements LoginGuard {
  readonly #clock: Clock
  readonly #onSpell: (from: string, wording: string) => void
  #options: LoginLimitOptions
  readonly #sources = new Map<string, Source>()

  /** @param onSpell told once when an address begins to be turned away, until it has been quiet for long enough. */
  constructor(options: LoginLimitOptions, clock: Clock, onSpell: (from: string, wording: string) => void) {
    this.#options = options
    this.#clock = clock
    this.#onSpell = onSpell
  }

  /** Goes by another rate from now on, and forgets what was. */
  change(options: LoginLimitOptions): void {
    if (options.frequency === this.#options.frequency && options.bucket === this.#options.bucket) return
    this.#options = options
    this.#sources.clear()
  }

  /** How long the token that is shown from an address is not judged, in ms; `undefined` if it is now. */
  refuses(from: string | undefined): { readonly waitMs: number; readonly wording: string } | undefined {
    if (this.#sources.size === 0) return undefined
    const key = sourceOf(from)
    const source = this.#sources.get(key)
    if (!source) return undefined
    this.#refill(key, source)
    if (source.left >= 1) return undefined
    // What came in parts is whole although it does not quite add up to one.
    const waitMs = Math.ceil(((1 - source.left) / this.#options.frequency) * 1000 - 1e-6)
    if (waitMs <= 0) return undefined
    const wording = `too many wrong tokens came from ${key}: none is looked at for ${Math.ceil(waitMs / 1000)} s, right or wrong`
    if (!source.isTold) {
      source.isTold = true
      this.#onSpell(key, wording)
    }
    return { waitMs, wording }
  }

  /** A wrong token was shown from an address. */
  failed(credential: string, from: string | undefined): void {
    const { bucket, frequency } = this.#options
    if (frequency === 0) return
    const key = sourceOf(from)
    const source = this.#sources.get(key) ?? {
      left: bucket,
      countedAt: this.#clock.now(),
      isTold: false,
      known: [],
    }
    this.#refill(key, source)
    const hashed = hash('sha256', credential, 'base64')
    if (source.known.includes(hashed)) return
    if (source.known.push(hashed) > MOST_KNOWN) source.known.shift()
    source.left = Math.max(0, source.left - 1)
    // The first of the map are those that were wrong longest ago.
    this.#sources.delete(key)
    this.#sources.set(key, source)
    const [oldest] = this.#sources.keys()
    if (this.#sources.size > MOST_SOURCES && oldest !== undefined) this.#sources.delete(oldest)
  }

  #refill(key: string, source: Source): void {
    const { bucket, frequency } = this.#options
    const now = this.#clock.now()
    source.left += (Math.max(0, now - source.countedAt) / 1000) * frequency
    source.countedAt = now
    if (source.left < bucket) return
    source.left = bucket
    source.isTold = false
    this.#sources.delete(key)
  }
}

/** Whoever has one address of IPv6 has the 2^64 of its network; and one of IPv4 may be written as one of IPv6. */
function sourceOf(from = ''): string {
  if (from === '') return 'a unix socket'
  const [address = ''] = from.split('%', 1)
  if (!isIPv6(address)) return address
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (v4 !== undefined) return v4
  if (address === '::1') return address
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}
