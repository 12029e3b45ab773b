import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createTemporaryFolder, runProgram, startProgram } from '@seekyou/testkit'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'

/** Each of them once, so that what is found tells where it came from. */
const secrets = {
  token: 'TOKEN-of-everyone-4711',
  linkToken: 'TOKEN-of-the-link-4712',
  urlPassword: 'PASSWORD-in-a-url-4713',
  urlQuery: 'TOKEN-in-a-query-4714',
  webhookSecret: 'SECRET-of-a-webhook-4715',
  upstreamToken: 'TOKEN-of-the-upstream-4716',
  wrongToken: 'TOKEN-that-is-wrong-4717',
  wrongQuery: 'TOKEN-that-is-wrong-4718',
  bodyToken: 'TOKEN-in-a-body-4719',
  cookie: 'COOKIE-of-a-download-4720',
} as const

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

function secretsIn(text: string): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []))
}

const config = (port: number, rest: string): string => `
log_level: trace
defaults: { access_token: '\${SEEKYOU_TOKEN}', dialect: go-cqhttp }
bots:
  - ${rest}
    heartbeat_interval: 0.2
    connect:
      - { type: webhook, name: fine, url: 'http://user:${secrets.urlPassword}@127.0.0.1:${port}/?key=${secrets.urlQuery}', secret: '\${WEBHOOK_SECRET}' }
      - { type: webhook, name: refused, url: 'http://user:${secrets.urlPassword}@127.0.0.1:9/?key=${secrets.urlQuery}', secret: '\${WEBHOOK_SECRET}' }
      - { type: reverse-ws, name: gone, url: 'ws://user:${secrets.urlPassword}@127.0.0.1:9/ws?key=${secrets.urlQuery}', access_token: ${secrets.linkToken} }
      - { type: reverse-ws, name: no-bot, url: 'ws://user:${secrets.urlPassword}@127.0.0.1:${port}/ws?key=${secrets.urlQuery}', access_token: ${secrets.linkToken} }
`

/** A program that takes every post and lets nobody open a WebSocket. */
async function startBot() {
  const server = createServer((_request, response) => void response.end('{}'))
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}

const env = { SEEKYOU_TOKEN: secrets.token, WEBHOOK_SECRET: secrets.webhookSecret }

it.each([
  ['a sandbox', 'backend: { type: sandbox }'],
  [
    'a bridge whose upstream is gone',
    `backend: { type: onebot, self_id: 10000, url: 'ws://u:${secrets.urlPassword}@127.0.0.1:9/?access_token=${secrets.urlQuery}', access_token: ${secrets.upstreamToken}, reconnect_interval: 0.1 }`,
  ],
  [
    'a bridge over HTTP whose upstream is gone',
    `backend: { type: onebot, self_id: 10000, url: 'http://127.0.0.1:9/?access_token=${secrets.urlQuery}', access_token: ${secrets.upstreamToken}, reconnect_interval: 0.1 }`,
  ],
])('nothing that %s writes holds a secret, whatever it is told to log', async (_, backend) => {
  await using bot = await startBot()
  await using folder = await createTemporaryFolder()
  const trace = join(folder.path, 'trace.jsonl')
  await using program = await startProgram({
    folder: folder.path,
    config: config(bot.port, backend),
    env,
    token: secrets.token,
    flags: ['--inspect-traffic', trace],
  })
  const ask = async (path: string, init: RequestInit = {}): Promise<string> =>
    (await fetch(program.url + path, init)).text()
  const json = { 'content-type': 'application/json' }
  const good = { authorization: `Bearer ${secrets.token}` }
  const answers = [
    await ask(`/get_status?access_token=${secrets.token}`),
    await ask(`/get_status?access_token=${secrets.wrongQuery}`),
    await ask('/get_status', { headers: { authorization: `Bearer ${secrets.wrongToken}` } }),
    await ask('/no_such_action', { headers: good }),
    await ask(`/%zz?access_token=${secrets.token}`),
    await ask(`/${'x'.repeat(200_000)}?access_token=${secrets.token}`).catch(() => ''),
    await ask('/send_private_msg', {
      method: 'POST',
      headers: { ...json, ...good },
      body: `{"user_id":10001,"message":"hi","access_token":"${secrets.bodyToken}"`,
    }),
    await ask('/download_file', {
      method: 'POST',
      headers: { ...json, ...good },
      body: JSON.stringify({ url: 'http://127.0.0.1:9/x', headers: [`Cookie=${secrets.cookie}`] }),
    }),
    await ask(`/sandbox/say?access_token=${secrets.token}&as=10001&group_id=20001&message=hi`, { method: 'POST' }),
    await ask(`/_events?access_token=${secrets.wrongQuery}`),
    await ask(`/readyz?access_token=${secrets.token}`),
    await ask(`/metrics?access_token=${secrets.token}`),
    await ask(`/inspect/links?access_token=${secrets.token}`),
    await ask(`/openapi.json?access_token=${secrets.token}`),
    await ask(`/sandbox/world?access_token=${secrets.token}`),
  ]
  for (const path of [`/?access_token=${secrets.wrongQuery}`, `/api?access_token=${secrets.token}`, '/nowhere']) {
    const socket = new WebSocket(program.url.replace('http', 'ws') + path, {
      headers: { 'x-token': secrets.wrongToken },
    })
    socket.on('error', () => undefined)
    socket.on('open', () => socket.send(`{"action":"get_status","params":{"access_token":"${secrets.bodyToken}"}`))
    await new Promise((resolve) => socket.once('open', () => setTimeout(resolve, 50)).once('close', resolve))
    socket.terminate()
  }
  // The links have tried, failed and said so by then.
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(secretsIn(answers.join('\n'))).toEqual([])
  await program.stop()
  expect(secretsIn([...program.stderr, ...program.stdout].join('\n'))).toEqual([])
  for (const file of await filesBelow(folder.path)) {
    if (file.endsWith('seekyou.yml')) continue
    expect({ file, secrets: secretsIn(await readFile(file, 'latin1')) }).toEqual({ file, secrets: [] })
    expect({ file, ofOthers: (await stat(file)).mode & 0o077 }).toEqual({ file, ofOthers: 0 })
  }
  expect(((await stat(join(folder.path, 'data'))).mode & 0o077).toString(8)).toBe('0')
})

it.each([
  ['a key that is none', `defaults: { access_tokn: ${secrets.token} }`],
  ['a token that is no text', `defaults: { access_token: [${secrets.token}] }`],
  [
    'a secret that is no text',
    `bots: [{ connect: [{ type: webhook, name: a, url: 'http://x/', secret: { a: ${secrets.webhookSecret} } }] }]`,
  ],
  ['a URL that is none', `bots: [{ connect: [{ type: webhook, name: a, url: 'ftp://u:${secrets.urlPassword}@x/' }] }]`],
  ['no YAML', `defaults: { access_token: ${secrets.token}\nbots: [\n: }{ ${secrets.linkToken}`],
  ['a token below its key, and no YAML', `access_token:\n  "${secrets.token}" ]\n`],
  ['a token with a line break', `defaults: { access_token: "${secrets.token}\\r\\nX: y" }`],
])('what is said of a configuration with %s holds no secret', async (_, text) => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  await writeFile(file, text)
  await using run = runProgram(['--config', file, '--port', '0', '--data-dir', join(folder.path, 'data')], {
    folder: folder.path,
  })
  expect((await run.exit).code).toBe(1)
  const said = run.stderr.join('\n')
  expect(said).not.toBe('')
  expect(said).not.toMatch(/\n\s+at /)
  expect(secretsIn(said)).toEqual([])
})
