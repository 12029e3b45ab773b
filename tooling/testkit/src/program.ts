import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { within } from './deadline.ts'
import { createTemporaryFolder } from './temporary-folder.ts'

const inWorkspace = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/**
 * What `npm start` has the workspace's own Node run; with SEEKYOU_TEST_DIST=1 what an installed package runs. `npm test`
 * names the packed program in SEEKYOU_TEST_PROGRAM: it starts in a third of the time.
 */
const node = inWorkspace('node_modules/node/bin/node')
const packed = process.env['SEEKYOU_TEST_PROGRAM'] || (process.env['SEEKYOU_TEST_DIST'] && 'apps/server/dist/program')
const entry = packed
  ? [inWorkspace(`${packed}/main.cjs`)]
  : ['--conditions=@seekyou/source', inWorkspace('apps/server/src/main.ts')]

/** How long a program may take to get ready, and to end once it is told to: far more than it needs. */
const READY_MS = 60_000
const END_MS = 20_000

/** How a program ended: its exit code, or the signal that ended it. */
export interface ProgramExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** One run of the program, whether it gets ready or not. Disposing of it kills it if it still runs. */
export interface ProgramRun extends AsyncDisposable {
  readonly pid: number
  /** What it has written so far, line by line. */
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  /** The first line on standard output; `undefined` if it ends without one. */
  readonly firstLine: Promise<string | undefined>
  /** Resolves once it has ended and every line it wrote is here. */
  readonly exit: Promise<ProgramExit>
  kill(signal: NodeJS.Signals): void
  /** Reads no more of what it prints, as `head` does once it has enough. */
  closeOutput(): void
}

/** The program, accepting. */
export interface Program extends ProgramRun {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Does an action over HTTP and returns its `data`. @throws Error with the whole answer if it failed. */
  call<Data>(action: string, params?: object): Promise<Data>
  /** Does something on the other side of the chat and returns its `data`. @throws Error as `call` does. */
  sandbox<Data>(verb: string, params: object): Promise<Data>
  /** Looks at the other side of the chat and returns the `data`. @throws Error as `call` does. */
  look<Data>(verb: string, query?: Readonly<Record<string, string>>): Promise<Data>
  /** Signals it (default SIGTERM) and waits for its end. */
  stop(signal?: NodeJS.Signals): Promise<ProgramExit>
}

export interface ProgramSetup {
  /** Text of seekyou.yml; without it there is none. */
  readonly config?: string
  /** Flags that come after, so win over, `--print-ready --port 0 --data-dir <folder>/data`. */
  readonly flags?: readonly string[]
  /** All it sees of an environment, besides PATH and the like. */
  readonly env?: Readonly<Record<string, string>>
  /** Where it runs. Default: a temporary folder that goes when the program goes. */
  readonly folder?: string
  /** The token that `call`, `sandbox` and `look` show. */
  readonly token?: string
  /** File that its standard error goes to; then there is no `stderr`. */
  readonly errorsTo?: string
}

/**
 * Starts the real program on a free port, the way `npm start` does, and waits until it accepts.
 * @throws Error with what it wrote, if it does not get ready.
 */
export async function startProgram({
  config,
  flags = [],
  env = {},
  folder,
  token,
  errorsTo,
}: ProgramSetup = {}): Promise<Program> {
  await using opened = new AsyncDisposableStack()
  const home = folder ?? opened.use(await createTemporaryFolder()).path
  if (config !== undefined) await writeFile(join(home, 'seekyou.yml'), config)
  const args = ['--print-ready', '--port', '0', '--data-dir', join(home, 'data'), ...flags]
  const run = opened.use(runProgram(args, { folder: home, env, ...(errorsTo !== undefined && { errorsTo }) }))
  const address = await readyLine(run)

  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const request = async <Data>(path: string, params?: object): Promise<Data> => {
    const post = params && { method: 'POST', body: JSON.stringify(params) }
    const response = await fetch(address.url + path, { headers, ...post })
    const answer = await response.text()
    const { retcode, data } = JSON.parse(answer) as { retcode: number; data: Data }
    if (retcode === 0) return data
    throw new Error(`${path} was answered with status ${response.status}: ${answer}`)
  }
  const owned = opened.move()
  const { url, host, port } = address
  return {
    ...run,
    url,
    host,
    port,
    call: (action, params = {}) => request(`/${action}`, params),
    sandbox: (verb, params) => request(`/sandbox/${verb}`, params),
    look: (verb, query = {}) => request(`/sandbox/${verb}?${new URLSearchParams(query)}`),
    stop(signal = 'SIGTERM') {
      run.kill(signal)
      return within(END_MS, run.exit, () => `the program did not end after ${signal}:\n${run.stderr.join('\n')}`)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Runs the program with exactly these arguments, in `folder`, and waits for nothing. */
export function runProgram(
  args: readonly string[],
  { folder, env = {}, errorsTo }: Pick<ProgramSetup, 'env' | 'errorsTo'> & { readonly folder: string },
): ProgramRun {
  const errors = errorsTo === undefined ? undefined : openSync(errorsTo, 'a')
  const child = spawn(node, [...entry, ...args], {
    cwd: folder,
    env: { ...inherited(), ...env },
    stdio: ['ignore', 'pipe', errors ?? 'pipe'],
  })
  if (errors !== undefined) closeSync(errors)
  const kill = (signal: NodeJS.Signals) => void child.kill(signal)
  // A test run that ends early must not leave servers behind.
  const reap = () => kill('SIGKILL')
  process.once('exit', reap)

  const exit = once(child, 'close').then(([code, signal]): ProgramExit => {
    process.off('exit', reap)
    return { code, signal }
  })
  const out = createInterface({ input: child.stdout! })
  const stdout = linesOf(out)
  const stderr = child.stderr ? linesOf(createInterface({ input: child.stderr })) : []
  const written = new Promise<string>((resolve) => out.once('line', resolve))
  return {
    pid: child.pid ?? 0,
    stdout,
    stderr,
    firstLine: Promise.race([written, exit.then(() => stdout[0])]),
    exit,
    kill,
    closeOutput: () => void child.stdout!.destroy(),
    async [Symbol.asyncDispose]() {
      kill('SIGKILL')
      await exit
    },
  }
}

function linesOf(stream: Interface): readonly string[] {
  const lines: string[] = []
  stream.on('line', (line) => lines.push(line))
  return lines
}

async function readyLine(run: ProgramRun): Promise<{ url: string; host: string; port: number }> {
  const told = () => `the program did not get ready; it wrote:\n${[...run.stdout, ...run.stderr].join('\n')}`
  const line = await within(READY_MS, run.firstLine, told)
  if (line === undefined || !line.startsWith('{"ready":true,')) throw new Error(told())
  return JSON.parse(line) as { url: string; host: string; port: number }
}

/** The environment without anything that configures the program or its Node. */
function inherited(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, SystemRoot } = process.env
  return { PATH, HOME, TMPDIR, SystemRoot }
}
