import { request } from 'node:http'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { createTemporaryFolder, startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'

interface Told {
  readonly post_type: string
  readonly raw_message?: string
}

async function say(program: Program, ...messages: readonly string[]): Promise<void> {
  for (const message of messages) await program.sandbox('say', { as: 10001, group_id: 20001, message })
}

const textsOf = (events: readonly Told[]) => events.map((event) => event.raw_message ?? event.post_type)

/** Reads the stream until `count` events other than meta events have come, and tells them with their ids. */
async function readStream(url: string, count: number): Promise<{ readonly id: string; readonly text: string }[]> {
  const response = await fetch(url)
  const found: { id: string; text: string }[] = []
  let rest = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + chunk).split('\n\n')
    rest = frames.pop() ?? ''
    for (const frame of frames) {
      const [, id, data] = /^id: (\d+)\ndata: (.*)$/.exec(frame) ?? []
      if (id !== undefined && data !== undefined) found.push({ id, text: (JSON.parse(data) as Told).raw_message ?? '' })
    }
    if (found.length >= count) break
  }
  return found
}

describe('get_updates of the program', () => {
  it('gives every event once: what happens meanwhile, and what happened since', async () => {
    await using program = await startProgram()
    const poll = (params = {}) => program.call<Told[]>('get_updates', params)
    const waiting = poll()
    // The first poll makes the account remember this reader; what is said before that is not for it.
    await expect
      .poll(async () => {
        await say(program, 'hello')
        return Promise.race([waiting.then(() => true), new Promise((resolve) => setTimeout(resolve, 50, false))])
      })
      .toBe(true)
    expect(textsOf(await waiting)).toContain('hello')
    await say(program, 'one', 'two', 'three')
    const missed = await poll({ limit: 2 })
    const rest = await poll()
    const texts = textsOf([...missed, ...rest]).filter((text) => text !== 'hello')
    expect(missed).toHaveLength(2)
    expect(texts).toEqual(['one', 'two', 'three'])
    const next = poll({ timeout: 60 })
    await say(program, 'four')
    expect(textsOf(await next)).toEqual(['four'])
  })

  it('sees what the listener sees: its format, and what its filter lets pass', async () => {
    const config = `bots: [{ listen: [{ port: 0, message_format: array, filter: { raw_message: { .contains: yes } } }] }]`
    await using program = await startProgram({ config })
    await program.call('get_updates', { timeout: 1 })
    await say(program, 'no', 'yes')
    const [event, ...others] = await program.call<Told[]>('get_updates')
    expect(event).toMatchObject({ raw_message: 'yes', message: [{ type: 'text', data: { text: 'yes' } }] })
    expect(others).toEqual([])
  })

  it('is not told what a null in its filter keeps out', async () => {
    await using program = await startProgram({
      config: 'bots: [{ listen: [{ port: 0, filter: { anonymous: null } }] }]',
    })
    await program.call('get_updates', { timeout: 1 })
    await program.sandbox('say', { as: 10001, group_id: 20001, message: 'masked', anonymous: true })
    await say(program, 'open')
    expect(textsOf(await program.call<Told[]>('get_updates'))).toEqual(['open'])
  })
})

describe('the event stream of the program', () => {
  it('goes on after the event that a client had last', async () => {
    await using program = await startProgram()
    await say(program, 'one', 'two', 'three')
    const all = await readStream(`${program.url}/_events?resume=0`, 3)
    expect(all.map(({ text }) => text)).toEqual(['one', 'two', 'three'])
    const later = readStream(`${program.url}/_events?resume=${all[1]!.id}`, 2)
    await say(program, 'four')
    expect((await later).map(({ text }) => text)).toEqual(['three', 'four'])
  })
})

describe('files and listeners of the program', () => {
  it('are where the configuration says, relative to itself', async () => {
    await using folder = await createTemporaryFolder()
    await mkdir(join(folder.path, 'files'))
    await writeFile(join(folder.path, 'files', 'notes.txt'), 'hello')
    const config = 'bots: [{ listen: [{ port: 0, data_files: ./files }, { socket: ./api.sock }] }]'
    await using program = await startProgram({ config, folder: folder.path })
    expect(await (await fetch(`${program.url}/data/notes.txt`)).text()).toBe('hello')
    const sent = request({ socketPath: join(folder.path, 'api.sock'), path: '/get_login_info' }).end()
    const [response] = await once(sent, 'response')
    expect(await json(response)).toMatchObject({ status: 'ok', data: { user_id: expect.any(Number) } })
  })

  it('describe an image that was seen as CoolQ did', async () => {
    await using folder = await createTemporaryFolder()
    const config = 'bots: [{ listen: [{ port: 0, data_files: ./files }] }]'
    await using program = await startProgram({ config, folder: folder.path })
    const stream = readStream(`${program.url}/_events?resume=0`, 1)
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    await say(program, `[CQ:image,file=base64://${png}]`)
    const [told] = await stream
    const file = /file=([^,\]]+)/.exec(told!.text)![1]!
    const described = await (await fetch(`${program.url}/data/image/${file}.cqimg`)).text()
    expect(described).toMatch(/^\[image\]\nmd5=[0-9A-F]{32}\nwidth=1\nheight=1\nsize=70\nurl=http:.*\n$/)
    const url = /^url=(.*)$/m.exec(described)![1]!
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).toString('base64')).toBe(png)
  })
})
