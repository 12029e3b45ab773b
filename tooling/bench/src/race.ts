/**
 * Races between servers that run in processes of their own, each on one processor core, with the load on another. They
 * take turns in every round; what counts is the ratio inside a round.
 */

/** What one round came to. */
export interface Round {
  /** How often the work was done. */
  readonly times: number
  /** Processor time that the server took for it, all threads. */
  readonly cpuMs: number
  readonly seconds: number
  /** How long the slowest of a hundred took, in ms. */
  readonly p99: number
}

/** One kind of load. */
export interface Lap {
  readonly name: string
  /** Who ours is compared with; by default the bare limit. */
  readonly against?: 'limit' | 'keeping limit'
  /** The share of the limit's speed, by processor time, that ours is meant to have at least. */
  readonly goal?: number
  /** How many times the limit's p99 ours may be at most. */
  readonly p99Goal?: number
  readonly run: (server: 'ours' | 'limit' | 'keeping limit', options: { readonly isSmoke: boolean }) => Promise<Round>
}

export interface Race {
  readonly name: string
  /** Starts the servers and the load. */
  readonly open: () => Promise<OpenRace>
}

export interface OpenRace extends AsyncDisposable {
  readonly laps: readonly Lap[]
}

interface Figures {
  readonly ours: Round[]
  readonly limit: Round[]
}

/** Runs every lap of a race and hands each result to `print`. */
export async function runRace(
  race: Race,
  { rounds, isSmoke }: { readonly rounds: number; readonly isSmoke: boolean },
  print: (text: string) => void,
): Promise<void> {
  await using running = await race.open()
  print(`${race.name}: how many times as fast as the limit, by the server's processor time and by the clock\n`)
  for (const lap of running.laps) {
    const figures: Figures = { ours: [], limit: [] }
    // The first round warms up.
    for (let round = isSmoke ? 1 : 0; round <= rounds; round++) {
      const order = round % 2 === 0 ? (['ours', 'limit'] as const) : (['limit', 'ours'] as const)
      for (const side of order) {
        const result = await lap.run(side === 'ours' ? side : (lap.against ?? side), { isSmoke })
        if (round > 0) figures[side].push(result)
      }
    }
    print(describe(lap, figures))
  }
}

function describe({ name, goal, p99Goal }: Lap, { ours, limit }: Figures): string {
  const ratioOf = (figure: (round: Round) => number): number =>
    median(ours.map((round, index) => figure(limit[index]!) / figure(round)))
  const cpu = ratioOf(({ cpuMs, times }) => cpuMs / times)
  const clock = ratioOf(({ seconds, times }) => seconds / times)
  const each = (rounds: readonly Round[]) => median(rounds.map(({ cpuMs, times }) => (cpuMs / times) * 1000)).toFixed(2)
  const verdict = goal === undefined ? '' : `goal ${goal.toFixed(2)} ${cpu >= goal ? 'met' : 'MISSED'}`
  const line = `  ${cpu.toFixed(2).padStart(5)} x ${clock.toFixed(2).padStart(6)} x  ${name.padEnd(44)} ${each(ours).padStart(7)} us, limit ${each(limit).padStart(6)} us  ${verdict}`
  return `${line.trimEnd()}\n${describeTails(p99Goal, { ours, limit })}`
}

function describeTails(goal: number | undefined, { ours, limit }: Figures): string {
  if (goal === undefined) return ''
  const ratio = median(ours.map(({ p99 }, index) => p99 / limit[index]!.p99))
  const p99 = (rounds: readonly Round[]) => median(rounds.map((round) => round.p99)).toFixed(2)
  const verdict = `at most ${goal.toFixed(2)} x ${ratio <= goal ? 'met' : 'MISSED'}`
  return `${' '.repeat(18)}p99 ${p99(ours)} ms, limit ${p99(limit)} ms: ${ratio.toFixed(2)} x, ${verdict}\n`
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
