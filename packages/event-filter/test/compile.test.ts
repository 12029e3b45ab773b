import { compileFilter } from '@seekyou/event-filter'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { naiveFilter } from './naive-filter.ts'

const privateMessage = {
  post_type: 'message',
  message_type: 'private',
  user_id: 10001,
  message: [{ type: 'text', data: { text: '!!help' } }],
  raw_message: '!!help',
  sender: { user_id: 10001, nickname: 'Ann', sex: 'female' },
}
const groupMessage = {
  post_type: 'message',
  message_type: 'group',
  sub_type: 'normal',
  group_id: 123456,
  user_id: 20002,
  anonymous: null,
  message: [
    { type: 'at', data: { qq: '10001' } },
    { type: 'text', data: { text: ' hello' } },
  ],
  raw_message: '[CQ:at,qq=10001] hello',
  sender: { user_id: 20002, nickname: 'Bob', role: 'admin' },
}
const anonymousMessage = {
  ...groupMessage,
  sub_type: 'anonymous',
  anonymous: { id: 1, name: 'Cat', flag: 'f' },
}
const heartbeat = { post_type: 'meta_event', meta_event_type: 'heartbeat', interval: 5000 }

const fixtures = { privateMessage, groupMessage, anonymousMessage, heartbeat }

/** The examples that the documents of CQHTTP and go-cqhttp describe, with the events that they are about. */
const documented: readonly { title: string; rule: object; passes: readonly (keyof typeof fixtures)[] }[] = [
  { title: 'an empty rule', rule: {}, passes: ['privateMessage', 'groupMessage', 'anonymousMessage', 'heartbeat'] },
  { title: 'a rule that blocks everything', rule: { '.not': {} }, passes: [] },
  { title: 'private messages', rule: { message_type: 'private' }, passes: ['privateMessage'] },
  { title: 'messages that start with "!!"', rule: { raw_message: { '.regex': '^!!' } }, passes: ['privateMessage'] },
  {
    title: 'group messages that are not anonymous',
    rule: { message_type: 'group', anonymous: { '.eq': null } },
    passes: ['groupMessage'],
  },
  {
    title: 'private messages and those of some groups that are not anonymous',
    rule: {
      '.or': [
        { message_type: 'private' },
        { message_type: 'group', group_id: { '.in': [123456] }, anonymous: { '.eq': null } },
      ],
    },
    passes: ['privateMessage', 'groupMessage'],
  },
  {
    title: 'some groups without one person, or another person anywhere',
    rule: {
      '.or': [{ group_id: { '.in': [123456, 789] }, user_id: { '.neq': 20002 } }, { user_id: 10001 }],
    },
    passes: ['privateMessage'],
  },
  {
    title: 'nested operators under a key and at the top',
    rule: {
      '.or': [
        { message_type: 'private', user_id: { '.not': { '.in': [11111, 22222] }, '.neq': 33333 } },
        {
          message_type: { '.regex': 'group|discuss' },
          '.or': [{ group_id: 123456 }, { raw_message: { '.contains': 'notice' } }],
        },
      ],
    },
    passes: ['privateMessage', 'groupMessage', 'anonymousMessage'],
  },
  { title: 'a dotted path', rule: { 'sender.sex': 'female' }, passes: ['privateMessage'] },
  {
    title: 'an array position in a path',
    rule: { 'message.0.type': 'at' },
    passes: ['groupMessage', 'anonymousMessage'],
  },
  {
    title: 'an operator object under a nested object',
    rule: { sender: { role: 'admin' } },
    passes: ['groupMessage', 'anonymousMessage'],
  },
]

describe('the documented examples', () => {
  test.each(documented)('$title', ({ rule, passes }) => {
    const filter = compileFilter(rule)
    const passed = Object.entries(fixtures).filter(([, event]) => filter.test(event))
    expect(passed.map(([name]) => name)).toEqual(passes)
  })
})

