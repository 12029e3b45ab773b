import { catalogue, invoke, readParams } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'
import type { ActionFailure, Outcome } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import type * as z from 'zod'
import { exampleRows } from './action-examples.ts'
import { createFakeCall } from './fake-call.ts'

const answers = Object.fromEntries(exampleRows.map(([action]) => [action, null]))

async function failureOf(action: string, params: unknown): Promise<ActionFailure> {
  const { call, done } = createFakeCall({ answers })
  const outcome: Outcome = await invoke({ action, params }, call)
  // Whatever is wrong with the params, nothing is done.
  expect(done).toEqual([])
  if (outcome.type !== 'failed') throw new Error(`${action} did not fail`)
  return outcome.failure
}

function readAs(action: ActionName, params: unknown): unknown {
  return readParams<z.ZodType>(action, catalogue[action], params)
}

describe.each(exampleRows.filter(([, { given }]) => given))('%s', (action, { params, given }) => {
  const givenFor = async (sent: unknown): Promise<unknown> => {
    const { call, done } = createFakeCall({ answers })
    const outcome = await invoke({ action, params: sent }, call)
    expect(outcome).toEqual({ type: 'done', data: null })
    return done[0]?.params
  }

  it('gives the backend its params as it reads them', async () => {
    expect(await givenFor(params)).toEqual(given)
  })

  it('takes numbers as text', async () => {
    const texts = Object.entries(params).map(([name, value]) => [name, typeof value === 'number' ? `${value}` : value])
    expect(await givenFor(Object.fromEntries(texts))).toEqual(given)
  })

  it('takes null for absent, and ignores what it does not know', async () => {
    const optional = { auto_escape: null, is_raw: null, no_cache: null }
    const more = { self_id: 10000, access_token: 'T', _timeout: 60, __zerobot_context: {}, echo: 1, sender: null }
    expect(await givenFor({ ...optional, ...params, ...more })).toEqual(given)
  })
})

const required = exampleRows.flatMap(([action, { params, required: names = [] }]) =>
  names.map((name) => ({ action, params, name })),
)

describe('a required param', () => {
  it.each(required)('of $action that is missing is named: $name', async ({ action, params, name }) => {
    const { [name]: _missing, ...rest } = params
    for (const given of [rest, { ...rest, [name]: null }]) {
      const { kind, message } = await failureOf(action, given)
      expect(kind).toBe('bad-params')
      expect(message.startsWith(`${action}: ${name} is missing; it takes `)).toBe(true)
      expect(message).not.toContain('Invalid input')
    }
  })

  it.each([undefined, null, {}])('is missing when the params are %j', async (params) => {
    const { message } = await failureOf('get_group_member_info', params)
    expect(message).toBe(
      'get_group_member_info: group_id is missing; it takes a positive integer (a number or a decimal string); ' +
        'user_id is missing; it takes a positive integer (a number or a decimal string)',
    )
  })
})

const wrong = exampleRows.flatMap(([action, { params, wrong: table = {} }]) =>
  Object.entries(table).flatMap(([name, values]) => values.map((value) => ({ action, params, name, value }))),
)

describe('a param', () => {
  it.each(wrong)('$name of $action is not $value', async ({ action, params, name, value }) => {
    const { kind, message } = await failureOf(action, { ...params, [name]: value })
    expect(kind).toBe('bad-params')
    expect(message).toMatch(new RegExp(`^${action.replace('.', String.raw`\.`)}: ${name}\\b`, 'u'))
    expect(message).not.toContain('Invalid input')
  })

  it.each([
    ['user_id', 'x', 'user_id takes a positive integer (a number or a decimal string), not "x"'],
    ['user_id', -5, 'user_id takes a positive integer (a number or a decimal string), not -5'],
    [
      'user_id',
      '9007199254740993',
      'user_id takes a positive integer (a number or a decimal string), not "9007199254740993"',
    ],
    ['user_id', [], 'user_id takes a positive integer (a number or a decimal string), not an array'],
    ['user_id', {}, 'user_id takes a positive integer (a number or a decimal string), not an object'],
    ['auto_escape', 'maybe', 'auto_escape takes a boolean (true or false, 1 or 0, "yes" or "no"), not "maybe"'],
    [
      'auto_escape',
      'constructor',
      'auto_escape takes a boolean (true or false, 1 or 0, "yes" or "no"), not "constructor"',
    ],
    ['message', '', 'message is empty; it takes text with CQ codes, an array of segments, or one segment'],
    ['message', [], 'message is empty; it takes text with CQ codes, an array of segments, or one segment'],
    [
      'message',
      [{ type: 'text', data: { text: 'a' } }, { data: {} }],
      'message[1].type is missing; every segment needs a type, a string such as "text"',
    ],
  ])('%s that is %j is told what came and what is accepted', async (name, value, wording) => {
    const { message } = await failureOf('send_private_msg', { user_id: 10001, message: 'a', [name]: value })
    expect(message).toBe(`send_private_msg: ${wording}`)
  })
})

describe('a boolean param', () => {
  it.each([
    [true, true],
    [1, true],
    ['1', true],
    ['yes', true],
    ['TRUE', true],
    [false, false],
    [0, false],
    ['0', false],
    ['No', false],
    ['false', false],
    [null, false],
    [undefined, false],
  ])('sent as %j is %j', async (sent, read) => {
    const { call, done } = createFakeCall({ answers })
    await invoke({ action: 'get_group_list', params: { no_cache: sent } }, call)
    expect(done[0]?.params).toEqual({ no_cache: read })
  })
})

