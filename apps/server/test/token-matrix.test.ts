import { catalogue } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'
import { permissions, presets } from '@seekyou/hub'
import type { Preset } from '@seekyou/hub'
import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/*
 * Every preset with every action in every kind of chat, over real HTTP and a real WebSocket. What an allowed action then
 * answers is no matter here; whether it was let through, its code says.
 */

const owner = 'the-token-of-the-owner'
const presetNames = Object.keys(presets) as readonly Preset[]
const secretOf = (preset: Preset) => `a-secret-for-${preset}`
const secretOfBot = (bot: number) => `a-secret-for-the-bot-${bot}`
const actionNames = Object.keys(catalogue) as readonly ActionName[]

const chats = {
  'its own group': { group_id: 20001, user_id: 10001 },
  'another group': { group_id: 20002, user_id: 10002 },
  'a private chat': { user_id: 10002 },
} as const
type ChatName = keyof typeof chats

const messageIn: Record<ChatName, number> = { 'its own group': 0, 'another group': 0, 'a private chat': 0 }

let program: Program

beforeAll(async () => {
  const ofPresets = presetNames.map((preset) => ({ name: preset, secret: secretOf(preset), preset, groups: [20001] }))
  const ofBots = [10000, 10010].map((bot) => ({
    name: `of-${bot}`,
    secret: secretOfBot(bot),
    preset: 'chat',
    bots: [bot],
  }))
  const tokens = [...ofPresets, ...ofBots]
  program = await startProgram({
    config: JSON.stringify({
      tokens,
      bots: [{ rate_limit_interval: 0 }, { backend: { type: 'sandbox', self_id: 10010 }, listen: [{ port: 0 }] }],
    }),
    env: { SEEKYOU_TOKEN: owner },
    token: owner,
  })
  for (const chat of Object.keys(chats) as ChatName[]) {
    const { user_id, ...place } = chats[chat] as { user_id: number; group_id?: number }
    const said = await program.sandbox<{ message_id: number }>('say', { as: user_id, ...place, message: 'hi' })
    messageIn[chat] = said.message_id
  }
})

afterAll(() => program[Symbol.asyncDispose]())

/** What is asked for: the example of the action, of this chat. */
function paramsFor(name: ActionName, chat: ChatName): Record<string, unknown> {
  const {
    group_id: _group,
    discuss_id: _discuss,
    user_id: _user,
    ...example
  } = catalogue[name].example.params as Record<string, unknown>
  const params: Record<string, unknown> = { ...example, ...chats[chat] }
  if ('message_id' in params) params['message_id'] = messageIn[chat]
  if ('message' in params) params['message'] = 'hi'
  if ('messages' in params) params['messages'] = [{ type: 'node', data: { id: String(messageIn[chat]) } }]
  if ('message_type' in params) params['message_type'] = chat === 'a private chat' ? 'private' : 'group'
  if (name === 'get_forward_msg') params['id'] = String(messageIn[chat])
  if (name === '.handle_quick_operation') {
    const message_type = chat === 'a private chat' ? 'private' : 'group'
    return {
      context: { post_type: 'message', message_type, ...chats[chat], message_id: 1 },
      operation: { reply: 'hi' },
    }
  }
  return params
}

/** Whether a preset for the group 20001 lets an action through in a chat; `maybe` where its params do not say the chat. */
function isLetThrough(preset: Preset, name: ActionName, chat: ChatName): boolean | 'maybe' {
  const { class: kind, reaches, isRelay } = permissions[name]
  const classes: readonly string[] = presets[preset]
  // Its failures are logged, and not told.
  if (isRelay === 'strict') return true
  if (!classes.includes(kind)) return false
  if (reaches.includes('everything')) return false
  const isOwn = chat === 'its own group'
  if (isRelay === 'lends' && reaches.length === 0 && !name.startsWith('get_')) return isOwn
  if (reaches.some((reach) => ['file', 'bundle', 'flag', 'upload', 'discuss_id', 'user_id'].includes(reach))) {
    // The example names a file or a request that was never told, or a person, and no person is in this scope.
    return 'maybe'
  }
  if (reaches.length === 0) return true
  // Of a private chat these have no group to name, and their params are wrong.
  if (chat === 'a private chat' && reaches.includes('group_id')) return 'maybe'
  return isOwn
}

type Answer = { retcode: number; msg?: string; wording?: string }
const NOT_PERMITTED = 'NOT_PERMITTED'

async function overHttp(preset: Preset, calls: readonly { action: string; params: object }[]): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const { action, params } of calls) {
    const response = await fetch(`${program.url}/${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secretOf(preset)}`, 'content-type': 'application/json' },
      body: JSON.stringify(params),
    })
    answers.push((await response.json()) as Answer)
  }
  return answers
}

