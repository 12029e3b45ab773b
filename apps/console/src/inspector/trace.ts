import { readMessage } from '@seekyou/message'
import { chatOf } from './record-line.ts'
import type { CallRecord, DeliveryRecord, EventRecord } from './tap-record.ts'
import type { Entry } from './timeline.ts'

/** How it is known that a call was made because of an event. */
type CallReason =
  /** It was the answer to the event. */
  | 'quick-operation'
  /** It names the message of the event. */
  | 'names-message'
  /** It came through a link that had been told the event, for the same chat, shortly after. */
  | 'told-link'
  /** Nobody knows whose it is, but it was for the same chat, shortly after: it may be chance. */
  | 'soon-after'

/** What followed from one event. */
export interface Trace {
  readonly event: EventRecord
  readonly deliveries: readonly DeliveryRecord[]
  readonly calls: readonly TracedCall[]
}

/** A call that followed, and the events that tell of what it did. */
interface TracedCall {
  readonly call: CallRecord
  readonly reason: CallReason
  readonly effects: readonly EventRecord[]
}

/** Later calls are not taken for an answer, unless they name the message: in milliseconds. */
const SOON = 10_000

/** Follows one event through what is kept: to its links, to the calls of their programs, to what those did. */
export function traceOf(entries: Iterable<Entry>, seq: number): Trace | undefined {
  const all = [...entries]
  const origin = all.find(({ record }) => record.type === 'event' && record.seq === seq)
  if (origin?.record.type !== 'event') return undefined
  const event = origin.record
  const events = new Map(all.flatMap(({ record }) => (record.type === 'event' ? [[record.seq, record] as const] : [])))
  const told = new Set(origin.deliveries.filter(hasArrived).map(({ link }) => link))
  const calls = all.flatMap(({ record }): TracedCall[] => {
    const reason = record.type === 'call' ? reasonOf(record, event, told) : undefined
    if (record.type !== 'call' || !reason) return []
    const effects = (record.events ?? []).flatMap((effect) => events.get(effect) ?? [])
    return [{ call: record, reason, effects }]
  })
  return { event, deliveries: newestByLink(origin.deliveries), calls }
}

function hasArrived({ outcome }: DeliveryRecord): boolean {
  return outcome === 'written' || outcome === 'acknowledged'
}

/** Of each link the last that is known. */
function newestByLink(deliveries: readonly DeliveryRecord[]): readonly DeliveryRecord[] {
  return [...new Map(deliveries.map((delivery) => [delivery.link, delivery])).values()]
}

function reasonOf(call: CallRecord, event: EventRecord, told: ReadonlySet<string>): CallReason | undefined {
  if (call.seq === event.seq) return 'quick-operation'
  if (call.at < event.at || call.events?.includes(event.seq)) return undefined
  if (namesMessage(call.params, event.event['message_id'])) return 'names-message'
  if (call.at - event.at > SOON || !isSameChat(call.params, event.event)) return undefined
  // A caller over HTTP has no link of its own, so it could be the program of any.
  if (call.link === undefined) return told.size > 0 ? 'soon-after' : undefined
  return told.has(call.link) ? 'told-link' : undefined
}

function isSameChat(one: unknown, other: unknown): boolean {
  const [left, right] = [chatOf(one), chatOf(other)]
  return left !== undefined && left.kind === right?.kind && left.id === right.id
}

/** Whether params are about this message: by `message_id`, or by a reply to it. */
function namesMessage(params: unknown, messageId: unknown): boolean {
  if (typeof messageId !== 'number' && typeof messageId !== 'string') return false
  if (typeof params !== 'object' || params === null) return false
  const id = String(messageId)
  const named: unknown = Reflect.get(params, 'message_id')
  if ((typeof named === 'string' || typeof named === 'number') && String(named) === id) return true
  const message: unknown = Reflect.get(params, 'message')
  try {
    return readMessage(message).some(({ type, data }) => type === 'reply' && data['id'] === id)
  } catch {
    return false
  }
}
