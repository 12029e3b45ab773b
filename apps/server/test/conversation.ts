import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { saidIn, say } from './sandbox-side.ts'
import { dial, exchange, tapDials, tapPosts } from './wire-tap.ts'
import type { SocketTap, TappedRequest } from './wire-tap.ts'

/*
 * One conversation with the program, the same in every dialect, written down as it goes over the wire. Lines of the
 * program begin with `<`, those of the bot with `>`; what is another each time stands in angle brackets.
 */

const TOKEN = 's3cret'
const group = { group_id: 20001 }

/** Holds the conversation in a dialect and writes it down. */
export async function recordConversation(dialect: string): Promise<string> {
  await using posts = await tapPosts()
  await using dials = await tapDials()
  await using program = await startProgram({
    token: TOKEN,
    config: `
      defaults: { access_token: ${TOKEN}, dialect: ${dialect} }
      bots:
        - backend: { type: sandbox, clock: virtual, seed: 7 }
          heartbeat_interval: 0
          connect:
            - { type: webhook, name: hook, url: 'http://127.0.0.1:${posts.port}/events', secret: the key }
            - { type: reverse-ws, name: bot, url: 'ws://127.0.0.1:${dials.port}/ws' }`,
  })
  using forward = await dial(program.port, upgrade('/'))
  const reverse = await dials.next()

  const posted = writePosts(() => posts.next())
  const heard = [writeFrames(forward), writeFrames(reverse)]
  await happen(program)
  const events = await Promise.all([posted, ...heard])

  const [webhook, atForward, atReverse] = events
  return [
    `One conversation in the dialect ${dialect}. < is what the program sends, > what the bot sends.`,
    'Written by `pnpm run record` in apps/server; do not edit it.',
    section('Webhook', webhook!),
    section('Reverse WebSocket', [...lines('<', reverse.head), '', ...atReverse!]),
    section('WebSocket', [...lines('>', upgrade('/')), ...lines('<', forward.head), '', ...atForward!]),
    section('Calls over WebSocket', await writeCalls(forward)),
    section('Calls over HTTP', await writeRequests(program.port)),
    section('What the group has seen', await writeGroup(program)),
    '',
  ].join('\n')
}

const section = (title: string, content: readonly string[]) => [`\n== ${title}\n`, ...content.map(masked)].join('\n')

/** The last thing that happens, told in every dialect: whatever was told before it has come. */
const END = 'that was all'

/** What people do. */
async function happen(program: Program): Promise<void> {
  await say(program, 10001, '你好 [CQ:face,id=14] & [x], <b>', group)
  // The webhook answers this one by a quick operation; what comes next comes after it.
  for (;;) {
    const last = (await saidIn(program, { group_id: '20001' })).at(-1)
    if (last?.user_id === 10000) break
  }
  await program.sandbox('say', { as: 10001, ...group, message: '谁?', anonymous: true })
  await say(program, 10002, 'in private')
  await say(program, 10002, 'in a discuss group', { discuss_id: 30001 })
  await program.sandbox('set_admin', { as: 10003, group_id: 20002, user_id: 10002, value: true })
  await program.sandbox('poke', { as: 10002, target_id: 10000, ...group })
  await program.sandbox('set_card', { as: 10001, ...group, value: '班长' })
  await program.sandbox('request_friend', { as: 10004, comment: '我是 Dave' })
  await program.sandbox('request_join', { as: 10005, ...group, comment: '让我进' })
  await say(program, 10003, END)
}

