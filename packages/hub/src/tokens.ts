import { hash, randomBytes } from 'node:crypto'
import { isIP, isIPv6 } from 'node:net'
import type { Clock, Timer, UserId } from '@seekyou/protocol'
import { RateLimit } from './rate-limit.ts'
import { compileScope } from './scope.ts'
import type { Scope } from './scope.ts'
import { sourcesOf } from './token-options.ts'
import type { TokenOptions, TokenSettings } from './token-options.ts'

/** Who decides about a token: whoever writes the configuration, or the program. */
export type TokenOrigin = 'config' | 'file'

/** A token in use. */
export interface Token {
  readonly settings: TokenSettings
  readonly origin: TokenOrigin
  readonly scope: Scope
  /** What all of its connections together may call. */
  readonly limit: RateLimit
  /** Aborted once it is not valid any more, with a sentence as its reason. */
  readonly until: AbortSignal
  /** Why it opens nothing of the account `selfId` for a client at `from`; `undefined` if it does. */
  refuses(selfId: UserId, from: string | undefined): string | undefined
  /** Why it is not for the account `selfId`; `undefined` if it is. */
  excludes(selfId: UserId): string | undefined
}

/** Timers know no longer delay. */
const LONGEST_DELAY_MS = 2 ** 31 - 1

/** The scoped tokens of the program; they can be replaced while it runs. */
export class Tokens implements Disposable {
  readonly #clock: Clock
  readonly #lists: Record<TokenOrigin, readonly TokenSettings[]> = { config: [], file: [] }
  #entries: readonly TokenInUse[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Makes `settings` the tokens of an origin. One that is the same as before stays, with its connections; those of one
   * that is gone or has changed are closed. A name, and a secret, is that of the configuration where both have it.
   */
  replace(settings: readonly TokenSettings[], origin: TokenOrigin = 'config'): void {
    this.#lists[origin] = settings
    const names = new Set<string>()
    const secrets = new Set<string>()
    const wanted = (['config', 'file'] as const).flatMap((from) =>
      this.#lists[from].flatMap((token) => {
        if (names.has(token.name) || (token.sha256 !== undefined && secrets.has(token.sha256))) return []
        names.add(token.name)
        if (token.sha256 !== undefined) secrets.add(token.sha256)
        return [{ settings: token, origin: from }]
      }),
    )
    const before = this.#entries
    this.#entries = wanted.map(
      ({ settings: token, origin: from }) =>
        before.find((entry) => entry.origin === from && isSame(entry.settings, token)) ??
        new TokenInUse(token, from, this.#clock),
    )
    for (const entry of before) {
      if (this.#entries.includes(entry)) continue
      const isGone = !names.has(entry.settings.name)
      entry.end(`${entry.scope.subject} ${isGone ? 'was revoked' : 'was changed; connect again'}`)
    }
  }

  /** The token that a client shows, valid or not; `undefined` for what is no token of these. */
  find(credential: string): Token | undefined {
    // Looked up by its hash: how long that takes tells nothing of any secret.
    const sha256 = hashSecret(credential)
    return this.#entries.find(({ settings }) => settings.sha256 === sha256)
  }

  named(name: string): Token | undefined {
    return this.#entries.find(({ settings }) => settings.name === name)
  }

  list(): readonly Token[] {
    return this.#entries
  }

  [Symbol.dispose](): void {
    for (const entry of this.#entries) entry.rest()
  }
}

/** What the secrets that this program makes begin with, so that whoever finds one knows what it is. */
export const SECRET_PREFIX = 'seekyou_'

/** A secret that nobody can guess: 256 bits. */
export function createSecret(): string {
  return SECRET_PREFIX + randomBytes(32).toString('base64url')
}

/** What is kept of a secret. They are long and random, so that nobody can try them all, however fast this is. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret)
}

/** A token of the configuration, as it is kept. */
export function tokenSettings({ secret, ...settings }: TokenOptions): TokenSettings {
  return { ...settings, ...(secret !== undefined && { sha256: hashSecret(secret) }) }
}

class TokenInUse implements Token {
  readonly settings: TokenSettings
  readonly origin: TokenOrigin
  readonly scope: Scope
  readonly limit: RateLimit
  readonly #clock: Clock
  readonly #sources: ReturnType<typeof sourcesOf> | undefined
  readonly #expiresAt: number
  readonly #controller = new AbortController()
  #expiry: Timer | undefined

  constructor(settings: TokenSettings, origin: TokenOrigin, clock: Clock) {
    this.settings = settings
    this.origin = origin
    this.#clock = clock
    this.scope = compileScope(settings, `the token ${JSON.stringify(settings.name)}`)
    this.limit = new RateLimit(settings.rate_limit, clock, this.scope.subject)
    this.#sources = settings.from && sourcesOf(settings.from)
    this.#expiresAt = settings.expires_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(settings.expires_at)
    this.#watchExpiry()
  }

  get until(): AbortSignal {
    return this.#controller.signal
  }

  refuses(selfId: UserId, from: string | undefined): string | undefined {
    const { subject, isPowerless } = this.scope
    if (this.#clock.now() >= this.#expiresAt) return this.#expired()
    if (this.until.aborted) return String(this.until.reason)
    const elsewhere = this.excludes(selfId)
    if (elsewhere !== undefined) return elsewhere
    if (this.#sources && !isWithin(this.#sources, from)) {
      return `${subject} may not come from ${from || 'a unix socket'}: its from is ${this.settings.from!.join(', ')}`
    }
    return isPowerless ? `${subject} may do nothing: it names no preset, no action to allow and no events` : undefined
  }

  excludes(selfId: UserId): string | undefined {
    const { bots } = this.settings
    if (bots === undefined || bots.includes(selfId)) return undefined
    return `${this.scope.subject} is not for the bot ${selfId}: its bots is ${bots.join(', ')}`
  }

  end(reason: string): void {
    this.rest()
    this.#controller.abort(reason)
  }

  rest(): void {
    this.#expiry?.cancel()
  }

  #expired(): string {
    return `${this.scope.subject} has expired: it was good until ${this.settings.expires_at}`
  }

  #watchExpiry(): void {
    if (!Number.isFinite(this.#expiresAt)) return
    const left = this.#expiresAt - this.#clock.now()
    if (left <= 0) return this.end(this.#expired())
    this.#expiry = this.#clock.setTimeout(() => this.#watchExpiry(), Math.min(left, LONGEST_DELAY_MS))
  }
}

function isWithin(sources: ReturnType<typeof sourcesOf>, from = ''): boolean {
  // Behind a percent sign stands the interface that it came in by.
  const [address = ''] = from.split('%', 1)
  return isIP(address) !== 0 && sources.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

function isSame(one: TokenSettings, other: TokenSettings): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
