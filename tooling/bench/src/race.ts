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

/** Runs every lap of a race and hands over what each came to. */
export async function runRace(
  race: Race,
  { rounds, isSmoke }: { readonly rounds: number; readonly isSmoke: boolean },
  tell: (results: readonly Result[]) => void,
): Promise<void> {
  await using running = await race.open()
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
    const group = `${race.name}: how many times as fast as the limit, by the server's processor time`
    tell([describe(group, lap, figures), ...describeTails(group, lap, figures)])
  }
}

function describe(group: string, { name, goal }: Lap, { ours, limit }: Figures): Result {
  const ratioOf = (figure: (round: Round) => number): number =>
    median(ours.map((round, index) => figure(limit[index]!) / figure(round)))
  const clock = ratioOf(({ seconds, times }) => seconds / times)
  const each = (rounds: readonly Round[]) => median(rounds.map(({ cpuMs, times }) => (cpuMs / times) * 1000))
  return {
    group,
    name,
    ratio: ratioOf(({ cpuMs, times }) => cpuMs / times),
    value: each(ours),
    unit: 'us',
    ...(goal !== undefined && { goal: { of: 'ratio', atLeast: goal } }),
    details: `limit ${each(limit).toFixed(2)} us; by the clock ${clock.toFixed(2)} x`,
  }
}

function describeTails(group: string, { name, p99Goal }: Lap, { ours, limit }: Figures): readonly Result[] {
  if (p99Goal === undefined) return []
  const p99 = (rounds: readonly Round[]) => median(rounds.map((round) => round.p99))
  return [
    {
      group,
      name: `${name}: p99, times the limit’s`,
      ratio: median(ours.map((round, index) => round.p99 / limit[index]!.p99)),
      value: p99(ours),
      unit: 'ms',
      goal: { of: 'ratio', atMost: p99Goal },
      details: `limit ${p99(limit).toFixed(2)} ms`,
    },
  ]
}
