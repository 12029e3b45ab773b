import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createTemporaryFolder, startProgram, within } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'

/** A program that is told events: it keeps what it was sent, and answers as `answer` does. */
async function startListener(answer: (event: object, end: () => void) => void = (_, end) => end()) {
  const events: object[] = []
  const server: Server = createServer((request, response) => {
    void readText(request).then((body) => {
      const event = JSON.parse(body) as object
      events.push(event)
      answer(event, () => response.writeHead(204).end())
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    events,
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const webhook = (url: string) => `bots: [{ connect: [{ type: webhook, name: bot, url: '${url}' }] }]`

const patiently = { timeout: 10_000, interval: 20 }

/** Signals the program; it has the five seconds that it promises. */
const stopInTime = (program: Program, signal: NodeJS.Signals) =>
  within(5000, program.stop(signal), () => `it took too long to stop:\n${program.stderr.join('\n')}`)

describe('a signal', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends the program in time, with clients of every kind',
    async (signal) => {
      await using deaf = await startListener(() => undefined)
      await using program = await startProgram({ config: webhook(deaf.url) })
      const socket = new WebSocket(program.url.replace('http', 'ws'))
      await once(socket, 'message')
      const closed = once(socket, 'close')
      // One that is kept alive, one in the middle of a request, and a WebSocket client that will not answer a goodbye.
      await fetch(`${program.url}/get_status`)
      const raw = ['', 'POST /get_status HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{', UPGRADE].map((bytes) => {
        const client = connect({ port: program.port, host: '127.0.0.1', allowHalfOpen: true })
        client.on('error', () => undefined)
        client.write(bytes)
        return client
      })
      await once(raw[2]!, 'readable')
      // It never gets an answer to this one.
      await program.sandbox('say', { as: 10001, message: 'hi' })
      await expect.poll(() => deaf.events.length, patiently).toBeGreaterThan(0)

      expect(await stopInTime(program, signal)).toEqual({ code: 0, signal: null })
      expect((await closed)[0]).toMatchObject({ code: 1001 })
      for (const client of raw) client.destroy()
    },
  )

  test('that comes again is one signal', async () => {
    await using program = await startProgram()
    program.kill('SIGTERM')
    program.kill('SIGINT')
    program.kill('SIGTERM')
    expect(await program.exit).toEqual({ code: 0, signal: null })
  })

  test('is told to webhooks: disable, as enable was at the start', async () => {
    await using bot = await startListener()
    await using program = await startProgram({ config: webhook(bot.url) })
    await expect.poll(() => bot.events, patiently).toMatchObject([{ meta_event_type: 'lifecycle', sub_type: 'enable' }])
    await program.stop()
    expect(bot.events.slice(1)).toMatchObject([{ meta_event_type: 'lifecycle', sub_type: 'disable' }])
  })
})

test('nothing keeps a process alive whose server has stopped', async () => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  const links = [
    "{ type: webhook, name: a, url: 'http://127.0.0.1:1/' }",
    "{ type: reverse-ws, name: b, url: 'ws://127.0.0.1:1/' }",
  ]
  await writeFile(file, `bots: [{ listen: [{ port: 0, filter: ./filter.json }], connect: [${links.join(', ')}] }]`)
  await writeFile(join(folder.path, 'filter.json'), '{}')
  const script = fileURLToPath(new URL('stopped-server.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@seekyou/source', script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let left = ''
  child.stdout.on('data', (chunk: Buffer) => (left += chunk.toString()))
  try {
    const ended = once(child, 'exit')
    expect(await within(20_000, ended, () => `it is kept alive by ${left || 'the server'}`)).toEqual([0, null])
  } finally {
    child.kill('SIGKILL')
  }
  expect(left).not.toContain('Timeout')
})

const UPGRADE =
  'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
  'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

describe('a restart on the same data', () => {
  interface Message {
    readonly message_id: number
    readonly message: string
  }
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'after %s finds every message, and gives no number twice',
    async (signal) => {
      await using folder = await createTemporaryFolder()
      const setup = { folder: folder.path }
      const ids: number[] = []
      let images: string[] = []
      for (const round of [1, 2]) {
        await using program = await startProgram(setup)
        for (const id of ids) {
          expect(await program.call<Message>('get_msg', { message_id: id })).toMatchObject({ message_id: id })
        }
        // Where stored media is found changes with the port; that it is found does not.
        const found = await Promise.all(
          images.map(async (id) => (await program.call<Message>('get_msg', { message_id: id })).message),
        )
        for (const message of found) {
          const url = (/url=([^\],]+)/.exec(message)?.[1] ?? '').replaceAll('&amp;', '&')
          expect(url.startsWith(program.url)).toBe(true)
          expect(Buffer.from(await (await fetch(url)).arrayBuffer()).toString('base64')).toBe(png)
        }
        const heard = await program.sandbox<Message>('say', { as: 10001, group_id: 20001, message: `round ${round}` })
        const sent = await program.call<Message>('send_group_msg', {
          group_id: 20001,
          message: [
            { type: 'reply', data: { id: heard.message_id } },
            { type: 'image', data: { file: `base64://${png}` } },
          ],
        })
        ids.push(heard.message_id, sent.message_id)
        images = [...images, String(sent.message_id)]
        await program.stop(signal)
      }
      expect(ids).toEqual(ids.toSorted((left, right) => left - right))
      expect(new Set(ids).size).toBe(4)
      await using program = await startProgram(setup)
      const { messages } = await program.look<{ messages: Message[] }>('messages', { group_id: '20001' })
      expect(messages.map(({ message_id }) => message_id)).toEqual(ids)
    },
  )

  test('tells a webhook what it missed, once and in order', async () => {
    await using folder = await createTemporaryFolder()
    let isUp = false
    await using bot = await startListener((_, end) => isUp && end())
    const config = webhook(bot.url)
    const ids: number[] = []
    {
      await using program = await startProgram({ folder: folder.path, config })
      for (const message of ['one', 'two', 'three']) {
        ids.push((await program.sandbox<Message>('say', { as: 10001, message })).message_id)
      }
      await program.stop('SIGKILL')
    }
    bot.events.length = 0
    isUp = true
    await using program = await startProgram({ folder: folder.path, config })
    ids.push((await program.sandbox<Message>('say', { as: 10001, message: 'four' })).message_id)
    const heard = () => bot.events.flatMap((event) => ('message_id' in event ? [event.message_id] : []))
    await expect.poll(heard, patiently).toEqual(ids)
    await program.stop()
    expect(heard()).toEqual(ids)
  })
})
