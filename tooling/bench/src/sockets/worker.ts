/** Programs that a benchmark runs beside itself, each on a processor core of its own where the system can do that. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** What a worker can be asked for: plain data in, plain data out. */
type Abilities = Readonly<Record<string, (given: never) => unknown>>

/** A running worker, asked by name. */
export type Worker<Able extends Abilities> = AsyncDisposable & {
  ask<Name extends keyof Able & string>(
    name: Name,
    given: Parameters<Able[Name]>[0],
  ): Promise<Awaited<ReturnType<Able[Name]>>>
}

interface Reply {
  readonly value?: unknown
  readonly error?: string
}

/** Starts `file`, of this folder, on core number `core`. */
export function startWorker<Able extends Abilities>(
  file: string,
  core: number,
  args: readonly string[] = [],
): Worker<Able> {
  const command = [process.execPath, ...process.execArgv, fileURLToPath(new URL(file, import.meta.url)), ...args]
  const [program, ...rest] = canPin(core) ? ['taskset', '-c', String(core), ...command] : command
  const child = spawn(program!, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return {
    async ask(name, given) {
      child.send({ name, given })
      const { value, error } = await nextReply()
      if (error !== undefined) throw new Error(`${file}: ${error}`)
      return value as never
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return
      child.disconnect()
      await once(child, 'exit')
    },
  }

  function nextReply(): Promise<Reply> {
    const { promise, resolve } = Promise.withResolvers<Reply>()
    const onExit = (code: number | null) => resolve({ error: `ended with ${code}` })
    child.once('message', (reply) => {
      child.off('exit', onExit)
      resolve(reply as Reply)
    })
    child.once('exit', onExit)
    return promise
  }
}

/** Answers what the benchmark asks, one thing at a time, until it lets go of this process. */
export function serve(abilities: Abilities, close: () => void | Promise<void> = () => undefined): void {
  const answer = async ({ name, given }: { name: string; given: never }): Promise<void> => {
    try {
      process.send!({ value: await abilities[name]!(given) })
    } catch (error) {
      process.send!({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  }
  const end = async (): Promise<void> => {
    await close()
    process.exit()
  }
  process.on('message', (asked: { name: string; given: never }) => void answer(asked))
  process.once('disconnect', () => void end())
}

/** Has a process that runs already stay on core number `core` where the system can do that. */
export function pin(pid: number, core: number): void {
  if (canPin(core)) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
}

function canPin(core: number): boolean {
  if (process.platform !== 'linux' || core >= availableParallelism()) return false
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
