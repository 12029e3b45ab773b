import type { Answer, CallRecord, DeliveryRecord, TapRecord } from './tap-record.ts'

/** What can stand before the colon. */
export const filterKeys = [
  'type',
  'event',
  'action',
  'link',
  'group',
  'user',
  'message',
  'status',
  'retcode',
  'seq',
  'token',
  'from',
  'ms',
] as const

type FilterKey = (typeof filterKeys)[number]

/** One thing that is asked of a record; all of them must hold. */
interface Term {
  readonly key?: FilterKey
  readonly isNot: boolean
  readonly test: (record: TapRecord) => boolean
}

/** What was typed into the box, ready to be used. */
export interface RecordFilter {
  /** Whether it asks for links or for what became of something, so that no delivery is beside the point. */
  readonly asksForDeliveries: boolean
  /** Keys that do not exist, and bounds that are no number; they are taken as plain words. */
  readonly doubts: readonly string[]
  /** Whether a record is wanted; for an event with a delivery, the two of them together. */
  matches(record: TapRecord, delivery?: DeliveryRecord): boolean
}

const keys: ReadonlySet<string> = new Set(filterKeys)
/** A dash, a key, and what is asked of it; or plain words. Either may be in quotes. */
const termPattern = /(-?)(?:([a-z_]+):)?(?:"([^"]*)"?|(\S*))/g

/**
 * Reads the language of the filter box: plain words that the record holds, and `key:value`. `-` before a term means
 * "not", a comma between values means "or", `*` in a value stands for anything, quotes hold words together, and `ms`
 * takes `>`, `<`, `>=`, `<=`.
 */
export function readFilter(text: string): RecordFilter {
  const doubts: string[] = []
  const terms: Term[] = []
  for (const [whole, dash, key, quoted, bare] of text.matchAll(termPattern)) {
    const value = quoted ?? bare ?? ''
    const isNot = dash === '-'
    if (key !== undefined && keys.has(key)) {
      const test = testOf(key as FilterKey, value)
      if (test) {
        if (value !== '') terms.push({ key: key as FilterKey, isNot, test })
        continue
      }
    }
    const isWord = key === undefined || value.startsWith('//')
    if (!isWord) doubts.push(whole)
    const words = (isNot ? whole.slice(1) : whole).replaceAll('"', '').toLowerCase()
    if (words !== '') terms.push({ isNot, test: (record) => textOf(record).includes(words) })
  }
  return {
    asksForDeliveries: terms.some(({ key }) => key === 'link' || key === 'status' || key === 'type'),
    doubts,
    matches: (record, delivery) =>
      terms.every(({ test, isNot }) => (test(record) || (delivery !== undefined && test(delivery))) !== isNot),
  }
}

function testOf(key: FilterKey, value: string): Term['test'] | undefined {
  if (key === 'ms') return compileBound(value)
  const wanted = value.split(',').filter((part) => part !== '')
  const tests = wanted.map((part) => compileWord(part, key === 'event'))
  return (record) => tests.some((test) => readers[key](record).some(test))
}

/** Whether a value is this word, with `*` for anything; `message` also means `message.group`. */
function compileWord(word: string, isPrefix: boolean): (value: string) => boolean {
  const lower = word.toLowerCase()
  if (!lower.includes('*')) return (value) => value === lower || (isPrefix && value.startsWith(`${lower}.`))
  // Parts found one after the other, each as early as possible: linear, whatever was typed.
  const parts = lower.split('*')
  const first = parts[0]!
  const last = parts.at(-1)!
  return (value) => {
    if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false
    let at = first.length
    for (const part of parts.slice(1, -1)) {
      const found = value.indexOf(part, at)
      if (found < 0) return false
      at = found + part.length
    }
    return at <= value.length - last.length
  }
}

function compileBound(value: string): Term['test'] | undefined {
  const [, sign = '=', digits] = /^([<>]=?)?(\d+(?:\.\d+)?)$/.exec(value) ?? []
  if (digits === undefined) return value === '' ? () => true : undefined
  const bound = Number(digits)
  const holds: Readonly<Record<string, (ms: number) => boolean>> = {
    '>': (ms) => ms > bound,
    '>=': (ms) => ms >= bound,
    '<': (ms) => ms < bound,
    '<=': (ms) => ms <= bound,
    '=': (ms) => Math.round(ms) === bound,
  }
  return (record) => 'ms' in record && record.ms !== undefined && holds[sign]!(record.ms)
}

