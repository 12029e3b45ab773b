import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { catalogue } from '@seekyou/actions'
import type { Action } from '@seekyou/actions'
import * as fc from 'fast-check'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { casesOf } from '../door.ts'
import type { Door } from '../door.ts'
import { spoilt, strangeJson, strangeText, strangeValue } from '../strange.ts'
import { requireEnvelope, startSubject } from '../subject.ts'

const self_id = 10000
const said = { time: 1_700_000_000, self_id, message_id: 7, message_seq: 3, user_id: 10001, font: 0, raw_message: 'hi' }
const sender = { user_id: 10001, nickname: 'x', card: '', role: 'member', sex: 'unknown', age: 0 }
const message = [
  { type: 'text', data: { text: 'hi' } },
  { type: 'image', data: { file: 'a.png', url: 'http://127.0.0.1:1/a.png' } },
  { type: 'reply', data: { id: '7' } },
  { type: 'forward', data: { id: 'abc', content: [{ type: 'node', data: {} }] } },
]

const events: fc.Arbitrary<unknown> = fc.oneof(
  spoilt(
    fc.constantFrom<unknown>(
      {
        ...said,
        post_type: 'message',
        message_type: 'group',
        sub_type: 'normal',
        group_id: 20001,
        anonymous: null,
        message,
        sender,
      },
      { ...said, post_type: 'message', message_type: 'private', sub_type: 'friend', message: '[CQ:at,qq=1]', sender },
      {
        ...said,
        post_type: 'message_sent',
        message_type: 'private',
        sub_type: 'friend',
        target_id: 10001,
        message,
        sender,
      },
      {
        time: 1,
        self_id,
        post_type: 'notice',
        notice_type: 'group_recall',
        group_id: 20001,
        user_id: 10001,
        operator_id: 10001,
        message_id: 7,
      },
      {
        time: 1,
        self_id,
        post_type: 'notice',
        notice_type: 'notify',
        sub_type: 'poke',
        group_id: 20001,
        user_id: 10001,
        target_id: 10000,
      },
      {
        time: 1,
        self_id,
        post_type: 'notice',
        notice_type: 'group_upload',
        group_id: 20001,
        user_id: 10001,
        file: { id: '/x', name: 'x', size: 1, busid: 1 },
      },
      {
        time: 1,
        self_id,
        post_type: 'notice',
        notice_type: 'group_msg_emoji_like',
        group_id: 20001,
        user_id: 1,
        message_id: 7,
        likes: [{ emoji_id: '1', count: 1 }],
      },
      { time: 1, self_id, post_type: 'request', request_type: 'friend', user_id: 10001, comment: 'x', flag: 'y' },
      {
        time: 1,
        self_id,
        post_type: 'request',
        request_type: 'group',
        sub_type: 'add',
        group_id: 20001,
        user_id: 10001,
        comment: 'x',
        flag: 'y',
      },
      {
        time: 1,
        self_id,
        post_type: 'meta_event',
        meta_event_type: 'heartbeat',
        interval: 5000,
        status: { online: true, good: true },
      },
      { time: 1, self_id, post_type: 'meta_event', meta_event_type: 'lifecycle', sub_type: 'connect' },
      { time: 1, self_id, post_type: 'notice', notice_type: 'bot_offline', tag: 'x', message: 'y' },
    ),
  ),
  strangeValue,
)

const restarts = new Set(['set_restart', 'set_restart_plugin', '_set_restart'])
const samples = Object.entries<Action>(catalogue).filter(([name]) => !restarts.has(name))

/** A call, and what the upstream answers to whatever the bridge asks it for that. */
const calls = fc.constantFrom(...samples).chain(([action, { example }]) =>
  fc.record({
    action: fc.constant(action),
    params: fc.constant(example.params),
    data: fc.oneof(spoilt(fc.constant(example.data)), strangeValue),
    rest: fc.oneof(
      { weight: 3, arbitrary: fc.constant({ status: 'ok', retcode: 0 }) },
      { weight: 1, arbitrary: spoilt(fc.constant({ status: 'ok', retcode: 0, message: '', wording: '' })) },
    ),
  }),
)

