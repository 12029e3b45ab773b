import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createRecordingLogger, createTemporaryFolder } from '@seekyou/testkit'
import { expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { openServer } from '../src/compose.ts'
import { loadConfig } from '../src/config.ts'

/*
 * Configurations as people have them, each served as it is: only the ports are those of this test.
 */

const fixtures = fileURLToPath(new URL('fixtures/go-cqhttp', import.meta.url))
const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 20 })

type Told = Readonly<Record<string, unknown>>

/** Starts the server of a configuration. @param bots what takes the place of `127.0.0.1:<port>` that it connects to. */
async function serve(
  name: string,
  {
    bots = {},
    env = {},
  }: { readonly bots?: Readonly<Record<number, { readonly port: number }>>; readonly env?: NodeJS.ProcessEnv } = {},
) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await createTemporaryFolder())
  await cp(fixtures, folder.path, { recursive: true })
  const file = join(folder.path, 'config.yml')
  const original = await readFile(join(fixtures, name), 'utf8')
  const moved = Object.entries(bots).reduce(
    (config, [port, bot]) => config.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${bot.port}`),
    original,
  )
  await writeFile(file, moved)
  const loaded = await loadConfig(file, { logLevel: 'silent' }, env)
  const [bot] = loaded.config.bots
  const config = { ...loaded.config, bots: [{ ...bot!, listen: bot!.listen.map((one) => ({ ...one, port: 0 })) }] }
  const log = createRecordingLogger()
  const server = opened.use(await openServer({ ...loaded, config }, { log, version: 'test' }))
  await server.ready
  const owned = opened.move()
  const [first] = server.addresses
  const call = async (action: string, params: object = {}, { url = first!.url, token = '' } = {}) => {
    const response = await fetch(`${url}/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== '' && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(params),
    })
    const body = await response.text()
    return { status: response.status, body: (body.startsWith('{') ? JSON.parse(body) : body) as Told }
  }
  return {
    config: loaded.config,
    urls: server.addresses.map(({ url }) => url),
    call,
    say: (message: string, { group, token }: { readonly group?: number; readonly token?: string } = {}) =>
      call(
        'sandbox/say',
        { as: 10_001, message, ...(group !== undefined && { group_id: group }) },
        { token: token ?? '' },
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** A bot program that is posted to. */
async function startReceiver() {
  const posts: {
    readonly path: string
    readonly headers: IncomingHttpHeaders
    readonly body: string
    readonly event: Told
  }[] = []
  const server = createServer((request, response) => void receive(request, response)).listen(0, '127.0.0.1')
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    posts.push({ path: request.url ?? '', headers: request.headers, body, event: JSON.parse(body) as Told })
    response.writeHead(204).end()
  }
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    posts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Connection {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly frames: Told[]
  send(frame: object): void
}

/** A bot program that waits to be dialled. */
async function startDialled() {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const connections: Connection[] = []
  server.on('connection', (socket, request) => {
    const frames: Told[] = []
    socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Told))
    const send = (frame: object) => socket.send(JSON.stringify(frame))
    connections.push({ path: request.url ?? '', headers: request.headers, frames, send })
  })
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A bot program that dials. */
async function dial(url: string, token?: string) {
  const socket = new WebSocket(url.replace('http', 'ws'), {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })
  const frames: Told[] = []
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Told))
  await once(socket, 'open')
  return {
    frames,
    send: (frame: object) => socket.send(JSON.stringify(frame)),
    [Symbol.dispose]: () => socket.terminate(),
  }
}

async function refusal(url: string, token?: string): Promise<string> {
  return dial(url, token).then(
    () => 'let in',
    (error: Error) => error.message,
  )
}

const messagesIn = (events: readonly Told[]) => events.filter(({ post_type }) => post_type === 'message')

/** What go-cqhttp alone does: status 200 for an action that there is not. */
const unknownAction = { status: 200, body: expect.objectContaining({ retcode: 404, msg: 'API_NOT_FOUND' }) as unknown }

test('http-only: the template as it comes', async () => {
  await using server = await serve('http-only.yml')
  expect(await server.call('no_such_action')).toEqual(unknownAction)
  expect(await server.call('get_login_info')).toMatchObject({ body: { retcode: 0, data: { user_id: 10_000 } } })
  const updates = server.call('get_updates', { timeout: 20 })
  await soon(async () => {
    await server.say('[CQ:face,id=1]')
    expect(await Promise.race([updates, new Promise((resolve) => setTimeout(resolve, 20))])).toBeDefined()
  })
  expect(((await updates).body['data'] as Told[]).find(({ post_type }) => post_type === 'message')).toMatchObject({
    message: '[CQ:face,id=1]',
  })
})

test('http-only: what cannot be sent becomes text, as it does there', async () => {
  await using server = await serve('http-only.yml')
  const { body } = await server.call('send_private_msg', { user_id: 10_001, message: 'a[CQ:frob,x=1]' })
  const { message_id } = body['data'] as { message_id: number }
  expect(await server.call('get_msg', { message_id })).toMatchObject({
    body: { data: { message: 'a&#91;CQ:frob,x=1&#93;' } },
  })
})

