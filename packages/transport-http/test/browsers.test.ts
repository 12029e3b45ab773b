import { createVirtualClock } from '@seekyou/testkit'
import { createSessions } from '@seekyou/transport-http'
import type { Gateway } from '@seekyou/protocol'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, it } from 'vitest'
import { openHouse } from './house.ts'

interface Asked {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Asks with exactly these headers, as no fetch would. */
function ask(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: text }))
      if (response.headers['content-type']?.includes('event-stream')) {
        resolve({ status: response.statusCode!, headers: response.headers, body: '' })
        response.destroy()
      }
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Each is answered at once, also if it is let in: a poll by what is wrong with it. */
const guarded = ['/get_status', '/_events', '/sandbox/world', '/data/x', '/inspect/x', '/get_updates?timeout=soon']

async function openOpenHouse(options: object = {}) {
  return openHouse({
    options: { data_files: '/nowhere', ...options },
    routes: {
      roots: ['inspect'],
      add(app, gate) {
        app.get('/inspect/x', (asked, reply) => (gate.admitOwner(asked, reply) ? reply.send({ ok: true }) : undefined))
      },
    },
    clock: createVirtualClock(),
  })
}

describe('a page that lets its name lead to this machine (DNS rebinding)', () => {
  it.each(guarded)('gets nothing where no token is asked for: %s', async (path) => {
    await using house = await openOpenHouse()
    const headers = { host: `evil.example:${house.port}`, 'sec-fetch-site': 'same-origin' }
    const answer = await ask(house.port, path, { headers })
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.body)).toMatchObject({
      retcode: 103,
      wording:
        `this server is not called "evil.example:${house.port}": open it by its address, such as 127.0.0.1, ` +
        'set a token, or add the name to allowed_hosts',
    })
    expect(house.gateway.calls).toEqual([])
  })

  it.each(['127.0.0.1', 'localhost', '[::1]', '192.168.1.7', 'bots.localhost', 'bots.lan', 'LOCALHOST'])(
    'is not what asks for %s',
    async (name) => {
      await using house = await openOpenHouse({ allowed_hosts: ['bots.lan'] })
      expect((await ask(house.port, '/get_status', { headers: { host: `${name}:${house.port}` } })).status).toBe(200)
    },
  )

  it.each(['localhost.evil.example', 'evil.example', '127.0.0.1.evil.example', 'evillocalhost', 'x.bots.lan', 'a b'])(
    'is what asks for %s',
    async (name) => {
      await using house = await openOpenHouse({ allowed_hosts: ['bots.lan'] })
      expect((await ask(house.port, '/get_status', { headers: { host: name } })).status).toBe(403)
    },
  )

  it('gets nothing however often it asks, and whoever asked before', async () => {
    await using house = await openOpenHouse()
    const names = ['localhost', 'evil.example', 'evil.example', '127.0.0.1', 'evil.example', 'localhost']
    const answers: number[] = []
    for (const host of names) answers.push((await ask(house.port, '/get_status', { headers: { host } })).status)
    expect(answers).toEqual([200, 403, 403, 200, 403, 200])
  })

  it('is told nothing more where a token is asked for anyway', async () => {
    await using house = await openHouse({ token: 's3cret' })
    const host = 'evil.example'
    expect((await ask(house.port, '/get_status', { headers: { host } })).status).toBe(401)
    const headers = { host, authorization: 'Bearer s3cret' }
    expect((await ask(house.port, '/get_status', { headers })).status).toBe(200)
  })
})

describe('a page of another origin', () => {
  const pages: Record<string, string>[] = [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
    { origin: 'null' },
  ]
  it.each(pages.flatMap((headers) => guarded.map((path) => [path, headers] as const)))(
    'gets nothing without a token: %s %j',
    async (path, headers) => {
      await using house = await openOpenHouse()
      expect((await ask(house.port, path, { headers })).status).toBe(403)
      expect(house.gateway.calls).toEqual([])
    },
  )

  it('may do what a scoped token that it shows may do', async () => {
    let scoped: Gateway | undefined
    await using house = await openHouse({
      gateway: { authorize: (shown) => ({ granted: true, gateway: shown === 'shop' ? scoped! : house.gateway }) },
    })
    scoped = { ...house.gateway, token: 'shop' }
    const headers = { origin: 'https://evil.example', authorization: 'Bearer shop' }
    expect((await ask(house.port, '/get_status', { headers })).status).toBe(200)
    expect((await ask(house.port, '/get_status', { headers: { ...headers, authorization: 'x' } })).status).toBe(403)
  })
})

