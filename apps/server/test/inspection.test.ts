import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startProgram } from '@seekyou/testkit'
import { EventSource } from 'eventsource'
import { describe, expect, test, vi } from 'vitest'

type Program = Awaited<ReturnType<typeof startProgram>>
type Fields = Readonly<Record<string, unknown>>

const hello = { as: 10001, group_id: 20001, message: 'hello' }

async function inspect(program: Program, path: string, body?: object): Promise<Fields> {
  const post = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  return (await (await fetch(`${program.url}/inspect/${path}`, post)).json()) as Fields
}

async function records(program: Program, query: string): Promise<readonly Fields[]> {
  const { data } = await inspect(program, `tap?format=json&${query}`)
  return (data as { readonly records: readonly Fields[] }).records
}

/** A viewer of the tap, as the console is one. */
function watch(program: Program, query = '') {
  const seen: Fields[] = []
  const source = new EventSource(`${program.url}/inspect/tap${query}`)
  source.addEventListener('message', ({ data }) => seen.push(JSON.parse(data as string) as Fields))
  return { seen, [Symbol.dispose]: () => source.close() }
}

/** A bot program that is posted events and answers with the status it is told to. */
async function openHook() {
  const hook = { status: 204, posts: [] as string[] }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      hook.posts.push(body)
      response.writeHead(hook.status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(hook, {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

describe('/inspect/tap', () => {
  test('streams what passed lately and what passes, and goes on after the last record a viewer has', async () => {
    await using program = await startProgram()
    await program.sandbox('say', hello)
    using viewer = watch(program)
    await vi.waitFor(() =>
      expect(viewer.seen).toMatchObject([{ type: 'event', seq: 1, event: { raw_message: 'hello' } }]),
    )
    await program.call('send_group_msg', { group_id: 20001, message: 'hi' })
    await vi.waitFor(() =>
      expect(viewer.seen.slice(1)).toMatchObject([
        { type: 'event', seq: 2 },
        { type: 'call', action: 'send_group_msg', from: '127.0.0.1', answer: { status: 'ok' }, events: [2] },
      ]),
    )
    const [first, second] = viewer.seen
    using later = watch(program, `?after=${String(first!['id'])}&types=event`)
    await vi.waitFor(() => expect(later.seen).toEqual([second]))
    const response = await fetch(`${program.url}/inspect/tap`, { headers: { 'last-event-id': String(second!['id']) } })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('"call"')) text += (await reader.read()).value ?? ''
    expect(text).not.toContain('"event"')
    await reader.cancel()
  })

  test('answers pages', async () => {
    await using program = await startProgram()
    for (const message of ['one', 'two', 'three']) await program.sandbox('say', { ...hello, message })
    const [, two, three] = await records(program, 'types=event')
    expect(await records(program, 'types=event&limit=1')).toEqual([three])
    const { data } = await inspect(program, `tap?format=json&after=${String(two!['id'])}&limit=10`)
    expect(data).toEqual({ records: [three], last: three!['id'], missed: 0 })
  })

  test('tells a viewer that is too slow what it missed, and keeps nothing for it', async () => {
    await using program = await startProgram({ config: 'bots: [{ tap: { records: 50 } }]' })
    const params = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`note${index}`, 'x'.repeat(4000)]))
    // What is not read fills the buffers of both ends, and what comes then waits nowhere.
    const response = await fetch(`${program.url}/inspect/tap`)
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 50 }, () => program.call('get_status', params)))
    }
    await program.sandbox('say', hello)
    let text = ''
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part
      if (text.includes('"seq":1,') && text.endsWith('\n\n')) break
    }
    const seen = [...text.matchAll(/^data: (.*)$/gm)].map(([, line]) => JSON.parse(line!) as Fields)
    const missed = seen.filter(({ type }) => type === 'gap').reduce((sum, gap) => sum + Number(gap['missed']), 0)
    expect(missed).toBeGreaterThan(0)
    expect(seen.filter(({ type }) => type === 'call').length + missed).toBe(500)
  })

  test('refuses what it cannot read', async () => {
    await using program = await startProgram()
    const wordings = ['types=nonsense', 'after=yesterday', 'format=xml'].map(async (query) => {
      const { status, wording } = await inspect(program, `tap?${query}`)
      return `${String(status)}: ${String(wording)}`
    })
    expect(await Promise.all(wordings)).toEqual([
      'failed: tap: types.0 takes some of event, delivery, call, link, with commas in between, not "nonsense"',
      'failed: tap: after takes an integer (a number or a decimal string), not "yesterday"',
      'failed: tap: format takes sse or json, not "xml"',
    ])
  })

  test('says so where nothing is kept', async () => {
    await using program = await startProgram({ config: 'bots: [{ tap: { records: 0 } }]' })
    expect(await inspect(program, 'tap')).toMatchObject({
      msg: 'UNSUPPORTED',
      wording: expect.stringContaining('tap.records'),
    })
  })
})

