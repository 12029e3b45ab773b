import { isMessage } from '@seekyou/protocol'
import type { NetworkEvent, Seq, WireEvent } from '@seekyou/protocol'
import type { CallRecord, DeliveryRecord, TapRecord } from './tap-record.ts'
import type { Tap } from './tap.ts'

/**
 * How it is known that a call has to do with an event:
 * `quick_operation`: the program answered the event with it;
 * `made_it`: the call sent the message that the event tells of;
 * `names_it`: its params hold the number of the message, or the flag of the request;
 * `came_after`: nothing says so. It came through a link that had the event, about the same chat, within ten seconds.
 */
export type TraceRelation = 'quick_operation' | 'made_it' | 'names_it' | 'came_after'

/** What became of one event, as far as the tap still has it. */
export interface Trace {
  readonly seq: Seq
  readonly event: WireEvent
  readonly deliveries: readonly DeliveryRecord[]
  readonly calls: readonly (CallRecord & { readonly relation: TraceRelation })[]
}

/** How long after an event a call may still come of it. */
const ANSWER_MS = 10_000
/** Calls that are looked at. */
const MOST_CALLS = 5000

export function traceEvent(tap: Tap, seq: Seq, event: NetworkEvent): Pick<Trace, 'deliveries' | 'calls'> {
  const deliveries = tap.about(seq).filter((record) => record.type === 'delivery')
  const { records } = tap.read({ after: tap.beforeLast(MOST_CALLS, onlyCalls), limit: MOST_CALLS, types: onlyCalls })
  const calls = records.flatMap((call) => {
    if (call.type !== 'call') return []
    const relation = relationOf(call, { seq, event, deliveries })
    return relation ? [{ ...call, relation }] : []
  })
  return { deliveries, calls }
}

const onlyCalls: ReadonlySet<TapRecord['type']> = new Set(['call'])

function relationOf(
  call: CallRecord,
  {
    seq,
    event,
    deliveries,
  }: { readonly seq: Seq; readonly event: NetworkEvent; readonly deliveries: Trace['deliveries'] },
): TraceRelation | undefined {
  if (call.seq === seq) return 'quick_operation'
  if (call.events?.includes(seq)) return 'made_it'
  if (typeof call.params !== 'object' || call.params === null) return undefined
  if (names(call.params, event)) return 'names_it'
  const told = deliveries.find(
    ({ link, outcome }) => link === call.link && (outcome === 'written' || outcome === 'acknowledged'),
  )
  if (!told || call.at < told.at || call.at - told.at > ANSWER_MS) return undefined
  return isAboutChatOf(call.params, event) ? 'came_after' : undefined
}

function names(params: object, event: NetworkEvent): boolean {
  if ('flag' in event && 'flag' in params && params.flag === event.flag) return true
  if (!isMessage(event)) return false
  const id = String(event.message_id)
  if ('message_id' in params && String(params.message_id) === id) return true
  // A reply names the message that it is to, as text or as a segment.
  return 'message' in params && isReplyTo(params.message, id)
}

function isReplyTo(message: unknown, id: string): boolean {
  if (typeof message === 'string') return message.includes(`[CQ:reply,id=${id}]`)
  if (!Array.isArray(message)) return false
  return message.some(
    ({ type, data }: { type?: unknown; data?: { id?: unknown } }) => type === 'reply' && String(data?.id) === id,
  )
}

function isAboutChatOf(params: object, event: NetworkEvent): boolean {
  const told: Readonly<Record<string, unknown>> = event.post_type === 'foreign' ? event.told : { ...event }
  const asked: Readonly<Record<string, unknown>> = { ...params }
  const key = told['group_id'] === undefined ? 'user_id' : 'group_id'
  // Numbers come from clients as numbers and as text.
  return told[key] !== undefined && JSON.stringify(told[key]) === JSON.stringify(asked[key] ?? null).replaceAll('"', '')
}