describe('a session of the console', () => {
  const token = 's3cret'
  async function open() {
    const clock = createVirtualClock()
    const sessions = createSessions({ clock })
    const house = await openHouse({ token, sessions, clock })
    const own = { host: `127.0.0.1:${house.port}`, origin: house.url, 'sec-fetch-site': 'same-origin' }
    const signIn = (shown: unknown, headers: Record<string, string> = own) =>
      ask(house.port, '/console/session', {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ token: shown }),
      })
    const cookieOf = (answer: Asked) => answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    return {
      ...house,
      house,
      clock,
      sessions,
      own,
      signIn,
      cookieOf,
      [Symbol.asyncDispose]: () => house.server[Symbol.asyncDispose](),
    }
  }

  it('is opened with a token, by a cookie that says nothing of it, and is worth as much', async () => {
    await using house = await open()
    const answer = await house.signIn(token)
    expect(answer.status).toBe(200)
    const [cookie] = answer.headers['set-cookie']!
    expect(cookie).toMatch(new RegExp(`^seekyou_session_${house.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`))
    expect(cookie).not.toContain(token)
    const headers = { ...house.own, cookie: `a=b; ${house.cookieOf(answer)}` }
    expect((await ask(house.port, '/get_status', { headers })).status).toBe(200)
    expect((await ask(house.port, '/get_status', { headers: house.own })).status).toBe(401)
  })

  it('is not opened with a wrong token, nor by another page', async () => {
    await using house = await open()
    expect(await house.signIn('wrong')).toMatchObject({ status: 401 })
    expect(await house.signIn(7)).toMatchObject({ status: 400 })
    expect(
      await house.signIn(token, { ...house.own, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }),
    ).toMatchObject({ status: 403 })
    for (const shown of ['wrong', 7]) expect((await house.signIn(shown)).headers['set-cookie']).toBeUndefined()
  })

  it.each([
    ['a page of another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }, 401],
    ['a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 401],
    ['a page of another port that asks as an image', { 'sec-fetch-site': 'same-site' }, 401],
    ['another page, to a browser that does not tell', { origin: 'http://127.0.0.1:1' }, 401],
    ['nobody knows whom', {}, 401],
    ['a page of ours, to a browser that does not tell', { referer: 'http://OWN/console/' }, 200],
    ['another page, by its address', { referer: 'http://127.0.0.1:1/' }, 401],
    ['a person who opens an address', { 'sec-fetch-site': 'none' }, 200],
    ['a page of ours', { 'sec-fetch-site': 'same-origin' }, 200],
  ])('counts for %s', async (_who, given, status) => {
    await using house = await open()
    const cookie = house.cookieOf(await house.signIn(token))
    const host = `127.0.0.1:${house.port}`
    const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.replace('OWN', host)]))
    expect((await ask(house.port, '/get_status', { headers: { host, cookie, ...headers } })).status).toBe(status)
  })

  it('ends when it is ended, and when nobody has used it for half a day', async () => {
    await using house = await open()
    const [first, second] = [house.cookieOf(await house.signIn(token)), house.cookieOf(await house.signIn(token))]
    const status = async (cookie: string) =>
      (await ask(house.port, '/get_status', { headers: { ...house.own, cookie } })).status
    const ended = await ask(house.port, '/console/session', {
      method: 'DELETE',
      headers: { ...house.own, cookie: first },
    })
    expect(ended.headers['set-cookie']?.[0]).toMatch(/=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0$/)
    expect([await status(first), await status(second)]).toEqual([401, 200])
    await house.clock.advance(11 * 3_600_000)
    expect(await status(second)).toBe(200)
    await house.clock.advance(11 * 3_600_000)
    expect(await status(second)).toBe(200)
    await house.clock.advance(12 * 3_600_000)
    expect(await status(second)).toBe(401)
  })

  it('is opened by a link, once and within ten minutes', async () => {
    await using house = await open()
    const visit = (ticket: string) =>
      ask(house.port, `/console/?ticket=${ticket}`, { headers: { host: house.own.host } })
    const ticket = house.sessions.issueTicket(token)
    const late = house.sessions.issueTicket(token)
    const first = await visit(ticket)
    expect(first).toMatchObject({ status: 303, headers: { location: './', 'referrer-policy': 'no-referrer' } })
    const headers = { ...house.own, cookie: house.cookieOf(first) }
    expect((await ask(house.port, '/get_status', { headers })).status).toBe(200)
    await house.clock.advance(600_000)
    for (const spent of [ticket, late, 'guess']) {
      const again = await visit(spent)
      expect(again.status).toBe(303)
      expect(again.headers['set-cookie']).toBeUndefined()
    }
  })
})