describe('/inspect/links', () => {
  test('are paused and resumed: what happened meanwhile is posted then', async () => {
    await using hook = await openHook()
    const connect = `{ type: webhook, name: hook, url: '${hook.url}' }`
    await using program = await startProgram({ config: `bots: [{ connect: [${connect}] }]` })
    expect(await inspect(program, 'links/pause', { link: 'hook' })).toMatchObject({
      data: { link: 'hook', held: true },
    })
    await program.sandbox('say', hello)
    await program.sandbox('say', { ...hello, message: 'again' })
    expect(await inspect(program, 'links')).toMatchObject({ data: [{ id: 'hook', held: true, lag: 2 }] })
    expect(hook.posts.join('')).not.toContain('hello')
    await inspect(program, 'links/resume', { link: 'hook' })
    await vi.waitFor(() => expect(hook.posts.join('')).toMatch(/hello.*again/))
    expect(await inspect(program, 'links/pause', { link: 'nope' })).toMatchObject({ msg: 'NOT_FOUND' })
    expect(await inspect(program, 'links/pause', {})).toMatchObject({ msg: 'BAD_PARAMS' })
  })
})

describe('/inspect/replay', () => {
  test('posts an event once more, and the tap tells how that went', async () => {
    await using hook = await openHook()
    const connect = `{ type: webhook, name: hook, url: '${hook.url}', max_refusals: 5 }`
    await using program = await startProgram({ config: `bots: [{ connect: [${connect}] }]` })
    await program.sandbox('say', hello)
    await vi.waitFor(() => expect(hook.posts).toHaveLength(2))
    hook.status = 400
    expect(await inspect(program, 'replay', { link: 'hook', seq: 1 })).toMatchObject({ status: 'ok' })
    await vi.waitFor(async () =>
      expect((await records(program, 'types=delivery')).at(-1)).toMatchObject({
        seq: 1,
        link: 'hook',
        outcome: 'refused',
        status: 400,
        is_replay: true,
      }),
    )
    expect(hook.posts).toHaveLength(3)
    expect(await inspect(program, 'dead_letters')).toMatchObject({ data: [] })
    expect(await inspect(program, 'replay', { link: 'hook' })).toMatchObject({
      msg: 'BAD_PARAMS',
      wording: 'replay takes seq, the number of an event, or event, the event itself',
    })
  })
})

describe('/inspect/config and /inspect/metrics', () => {
  test('tell what is in force, without secrets, and what Prometheus reads', async () => {
    await using hook = await openHook()
    const connect = `{ type: webhook, name: hook, url: '${hook.url}?access_token=hush&key=hush&a-token=hush&x=1', secret: hush }`
    const config = `{ defaults: { message_format: array }, bots: [{ connect: [${connect}] }] }`
    await using program = await startProgram({ config })
    const answer = await inspect(program, 'config')
    expect(answer).toMatchObject({
      data: {
        defaults: { message_format: 'array' },
        bots: [{ connect: [{ secret: '***', timeout: expect.any(Number) }] }],
      },
    })
    expect(JSON.stringify(answer)).not.toContain('hush')
    expect(JSON.stringify(answer)).toContain('key=***&a-token=***&x=1')
    await program.sandbox('say', hello)
    const { data } = await inspect(program, 'metrics')
    expect(data).toContainEqual({
      name: 'seekyou_events_total',
      type: 'counter',
      help: expect.any(String),
      samples: [{ labels: { self_id: 10000, type: 'message.group' }, value: 1 }],
    })
    const text = await (await fetch(`${program.url}/metrics`)).text()
    for (const { name, samples } of data as { readonly name: string; readonly samples: readonly unknown[] }[]) {
      if (samples.length > 0) expect(text).toContain(`# TYPE ${name} `)
    }
  })

  test('count what is posted again, what is stored and what the tap has', async () => {
    await using hook = await openHook()
    hook.status = 503
    await using program = await startProgram({
      config: `bots: [{ connect: [{ type: webhook, name: hook, url: '${hook.url}' }] }]`,
    })
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    await program.sandbox('say', { ...hello, message: `[CQ:image,file=base64://${png}]` })
    await vi.waitFor(async () => {
      const text = await (await fetch(`${program.url}/metrics`)).text()
      expect(text).toMatch(/^seekyou_link_retries_total\{self_id="10000",link="hook"\} [1-9]/m)
      expect(text).toMatch(/^seekyou_media_files [1-9]/m)
      expect(text).toMatch(/^seekyou_media_bytes [1-9]/m)
      expect(text).toMatch(/^seekyou_tap_records\{self_id="10000"\} [1-9]/m)
    })
  })
})

test('what is too much is answered with the time to come again', async () => {
  await using program = await startProgram({
    config: 'defaults: { rate_limit: { frequency: 0.1, bucket: 1, reject: true } }',
  })
  expect((await fetch(`${program.url}/get_status`)).headers.get('retry-after')).toBeNull()
  const refused = await fetch(`${program.url}/get_status`)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(9)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(10)
})