async function overWebSocket(preset: Preset, calls: readonly { action: string; params: object }[]): Promise<Answer[]> {
  const socket = new WebSocket(`${program.url.replace('http', 'ws')}/api`, {
    headers: { authorization: `Bearer ${secretOf(preset)}` },
  })
  const answers: Answer[] = []
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => {
      for (const [echo, call] of calls.entries()) socket.send(JSON.stringify({ ...call, echo }))
    })
    socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString()) as Answer & { echo: number }
      answers[answer.echo] = answer
      if (Object.keys(answers).length === calls.length) resolve()
    })
  })
  socket.terminate()
  return answers
}

const cases = presetNames.flatMap((preset) =>
  (Object.keys(chats) as ChatName[]).flatMap((chat) =>
    (
      [
        ['HTTP', overHttp],
        ['WebSocket', overWebSocket],
      ] as const
    ).map(([line, ask]) => ({ preset, chat, line, ask })),
  ),
)

describe('a token of the group 20001', () => {
  test.each(cases)('with the preset $preset, in $chat, over $line: every action', async ({ preset, chat, ask }) => {
    const answers = await ask(
      preset,
      actionNames.map((action) => ({ action, params: paramsFor(action, chat) })),
    )
    for (const [index, name] of actionNames.entries()) {
      const { msg } = answers[index]!
      const expected = isLetThrough(preset, name, chat)
      const { class: kind } = permissions[name]
      const classes: readonly string[] = presets[preset]
      if (expected === 'maybe') {
        // Never in another chat: what is not refused for that is refused for its params, or does not exist.
        if (chat !== 'its own group') expect([name, msg === undefined]).toEqual([name, false])
      } else expect([name, msg !== NOT_PERMITTED]).toEqual([name, expected])
      // A relay is judged by what it comes down to, and its wrong params come before that.
      if (!classes.includes(kind) && permissions[name].isRelay === undefined)
        expect([name, msg]).toEqual([name, NOT_PERMITTED])
    }
  })

  test('nothing of it was said anywhere but in that group', async () => {
    for (const [name, path] of [
      ['group', 'group_id=20002'],
      ['person', 'user_id=10002'],
    ] as const) {
      const action = name === 'group' ? 'get_group_msg_history' : 'get_friend_msg_history'
      const { messages } = await program.call<{ messages: { user_id: number }[] }>(`${action}?${path}`)
      expect(messages.map(({ user_id }) => user_id)).toEqual([10002])
    }
  })
})

describe('a token of one bot', () => {
  const lines: Readonly<Record<string, (url: string, headers: Record<string, string>) => Promise<number>>> = {
    HTTP: async (url, headers) => (await fetch(`${url}/get_status`, { headers })).status,
    'long polling': async (url, headers) => (await fetch(`${url}/get_updates?timeout=1`, { headers })).status,
    'an event stream': async (url, headers) => {
      const gone = new AbortController()
      const { status } = await fetch(`${url}/_events`, { headers, signal: gone.signal })
      gone.abort()
      return status
    },
    'the console': async (url, { authorization }) => {
      const body = JSON.stringify({ token: authorization!.slice('Bearer '.length) })
      const headers = { 'content-type': 'application/json' }
      return (await fetch(`${url}/console/session`, { method: 'POST', headers, body })).status
    },
    ...Object.fromEntries(
      ['/', '/api', '/event'].map((path) => [
        `a WebSocket at ${path}`,
        (url: string, headers: Record<string, string>) =>
          new Promise<number>((resolve) => {
            const socket = new WebSocket(url.replace('http', 'ws') + path, { headers })
            socket.on('error', () => undefined)
            socket.once('unexpected-response', (_request, { statusCode }) => {
              resolve(statusCode!)
              socket.terminate()
            })
            socket.once('open', () => {
              resolve(200)
              socket.terminate()
            })
          }),
      ]),
    ),
  }

  test.each(Object.entries(lines))('opens that bot and no other, over %s', async (_line, ask) => {
    const { listeners } = JSON.parse(program.stdout[0]!) as { listeners: { self_id: number; url: string }[] }
    for (const { self_id, url } of listeners) {
      for (const bot of [10000, 10010]) {
        const status = await ask(url, { authorization: `Bearer ${secretOfBot(bot)}` })
        expect([self_id, bot, status]).toEqual([self_id, bot, self_id === bot ? 200 : 403])
      }
    }
  })

  test('is refused elsewhere with the reason', async () => {
    const headers = { authorization: `Bearer ${secretOfBot(10010)}` }
    expect(await (await fetch(`${program.url}/get_status`, { headers })).json()).toMatchObject({
      retcode: 1403,
      msg: 'TOKEN_REFUSED',
      wording: 'the token "of-10010" is not for the bot 10000: its bots is 10010',
    })
  })
})
