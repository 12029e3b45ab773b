import { catalogue, readParams } from '@seekyou/actions'
import type { Action } from '@seekyou/actions'
import { startProgram, within } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/*
 * Every action, well and badly, over every way in: whatever the client speaks, the reply is the same. What is right or
 * wrong about a param is the business of the actions' own tests.
 */

type Params = Readonly<Record<string, unknown>>
type Call = (action: string, params: Params) => Promise<unknown>

let program: Program
/** What the account can do at all; params of anything else are not even read. */
let supported: ReadonlySet<string>
let socket: WebSocket
const waiting = new Map<number, (reply: unknown) => void>()
let echo = 0

beforeAll(async () => {
  program = await startProgram({})
  supported = new Set(await program.call<string[]>('get_supported_actions'))
  socket = new WebSocket(`${program.url.replace('http', 'ws')}/api`)
  socket.addEventListener('message', ({ data }) => {
    const { echo: id, ...reply } = JSON.parse(String(data)) as { echo: number }
    waiting.get(id)?.(reply)
  })
  await new Promise((resolve) => socket.addEventListener('open', resolve))
})
afterAll(async () => {
  socket.close()
  await program[Symbol.asyncDispose]()
})

/** Query strings and forms carry text only; a structure goes as its JSON. */
const asText = (params: Params): URLSearchParams =>
  new URLSearchParams(
    Object.entries(params).map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )

const post = async (action: string, type: string, body: string): Promise<unknown> =>
  (await fetch(`${program.url}/${action}`, { method: 'POST', headers: { 'content-type': type }, body })).json()

const ways: Readonly<Record<string, Call>> = {
  'HTTP GET': async (action, params) => (await fetch(`${program.url}/${action}?${asText(params)}`)).json(),
  'HTTP form': (action, params) => post(action, 'application/x-www-form-urlencoded', asText(params).toString()),
  'HTTP JSON': (action, params) => post(action, 'application/json', JSON.stringify(params)),
  WebSocket: (action, params) =>
    within(
      5000,
      new Promise((resolve) => {
        waiting.set(++echo, resolve)
        socket.send(JSON.stringify({ action, params, echo }))
      }),
      () => `${action} was not answered`,
    ),
}

/** What is another one at each call, and true all the same. */
const volatile = new Set([
  'message_id',
  'message_id_v2',
  'forward_id',
  'file_id',
  'folder_id',
  'message_seq',
  'real_id',
  'notice_id',
  'time',
  'stat',
  'url',
])

function lasting(reply: unknown): unknown {
  return JSON.parse(JSON.stringify(reply, (key, value: unknown) => (volatile.has(key) ? '*' : value)))
}

/** Calls in every way, each in a world of its own, and gives the one reply that all of them got. */
async function callInEveryWay(action: string, params: Params): Promise<{ status: string; retcode: number }> {
  const replies: Record<string, unknown> = {}
  for (const [way, call] of Object.entries(ways)) {
    await program.sandbox('reset', {})
    replies[way] = lasting(await call(action, params))
  }
  const [first] = Object.values(replies)
  for (const [way, reply] of Object.entries(replies)) expect({ way, reply }).toEqual({ way, reply: first })
  return first as { status: string; retcode: number }
}

/** Whoever calls these ends the connections of everyone else; they have tests of their own. */
const restarts = new Set(['set_restart', 'set_restart_plugin', '_set_restart'])

const actions = Object.entries<Action>(catalogue)
  .filter(([action]) => !restarts.has(action))
  .map(([action, definition]) => ({ action, definition, params: definition.example.params as Params }))

function canBeRead(action: string, definition: Action, params: Params): boolean {
  try {
    readParams(action, definition, params)
    return true
  } catch {
    return false
  }
}

/** Calls with params that may be no good, and checks that this is said where it is so. */
async function callPoorly(action: string, definition: Action, params: Params): Promise<void> {
  const { retcode } = await callInEveryWay(action, params)
  expect(retcode).not.toBe(1500)
  if (!canBeRead(action, definition, params)) expect(retcode).toBe(supported.has(action) ? 100 : 103)
}

describe.each(actions)('$action', ({ action, definition, params }) => {
  test('is answered alike in every way', async () => {
    const { retcode } = await callInEveryWay(action, params)
    expect([100, 1404, 1500]).not.toContain(retcode)
  })

  test.each(Object.keys(params).map((name) => ({ name })))('is answered alike without $name', async ({ name }) => {
    const { [name]: _missing, ...rest } = params
    await callPoorly(action, definition, rest)
  })

  test.each(Object.keys(params).map((name) => ({ name })))('is answered alike to a wrong $name', async ({ name }) => {
    await callPoorly(action, definition, { ...params, [name]: '☃' })
  })
})
