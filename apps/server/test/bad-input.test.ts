import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

/*
 * What a client gets for each kind of mistake, in the default dialect, from the real program over real sockets. After
 * every one of them the chats are as they were, and the program answers the next call.
 */

const token = 'the-right-token'
const MiB = 1024 * 1024

let program: Program
beforeAll(async () => {
  program = await startProgram({ token, env: { SEEKYOU_TOKEN: token } })
})
afterAll(() => program[Symbol.asyncDispose]())

const chats = async () => ({
  world: await program.look('world'),
  group: await program.look('messages', { group_id: '20001' }),
  private: await program.look('messages', { user_id: '10001' }),
})
let before: unknown
beforeEach(async () => {
  before = await chats()
})
afterEach(async () => {
  assert.equal((await program.call<{ online: boolean }>('get_status')).online, true)
  assert.deepEqual(await chats(), before)
})

/** A failure as every client gets it; `wording` says what was wrong. */
const failure = (retcode: number, wording: RegExp) => ({
  status: 'failed',
  retcode,
  data: null,
  msg: expect.stringMatching(/^[A-Z_]+$/),
  wording: expect.stringMatching(wording),
  message: expect.stringMatching(wording),
})

interface HttpAnswer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

interface Sent {
  readonly method?: string
  readonly headers?: object
  readonly body?: string
}

/** One request, made by hand so that nothing corrects it. */
async function http(path: string, { method = 'POST', headers = {}, body = '' }: Sent = {}): Promise<HttpAnswer> {
  const sent = request(program.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body), ...headers },
  })
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return answerOf(response)
}

async function answerOf(response: IncomingMessage): Promise<HttpAnswer> {
  const { statusCode: status, headers } = response
  return { status, headers, body: JSON.parse(await readText(response)) }
}

const json = { 'content-type': 'application/json' }

/** A socket that carries calls, and the next frame it gets. */
async function openSocket(): Promise<WebSocket & { next(): Promise<unknown> }> {
  const socket = new WebSocket(`${program.url.replace('http', 'ws')}/api?access_token=${token}`)
  await once(socket, 'open')
  const next = async () => {
    const [event] = (await once(socket, 'message')) as [{ data: string }]
    return JSON.parse(event.data) as unknown
  }
  return Object.assign(socket, { next })
}

async function overSocket(frame: string | Uint8Array<ArrayBuffer>): Promise<unknown> {
  const socket = await openSocket()
  const answered = socket.next()
  socket.send(frame)
  const answer = await answered
  // The same socket goes on.
  const alive = socket.next()
  socket.send('{"action":"get_status","echo":"alive"}')
  expect(await alive).toMatchObject({ status: 'ok', echo: 'alive' })
  const closed = once(socket, 'close')
  socket.close()
  await closed
  return answer
}

/** Where something is said that is good up to the last of it. */
const group = { group_id: 20001 }
const text = { type: 'text', data: { text: 'hi' } }
const notAnImage = { type: 'image', data: { file: 'base64://bm90IGFuIGltYWdl' } }

