import { answer, integer, once } from '@seekyou/protocol'
import type { Answer, Clock, Gateway, OutgoingEvent, Subscription } from '@seekyou/protocol'
import * as z from 'zod'

/** Seconds; how long `get_updates` waits for an event unless it says otherwise, and at most. */
const USUAL_WAIT = 30
const LONGEST_WAIT = 300
/** What `get_updates` answers at most, however much it asks for; the rest comes with the next one. */
const MOST_EVENTS = 1000

/** What `get_updates` takes. */
export const pollParams = once(() =>
  z.object({
    limit: integer.nullish().describe('how many events at most; absent or 0: all, up to a thousand'),
    timeout: integer.nullish().describe('seconds to wait for an event; absent or 0: half a minute'),
  }),
)

/** One answer of `get_updates` on its way. */
export interface Updates {
  readonly answer: Answer
  /** To be called once it is known whether the client has it: what it has not comes again with the next one. */
  readonly settle: (hasArrived: boolean) => void
}

/**
 * Serves `get_updates`: the events since it was last called, or the next that happens while it waits. Between two calls
 * they wait in the journal. Those who call at the same time share the events and come one after the other.
 *
 * @see https://docs.go-cqhttp.org/guide/config.html
 */
export class LongPolling {
  readonly #name: string
  readonly #clock: Clock
  readonly #lines = new WeakMap<Gateway, Poll[]>()
  readonly #polls = new Set<Poll>()
  #isClosed = false

  constructor({ name, clock }: { readonly name: string; readonly clock: Clock }) {
    this.#name = name
    this.#clock = clock
  }

  /** Waits until there is something to answer, or `gone` says that the client no longer wants it. */
  async next(gateway: Gateway, params: unknown, gone: AbortSignal): Promise<Updates> {
    const read = pollParams().safeParse(params)
    if (!read.success) return refusal(gateway, read.error)
    const limit = within(read.data.limit, MOST_EVENTS, MOST_EVENTS)
    const poll = new Poll({ gateway, name: this.#name, limit })
    const timeout = within(read.data.timeout, USUAL_WAIT, LONGEST_WAIT) * 1000
    const timer = this.#clock.setTimeout(() => poll.end(), timeout)
    gone.addEventListener('abort', () => poll.end(), { once: true })
    this.#polls.add(poll)
    this.#standInLine(gateway, poll)
    if (this.#isClosed) poll.end()

    const { events, refused } = await poll.ended
    timer.cancel()
    this.#polls.delete(poll)
    const data = events.map(({ text }): unknown => JSON.parse(text))
    return {
      answer: refused === undefined ? answer({ type: 'done', data }, gateway.dialect) : gateway.refuse('busy', refused),
      settle: (hasArrived) => {
        if (hasArrived) poll.taken()
        this.#leaveLine(gateway, poll)
      },
    }
  }

  /** Answers everyone who waits with what there is. */
  close(): void {
    this.#isClosed = true
    this.answerAll()
  }

  /** Answers everyone who waits with what there is; who is still welcome asks again. */
  answerAll(): void {
    for (const poll of this.#polls) poll.end()
  }

  #standInLine(gateway: Gateway, poll: Poll): void {
    const line = this.#lines.get(gateway) ?? []
    this.#lines.set(gateway, line)
    line.push(poll)
    if (line.length === 1) poll.start()
  }

  #leaveLine(gateway: Gateway, poll: Poll): void {
    const line = this.#lines.get(gateway) ?? []
    const place = line.indexOf(poll)
    if (place === -1) return
    line.splice(place, 1)
    if (place === 0) line[0]?.start()
  }
}

interface PollEnd {
  readonly events: readonly OutgoingEvent[]
  /** Why another link has them, if one does. */
  readonly refused?: string
}

/** One call of `get_updates`: a link that ends with the first events it gets. */
class Poll {
  readonly #gateway: Gateway
  readonly #name: string
  readonly #limit: number
  readonly #end = Promise.withResolvers<PollEnd>()
  readonly #events: OutgoingEvent[] = []
  #subscription: Subscription | undefined
  #isEnded = false

  constructor({ gateway, name, limit }: { readonly gateway: Gateway; readonly name: string; readonly limit: number }) {
    this.#gateway = gateway
    this.#name = name
    this.#limit = limit
  }

  get ended(): Promise<PollEnd> {
    return this.#end.promise
  }

  start(): void {
    if (this.#isEnded) return
    this.#subscription = this.#gateway.subscribe(
      {
        write: (event) => this.#write(event),
        end: (reason) => this.end(reason),
      },
      { name: this.#name, kind: 'long-polling', lifecycle: 'connect' },
    )
  }

  #write(event: OutgoingEvent): boolean {
    // Told to a link that begins, and what tells signs of life: nothing to wake anyone for.
    if (event.seq === undefined) return true
    this.#events.push(event)
    // What happened in the same moment, or waits in the journal, comes along.
    if (this.#events.length === 1) setImmediate(() => this.end())
    return this.#events.length < this.#limit
  }

  /** Ends with what there is; with nothing and a reason, it is refused. */
  end(reason?: string): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#subscription?.end()
    const refused = this.#events.length === 0 ? reason : undefined
    this.#end.resolve({ events: this.#events, ...(refused !== undefined && { refused }) })
  }

  taken(): void {
    const seq = this.#events.at(-1)?.seq
    if (seq !== undefined) this.#subscription?.taken(seq)
  }
}

function within(value: number | null | undefined, usual: number, most: number): number {
  return Math.min(most, value && value > 0 ? value : usual)
}

function refusal(gateway: Gateway, error: z.ZodError): Updates {
  const param = String(error.issues[0]?.path[0])
  const wording = `${param} takes a whole number, such as get_updates?limit=10&timeout=30`
  return { answer: gateway.refuse('bad-params', wording), settle: () => undefined }
}
