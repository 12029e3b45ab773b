import { once } from 'node:events'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTemporaryFolder, runProgram, startProgram } from '@seekyou/testkit'
import { WebSocket } from 'ws'
import { describe, expect, test, vi } from 'vitest'

const owner = 'the-token-of-the-owner'
const env = { SEEKYOU_TOKEN: owner }
const soon = <T>(check: () => T) => vi.waitFor(check, { timeout: 20_000, interval: 100 })

async function seekyou(args: readonly string[], folder: string, more: Record<string, string> = env) {
  await using run = runProgram([...args], { folder, env: more })
  const { code } = await run.exit
  return { code, stdout: run.stdout.join('\n'), stderr: run.stderr.join('\n') }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('seekyou token', () => {
  test('makes a token, tells its secret once, lists it without, and revokes it', async () => {
    await using folder = await createTemporaryFolder()
    const args = ['token', 'create', 'shop', '--preset', 'chat', '--groups', '20001,20002', '--expires', '2099-01-31']
    const made = await seekyou(args, folder.path)
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('not shown again') })
    expect(made.stdout).toMatch(/^seekyou_[\w-]{43}$/)
    const file = join(folder.path, 'data', 'tokens', 'shop.json')
    expect(await readFile(file, 'utf8')).not.toContain(made.stdout)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder.path, 'data', 'tokens'))).mode & 0o777).toBe(0o700)
    expect(await seekyou(args, folder.path)).toMatchObject({
      code: 1,
      stderr: 'there is a token "shop" already; revoke it first',
    })
    const { stdout } = await seekyou(['token', 'list', '--json'], folder.path)
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'shop', preset: 'chat', groups: [20001, 20002], origin: 'file' }])
    expect(stdout).not.toMatch(/sha256|secret/)
    expect((await seekyou(['token', 'list'], folder.path)).stdout).toMatch(
      /TOKEN .*\nshop +all +chat .*20001,20002 +none/,
    )
    await seekyou(['token', 'create', 'second', '--preset', 'chat', '--bot', '12345'], folder.path)
    expect((await seekyou(['token', 'list'], folder.path)).stdout).toMatch(/TOKEN +BOTS .*\nsecond +12345 +chat /)
    expect(await seekyou(['token', 'revoke', 'second'], folder.path)).toMatchObject({ code: 0 })
    expect(await seekyou(['token', 'revoke', 'shop'], folder.path)).toMatchObject({ code: 0, stdout: 'revoked' })
    expect(await seekyou(['token', 'revoke', 'shop'], folder.path)).toMatchObject({ code: 1 })
    expect(await readdir(join(folder.path, 'data', 'tokens'))).toEqual([])
  })

  test('says what is wrong, and that a token limits nobody where none is asked for', async () => {
    await using folder = await createTemporaryFolder()
    const wrong = ['token', 'create', 'shop', '--preset', 'boss', '--allow', 'send_grup_msg', '--groups', 'all,1']
    expect(await seekyou(wrong, folder.path)).toMatchObject({
      code: 1,
      stderr: [
        'preset takes one of read-only, chat, moderator, admin, not "boss"',
        'allow[0] takes an action such as send_group_msg, a family such as get_*, or one of read-only, chat, moderator, admin, not "send_grup_msg"',
        'groups takes all, or a list of groups such as [20001], not ["all",1]',
      ].join('\n'),
    })
    const made = await seekyou(['token', 'create', 'shop'], folder.path, {})
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('or this limits nobody') })
  })

  test('loses none of those that are made at the same time', async () => {
    await using folder = await createTemporaryFolder()
    const names = ['a', 'b', 'c', 'd']
    const made = await Promise.all(
      [...names, 'a'].map((name) => seekyou(['token', 'create', name, '--preset', 'chat'], folder.path)),
    )
    expect(made.filter(({ code }) => code === 0)).toHaveLength(4)
    const { stdout } = await seekyou(['token', 'list', '--json'], folder.path)
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toEqual(names)
  })
})