/** Takes events until the end, and answers the first message of a group. */
async function writePosts(next: () => Promise<TappedRequest>): Promise<readonly string[]> {
  const written: string[] = []
  for (;;) {
    const { head, body, answer } = await next()
    const isFirst = body.includes('你好')
    const operation = JSON.stringify({ reply: '收到', auto_escape: true })
    const text = isFirst
      ? `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(operation)}\r\n\r\n${operation}`
      : 'HTTP/1.1 204 No Content\r\n\r\n'
    answer(text)
    // A signature over the time of this very moment is another each time.
    const shown = isOfNow(body) ? head.replace(/^(x-signature: ).*$/im, '$1<signature>') : head
    written.push(...lines('<', shown), '', ...lines('<', body), ...lines('>', text.trimEnd()), '')
    if (body.includes(END)) return written
  }
}

/** Takes events until the end. */
async function writeFrames(socket: SocketTap): Promise<readonly string[]> {
  const written: string[] = []
  for (;;) {
    const frame = await socket.nextFrame()
    written.push(...lines('<', frame))
    if (frame.includes(END)) return written
  }
}

const frames = [
  '{"action":"get_login_info","echo":{"any":["echo",1]}}',
  '{"action":"get_group_info","params":{"group_id":"20001"},"echo":9007199254740993}',
  '{"action":"get_group_info","params":{"group_id":20009},"echo":"no such group"}',
  '{"action":"send_group_msg","params":{"group_id":20001},"echo":"no message"}',
  '{"action":"fly_to_the_moon","echo":"no such action"}',
  '{"action":"get_login_info_async","echo":"later"}',
  '{"action":"send_msg","params":{"user_id":10001,"group_id":20001,"message":"to whom?"},"echo":"ambiguous"}',
  'not JSON',
]

async function writeCalls(socket: SocketTap): Promise<readonly string[]> {
  const written: string[] = []
  for (const frame of frames) {
    socket.send(frame)
    written.push(...lines('>', frame), ...lines('<', await socket.nextFrame()), '')
  }
  return written
}

const authorized = `Authorization: Bearer ${TOKEN}`
const json = 'Content-Type: application/json'
const requests = [
  request('GET /get_login_info', [authorized]),
  request('GET /get_login_info', []),
  request('GET /get_login_info', ['Authorization: Bearer other']),
  request('GET /fly_to_the_moon', [authorized]),
  request('PUT /get_login_info', [authorized]),
  request('POST /get_group_info', [authorized, json], '{"group_id":20002}'),
  request('POST /get_group_info', [authorized, json], '{"group_id":20009}'),
  request('POST /get_group_info', [authorized, json], '{"group_id"'),
  request('POST /get_group_info?group_id=20002', [authorized, 'Content-Type: text/plain'], 'x'),
  request('POST /get_group_info', [authorized], '{"group_id":20002}'),
]

async function writeRequests(port: number): Promise<readonly string[]> {
  const written: string[] = []
  for (const text of requests) {
    written.push(...lines('>', text.trimEnd()), ...lines('<', await exchange(port, text)), '')
  }
  return written
}

/** What the quick operation, and the message to nobody in particular, have become. */
async function writeGroup(program: Program): Promise<readonly string[]> {
  const said = await saidIn(program, { group_id: '20001' })
  return said.map(({ user_id, message }) => `${user_id}: ${JSON.stringify(message)}`)
}

function request(line: string, headers: readonly string[], body?: string): string {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const head = [`${line} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, ...length, 'Connection: close']
  return `${head.join('\r\n')}\r\n\r\n${body ?? ''}`
}

function upgrade(path: string): string {
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
  const head = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', key, authorized]
  return [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...head, '', ''].join('\r\n')
}

function lines(mark: '<' | '>', text: string): readonly string[] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => `${mark} ${line}`.trimEnd())
}

/** The time of the network stands still; only what is about the link itself has the time of now. */
const isOfNow = (text: string) => NOW.test(text)
const NOW = /"time":1[7-9](?!04067200)\d{8}/

function masked(line: string): string {
  return line
    .replace(NOW, '"time":<now>')
    .replace(/^(< (?:date|sec-websocket-key): ).*$/i, '$1<…>')
    .replace(/127\.0\.0\.1:\d+/, '127.0.0.1:<port>')
}
