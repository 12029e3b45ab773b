/** The compiled event filter against the same predicate written by hand, and its regular expressions on hostile text. */
import { compileFilter, type FilterRule } from '@seekyou/event-filter'
import type { Comparison, Growth, Suite } from './harness.ts'

interface WireEvent {
  readonly post_type: string
  readonly message_type?: string
  readonly group_id?: number
  readonly user_id?: number
  readonly anonymous?: object | null
  readonly raw_message?: string
  readonly sender?: { readonly role?: string }
}

/** A power of two, to go round with a mask. */
const eventCount = 4096
const mask = eventCount - 1

const texts = ['签到', '今天天气真好', '[CQ:at,qq=10001] 在吗', '打卡 打卡', '!roll 2d6', 'let us eat hotpot', '/help']

/** Deterministic, so that every run sees the same. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff
    return (state >> 8) % below
  }
}

/** What a busy account receives, in shapes that differ as on the wire. */
function corpus(): readonly WireEvent[] {
  const random = randomFrom(1)
  const make = (): object => {
    const base = { time: 1_700_000_000 + random(1_000_000), self_id: 10_001 }
    const raw_message = texts[random(texts.length)] as string
    const user_id = 10_000_000 + random(1_000_000)
    const kind = random(100)
    if (kind < 55) {
      return {
        ...base,
        post_type: 'message',
        message_type: 'group',
        sub_type: 'normal',
        message_id: random(1_000_000),
        group_id: 1000 + random(10),
        user_id,
        anonymous: random(10) === 0 ? { id: 1, name: 'n', flag: 'f' } : null,
        message: raw_message,
        raw_message,
        font: 0,
        sender: { user_id, nickname: 'n', card: '', role: random(4) === 0 ? 'admin' : 'member' },
      }
    }
    if (kind < 80) {
      const sender = { user_id, nickname: 'n', sex: 'unknown' }
      const rest = { message: raw_message, raw_message, font: 0, sender }
      return {
        ...base,
        post_type: 'message',
        message_type: 'private',
        sub_type: 'friend',
        message_id: 1,
        user_id,
        ...rest,
      }
    }
    if (kind < 92) {
      const notice = {
        notice_type: 'group_recall',
        group_id: 1000 + random(10),
        user_id,
        operator_id: 1,
        message_id: 1,
      }
      return { ...base, post_type: 'notice', ...notice }
    }
    const status = { online: true, good: true }
    return { ...base, post_type: 'meta_event', meta_event_type: 'heartbeat', status, interval: 5000 }
  }
  // Through JSON, because that is how objects get the shapes that parsed ones have.
  return Array.from({ length: eventCount }, () => JSON.parse(JSON.stringify(make())) as WireEvent)
}

const events = corpus()
const groups = [1001, 1003, 1005, 1007, 1009]

/** Within 1/0.30 of the time of the predicate by hand. */
const goal = 0.3

/** Checks that both answer alike before it measures; each contender has its loop in place. */
function comparison(
  name: string,
  rule: FilterRule,
  byHand: Contender,
  native: (event: WireEvent) => boolean,
  careful: (event: WireEvent) => boolean,
): Comparison {
  const filter = compileFilter(rule)
  const wrong = events.find(
    (event) =>
      filter.test(event) !== native(event) ||
      filter.explain(event).pass !== native(event) ||
      careful(event) !== native(event),
  )
  if (wrong !== undefined) throw new Error(`${name}: the contenders disagree about ${JSON.stringify(wrong)}`)
  return {
    name: `filter, ${name}`,
    contenders: [
      {
        name: '@seekyou/event-filter',
        run: (times) => {
          let passed = 0
          for (let index = 0; index < times; index++) if (filter.test(events[index & mask] as WireEvent)) passed++
          return passed
        },
      },
      { name: 'the predicate by hand', run: byHand, target: goal },
      {
        // The one above trusts that events are plain and ids are numbers. This one asks what the language asks.
        name: 'by hand, with the checks of the language',
        run: (times) => {
          let passed = 0
          for (let index = 0; index < times; index++) if (careful(events[index & mask] as WireEvent)) passed++
          return passed
        },
      },
      {
        name: 'by hand, after JSON.parse',
        run: (times) => {
          let passed = 0
          for (let index = 0; index < times; index++) if (native(JSON.parse(frames[index & mask] as string))) passed++
          return passed
        },
      },
    ],
  }
}

