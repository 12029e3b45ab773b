import { once } from 'node:events'
import { catalogue } from '@seekyou/actions'
import { createTemporaryFolder, runProgram, startProgram } from '@seekyou/testkit'
import { readSchemaDocument } from '@seekyou/testkit/schema-document'
import { describe, expect, it } from 'vitest'

interface OpenApi {
  readonly info: { readonly version: string }
  readonly security: readonly object[]
  readonly paths: Readonly<Record<string, { readonly post: { readonly 'x-supported': boolean } }>>
}

interface AsyncApi {
  readonly servers: { readonly seekyou: { readonly host: string } }
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly payload: object }>>
    readonly schemas: object
  }
}

async function read<Document>(url: string): Promise<Document> {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  return (await response.json()) as Document
}

describe('the documents of a running program', () => {
  it('tell what this account can do, and where it is', async () => {
    await using program = await startProgram()
    const openApi = await read<OpenApi>(`${program.url}/openapi.json`)
    const { app_version } = await program.call<{ app_version: string }>('get_version_info')
    expect(openApi).toMatchObject({ info: { version: app_version }, security: [] })
    const supported = Object.keys(catalogue).filter((name) => openApi.paths[`/${name}`]?.post['x-supported'])
    // The list of an account also has the other names that some actions are called by.
    const told = await program.call<string[]>('get_supported_actions')
    expect(supported).toEqual(told.filter((name) => name in catalogue))
    expect(Object.keys(openApi.paths)).toEqual(expect.arrayContaining(['/sandbox/say', '/sandbox/world']))
    const asyncApi = await read<AsyncApi>(`${program.url}/asyncapi.json`)
    expect(asyncApi.servers.seekyou.host).toBe(`127.0.0.1:${program.port}`)
  })

  it('are for those who show the token, in the address as well, as is the page', async () => {
    await using program = await startProgram({ env: { SEEKYOU_TOKEN: 's3cret' } })
    for (const path of ['docs', 'openapi.json', 'asyncapi.json']) {
      const refused = await fetch(`${program.url}/${path}`)
      expect(refused.status).toBe(401)
      expect(await refused.json()).toMatchObject({ status: 'failed', retcode: 1401 })
      expect((await fetch(`${program.url}/${path}?access_token=wrong`)).status).toBe(401)
      expect((await fetch(`${program.url}/${path}?access_token=s3cret`)).status).toBe(200)
      const headers = { authorization: 'Bearer s3cret' }
      expect((await fetch(`${program.url}/${path}`, { headers })).status).toBe(200)
    }
    const { security } = await read<OpenApi>(`${program.url}/openapi.json?access_token=s3cret`)
    expect(security).toEqual([{ bearer: [] }, { access_token: [] }])
  })

  it('are mentioned at the start', async () => {
    await using home = await createTemporaryFolder()
    await using run = runProgram(['--port', '0', '--data-dir', home.path], { folder: home.path })
    await expect.poll(() => run.stdout.join('\n'), { timeout: 15_000 }).toContain('Ctrl-C')
    expect(run.stdout.join('\n')).toMatch(/http:\/\/127\.0\.0\.1:\d+\/docs/)
  })
})

describe('what comes over a WebSocket', () => {
  it.each(['string', 'array'])('is what the AsyncAPI document says, with messages as %s', async (format) => {
    const config = `bots: [{ heartbeat_interval: 0.2, listen: [{ message_format: ${format}, report_self_message: true }] }]`
    await using program = await startProgram({ config })
    const { components } = await read<AsyncApi>(`${program.url}/asyncapi.json`)
    const { compile } = readSchemaDocument({ components })
    const validators = Object.entries(components.messages).map(
      ([name, { payload }]) => [name, compile(payload)] as const,
    )

    const seen = new Map<string, number>()
    const socket = new WebSocket(program.url.replace('http', 'ws'))
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(String(data)) as Readonly<Record<string, unknown>>
      // A call is no frame of ours, and a quick operation fits almost anything.
      const fitting = validators.filter(
        ([name, validate]) => !/^(?:call|quick_operation)$/.test(name) && validate(frame),
      )
      const name = fitting.map(([fit]) => fit).join(' and ') || `nothing: ${String(data)}`
      seen.set(name, (seen.get(name) ?? 0) + 1)
    })
    await once(socket, 'open')

    await program.sandbox('say', { as: 10001, group_id: 20001, message: 'hi [CQ:at,qq=10000]' })
    await program.sandbox('say', { as: 10001, message: [{ type: 'face', data: { id: 1 } }] })
    await program.sandbox('say', { as: 10001, discuss_id: 30001, message: 'hi' })
    await program.sandbox('poke', { as: 10001, group_id: 20001, target_id: 10000 })
    for (const chat of [{ group_id: 20001 }, { user_id: 10001 }]) {
      const { message_id } = await program.call<{ message_id: number }>('send_msg', { ...chat, message: 'x' })
      await program.call('delete_msg', { message_id })
    }
    socket.send(JSON.stringify({ action: 'get_status', echo: { any: ['thing'] } }))
    socket.send(JSON.stringify({ action: 'get_status_async', echo: 1 }))
    socket.send(JSON.stringify({ action: 'no_such_action' }))
    socket.send('garbage')

    const told = [
      'message.discuss',
      'message.group',
      'message.private',
      'meta_event.heartbeat',
      'meta_event.lifecycle',
      'notice.friend_recall',
      'notice.group_recall',
      'notice.notify.poke',
      'reply',
    ]
    await expect.poll(() => [...seen.keys()].toSorted(), { timeout: 10_000 }).toEqual(told)
    await expect.poll(() => seen.get('reply'), { timeout: 10_000 }).toBe(4)
    socket.close()
  })
})
