import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { createTemporaryFolder, FakeUpstream, runProgram, startProgram } from '@seekyou/testkit'
import type { ProgramRun } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'

const patiently = { timeout: 20_000, interval: 20 }

interface Event {
  readonly self_id: number
  readonly raw_message?: string
  readonly post_type: string
}

/** What each bot of a program is reached by, from its ready line. */
function listenersOf({ stdout }: ProgramRun): ReadonlyMap<number, string> {
  const { listeners } = JSON.parse(stdout[0]!) as { listeners: { self_id: number; url: string }[] }
  return new Map(listeners.map(({ self_id, url }) => [self_id, url]))
}

/** Asks one of the bots. */
async function ask<Data>(url: string, path: string, params?: object): Promise<Data> {
  const post = params && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  }
  const response = await fetch(`${url}/${path}`, { ...post })
  return ((await response.json()) as { data: Data }).data
}

/** A socket to one of the bots, and what it heard. */
async function listenTo(url: string) {
  const events: Event[] = []
  const socket = new WebSocket(url.replace('http', 'ws'))
  socket.addEventListener('message', ({ data }) => events.push(JSON.parse(data as string) as Event))
  await once(socket, 'message')
  return { events, socket }
}

/** A program that takes posts, and one that is dialled. */
async function startBots() {
  const posted: Event[] = []
  const dialled: Event[] = []
  const server = createServer((request, response) => {
    void readText(request).then((body) => {
      posted.push(JSON.parse(body) as Event)
      response.writeHead(204).end()
    })
  }).listen(0, '127.0.0.1')
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => dialled.push(JSON.parse(data.toString()) as Event)),
  )
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    posted,
    dialled,
    http: `http://127.0.0.1:${port}/`,
    ws: `ws://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const said = (events: readonly Event[]) =>
  events.flatMap(({ raw_message, self_id }) => (raw_message ? [`${self_id} ${raw_message}`] : []))

test('two sandboxes and a bridge live in one process, and nothing crosses', async () => {
  await using upstream = await FakeUpstream.start({ kind: 'napcat' })
  await using bots = await startBots()
  const config = `
bots:
  - backend: { type: sandbox, self_id: 10020 }
    listen: [{ port: 0 }]
    connect: [{ type: webhook, name: bot, url: '${bots.http}' }]
  - backend: { type: sandbox, self_id: 10010 }
    listen: [{ port: 0, access_token: '' }]
    connect: [{ type: reverse-ws, name: bot, url: '${bots.ws}' }]
  - backend: { type: onebot, url: '${upstream.url}' }
    listen: [{ port: 0 }]
`
  await using program = await startProgram({ config })
  const urls = listenersOf(program)
  expect([...urls.keys()]).toEqual([10020, 10010, 10000])
  const heard = new Map(await Promise.all([...urls].map(async ([id, url]) => [id, await listenTo(url)] as const)))

  for (let round = 0; round < 5; round++) {
    await Promise.all([
      ask(urls.get(10020)!, 'sandbox/say', { as: 10001, group_id: 20001, message: `first ${round}` }),
      ask(urls.get(10010)!, 'sandbox/say', { as: 10001, group_id: 20001, message: `second ${round}` }),
    ])
    upstream.network.say(10001, { group_id: 20001 }, `third ${round}`)
  }
  const rounds = [0, 1, 2, 3, 4]
  const expected = { 10020: 'first', 10010: 'second', 10000: 'third' }
  for (const [id, word] of Object.entries(expected)) {
    const { events } = heard.get(Number(id))!
    await expect.poll(() => said(events), patiently).toEqual(rounds.map((round) => `${id} ${word} ${round}`))
    expect(new Set(events.map(({ self_id }) => self_id))).toEqual(new Set([Number(id)]))
  }
  await expect.poll(() => said(bots.posted), patiently).toEqual(rounds.map((round) => `10020 first ${round}`))
  await expect.poll(() => said(bots.dialled), patiently).toEqual(rounds.map((round) => `10010 second ${round}`))

  // Each listener answers for its own account.
  for (const [id, url] of urls) {
    const word = expected[id as keyof typeof expected]
    const { messages } = await ask<{ messages: { message: { data: { text: string } }[] }[] }>(url, 'inspect/messages')
    expect(messages.map(({ message: [segment] }) => segment!.data.text)).toEqual(
      rounds.map((round) => `${word} ${round}`),
    )
    const links = await ask<{ name: string | null; kind: string }[]>(url, 'inspect/links')
    expect(links.map(({ kind }) => kind).toSorted()).toEqual(
      id === 10020 ? ['webhook', 'ws'] : id === 10010 ? ['reverse-ws', 'ws'] : ['ws'],
    )
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(new Set(Array.from(metrics.matchAll(/self_id="(\d+)"/g), ([, one]) => Number(one)))).toEqual(new Set([id]))
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: 'ready', reasons: [] })
  }
  expect(await ask(urls.get(10010)!, 'get_login_info')).toEqual({ user_id: 10010, nickname: 'SeekYou' })
  for (const { socket } of heard.values()) socket.close()
})

test('while the upstream of one bot is away the others serve, and it is told of; it serves once it is there', async () => {
  await using upstream = await FakeUpstream.start({ kind: 'napcat' })
  await upstream.crash()
  const config = `
