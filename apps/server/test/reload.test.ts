import { once } from 'node:events'
import { rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { createTemporaryFolder, FakeUpstream, runProgram, startProgram } from '@seekyou/testkit'
import type { Program, ProgramRun } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'

const patiently = { timeout: 20_000, interval: 10 }

/** Programs that take posts at `/<name>` and sockets at `/<name>`: what each was told, and how often it was dialled. */
async function startBots() {
  const told = new Map<string, string[]>()
  const dials = new Map<string, number>()
  const hear = (url: string | undefined, body: string): void => {
    const { raw_message } = JSON.parse(body) as { raw_message?: string }
    if (raw_message !== undefined) told.set(url!, [...(told.get(url!) ?? []), raw_message])
  }
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      hear(request.url, body)
      response.writeHead(204).end()
    })
  }).listen(0, '127.0.0.1')
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, { url }) => {
    dials.set(url!, (dials.get(url!) ?? 0) + 1)
    socket.on('message', (data: Buffer) => hear(url, data.toString()))
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    told: (name: string) => told.get(`/${name}`) ?? [],
    dials: (name: string) => dials.get(`/${name}`) ?? 0,
    webhook: (name: string, more = '') =>
      `{ type: webhook, name: ${name}, url: 'http://127.0.0.1:${port}/${name}'${more && `, ${more}`} }`,
    reverse: (name: string, more = '') =>
      `{ type: reverse-ws, name: ${name}, url: 'ws://127.0.0.1:${port}/${name}'${more && `, ${more}`} }`,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Lines that the program logged of its reloads. */
const reloads = ({ stderr }: ProgramRun) => stderr.filter((line) => line.includes('"reload":'))

/** Puts another file in the place of one, as editors do, and waits until the program has dealt with that. */
async function edit(program: ProgramRun, file: string, text: string): Promise<string> {
  const before = reloads(program).length
  await writeFile(`${file}~`, text)
  await rename(`${file}~`, file)
  await expect.poll(() => reloads(program).length, patiently).toBeGreaterThan(before)
  return reloads(program).slice(before).join('\n')
}

/** A program in a folder of its own, whose configuration can be edited. */
async function start(config: string, files: Readonly<Record<string, string>> = {}, flags: readonly string[] = []) {
  const folder = await createTemporaryFolder()
  const pathOf = (name: string) => join(folder.path, name)
  for (const [name, text] of Object.entries(files)) await writeFile(pathOf(name), text)
  const program = await startProgram({ folder: folder.path, config, flags })
  return {
    program,
    edit: (text: string, file = 'seekyou.yml') => edit(program, pathOf(file), text),
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

const say = (program: Program, message: string) => program.sandbox('say', { as: 10001, group_id: 20001, message })

/** A socket that came to a listener: what it heard, and how it was closed. */
async function openSocket(url: string, token?: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/${token === undefined ? '' : `?access_token=${token}`}`)
  const heard: string[] = []
  let closed: { code: number; reason: string } | undefined
  socket.addEventListener('message', ({ data }) => {
    const { raw_message } = JSON.parse(data as string) as { raw_message?: string }
    if (raw_message !== undefined) heard.push(raw_message)
  })
  socket.addEventListener('close', ({ code, reason }) => (closed = { code, reason }))
  await once(socket, 'message')
  return { heard, closed: () => closed, close: () => socket.close() }
}

test('no event is lost while links, filters and listeners change, and what says the same is not touched', async () => {
  await using bots = await startBots()
  // What passes is all the same; that the filters are other ones is not.
  const filters = ['{}', '{"group_id": {".in": [20001]}}']
  const configOf = (round: number) => `
bots:
  - listen: [{ port: 0 }${round % 2 ? ', { port: 0, host: localhost }' : ''}]
    connect:
      - ${bots.webhook('hook', 'filter: ./filter.json')}
      - ${bots.reverse('still')}
      - ${bots.reverse('filtered', `filter: ${filters[round % 2]}`)}
      - ${bots.webhook('changing-hook', `timeout: ${10 + round}`)}
      - ${bots.reverse('changing', `report_seq: ${round % 2 === 1}`)}
      ${round % 2 ? `- ${bots.reverse('coming')}` : ''}
`
  await using server = await start(configOf(0), { 'filter.json': filters[0]! })
  const { program } = server
  const socket = await openSocket(program.url)
  const said: string[] = []
  const talk = { isOver: false }
  const load = (async () => {
    while (!talk.isOver) {
      const message = `message ${said.length}`
      said.push(message)
      await say(program, message)
    }
  })()
  for (const round of [1, 2, 3, 4]) {
    expect(await server.edit(configOf(round))).toContain('the configuration was read again')
    expect(await server.edit(filters[round % 2]!, 'filter.json')).toContain('the configuration was read again')
  }
  talk.isOver = true
  await load
  expect(said.length).toBeGreaterThan(50)
  for (const name of ['hook', 'still', 'filtered']) {
    await expect.poll(() => bots.told(name), patiently).toEqual(said)
  }
  await expect.poll(() => socket.heard, patiently).toEqual(said)
  expect([bots.dials('still'), bots.dials('filtered')]).toEqual([1, 1])
  for (const name of ['changing', 'changing-hook']) {
    // What was under way when its link ended may come twice, and never out of order.
    await expect.poll(() => [...new Set(bots.told(name))], patiently).toEqual(said)
  }
  expect(bots.dials('changing')).toBe(5)
  expect(bots.dials('coming')).toBe(2)
  socket.close()
})

test('filters are swapped on links that are open, from the configuration and from their files', async () => {
  await using bots = await startBots()
  const only = (word: string) => `{"raw_message": {".contains": "${word}"}}`
  const configOf = (filter: string) =>
    `bots: [{ listen: [{ port: 0 }], connect: [${bots.reverse('a', `filter: ${filter}`)}] }]`
  await using server = await start(configOf(only('one')), { 'f.json': only('three') })
  const { program } = server
  const sayAll = async () => {
    for (const word of ['one', 'two', 'three', 'four']) await say(program, word)
  }
  await expect.poll(() => bots.dials('a'), patiently).toBe(1)
  await sayAll()
  await server.edit(configOf(only('two')))
  await sayAll()
  await server.edit(configOf('f.json'))
  await sayAll()
  await server.edit(only('four'), 'f.json')
  await sayAll()
  const refused = await server.edit('{"raw_message": {".frob": 1}}', 'f.json')
  expect(refused).toMatch(
    /seekyou\.yml:1:\d+: bots\[0\]\.connect\[0\]\.filter: f\.json: .*\.frob.*everything goes on as it was/,
  )
  await sayAll()
  await expect.poll(() => bots.told('a'), patiently).toEqual(['one', 'two', 'three', 'four', 'four'])
  expect(bots.dials('a')).toBe(1)
})

describe('a configuration that cannot be used', () => {
  test.each([
    ['is wrong', 'bots: [{ heartbeat_interval: -1 }]'],
    ['is no YAML', 'bots: ['],
    ['has a filter that is not there', 'bots: [{ listen: [{ port: 0, filter: ./no.json }] }]'],
  ])('and %s is told as at a start, and changes nothing', async (_, wrong) => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'seekyou.yml'), wrong)
    await using failed = runProgram(['--port', '0'], { folder: folder.path })
    await failed.exit

    await using server = await start('bots: [{ listen: [{ port: 0 }] }]')
    const { program } = server
    const socket = await openSocket(program.url)
    const line = JSON.parse(await server.edit(wrong)) as { reason: string; level: number }
    expect(line).toMatchObject({ level: 50, reason: failed.stderr.join('\n') })
    await say(program, 'hi')
    await expect.poll(() => socket.heard, patiently).toEqual(['hi'])
    socket.close()
  })

  test('since a port of it is taken changes nothing, and can be mended', async () => {
    await using bots = await startBots()
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    await using server = await start(`bots: [{ listen: [{ port: 0 }], connect: [${bots.reverse('a')}] }]`)
    await expect.poll(() => bots.dials('a'), patiently).toBe(1)
    const next = `bots: [{ listen: [{ port: 0 }, { port: ${port} }], connect: [${bots.reverse('b')}] }]`
    expect(await server.edit(next)).toContain(`cannot listen on 127.0.0.1 port ${port}: another program`)
    expect(bots.dials('b')).toBe(0)
    await new Promise((resolve) => taken.close(resolve))
    await server.edit(`${next}\n`)
    await expect.poll(() => bots.dials('b'), patiently).toBe(1)
    expect((await fetch(`http://127.0.0.1:${port}/get_status`)).status).toBe(200)
  })
})

