import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { OutgoingEvent } from '@seekyou/protocol'
import {
  createRecordingLogger,
  createScriptedGateway,
  createTemporaryFolder,
  createVirtualClock,
  settle,
} from '@seekyou/testkit'
import { createWebhook, webhookOptions } from '@seekyou/transport-http'
import { describe, expect, it } from 'vitest'

interface Post {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** How the program answers its nth post; by default every one with 204. */
type Program = (response: ServerResponse, post: Post, nth: number) => void

const enable = expect.stringContaining('"sub_type":"enable"')

function event(seq: number | undefined, text = `{"n":${seq}}`): OutgoingEvent {
  return { seq, text }
}

/** A program that is posted to, and the link that posts to it, on a clock that stands still. */
async function openLink(
  program: Program = (response) => response.writeHead(204).end(),
  options: object = {},
  isSilentOnEnable = true,
) {
  const posts: Post[] = []
  let seen = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const post = { method, path, headers, body: Buffer.concat(chunks).toString() }
      posts.push(post)
      if (isSilentOnEnable && post.body.includes('"enable"')) response.writeHead(204).end()
      else program(response, post, posts.length - 1)
      seen.resolve()
      seen = Promise.withResolvers()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const gateway = createScriptedGateway()
  const clock = createVirtualClock()
  const log = createRecordingLogger()
  const webhook = createWebhook({
    gateway,
    options: webhookOptions.parse({ name: 'bot', url: `http://127.0.0.1:${port}/events?x=1`, ...options }),
    clock,
    log,
    random: () => 0.5,
  })
  const [subscriber] = gateway.subscribers
  if (!subscriber) throw new Error('the webhook did not subscribe')
  const link = {
    webhook,
    gateway,
    clock,
    log,
    posts,
    server,
    port,
    subscriber,
    /** What the program got, the `enable` at the beginning left out. */
    get bodies() {
      return posts.slice(1).map(({ body }) => body)
    },
    async posted(count: number) {
      while (posts.length < count + 1) await seen.promise
    },
    resumed: (times: number) => expect.poll(() => subscriber.resumed, { interval: 5 }).toBe(times + 1),
    get lastError() {
      return webhook.state.phase === 'waiting' ? webhook.state.lastError : undefined
    },
    /** When it tries again, while it waits for that. */
    get nextTry() {
      const { state } = webhook
      return state.phase === 'waiting' && state.nextTryAt > clock.now() ? state.nextTryAt : undefined
    },
    failed: (reason: RegExp) => expect.poll(() => link.lastError, { interval: 5 }).toMatch(reason),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await webhook[Symbol.asyncDispose]()
      await closeServer(server)
    },
  }
  await link.resumed(0)
  isSilentOnEnable = false
  return link
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

describe('a post', () => {
  it('carries the event byte for byte, and who it is about', async () => {
    await using link = await openLink()
    const text = '{"message":"你好 \\u0001 🎉","a":1}'
    expect(link.subscriber.sink.write(event(1, text))).toBe(false)
    await link.resumed(1)
    const post = link.posts[1]
    expect(post).toMatchObject({ method: 'POST', path: '/events?x=1', body: text })
    expect(post?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      'x-self-id': '10001',
      'user-agent': 'CQHttp/4.15.0 (SeekYou)',
    })
    expect(post?.headers).not.toHaveProperty('x-signature')
    expect(post?.headers).not.toHaveProperty('authorization')
  })

  it('is signed when there is a secret', async () => {
    await using link = await openLink(undefined, { secret: 'kSLuTF2GC2Q4q4ugm3' })
    const text =
      '{"post_type":"meta_event","meta_event_type":"lifecycle","sub_type":"enable","self_id":10001000,"time":1515204254}'
    link.subscriber.sink.write(event(1, text))
    await link.resumed(1)
    expect(link.posts[1]?.headers['x-signature']).toBe('sha1=dce57b8cd5e38acdb97926c326970ad646f3ecf2')
  })

  it('is signed over its bytes, not over its characters', async () => {
    await using link = await openLink(undefined, { secret: '密钥' })
    link.subscriber.sink.write(event(1, '{"message":"你好"}'))
    await link.resumed(1)
    const signature = createHmac('sha1', Buffer.from('密钥')).update(Buffer.from('{"message":"你好"}')).digest('hex')
    expect(link.posts[1]?.headers['x-signature']).toBe(`sha1=${signature}`)
  })

  it('goes over a connection that is kept', async () => {
    await using link = await openLink()
    let connections = 0
    link.server.on('connection', () => connections++)
    for (const seq of [1, 2, 3]) {
      link.subscriber.sink.write(event(seq))
      await link.resumed(seq)
    }
    expect(connections).toBe(0)
  })
})