type Contender = Comparison['contenders'][0]['run']

/** What go-cqhttp's filter is given: it parses each event again for each filter. */
const frames = events.map((event) => JSON.stringify(event))

/** The text of an own property, as the language compares it; a missing one and `null` are empty. */
function textAt(holder: unknown, key: string): string {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder) || !Object.hasOwn(holder, key)) return ''
  const value = (holder as { readonly [key: string]: string | number | boolean | object | null })[key] ?? ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

const groupTexts = new Set(groups.map(String))

const commands: FilterRule = {
  post_type: 'message',
  message_type: 'group',
  group_id: { '.in': groups },
  raw_message: { '.regex': '^(签到|打卡|抽奖|帮助)' },
}

function isCommand(event: WireEvent): boolean {
  return (
    event.post_type === 'message' &&
    event.message_type === 'group' &&
    (event.group_id === 1001 ||
      event.group_id === 1003 ||
      event.group_id === 1005 ||
      event.group_id === 1007 ||
      event.group_id === 1009) &&
    /^(?:签到|打卡|抽奖|帮助)/.test(event.raw_message ?? '')
  )
}

function isCommandWithChecks(event: WireEvent): boolean {
  return (
    textAt(event, 'post_type') === 'message' &&
    textAt(event, 'message_type') === 'group' &&
    groupTexts.has(textAt(event, 'group_id')) &&
    /^(?:签到|打卡|抽奖|帮助)/.test(textAt(event, 'raw_message'))
  )
}

const rolls: FilterRule = { ...commands, raw_message: { '.regex': '^[!/](\\w+)' } }

function isRoll(event: WireEvent): boolean {
  return (
    event.post_type === 'message' &&
    event.message_type === 'group' &&
    (event.group_id === 1001 ||
      event.group_id === 1003 ||
      event.group_id === 1005 ||
      event.group_id === 1007 ||
      event.group_id === 1009) &&
    /^[!/](\w+)/.test(event.raw_message ?? '')
  )
}

function isRollWithChecks(event: WireEvent): boolean {
  return (
    textAt(event, 'post_type') === 'message' &&
    textAt(event, 'message_type') === 'group' &&
    groupTexts.has(textAt(event, 'group_id')) &&
    /^[!/](\w+)/.test(textAt(event, 'raw_message'))
  )
}

/** Of what follows the word only the engine can tell. */
const dice: FilterRule = { ...commands, raw_message: { '.regex': '^[!/]\\w+ \\d' } }

function isDice(event: WireEvent): boolean {
  return (
    event.post_type === 'message' &&
    event.message_type === 'group' &&
    (event.group_id === 1001 ||
      event.group_id === 1003 ||
      event.group_id === 1005 ||
      event.group_id === 1007 ||
      event.group_id === 1009) &&
    /^[!/]\w+ \d/.test(event.raw_message ?? '')
  )
}

function isDiceWithChecks(event: WireEvent): boolean {
  return (
    textAt(event, 'post_type') === 'message' &&
    textAt(event, 'message_type') === 'group' &&
    groupTexts.has(textAt(event, 'group_id')) &&
    /^[!/]\w+ \d/.test(textAt(event, 'raw_message'))
  )
}

const nested: FilterRule = {
  '.or': [
    { message_type: 'private' },
    {
      message_type: 'group',
      group_id: { '.in': groups },
      anonymous: { '.eq': null },
      '.or': [{ 'sender.role': 'admin' }, { raw_message: { '.contains': '[CQ:at,qq=10001]' } }],
    },
  ],
}