describe('tokens', () => {
  test('hold at once, and connections whose token is no longer good are closed with a reason', async () => {
    const configOf = (token: string) =>
      `bots: [{ listen: [{ port: 0, access_token: '${token}' }, { port: 0, access_token: same }] }]`
    await using server = await start(configOf('old'))
    const { program } = server
    const urls = (JSON.parse(program.stdout[0]!) as { listeners: { url: string }[] }).listeners.map(({ url }) => url)
    const [changed, unchanged] = [await openSocket(urls[0]!, 'old'), await openSocket(urls[1]!, 'same')]
    const stream = await fetch(`${urls[0]!}/_events?access_token=old`)
    await server.edit(configOf('new'))
    const wording = 'the token was changed: connect again with the one that holds now'
    await expect.poll(changed.closed, patiently).toEqual({ code: 1008, reason: wording })
    expect(await stream.text()).toContain(`: ${wording}`)
    const statusWith = async (token: string) => (await fetch(`${urls[0]!}/get_status?access_token=${token}`)).status
    expect([await statusWith('old'), await statusWith('new')]).toEqual([401, 200])
    expect(unchanged.closed()).toBeUndefined()
    unchanged.close()
  })

  test('of programs that we dial are shown on a new connection', async () => {
    await using bots = await startBots()
    const configOf = (token: string) =>
      `bots: [{ listen: [{ port: 0 }], connect: [${bots.reverse('a', `access_token: ${token}`)}, ${bots.reverse('b')}] }]`
    await using server = await start(configOf('old'))
    await expect.poll(() => bots.dials('a') + bots.dials('b'), patiently).toBe(2)
    await server.edit(configOf('new'))
    await expect.poll(() => bots.dials('a'), patiently).toBe(2)
    expect(bots.dials('b')).toBe(1)
  })
})

