import { ActionFailure } from '@seekyou/protocol'
import type { Clock, Outcome } from '@seekyou/protocol'
import type { RateLimitOptions } from './rate-limit-options.ts'

type Refusal = Extract<Outcome, { type: 'failed' }>

/** Nobody waits for longer than this; what would have to is refused, so that not many can wait. */
const LONGEST_WAIT_MS = 60_000

/**
 * The bucket of tokens that the calls of one link, or of one scoped token, come out of: it holds `bucket` of them and gets
 * `frequency` new ones a second. Where none is left a call waits for one, or is refused at once with `reject`.
 */
export class RateLimit {
  readonly #clock: Clock
  #options: RateLimitOptions
  readonly #whose: string
  /** Below zero while calls wait for tokens that are still to come. */
  #tokens: number
  #countedAt: number

  /** @param whose who is limited, for the sentence about it: `this link` */
  constructor(options: RateLimitOptions, clock: Clock, whose = 'this link') {
    this.#clock = clock
    this.#whose = whose
    this.#options = options
    this.#tokens = options.bucket
    this.#countedAt = clock.now()
  }

  /** Goes by another rate from now on; what is left in the bucket stays there as far as it fits. */
  change(options: RateLimitOptions): void {
    this.#refill()
    // A limit that there was none of begins with a full bucket.
    this.#tokens = this.#options.frequency === 0 ? options.bucket : Math.min(options.bucket, this.#tokens)
    this.#options = options
  }

  /** Lets a call through, now or when its turn comes; what comes back instead is how the call ends. */
  pass(): Refusal | Promise<undefined> | undefined {
    const { frequency, bucket, reject } = this.#options
    if (frequency === 0) return undefined
    this.#refill()
    // A token that came in parts is whole although they do not quite add up to one.
    const waitMs = Math.ceil(((1 - this.#tokens) / frequency) * 1000 - 1e-6)
    if (waitMs > (reject ? 0 : LONGEST_WAIT_MS)) {
      const wording = `too many calls: ${this.#whose} may do ${frequency} a second, ${bucket} of them at once; call again later`
      return { type: 'failed', failure: new ActionFailure('rate-limited', wording, { retryAfterMs: waitMs }) }
    }
    this.#tokens -= 1
    if (waitMs <= 0) return undefined
    return new Promise((resolve) => this.#clock.setTimeout(() => resolve(undefined), waitMs))
  }

  #refill(): void {
    const { frequency, bucket } = this.#options
    const now = this.#clock.now()
    // A clock that is set back earns nothing, and takes nothing away.
    const earned = (Math.max(0, now - this.#countedAt) / 1000) * frequency
    this.#tokens = Math.min(bucket, this.#tokens + earned)
    this.#countedAt = now
  }
}
