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
  expect(await program.call('get_status')).toMatchObject({ online: true, good: true })
  expect(await chats()).toEqual(before)
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

/** One request, made by hand so that nothing corrects it. */
async function http(
  path: string,
  { method = 'POST', headers = {}, body = '' }: { method?: string; headers?: object; body?: string | Buffer } = {},
): Promise<HttpAnswer> {
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

describe('a call that cannot be done', () => {
  const group = { group_id: 20001 }
  test.each([
    {
      what: 'an unknown action',
      action: 'fly_to_the_moon',
      params: {},
      retcode: 1404,
      status: 404,
      wording: /fly_to_the_moon/,
    },
    {
      what: 'an unknown action, asked for later',
      action: 'fly_async',
      params: {},
      retcode: 1404,
      status: 404,
      wording: /"fly"/,
    },
    { what: 'a name of Object', action: 'constructor', params: {}, retcode: 1404, status: 404, wording: /constructor/ },
    {
      what: 'a missing param',
      action: 'send_group_msg',
      params: { message: 'hi' },
      retcode: 100,
      wording: /group_id is missing/,
    },
    {
      what: 'a param that is null',
      action: 'send_group_msg',
      params: { group_id: null, message: 'hi' },
      retcode: 100,
      wording: /group_id is missing/,
    },
    { what: 'a missing message', action: 'send_group_msg', params: group, retcode: 100, wording: /message is missing/ },
    {
      what: 'an empty message',
      action: 'send_group_msg',
      params: { ...group, message: '' },
      retcode: 100,
      wording: /message is empty/,
    },
    {
      what: 'text for a number',
      action: 'get_group_info',
      params: { group_id: 'Sandbox' },
      retcode: 100,
      wording: /group_id takes .*integer.*"Sandbox"/,
    },
    {
      what: 'a fraction for a number',
      action: 'get_group_info',
      params: { group_id: 1.5 },
      retcode: 100,
      wording: /group_id takes .*integer.*1\.5/,
    },
    {
      what: 'an object for a number',
      action: 'get_msg',
      params: { message_id: {} },
      retcode: 100,
      wording: /message_id takes/,
    },
    {
      what: 'a word for a boolean',
      action: 'send_group_msg',
      params: { ...group, message: 'hi', auto_escape: 'perhaps' },
      retcode: 100,
      wording: /auto_escape takes/,
    },
    {
      what: 'nobody to send to',
      action: 'send_msg',
      params: { message: 'hi' },
      retcode: 100,
      wording: /user_id or group_id/,
    },
    {
      what: 'a segment without a type',
      action: 'send_group_msg',
      params: { ...group, message: [{ type: 'text', data: { text: 'hi' } }, { data: { text: 'hi' } }] },
      retcode: 100,
      wording: /message\[1\]\.type/,
    },
    {
      what: 'a segment that is a number',
      action: 'send_private_msg',
      params: { user_id: 10001, message: [1] },
      retcode: 100,
      wording: /message\[0\]/,
    },
    {
      what: 'a segment the network does not know',
      action: 'send_group_msg',
      params: { ...group, message: [{ type: 'hologram' }] },
      retcode: 103,
      wording: /hologram/,
    },
    {
      what: 'an image that is none',
      action: 'send_group_msg',
      params: {
        ...group,
        message: [
          { type: 'text', data: { text: 'hi' } },
          { type: 'image', data: { file: 'base64://bm90IGFuIGltYWdl' } },
        ],
      },
      retcode: 103,
      wording: /image/,
    },
    {
      what: 'a group that is not there',
      action: 'send_group_msg',
      params: { group_id: 9, message: 'hi' },
      retcode: 102,
      wording: /9/,
    },
    {
      what: 'a message that is not there',
      action: 'delete_msg',
      params: { message_id: 2_147_483_647 },
      retcode: 102,
      wording: /2147483647/,
    },
    {
      what: 'a message of 10 MB',
      action: 'send_group_msg',
      params: { ...group, message: 'x'.repeat(10 * MiB) },
      retcode: 103,
      wording: /10485760/,
    },
    {
      what: 'a stranger to write to',
      action: 'send_private_msg',
      params: { user_id: 10005, message: 'hi' },
      retcode: 103,
      wording: /Erin/,
    },
  ])(
    'for $what is told so over HTTP and over WebSocket alike',
    async ({ action, params, retcode, status = 200, wording }) => {
      expect(await http(`/${action}`, { headers: json, body: JSON.stringify(params) })).toMatchObject({
        status,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: failure(retcode, wording),
      })
      const echo = { any: ['thing'] }
      expect(await overSocket(JSON.stringify({ action, params, echo }))).toEqual({ ...failure(retcode, wording), echo })
    },
  )
})

describe('an HTTP request that is not right', () => {
  const call = '/get_login_info'
  const message = '/send_group_msg'
  const good = '{"group_id":20001,"message":"hi"}'
  test.each([
    {
      what: 'shows no token',
      path: message,
      init: { headers: { ...json, authorization: '' }, body: good },
      status: 401,
      retcode: 1401,
    },
    {
      what: 'shows a wrong token',
      path: message,
      init: { headers: { ...json, authorization: 'Bearer wrong' }, body: good },
      status: 401,
      retcode: 1403,
    },
    {
      what: 'shows a wrong token in its query',
      path: `${message}?access_token=wrong`,
      init: { headers: { ...json, authorization: '' }, body: good },
      status: 401,
      retcode: 1403,
    },
    {
      what: 'shows no token to the sandbox',
      path: '/sandbox/say',
      init: { headers: { ...json, authorization: '' }, body: '{"as":10001,"message":"hi"}' },
      status: 401,
      retcode: 1401,
    },
    { what: 'is a PUT', path: message, init: { method: 'PUT', headers: json, body: good }, status: 405, retcode: 1405 },
    {
      what: 'is a DELETE without a token',
      path: message,
      init: { method: 'DELETE', headers: { authorization: '' } },
      status: 405,
      retcode: 1405,
    },
    {
      what: 'would change the sandbox by GET',
      path: '/sandbox/say?as=10001&message=hi',
      init: { method: 'GET' },
      status: 405,
      retcode: 1405,
    },
    {
      what: 'is plain text',
      path: message,
      init: { headers: { 'content-type': 'text/plain' }, body: good },
      status: 400,
      retcode: 1406,
    },
    {
      what: 'is a multipart form',
      path: message,
      init: { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
      status: 400,
      retcode: 1406,
    },
    {
      what: 'is broken JSON',
      path: message,
      init: { headers: json, body: '{"group_id":20001,"message":"hi"' },
      status: 400,
      retcode: 1400,
    },
    {
      what: 'is broken JSON without a Content-Type',
      path: message,
      init: { body: '{"group_id":20001,' },
      status: 400,
      retcode: 1400,
    },
    {
      what: 'is 10 MB of broken JSON',
      path: message,
      init: { headers: json, body: '['.repeat(10 * MiB) },
      status: 400,
      retcode: 1400,
    },
    {
      what: 'is a JSON array',
      path: message,
      init: { headers: json, body: '[20001,"hi"]' },
      status: 400,
      retcode: 1400,
    },
    { what: 'is a JSON string', path: message, init: { headers: json, body: '"hi"' }, status: 400, retcode: 1400 },
    {
      what: 'is larger than the server takes',
      path: message,
      init: { headers: json, body: Buffer.alloc(33 * MiB, 'x') },
      status: 413,
      retcode: 1413,
    },
    {
      what: 'has a broken escape in its query',
      path: `${message}?group_id=20001&message=%zz`,
      init: { method: 'GET' },
      status: 400,
      retcode: 1400,
    },
    { what: 'has a broken escape in its path', path: '/%zz', init: { method: 'GET' }, status: 400, retcode: 1400 },
    { what: 'names no action', path: '/', init: { headers: json, body: '{"params":{}}' }, status: 400, retcode: 1400 },
    {
      what: 'has params that are no object',
      path: '/',
      init: { headers: json, body: '{"action":"get_status","params":[1]}' },
      status: 400,
      retcode: 1400,
    },
    {
      what: 'names no verb of the sandbox',
      path: '/sandbox/fly',
      init: { headers: json, body: '{}' },
      status: 404,
      retcode: 1404,
    },
    {
      what: 'says something as the bot',
      path: '/sandbox/say',
      init: { headers: json, body: '{"as":10000,"group_id":20001,"message":"hi"}' },
      status: 200,
      retcode: 100,
    },
    {
      what: 'says something as nobody',
      path: '/sandbox/say',
      init: { headers: json, body: '{"group_id":20001,"message":"hi"}' },
      status: 200,
      retcode: 100,
    },
  ])('because it $what is refused', async ({ path, init, status, retcode }) => {
    expect(await http(path, init)).toMatchObject({ status, body: failure(retcode, /./) })
  })

  test('keeps its token out of the answer and out of the log', async () => {
    await http(`${call}?access_token=guessed-secret`, { headers: { authorization: 'Bearer another-secret' } })
    const { body } = await http(`/another-secret-action?access_token=${token}`, { headers: { authorization: '' } })
    expect(JSON.stringify(body)).not.toContain(token)
    expect(program.stderr.join('\n')).not.toMatch(/guessed-secret|another-secret(?!-action)|the-right-token/)
  })

  test.each([
    { what: 'bytes that are no HTTP', bytes: '\0\x01hello\r\n\r\n', status: 400 },
    { what: 'a WebSocket frame', bytes: '\x81\x05hello\r\n\r\n', status: 400 },
    { what: 'headers without an end', bytes: `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(MiB)}`, status: 431 },
    {
      what: 'two lengths',
      bytes: 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}',
      status: 400,
    },
  ])('because it is $what is refused, and the connection closed', async ({ bytes, status }) => {
    const socket = connect(program.port, '127.0.0.1')
    // What is still being sent when the answer comes is met by a reset.
    socket.on('error', () => undefined)
    const answer = readText(socket).catch(() => '')
    socket.write(bytes, 'latin1')
    expect(await answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  test('because it ends in the middle is forgotten', async () => {
    const socket = connect(program.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.end(
      `POST ${message} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n${good}`,
    )
    await readText(socket)
  })
})

describe('a WebSocket client that is not right', () => {
  test.each([
    { what: 'a frame that is not JSON', frame: 'hello', retcode: 1400 },
    { what: 'a frame that breaks off', frame: '{"action":"send_group_msg","params":{"group_id":20001', retcode: 1400 },
    { what: 'an empty frame', frame: '', retcode: 1400 },
    { what: 'a number', frame: '1', retcode: 1400 },
    { what: 'null', frame: 'null', retcode: 1400 },
    { what: 'an array', frame: '["get_status"]', retcode: 1400 },
    { what: 'no action', frame: '{"params":{}}', retcode: 1400 },
    { what: 'an action that is no text', frame: '{"action":1}', retcode: 1400 },
    { what: 'params that are no object', frame: '{"action":"get_status","params":[1]}', retcode: 1400 },
    { what: 'bytes that are no text', frame: Uint8Array.of(0xff, 0xfe, 0x00), retcode: 1400 },
    { what: '10 MB of opening brackets', frame: '['.repeat(10 * MiB), retcode: 1400 },
  ])('for $what is told so, on a socket that stays open', async ({ frame, retcode }) => {
    const answer = await overSocket(frame)
    expect(answer).toEqual(failure(retcode, /./))
  })

  test('gets its echo back even with a call that cannot be read', async () => {
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

  test.each([
    { what: 'without a token', path: '/', status: 401, retcode: 1401 },
    { what: 'with a wrong token', path: '/event?access_token=wrong', status: 401, retcode: 1403 },
    { what: 'where there is no WebSocket', path: `/nowhere?access_token=${token}`, status: 404, retcode: 1404 },
  ])('$what is refused by the answer to its upgrade', async ({ path, status, retcode }) => {
    const sent = requestUpgrade(path)
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
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
