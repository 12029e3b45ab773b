import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createTemporaryFolder, runProgram, startProgram } from '@seekyou/testkit'
import { describe, expect, test, vi } from 'vitest'

const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 30 })

/** Runs a command to its end. */
async function runCommand(args: readonly string[], folder?: string) {
  await using own = await createTemporaryFolder()
  await using run = runProgram(args, { folder: folder ?? own.path })
  const { code } = await run.exit
  return { code, stdout: run.stdout.join('\n'), stderr: run.stderr.join('\n') }
}

/** A bot program that answers every post with a status that the test chooses. */
async function startBot() {
  const bot = { status: 400, posts: 0 }
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      bot.posts++
      response.writeHead(bot.status).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(bot, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

test('say speaks as a person of the sandbox, in a group and in private', async () => {
  await using program = await startProgram()
  const inGroup = ['say', 'hello', '--as', '10001', '--group', '20001', '--url', program.url]
  const said = await runCommand(inGroup)
  expect(said).toMatchObject({ code: 0, stderr: '' })
  const { message_id } = JSON.parse(said.stdout) as { message_id: number }
  expect(await program.call('get_msg', { message_id })).toMatchObject({ group_id: 20001, message: 'hello' })
  expect(await runCommand(['say', 'psst', '--as', '10001', '--url', program.url])).toMatchObject({ code: 0 })
  expect(await runCommand(['say', 'hello', '--as', 'Alice', '--url', program.url])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('10001'),
  })
})

describe('tail', () => {
  test('shows what passes its filter, and goes on where it was after a restart', async () => {
    await using folder = await createTemporaryFolder()
    const first = await startProgram({ folder: folder.path })
    await writeFile(join(folder.path, 'f.json'), '{"message_type": "group"}')
    const args = ['tail', '--filter', 'f.json', '--url', first.url, '--resume', '0']
    await using tail = runProgram(args, { folder: folder.path })
    await first.sandbox('say', { as: 10001, message: 'private' })
    await first.sandbox('say', { as: 10001, group_id: 20001, message: 'one' })
    const heard = () => tail.stdout.map((line) => (JSON.parse(line) as { raw_message: string }).raw_message)
    await soon(() => expect(heard()).toEqual(['one']))
    await first.stop()

    await using second = await startProgram({ folder: folder.path, flags: ['--port', String(first.port)] })
    await second.sandbox('say', { as: 10001, group_id: 20001, message: 'two' })
    await soon(() => expect(heard()).toEqual(['one', 'two']))
  })

  test('shows calls and their answers as well, where it is asked to', async () => {
    await using program = await startProgram({ env: { SEEKYOU_TOKEN: 'open-sesame' }, token: 'open-sesame' })
    await using folder = await createTemporaryFolder()
    const args = ['tail', '--calls', '--url', program.url, '--token', 'open-sesame']
    await using tail = runProgram(args, { folder: folder.path })
    // It shows what passes from now on, so it is asked for until it listens.
    await soon(async () => {
      await program.call('get_msg', { message_id: 1 }).catch(() => undefined)
      expect(tail.stdout).not.toEqual([])
    })
    await program.sandbox('say', { as: 10001, group_id: 20001, message: 'hello' })
    await program.call('send_group_msg', { group_id: 20001, message: 'hi' })
    await soon(() => {
      const lines = tail.stdout.map((line) => JSON.parse(line) as object)
      expect(lines.at(0)).toMatchObject({ type: 'call', action: 'get_msg', answer: { status: 'failed' } })
      expect(lines.slice(-3)).toMatchObject([
        { post_type: 'message', raw_message: 'hello' },
        { post_type: 'message_sent', raw_message: 'hi' },
        { type: 'call', action: 'send_group_msg', answer: { status: 'ok' } },
      ])
    })
    expect(await runCommand(['tail', '--calls', '--url', program.url])).toMatchObject({ code: 2 })
    expect(await runCommand(['tail', '--calls', '--resume', '1', '--url', program.url])).toMatchObject({ code: 1 })
  })

  test('ends with 2 where it is not let in, and with 1 for what is no filter', async () => {
    await using program = await startProgram({ env: { SEEKYOU_TOKEN: 'open-sesame' }, token: 'open-sesame' })
    const refused = await runCommand(['tail', '--url', program.url])
    expect(refused).toEqual({
      code: 2,
      stdout: '',
      stderr: `${program.url} asks for a token: set SEEKYOU_TOKEN or use --token`,
    })
    expect(await runCommand(['tail', '--url', program.url, '--token', 'wrong'])).toEqual({
      code: 2,
      stdout: '',
      stderr: `${program.url} does not take this token: give another one with SEEKYOU_TOKEN or --token`,
    })
    expect(await runCommand(['tail', '--filter', 'none.json', '--url', program.url])).toMatchObject({
      code: 1,
      stderr: 'none.json is no event filter: there is no such file',
    })
  })
})

test('links and dead-letters tell what a program refused, tell it again, and discard it', async () => {
  await using bot = await startBot()
  const config = `bots: [{ connect: [{ type: webhook, name: hook, url: '${bot.url}', max_refusals: 1 }] }]`
  await using program = await startProgram({ config })
  for (const message of ['one', 'two']) await program.sandbox('say', { as: 10001, group_id: 20001, message })

  const list = async () =>
    JSON.parse((await runCommand(['dead-letters', 'list', '--json', '--url', program.url])).stdout) as { seq: number }[]
  await soon(async () => expect(await list()).toHaveLength(2))
  const [first, second] = (await list()) as [{ seq: number }, { seq: number }]
  const links = await runCommand(['links', '--url', program.url])
  expect(links).toMatchObject({ code: 0, stdout: expect.stringMatching(/^BOT +LINK.*\n10000 +hook +webhook/) })

  bot.status = 204
  const retry = ['dead-letters', 'retry', 'hook', String(first.seq), '--url', program.url]
  expect(await runCommand(retry)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1 /) })
  await soon(async () => expect(await list()).toMatchObject([{ seq: second.seq }]))
  const discard = ['dead-letters', 'discard', 'hook', String(second.seq), '--url', program.url]
  expect(await runCommand(discard)).toMatchObject({ code: 0, stdout: 'discarded' })
  expect(await runCommand(discard)).toMatchObject({ code: 3 })
  expect(await runCommand(['dead-letters', 'list', '--url', program.url])).toMatchObject({
    stdout: 'There are no dead letters.',
  })
})

