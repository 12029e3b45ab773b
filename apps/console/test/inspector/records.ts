import type { CallRecord, DeliveryRecord, EventRecord } from '../../src/inspector/tap-record.ts'

let id = 0

/** A message in a group, with what a test wants to be different. */
export function anEvent(seq: number, event: object = {}): EventRecord {
  const told = { post_type: 'message', message_type: 'group', group_id: 20001, user_id: 10001, message_id: seq }
  return { type: 'event', id: ++id, at: 1000 + seq, seq, event: { ...told, raw_message: `hello ${seq}`, ...event } }
}

/** What became of an event. */
export function aDelivery(
  seq: number,
  link: string,
  outcome: string,
  rest: Partial<DeliveryRecord> = {},
): DeliveryRecord {
  return { type: 'delivery', id: ++id, at: 1000 + seq, seq, link, outcome, ...rest }
}

/** A call of an action that was done. */
export function aCall(action: string, params: object, rest: Partial<CallRecord> = {}): CallRecord {
  const answer = { status: 'ok', retcode: 0, data: null }
  return { type: 'call', id: ++id, at: 1000, action, params, answer, ms: 3, ...rest }
}
