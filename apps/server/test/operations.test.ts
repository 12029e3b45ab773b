import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder, startProgram } from '@seekyou/testkit'
import { describe, expect, test, vi } from 'vitest'

const token = 'open-sesame'
const authorization = `Bearer ${token}`

describe('/readyz', () => {
  test('is ready without a token', async () => {
    await using program = await startProgram({ env: { SEEKYOU_TOKEN: token }, token })
    const response = await fetch(`${program.url}/readyz`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ready', reasons: [] })
  })

  test('tells of a link that fails, and serves on', async () => {
    const config = `bots: [{ connect: [{ type: reverse-ws, name: gone, url: 'ws://127.0.0.1:1/' }] }]`
    await using program = await startProgram({ config })
    await vi.waitFor(async () => {
      const response = await fetch(`${program.url}/readyz`)
      expect(await response.json()).toEqual({ status: 'degraded', reasons: ['the link gone is failing'] })
      expect(response.status).toBe(200)
    })
  })
})

describe('/metrics', () => {
  test('counts events, calls and their latency, and says how links and the store are', async () => {
    const config = 'bots: [{ rate_limit_interval: 3600 }]'
    await using program = await startProgram({ config, env: { SEEKYOU_TOKEN: token }, token })
    await program.sandbox('say', { as: 10001, group_id: 20001, message: 'hi' })
    await program.call('get_group_list')
    const queued = ['get_msg_async_rate_limited', 'get_status_rate_limited', 'get_status_rate_limited']
    for (const name of ['nonsense1', 'nonsense2', ...queued]) await program.call(name).catch(() => {})
    const response = await fetch(`${program.url}/metrics`, { headers: { authorization } })
    expect(response.headers.get('content-type')).toContain('text/plain')
    const lines = (await response.text()).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'seekyou_ready{self_id="10000"} 1',
        'seekyou_events_total{self_id="10000",type="message.group"} 1',
        'seekyou_actions_total{self_id="10000",action="get_group_list",retcode="0"} 1',
        'seekyou_actions_total{self_id="10000",action="other",retcode="1404"} 2',
        'seekyou_action_duration_seconds_bucket{self_id="10000",action="get_group_list",le="+Inf"} 1',
        'seekyou_action_duration_seconds_count{self_id="10000",action="get_group_list"} 1',
        'seekyou_queued_calls{self_id="10000"} 2',
        expect.stringMatching(/^seekyou_store_bytes\{file="seekyou.db"\} \d+$/),
        expect.stringMatching(/^process_resident_memory_bytes \d+$/),
      ]),
    )
    const sample = /^[a-z_]+(?:\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})? \S+$/
    for (const line of lines) if (line !== '') expect(line).toMatch(line.startsWith('#') ? /^# (?:HELP|TYPE) / : sample)
  })

  test('asks for the token, unless it is told otherwise', async () => {
    await using closed = await startProgram({ env: { SEEKYOU_TOKEN: token }, token })
    expect((await fetch(`${closed.url}/metrics`)).status).toBe(401)
    await using open = await startProgram({
      config: `{ metrics_open: true, defaults: { access_token: ${token} } }`,
      token,
    })
    expect((await fetch(`${open.url}/metrics`)).status).toBe(200)
    expect((await fetch(`${open.url}/inspect/links`)).status).toBe(401)
  })
})

describe('/inspect', () => {
  test('asks for the token', async () => {
    await using program = await startProgram({ env: { SEEKYOU_TOKEN: token }, token })
    const paths = ['links', 'dead_letters', 'messages', 'config', 'metrics', 'tap?format=json']
    const statuses = async (headers: Record<string, string>) =>
      Promise.all(paths.map(async (path) => (await fetch(`${program.url}/inspect/${path}`, { headers })).status))
    expect(await statuses({})).toEqual(paths.map(() => 401))
    expect(await statuses({ authorization })).toEqual(paths.map(() => 200))
    for (const path of ['replay', 'links/pause', 'links/resume', 'dead_letters/retry', 'forget']) {
      expect((await fetch(`${program.url}/inspect/${path}`, { method: 'POST' })).status).toBe(401)
    }
  })

  test('refuses what it cannot read, and forgets nobody without JSON', async () => {
    await using program = await startProgram()
    const post = async (type: string, body: string) => {
      const response = await fetch(`${program.url}/inspect/forget`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      })
      return ((await response.json()) as { status: string }).status
    }
    expect(await post('application/json', '{"user_id": "Alice"}')).toBe('failed')
    expect(await post('text/plain', '{"user_id": 10001}')).toBe('failed')
    expect(await post('application/json', '{"user_id": 10001}')).toBe('ok')
  })
})

test('--inspect-traffic writes calls with their answers and events, and no secret', async () => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'trace.ndjson')
  await using program = await startProgram({ folder: folder.path, flags: ['--inspect-traffic', file] })
  await program.sandbox('say', { as: 10001, group_id: 20001, message: 'hi' })
  await program.call('get_msg', { message_id: 1, token: 'hush', note: 'x'.repeat(50_000) }).catch(() => {})
  await vi.waitFor(async () => {
    const text = await readFile(file, 'utf8')
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines).toMatchObject([
      { self_id: 10000, type: 'event' },
      { self_id: 10000, type: 'call', action: 'get_msg', params: { token: '***' } },
    ])
    expect(text).not.toContain('hush')
    expect(text.length).toBeLessThan(10_000)
  })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})
