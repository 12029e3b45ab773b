import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { createTemporaryFolder, runProgram } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { initialConfig } from '../src/config-init.ts'
import type { InitAnswers } from '../src/config-init.ts'
import { loadConfig } from '../src/config.ts'
import { askForAnswers } from '../src/init-questions.ts'

/** What the answers come to, and what is written for them. */
async function configOf(answers: InitAnswers) {
  await using folder = await createTemporaryFolder()
  const file = join(folder.path, 'seekyou.yml')
  const { text, token } = initialConfig(answers, file)
  await writeFile(file, text)
  const { config } = await loadConfig(file, {}, {})
  return { config, token }
}

describe('a first configuration', () => {
  test('of no answers is the sandbox on this machine', async () => {
    const { config, token } = await configOf({})
    expect(token).toBeUndefined()
    expect(config).toMatchObject({
      defaults: { access_token: '' },
      bots: [{ backend: { type: 'sandbox' }, listen: [{ host: '127.0.0.1', port: 5700 }], connect: [] }],
    })
  })

  test('has a token of its own where others can reach it', async () => {
    const { config, token } = await configOf({ host: '0.0.0.0' })
    expect(token).toMatch(/^[\w-]{32}$/)
    expect(config.defaults.access_token).toBe(token)
    expect((await configOf({ host: '0.0.0.0' })).token).not.toBe(token)
    expect((await configOf({ host: '::', token: '"# ${x}' })).config.defaults.access_token).toBe('"# ${x}')
  })

  test.each([
    ['wss://127.0.0.1:8080/ws', 'reverse-ws'],
    ['http://127.0.0.1:8081/', 'webhook'],
  ])('connects to %s by %s', async (connect, type) => {
    expect((await configOf({ connect })).config.bots[0]!.connect).toMatchObject([{ type, name: 'bot', url: connect }])
  })

  test('has the account of a bridge', async () => {
    const { config } = await configOf({ upstream: 'ws://127.0.0.1:3001', upstreamToken: 'abc', format: 'array' })
    expect(config).toMatchObject({
      defaults: { message_format: 'array' },
      bots: [{ backend: { type: 'onebot', url: 'ws://127.0.0.1:3001', access_token: 'abc' } }],
    })
  })

  test.each<[InitAnswers, RegExp]>([
    [{ backend: 'icq' }, /^--backend takes one of sandbox, onebot, not "icq"$/],
    [{ backend: 'onebot' }, /^--upstream is missing; it takes where the implementation listens/],
    [{ upstream: 'x' }, /^--upstream takes a ws:\/\/.*, not "x"$/],
    [{ format: 'arry' }, /^--format takes one of string, array, not "arry"; did you mean array\?$/],
    [{ connect: 'x' }, /^--connect takes an http:\/\/.*, not "x"$/],
  ])('is none of %j', (answers, sentence) => {
    expect(() => initialConfig(answers, 'seekyou.yml')).toThrow(sentence)
  })
})

describe('the questions', () => {
  /** Answers each with keys: the first, to the question that begins so, and so on. */
  async function converse(...answers: readonly (readonly [question: string, keys: string])[]) {
    const [input, output] = [new PassThrough(), new PassThrough()]
    let shown = ''
    let next = 0
    output.on('data', (chunk: Buffer) => {
      shown += chunk.toString()
      const [question, keys] = answers[next] ?? []
      if (question === undefined || !shown.includes(question)) return
      next += 1
      shown = ''
      setImmediate(() => input.write(keys!))
    })
    return askForAnswers({}, { input, output })
  }
  const [enter, down] = ['\r', '\u001B[B']

  test('are about what no flag said', async () => {
    const answers = await converse(
      ['Which chat network', down + enter],
      ['Where does the implementation', enter],
      ['The access token', `abc${enter}`],
      ['Who may connect', down + enter],
      ['On which port', enter],
      ['Does a bot program wait', enter],
      ['How shall messages look', down + enter],
    )
    expect(answers).toMatchObject({
      backend: 'onebot',
      upstream: 'ws://127.0.0.1:3001',
      upstreamToken: 'abc',
      host: '0.0.0.0',
      port: 5700,
      format: 'array',
    })
  })

  test('can be left, and nothing is written', async () => {
    await expect(converse(['Which chat network', '\u0003'])).rejects.toThrow('Nothing is written')
  })
})

test('the command writes a file for its owner alone, and overwrites none', async () => {
  await using folder = await createTemporaryFolder()
  const run = async (...args: readonly string[]) => {
    await using command = runProgram(['init', ...args], { folder: folder.path })
    const { code } = await command.exit
    return { code, stdout: command.stdout.join('\n'), stderr: command.stderr.join('\n') }
  }
  expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') })
  const first = await run('--yes', '--host', '0.0.0.0')
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/Clients must show this token: \S+/) })
  const file = join(folder.path, 'seekyou.yml')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const before = await readFile(file, 'utf8')
  expect(await run('--yes')).toMatchObject({ code: 1, stderr: 'seekyou.yml is there already, and is not overwritten' })
  expect(await readFile(file, 'utf8')).toBe(before)
})