describe('a link', () => {
  it('has the name under which the account remembers it, and begins with enable', async () => {
    await using link = await openLink()
    expect(link.subscriber.options).toEqual({ name: 'bot', kind: 'webhook', lifecycle: 'enable' })
    expect(link.posts.map(({ body }) => body)).toEqual([enable])
    expect(link.subscriber.taken).toEqual([])
    expect(link.webhook.state).toEqual({ phase: 'open', since: link.clock.now() })
  })

  it('reports an event as taken before it asks for the next', async () => {
    const answers: ServerResponse[] = []
    await using link = await openLink((response) => void answers.push(response))
    link.subscriber.sink.write(event(7))
    await link.posted(1)
    await settle()
    expect([link.subscriber.taken, link.subscriber.resumed]).toEqual([[], 1])
    answers[0]?.writeHead(200).end()
    await link.resumed(1)
    expect(link.subscriber.taken).toEqual([7])
  })

  it('refuses options it does not know, and URLs it cannot post to', () => {
    const valid = { name: 'bot', url: 'http://127.0.0.1:8080/' }
    expect(webhookOptions.parse(valid)).toEqual({ ...valid, secret: '', timeout: 20, max_refusals: 3 })
    expect(() => webhookOptions.parse({ ...valid, urls: [] })).toThrow('urls')
    expect(() => webhookOptions.parse({ ...valid, url: 'ws://127.0.0.1/' })).toThrow('http:// or https:// URL')
    expect(() => webhookOptions.parse({ ...valid, url: 'bot' })).toThrow('http:// or https:// URL')
  })
})

describe('an answer', () => {
  it.each([
    ['204', 204, {}, ''],
    ['an empty 200 with a JSON type', 200, { 'content-type': 'application/json' }, ''],
    ['{} as text/plain', 200, { 'content-type': 'text/plain' }, '{}'],
    ['plain text', 200, {}, 'ok'],
    ['a page', 200, { 'content-type': 'text/html' }, '<!doctype html>'],
    ['null', 200, {}, 'null'],
    ['an array', 200, {}, '[{"reply":"hi"}]'],
    ['a number', 200, {}, '1'],
    ['truncated JSON', 200, {}, '{"reply":'],
    ['202', 202, {}, ''],
  ])('of %s takes the event and asks for nothing', async (_case, status, headers, body) => {
    await using link = await openLink((response) => response.writeHead(status, headers).end(body))
    link.subscriber.sink.write(event(1))
    await link.resumed(1)
    expect(link.subscriber.taken).toEqual([1])
    expect(link.subscriber.operations).toEqual([])
    expect(link.log.lines).toEqual([])
  })

  it.each(['application/json', 'text/plain'])('with a JSON object as %s is a quick operation', async (type) => {
    await using link = await openLink((response) =>
      response.writeHead(200, { 'content-type': type }).end('{"reply":"你好","x":144115218678093981}'),
    )
    const sent = event(1)
    link.subscriber.sink.write(sent)
    await link.resumed(1)
    expect(link.subscriber.operations).toEqual([{ event: sent, operation: { reply: '你好', x: '144115218678093981' } }])
  })

  it('is a quick operation once, however often the event was posted', async () => {
    await using link = await openLink((response, _post, nth) =>
      response.writeHead(nth < 3 ? 500 : 200).end('{"reply":"hi"}'),
    )
    link.subscriber.sink.write(event(1))
    await link.failed(/500/)
    await link.clock.advance(375)
    await link.posted(2)
    await expect.poll(() => link.nextTry, { interval: 5 }).toBeDefined()
    await link.clock.advance(750)
    await link.resumed(1)
    expect(link.bodies).toHaveLength(3)
    expect(link.subscriber.operations).toHaveLength(1)
    expect(link.subscriber.taken).toEqual([1])
  })

  it('is done before the next event is asked for', async () => {
    const operation = Promise.withResolvers<void>()
    const order: string[] = []
    await using link = await openLink((response) => response.end('{"reply":"hi"}'))
    // The scripted gateway does operations at once, so a second link has one that takes its time.
    const slow = createScriptedGateway()
    await using webhook = createWebhook({
      gateway: {
        ...slow,
        subscribe: (sink, options) => ({
          ...slow.subscribe(sink, options),
          quickOperation: async () => {
            order.push('operation')
            await operation.promise
          },
          taken: () => void order.push('taken'),
          resume: () => void order.push('resume'),
        }),
      },
      options: webhookOptions.parse({ name: 'slow', url: `http://127.0.0.1:${link.port}/` }),
      clock: link.clock,
      log: link.log,
    })
    await expect.poll(() => order, { interval: 5 }).toEqual(['operation'])
    operation.resolve()
    await expect.poll(() => order, { interval: 5 }).toEqual(['operation', 'resume'])
    slow.tell(event(1))
    await expect.poll(() => order, { interval: 5 }).toEqual(['operation', 'resume', 'operation', 'taken', 'resume'])
    expect(webhook.state.phase).toBe('open')
  })

  it('without an end is read up to a limit and no further', async () => {
    await using link = await openLink((response, _post, nth) => {
      if (nth > 1) return response.writeHead(204).end()
      const chunk = Buffer.alloc(256 * 1024, ' ')
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', pour)
      }
      response.writeHead(200)
      return pour()
    })
    link.subscriber.sink.write(event(1))
    await link.resumed(1)
    expect(link.subscriber.taken).toEqual([1])
    expect(link.log.lines).toMatchObject([{ level: 'warn', fields: { reason: expect.stringContaining('MiB') } }])
    link.subscriber.sink.write(event(2))
    await link.resumed(2)
  })

  it('whose body breaks off takes the event all the same', async () => {
    await using link = await openLink((response, _post, nth) => {
      if (nth > 1) return response.writeHead(204).end()
      response.writeHead(200, { 'content-length': 1000 }).write('{"reply":')
      return setImmediate(() => response.destroy())
    })
    link.subscriber.sink.write(event(1))
    await link.resumed(1)
    expect([link.subscriber.taken, link.subscriber.operations]).toEqual([[1], []])
    link.subscriber.sink.write(event(2))
    await link.resumed(2)
  })
})