describe('a running server', () => {
  test('takes a new token into use, and closes what stands on one that is revoked', async () => {
    await using folder = await createTemporaryFolder()
    await using program = await startProgram({ folder: folder.path, env, token: owner })
    const place = ['--data-dir', join(folder.path, 'data')]
    const { stdout: secret } = await seekyou(['token', 'create', 'shop', '--preset', 'chat', ...place], folder.path)
    await soon(async () => {
      expect((await fetch(`${program.url}/get_status`, { headers: bearer(secret) })).status).toBe(200)
    })

    const events = new WebSocket(program.url.replace('http', 'ws'), { headers: bearer(secret) })
    const calls = new WebSocket(`${program.url.replace('http', 'ws')}/api`, { headers: bearer(secret) })
    const mine = new WebSocket(program.url.replace('http', 'ws'), { headers: bearer(owner) })
    await Promise.all([events, calls, mine].map((socket) => once(socket, 'open')))
    const closed = Promise.all([once(events, 'close'), once(calls, 'close')])
    const stream = await fetch(`${program.url}/_events`, { headers: bearer(secret) })
    const polled = fetch(`${program.url}/get_updates?timeout=300`, { headers: bearer(secret) })

    await seekyou(['token', 'revoke', 'shop', ...place], folder.path)
    for (const [code, reason] of await closed) {
      expect([code, String(reason)]).toEqual([1008, 'the token "shop" was revoked'])
    }
    expect(await stream.text()).toContain('the token "shop" was revoked')
    expect(((await (await polled).json()) as { retcode: number }).retcode).not.toBe(0)
    expect(mine.readyState).toBe(WebSocket.OPEN)
    mine.terminate()
    expect((await fetch(`${program.url}/get_status`, { headers: bearer(secret) })).status).toBe(401)
  })

  test('closes the sockets and streams of a token that expires', async () => {
    await using program = await startProgram({ env, token: owner })
    const expires_at = new Date(Date.now() + 4000).toISOString()
    const { token } = await program.call<{ token: string }>('inspect/tokens', {
      name: 'shop',
      preset: 'chat',
      expires_at,
    })
    const socket = new WebSocket(program.url.replace('http', 'ws'), { headers: bearer(token) })
    const stream = await fetch(`${program.url}/_events`, { headers: bearer(token) })
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(1008)
    expect(await stream.text()).toContain('has expired')
    const refused = await fetch(`${program.url}/get_status`, { headers: bearer(token) })
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ retcode: 1403, msg: 'TOKEN_REFUSED' })
  })

  test('leaves out a token whose file is damaged, says so, and keeps the file and the others', async () => {
    await using folder = await createTemporaryFolder()
    const { stdout: secret } = await seekyou(['token', 'create', 'good', '--preset', 'chat'], folder.path)
    const { stdout: lost } = await seekyou(['token', 'create', 'bad', '--preset', 'chat'], folder.path)
    const bad = join(folder.path, 'data', 'tokens', 'bad.json')
    await writeFile(bad, (await readFile(bad, 'utf8')).slice(0, 40))
    await using program = await startProgram({ folder: folder.path, env, token: owner })
    const status = async (token: string) =>
      (await fetch(`${program.url}/get_status`, { headers: bearer(token) })).status
    expect([await status(secret), await status(lost)]).toEqual([200, 401])
    const sentence = 'tokens/bad.json is no token: it is not JSON; mend it, or remove it with: seekyou token revoke bad'
    expect(program.stderr.map((line) => (JSON.parse(line) as { reason?: string }).reason)).toContain(sentence)
    expect(await seekyou(['token', 'list'], folder.path)).toMatchObject({ stderr: sentence })
    expect((await readFile(bad, 'utf8')).length).toBe(40)
    expect(await seekyou(['token', 'revoke', 'bad'], folder.path)).toMatchObject({ code: 0 })
  })

  test('goes by a file that is edited, damaged, mended or removed by hand', async () => {
    await using folder = await createTemporaryFolder()
    const { stdout: secret } = await seekyou(['token', 'create', 'shop', '--preset', 'chat'], folder.path)
    await using program = await startProgram({ folder: folder.path, env, token: owner })
    const file = join(folder.path, 'data', 'tokens', 'shop.json')
    const whole = await readFile(file, 'utf8')
    const send = async () => {
      const headers = { ...bearer(secret), 'content-type': 'application/json' }
      const body = JSON.stringify({ group_id: 20001, message: 'hi' })
      const response = await fetch(`${program.url}/send_group_msg`, { method: 'POST', headers, body })
      return { ...((await response.json()) as { retcode: number }), status: response.status }
    }
    const reasons = () => program.stderr.map((line) => (JSON.parse(line) as { reason?: string }).reason)
    expect(await send()).toMatchObject({ retcode: 0 })
    const socket = new WebSocket(program.url.replace('http', 'ws'), { headers: bearer(secret) })
    await once(socket, 'open')
    const closed = once(socket, 'close')

    await writeFile(file, whole.replace('"chat"', '"read-only"'))
    expect(String((await closed)[1])).toBe('the token "shop" was changed; connect again')
    expect(await send()).toMatchObject({ status: 200, retcode: 103 })
    await writeFile(file, whole.slice(0, 40))
    await soon(() => expect(reasons()).toContainEqual(expect.stringContaining('tokens/shop.json is no token')))
    expect(await send()).toMatchObject({ status: 401 })
    await writeFile(file, whole)
    await soon(async () => expect(await send()).toMatchObject({ retcode: 0 }))
    await rm(file)
    await soon(async () => expect(await send()).toMatchObject({ status: 401 }))
  })

  test('lets the console make and revoke tokens, and nobody else', async () => {
    const secret = 'a-secret-of-the-shop'
    const config = JSON.stringify({ tokens: [{ name: 'shop', secret, preset: 'admin' }] })
    await using program = await startProgram({ config, env, token: owner })
    const ask = async (method: string, path: string, body?: object, token = owner) => {
      const headers = { ...bearer(token), ...(body && { 'content-type': 'application/json' }) }
      const response = await fetch(`${program.url}/inspect/tokens${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      })
      const answered = (await response.json()) as { retcode: number; data: unknown; wording?: string }
      return { ...answered, status: response.status }
    }
    const made = await ask('POST', '', { name: 'new', preset: 'read-only', groups: [20001] })
    expect(made).toMatchObject({ retcode: 0, data: { name: 'new', token: expect.stringMatching(/^seekyou_/) } })
    const { token } = made.data as { token: string }
    const groups = await fetch(`${program.url}/get_group_list`, { headers: bearer(token) })
    expect(await groups.json()).toMatchObject({ data: [{ group_id: 20001 }] })
    const listed = await ask('GET', '')
    expect(listed.data).toMatchObject([
      { name: 'shop', origin: 'config' },
      { name: 'new', origin: 'file', preset: 'read-only', expired: false },
    ])
    expect(JSON.stringify(listed)).not.toMatch(new RegExp(`${secret}|${token}|sha256`))
    expect(await ask('POST', '', { name: 'new' })).toMatchObject({
      retcode: 100,
      wording: 'there is a token "new" already',
    })
    expect(await ask('POST', '', { name: 'x y', power: 9 })).toMatchObject({
      retcode: 100,
      wording: expect.stringContaining('power is not a key of a token'),
    })
    expect(await ask('DELETE', '/shop')).toMatchObject({ retcode: 103 })
    expect(await ask('DELETE', '/..%2f..%2fseekyou.lock')).toMatchObject({ retcode: 102 })
    expect(await ask('DELETE', '/new')).toMatchObject({ retcode: 0 })
    expect((await fetch(`${program.url}/get_status`, { headers: bearer(token) })).status).toBe(401)
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['POST', '', { name: 'mine', preset: 'admin' }],
      ['DELETE', '/shop', undefined],
    ] as const) {
      expect(await ask(method, path, body, secret)).toMatchObject({ status: 403, retcode: 103 })
      expect(await ask(method, path, body, 'wrong')).toMatchObject({ status: 401 })
    }
    await using open = await startProgram()
    const refused = await fetch(`${open.url}/inspect/tokens`, { method: 'POST', body: '{}' })
    expect(await refused.json()).toMatchObject({ wording: expect.stringContaining('set an access token first') })
  })

  test.each(['inspect/links', 'inspect/messages', 'metrics', 'sandbox/world'])(
    'shows %s to no scoped token',
    async (path) => {
      const secret = 'a-secret-of-the-shop'
      const config = JSON.stringify({ tokens: [{ name: 'shop', secret, preset: 'admin', allow: ['*'] }] })
      await using program = await startProgram({ config, env, token: owner })
      const answer = (await (await fetch(`${program.url}/${path}`, { headers: bearer(secret) })).json()) as object
      expect(answer).toMatchObject({ status: 'failed', retcode: 103 })
    },
  )

  test('limits a connection to the scope of a token, or to one of its own', async () => {
    const { WebSocketServer } = await import('ws')
    await using bots = new AsyncDisposableStack()
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    bots.defer(() => {
      for (const client of server.clients) client.terminate()
      server.close()
    })
    await once(server, 'listening')
    const heard: Record<string, unknown[]> = { '/named': [], '/inline': [] }
    const sockets: Record<string, WebSocket> = {}
    server.on('connection', (socket, request) => {
      sockets[request.url!] = socket
      socket.on('message', (data: Buffer) => heard[request.url!]!.push(JSON.parse(data.toString())))
    })
    const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`
    const connect = [
      { type: 'reverse-ws', name: 'named', url: `${url}/named`, scope: 'reader' },
      { type: 'reverse-ws', name: 'inline', url: `${url}/inline`, scope: { preset: 'chat', groups: [20002] } },
    ]
    const tokens = [{ name: 'reader', preset: 'read-only', groups: [20001] }]
    await using program = await startProgram({ config: JSON.stringify({ tokens, bots: [{ connect }] }) })
    await soon(() => expect(Object.keys(sockets)).toHaveLength(2))
    await program.sandbox('say', { as: 10001, group_id: 20001, message: 'one' })
    await program.sandbox('say', { as: 10002, group_id: 20002, message: 'two' })
    const said = (path: string) =>
      heard[path]!.flatMap((event) => ((event as { raw_message?: string }).raw_message ?? []) as string[])
    await soon(() => expect([said('/named'), said('/inline')]).toEqual([['one'], ['two']]))
    for (const [path, echo] of [
      ['/named', 1],
      ['/inline', 2],
    ] as const) {
      sockets[path]!.send(JSON.stringify({ action: 'send_group_msg', params: { group_id: 20002, message: 'x' }, echo }))
    }
    await soon(() => {
      expect(heard['/named']).toContainEqual(expect.objectContaining({ echo: 1, retcode: 103 }))
      expect(heard['/inline']).toContainEqual(expect.objectContaining({ echo: 2, retcode: 0 }))
    })
  })
})