test('ws-forward: a socket for who has the token, and no heartbeat', async () => {
  await using server = await serve('ws-forward.yml')
  const [url] = server.urls as [string]
  expect(await refusal(url)).toMatch(/401/)
  expect(await refusal(url, '123456')).toMatch(/40[13]/)
  using bot = await dial(url, '0123456')
  await soon(() => expect(bot.frames[0]).toMatchObject({ meta_event_type: 'lifecycle', sub_type: 'connect' }))
  bot.send({ action: 'no_such_action', echo: 'a' })
  await soon(() => expect(bot.frames).toContainEqual(expect.objectContaining({ retcode: 404, echo: 'a' })))
  await server.say('hi', { token: '0123456' })
  await soon(() => expect(messagesIn(bot.frames)).toMatchObject([{ message: 'hi' }]))
  expect(server.config.bots[0]!.heartbeat_interval).toBe(0)
})

test('ws-reverse-two: both bots are dialled, each with its token, and the disabled one is not', async () => {
  await using one = await startDialled()
  await using two = await startDialled()
  await using server = await serve('ws-reverse-two.yml', { bots: { 8080: one, 8081: two } })
  await soon(() => expect([one.connections.length, two.connections.length]).toEqual([1, 2]))
  const [universal] = one.connections as [Connection]
  expect(universal).toMatchObject({
    path: '/onebot/v11/ws/',
    headers: { 'x-client-role': 'Universal', 'x-self-id': '10000', authorization: 'Token first' },
  })
  const [api, event] = two.connections.toSorted((a, b) => a.path.localeCompare(b.path)) as [Connection, Connection]
  expect([api.path, event.path]).toEqual(['/api/', '/event/'])
  expect([api.headers, event.headers]).toMatchObject([
    { 'x-client-role': 'API', authorization: 'Token second' },
    { 'x-client-role': 'Event', authorization: 'Token second' },
  ])
  await server.say('hi')
  for (const { frames } of [universal, event]) {
    await soon(() => expect(messagesIn(frames)).toMatchObject([{ message: [{ type: 'text', data: { text: 'hi' } }] }]))
  }
  api.send({ action: 'get_login_info', echo: 1 })
  await soon(() => expect(api.frames).toMatchObject([{ retcode: 0, echo: 1, data: { user_id: 10_000 } }]))
  expect(server.config.bots[0]!.connect).toHaveLength(2)
})

test('anchors: each server has the middlewares that were merged into it', async () => {
  await using server = await serve('anchors.yml')
  const [http, ws, other] = server.urls as [string, string, string]
  expect((await server.call('get_status', {}, { url: http, token: 'private' })).status).toBe(403)
  expect((await server.call('get_status', {}, { url: http, token: 'shared' })).status).toBe(200)
  expect(await refusal(ws, 'shared')).toMatch(/403/)
  expect(await refusal(other, 'private')).toMatch(/403/)
  using first = await dial(ws, 'private')
  using second = await dial(other, 'shared')
  await soon(() => expect([first.frames.length, second.frames.length]).not.toContain(0))
})

test('environment: what is set is filled in, what is not has its default', async () => {
  await using bot = await startReceiver()
  await using server = await serve('environment.yml', {
    env: { BOT_TOKEN: 'from outside', BOT_SECRET: 'sealed', BOT_PORT: String(bot.port), BOT_HTTP: '127.0.0.1:5799' },
  })
  expect(server.config.bots[0]).toMatchObject({ heartbeat_interval: 7, listen: [{ port: 5799 }] })
  expect((await server.call('get_status')).status).toBe(401)
  await server.say('hi', { token: 'from outside' })
  await soon(() =>
    expect(messagesIn(bot.posts.map(({ event }) => event))).toMatchObject([{ message: [{ type: 'text' }] }]),
  )
  const { headers, body } = bot.posts[0]!
  expect(headers['x-signature']).toBe(`sha1=${createHmac('sha1', 'sealed').update(body).digest('hex')}`)
})

test('legacy-host-and-port: the old way of writing addresses', async () => {
  await using server = await serve('legacy-host-and-port.yml')
  expect(server.config.bots[0]!.listen).toMatchObject([
    { host: '127.0.0.1', port: 5700, request_timeout: 5 },
    { host: '127.0.0.1', port: 6700 },
  ])
  const [http, ws] = server.urls as [string, string]
  expect(await server.call('no_such_action', {}, { url: http, token: 'old-http' })).toEqual(unknownAction)
  using bot = await dial(ws, 'old-ws')
  await soon(() => expect(bot.frames).toMatchObject([{ meta_event_type: 'lifecycle' }]))
})

