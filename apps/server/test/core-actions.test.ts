import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createTemporaryFolder, runProgram, startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { describe, expect, it, vi } from 'vitest'

const png = 'base64://iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

interface Named {
  readonly file: string
  readonly url: string
}

async function envelope(
  program: Pick<Program, 'url'>,
  action: string,
  params: object = {},
): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${program.url}/${action}`, { method: 'POST', headers, body: JSON.stringify(params) })
  return (await response.json()) as Record<string, unknown>
}

async function startFiles(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_, response) => response.end('a file'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.txt`,
    [Symbol.asyncDispose]: async () => server.close().closeAllConnections(),
  }
}

describe('files', () => {
  it('that are seen, fetched and named again are the same files', async () => {
    await using files = await startFiles()
    await using program = await startProgram({ config: 'files: { allow_private_networks: true }' })
    await program.sandbox('say', { as: 10001, group_id: 20001, message: [{ type: 'image', data: { file: png } }] })
    const { messages } = await program.look<{ messages: { message: { data: Named }[] }[] }>('messages', {
      group_id: '20001',
    })
    const [{ data: heard } = { data: undefined }] = messages.at(-1)?.message ?? []
    const image = await program.call<Named & { size: number }>('get_image', { file: heard?.file })
    expect(image).toMatchObject({ size: 70, filename: heard?.file })
    expect(await readFile(image.file, 'base64')).toBe(png.slice('base64://'.length))
    expect(await (await fetch(image.url)).bytes()).toHaveLength(70)
    // By its path and by its address it is the same file, without a way through the network.
    const byPath = await program.call<Named>('get_image', { file: `file://${image.file}` })
    const byUrl = await program.call<Named>('get_image', { file: image.url })
    expect([byPath.file, byUrl.file]).toEqual([image.file, image.file])
    // The path as it was told can stand in a CQ code.
    const sent = await program.call<object>('send_group_msg', {
      group_id: 20001,
      message: `[CQ:image,file=${image.file}]`,
    })
    expect(await program.call('get_msg', sent)).toMatchObject({ message: expect.stringContaining(String(heard?.file)) })

    const { file } = await program.call<Named>('download_file', { url: files.url, thread_count: 3 })
    expect(await readFile(file, 'utf8')).toBe('a file')
    await program.call('clean_cache')
    await expect(stat(file)).rejects.toThrow(/ENOENT/u)
    expect(await readFile(image.file, 'base64')).toBe(png.slice('base64://'.length))
  })

  it('are not fetched from inside, and not read from anywhere, unless the operator says so', async () => {
    await using files = await startFiles()
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'a.txt'), 'a file')
    await using closed = await startProgram()
    expect(await envelope(closed, 'download_file', { url: files.url })).toMatchObject({
      retcode: 200,
      msg: 'FILE_FORBIDDEN',
    })
    const named = { file: `file://${folder.path}/a.txt` }
    expect(await envelope(closed, 'get_record', named)).toMatchObject({ retcode: 200, msg: 'FILE_FORBIDDEN' })
    await using open = await startProgram({ config: `files: { allowed_paths: ['${folder.path}'] }` })
    expect(await envelope(open, 'get_record', named)).toMatchObject({ retcode: 0 })
  })
})

it('reload_event_filter reads the filter file again, or says why not', async () => {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'filter.json')
  await writeFile(file, '{ "group_id": 20002 }')
  await using hook = await startHook()
  await using program = await startProgram({
    folder: folder.path,
    config: `bots: [{ connect: [{ type: webhook, name: hook, url: '${hook.url}', filter: filter.json }] }]`,
  })
  const say = (message: string) => program.sandbox('say', { as: 10001, group_id: 20001, message })
  await say('before')
  await writeFile(file, '{ "group_id": { ".nope": 1 } }')
  expect(await envelope(program, 'reload_event_filter')).toMatchObject({
    retcode: 200,
    msg: 'BAD_FILTER',
    wording: expect.stringMatching(/^the event filters stay as they were; filter\.json: .*\.nope/u),
  })
  await say('still before')
  await writeFile(file, '{ "group_id": 20001 }')
  expect(await envelope(program, 'reload_event_filter', { file: 'filter.json' })).toMatchObject({ retcode: 0 })
  await say('after')
  await vi.waitFor(() => expect(hook.said).toEqual(['after']), { timeout: 10_000 })
})

async function startHook() {
  const said: unknown[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { raw_message } = JSON.parse(body) as { raw_message?: string }
      if (raw_message !== undefined) said.push(raw_message)
      response.writeHead(204).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    said,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: async () => server.close().closeAllConnections(),
  }
}

describe('set_restart', () => {
  it('ends the server in order and starts it again, with the configuration of then', async () => {
    await using folder = await createTemporaryFolder()
    await using program = await startProgram({ folder: folder.path })
    await program.call('send_group_msg', { group_id: 20001, message: 'before' })
    await writeFile(join(folder.path, 'seekyou.yml'), 'defaults: { message_format: array }')
    expect(await envelope(program, 'set_restart', { delay: 10 })).toEqual({ status: 'async', retcode: 1, data: null })
    await vi.waitFor(() => expect(program.stdout).toHaveLength(2), { timeout: 10_000 })
    expect(program.stdout[1]).toBe(program.stdout[0])
    expect(await envelope(program, 'get_msg', { message_id: 1 })).toMatchObject({
      data: { message: [{ type: 'text', data: { text: 'before' } }] },
    })
    expect(await program.stop()).toEqual({ code: 0, signal: null })
    expect(program.stderr.filter((line) => /"level":[56]0/u.test(line))).toEqual([])
  })

  it.each([
    { words: [] },
    // Read by what knows all commands.
    { words: ['start'] },
  ])('starts it again also where nobody reads its output any more, as with head ($words)', async ({ words }) => {
    await using folder = await createTemporaryFolder()
    await using run = runProgram([...words, '--print-ready', '--port', '0'], { folder: folder.path })
    const program = JSON.parse((await run.firstLine) ?? '') as Pick<Program, 'url'>
    const socket = new WebSocket(program.url.replace('http', 'ws'))
    await once(socket, 'open')
    const closed = once(socket, 'close')
    run.closeOutput()
    await envelope(program, 'set_restart')
    await closed
    const status = () => envelope(program, 'get_status')
    await vi.waitFor(async () => expect(await status()).toMatchObject({ retcode: 0 }), { timeout: 10_000 })
    run.kill('SIGTERM')
    expect(await run.exit).toEqual({ code: 0, signal: null })
    expect(run.stderr.at(-1)).toContain('stopped')
  })

  it('goes on as it is when the configuration is wrong', async () => {
    await using folder = await createTemporaryFolder()
    await using program = await startProgram({ folder: folder.path })
    await writeFile(join(folder.path, 'seekyou.yml'), 'nonsense: 1')
    expect(await envelope(program, 'set_restart')).toMatchObject({ status: 'async' })
    await vi.waitFor(() => expect(program.stderr.join('\n')).toMatch(/no restart: .*/u), { timeout: 10_000 })
    expect(program.stderr.join('\n')).toMatch(/nonsense is not a key here/u)
    expect(await envelope(program, 'get_status')).toMatchObject({ retcode: 0 })
    await writeFile(join(folder.path, 'seekyou.yml'), '')
    await envelope(program, 'set_restart')
    await vi.waitFor(() => expect(program.stdout).toHaveLength(2), { timeout: 10_000 })
  })
})
