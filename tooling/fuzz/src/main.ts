/**
 * `pnpm fuzz [--only door,…] [--seed n] [--path p] [--runs n | --minutes m]`: brings hostile cases to every door, or to
 * those. A finding tells the seed and the path that bring it again.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { DoorResult } from './door.ts'
import { doors } from './doors.ts'
import type { Order } from './worker.ts'

/** A door that begins no further case for so long hangs, whatever it does. */
const SILENCE_MS = 120_000

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string' },
    path: { type: 'string' },
    runs: { type: 'string' },
    minutes: { type: 'string' },
  },
})

const wanted = values.only?.split(',') ?? doors.map(({ name }) => name)
const unknown = wanted.filter((name) => !doors.some((door) => door.name === name))
if (unknown.length > 0)
  fail(`there is no door ${unknown.join(', ')}; there are: ${doors.map(({ name }) => name).join(', ')}`)
const seed = numberOf('seed') ?? randomInt(2 ** 31)
const minutes = numberOf('minutes')
const runs = numberOf('runs')

process.stdout.write(`seed ${seed}\n\n`)
let findings = 0
for (const { name, runs: usual } of doors.filter((door) => wanted.includes(door.name))) {
  const began = performance.now()
  const ms = minutes === undefined ? undefined : (minutes * 60_000) / wanted.length
  const result = await runInThread({
    door: name,
    seed,
    path: values.path,
    runs: runs ?? (ms === undefined ? usual : 2 ** 31 - 1),
    ms,
  })
  const seconds = (performance.now() - began) / 1000
  const verdict = result.finding ? 'FOUND SOMETHING' : 'nothing found'
  process.stdout.write(
    `  ${name.padEnd(12)} ${String(result.runs).padStart(8)} cases ${seconds.toFixed(1).padStart(8)} s  ${verdict}\n`,
  )
  if (!result.finding) continue
  findings++
  const { finding } = result
  process.stdout.write(
    `\n${finding.error}\n\nwith ${finding.text}\nagain: pnpm fuzz --only ${name} --seed ${finding.seed} --path ${finding.path}\n\n`,
  )
}
process.exit(findings > 0 ? 1 : 0)

function runInThread(order: Omit<Order, 'at'>): Promise<DoorResult> {
  const at = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: { ...order, at },
  })
  return new Promise((resolve) => {
    const end = (result: DoorResult): void => {
      clearInterval(watch)
      void worker.terminate().then(() => resolve(result))
    }
    const stop = (error: string): void => {
      const path = order.path ?? String(at[0])
      end({ runs: at[0]!, finding: { seed: order.seed, path, text: 'the case that this brings', error } })
    }
    let [last, since] = [-1, Date.now()]
    const watch = setInterval(() => {
      const now = Atomics.load(at, 0)
      if (now !== last) [last, since] = [now, Date.now()]
      else if (Date.now() - since > SILENCE_MS) stop(`it hangs: there was no further case for ${SILENCE_MS / 1000} s`)
    }, 500)
    worker.once('message', end)
    worker.once('error', (error) => stop(String((error as Error).stack ?? error)))
  })
}

function numberOf(name: 'seed' | 'runs' | 'minutes'): number | undefined {
  const text = values[name]
  if (text === undefined) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : fail(`--${name} takes a number, not ${text}`)
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