test('post-only: events are posted, signed where there is a secret, without heartbeats', async () => {
  await using signed = await startReceiver()
  await using plain = await startReceiver()
  await using server = await serve('post-only.yml', { bots: { 8081: signed, 8082: plain } })
  await server.say('hi')
  await soon(() => expect(messagesIn(signed.posts.map(({ event }) => event))).toMatchObject([{ message: 'hi' }]))
  await soon(() => expect(messagesIn(plain.posts.map(({ event }) => event))).toMatchObject([{ message: 'hi' }]))
  const [post] = signed.posts
  expect(post).toMatchObject({ path: '/bot', headers: { 'x-self-id': '10000' } })
  expect(post!.headers['x-signature']).toBe(`sha1=${createHmac('sha1', 'signed').update(post!.body).digest('hex')}`)
  expect(plain.posts[0]).toMatchObject({ path: '/log' })
  expect(plain.posts[0]!.headers).not.toHaveProperty('x-signature')
  // Something has to serve media: a listener that only this machine reaches.
  expect(server.config.bots[0]).toMatchObject({ heartbeat_interval: 0, listen: [{ host: '127.0.0.1', port: 0 }] })
})

test('filters: each link is told what its filter lets pass', async () => {
  await using dialled = await startDialled()
  await using posted = await startReceiver()
  await using server = await serve('filters.yml', { bots: { 8080: dialled, 8081: posted } })
  await soon(() => expect(dialled.connections).toHaveLength(1))
  await server.say('in private')
  await server.say('in another group', { group: 20_002 })
  await server.say('in the group', { group: 20_001 })
  await server.say('the end')
  const postedTexts = () => messagesIn(posted.posts.map(({ event }) => event)).map(({ message }) => message)
  await soon(() => expect(postedTexts()).toEqual(['in private', 'the end']))
  await soon(() => expect(messagesIn(dialled.connections[0]!.frames)).toMatchObject([{ message: 'in the group' }]))
})

test('rate-limit: a caller that comes too often waits for its turn', async () => {
  await using server = await serve('rate-limit.yml')
  const [listener] = server.config.bots[0]!.listen
  expect(listener).toMatchObject({ rate_limit: { frequency: 5, bucket: 2, reject: false } })
  const answered: number[] = []
  const call = async (index: number) => {
    const { status } = await server.call('get_status', {}, { token: 'limited' })
    answered.push(index)
    return status
  }
  // The bucket holds two; the third is answered as well, later.
  const statuses = [call(0), call(1)]
  await Promise.all(statuses)
  const third = call(2)
  expect(answered).toEqual(expect.arrayContaining([0, 1]))
  expect(await third).toBe(200)
})

test('everything: all of the template at once', async () => {
  await using dialled = await startDialled()
  await using posted = await startReceiver()
  await using server = await serve('everything.yml', { bots: { 8080: dialled, 8081: posted } })
  const token = 'everything'
  expect(await server.call('no_such_action', {}, { token })).toEqual(unknownAction)
  await soon(() =>
    expect(dialled.connections).toMatchObject([{ path: '/ws', headers: { 'x-client-role': 'Universal' } }]),
  )
  await server.say('in private', { token })
  await server.say('in the group', { group: 20_001, token })
  const segments = [{ type: 'text', data: { text: 'in the group' } }]
  const heard = () => messagesIn(dialled.connections[0]!.frames)
  await soon(() => expect(heard()).toMatchObject([{ message: segments }]))
  await soon(() => expect(messagesIn(posted.posts.map(({ event }) => event))).toMatchObject([{ message: segments }]))
  await server.call('send_group_msg', { group_id: 20_001, message: 'from the bot' }, { token })
  await soon(() =>
    expect(dialled.connections[0]!.frames).toContainEqual(
      expect.objectContaining({ post_type: 'message_sent', raw_message: 'from the bot' }),
    ),
  )
  const quoting = async (message: string) => {
    const first = await server.say('the thing', { group: 20_001, token })
    const { message_id: id } = first.body['data'] as { message_id: number }
    await server.say(message.replace('ID', String(id)), { group: 20_001, token })
    return id
  }
  const id = await quoting('[CQ:reply,id=ID][CQ:at,qq=10001] yes')
  await soon(() =>
    expect(heard().at(-1)).toMatchObject({
      message: [
        { type: 'reply', data: { id: String(id), qq: '10001', text: 'the thing' } },
        { type: 'text', data: { text: ' yes' } },
      ],
    }),
  )
  const sent = await server.call('send_group_msg', { group_id: 20_001, message: 'a[CQ:frob]' }, { token })
  const { message_id } = sent.body['data'] as { message_id: number }
  expect(await server.call('get_msg', { message_id }, { token })).toMatchObject({
    body: { data: { message: [{ type: 'text', data: { text: 'a' } }] } },
  })
  expect(server.config).toMatchObject({
    files: { timeout: 15 },
    bots: [
      { heartbeat_interval: 3, connect: [{ type: 'webhook' }, { reconnect_interval: 90, reconnect_interval_max: 90 }] },
    ],
  })
})