describe('a program that refuses an event', () => {
  it.each([400, 401, 403, 404, 410, 422, 301, 302, 307])('is asked again, then it is put aside: %i', async (status) => {
    await using link = await openLink((response) =>
      response.writeHead(status, { location: '/elsewhere' }).end('{"reply":"hi"}'),
    )
    link.subscriber.sink.write(event(1))
    for (const [tries, delay] of [375, 750].entries()) {
      await link.posted(tries + 1)
      await expect.poll(() => link.nextTry, { interval: 5 }).toBe(link.clock.now() + delay)
      expect(link.subscriber.refused).toEqual([])
      await link.clock.advance(delay)
    }
    await link.resumed(1)
    expect(link.posts.map(({ path }) => path)).toEqual(Array.from({ length: 4 }, () => '/events?x=1'))
    expect(link.subscriber.refused).toEqual([{ seq: 1, tries: 3, reason: `it answered ${status}` }])
    expect(link.subscriber.operations).toEqual([])
    expect(link.webhook.state).toMatchObject({
      phase: 'waiting',
      lastError: `it answered ${status}`,
      nextTryAt: link.clock.now(),
    })
    expect(link.log.lines).toMatchObject([
      { level: 'warn', fields: { webhook: 'bot', reason: `it answered ${status}` } },
      { level: 'warn', fields: { webhook: 'bot', seq: 1, tries: 3 } },
    ])
  })

  it('is asked as often as the option says, counted for each event', async () => {
    await using link = await openLink((response) => response.writeHead(400).end(), { max_refusals: 1 })
    for (const seq of [1, 2]) {
      link.subscriber.sink.write(event(seq))
      await link.resumed(seq)
    }
    expect(link.subscriber.refused).toMatchObject([
      { seq: 1, tries: 1 },
      { seq: 2, tries: 1 },
    ])
  })

  it('is not asked again if it never took anything: some refuse what they do', async () => {
    await using link = await openLink((response) => response.writeHead(404).end(), {}, false)
    for (const seq of [1, 2]) {
      link.subscriber.sink.write(event(seq))
      await link.resumed(seq)
    }
    expect(link.bodies).toEqual(['{"n":1}', '{"n":2}'])
    expect(link.subscriber.refused).toMatchObject([
      { seq: 1, tries: 1 },
      { seq: 2, tries: 1 },
    ])
  })

  it('is not asked again about what is told once: a meta event', async () => {
    await using link = await openLink((response) => response.writeHead(400).end())
    link.subscriber.sink.write(event(undefined))
    await link.resumed(1)
    expect([link.bodies.length, link.subscriber.refused]).toEqual([1, []])
  })

  it('may take it after all', async () => {
    await using link = await openLink((response, _post, nth) => response.writeHead(nth === 1 ? 400 : 204).end())
    link.subscriber.sink.write(event(1))
    await link.failed(/^it answered 400$/)
    await link.clock.advance(375)
    await link.resumed(1)
    expect([link.subscriber.taken, link.subscriber.refused]).toEqual([[1], []])
    expect(link.lastError).toBeUndefined()
  })
})

