import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { latencyBoundsMs } from '@seekyou/hub'
import type { Account } from '@seekyou/hub'
import type { MediaStore } from '@seekyou/protocol'
import { version } from './version.ts'

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

type Labels = Readonly<Record<string, string | number>>

/** One measurement, as Prometheus calls them. */
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** The value of each series; what follows its name, as `_bucket` does in a histogram, is part of the key. */
  readonly samples: readonly { readonly suffix?: string; readonly labels?: Labels; readonly value: number }[]
}

/** How an account and the process are doing. Values of labels are bounded in number. */
export async function readMetrics(account: Account, { dataDir, media }: StoreSetup): Promise<readonly Family[]> {
  const [families, store] = await Promise.all([familiesOf(account), storeFamilies(dataDir, media)])
  return [...families, ...store, ...processFamilies()]
}

/** What is measured of the store. */
interface StoreSetup {
  readonly dataDir: string
  readonly media: Pick<MediaStore, 'size'>
}

/** The measurements as Prometheus reads them. */
export function writeMetrics(families: readonly Family[]): string {
  return families.map((family) => writeFamily(family)).join('')
}

const phases = ['connecting', 'open', 'waiting', 'ended'] as const

async function familiesOf(account: Account): Promise<readonly Family[]> {
  const self_id = account.self.user_id
  const { tap } = account
  const { events, calls } = account.tally()
  const [links, letters, troubles] = await Promise.all([
    account.links.list(),
    account.deadLetterCounts(),
    account.troubles(),
  ])
  const named = links.flatMap((link) => (link.name === undefined ? [] : [{ ...link, name: link.name }]))
  const live = Map.groupBy(links, ({ kind, state }) => (state?.phase === 'open' ? (kind ?? 'other') : undefined))
  const labelsOf = ({ name }: { readonly name: string }) => ({ self_id, link: name })
  return [
    {
      name: 'seekyou_ready',
      type: 'gauge',
      help: 'Whether the account can do its work: 1, or 0 where /readyz says why not.',
      samples: [{ labels: { self_id }, value: troubles.length === 0 ? 1 : 0 }],
    },
    {
      name: 'seekyou_events_total',
      type: 'counter',
      help: 'Events of the network, by type.',
      samples: [...events].map(([type, value]) => ({ labels: { self_id, type }, value })),
    },
    {
      name: 'seekyou_actions_total',
      type: 'counter',
      help: 'Calls of actions, by the retcode of their answer.',
      samples: calls.flatMap(({ action, retcodes }) =>
        [...retcodes].map(([retcode, value]) => ({ labels: { self_id, action, retcode }, value })),
      ),
    },
    {
      name: 'seekyou_action_duration_seconds',
      type: 'histogram',
      help: 'Time from a call to its answer.',
      samples: calls.flatMap(({ action, latencies, totalMs }) => {
        let total = 0
        const buckets = latencies.map((value, index) => {
          const bound = latencyBoundsMs[index]
          const le = bound === undefined ? '+Inf' : String(bound / 1000)
          return { suffix: '_bucket', labels: { self_id, action, le }, value: (total += value) }
        })
        return [
          ...buckets,
          { suffix: '_sum', labels: { self_id, action }, value: totalMs / 1000 },
          { suffix: '_count', labels: { self_id, action }, value: total },
        ]
      }),
    },
    {
      name: 'seekyou_queued_calls',
      type: 'gauge',
      help: 'Calls of _rate_limited that wait for their turn.',
      samples: [{ labels: { self_id }, value: account.queuedCalls() }],
    },
    {
      name: 'seekyou_open_links',
      type: 'gauge',
      help: 'Links that are open now, by what carries them.',
      samples: [...live].flatMap(([kind, found]) =>
        kind === undefined ? [] : [{ labels: { self_id, kind }, value: found.length }],
      ),
    },
    {
      name: 'seekyou_link_state',
      type: 'gauge',
      help: 'The state of each named link: 1 for the one it is in.',
      samples: named.flatMap((link) =>
        phases.map((state) => ({ labels: { ...labelsOf(link), state }, value: link.state?.phase === state ? 1 : 0 })),
      ),
    },
    {
      name: 'seekyou_link_lag_events',
      type: 'gauge',
      help: 'Events of the journal that come after the last one that the program of a named link has.',
      samples: named.map((link) => ({ labels: labelsOf(link), value: link.lag })),
    },
    {
      name: 'seekyou_link_connections_total',
      type: 'counter',
      help: 'How often a named link was connected; all but the first are reconnects.',
      samples: named.map((link) => ({ labels: labelsOf(link), value: link.connections })),
    },
    {
      name: 'seekyou_link_retries_total',
      type: 'counter',
      help: 'How often an event had to be posted again to the program of a named link.',
      samples: named.flatMap((link) =>
        link.kind === 'webhook' ? [{ labels: labelsOf(link), value: link.retries }] : [],
      ),
    },
    {
      name: 'seekyou_tap_records',
      type: 'gauge',
      help: 'Records of what passed that can be looked at.',
      samples: tap ? [{ labels: { self_id }, value: tap.size.records }] : [],
    },
    {
      name: 'seekyou_tap_bytes',
      type: 'gauge',
      help: 'About how much memory those records take.',
      samples: tap ? [{ labels: { self_id }, value: tap.size.bytes }] : [],
    },
    {
      name: 'seekyou_dead_letters',
      type: 'gauge',
      help: 'Events that the program of a link refused and that are kept.',
      samples: [...letters].map(([link, value]) => ({ labels: { self_id, link }, value })),
    },
  ]
}

async function storeFamilies(dataDir: string, media: StoreSetup['media']): Promise<readonly Family[]> {
  const files = (await readdir(dataDir)).filter((file) => /^seekyou\.db(?:-wal|-tail)?$/.test(file))
  const samples = await Promise.all(
    files.map(async (file) => ({ labels: { file }, value: (await stat(join(dataDir, file))).size })),
  )
  const kept = await media.size()
  return [
    {
      name: 'seekyou_store_bytes',
      type: 'gauge',
      help: 'Size of the files of the database; seekyou.db-tail and seekyou.db-wal are what was written and not yet moved into it.',
      samples,
    },
    { name: 'seekyou_media_files', type: 'gauge', help: 'Stored media.', samples: [{ value: kept.files }] },
    { name: 'seekyou_media_bytes', type: 'gauge', help: 'Size of stored media.', samples: [{ value: kept.bytes }] },
  ]
}

function processFamilies(): readonly Family[] {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  const gauge = (name: string, help: string, value: number, labels?: Labels): Family => {
    return { name, type: 'gauge', help, samples: [{ ...(labels && { labels }), value }] }
  }
  return [
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'Time that the process has computed.',
      samples: [{ value: (user + system) / 1e6 }],
    },
    gauge('process_resident_memory_bytes', 'Memory of the process.', rss),
    gauge('process_start_time_seconds', 'When the process was started.', performance.timeOrigin / 1000),
    gauge('nodejs_heap_size_used_bytes', 'Memory that objects of the program take.', heapUsed),
    gauge('nodejs_eventloop_utilization', 'Part of its life that the process was busy.', utilization()),
    gauge('seekyou_info', 'The version that runs.', 1, { version, node: process.versions.node }),
  ]
}

function utilization(): number {
  return performance.eventLoopUtilization().utilization
}

function writeFamily({ name, type, help, samples }: Family): string {
  if (samples.length === 0) return ''
  const lines = samples.map(({ suffix = '', labels, value }) => `${name}${suffix}${writeLabels(labels)} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function writeLabels(labels: Labels = {}): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(String(value))}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
