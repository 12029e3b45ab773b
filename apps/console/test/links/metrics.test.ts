import { describe, expect, test } from 'vitest'
import { pointBetween, quantile, readFamilies } from '../../src/links/metrics.ts'
import type { Family } from '../../src/links/metrics.ts'

/** What a server measures after so many events and calls, each call within 10 ms but for one in a hundred. */
function families({ events, calls }: { events: number; calls: number }): readonly Family[] {
  const action = 'send_msg'
  const bucket = (le: string, value: number) => ({ suffix: '_bucket', labels: { action, le }, value })
  return [
    { name: 'seekyou_events_total', samples: [{ labels: { type: 'message' }, value: events - 1 }, { value: 1 }] },
    {
      name: 'seekyou_actions_total',
      samples: [
        { labels: { action, retcode: '0' }, value: calls - 2 },
        { labels: { action, retcode: '100' }, value: 2 },
      ],
    },
    {
      name: 'seekyou_action_duration_seconds',
      samples: [
        bucket('+Inf', calls),
        bucket('0.01', calls * 0.99),
        bucket('0.001', 0),
        { suffix: '_sum', labels: { action }, value: 1 },
        { suffix: '_count', labels: { action }, value: calls },
      ],
    },
    {
      name: 'seekyou_link_lag_events',
      samples: ['a', 'b'].map((link, index) => ({ labels: { link }, value: index * 7 })),
    },
    { name: 'process_resident_memory_bytes', samples: [{ value: 50e6 }] },
  ]
}

test('tells how things went between two readings', () => {
  const before = readFamilies(families({ events: 10, calls: 100 }), 1000)
  const after = readFamilies(families({ events: 30, calls: 300 }), 3000)
  expect(pointBetween(before, after)).toEqual({
    at: 3000,
    eventsPerSecond: 10,
    callsPerSecond: 100,
    failuresPerSecond: 0,
    p50: expect.closeTo(1 + (9 * 100) / 198) as number,
    p99: expect.closeTo(10) as number,
    lag: 7,
    memory: 50,
  })
})

test('knows nothing across a restart, and nothing of what is not measured', () => {
  const before = readFamilies(families({ events: 10, calls: 100 }), 1000)
  expect(pointBetween(before, readFamilies([], 2000))).toEqual({
    at: 2000,
    eventsPerSecond: undefined,
    callsPerSecond: undefined,
    failuresPerSecond: undefined,
    p50: undefined,
    p99: undefined,
    lag: undefined,
    memory: undefined,
  })
})

describe('a quantile', () => {
  test.each<[string, [number, number][], number, number | undefined]>([
    ['is not known of nothing', [[Infinity, 0]], 0.5, undefined],
    [
      'is taken within its bucket',
      [
        [1, 0],
        [2, 10],
        [Infinity, 10],
      ],
      0.5,
      1500,
    ],
    [
      'begins at nothing',
      [
        [1, 10],
        [Infinity, 10],
      ],
      0.1,
      100,
    ],
    [
      'is at least the beginning of the last bucket',
      [
        [1, 0],
        [Infinity, 5],
      ],
      0.5,
      1000,
    ],
    [
      'passes over empty buckets',
      [
        [1, 5],
        [2, 5],
        [3, 10],
        [Infinity, 10],
      ],
      0.99,
      2980,
    ],
  ])('%s', (_, buckets, part, ms) => {
    expect(quantile(buckets, part)).toEqual(ms === undefined ? undefined : expect.closeTo(ms))
  })
})
