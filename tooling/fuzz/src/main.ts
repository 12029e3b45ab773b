/**
 * `pnpm fuzz [--only door,…] [--seed n] [--path p] [--runs n | --minutes m]`: brings hostile cases to every door, or to
 * those. A finding tells the seed and the path that bring it again.
 */
import { fork } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { DoorResult } from './door.ts'
import { doors } from './doors.ts'
import type { Order, Report } from './worker.ts'

/** A door that begins no further case for so long hangs, whatever it does. */
const SILENCE_MS = 60_000

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
  const result = await runInProcess({
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

function runInProcess(order: Order): Promise<DoorResult> {
  const child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), {
    execArgv: ['--conditions=@seekyou/source', '--no-warnings'],
  })
  return new Promise((resolve) => {
    let at = 0
    const stop = (error: string): void => {
      clearInterval(watch)
      child.kill('SIGKILL')
      resolve({
        runs: at,
        finding: { seed: order.seed, path: order.path ?? String(at), text: 'the case that this brings', error },
      })
    }
    let lastWord = Date.now()
    const watch = setInterval(() => {
      if (Date.now() - lastWord > SILENCE_MS) stop(`it hangs: there was no further case for ${SILENCE_MS / 1000} s`)
    }, 1000)
    child.on('message', (report: Report) => {
      lastWord = Date.now()
      if ('at' in report) at = report.at
      else if ('broken' in report) stop(report.broken)
      else {
        clearInterval(watch)
        resolve(report.result)
      }
    })
    // What it said last may come after its end is known; after this nothing does.
    child.once('disconnect', () =>
      setImmediate(() => stop(`its process ended with ${child.exitCode ?? child.signalCode ?? 'no word'}`)),
    )
    child.send(order)
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
