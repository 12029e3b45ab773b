import { encodeCqCode, readMessage } from '@seekyou/message'
import { eventName, isFailure } from './record-filter.ts'
import type { DeliveryRecord, FilterClause, TapRecord } from './tap-record.ts'

/** The chat that something belongs to, if it belongs to one. */
export interface ChatOf {
  readonly kind: 'group' | 'user' | 'discuss' | 'guild'
  readonly id: string
}

/** What a line says of a record, apart from the words of a language. */
export interface RecordLine {
  /** The name of the event, the action or the link. */
  readonly name: string
  /** What it is about, in one line. */
  readonly about: string
  readonly chat?: ChatOf
}

/** Longer lines are cut: nobody sees their end. In characters. */
const LONGEST_LINE = 200

const lines = new WeakMap<TapRecord, RecordLine>()

/** The line of a record; made once. */
export function lineOf(record: TapRecord): RecordLine {
  let line = lines.get(record)
  if (!line) lines.set(record, (line = makeLine(record)))
  return line
}

function makeLine(record: TapRecord): RecordLine {
  switch (record.type) {
    case 'event':
      return { name: eventName(record.event), about: aboutEvent(record.event), ...chatPart(record.event) }
    case 'call':
      return {
        name: record.action,
        about: isFailure(record.answer) ? wordingOf(record) : short(record.params),
        ...chatPart(record.params),
      }
    case 'delivery':
      return { name: record.link, about: aboutDelivery(record) }
    case 'link':
      return { name: record.link, about: aboutState(record.state) }
    case 'gap':
      return { name: '', about: '' }
  }
}

function wordingOf({ answer }: Extract<TapRecord, { type: 'call' }>): string {
  return answer.wording || answer.msg || `retcode ${answer.retcode}`
}

function aboutEvent(event: Readonly<Record<string, unknown>>): string {
  const message = event['message']
  if (message !== undefined) {
    const sender = nameOf(event['sender']) || textOf(event['user_id'])
    return cut(`${sender}: ${messageLine(message)}`)
  }
  // Which fields tell something differs; those that every event has do not.
  return short(Object.fromEntries(Object.entries(event).filter(([key]) => !everywhere.has(key))))
}

const everywhere: ReadonlySet<string> = new Set([
  'time',
  'self_id',
  'post_type',
  'notice_type',
  'request_type',
  'meta_event_type',
  'message_type',
])

/** A message as text with CQ codes. */
function messageLine(message: unknown): string {
  try {
    return encodeCqCode(readMessage(message)).replaceAll(/\s+/g, ' ')
  } catch {
    return short(message)
  }
}

function nameOf(sender: unknown): string {
  if (typeof sender !== 'object' || sender === null) return ''
  return textOf(Reflect.get(sender, 'card')) || textOf(Reflect.get(sender, 'nickname'))
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Where an event happened, or what a call is about. */
export function chatOf(value: unknown): ChatOf | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  // What the account says itself in private is in the chat with whom it says it to.
  const isOwn = Reflect.get(value, 'message_type') === 'private' && Reflect.get(value, 'post_type') === 'message_sent'
  const keys = [
    ['group', 'group_id'],
    ['discuss', 'discuss_id'],
    ['guild', 'channel_id'],
    ['user', isOwn ? 'target_id' : 'user_id'],
  ] as const
  for (const [kind, key] of keys) {
    const id = textOf(Reflect.get(value, key))
    if (id !== '') return { kind, id }
  }
  return undefined
}

function chatPart(value: unknown): { readonly chat?: ChatOf } {
  const chat = chatOf(value)
  return chat ? { chat } : {}
}

/** What there is to say of a delivery beside its outcome. */
function aboutDelivery({ clause, reason, status, tries }: DeliveryRecord): string {
  if (clause) return clauseLine(clause)
  const said = [
    status === undefined ? '' : `HTTP ${status}`,
    tries !== undefined && tries > 1 ? `×${tries}` : '',
    reason,
  ]
  return said.filter(Boolean).join(' · ')
}

/** A clause as it stands in a rule, and the value that it said no to: `user_id .in [1,2]  ← "10001"`. */
function clauseLine({ field, operator, argument, value, alternatives }: FilterClause): string {
  if (alternatives && alternatives.length > 0) return cut(`.or: ${alternatives.map(clauseLine).join('  |  ')}`)
  return cut(`${field || 'event'} ${operator} ${short(argument)}  ← ${JSON.stringify(value)}`)
}

/** The state itself stands at the end of the line. */
function aboutState(state: unknown): string {
  const error: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'lastError') : undefined
  return typeof error === 'string' ? cut(error) : ''
}

function short(value: unknown): string {
  return value === undefined ? '' : cut(JSON.stringify(value))
}

function cut(text: string): string {
  return text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}…`
}
