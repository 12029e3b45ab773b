/**
 * A small harness for comparisons: the contenders take turns in every round, so that a slow moment of the machine hits
 * all of them, and what is reported first is the ratio between them, which travels better than nanoseconds.
 */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { runRace } from './race.ts'
import type { Race } from './race.ts'
import { median, percentile } from './result.ts'
import type { Result } from './result.ts'

/** One implementation in a comparison. */
interface Contender {
  readonly name: string
  /**
   * Does the work that many times and returns something of it, so that no compiler can leave it out; a promise is
   * waited for.
   *
   * Write the loop in place: contenders that share a loop share what the compiler learned about it.
   */
  readonly run: (times: number) => unknown
  /** How many times the speed of this one the first contender is meant to have. */
  readonly target?: number
}

/** Implementations that do the same work; the first is ours, the one the ratios are about. */
export interface Comparison {
  readonly name: string
  readonly contenders: readonly [Contender, ...Contender[]]
}

/** Work on inputs of growing size, to see that the cost per byte stays. */
export interface Growth {
  readonly name: string
  readonly sizes: readonly number[]
  readonly prepare: (size: number) => Contender['run']
}

/** Work that waits for a disk or a socket. It is measured in processor time of the whole process, all threads. */
export interface Job {
  readonly name: string
  /** Makes what the work needs; a smoke run needs little of it. */
  readonly open: (options: { readonly isSmoke: boolean }) => Promise<OpenJob>
  /** What one time of it may take at most on one core. */
  readonly goalMs?: number
  /** How many times the speed of this one the first job is meant to have. */
  readonly target?: number
}

export interface OpenJob extends AsyncDisposable {
  /** Does a round of the work and tells how many times it did it. */
  readonly run: () => Promise<number>
}

/** Jobs that do similar work; the first is ours, the one the ratios are about. */
interface JobComparison {
  readonly name: string
  readonly jobs: readonly [Job, ...Job[]]
}

/** What a way through us takes longer than the same way without us, on the clock of the wall, one time after another. */
export interface Delay {
  readonly name: string
  /** What may be added at most, in ms: half of the times, and 99 of a hundred. */
  readonly limits: { readonly p50Ms: number; readonly p99Ms: number }
  readonly open: () => Promise<OpenDelay>
}

export interface OpenDelay extends AsyncDisposable {
  /** Goes both ways once, and tells how many ms each took. */
  readonly sample: () => Promise<{ readonly ours: number; readonly without: number }>
}

/** What a `*.bench.ts` file exports as `suite`. */
export interface Suite {
  /** What is compared with what, in a sentence or two of Markdown. */
  readonly about: string
  readonly comparisons?: readonly Comparison[]
  readonly growths?: readonly Growth[]
  readonly jobs?: readonly JobComparison[]
  readonly reports?: readonly Report[]
  readonly races?: readonly Race[]
  readonly delays?: readonly Delay[]
}

/** A result whose group is told by what it is part of. */
export type Finding = Omit<Result, 'group'>

/** Something measured in its own way. */
export interface Report {
  readonly name: string
  readonly run: (options: { readonly isSmoke: boolean }) => Promise<readonly Finding[]>
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number
  /** How long one sample of one contender takes: many times the 4 ms in which some systems count a thread's time. */
  readonly sampleMs: number
  readonly jobRounds: number
  readonly isSmoke: boolean
}

export const fullEffort: Effort = { rounds: 9, sampleMs: 100, jobRounds: 7, isSmoke: false }
/** For a look, and for comparing two versions in turns. */
export const quickEffort: Effort = { rounds: 3, sampleMs: 50, jobRounds: 2, isSmoke: false }
/** Proves that a benchmark runs; its figures mean nothing. */
export const smokeEffort: Effort = { rounds: 1, sampleMs: 0, jobRounds: 1, isSmoke: true }

const results: { last: unknown } = { last: undefined }

/** Milliseconds of processor time of this thread: what other programs take of the machine is not in it. */
async function sample(run: Contender['run'], times: number): Promise<number> {
  const start = process.threadCpuUsage()
  const result = run(times)
  results.last = result instanceof Promise ? await result : result
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1000
}

/** Finds how many times fill a sample; warms the compiler up on the way. */
async function calibrate(run: Contender['run'], { sampleMs }: Effort): Promise<number> {
  let times = 1
  for (;;) {
    const took = await sample(run, times)
    if (took >= sampleMs) return times
    times = took * 10 < sampleMs ? times * 10 : Math.ceil((times * sampleMs * 1.1) / took)
  }
}

/** Nanoseconds per time of every contender, by round. */
async function measure(runs: readonly Contender['run'][], effort: Effort): Promise<readonly (readonly number[])[]> {
  // Twice: what the first calibration saw was partly the interpreter.
  for (const run of runs) await calibrate(run, effort)
  const times: number[] = []
  for (const run of runs) times.push(await calibrate(run, effort))
  const figures = runs.map((): number[] => [])
  for (let round = 0; round < effort.rounds; round++) {
    for (let turn = 0; turn < runs.length; turn++) {
      const index = (turn + round) % runs.length
      figures[index]!.push(((await sample(runs[index]!, times[index]!)) * 1e6) / times[index]!)
    }
  }
  return figures
}