test('a limit of calls holds at once', async () => {
  const configOf = (limit: string) => `bots: [{ listen: [{ port: 0, rate_limit: ${limit} }] }]`
  await using server = await start(configOf('{}'))
  const status = async () => (await fetch(`${server.program.url}/get_status`)).status
  expect([await status(), await status()]).toEqual([200, 200])
  await server.edit(configOf('{ frequency: 0.001, bucket: 1, reject: true }'))
  expect([await status(), await status()]).toEqual([200, 429])
  await server.edit(configOf('{}'))
  expect(await status()).toBe(200)
})

test('a listener that changes keeps its place, and one that moves is opened before the other is closed', async () => {
  const configOf = (listener: string) => `bots: [{ listen: [{ port: 0 }, ${listener}] }]`
  await using server = await start(configOf('{ port: 0 }'))
  const { program } = server
  const [, { port }] = (JSON.parse(program.stdout[0]!) as { listeners: { port: number }[] }).listeners as [
    object,
    { port: number },
  ]
  const [socket, other] = [await openSocket(program.url), await openSocket(`http://127.0.0.1:${port}`)]
  await server.edit(configOf('{ port: 0, dialect: go-cqhttp }'))
  await expect
    .poll(other.closed, patiently)
    .toEqual({ code: 1001, reason: 'the configuration of this connection has changed' })
  const version = await (await fetch(`http://127.0.0.1:${port}/get_version_info`)).json()
  expect(version).toMatchObject({ data: { app_name: 'go-cqhttp' } })
  // The same port, and all networks instead of one.
  await server.edit(configOf(`{ port: ${port}, host: '::', access_token: x }`))
  expect((await fetch(`http://[::1]:${port}/get_status?access_token=x`)).status).toBe(200)
  await server.edit('bots: [{ listen: [{ port: 0 }] }]')
  await expect(fetch(`http://127.0.0.1:${port}/get_status`)).rejects.toThrow('fetch failed')
  expect(socket.closed()).toBeUndefined()
  socket.close()
})

