import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ask } from '../kit/api.ts'
import { useWords } from '../kit/language.ts'
import { createStore, useStore } from '../kit/store.ts'
import { Unread } from '../tools/unread.tsx'
import { Chart } from './chart.tsx'
import { pointBetween, readFamilies } from './metrics.ts'
import type { Family, Point, Reading } from './metrics.ts'
import { linksWords } from './words.ts'

/** How often the server is asked, and how many answers are kept: five minutes. */
const EVERY_MS = 2000
const PLACES = 150

/** What was read since the page was opened; who comes back finds it. */
const course = createStore<{ readonly last?: Reading; readonly points: readonly Point[] }>({ points: [] })

/** Small charts of how the server is doing. */
export function MetricsPanel() {
  const words = useWords(linksWords)
  const { data, error, dataUpdatedAt, refetch } = useQuery({
    queryKey: ['inspect', 'metrics'],
    queryFn: ({ signal }) => ask<readonly Family[]>('inspect/metrics', { signal }),
    refetchInterval: EVERY_MS,
  })
  useEffect(() => {
    if (data) course.set(({ last, points }) => continued(readFamilies(data, dataUpdatedAt), last, points))
  }, [data, dataUpdatedAt])
  const { points } = useStore(course)
  const times = points.map(({ at }) => at)
  const values = (key: Exclude<keyof Point, 'at'>): readonly (number | undefined)[] => points.map((point) => point[key])
  const common = { times, places: PLACES }
  const { charts } = words
  return (
    <section className="links-section" aria-labelledby="metrics-title">
      <h2 id="metrics-title">{words.metrics}</h2>
      {error && <Unread error={error} what={words.whatMetrics} onRetry={() => void refetch()} />}
      {data && (
        <div className="charts">
          <Chart
            {...common}
            title={charts.events}
            unit="/s"
            series={[{ name: charts.events, values: values('eventsPerSecond'), look: 'main' }]}
          />
          <Chart
            {...common}
            title={charts.calls}
            unit="/s"
            series={[
              { name: charts.all, values: values('callsPerSecond'), look: 'main' },
              { name: charts.failed, values: values('failuresPerSecond'), look: 'second' },
            ]}
          />
          <Chart
            {...common}
            title={charts.latency}
            unit="ms"
            series={[
              { name: 'p50', values: values('p50'), look: 'main' },
              { name: 'p99', values: values('p99'), look: 'second' },
            ]}
          />
          <Chart
            {...common}
            title={charts.lag}
            unit={charts.lagUnit}
            series={[{ name: charts.lag, values: values('lag'), look: 'main' }]}
          />
          <Chart
            {...common}
            title={charts.memory}
            unit="MB"
            series={[{ name: charts.memory, values: values('memory'), look: 'main' }]}
          />
        </div>
      )}
    </section>
  )
}

function continued(reading: Reading, last: Reading | undefined, points: readonly Point[]) {
  if (!last) return { last: reading, points }
  if (reading.at <= last.at) return { last, points }
  // While nobody looked nothing was read: the line has a gap there.
  const gap = reading.at - last.at > 3 * EVERY_MS ? [{ ...unknown, at: reading.at - EVERY_MS }] : []
  return { last: reading, points: [...points, ...gap, pointBetween(last, reading)].slice(-PLACES) }
}

const unknown: Omit<Point, 'at'> = {
  eventsPerSecond: undefined,
  callsPerSecond: undefined,
  failuresPerSecond: undefined,
  p50: undefined,
  p99: undefined,
  lag: undefined,
  memory: undefined,
}
