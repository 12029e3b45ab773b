import { actionNamed } from '@seekyou/actions'
import { isMessage } from '@seekyou/protocol'
import type { Condition, NetworkEvent, Status } from '@seekyou/protocol'

/** How the calls of one action went. */
export interface CallTally {
  readonly action: string
  /** How many ended with each retcode. */
  readonly retcodes: ReadonlyMap<number, number>
  /** How many took no longer than the bound of `latencyBoundsMs` at the same place; the last one counts all that took longer. */
  readonly latencies: readonly number[]
  readonly totalMs: number
}

/** What has passed through an account since it started, for operators. */
export interface Tally {
  /** Events by `post_type` and its detail, such as `notice.group_ban`. */
  readonly events: ReadonlyMap<string, number>
  readonly calls: readonly CallTally[]
}

/** Upper bounds of the classes that calls are counted in, in milliseconds. */
export const latencyBoundsMs = [1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const

/** What is no action of ours is counted under one name, since clients can think of any number of them. */
const OTHER_ACTION = 'other'

/** Networks have retcodes of their own; beyond so many of one action the rest is counted as one. */
const MOST_RETCODES = 32
const OTHER_RETCODE = -1

/** Bridged networks tell events of kinds that nobody listed; beyond so many the rest is counted as one. */
const MOST_EVENT_TYPES = 128

/** What has passed through an account since it started. */
export class Counters {
  #eventsReceived = 0
  #callsDone = 0
  #messagesReceived = 0
  #messagesSent = 0
  #lastMessageTime = 0
  readonly #events = new Map<string, number>()
  readonly #calls = new Map<string, MutableCallTally>()

  countEvent(event: NetworkEvent): void {
    this.#eventsReceived++
    this.#countType(event)
    if (!isMessage(event)) return
    this.#lastMessageTime = event.time
    if (event.post_type === 'message_sent') this.#messagesSent++
    else this.#messagesReceived++
  }

  countCall(name: string, { retcode, ms }: { readonly retcode: number; readonly ms: number }): void {
    this.#callsDone++
    const action = actionNamed(name) ?? OTHER_ACTION
    let call = this.#calls.get(action)
    if (!call) {
      call = { action, retcodes: new Map(), latencies: Array<number>(latencyBoundsMs.length + 1).fill(0), totalMs: 0 }
      this.#calls.set(action, call)
    }
    const { retcodes, latencies } = call
    const code = retcodes.has(retcode) || retcodes.size < MOST_RETCODES ? retcode : OTHER_RETCODE
    retcodes.set(code, (retcodes.get(code) ?? 0) + 1)
    let at = 0
    while (at < latencyBoundsMs.length && ms > latencyBoundsMs[at]!) at++
    latencies[at]!++
    call.totalMs += ms
  }

  tally(): Tally {
    return { events: this.#events, calls: [...this.#calls.values()] }
  }

  #countType(event: NetworkEvent): void {
    const name = typeName(event)
    const type = this.#events.has(name) || this.#events.size < MOST_EVENT_TYPES ? name : 'other'
    this.#events.set(type, (this.#events.get(type) ?? 0) + 1)
  }

  /** The account's condition, in the fields that every generation of clients looks for. */
  status(condition: Condition): Status {
    return {
      online: condition.phase !== 'offline',
      good: condition.phase === 'online',
      app_initialized: true,
      app_enabled: true,
      app_good: true,
      plugins_good: true,
      ...(condition.phase !== 'online' && { reason: condition.reason }),
      stat: {
        packet_received: this.#eventsReceived,
        packet_sent: this.#callsDone,
        packet_lost: 0,
        message_received: this.#messagesReceived,
        message_sent: this.#messagesSent,
        disconnect_times: 0,
        lost_times: 0,
        last_message_time: this.#lastMessageTime,
      },
    }
  }
}

interface MutableCallTally extends CallTally {
  readonly retcodes: Map<number, number>
  readonly latencies: number[]
  totalMs: number
}

/** The most general name of an event that says what it is about: `message.group`, `notice.group_ban`. */
function typeName(event: NetworkEvent): string {
  const { post_type } = event
  if (isMessage(event)) return `${post_type}.${event.message_type}`
  const { notice_type, request_type } = event as { readonly notice_type?: string; readonly request_type?: string }
  return `${post_type}.${notice_type ?? request_type ?? 'other'}`
}
