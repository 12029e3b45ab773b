/**
 * A small harness for comparisons: the contenders take turns in every round, so that a slow moment of the machine hits
 * all of them, and what is reported first is the ratio between them, which travels better than nanoseconds.
 */
import { availableParallelism, cpus, loadavg } from 'node:os'

/** One implementation in a comparison. */
interface Contender {
  readonly name: string
  /**
   * Does the work that many times and returns something of it, so that no compiler can leave it out.
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

/** What a `*.bench.ts` file exports as `suite`. */
export interface Suite {
  readonly comparisons?: readonly Comparison[]
  readonly growths?: readonly Growth[]
}

/** How long to measure. */
export interface Effort {
  readonly rounds: number
  /** How long one sample of one contender takes: many times the 4 ms in which some systems count a thread's time. */
  readonly sampleMs: number
}

export const fullEffort: Effort = { rounds: 9, sampleMs: 100 }
/** Proves that a benchmark runs; its figures mean nothing. */
export const smokeEffort: Effort = { rounds: 1, sampleMs: 0 }

const results: { last: unknown } = { last: undefined }

/** Milliseconds of processor time of this thread: what other programs take of the machine is not in it. */
function sample(run: Contender['run'], times: number): number {
  const start = process.threadCpuUsage()
  results.last = run(times)
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1000
}

/** Finds how many times fill a sample; warms the compiler up on the way. */
function calibrate(run: Contender['run'], { sampleMs }: Effort): number {
  let times = 1
  for (;;) {
    const took = sample(run, times)
    if (took >= sampleMs) return times
    times = took * 10 < sampleMs ? times * 10 : Math.ceil((times * sampleMs * 1.1) / took)
  }
}

/** Nanoseconds per time of every contender, by round. */
function measure(runs: readonly Contender['run'][], effort: Effort): readonly (readonly number[])[] {
  // Twice: what the first calibration saw was partly the interpreter.
  for (const run of runs) calibrate(run, effort)
  const times = runs.map((run) => calibrate(run, effort))
  const figures = runs.map((): number[] => [])
  for (let round = 0; round < effort.rounds; round++) {
    for (let turn = 0; turn < runs.length; turn++) {
      const index = (turn + round) % runs.length
      figures[index]!.push((sample(runs[index]!, times[index]!) * 1e6) / times[index]!)
    }
  }
  return figures
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Says which machine the figures are from, in one line. */
export function describeMachine(): string {
  const load = loadavg()[0]!.toFixed(1)
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, load ${load}, Node ${process.version}, V8 ${process.versions.v8}`
}

/** Runs one comparison and describes it: median ratio to the first contender, its target, median nanoseconds. */
function compare({ name, contenders }: Comparison, effort: Effort): string {
  const figures = measure(
    contenders.map(({ run }) => run),
    effort,
  )
  const ours = figures[0]!
  const rows = contenders.map((contender, index) => {
    const ratio = median(figures[index]!.map((nanoseconds, round) => nanoseconds / ours[round]!))
    const { target } = contender
    return [
      index === 0 ? '' : `${ratio.toFixed(2)} x`,
      contender.name,
      `${median(figures[index]!).toFixed(1)} ns`,
      target === undefined ? '' : `target ${target.toFixed(2)} ${ratio >= target ? 'met' : 'MISSED'}`,
    ]
  })
  return `${name}: how many times as fast\n${table(rows)}`
}

/** Runs one growth and describes it: the last cost per byte over the first, and nanoseconds per byte at each size. */
function grow({ name, sizes, prepare }: Growth, effort: Effort): string {
  const figures = measure(sizes.map(prepare), effort)
  const perByte = figures.map((rounds, index) => median(rounds) / sizes[index]!)
  const growth = perByte.at(-1)! / perByte[0]!
  return table([[`${growth.toFixed(2)} x`, name, perByte.map((figure) => figure.toFixed(2)).join(' / '), 'ns/byte']])
}

function table(rows: readonly (readonly string[])[]): string {
  const lines = rows.map(([ratio = '', name = '', figure = '', verdict = '']) =>
    `  ${ratio.padStart(9)}  ${name.padEnd(32)} ${figure.padStart(14)}  ${verdict}`.trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

/** Runs a suite and hands each finished part to `print`. */
export function runSuite(suite: Suite, effort: Effort, print: (text: string) => void): void {
  for (const comparison of suite.comparisons ?? []) print(compare(comparison, effort))
  if (suite.growths?.length) print(`growth of the cost per byte from the smallest to the largest input\n`)
  for (const growth of suite.growths ?? []) print(grow(growth, effort))
}
