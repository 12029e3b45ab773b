import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createTemporaryFolder, runProgram, startProgram, within } from '@seekyou/testkit'
import { beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const startCommand = join(root, 'tooling', 'bootstrap', 'start.mjs')

/** Runs the program where it cannot start, and returns all it said about that. */
async function failedStart({
  flags = [],
  config,
  env = {},
  folder,
}: {
  readonly flags?: readonly string[]
  readonly config?: string
  readonly env?: Readonly<Record<string, string>>
  readonly folder?: string
}): Promise<readonly string[]> {
  await using own = await createTemporaryFolder()
  const home = folder ?? own.path
  if (config !== undefined) await writeFile(join(home, 'seekyou.yml'), config)
  await using run = runProgram(['--print-ready', '--port', '0', ...flags], { folder: home, env })
  const told = () => `it should have refused to start; it wrote:\n${[...run.stdout, ...run.stderr].join('\n')}`
  expect(await within(10_000, run.exit, told)).toEqual({ code: 1, signal: null })
  expect(run.stdout).toEqual([])
  return run.stderr
}

/** A configuration whose second listener has a filter. */
const filter = (rules: string) => `bots:\n  - listen: [{ port: 0 },\n      { port: 0, filter: ${rules} }]\n`

// Both ways through npm install what is missing before they start; that is not part of what is measured here.
beforeAll(async () => {
  const [code] = (await once(
    spawn(process.execPath, [startCommand, '--version'], { stdio: 'ignore' }),
    'exit',
  )) as unknown[]
  expect(code).toBe(0)
}, 120_000)

describe('a damaged database', () => {
  async function damagedHome() {
    const folder = await createTemporaryFolder()
    const home = { path: folder.path, database: join(folder.path, 'data', 'seekyou.db') }
    await mkdir(join(folder.path, 'data'))
    await writeFile(home.database, 'this was a database once')
    return { ...home, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
  }

  test('is set aside with a warning, and the program starts', async () => {
    await using home = await damagedHome()
    await using program = await startProgram({ folder: home.path })
    expect(program.stderr.join('\n')).toMatch(/"level":40.*"aside":"[^"]+seekyou\.db\.damaged-.*set aside/)
    expect(await program.call('get_login_info')).toMatchObject({ user_id: 10000 })
  })

  test.each([
    ['the flag', ['--strict-store'], ''],
    ['the option', [], 'store: { strict: true }'],
  ])('keeps the program from starting where %s says so', async (_case, flags, config) => {
    await using home = await damagedHome()
    const data = ['--data-dir', join(home.path, 'data')]
    expect(await failedStart({ flags: [...data, ...flags], config, folder: home.path })).toEqual([
      expect.stringMatching(
        /^The database .*seekyou\.db is damaged: .*\. Put a copy in its place, or start without strict/,
      ),
    ])
    expect(await readFile(home.database, 'utf8')).toBe('this was a database once')
  })
})

describe('the ready line', () => {
  test('is the only line on standard output, and tells where everything accepts', async () => {
    await using program = await startProgram()
    const { url, host, port } = program
    expect(host).toBe('127.0.0.1')
    expect(url).toBe(`http://127.0.0.1:${port}`)
    expect(await program.call('get_login_info')).toEqual({ user_id: 10000, nickname: 'SeekYou' })
    const socket = new WebSocket(url.replace('http', 'ws'))
    await once(socket, 'message')
    await program.stop()
    const listeners = [{ self_id: 10000, url, host, port }]
    expect(program.stdout).toEqual([JSON.stringify({ ready: true, url, host, port, listeners })])
  })

  test('tells the port that was found where the file says 0', async () => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'seekyou.yml'), 'bots: [{ listen: [{ port: 0 }] }]')
    // The file is found where the program runs, and its folders are where the file is.
    await using run = runProgram(['--print-ready'], { folder: folder.path })
    const { url, port } = JSON.parse((await run.firstLine) ?? '') as { url: string; port: number }
    expect(port).toBeGreaterThan(0)
    expect((await fetch(`${url}/get_status`)).status).toBe(200)
  })

  test('comes through the command of npm start, and a signal goes the other way', async () => {
    await using folder = await createTemporaryFolder()
    const flags = ['--print-ready', '--port', '0', '--data-dir', folder.path]
    const child = spawn(process.execPath, [startCommand, ...flags], { stdio: ['ignore', 'pipe', 'ignore'] })
    const exit = once(child, 'exit')
    const written = readText(child.stdout)
    await once(child.stdout, 'readable')
    child.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
    expect(await written).toMatch(/^\{"ready":true,"url":"[^\n]*\}\n$/)
  })

  test('comes through npm start, which leaves no server behind when a supervisor ends it', async () => {
    await using folder = await createTemporaryFolder()
    const { PATH, HOME } = process.env
    const flags = ['--print-ready', '--port', '0', '--data-dir', folder.path]
    const npm = spawn('npm', ['start', '--silent', '--', ...flags], {
      cwd: root,
      env: { PATH, HOME },
      stdio: ['ignore', 'pipe', 'ignore'],
      // A process group of its own, so that a failure of this test leaves nothing behind either.
      detached: true,
    })
    // Open for as long as anything still runs that npm started.
    const written = readText(npm.stdout)
    await once(npm.stdout, 'readable')
    npm.kill('SIGTERM')
    try {
      const line = await within(5000, written, () => 'something that npm started still runs')
      expect(line).toMatch(/^\{"ready":true,"url":"[^\n]*\}\n$/)
    } catch (error) {
      process.kill(-npm.pid!, 'SIGKILL')
      throw error
    }
  })

  test('is told to a person in words, with what to open and what to try', async () => {
    await using folder = await createTemporaryFolder()
    await using run = runProgram(['--port', '0', '--data-dir', 'data'], { folder: folder.path })
    await run.firstLine
    run.kill('SIGINT')
    await run.exit
    expect(run.stdout.join('\n')).toMatch(/is ready[^]*http:\/\/127\.0\.0\.1:\d+\/get_login_info[^]*sandbox\/say/)
  })
})

describe('a start that cannot be is refused in one sentence', () => {
  test('when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await failedStart({ flags: ['--port', String(port)] })).toEqual([
      expect.stringMatching(`^cannot listen on 127.0.0.1 port ${port}: another program already listens there`),
    ])
    server.close()
  })

  test.each([
    { what: 'below a file', path: 'file/data', sentence: /file\/data cannot be created/ },
    { what: 'a file', path: 'file', sentence: /file is a file, not a directory/ },
    {
      what: 'where the system lets nobody make folders',
      path: '/proc/seekyou',
      sentence: /\/proc\/seekyou cannot be created/,
    },
    { what: 'where the system lets nobody write', path: '/proc/sys', sentence: /cannot be written/ },
    { what: 'occupied by a folder of the name of its database', path: 'taken', sentence: /taken/ },
  ])('when its data directory is $what', async ({ path, sentence }) => {
    await using folder = await createTemporaryFolder()
    await writeFile(join(folder.path, 'file'), '')
    await mkdir(join(folder.path, 'taken', 'seekyou.db'), { recursive: true })
    expect(await failedStart({ folder: folder.path, flags: ['--data-dir', path] })).toEqual([
      expect.stringMatching(sentence),
    ])
  })

  test('when another server uses its data directory', async () => {
    await using folder = await createTemporaryFolder()
    await using first = await startProgram({ folder: folder.path })
    const refused = failedStart({ folder: folder.path, flags: ['--data-dir', 'data'] })
    expect(await refused).toEqual([expect.stringMatching(/data is in use by another process/)])
    expect(await first.call('get_status')).toMatchObject({ online: true })
  })

  test.each([
    { flags: ['--frobnicate'], sentence: /^Unknown option '--frobnicate'; --help lists what there is$/ },
    { flags: ['--prot', '1'], sentence: /^Unknown option '--prot'; did you mean --port\?$/ },
    { flags: ['seekyou.yml'], sentence: /^There is no command "seekyou.yml"; --help/ },
    { flags: ['--port'], sentence: /^Option '--port <number>' argument missing/ },
    { flags: ['--port', 'many'], sentence: /^--port takes a port number from 0 to 65535, not "many"$/ },
    { flags: ['--port', '65536'], sentence: /^--port takes a port number from 0 to 65535, not "65536"$/ },
    { flags: ['--log-level', 'loud'], sentence: /^--log-level takes one of fatal, error, .*, not "loud"$/ },
    {
      flags: ['--config', 'nowhere.yml'],
      sentence: /^nowhere.yml: the configuration cannot be read: there is no such file$/,
    },
    { flags: ['-c', '.'], sentence: /^\.: the configuration cannot be read: it is a folder$/ },
    { flags: ['--host', '0.0.0.0'], sentence: /^0\.0\.0\.0 can be reached from other machines, and no token is set/ },
    {
      flags: ['--host', '192.0.2.1'],
      env: { SEEKYOU_TOKEN: 'x' },
      sentence: /^cannot listen on 192\.0\.2\.1 port 0: this machine has no such address/,
    },
  ])('when the flags are $flags', async ({ flags, env, sentence }) => {
    expect(await failedStart({ flags, ...(env && { env }) })).toEqual([expect.stringMatching(sentence)])
  })

  test('when an environment variable holds no port', async () => {
    await using folder = await createTemporaryFolder()
    await using run = runProgram(['--print-ready'], { folder: folder.path, env: { SEEKYOU_PORT: 'many' } })
    expect(await run.exit).toEqual({ code: 1, signal: null })
    expect(run.stderr).toEqual(['SEEKYOU_PORT takes a port number from 0 to 65535, not "many"'])
  })

  test.each<[what: string, config: string, sentence: RegExp]>([
    ['is no YAML', 'bots: [\n', /^seekyou\.yml:1:8: a list that begins with \[ ends with \]/],
    [
      'has a key that is none',
      '\nbogus: 1\n',
      /^seekyou\.yml:2:1: bogus is not a key here; known: data_dir, log_level, /,
    ],
    [
      'has no rules for a filter',
      filter('{ .frob: 1 }'),
      /^seekyou\.yml:3:28: bots\[0\]\.listen\[1\]\.filter: .*\.frob/,
    ],
    ['names no file for a filter', filter('no.json'), /listen\[1\]\.filter: no\.json: .*there is no such file$/],
    [
      'names no file for a certificate',
      'bots:\n  - connect:\n      - { type: reverse-ws, name: a, url: wss://127.0.0.1:1, tls: { ca: no.pem } }\n',
      /^seekyou\.yml:3:73: bots\[0\]\.connect\[0\]\.tls\.ca: no\.pem cannot be read: there is no such file$/,
    ],
    ['names another file for a filter', filter('seekyou.yml'), /listen\[1\]\.filter: seekyou\.yml: this is not JSON/],
  ])('when the configuration %s', async (_, config, sentence) => {
    const [told, line, mark] = await failedStart({ config })
    expect(told).toMatch(sentence)
    expect([line, mark]).toEqual([expect.stringMatching(/^ +\d+ \| /), expect.stringMatching(/^ +\| +\^+$/)])
  })
})