bots:
  - backend: { type: onebot, url: '${upstream.url}', reconnect_interval: 0.2 }
    listen: [{ port: 0 }]
  - backend: { type: sandbox, self_id: 10010 }
    listen: [{ port: 0 }]
`
  await using program = await startProgram({ config })
  expect([...listenersOf(program).keys()]).toEqual([10010])
  await program.sandbox('say', { as: 10001, message: 'hi' })
  const readyz = async () => (await fetch(`${program.url}/readyz`)).json()
  expect(await readyz()).toEqual({ status: 'degraded', reasons: [expect.stringContaining(`bots[0] waits: `)] })
  expect(await readyz()).toMatchObject({ reasons: [expect.stringContaining(upstream.url)] })

  await upstream.listen()
  await expect.poll(readyz, patiently).toEqual({ status: 'ready', reasons: [] })
  const [{ listeners }] = (await ask<{ listeners: { url: string }[] }[]>(program.url, 'inspect/bots')) as [
    { listeners: { url: string }[] },
  ]
  expect(await ask(listeners[0]!.url, 'get_login_info')).toMatchObject({ user_id: 10000 })
})

test('a restart gives each bot its port again', async () => {
  const config =
    'bots:\n  - listen: [{ port: 0 }]\n  - backend: { type: sandbox, self_id: 10010 }\n    listen: [{ port: 0 }, { port: 0 }]\n'
  await using program = await startProgram({ config })
  const bots = async () => ask(program.url, 'inspect/bots')
  const before = await bots()
  await ask(program.url, 'set_restart')
  await expect.poll(() => program.stdout.length, patiently).toBe(2)
  expect(await bots()).toEqual(before)
})

test('a person who is forgotten by one bot is forgotten by all', async () => {
  const config =
    'bots:\n  - listen: [{ port: 0 }]\n  - backend: { type: sandbox, self_id: 10010 }\n    listen: [{ port: 0 }]\n'
  await using program = await startProgram({ config })
  const urls = [...listenersOf(program).values()]
  for (const url of urls) await ask(url, 'sandbox/say', { as: 10001, group_id: 20001, message: 'hi' })
  expect(await ask(urls[0]!, 'inspect/forget', { user_id: 10001 })).toMatchObject({ messages: 2 })
  for (const url of urls) expect(await ask(url, 'inspect/messages')).toMatchObject({ total: 0 })
})

test('commands speak to the bot that they name, and links shows those of every bot', async () => {
  const config = `
bots:
  - listen: [{ port: 0 }]
    connect: [{ type: webhook, name: one, url: 'http://127.0.0.1:1/' }]
  - backend: { type: sandbox, self_id: 10010 }
    listen: [{ port: 0, access_token: another }]
  - backend: { type: sandbox, self_id: 10020 }
    listen: [{ port: 0 }]
    connect: [{ type: reverse-ws, name: two, url: 'ws://127.0.0.1:1/' }]
`
  await using program = await startProgram({ config })
  const run = async (...args: readonly string[]) => {
    await using folder = await createTemporaryFolder()
    await using command = runProgram([...args, '--url', program.url], { folder: folder.path })
    const { code } = await command.exit
    return { code, stdout: command.stdout.join('\n'), stderr: command.stderr.join('\n') }
  }
  expect(JSON.parse((await run('call', 'get_login_info', '--bot', '10020')).stdout)).toMatchObject({ user_id: 10020 })
  expect(await run('call', 'get_login_info', '--bot', '1')).toMatchObject({
    code: 1,
    stderr: `${program.url} has no bot "1"; its bots are 10000, 10010, 10020`,
  })
  const all = await run('links', '--json')
  expect(JSON.parse(all.stdout)).toMatchObject([
    { self_id: 10000, name: 'one' },
    { self_id: 10020, name: 'two' },
  ])
  expect(all.stderr).toMatch(/^10010: .* asks for a token: set SEEKYOU_TOKEN/)
  expect(JSON.parse((await run('links', '--json', '--bot', '10020')).stdout)).toMatchObject([{ name: 'two' }])
})

test('two bots that turn out to have one account are refused', async () => {
  await using upstream = await FakeUpstream.start({ kind: 'napcat' })
  await using folder = await createTemporaryFolder()
  await writeFile(join(folder.path, 'world.yml'), 'bot: { user_id: 10000 }\n')
  const config = `
bots:
  - backend: { type: sandbox, world: ./world.yml }
    listen: [{ port: 0 }]
  - backend: { type: onebot, url: '${upstream.url}' }
    listen: [{ port: 0 }]
`
  await writeFile(join(folder.path, 'seekyou.yml'), config)
  await using run = runProgram(['--print-ready'], { folder: folder.path })
  expect(await run.exit).toEqual({ code: 1, signal: null })
  expect(run.stderr.at(-1)).toMatch(
    /^seekyou\.yml:\d:5: bots\[\d\]\.backend: the account 10000 is that of bots\[\d\] already$/,
  )
})
