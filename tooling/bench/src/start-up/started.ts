/** Starts of a server as a program of its own, and what the system says that each took. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What one start came to. */
export interface Start {
  /** Processor time of all threads until it was ready, in ms; `undefined` where the system does not tell it exactly. */
  readonly cpuMs: number | undefined
  /** Until it was ready, on the clock of the wall, in ms. */
  readonly wallMs: number
  /** RSS of it a moment after it was ready, with nothing to do, in MiB; `undefined` where the system does not tell. */
  readonly memoryMib: number | undefined
  /** From SIGTERM to its end, in ms. */
  readonly stopMs: number
}

/** How long it has nothing to do before its memory is read: what looks for changes has begun to. */
const IDLE_MS = 1000

/** Starts Node with `args`, waits for the line that says it is ready, stops it. */
export async function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Start> {
  const begun = performance.now()
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'exit')
  const wasReady = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)])
  if (!wasReady) throw new Error(`${args.join(' ')} ended before it was ready`)
  const wallMs = performance.now() - begun
  const cpuMs = processorTime(child.pid!)
  await sleep(IDLE_MS)
  const memoryMib = memory(child.pid!)
  const stopped = performance.now()
  child.kill()
  await ended
  return { cpuMs, wallMs, memoryMib, stopMs: performance.now() - stopped }
}

/** Linux counts it in ns, by thread. */
function processorTime(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  const threads = readdirSync(`/proc/${pid}/task`)
  const ns = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  )
  return ns.reduce((sum, each) => sum + each, 0) / 1e6
}

function memory(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}
