import { createHash } from 'node:crypto'
import { attempt, idempotencyKey } from '@seekyou/actions'
import { ActionFailure } from '@seekyou/protocol'
import type {
  CallMemory,
  CallRequest,
  Clock,
  Logger,
  Outcome,
  RememberedCall,
  RememberedOutcome,
} from '@seekyou/protocol'

/** How long a call can be repeated. */
const KEPT_MS = 600_000

/** A result larger than this, in characters of JSON, is not kept: no send has one. */
const LARGEST_RESULT = 65_536

interface RepeatableCallsSetup {
  readonly memory: CallMemory
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Does a call once, however often it comes under its key within ten minutes: while the first still runs, after it, and
 * after a restart. Of a call that a restart cut off nobody knows whether it was done, so it is not done again. What
 * failed was not done, and is.
 */
export class RepeatableCalls {
  readonly #memory: CallMemory
  readonly #clock: Clock
  readonly #log: Logger
  readonly #running = new Map<string, { readonly fingerprint: string; readonly outcome: Promise<Outcome> }>()

  constructor({ memory, clock, log }: RepeatableCallsSetup) {
    this.#memory = memory
    this.#clock = clock
    this.#log = log
  }

  /**
   * Does a call, once if it carries a `_idempotency_key`; `run` gets it without that. What one `owner` gave as a key is
   * another key than that of the next.
   */
  invoke(call: CallRequest, run: (call: CallRequest) => Promise<Outcome>, owner = 'key'): Promise<Outcome> {
    const { params } = call
    // Not async itself: almost every call comes like this, and would wait for one more promise.
    if (typeof params !== 'object' || params === null || !('_idempotency_key' in params)) return run(call)
    return this.#invokeKeyed(call, params, { run, owner })
  }

  async #invokeKeyed(
    call: CallRequest,
    { _idempotency_key, ...rest }: { readonly _idempotency_key: unknown },
    { run, owner }: { readonly run: (call: CallRequest) => Promise<Outcome>; readonly owner: string },
  ): Promise<Outcome> {
    const plain = { ...call, params: rest }
    if (_idempotency_key === null || _idempotency_key === undefined) return run(plain)
    const key = idempotencyKey().safeParse(_idempotency_key)
    if (key.success) return this.once(`${owner}/${key.data}`, plain, () => run(plain))
    const wording = `_idempotency_key takes ${key.error.issues[0]!.message}`
    return { type: 'failed', failure: new ActionFailure('bad-params', wording) }
  }

  /** Does `call` under a key, or answers how it ended before. */
  async once(key: string, call: CallRequest, run: () => Promise<Outcome>): Promise<Outcome> {
    const fingerprint = fingerprintOf(call)
    const running = this.#running.get(key)
    if (running) return running.fingerprint === fingerprint ? running.outcome : usedOtherwise(key)
    const outcome = this.#begin({ key, action: call.action, fingerprint, run })
    this.#running.set(key, { fingerprint, outcome })
    try {
      return await outcome
    } finally {
      this.#running.delete(key)
    }
  }

  async #begin({ key, action, fingerprint, run }: BegunCall & { readonly run: () => Promise<Outcome> }) {
    const at = this.#clock.now()
    let known: RememberedCall | undefined
    const prepared = await attempt(action, this.#log, async () => {
      known = await this.#memory.find(key)
      if (known && at - known.at >= KEPT_MS) known = undefined
      if (!known) await this.#memory.put(key, { fingerprint, at, outcome: { type: 'running' } })
    })
    if (prepared.type !== 'done') return prepared
    if (known) return known.fingerprint === fingerprint ? outcomeOf(known.outcome) : usedOtherwise(key)
    const outcome = await run()
    await this.#remember(outcome, { key, action, fingerprint, at })
    return outcome
  }

  /** Writes down how a call ended; where that cannot be done, a repetition is told that nobody knows. */
  async #remember(outcome: Outcome, call: BegunCall & { readonly at: number }): Promise<void> {
    const { key, action, fingerprint, at } = call
    try {
      const kept = keepable(outcome)
      if (kept) await this.#memory.put(key, { fingerprint, at, outcome: kept })
      else await this.#memory.remove(key)
    } catch (error) {
      this.#log.error({ action, err: error }, 'how a call ended cannot be written down; it is not done twice')
    }
    if (outcome.type !== 'unknown' || !outcome.outcome) return
    const told = attempt(action, this.#log, async () => outcome.outcome)
    void told.then((later) => this.#remember(later, call))
  }
}

interface BegunCall {
  readonly key: string
  readonly action: string
  readonly fingerprint: string
}

function outcomeOf(remembered: RememberedOutcome): Outcome {
  if (remembered.type !== 'running') return remembered
  const wording =
    'the server was stopped while it did this call, so nobody knows what became of it; it is not done again'
  return { type: 'unknown', wording }
}

function keepable(outcome: Outcome): RememberedOutcome | undefined {
  switch (outcome.type) {
    case 'done': {
      const data = outcome.data ?? null
      return JSON.stringify(data).length <= LARGEST_RESULT ? { type: 'done', data } : undefined
    }
    case 'later':
      return { type: 'later' }
    case 'unknown':
      return { type: 'unknown', wording: outcome.wording }
    case 'failed':
      // Whether a fault of ours came before or after the deed, nobody knows.
      return outcome.failure.kind === 'internal' ? { type: 'unknown', wording: outcome.failure.message } : undefined
  }
}

function usedOtherwise(key: string): Outcome {
  const shown = JSON.stringify(key.slice(key.indexOf('/') + 1))
  const wording = `_idempotency_key ${shown} was used for another call within the last ten minutes`
  return { type: 'failed', failure: new ActionFailure('bad-params', wording) }
}

/** The same for the same call, in whatever order its params were written. */
function fingerprintOf({ action, params }: CallRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([action, params], inOrder))
    .digest('base64url')
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1))
  return Object.fromEntries(entries)
}
