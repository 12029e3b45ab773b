/** A measurement as `/inspect/metrics` tells it; the same as in `/metrics`. */
export interface Family {
  readonly name: string
  readonly samples: readonly Sample[]
}

interface Sample {
  readonly suffix?: string
  readonly labels?: Readonly<Record<string, string | number>>
  readonly value: number
}

/** What the charts need of one reading. */
export interface Reading {
  /** In milliseconds since 1970. */
  readonly at: number
  readonly events: number
  readonly calls: number
  readonly failures: number
  /** Of all actions together: how many calls took no longer than each bound, in seconds; the last is infinite. */
  readonly durations: readonly (readonly [bound: number, count: number])[]
  /** By link. */
  readonly lag: ReadonlyMap<string, number>
  readonly memory: number | undefined
}

/** How things went between two readings; a value that is not known is undefined. */
export interface Point {
  readonly at: number
  readonly eventsPerSecond: number | undefined
  readonly callsPerSecond: number | undefined
  readonly failuresPerSecond: number | undefined
  /** In milliseconds; undefined while nothing is called. */
  readonly p50: number | undefined
  readonly p99: number | undefined
  /** Of the link that is furthest behind. */
  readonly lag: number | undefined
  /** In megabytes. */
  readonly memory: number | undefined
}

/** Takes a reading of what the server measures. */
export function readFamilies(families: readonly Family[], at: number): Reading {
  const samplesOf = (name: string): readonly Sample[] => families.find((family) => family.name === name)?.samples ?? []
  const sum = (samples: readonly Sample[]): number => samples.reduce((total, { value }) => total + value, 0)
  const calls = samplesOf('seekyou_actions_total')
  const durations = new Map<number, number>()
  for (const { suffix, labels, value } of samplesOf('seekyou_action_duration_seconds')) {
    if (suffix !== '_bucket') continue
    const bound = labels?.['le'] === '+Inf' ? Infinity : Number(labels?.['le'])
    durations.set(bound, (durations.get(bound) ?? 0) + value)
  }
  return {
    at,
    events: sum(samplesOf('seekyou_events_total')),
    calls: sum(calls),
    failures: sum(calls.filter(({ labels }) => !['0', '1'].includes(String(labels?.['retcode'])))),
    durations: [...durations].toSorted(([one], [other]) => one - other),
    lag: new Map(samplesOf('seekyou_link_lag_events').map(({ labels, value }) => [String(labels?.['link']), value])),
    memory: samplesOf('process_resident_memory_bytes')[0]?.value,
  }
}

/** What happened from one reading to the next. */
export function pointBetween(before: Reading, after: Reading): Point {
  const seconds = (after.at - before.at) / 1000
  // Counters begin anew when the server does.
  const perSecond = (from: number, to: number): number | undefined =>
    to < from || seconds <= 0 ? undefined : (to - from) / seconds
  const taken = after.durations.map(([bound, count], index): readonly [number, number] => [
    bound,
    count - (before.durations[index]?.[1] ?? 0),
  ])
  return {
    at: after.at,
    eventsPerSecond: perSecond(before.events, after.events),
    callsPerSecond: perSecond(before.calls, after.calls),
    failuresPerSecond: perSecond(before.failures, after.failures),
    p50: quantile(taken, 0.5),
    p99: quantile(taken, 0.99),
    lag: after.lag.size === 0 ? undefined : Math.max(...after.lag.values()),
    memory: after.memory === undefined ? undefined : after.memory / 1e6,
  }
}

/** About where a part of all calls ended, in milliseconds, taking those of a bucket as spread evenly over it. */
export function quantile(buckets: Reading['durations'], part: number): number | undefined {
  const total = buckets.at(-1)?.[1] ?? 0
  if (total <= 0) return undefined
  const rank = total * part
  let [lower, below] = [0, 0]
  for (const [bound, count] of buckets) {
    if (count >= rank && count > below) {
      // Of the last bucket only its beginning is known.
      if (bound === Infinity) return lower * 1000
      return (lower + ((bound - lower) * (rank - below)) / (count - below)) * 1000
    }
    ;[lower, below] = [bound, count]
  }
  return lower * 1000
}
