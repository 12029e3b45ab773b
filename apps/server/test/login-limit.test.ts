import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder, startProgram } from '@seekyou/testkit'
import { WebSocket } from 'ws'
import { expect, test, vi } from 'vitest'

const owner = 'the-token-of-the-owner'
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** The answer to an upgrade that is refused. */
async function upgrade(url: string, token: string) {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers: bearer(token) })
  const { promise, resolve } = Promise.withResolvers<{ status: number; retryAfter: string | undefined }>()
  socket.on('error', () => undefined)
  socket.on('open', () => resolve({ status: 101, retryAfter: undefined }))
  socket.on('unexpected-response', (request, { statusCode, headers }) => {
    resolve({ status: statusCode!, retryAfter: headers['retry-after'] })
    request.destroy()
  })
  const answered = await promise
  socket.terminate()
  return answered
}

test('wrong tokens over HTTP, WebSocket and the console together are limited, on all listeners', async () => {
  await using folder = await createTemporaryFolder()
  // None comes back while the test runs.
  const config = JSON.stringify({
    login_limit: { frequency: 0.001, bucket: 4 },
    bots: [{ listen: [{ port: 0 }, { port: 0, dialect: 'go-cqhttp' }] }],
  })
  await using program = await startProgram({
    folder: folder.path,
    config,
    env: { SEEKYOU_TOKEN: owner },
    token: owner,
  })
  const { listeners } = JSON.parse(program.stdout[0]!) as { listeners: { url: string }[] }
  const second = listeners[1]!.url
  const signIn = (token: string, cookie = '') =>
    fetch(`${program.url}/console/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(cookie && { cookie }) },
      body: JSON.stringify({ token }),
    })
  const cookie = (await signIn(owner)).headers.get('set-cookie')!.split(';')[0]!
  const mine = new WebSocket(program.url.replace('http', 'ws'), { headers: bearer(owner) })
  await new Promise((resolve) => mine.once('open', resolve))

  expect((await fetch(`${program.url}/get_status`, { headers: bearer('guess 1') })).status).toBe(401)
  expect((await fetch(`${second}/get_status?access_token=guess-2`)).status).toBe(403)
  expect((await signIn('guess 3')).status).toBe(401)
  expect(await upgrade(program.url, 'guess 4')).toEqual({ status: 401, retryAfter: undefined })

  const refused = await fetch(`${program.url}/get_status`, { headers: bearer(owner) })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(900)
  expect(await refused.json()).toMatchObject({
    status: 'failed',
    retcode: 1429,
    msg: 'RATE_LIMITED',
    wording: expect.stringMatching(/^too many wrong tokens came from 127\.0\.0\.1: none is looked at for \d+ s/),
  })
  const elsewhere = await fetch(`${second}/get_status`, { headers: bearer(owner) })
  expect(Object.keys((await elsewhere.json()) as object)).toEqual(
    Object.keys({ data: 0, message: 0, msg: 0, retcode: 0, status: 0, wording: 0 }),
  )
  expect(elsewhere.status).toBe(429)
  expect(await signIn(owner)).toMatchObject({ status: 429 })
  const socket = await upgrade(program.url, owner)
  expect(socket.status).toBe(429)
  expect(Number(socket.retryAfter)).toBeGreaterThan(900)

  // Whoever is signed in or connected goes on.
  const page = { cookie, 'sec-fetch-site': 'same-origin' }
  expect((await fetch(`${program.url}/get_status`, { headers: page })).status).toBe(200)
  expect(mine.readyState).toBe(WebSocket.OPEN)
  mine.terminate()
  expect((await fetch(`${program.url}/get_status`)).status).toBe(401)

  const lines = program.stderr.map((line) => JSON.parse(line) as { msg: string; level: unknown; from?: string })
  expect(lines.filter(({ msg }) => msg === 'somebody may be guessing a token')).toMatchObject([{ from: '127.0.0.1' }])
  expect(program.stderr.join('\n')).not.toContain(owner)
  await vi.waitFor(async () => {
    const audited = (await readFile(join(folder.path, 'data', 'audit.log'), 'utf8')).trim().split('\n')
    const limited = audited
      .map((line) => JSON.parse(line) as object)
      .filter((entry) => 'outcome' in entry && entry.outcome === 'rate-limited')
    expect(limited).toMatchObject([{ token: null, from: '127.0.0.1' }])
  })
})