describe('another name of a param', () => {
  const literal = [{ type: 'text', data: { text: '[CQ:face,id=1]' } }]
  const code = [{ type: 'face', data: { id: '1' } }]

  it.each([
    ['send_private_msg', { user_id: 10001 }],
    ['send_group_msg', { group_id: 20001 }],
    ['send_discuss_msg', { discuss_id: 30001 }],
    ['send_msg', { group_id: 20001 }],
  ] as const)('of %s is is_raw for auto_escape', (action, chat) => {
    const message = '[CQ:face,id=1]'
    expect(readAs(action, { ...chat, message, is_raw: true })).toEqual({ ...chat, message: literal })
    expect(readAs(action, { ...chat, message, is_raw: 'yes', auto_escape: null })).toEqual({
      ...chat,
      message: literal,
    })
    expect(readAs(action, { ...chat, message, is_raw: false })).toEqual({ ...chat, message: code })
    expect(readAs(action, { ...chat, message, is_raw: true, auto_escape: false })).toEqual({ ...chat, message: code })
  })

  it('of get_msg is id for message_id', () => {
    expect(readAs('get_msg', { id: '7' })).toEqual({ message_id: 7 })
    expect(readAs('get_msg', { id: 8, message_id: 7 })).toEqual({ message_id: 7 })
  })
})

it.each([0, '0', '', null, undefined])('an optional id of %j is one that was not set', async (group_id) => {
  const { call, done } = createFakeCall({ answers })
  await invoke({ action: 'send_private_msg', params: { user_id: 10001, group_id, message: 'a' } }, call)
  expect(done[0]?.params).toEqual({ user_id: 10001, message: [{ type: 'text', data: { text: 'a' } }] })
})

describe('a param of an empty text', () => {
  const member = { user_id: 10001, group_id: 20001 }

  it.each([
    ['set_group_ban', { ...member, duration: '' }, { ...member, duration: 1800 }],
    ['set_group_admin', { ...member, enable: '' }, { ...member, enable: true }],
    ['get_group_info', { group_id: '20001', no_cache: '' }, { group_id: 20001, no_cache: false }],
    ['get_group_honor_info', { group_id: 20001, type: '' }, { group_id: 20001, type: 'all' }],
    ['set_group_card', { ...member, card: '' }, { ...member, card: '' }],
  ] as const)('was not set where text is no value of it: %s', (action, given, read) => {
    expect(readAs(action, given)).toEqual(read)
  })

  it.each([
    [{ group_id: '' }, 'group_id takes a positive integer (a number or a decimal string), not ""'],
    [{ group_id: 20001, no_cache: ' ' }, 'no_cache takes a boolean (true or false, 1 or 0, "yes" or "no"), not " "'],
  ])('is told as it came where it does not do: %j', async (given, wording) => {
    expect((await failureOf('get_group_info', given)).message).toBe(`get_group_info: ${wording}`)
  })
})

describe('params that mean harm', () => {
  const cyclic: Record<string, unknown> = { user_id: 10001 }
  cyclic['message'] = cyclic
  const deep: unknown[] = []
  for (let at = deep, level = 0; level < 100_000; level++) at = at[0] = []

  it.each([
    ['an array', [1, 2]],
    ['text', 'user_id=1'],
    ['a number', 7],
    ['true', true],
  ])('are refused when they are %s', async (_, params) => {
    const { kind, message } = await failureOf('send_private_msg', params)
    expect(kind).toBe('bad-request')
    expect(message).toMatch(/^params must be an object, not /u)
  })

  it.each([
    ['a cycle', { user_id: cyclic, message: 'a' }],
    ['a message that contains itself', cyclic],
    ['a bigint', { user_id: 10n, message: 'a' }],
    ['a function', { user_id: () => 1, message: 'a' }],
    ['a symbol', { user_id: Symbol('x'), message: 'a' }],
    ['depth', { user_id: deep, message: 'a' }],
    ['a message of depth', { user_id: 10001, message: deep }],
    ['a megabyte of digits', { user_id: '9'.repeat(1_000_000), message: 'a' }],
    ['a text of half characters', { user_id: '\uD83D'.repeat(100), message: 'a' }],
  ])('are told from one another in a short sentence: %s', async (_, params) => {
    const { kind, message } = await failureOf('send_private_msg', params)
    expect(kind).toBe('bad-params')
    expect(message.length).toBeLessThan(400)
    expect(message.isWellFormed()).toBe(true)
  })

  it('cannot reach a prototype', async () => {
    const params: unknown = JSON.parse(
      '{"__proto__":{"user_id":10001,"polluted":1},"constructor":{"prototype":{"polluted":1}},"message":"a"}',
    )
    const { message } = await failureOf('send_private_msg', params)
    expect(message).toMatch(/user_id is missing/u)
    expect({}).not.toHaveProperty('polluted')
  })

  it('may have as many names as they like', async () => {
    const params: Record<string, unknown> = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, index) => [`x${index}`, index]),
    )
    const { call, done } = createFakeCall({ answers })
    await invoke({ action: 'get_group_info', params: { ...params, group_id: 20001 } }, call)
    expect(done[0]?.params).toEqual({ group_id: 20001, no_cache: false })
  })

  it('may have been made without a prototype', async () => {
    const params = Object.assign(Object.create(null) as object, { group_id: 20001 })
    const { call, done } = createFakeCall({ answers })
    await invoke({ action: 'get_group_info', params }, call)
    expect(done[0]?.params).toEqual({ group_id: 20001, no_cache: false })
  })
})
