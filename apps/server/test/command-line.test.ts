import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTemporaryFolder, runProgram, startProgram } from '@seekyou/testkit'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { createCommandLine } from '../src/command-line.ts'
import { readStartFlags } from '../src/command/start.ts'

/** A command with those above it. */
function nameOf(command: Command): string {
  const above = command.parent
  return above?.parent ? `${nameOf(above)} ${command.name()}` : command.name()
}

/** Runs a command to its end. */
async function runCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  await using folder = await createTemporaryFolder()
  await using run = runProgram(args, { folder: folder.path, env })
  const { code } = await run.exit
  return { code, stdout: run.stdout.join('\n'), stderr: run.stderr.join('\n') }
}

describe('help', () => {
  test('lists every command and exit code', async () => {
    const { code, stdout } = await runCommand(['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/start[^]*call[^]*Exit codes/)
  })

  /** Every command, also those below another. */
  const commands = (command: Command): readonly Command[] => command.commands.flatMap((sub) => [sub, ...commands(sub)])

  test.each(commands(createCommandLine()).map((command) => [nameOf(command), command] as const))(
    'of %s ends with examples of it, and with the exit codes',
    (name, command) => {
      let help = ''
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
      const [, examples = ''] = help.split('\nExamples:\n')
      expect(examples).toMatch(/\nExit codes:\n {2}0 {2}done/)
      // What is done when no command is named is shown without it.
      expect(examples).toMatch(new RegExp(`^ {2}seekyou ?${name === 'start' ? '' : name}`))
    },
  )
})

test.each([
  ['chekc', 'There is no command "chekc"; did you mean check?'],
  ['--prot', "Unknown option '--prot'; did you mean --port?"],
  ['--port=1 tail', 'The command comes first: seekyou tail …'],
  ['--frobnicate', "Unknown option '--frobnicate'; --help lists what there is"],
])('%s is told with what was meant', async (word, told) => {
  expect(await runCommand(word.split(' '))).toEqual({ code: 1, stdout: '', stderr: told })
})

test('a command ends where nobody reads on what it prints', async () => {
  await using run = runProgram(['--help'], { folder: '.' })
  run.closeOutput()
  expect(await run.exit).toEqual({ code: 0, signal: null })
  expect(run.stderr).toEqual([])
})

describe('call', () => {
  test('does an action and prints its data', async () => {
    await using program = await startProgram()
    const message = '[{"type":"text","data":{"text":"hi "}},{"type":"at","data":{"qq":"10001"}}]'
    const sent = await runCommand([
      'call',
      'send_group_msg',
      'group_id=20001',
      `message=${message}`,
      '--url',
      program.url,
    ])
    expect(sent).toMatchObject({ code: 0, stderr: '' })
    const { message_id } = JSON.parse(sent.stdout) as { message_id: number }
    const read = await runCommand(['call', 'get_msg', `message_id=${message_id}`], { SEEKYOU_URL: program.url })
    expect(JSON.parse(read.stdout)).toMatchObject({ message: 'hi [CQ:at,qq=10001]' })
  })

  test('reads a value that begins with a CQ code as text', async () => {
    await using program = await startProgram()
    const args = ['call', 'send_group_msg', 'group_id=20001', 'message=[CQ:face,id=1]', '--url', program.url]
    expect(await runCommand(args)).toMatchObject({ code: 0 })
  })

  test('ends with 3 and the sentence of the server where the answer is no', async () => {
    await using program = await startProgram()
    const args = ['call', 'get_group_info', 'group_id=404', '--url', program.url]
    expect(await runCommand(args)).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('404') })
  })

  test('shows the token of the environment or of its flag, and ends with 2 without one', async () => {
    await using program = await startProgram({ env: { SEEKYOU_TOKEN: 'open-sesame' }, token: 'open-sesame' })
    const args = ['call', 'get_status', '--url', program.url]
    expect(await runCommand(args, { SEEKYOU_TOKEN: 'open-sesame' })).toMatchObject({ code: 0 })
    expect(await runCommand([...args, '--token', 'open-sesame'])).toMatchObject({ code: 0 })
    expect(await runCommand(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('SEEKYOU_TOKEN') })
  })

  test('ends with 2 where there is no server, or another kind of server', async () => {
    const other = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    expect(await runCommand(['call', 'get_status', '--url', url])).toMatchObject({
      code: 2,
      stderr: `${url} does not answer as a bot API server does`,
    })
    other.close()
    await once(other, 'close')
    expect(await runCommand(['call', 'get_status', '--url', url])).toMatchObject({
      code: 2,
      stderr: `${url} cannot be reached: nothing listens there; where the server listens is told with --url or SEEKYOU_URL`,
    })
  })

  test('takes an address without its scheme, and no other text for one', async () => {
    await using program = await startProgram({
      env: { SEEKYOU_TOKEN: '口令' },
    })
    const env = { SEEKYOU_TOKEN: '口令' }
    expect(await runCommand(['call', 'get_status', '--url', new URL(program.url).host], env)).toMatchObject({ code: 0 })
    expect(await runCommand(['tail', '--url', 'http://'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('It takes an address such as http://127.0.0.1:5700'),
    })
    expect(await runCommand(['links'], { SEEKYOU_URL: 'nonsense' })).toMatchObject({
      code: 1,
      stderr: 'SEEKYOU_URL takes an address such as http://127.0.0.1:5700, not "nonsense"',
    })
  })

  test('tells no events where there is no server, and says why a scoped token does not do', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`
    gone.close()
    await once(gone, 'close')
    expect(await runCommand(['tail', '--url', url])).toEqual({
      code: 2,
      stdout: '',
      stderr: `${url} cannot be reached: nothing listens there; where the server listens is told with --url or SEEKYOU_URL`,
    })
    const secret = 'a-secret-of-the-shop'
    const config = JSON.stringify({ tokens: [{ name: 'shop', secret, preset: 'admin' }] })
    await using program = await startProgram({ config, env: { SEEKYOU_TOKEN: 'open-sesame' }, token: 'open-sesame' })
    expect(await runCommand(['links', '--url', program.url], { SEEKYOU_TOKEN: secret })).toMatchObject({
      code: 2,
      stderr: `${program.url} does not take this token here: the token "shop" may not see this: it takes the access token`,
    })
  })

  test('a command that is only the head of others shows them, and ends with 1', async () => {
    const { code, stderr } = await runCommand(['dead-letters'])
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^Usage: seekyou dead-letters .*is no$/s),
    })
  })

  test.each([
    ['message', 'a param is written key=value, not "message"'],
    ['=1', 'a param is written key=value, not "=1"'],
    ['message={', 'the value of message begins like JSON and is none'],
  ])('refuses the param %s', async (param, sentence) => {
    const { code, stderr } = await runCommand(['call', 'get_status', param])
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(sentence) })
  })
})

describe('a command line with nothing but flags of start', () => {
  const start = createCommandLine().commands.find((command) => command.name() === 'start')!

  test.each(start.options.map((option) => [option.long!, option] as const))(
    'is read without the others: %s',
    (flag, option) => {
      const flags = readStartFlags(option.required ? [flag, 'x'] : [flag])
      expect(flags).toMatchObject({ [option.attributeName()]: option.required ? 'x' : true })
    },
  )

  test.each([
    ['start'],
    ['tail'],
    ['--help'],
    ['-v'],
    ['--port'],
    ['--prot', '1'],
    ['--strict-store=x'],
    ['--', 'tail'],
  ])('is none with %j %j', (...args) => {
    expect(readStartFlags(args)).toBeUndefined()
  })
})