test('messages are exported as lines of JSON, and a person is forgotten', async () => {
  await using program = await startProgram()
  await using folder = await createTemporaryFolder()
  for (const as of [10001, 10002, 10001]) {
    await program.sandbox('say', { as, group_id: 20001, message: `I am ${as}` })
  }
  const exportAll = async () => {
    const args = ['messages', 'export', '--output', 'out.ndjson', '--url', program.url]
    expect(await runCommand(args, folder.path)).toMatchObject({ code: 0 })
    const text = await readFile(join(folder.path, 'out.ndjson'), 'utf8')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { user_id: number }).user_id)
  }
  expect(await exportAll()).toEqual([10001, 10002, 10001])
  const forget = ['messages', 'forget', '10001', '--url', program.url]
  expect(await runCommand(forget)).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') })
  const forgotten = await runCommand([...forget, '--yes'])
  expect(JSON.parse(forgotten.stdout)).toMatchObject({ messages: 2 })
  expect(await exportAll()).toEqual([10002])
})

describe('doctor', () => {
  test('finds nothing wrong with an empty folder', async () => {
    const found = await runCommand(['doctor', '--port', '0'])
    expect(found).toMatchObject({ code: 0, stderr: '' })
    expect(found.stdout).toMatch(/Node[^]*configuration[^]*data folder[^]*disk[^]*port/)
  })

  test('tells of a port that another program has, and of a bot that is not there', async () => {
    await using bot = await startBot()
    await using folder = await createTemporaryFolder()
    const config = `bots: [{ connect: [{ type: reverse-ws, name: gone, url: 'ws://127.0.0.1:1/' }] }]`
    await writeFile(join(folder.path, 'seekyou.yml'), config)
    const found = await runCommand(['doctor', '--port', new URL(bot.url).port], folder.path)
    expect(found).toMatchObject({ code: 1, stderr: expect.stringContaining('are wrong') })
    expect(found.stdout).toContain('another program has it')
    expect(found.stdout).toContain('bot program gone: 127.0.0.1:1 cannot be reached: ECONNREFUSED')
  })

  test('asks the upstream of a bridge what it can do', async () => {
    await using sandbox = await startProgram()
    await using folder = await createTemporaryFolder()
    const url = sandbox.url.replace('http', 'ws')
    await writeFile(join(folder.path, 'seekyou.yml'), `bots: [{ backend: { type: onebot, url: '${url}' } }]`)
    const found = await runCommand(['doctor', '--upstream'], folder.path)
    expect(found).toMatchObject({ code: 0, stderr: '' })
    expect(found.stdout).toMatch(/^seekyou \S+ has the account 10000 \(SeekYou\), which is online\n/)
    expect(found.stdout).toMatch(/natively: \d\d+\n[^]*repaired: \d+\n[^]*not at all: \d+/)

    await sandbox.stop()
    const gone = await runCommand(['doctor', '--upstream'], folder.path)
    expect(gone).toMatchObject({ code: 2, stderr: expect.stringContaining('upstream: ') })
  })

  test('says that there is no upstream where there is none', async () => {
    expect(await runCommand(['doctor', '--upstream'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('onebot'),
    })
  })

  test('reads the files that the configuration names', async () => {
    await using folder = await createTemporaryFolder()
    const config = (filter: string) =>
      `{ files: { allowed_paths: [./gone] }, bots: [{ listen: [{ filter: ${filter} }] }] }`
    await writeFile(join(folder.path, 'seekyou.yml'), config('rules.json'))
    expect(await runCommand(['doctor', '--port', '0'], folder.path)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('rules.json: the event filter cannot be read: there is no such file'),
    })
    await writeFile(join(folder.path, 'seekyou.yml'), config('{}'))
    expect(await runCommand(['doctor', '--port', '0'], folder.path)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/look +configuration: .*allowed_paths\[0\]: \.\/gone is not there/),
    })
  })

  test('tells what is wrong with the configuration', async () => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'seekyou.yml'), 'data_dirr: x')
    const found = await runCommand(['doctor'], folder.path)
    expect(found).toMatchObject({ code: 1, stdout: expect.stringContaining('data_dirr') })
  })
})

describe('completion', () => {
  test('of bash completes commands, commands of commands, and flags', async () => {
    const { stdout } = await runCommand(['completion', 'bash'])
    const complete = (...words: readonly string[]) => {
      const script = `${stdout}\nCOMP_WORDS=(seekyou ${words.join(' ')} ""); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _seekyou; echo "\${COMPREPLY[@]}"`
      return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split(' ')
    }
    expect(complete()).toEqual(expect.arrayContaining(['start', 'tail', 'dead-letters', '--help']))
    expect(complete('dead-letters')).toEqual(expect.arrayContaining(['list', 'retry', 'discard']))
    expect(complete('dead-letters', 'list')).toEqual(expect.arrayContaining(['--json', '--url']))
  })

  test.each(['zsh', 'fish'])('of %s names every command', async (shell) => {
    const { code, stdout } = await runCommand(['completion', shell])
    expect(code).toBe(0)
    expect(stdout).toMatch(/tail[^]*dead-letters[^]*retry/)
  })
})
