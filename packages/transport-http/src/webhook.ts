import type { Clock, EventSink, Gateway, Logger, OutgoingEvent, Timer } from '@seekyou/protocol'
import type { WebhookOptions } from './options.ts'
import { createWebhookClient } from './webhook-client.ts'

/** A link that posts every event to a program; disposing it ends the link. */
export interface Webhook extends AsyncDisposable {
  readonly state: WebhookState
}

/** How a webhook is doing. Times are in milliseconds since 1970. */
export interface WebhookState {
  /** Why the last event was not taken; `undefined` while events are. */
  readonly lastError: string | undefined
  readonly failingSince: number | undefined
  /** When the event at hand is tried again, while one waits for that. */
  readonly nextTry: number | undefined
}

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000
/** How long a running post may go on once the link is told to end. */
const GRACE_MS = 2000

/**
 * Begins to tell the account's events to a program, one at a time and in order. An event stays until the program has
 * it, or says that it does not want it; a JSON object in the answer is done as a quick operation.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/http-post.md
 */
export function createWebhook({
  gateway,
  options,
  clock,
  log,
  random = Math.random,
}: {
  readonly gateway: Gateway
  readonly options: WebhookOptions
  readonly clock: Clock
  readonly log: Logger
  /** From 0 up to 1; spreads the retries of many links. */
  readonly random?: () => number
}): Webhook {
  // The URL is not logged: its query may hold a secret.
  const logger = log.child({ webhook: options.name })
  const client = createWebhookClient({
    options,
    headers: { 'x-self-id': String(gateway.selfId), 'user-agent': gateway.dialect.userAgent },
    clock,
  })

  let state: WebhookState = HEALTHY
  /** Posting, or waiting to try again; only this one event is held. */
  let running: Promise<void> | undefined
  /** An event that came although a pause was asked for: the `disable` at the end. */
  let last: OutgoingEvent | undefined
  let isEnding = false
  let wakeUp: (() => void) | undefined

  const sink: EventSink = {
    write(event) {
      if (running) last = event
      else running = run(event)
      return false
    },
    end: endRetries,
  }
  const subscription = gateway.subscribe(sink, { name: options.name, kind: 'webhook', lifecycle: 'enable' })

  async function run(event: OutgoingEvent): Promise<void> {
    await deliver(event)
    const next = last
    last = undefined
    if (next) return run(next)
    running = undefined
    if (!isEnding) subscription.resume()
  }

  async function deliver(event: OutgoingEvent): Promise<void> {
    let refusals = 0
    for (let tries = 1; ; tries++) {
      const outcome = await client.post(event.text)
      switch (outcome.type) {
        case 'delivered':
          recovered()
          if (outcome.problem) logger.warn({ reason: outcome.problem }, 'a quick operation was not done')
          if (outcome.operation) await operate(event, outcome.operation)
          // After that: what a crash cuts off here is posted again, and its answer is not done twice.
          take(event)
          return
        case 'rejected':
          failing(outcome.reason, 'a webhook refuses events; each is tried some times and then kept as a dead letter')
          if (event.seq === undefined) return
          refusals++
          if (refusals >= options.max_refusals && (await putAside(event, outcome.reason, refusals))) return
          await pause(retryDelay(refusals))
          if (isEnding) return
          break
        case 'failed': {
          if (isEnding) return
          failing(outcome.reason, 'a webhook takes no events; trying again until it does')
          if (event.seq === undefined) return
          await pause(retryDelay(tries, outcome.retryAfterMs))
          if (isEnding) return
        }
      }
    }
  }

  function take(event: OutgoingEvent): void {
    if (event.seq !== undefined) subscription.taken(event.seq)
  }

  async function putAside(event: OutgoingEvent, reason: string, tries: number): Promise<boolean> {
    const isKept = await subscription.refused(event, { reason, tries })
    if (isKept) logger.warn({ seq: event.seq, reason, tries }, 'a webhook refused an event; it is a dead letter now')
    return isKept
  }

  /** Waited for, so that answers to two events are done in the order of the events. */
  async function operate(event: OutgoingEvent, operation: object): Promise<void> {
    try {
      await subscription.quickOperation(event, operation)
    } catch (error) {
      logger.warn({ err: error }, 'a quick operation failed')
    }
  }

  /** Half of it is left to chance; what the program asks for is honoured up to the longest delay. */
  function retryDelay(tries: number, retryAfterMs = 0): number {
    const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1))
    return Math.min(LONGEST_DELAY_MS, Math.max(retryAfterMs, full * (0.5 + random() / 2)))
  }

  async function pause(delayMs: number): Promise<void> {
    const over = Promise.withResolvers<void>()
    const timer: Timer = clock.setTimeout(over.resolve, delayMs)
    wakeUp = over.resolve
    state = { ...state, nextTry: clock.now() + delayMs }
    await over.promise
    timer.cancel()
    state = { ...state, nextTry: undefined }
  }

  function failing(reason: string, message: string): void {
    if (state.failingSince === undefined) logger.warn({ reason }, message)
    state = { lastError: reason, failingSince: state.failingSince ?? clock.now(), nextTry: undefined }
  }

  function recovered(): void {
    if (state.failingSince === undefined) return
    logger.info({ failed_for_ms: clock.now() - state.failingSince }, 'a webhook takes events again')
    state = HEALTHY
  }

  function endRetries(): void {
    isEnding = true
    wakeUp?.()
  }

  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    // The account may still write `disable` here.
    subscription.end()
    endRetries()
    const graceOver = Promise.withResolvers<void>()
    const timer = clock.setTimeout(graceOver.resolve, GRACE_MS)
    await Promise.race([running, graceOver.promise])
    timer.cancel()
    await client.close()
  }

  return {
    get state() {
      return state
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  }
}

const HEALTHY: WebhookState = { lastError: undefined, failingSince: undefined, nextTry: undefined }