describe('a program that cannot take events now', () => {
  it.each([500, 502, 503, 504, 408, 425, 429])('gets the same event again after a while: %i', async (status) => {
    await using link = await openLink((response, _post, nth) => response.writeHead(nth === 1 ? status : 204).end('no'))
    link.subscriber.sink.write(event(1))
    await link.failed(new RegExp(`^it answered ${status}$`))
    await expect.poll(() => link.nextTry, { interval: 5 }).toBe(link.clock.now() + 375)
    expect(link.webhook.state).toMatchObject({ since: link.clock.now() })
    await link.clock.advance(374)
    expect(link.bodies).toHaveLength(1)
    await link.clock.advance(1)
    await link.resumed(1)
    expect(link.bodies).toEqual(['{"n":1}', '{"n":1}'])
    expect(link.subscriber.taken).toEqual([1])
    expect(link.webhook.state).toEqual({ phase: 'open', since: link.clock.now() })
    expect(link.log.lines.map(({ level }) => level)).toEqual(['warn', 'info'])
  })

  it('is tried ever more rarely, at least every 30 seconds', async () => {
    await using link = await openLink((response) => response.writeHead(500).end())
    link.subscriber.sink.write(event(1))
    const delays: number[] = []
    for (let tries = 1; tries <= 9; tries++) {
      await link.posted(tries)
      await expect.poll(() => link.nextTry, { interval: 5 }).toBeDefined()
      const delay = link.nextTry! - link.clock.now()
      delays.push(delay)
      await link.clock.advance(delay)
    }
    expect(delays).toEqual([375, 750, 1500, 3000, 6000, 12_000, 22_500, 22_500, 22_500])
    expect(link.log.lines).toHaveLength(1)
    expect(link.subscriber.taken).toEqual([])
  })

  it.each([
    ['seconds', '7', 7000],
    ['seconds beyond the longest delay', '3600', 30_000],
    ['fewer seconds than our own delay', '0', 375],
    ['a date', new Date(Date.UTC(2026, 0, 1, 0, 0, 9)).toUTCString(), 9000],
    ['a date that has passed', new Date(0).toUTCString(), 375],
    ['nonsense', 'soon', 375],
  ])('may say when to come back: %s', async (_case, retryAfter, delay) => {
    await using link = await openLink((response) => response.writeHead(503, { 'retry-after': retryAfter }).end())
    link.subscriber.sink.write(event(1))
    await expect.poll(() => link.nextTry, { interval: 5 }).toBe(link.clock.now() + delay)
  })

  it('is not waited for while it is being tried', async () => {
    await using link = await openLink((response, _post, nth) => void (nth === 1 && response.writeHead(500).end()))
    link.subscriber.sink.write(event(1))
    await expect.poll(() => link.nextTry, { interval: 5 }).toBeDefined()
    await link.clock.advance(375)
    await link.posted(2)
    expect(link.webhook.state).toMatchObject({
      phase: 'waiting',
      lastError: 'it answered 500',
      nextTryAt: link.clock.now(),
    })
  })

  it('may be down, and is told everything once it is up', async () => {
    await using link = await openLink()
    await closeServer(link.server)
    link.subscriber.sink.write(event(1))
    await link.failed(/ECONNREFUSED/)
    await expect.poll(() => link.nextTry, { interval: 5 }).toBeDefined()
    link.server.listen(link.port, '127.0.0.1')
    await once(link.server, 'listening')
    await link.clock.advance(375)
    await link.resumed(1)
    expect(link.bodies).toEqual(['{"n":1}'])
    expect(JSON.stringify(link.log.lines)).not.toContain('x=1')
  })

  it('may hang up without an answer', async () => {
    await using link = await openLink((response, _post, nth) =>
      nth <= 2 ? response.socket?.destroy() : response.writeHead(204).end(),
    )
    link.subscriber.sink.write(event(1))
    await expect.poll(() => link.nextTry, { interval: 5 }).toBeDefined()
    // Once at once, since the connection was one that was kept; then after a while.
    expect(link.posts).toHaveLength(3)
    await link.clock.advance(375)
    await link.resumed(1)
    expect(link.subscriber.taken).toEqual([1])
  })

  it('may close the connection that is kept: what came to it is posted again at once, and its answer is done once', async () => {
    await using link = await openLink((response, _post, nth) =>
      nth % 2 === 1
        ? response.socket?.destroy()
        : response.writeHead(200, { 'content-type': 'application/json' }).end('{"reply":"hi"}'),
    )
    for (const seq of [1, 2]) {
      link.subscriber.sink.write(event(seq))
      await link.resumed(seq)
    }
    expect(link.posts.map(({ body }) => body).slice(1)).toEqual(['{"n":1}', '{"n":1}', '{"n":2}', '{"n":2}'])
    expect(link.subscriber.operations.map(({ event: { seq } }) => seq)).toEqual([1, 2])
    expect(link.subscriber.attempts).toEqual([
      { outcome: 'acknowledged', tries: 1, status: 204 },
      { outcome: 'acknowledged', tries: 1, status: 200 },
      { outcome: 'acknowledged', tries: 1, status: 200 },
    ])
    expect(link.webhook.state.phase).toBe('open')
    expect(link.log.lines).toEqual([])
  })

  it('is not posted to at once again where an answer had begun, or the connection was a new one', async () => {
    await using link = await openLink((response, _post, nth) => {
      if (nth > 2) return response.writeHead(204).end()
      if (nth === 2) return response.socket?.destroy()
      response.socket?.write('HTTP/1.1 2')
      return setImmediate(() => response.socket?.destroy())
    })
    link.subscriber.sink.write(event(1))
    for (const [tries, delay] of [375, 750].entries()) {
      await link.posted(tries + 1)
      await expect.poll(() => link.nextTry, { interval: 5 }).toBe(link.clock.now() + delay)
      expect(link.posts).toHaveLength(tries + 2)
      await link.clock.advance(delay)
    }
    await link.resumed(1)
    expect(link.subscriber.taken).toEqual([1])
  })

  it('is given up on after the time limit, also when it has begun to answer', async () => {
    await using link = await openLink(
      (response, _post, nth) => {
        if (nth === 2) response.writeHead(500).write('wait')
        if (nth === 3) response.writeHead(204).end()
      },
      { timeout: 3 },
    )
    link.subscriber.sink.write(event(1))
    await link.posted(1)
    await link.clock.advance(2999)
    expect(link.lastError).toBeUndefined()
    await link.clock.advance(1)
    await link.failed(/^no answer within 3 s$/)
    await expect.poll(() => link.nextTry, { interval: 5 }).toBeDefined()
    await link.clock.advance(375)
    await link.posted(2)
    await expect
      .poll(async () => {
        await link.clock.advance(1000)
        return link.subscriber.taken
      })
      .toEqual([1])
  })

  it('gets meta events once or not at all', async () => {
    await using link = await openLink((response, { body }) =>
      response.writeHead(body.includes('heartbeat') ? 500 : 204).end(),
    )
    link.subscriber.sink.write(event(undefined, '{"meta_event_type":"heartbeat"}'))
    await link.resumed(1)
    expect(link.webhook.state).toMatchObject({
      phase: 'waiting',
      lastError: 'it answered 500',
      nextTryAt: link.clock.now(),
    })
    link.subscriber.sink.write(event(1))
    await link.resumed(2)
    expect(link.bodies).toEqual(['{"meta_event_type":"heartbeat"}', '{"n":1}'])
    expect(link.subscriber.taken).toEqual([1])
  })
})

