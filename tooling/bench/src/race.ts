/**
 * Races between servers that run in processes of their own, each on one processor core, with the load on another. They
 * take turns in every round; what counts is the ratio inside a round.
 */
import { median } from './result.ts'
import type { Result } from './result.ts'

/** What one round came to. */
export interface Round {
  /** How often the work was done. */
  readonly times: number
  /** Processor time that the server took for it, all threads. */
  readonly cpuMs: number
  readonly seconds: number
  /** How long half of them took at most, in ms, where a time was noted for each. */
  readonly p50?: number
  /** How long the slowest of a hundred took, in ms. */
  readonly p99: number
}

/** One kind of load. */
export interface Lap {
  readonly name: string
  /** The server that ours is compared with; default: `limit`, the least that one could do. */
  readonly against?: string
  /** The share of the other's speed, by processor time, that ours is meant to have at least. */
  readonly goal?: number
  /** How many times the p99 of the other ours may be at most. */
  readonly p99Goal?: number
  /** How many times as long as another the first round is, which counts for nothing; default: 1. */
  readonly warmUp?: number
  /** Runs one round of so much of the load: 1, or next to nothing to see that it runs. */
  readonly run: (server: string, share: number) => Promise<Round>
}

export interface Race {
  readonly name: string
  /** Starts the servers and the load. */
  readonly open: () => Promise<OpenRace>
}

export interface OpenRace extends AsyncDisposable {
  readonly laps: readonly Lap[]
}

const LIMIT = 'limit'

interface Figures {
  readonly ours: Round[]
  readonly other: Round[]
}

/** Runs every lap of a race and hands over what each came to. */
export async function runRace(
  race: Race,
  { rounds, isSmoke }: { readonly rounds: number; readonly isSmoke: boolean },
  tell: (results: readonly Result[]) => void,
): Promise<void> {
  await using running = await race.open()
  for (const lap of running.laps) {
    const figures: Figures = { ours: [], other: [] }
    // The first round warms up.
    for (let round = isSmoke ? 1 : 0; round <= rounds; round++) {
      const order = round % 2 === 0 ? (['ours', 'other'] as const) : (['other', 'ours'] as const)
      for (const side of order) {
        const share = isSmoke ? 0.001 : round === 0 ? (lap.warmUp ?? 1) : 1
        const result = await lap.run(side === 'ours' ? side : (lap.against ?? LIMIT), share)
        if (round > 0) figures[side].push(result)
      }
    }
    const group = `${race.name}: how many times as fast as another server, by processor time`
    tell([describe(group, lap, figures), ...describeTails(group, lap, figures)])
  }
}

function describe(group: string, { name, goal, against = LIMIT }: Lap, { ours, other }: Figures): Result {
  const ratioOf = (figure: (round: Round) => number): number =>
    median(ours.map((round, index) => figure(other[index]!) / figure(round)))
  const clock = ratioOf(({ seconds, times }) => seconds / times)
  const each = (rounds: readonly Round[]) => median(rounds.map(({ cpuMs, times }) => (cpuMs / times) * 1000))
  return {
    group,
    name,
    ratio: ratioOf(({ cpuMs, times }) => cpuMs / times),
    value: each(ours),
    unit: 'us',
    ...(goal !== undefined && { goal: { of: 'ratio', atLeast: goal } }),
    details: `${against} ${each(other).toFixed(2)} us; by the clock ${clock.toFixed(2)} x`,
  }
}

function describeTails(
  group: string,
  { name, p99Goal, against = LIMIT }: Lap,
  { ours, other }: Figures,
): readonly Result[] {
  if (p99Goal === undefined) return []
  const p99 = (rounds: readonly Round[]) => median(rounds.map((round) => round.p99))
  const p50 = (rounds: readonly Round[]) => median(rounds.map((round) => round.p50 ?? 0)).toFixed(2)
  const halves = ours[0]!.p50 === undefined ? '' : `; half of the times ${p50(ours)} ms for ${p50(other)}`
  return [
    {
      group,
      name: `${name}: p99, times that of the other`,
      ratio: median(ours.map((round, index) => round.p99 / other[index]!.p99)),
      value: p99(ours),
      unit: 'ms',
      goal: { of: 'ratio', atMost: p99Goal },
      details: `${against} ${p99(other).toFixed(2)} ms${halves}`,
    },
  ]
}