const cases = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('event' as const), event: events }) },
  { weight: 5, arbitrary: calls.map((call) => ({ kind: 'call' as const, ...call })) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('text' as const), text: fc.oneof(strangeText, strangeJson) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bytes' as const), bytes: fc.uint8Array({ maxLength: 50 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('again' as const), login: strangeValue, version: strangeValue }),
  },
)
type Case = typeof cases extends fc.Arbitrary<infer Value> ? Value : never

/** Everything that the implementation on the other side of the bridge can say. */
export const upstreams: Door = {
  name: 'upstreams',
  runs: 4000,
  async open() {
    await using opened = new AsyncDisposableStack()
    const upstream = opened.use(await startUpstream())
    const config = `bots: [{ backend: { type: onebot, url: '${upstream.url}', reconnect_interval: 0.05, reconnect_interval_max: 0.1, call_timeout: 2, echo_timeout: 0.3, media_timeout: 0.05 } }]\nfiles: { timeout: 1 }\n`
    const subject = opened.use(await startSubject({ config }))
    const headers = { 'content-type': 'application/json' }

    const check = async (one: Case): Promise<void> => {
      switch (one.kind) {
        case 'event':
          upstream.say(JSON.stringify(one.event))
          break
        case 'text':
          upstream.say(one.text)
          break
        case 'bytes':
          upstream.say(one.bytes)
          break
        case 'again':
          await upstream.comeAgain(one.login, one.version)
          break
        case 'call': {
          upstream.answerWith({ data: one.data, ...(one.rest as object) })
          const response = await fetch(`${subject.program.url}/${one.action}`, {
            method: 'POST',
            headers,
            body: JSON.stringify(one.params),
          })
          const body: unknown = await response.json()
          upstream.answerWith(undefined)
          if (response.status >= 500) throw new Error(`status ${response.status}: ${JSON.stringify(body)}`)
          requireEnvelope(body)
        }
      }
      await subject.isWell()
    }
    const owned = opened.move()
    return { cases: casesOf(cases, check), [Symbol.asyncDispose]: () => owned.disposeAsync() }
  },
}

/** An implementation that says what it is told to say. */
async function startUpstream() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  let strange: unknown
  let greeting: { readonly login: unknown; readonly version: unknown } | undefined
  const good: Readonly<Record<string, unknown>> = {
    get_login_info: { user_id: self_id, nickname: 'SeekYou' },
    get_version_info: { app_name: 'NapCat.Onebot', app_version: '4.8.95', protocol_version: 'v11' },
  }
  const answer = (action: string): unknown => {
    if (greeting && action === 'get_login_info') return { status: 'ok', retcode: 0, data: greeting.login }
    if (greeting && action === 'get_version_info') return { status: 'ok', retcode: 0, data: greeting.version }
    if (action in good) return { status: 'ok', retcode: 0, data: good[action] }
    return strange ?? { status: 'ok', retcode: 0, data: null }
  }
  let isThere = Promise.withResolvers<void>()
  server.on('connection', (socket: WebSocket) => {
    socket.on('error', () => undefined)
    socket.on('message', (bytes) => {
      const { action, echo } = JSON.parse((bytes as Buffer).toString()) as { action: string; echo: unknown }
      const reply = answer(action)
      socket.send(JSON.stringify(typeof reply === 'object' && reply !== null ? { ...reply, echo } : reply))
    })
    isThere.resolve()
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    say(bytes: string | Uint8Array): void {
      for (const socket of server.clients) socket.send(bytes)
    },
    answerWith(value: unknown): void {
      strange = value
    },
    /** Hangs up, says something strange of itself when it is dialled next, and then the truth. */
    async comeAgain(login: unknown, version: unknown): Promise<void> {
      for (const lie of [{ login, version }, undefined]) {
        greeting = lie
        isThere = Promise.withResolvers()
        for (const socket of server.clients) socket.terminate()
        await isThere.promise
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const socket of server.clients) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