test('bots come and go, and one whose backend changes is begun again; the others go on', async () => {
  const botOf = (id: number, more = '') =>
    `  - backend: { type: sandbox, self_id: ${id}${more} }\n    listen: [{ port: 0 }]\n`
  const configOf = (...bots: readonly string[]) => `bots:\n${bots.join('')}`
  await using server = await start(configOf(botOf(10000), botOf(10010)))
  const { program } = server
  const socket = await openSocket(program.url)
  type Bot = { self_id: number; phase: string; listeners: { url: string }[] }
  const bots = async () => ((await (await fetch(`${program.url}/inspect/bots`)).json()) as { data: Bot[] }).data
  await server.edit(configOf(botOf(10000), botOf(10010), botOf(10020)))
  await expect
    .poll(bots, patiently)
    .toMatchObject([10000, 10010, 10020].map((self_id) => ({ self_id, phase: 'serving' })))
  const [, { url: changing }, { url: leaving }] = (await bots()).map(({ listeners }) => listeners[0]!) as [
    object,
    { url: string },
    { url: string },
  ]
  const told = { changing: await openSocket(changing), leaving: await openSocket(leaving) }
  const stream = await fetch(`${leaving}/_events`)
  expect(await server.edit(configOf(botOf(10000), botOf(10010, ', seed: 1')))).toMatch(
    /"removed":\["bots\[2\]"\],"begun_again":\["bots\[1\] \(backend\)"\]/,
  )
  await expect.poll(bots, patiently).toMatchObject([10000, 10010].map((self_id) => ({ self_id, phase: 'serving' })))
  const gone = 'this bot was taken out of the configuration'
  await expect.poll(told.leaving.closed, patiently).toEqual({ code: 1001, reason: gone })
  await expect
    .poll(told.changing.closed, patiently)
    .toEqual({ code: 1001, reason: 'the configuration of this bot has changed' })
  expect(await stream.text()).toContain(`: ${gone}`)
  await say(program, 'hi')
  await expect.poll(() => socket.heard, patiently).toEqual(['hi'])
  socket.close()
})

test('what is read only at a start is said to need a restart', async () => {
  await using server = await start('store: { sync: normal }')
  await server.edit('store: { sync: full }')
  await expect.poll(() => reloads(server.program).at(-1), patiently).toMatch(/"keys":\["store"\].*needs a restart/)
})

test('SIGHUP has the configuration read, also where files are not watched', async () => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  await using program = await startProgram({ folder: folder.path, config: 'watch: false' })
  await writeFile(file, 'watch: false\nlog_level: { default: info, transport-http: silent }\n')
  program.kill('SIGHUP')
  await expect.poll(() => reloads(program).length, patiently).toBe(1)
  await writeFile(file, 'nonsense: 1\n')
  program.kill('SIGHUP')
  await expect.poll(() => reloads(program).at(-1), patiently).toContain('seekyou.yml:1:1: nonsense is not a key here')
  expect(await program.call('get_status')).toMatchObject({ good: true })
})

test('a server that waits for its only network goes by a configuration that is mended', async () => {
  await using upstream = await FakeUpstream.start({ kind: 'napcat' })
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  const configOf = (url: string) => `bots: [{ backend: { type: onebot, url: '${url}' }, listen: [{ port: 0 }] }]`
  await writeFile(file, configOf('ws://127.0.0.1:1/'))
  await using run = runProgram(['--print-ready', '--port', '0'], { folder: folder.path })
  await expect.poll(() => run.stderr.join('\n'), patiently).toContain('waiting for')
  await edit(run, file, configOf(upstream.url))
  expect(JSON.parse((await run.firstLine)!)).toMatchObject({ ready: true, listeners: [{ self_id: 10000 }] })
})