describe('the end of a link', () => {
  const disable = event(undefined, '{"sub_type":"disable"}')

  it('is told to an idle program', async () => {
    await using link = await openLink()
    link.subscriber.sink.write(disable)
    link.subscriber.sink.end('shutdown')
    await link.webhook[Symbol.asyncDispose]()
    expect(link.bodies).toEqual([disable.text])
    expect(link.subscriber.ended).toBe(true)
  })

  it('is told right after the event that is being posted', async () => {
    const answers: ServerResponse[] = []
    await using link = await openLink((response, { body }) =>
      body === disable.text ? response.end() : answers.push(response),
    )
    link.subscriber.sink.write(event(1))
    await link.posted(1)
    link.subscriber.sink.write(disable)
    link.subscriber.sink.end('shutdown')
    const disposed = link.webhook[Symbol.asyncDispose]()
    answers[0]?.end()
    await disposed
    expect(link.bodies).toEqual(['{"n":1}', disable.text])
    expect(link.subscriber.taken).toEqual([1])
    expect(link.subscriber.resumed).toBe(1)
  })

  it('stops retries; what was not taken stays in the journal', async () => {
    await using link = await openLink((response, { body }) =>
      response.writeHead(body === disable.text ? 204 : 500).end(),
    )
    link.subscriber.sink.write(event(1))
    await expect.poll(() => link.nextTry, { interval: 5 }).toBeDefined()
    link.subscriber.sink.write(disable)
    await link.webhook[Symbol.asyncDispose]()
    expect(link.bodies).toEqual(['{"n":1}', disable.text])
    expect(link.subscriber.taken).toEqual([])
    expect(link.nextTry).toBeUndefined()
  })

  it('leaves one event at most behind the one being posted', async () => {
    const answers: ServerResponse[] = []
    await using link = await openLink((response, _post, nth) => (nth === 1 ? answers.push(response) : response.end()))
    link.subscriber.sink.write(event(1))
    await link.posted(1)
    link.subscriber.sink.write(event(undefined, '{"meta_event_type":"heartbeat"}'))
    link.subscriber.sink.write(disable)
    answers[0]?.end()
    await link.resumed(1)
    expect(link.bodies).toEqual(['{"n":1}', disable.text])
  })

  it('waits two seconds for a post that does not end', async () => {
    await using link = await openLink(() => undefined)
    link.subscriber.sink.write(event(1))
    await link.posted(1)
    let isDisposed = false
    const disposed = link.webhook[Symbol.asyncDispose]().then(() => (isDisposed = true))
    await link.clock.advance(1999)
    expect(isDisposed).toBe(false)
    await link.clock.advance(1)
    await disposed
    await settle()
    expect(link.subscriber.taken).toEqual([])
    link.subscriber.sink.write(event(2))
    await settle()
    expect(link.bodies).toEqual(['{"n":1}'])
  })
})