describe('the logic', () => {
  const yes = { post_type: 'message' }
  const no = { post_type: 'notice' }
  test.each([
    ['an object is the AND of its entries', { ...yes, message_type: 'group' }, true],
    ['one false entry makes an object false', { ...yes, message_type: 'private' }, false],
    ['.and is the AND of its object', { '.and': yes }, true],
    ['.and of an empty object is true', { '.and': {} }, true],
    ['.or needs one', { '.or': [no, yes] }, true],
    ['.or of none is false', { '.or': [] }, false],
    ['.or of an empty object is true', { '.or': [{}] }, true],
    ['.not inverts an AND', { '.not': { ...yes, message_type: 'private' } }, true],
    ['operators stand beside paths', { ...yes, '.not': no }, true],
    ['operators nest under a path', { user_id: { '.or': [{ '.eq': 1 }, { '.eq': 20002 }] } }, true],
    ['a group of five', { '.or': [no, no, no, no, yes] }, true],
    ['a group of five false ones', { '.or': [no, no, no, no, no] }, false],
    ['a group of three', { '.or': [no, no, yes] }, true],
    ['a group of four', { '.or': [no, no, no, yes] }, true],
    ['five clauses', { ...yes, message_type: 'group', sub_type: 'normal', group_id: 123456, user_id: 20002 }, true],
    [
      'five clauses, the last false',
      { ...yes, message_type: 'group', sub_type: 'normal', group_id: 123456, user_id: 2 },
      false,
    ],
    ['a path below a missing value is missing', { 'nothing.at.all': null }, true],
    ['an operator on the whole event sees its JSON', { '.contains': '"group_id":123456' }, true],
  ])('%s', (_title, rule, pass) => {
    const filter = compileFilter(rule)
    expect(filter.test(groupMessage)).toBe(pass)
    expect(filter.explain(groupMessage).pass).toBe(pass)
    expect(naiveFilter(rule, groupMessage)).toBe(pass)
  })
})