/** What a record has under each key, in lower case. */
const readers: Readonly<Record<FilterKey, (record: TapRecord) => readonly string[]>> = {
  type: (record) => [record.type],
  event: (record) => (record.type === 'event' ? [eventName(record.event).toLowerCase()] : []),
  action: (record) => (record.type === 'call' ? actionNames(record) : []),
  link: (record) => ('link' in record && record.link !== undefined ? [record.link.toLowerCase()] : []),
  group: (record) => idsOf(record, ['group_id', 'discuss_id', 'guild_id', 'channel_id']),
  user: (record) => idsOf(record, ['user_id', 'target_id', 'operator_id', 'sender_id', 'invitor_id', 'tiny_id']),
  message: (record) => idsOf(record, ['message_id']),
  status: statusesOf,
  retcode: (record) => (record.type === 'call' ? [String(record.answer.retcode)] : []),
  seq: (record) => {
    if (record.type === 'call') return [record.seq, ...(record.events ?? [])].map(String)
    return 'seq' in record ? [String(record.seq)] : []
  },
  token: (record) => (record.type === 'call' && record.token !== undefined ? [record.token.toLowerCase()] : []),
  from: (record) => (record.type === 'call' && record.from !== undefined ? [record.from.toLowerCase()] : []),
  ms: () => [],
}

/** `message.group`, `notice.notify.poke`: the name of an event, without its sub-type for messages. */
export function eventName(event: Readonly<Record<string, unknown>>): string {
  const type = wordOf(event['post_type']) || wordOf(event['type']) || '?'
  const detail = wordOf(
    event['message_type'] ?? event['notice_type'] ?? event['request_type'] ?? event['meta_event_type'],
  )
  const sub = wordOf(event['sub_type'])
  const isNamedBySub = detail === 'notify' || detail === 'guild' || type === 'request' || type === 'meta_event'
  return [type, detail, isNamedBySub ? sub : ''].filter(Boolean).join('.')
}

function wordOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** An action also goes by its name without `_async` and `_rate_limited`. */
function actionNames({ action }: CallRecord): readonly string[] {
  const lower = action.toLowerCase()
  const plain = lower.replace(/(?:_async|_rate_limited)$/, '')
  return plain === lower ? [lower] : [lower, plain]
}

function idsOf(record: TapRecord, names: readonly string[]): readonly string[] {
  if (record.type === 'event') return pick(record.event, names)
  if (record.type !== 'call') return []
  return [...pick(record.params, names), ...pick(record.answer.data, names)]
}

function pick(value: unknown, names: readonly string[]): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return names.flatMap((name) => {
    const found: unknown = Reflect.get(value, name)
    return typeof found === 'string' || typeof found === 'number' ? [String(found).toLowerCase()] : []
  })
}

/** Words that a record answers to under `status`; `failed` is said of all that went wrong. */
function statusesOf(record: TapRecord): readonly string[] {
  switch (record.type) {
    case 'call':
      return [record.answer.status]
    case 'delivery':
      return hasFailed(record) ? [record.outcome, 'failed'] : [record.outcome]
    case 'link':
      return [linkPhase(record.state)]
    case 'event':
    case 'gap':
      return []
  }
}

/** Whether the program of a link did not take an event. */
export function hasFailed({ outcome }: Pick<DeliveryRecord, 'outcome'>): boolean {
  return outcome === 'refused' || outcome === 'retry'
}

/** Whether a call was answered with a failure. */
export function isFailure({ status }: Answer): boolean {
  return status === 'failed'
}

/** The one word for the state of a link. */
export function linkPhase(state: unknown): string {
  if (typeof state === 'string') return state
  const phase: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'phase') : undefined
  return typeof phase === 'string' ? phase : 'gone'
}

const texts = new WeakMap<TapRecord, string>()

/** All that a record says, in lower case. Kept, since a filter is typed letter by letter. */
function textOf(record: TapRecord): string {
  let text = texts.get(record)
  if (text === undefined) texts.set(record, (text = JSON.stringify(record).toLowerCase()))
  return text
}