describe('a program on a unix socket', () => {
  it('is posted to there', async () => {
    await using folder = await createTemporaryFolder()
    const socket = join(folder.path, 'bot.sock')
    const paths: string[] = []
    const server = createServer((request, response) => {
      paths.push(request.url ?? '')
      response.writeHead(204).end()
    }).listen(socket)
    await once(server, 'listening')
    await using link = await openLink(undefined, { url: `http+unix://${socket}:/events` })
    link.subscriber.sink.write(event(1))
    await link.resumed(1)
    expect(link.subscriber.taken).toEqual([1])
    expect(paths).toEqual(['/events', '/events'])
    await closeServer(server)
  })
})

describe('a program that does not speak HTTP', () => {
  it.each([
    ['garbage', 'hello there\r\n\r\n'],
    ['a status that is none', 'HTTP/1.1 999999 What\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}'],
    ['headers without an end', `HTTP/1.1 200 OK\r\n${'X-Header: value\r\n'.repeat(10_000)}`],
    ['nothing at all', ''],
  ])('and answers with %s has not taken the event, and other programs get theirs', async (_what, answer) => {
    const broken = createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(answer))
    }).listen(0, '127.0.0.1')
    await once(broken, 'listening')
    const { port } = broken.address() as AddressInfo
    await using other = await openLink()
    const webhook = createWebhook({
      gateway: other.gateway,
      options: webhookOptions.parse({ name: 'broken', url: `http://127.0.0.1:${port}/` }),
      clock: other.clock,
      log: other.log,
    })
    // The `enable` at the beginning fails at once, an event is tried again.
    await expect.poll(() => other.gateway.subscribers[1]?.resumed, { interval: 5 }).toBe(1)
    other.gateway.tell(event(1))
    await other.resumed(1)
    await expect.poll(() => webhook.state, { interval: 5 }).toMatchObject({ phase: 'waiting' })
    expect(other.gateway.subscribers.map(({ taken }) => taken)).toEqual([[1], []])
    await webhook[Symbol.asyncDispose]()
    expect(webhook.state).toEqual({ phase: 'ended' })
    broken.close()
  })
})