describe('a call is answered the same over HTTP and over WebSocket', () => {
  test.each<[what: string, action: string, params: object, retcode: number, wording: RegExp]>([
    ['an unknown action', 'fly_to_the_moon', {}, 1404, /"fly_to_the_moon"/],
    ['an unknown action, asked for later', 'fly_async', {}, 1404, /"fly"/],
    ['an action by the name of something of JavaScript', 'constructor', {}, 1404, /"constructor"/],
    ['a missing param', 'send_group_msg', { message: 'hi' }, 100, /group_id is missing/],
    ['a param that is null', 'send_group_msg', { group_id: null, message: 'hi' }, 100, /group_id is missing/],
    ['a missing message', 'send_group_msg', group, 100, /message is missing/],
    ['an empty message', 'send_group_msg', { ...group, message: '' }, 100, /message is empty/],
    ['text for a number', 'get_group_info', { group_id: 'Sandbox' }, 100, /group_id takes .*integer.*"Sandbox"/],
    ['a fraction for an integer', 'get_group_info', { group_id: 1.5 }, 100, /group_id takes .*integer.*1\.5/],
    ['an object for a number', 'get_msg', { message_id: {} }, 100, /message_id takes/],
    [
      'a word for a boolean',
      'send_group_msg',
      { ...group, message: 'hi', auto_escape: 'so' },
      100,
      /auto_escape takes/,
    ],
    ['nobody to send to', 'send_msg', { message: 'hi' }, 100, /user_id or group_id/],
    ['a segment without a type', 'send_group_msg', { ...group, message: [text, { data: {} }] }, 100, /\[1\]\.type/],
    ['a segment that is a number', 'send_private_msg', { user_id: 10001, message: [text, 1] }, 100, /message\[1\]/],
    ['an unknown segment', 'send_group_msg', { ...group, message: [text, { type: 'hologram' }] }, 103, /hologram/],
    ['an image that is none', 'send_group_msg', { ...group, message: [text, notAnImage] }, 103, /image/],
    ['a message of 10 MB', 'send_group_msg', { ...group, message: 'x'.repeat(10 * MiB) }, 103, /10485760/],
    ['a group that is not there', 'send_group_msg', { group_id: 9, message: 'hi' }, 102, /\b9\b/],
    ['a message that is not there', 'delete_msg', { message_id: 2_147_483_647 }, 102, /2147483647/],
    ['no friend to write to', 'send_private_msg', { user_id: 10005, message: 'hi' }, 103, /Erin/],
  ])('with %s', async (_, action, params, retcode, wording) => {
    expect(await http(`/${action}`, { headers: json, body: JSON.stringify(params) })).toMatchObject({
      status: retcode === 1404 ? 404 : 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: failure(retcode, wording),
    })
    const echo = { any: ['thing'] }
    expect(await overSocket(JSON.stringify({ action, params, echo }))).toEqual({ ...failure(retcode, wording), echo })
  })
})

const message = '/send_group_msg'
const good = '{"group_id":20001,"message":"hi"}'

describe('an HTTP request is refused if it', () => {
  const unsigned = { ...json, authorization: '' }
  const wrong = { ...json, authorization: 'Bearer wrong' }
  const plain = { 'content-type': 'text/plain' }
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' }
  const asBot = '{"as":10000,"group_id":20001,"message":"hi"}'

  test.each<[what: string, path: string, sent: Sent, status: number, retcode: number]>([
    ['shows no token', message, { headers: unsigned, body: good }, 401, 1401],
    ['shows a wrong token', message, { headers: wrong, body: good }, 401, 1403],
    ['shows a wrong token in its query', `${message}?access_token=x`, { headers: unsigned, body: good }, 401, 1403],
    ['shows no token to the sandbox', '/sandbox/say', { headers: unsigned, body: asBot }, 401, 1401],
    ['is a PUT', message, { method: 'PUT', headers: json, body: good }, 405, 1405],
    ['is a DELETE, before its token counts', message, { method: 'DELETE', headers: wrong }, 405, 1405],
    ['would change the sandbox by GET', '/sandbox/say?as=10001&message=hi', { method: 'GET' }, 405, 1405],
    ['is plain text', message, { headers: plain, body: good }, 400, 1406],
    ['is a multipart form', message, { headers: multipart, body: '--x--' }, 400, 1406],
    ['is broken JSON', message, { headers: json, body: good.slice(0, -1) }, 400, 1400],
    ['is broken JSON without a Content-Type', message, { body: good.slice(0, -1) }, 400, 1400],
    ['is 10 MB of broken JSON', message, { headers: json, body: '['.repeat(10 * MiB) }, 400, 1400],
    ['is a JSON array', message, { headers: json, body: '[20001,"hi"]' }, 400, 1400],
    ['is a JSON string', message, { headers: json, body: '"hi"' }, 400, 1400],
    ['is larger than the server takes', message, { headers: json, body: 'x'.repeat(33 * MiB) }, 413, 1413],
    ['has a broken escape in its query', `${message}?group_id=20001&message=%zz`, { method: 'GET' }, 400, 1400],
    ['has a broken escape in its path', '/%zz', { method: 'GET' }, 400, 1400],
    ['names no action', '/', { headers: json, body: '{"params":{}}' }, 400, 1400],
    ['has params that are no object', '/', { headers: json, body: '{"action":"get_status","params":[1]}' }, 400, 1400],
    ['names no verb of the sandbox', '/sandbox/fly', { headers: json, body: '{}' }, 404, 1404],
    ['would say something as the bot', '/sandbox/say', { headers: json, body: asBot }, 200, 100],
    ['would say something as nobody', '/sandbox/say', { headers: json, body: good }, 200, 100],
  ])('%s', async (_, path, sent, status, retcode) => {
    expect(await http(path, sent)).toMatchObject({ status, body: failure(retcode, /./) })
  })

  test('shows a token, of which neither answer nor log tell', async () => {
    await http(`/get_status?access_token=guessed-secret`, { headers: { authorization: 'Bearer another-secret' } })
    const { body } = await http(`/another-secret-action?access_token=${token}`, { headers: { authorization: '' } })
    expect(JSON.stringify(body)).not.toContain(token)
    expect(program.stderr.join('\n')).not.toMatch(/guessed-secret|another-secret(?!-action)|the-right-token/)
  })

  const tooLong = `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(MiB)}`
  const twoLengths = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}'
  test.each<[what: string, bytes: string, status: number]>([
    ['is no HTTP', '\0\x01hello\r\n\r\n', 400],
    ['is a WebSocket frame', '\x81\x05hello\r\n\r\n', 400],
    ['has headers without an end', tooLong, 431],
    ['has two lengths', twoLengths, 400],
  ])('%s, and its connection closed', async (_, bytes, status) => {
    const socket = connect(program.port, '127.0.0.1')
    // What is still being sent when the answer comes is met by a reset, after what was answered.
    socket.on('error', () => undefined)
    let answer = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk))
    const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()))
    socket.write(bytes, 'latin1')
    await closed
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  test('breaks off, and whoever sent it is let go', async () => {
    const socket = connect(program.port, '127.0.0.1')
    const answer = readText(socket)
    const head = `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 1000`
    socket.end(`POST ${message} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n${good}`)
    expect(await answer).toMatch(/^(?:HTTP\/1.1 400 |$)/)
  })
})