/** Says which machine the figures are from, in one line. */
export function describeMachine(): string {
  const load = loadavg()[0]!.toFixed(1)
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, load ${load}, Node ${process.version}, V8 ${process.versions.v8}`
}

/** Runs one comparison: median ratio to the first contender, and median nanoseconds. */
async function compare({ name, contenders }: Comparison, effort: Effort): Promise<readonly Result[]> {
  const figures = await measure(
    contenders.map(({ run }) => run),
    effort,
  )
  const ours = figures[0]!
  return contenders.map((contender, index): Result => {
    const ratio = median(figures[index]!.map((nanoseconds, round) => nanoseconds / ours[round]!))
    return {
      group: `${name}: how many times as fast ours is`,
      name: contender.name,
      value: median(figures[index]!),
      unit: 'ns',
      ...(index > 0 && { ratio }),
      ...(contender.target !== undefined && { goal: { of: 'ratio', atLeast: contender.target } }),
    }
  })
}

/** Runs one growth: the last cost per byte over the first. */
async function grow({ name, sizes, prepare }: Growth, effort: Effort): Promise<readonly Result[]> {
  const figures = await measure(sizes.map(prepare), effort)
  const perByte = figures.map((rounds, index) => median(rounds) / sizes[index]!)
  return [
    {
      group: 'growth of the cost per byte from the smallest to the largest input',
      name,
      ratio: perByte.at(-1)! / perByte[0]!,
      value: perByte.at(-1)!,
      unit: 'ns/byte',
      details: `${perByte.map((figure) => figure.toFixed(2)).join(' / ')} for ${sizes.join(' / ')} bytes`,
    },
  ]
}

/** Runs jobs in turns, as `compare` does; tells how often a second of one core has time for them. */
async function compareJobs({ name, jobs }: JobComparison, { jobRounds, isSmoke }: Effort): Promise<readonly Result[]> {
  await using opened = new AsyncDisposableStack()
  const running: OpenJob[] = []
  for (const job of jobs) running.push(opened.use(await job.open({ isSmoke })))
  const figures = jobs.map((): number[] => [])
  // The first round warms up.
  for (let round = isSmoke ? 1 : 0; round <= jobRounds; round++) {
    for (const [index, { run }] of running.entries()) {
      const start = process.cpuUsage()
      const times = await run()
      const { user, system } = process.cpuUsage(start)
      if (round > 0) figures[index]!.push((user + system) / 1000 / times)
    }
  }
  const ours = figures[0]!
  return jobs.map(({ name: called, goalMs, target }, index): Result => {
    const ratio = median(figures[index]!.map((ms, round) => ms / ours[round]!))
    const value = median(figures[index]!)
    return {
      group: `${name}: how many times as fast ours is, and processor time`,
      name: called,
      value,
      unit: 'ms',
      ...(index > 0 && { ratio }),
      ...(target !== undefined && { goal: { of: 'ratio', atLeast: target } }),
      ...(goalMs !== undefined && { goal: { of: 'value', atMost: goalMs } }),
      details: `${(1000 / value).toFixed(0)}/s`,
    }
  })
}

/** Measures what is added. */
async function measureDelay({ name, limits, open }: Delay, { isSmoke }: Effort): Promise<readonly Result[]> {
  await using opened = await open()
  const ours: number[] = []
  const without: number[] = []
  // The first thousand warm up.
  for (let time = isSmoke ? 0 : -1000; time < (isSmoke ? 1 : 3000); time++) {
    const taken = await opened.sample()
    if (time < 0) continue
    ours.push(taken.ours)
    without.push(taken.without)
  }
  // What slows the machine down slows both ways down, so it is the one at a share less the other at the same share.
  const row = (called: string, share: number, atMost: number): Result => {
    const [long, short] = [percentile(ours, share), percentile(without, share)]
    return {
      group: `${name}: how much longer it takes`,
      name: called,
      value: long - short,
      unit: 'ms',
      goal: { of: 'value', atMost },
      details: `${long.toFixed(3)} for ${short.toFixed(3)}`,
    }
  }
  return [row('half of the times', 0.5, limits.p50Ms), row('99 of 100 times', 0.99, limits.p99Ms)]
}

/** Runs a suite and hands over what each finished part came to. */
export async function runSuite(
  suite: Suite,
  effort: Effort,
  tell: (results: readonly Result[]) => void,
): Promise<void> {
  for (const comparison of suite.comparisons ?? []) tell(await compare(comparison, effort))
  for (const growth of suite.growths ?? []) tell(await grow(growth, effort))
  for (const { name, run } of suite.reports ?? []) {
    tell((await run(effort)).map((finding) => ({ ...finding, group: name })))
  }
  for (const jobs of suite.jobs ?? []) tell(await compareJobs(jobs, effort))
  for (const race of suite.races ?? []) {
    await runRace(race, { rounds: effort.jobRounds, isSmoke: effort.isSmoke }, tell)
  }
  for (const delay of suite.delays ?? []) tell(await measureDelay(delay, effort))
}
