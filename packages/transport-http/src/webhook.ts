import { webhookHeaders } from '@seekyou/protocol'
import type { Clock, EventSink, Gateway, LinkState, Logger, OutgoingEvent, Timer } from '@seekyou/protocol'
import type { WebhookOptions } from './options.ts'
import { createWebhookClient } from './webhook-client.ts'

/** A link that posts every event to a program; disposing it ends the link. */
export interface Webhook extends AsyncDisposable {
  /** `connecting` until the program has answered for the first time. */
  readonly state: LinkState
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
  accessToken,
  onStateChange,
  clock,
  log,
  random = Math.random,
}: {
  readonly gateway: Gateway
  readonly options: WebhookOptions
  /** Shown to the program where its dialect has webhooks do that. */
  readonly accessToken?: string | undefined
  /** Called when its state is another. */
  readonly onStateChange?: () => void
  readonly clock: Clock
  readonly log: Logger
  /** From 0 up to 1; spreads the retries of many links. */
  readonly random?: () => number
}): Webhook {
  // The URL is not logged: its query may hold a secret.
  const logger = log.child({ webhook: options.name })
  const client = createWebhookClient({
    options,
    headers: webhookHeaders({ selfId: gateway.selfId, dialect: gateway.dialect, accessToken }),
    clock,
  })

  let state: LinkState = { phase: 'connecting' }
  /** Posting, or waiting to try again; only this one event is held. */
  let running: Promise<void> | undefined
  /** An event that came although a pause was asked for: the `disable` at the end. */
  let last: OutgoingEvent | undefined
  /** Whether the program ever took one. */
  let hasTaken = false
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
    let isAgain = false
    for (let tries = 1; ; tries++) {
      const outcome = await client.post(event.text)
      const { status } = outcome
      switch (outcome.type) {
        case 'delivered':
          subscription.attempted(event, { outcome: 'acknowledged', tries, status })
          recovered()
          hasTaken = true
          if (outcome.problem) logger.warn({ reason: outcome.problem }, 'a quick operation was not done')
          if (outcome.operation) await operate(event, outcome.operation)
          // After that: what a crash cuts off here is posted again, and its answer is not done twice.
          take(event)
          return
        case 'rejected': {
          refusals++
          const isLast = event.seq === undefined || refusals >= mostRefusals()
          const delayMs = retryDelay(refusals)
          failing(
            outcome.reason,
            'a webhook refuses events; each is tried some times and then kept as a dead letter',
            isLast ? 0 : delayMs,
          )
          const { reason } = outcome
          const isKept = isLast && (event.seq === undefined || (await putAside(event, reason, refusals)))
          subscription.attempted(event, { outcome: isKept ? 'refused' : 'retry', tries, status, reason })
          if (isKept) return
          await pause(delayMs)
          if (isEnding) return
          break
        }
        case 'failed': {
          if (isEnding) return
          if (outcome.isStale && !isAgain) {
            // The program is there: it may close a connection that nothing happens on just when something does.
            isAgain = true
            tries--
            break
          }
          // What is told once or not at all is not tried again, and what comes next is tried at once.
          const delayMs = event.seq === undefined ? 0 : retryDelay(tries, outcome.retryAfterMs)
          failing(outcome.reason, 'a webhook takes no events; trying again until it does', delayMs)
          const isOnce = event.seq === undefined
          subscription.attempted(event, {
            outcome: isOnce ? 'refused' : 'retry',
            tries,
            status,
            reason: outcome.reason,
          })
          if (event.seq === undefined) return
          await pause(delayMs)
          if (isEnding) return
        }
      }
    }
  }

  /** There are programs that refuse whatever they get, and do it all the same (Koishi answers 404): they get it once. */
  function mostRefusals(): number {
    return hasTaken ? options.max_refusals : 1
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
    await over.promise
    timer.cancel()
  }

  function failing(reason: string, message: string, delayMs: number): void {
    const now = clock.now()
    if (state.phase !== 'waiting') logger.warn({ reason }, message)
    const since = state.phase === 'waiting' ? state.since : now
    changeState({ phase: 'waiting', since, lastError: reason, nextTryAt: now + delayMs })
  }

  function recovered(): void {
    if (state.phase === 'open') return
    const now = clock.now()
    if (state.phase === 'waiting') logger.info({ failed_for_ms: now - state.since }, 'a webhook takes events again')
    changeState({ phase: 'open', since: now })
  }

  function changeState(next: LinkState): void {
    state = next
    onStateChange?.()
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
    changeState({ phase: 'ended' })
  }

  return {
    get state() {
      return state
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  }
}
