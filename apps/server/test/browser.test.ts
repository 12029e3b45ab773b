import { once } from 'node:events'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { createTemporaryFolder, runProgram, startProgram } from '@seekyou/testkit'
import { WebSocket } from 'ws'
import { expect, test, vi } from 'vitest'

/** What a browser sends that asks for an address, with these headers besides. */
async function visit(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const sent = request(url, { headers }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  return response
}

/** The status that a WebSocket is answered with: 101 if it is let in. */
async function upgrade(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url, { headers })
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => (response as IncomingMessage).statusCode!),
  ])
  socket.on('error', () => undefined).terminate()
  return status
}

test('the link that is printed signs in, once, and what the browser has then is good for our own pages', async () => {
  await using folder = await createTemporaryFolder()
  const env = { SEEKYOU_TOKEN: 'the-token-of-the-owner' }
  await using run = runProgram(['--port', '0'], { folder: folder.path, env })
  const find = () => /Console +(http:\S+\/console\/\?ticket=\S+)/.exec(run.stdout.join('\n'))?.[1]
  const link = await vi.waitFor(() => find() ?? Promise.reject(new Error('no link')), { timeout: 60_000, interval: 50 })
  const { origin, host } = new URL(link)

  const first = await visit(link)
  expect(first).toMatchObject({ statusCode: 303, headers: { location: './' } })
  const cookie = first.headers['set-cookie']![0]!.split(';')[0]!
  expect((await visit(link)).headers['set-cookie']).toBeUndefined()

  const own = { cookie, 'sec-fetch-site': 'same-origin' }
  for (const path of ['/get_status', '/inspect/links', '/inspect/tokens', '/metrics', '/docs']) {
    expect([path, (await visit(origin + path, own)).statusCode]).toEqual([path, 200])
    expect([path, (await visit(origin + path, { ...own, 'sec-fetch-site': 'same-site' })).statusCode]).toEqual([
      path,
      401,
    ])
  }
  const events = origin.replace('http', 'ws')
  expect(await upgrade(events, { cookie, origin })).toBe(101)
  expect(await upgrade(events, { cookie, origin: 'http://127.0.0.1:1' })).toBe(401)
  expect(await upgrade(events, { cookie, origin: 'https://evil.example' })).toBe(401)
  expect(await upgrade(events, { origin })).toBe(401)
  expect(host).toMatch(/^127\.0\.0\.1:\d+$/)
})

test('no route of a server without a token is open to a page that came under another name', async () => {
  await using program = await startProgram()
  const paths = [
    '/get_status',
    '/_events',
    '/inspect/links',
    '/inspect/tokens',
    '/metrics',
    '/docs',
    '/openapi.json',
    '/sandbox/world',
  ]
  const rebound = { host: `evil.example:${program.port}`, 'sec-fetch-site': 'same-origin' }
  const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  for (const path of paths) {
    for (const headers of [rebound, foreign]) {
      expect([path, (await visit(program.url + path, headers)).statusCode]).toEqual([path, 403])
    }
    const response = await visit(program.url + path)
    response.destroy()
    expect([path, response.statusCode]).toEqual([path, 200])
  }
  const page = { host: `evil.example:${program.port}`, origin: `http://evil.example:${program.port}` }
  expect(await upgrade(program.url.replace('http', 'ws'), page)).toBe(403)
})