describe('against the naive interpreter', () => {
  const keys = [
    'a',
    'b',
    'user_id',
    'message',
    'sender',
    '0',
    '1',
    '#',
    'x.y',
    '__proto__',
    'constructor',
    'length',
    '',
  ]
  const anyScalar = fc.oneof(
    fc.constantFrom(null, true, false, '', 'a', 'b', 'ab', 'aab', '1', '1.5', 'true', '[1]', 0, 1, 1.5, -0, 1e21, 1e-7),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'grapheme', maxLength: 4 }),
  )
  const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      anyScalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(fc.constantFrom(...keys), tie('value')), { maxLength: 4 }).map(Object.fromEntries),
    ),
  }))
  const events = fc.array(fc.tuple(fc.constantFrom(...keys), values), { maxLength: 6 }).map(Object.fromEntries)
  const step = fc.constantFrom(
    'a',
    'b',
    'user_id',
    'message',
    'sender',
    '0',
    '1',
    '01',
    '#',
    'x\\.y',
    '\\#',
    '__proto__',
    'length',
  )
  const path = fc.array(step, { minLength: 1, maxLength: 4 }).map((steps) => steps.join('.'))
  const scalars = anyScalar.filter(
    (one) => typeof one !== 'number' || !Number.isInteger(one) || Number.isSafeInteger(one),
  )
  const pattern = fc.constantFrom(
    '',
    'a',
    '^a',
    'b$',
    '^ab$',
    '^(a|b)$',
    'a|b',
    '^[ab]',
    '^a+b',
    '(a|b)+$',
    '^(?:true|1)',
    '.',
    '^$',
    '[^a]',
  )
  const { rule: rules } = fc.letrec<{ rule: unknown }>((tie) => ({
    rule: fc
      .array(
        fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          fc.tuple(path, scalars),
          fc.tuple(path, fc.array(scalars, { maxLength: 2 })),
          fc.tuple(fc.constantFrom('.eq', '.neq'), fc.oneof(scalars, fc.array(scalars, { maxLength: 2 }))),
          fc.tuple(fc.constant('.in'), fc.array(scalars, { maxLength: 4 })),
          fc.tuple(
            fc.constant('.in'),
            scalars.filter((one) => one !== null),
          ),
          fc.tuple(fc.constant('.contains'), scalars),
          fc.tuple(fc.constant('.regex'), pattern),
          fc.tuple(path, tie('rule')),
          fc.tuple(fc.constantFrom('.and', '.not'), tie('rule')),
          fc.tuple(fc.constant('.or'), fc.array(tie('rule'), { maxLength: 5 })),
        ),
        { maxLength: 5 },
      )
      .map(Object.fromEntries),
  }))

  test('the answers of test and explain are what the specification says', () => {
    fc.assert(
      fc.property(rules, events, (rule, event) => {
        const filter = compileFilter(rule)
        const expected = naiveFilter(rule, event)
        expect(filter.test(event)).toBe(expected)
        expect(filter.explain(event).pass).toBe(expected)
      }),
      { numRuns: 4000 },
    )
  })

  test('what an event or its sender inherits changes no answer', () => {
    const few = fc.constantFrom(null, '', 1, 12)
    const field = fc.constantFrom('user_id', 'group_id', 'sender.role', 'x')
    const operators = fc.oneof(
      few,
      fc.tuple(fc.constantFrom('.eq', '.neq', '.contains', '.regex'), few).map((entry) => Object.fromEntries([entry])),
      fc.constantFrom({ '.in': [1, null] }, { '.in': '12' }, { '.not': { '.eq': 1 } }, { '.eq': null, '.neq': 1 }, {}),
    )
    const clauses = fc.array(fc.tuple(field, operators), { maxLength: 3 }).map(Object.fromEntries)
    const smallRules = fc.oneof(
      clauses,
      clauses.map((not) => ({ '.not': not })),
      fc.array(clauses, { maxLength: 3 }).map((or) => ({ '.or': or })),
    )
    const holder = (key: string): fc.Arbitrary<object> => fc.record({ [key]: few, x: few }, { requiredKeys: [] })
    fc.assert(
      fc.property(smallRules, holder('user_id'), holder('user_id'), holder('role'), (rule, own, inherited, role) => {
        const heir = (value: object, parent: object): object => Object.assign(Object.create(parent) as object, value)
        for (const sender of [undefined, role]) {
          const event = { ...own, ...(sender && { sender }) }
          const expected = compileFilter(rule).test(event)
          expect(compileFilter(rule).test(heir(event, inherited))).toBe(expected)
          expect(compileFilter(rule).test(heir(event, { ...inherited, sender: { role: 1 } }))).toBe(expected)
          if (sender) {
            expect(compileFilter(rule).test({ ...event, sender: heir(sender, { role: 1, x: 1 }) })).toBe(expected)
          }
        }
      }),
      { numRuns: 3000 },
    )
  })

  test('a plain key equals a value exactly when their texts are equal', () => {
    fc.assert(
      fc.property(scalars, values, (argument, value) => {
        for (const rule of [{ a: argument }, { a: { '.in': [argument] } }, { a: { '.not': { '.neq': argument } } }]) {
          expect(compileFilter(rule).test({ a: value })).toBe(naiveFilter(rule, { a: value }))
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('neither the rule nor the event is changed', () => {
    fc.assert(
      fc.property(rules, events, (rule, event) => {
        const before = JSON.stringify([rule, event])
        const filter = compileFilter(rule)
        filter.test(event)
        filter.explain(event)
        expect(JSON.stringify([rule, event])).toBe(before)
      }),
    )
  })
})

const refuse = (): never => {
  throw new Error('no')
}

const nest = (levels: number): unknown => {
  let value: unknown = 'x'
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

describe('hostile events', () => {
  const throwing = Object.defineProperty({ user_id: 1 }, 'group_id', {
    enumerable: true,
    get: () => {
      throw new Error('read me not')
    },
  })

  test('inherited properties do not exist', () => {
    for (const event of [
      Object.create({ user_id: 1 }),
      new (class {
        get user_id(): number {
          return 1
        }
      })(),
    ]) {
      expect(compileFilter({ user_id: 1 }).test(event)).toBe(false)
      expect(compileFilter({ user_id: null }).test(event)).toBe(true)
    }
    for (const key of [
      'constructor',
      'toString',
      'hasOwnProperty',
      '__proto__',
      'valueOf.name',
      '__proto__.constructor',
    ]) {
      expect(compileFilter({ [key]: null }).test({})).toBe(true)
    }
  })

  test('nor do those that a part of the event inherits', () => {
    const event = { sender: Object.create({ role: 'admin', nickname: 'Ann' }) as object }
    for (const rule of [{ sender: { role: 'admin' } }, { 'sender.role': 'admin' }]) {
      expect(compileFilter(rule).test(event)).toBe(false)
    }
    expect(compileFilter({ sender: { role: null, nickname: null } }).test(event)).toBe(true)
    expect(compileFilter({ sender: { role: null, '.not': { nickname: 'Ann' } } }).test(event)).toBe(true)
  })

  test('a polluted Object.prototype changes nothing', () => {
    const polluted = Object.prototype as { group_id?: number }
    const filter = compileFilter({ group_id: 1 })
    try {
      Object.defineProperty(polluted, 'group_id', { value: 1, configurable: true, enumerable: false })
      expect(filter.test({})).toBe(false)
      expect(filter.test({ group_id: 1 })).toBe(true)
      expect(filter.test({ group_id: 2 })).toBe(false)
    } finally {
      delete polluted.group_id
    }
  })

  test('events without a prototype are read like any other', () => {
    const event: object = Object.assign(Object.create(null), { user_id: 1, x: 2 })
    expect(compileFilter({ user_id: 1, x: 2 }).test(event)).toBe(true)
  })

  test('own keys named like parts of Object.prototype are ordinary keys', () => {
    const event = JSON.parse('{"__proto__":{"role":"admin"},"constructor":"c"}')
    expect(compileFilter({ '__proto__.role': 'admin', constructor: 'c' }).test(event)).toBe(true)
    expect(compileFilter(JSON.parse('{"__proto__":{"role":"admin"}}')).test(event)).toBe(true)
    expect(compileFilter({ role: 'admin' }).test(event)).toBe(false)
  })

  test('a property that throws when it is read counts as missing, in test and in explain', () => {
    const filter = compileFilter({ '.or': [{ group_id: 5 }, { group_id: null, user_id: 1 }] })
    expect(filter.test(throwing)).toBe(true)
    expect(filter.explain(throwing).pass).toBe(true)
    expect(compileFilter({ '.contains': 'user_id' }).test(throwing)).toBe(false)
  })

  test('a proxy that refuses everything is an empty event', () => {
    const event = new Proxy(
      {},
      { get: refuse, getPrototypeOf: refuse, getOwnPropertyDescriptor: refuse, ownKeys: refuse },
    )
    expect(compileFilter({ user_id: 1 }).test(event)).toBe(false)
    expect(compileFilter({ user_id: null, x: null }).test(event)).toBe(true)
  })

  test('a cyclic value is present but not searched, and paths through it still work', () => {
    const event: { self?: object; user_id: number; list: unknown[] } = { user_id: 1, list: [] }
    event.self = event
    event.list.push(event.list, event.list)
    expect(compileFilter({ 'self.self.self.user_id': 1 }).test(event)).toBe(true)
    expect(compileFilter({ self: { '.contains': 'user_id' } }).test(event)).toBe(false)
    expect(compileFilter({ self: null }).test(event)).toBe(false)
    expect(compileFilter({ self: '{…}', list: '[…]' }).test(event)).toBe(true)
    expect(compileFilter({ self: { '.in': ['{…}'] } }).test(event)).toBe(true)
    expect(compileFilter({ 'list.#.#.#': '[[2,2],[2,2]]' }).test(event)).toBe(true)
    const every = Array.from({ length: 32 }, () => '#').join('.')
    expect(compileFilter({ [every]: null }).test(event)).toBe(true)
  })

  test('a value deeper than a thousand levels is present but not searched', () => {
    const filter = compileFilter({ message: { '.contains': 'x' } })
    expect(filter.test({ message: nest(1000) })).toBe(true)
    expect(filter.test({ message: nest(1001) })).toBe(false)
    expect(filter.test({ message: nest(1_000_000) })).toBe(false)
  })

  test('one array shared until it stands for billions is present but not searched', () => {
    let value: unknown = []
    for (let level = 0; level < 40; level++) value = [value, value]
    expect(compileFilter({ message: { '.contains': '[[' } }).test({ message: value })).toBe(false)
    expect(compileFilter({ message: { '.neq': '' } }).test({ message: value })).toBe(true)
  })

  test('a value of more than a million parts is present but not searched', () => {
    const filter = compileFilter({ message: { '.contains': '0' } })
    const parts = Array.from({ length: 1_000_000 }, () => 0)
    expect(filter.test({ message: parts.slice(1) })).toBe(true)
    expect(filter.test({ message: parts })).toBe(false)
  })

  test('texts of ten million characters are searched whole', () => {
    const raw_message = `${'ab'.repeat(5_000_000)}c`
    expect(compileFilter({ raw_message: { '.contains': 'bc' } }).test({ raw_message })).toBe(true)
    expect(compileFilter({ raw_message: { '.regex': 'a(b|x)c$' } }).test({ raw_message })).toBe(true)
    expect(compileFilter({ raw_message: { '.eq': 'ab' } }).test({ raw_message })).toBe(false)
    expect(compileFilter({ raw_message: { '.in': 'ab' } }).test({ raw_message })).toBe(false)
    expect(compileFilter({ message: { '.contains': 'bc' } }).test({ message: [raw_message] })).toBe(true)
  })

  test('lone surrogates and NUL are characters like others', () => {
    const event = { raw_message: 'a\uD800b\u0000c' }
    expect(compileFilter({ raw_message: 'a\uD800b\u0000c' }).test(event)).toBe(true)
    expect(compileFilter({ raw_message: { '.contains': '\uD800' } }).test(event)).toBe(true)
    expect(compileFilter({ raw_message: { '.contains': 'b\u0000' } }).test(event)).toBe(true)
    expect(compileFilter({ raw_message: { '.regex': 'b.c$' } }).test(event)).toBe(true)
  })

  test('what is not an event passes only what an empty event passes', () => {
    for (const event of [null, undefined, 5, 'user_id', true, () => 1, Symbol('s')] as unknown as object[]) {
      expect(compileFilter({ user_id: 1 }).test(event)).toBe(false)
      expect(compileFilter({ user_id: null, length: null, name: null }).test(event)).toBe(true)
    }
  })
})

test('a filter is frozen and keeps nothing of the rule that could change', () => {
  const groups = [1]
  const filter = compileFilter({ group_id: { '.in': groups } })
  groups.push(2)
  expect(Object.isFrozen(filter)).toBe(true)
  expect(filter.test({ group_id: 2 })).toBe(false)
  expect(filter.explain({ group_id: 2 }).decidedBy?.argument).toEqual([1])
})