describe('a WebSocket client', () => {
  test.each<[what: string, frame: string | Uint8Array<ArrayBuffer>]>([
    ['that is not JSON', 'hello'],
    ['that breaks off', '{"action":"send_group_msg","params":{"group_id":20001'],
    ['that is empty', ''],
    ['that is a number', '1'],
    ['that is null', 'null'],
    ['that is an array', '["get_status"]'],
    ['without an action', '{"params":{}}'],
    ['whose action is no text', '{"action":1}'],
    ['whose params are no object', '{"action":"get_status","params":[1]}'],
    ['of bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x00)],
    ['of 10 MB of opening brackets', '['.repeat(10 * MiB)],
  ])('is told of a frame %s, on a socket that stays open', async (_, frame) => {
    expect(await overSocket(frame)).toEqual(failure(1400, /./))
  })

  test('gets its echo back even if its call cannot be read', async () => {
    expect(await overSocket('{"action":1,"echo":{"n":[1]}}')).toEqual({ ...failure(1400, /action/), echo: { n: [1] } })
  })

  test('is let go for a frame larger than the server takes', async () => {
    const socket = await openSocket()
    const closed = once(socket, 'close')
    socket.send('x'.repeat(33 * MiB))
    expect((await closed)[0]).toMatchObject({ code: 1009 })
  })

  test('is let go for a frame that is not masked', async () => {
    const { response, socket } = await upgrade(`/api?access_token=${token}`)
    expect(response.statusCode).toBe(101)
    const bytes = readText(socket)
    socket.write(Buffer.from([0x81, 0x02, 0x7b, 0x7d]))
    await bytes
  })

  test.each<[what: string, path: string, status: number, retcode: number]>([
    ['without a token', '/', 401, 1401],
    ['with a wrong token', '/event?access_token=wrong', 401, 1403],
    ['at a path where there is no WebSocket', `/nowhere?access_token=${token}`, 404, 1404],
  ])('%s is refused by the answer to its upgrade', async (_, path, status, retcode) => {
    const [response] = (await once(requestUpgrade(path), 'response')) as [IncomingMessage]
    expect(await answerOf(response)).toMatchObject({ status, body: failure(retcode, /./) })
  })
})

function requestUpgrade(path: string) {
  const sent = request(program.url + path, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    },
  })
  sent.end()
  return sent
}

async function upgrade(path: string) {
  const [response, socket] = (await once(requestUpgrade(path), 'upgrade')) as [IncomingMessage, NodeJS.ReadWriteStream]
  return { response, socket }
}