function isForMe(event: WireEvent): boolean {
  return (
    event.message_type === 'private' ||
    (event.message_type === 'group' &&
      (event.group_id === 1001 ||
        event.group_id === 1003 ||
        event.group_id === 1005 ||
        event.group_id === 1007 ||
        event.group_id === 1009) &&
      (event.anonymous ?? null) === null &&
      (event.sender?.role === 'admin' || (event.raw_message ?? '').includes('[CQ:at,qq=10001]')))
  )
}

function isForMeWithChecks(event: WireEvent): boolean {
  return (
    textAt(event, 'message_type') === 'private' ||
    (textAt(event, 'message_type') === 'group' &&
      groupTexts.has(textAt(event, 'group_id')) &&
      textAt(event, 'anonymous') === '' &&
      (textAt(event.sender, 'role') === 'admin' || textAt(event, 'raw_message').includes('[CQ:at,qq=10001]')))
  )
}

/** Patterns that stop a backtracking engine for good, the text that does it, and how long it is in KiB. */
const hostile: { readonly [name: string]: readonly [pattern: string, text: (length: number) => string, kib?: number] } =
  {
    '(a+)+$': ['(a+)+$', allA],
    '^(a+)+$': ['^(a+)+$', allA],
    '(a|aa)+$': ['(a|aa)+$', allA],
    '^(\\w+\\s?)*$': ['^(\\w+\\s?)*$', allA],
    'five stars': ['(.*)(.*)(.*)(.*)(.*)[x-z]$', allA],
    'a long periodic literal': [`${'a'.repeat(500)}b${'a'.repeat(500)}`, allA],
    // No engine can remember all its states; the cost per byte is then that of the pattern, but still the same for each.
    'a billion states': ['a[ab]{30}[cd]$', mixedAb, 8],
  }

function allA(length: number): string {
  return `${'a'.repeat(length - 1)}!`
}

function mixedAb(length: number): string {
  const random = randomFrom(1)
  return `${Array.from({ length: length - 1 }, () => (random(2) === 0 ? 'a' : 'b')).join('')}!`
}

const growths: Growth[] = Object.entries(hostile).map(([name, [pattern, text, kib = 64]]) => ({
  name: `regex ${name}`,
  sizes: [kib * 1024, 4 * kib * 1024],
  prepare: (size) => {
    const filter = compileFilter({ raw_message: { '.regex': pattern } })
    const event = { raw_message: text(size) }
    return (times) => {
      let passed = 0
      for (let index = 0; index < times; index++) if (filter.test(event)) passed++
      return passed
    }
  },
}))

export const suite: Suite = {
  about:
    'The compiled event filter beside the same predicate written by hand, and its regular expressions on hostile text.',
  comparisons: [
    comparison(
      'four clauses, literal pattern',
      commands,
      (times) => {
        let passed = 0
        for (let index = 0; index < times; index++) if (isCommand(events[index & mask] as WireEvent)) passed++
        return passed
      },
      isCommand,
      isCommandWithChecks,
    ),
    comparison(
      'four clauses, pattern of a command',
      rolls,
      (times) => {
        let passed = 0
        for (let index = 0; index < times; index++) if (isRoll(events[index & mask] as WireEvent)) passed++
        return passed
      },
      isRoll,
      isRollWithChecks,
    ),
    comparison(
      'four clauses, pattern for RE2',
      dice,
      (times) => {
        let passed = 0
        for (let index = 0; index < times; index++) if (isDice(events[index & mask] as WireEvent)) passed++
        return passed
      },
      isDice,
      isDiceWithChecks,
    ),
    comparison(
      'nested alternatives',
      nested,
      (times) => {
        let passed = 0
        for (let index = 0; index < times; index++) if (isForMe(events[index & mask] as WireEvent)) passed++
        return passed
      },
      isForMe,
      isForMeWithChecks,
    ),
  ],
  growths,
}
