import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createTemporaryFolder, startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { keepCalling, keepSocket, keepStream, startDialled } from './bots.ts'
import type { Kept } from './bots.ts'
import { Ledger } from './ledger.ts'
import type { LinkPromise } from './ledger.ts'
import { inspectable, openInspector } from './inspector.ts'
import { slopePerMinute, watchVitals } from './vitals.ts'

export interface SoakOptions {
  readonly seconds: number
  /** How many links there are, of all kinds together. */
  readonly links: number
  /** Events a second. */
  readonly rate: number
  readonly seed: number
  /** Hears how it goes on. */
  readonly tell: (line: string) => void
}

/** One thing that was looked at. */
export interface Check {
  readonly name: string
  readonly figure: string
  /** What was asked for; absent: it is only told. */
  readonly bound?: string
  readonly isMet: boolean
}

/** What there is of each kind among a hundred links. */
const shares: readonly (readonly [kind: string, promise: LinkPromise, share: number])[] = [
  ['webhook', 'exactly once', 10],
  ['slow webhook', 'exactly once', 5],
  ['dying webhook', 'at least once', 5],
  ['reverse socket', 'exactly once', 10],
  ['slow reverse socket', 'exactly once', 3],
  ['dying reverse socket', 'at least once', 5],
  ['named socket', 'exactly once', 10],
  ['dying named socket', 'at least once', 5],
  ['socket', 'live', 15],
  ['slow socket', 'live', 5],
  ['stream', 'exactly once', 7],
  ['dying stream', 'at least once', 5],
  ['caller', 'live', 15],
]

/** Far more than anything waits on a machine that is busy with other things. */
const CATCH_UP_MS = 120_000
/** Of a run this long the first part warms up, and the rest is long enough to tell what grows. */
const LONG_S = 100

/** Runs the program as a process under a mixed load of links, some of them slow and some dying, and looks at it. */
export async function soak({ seconds, links, rate, seed, tell }: SoakOptions): Promise<readonly Check[]> {
  await using opened = new AsyncDisposableStack()
  const random = randomFrom(seed)
  let isCalm = true
  const temper = { random, isCalm: () => isCalm }
  const dialled = opened.use(await startDialled(temper))
  const folder = opened.use(await createTemporaryFolder())

  const ledgers: Ledger[] = []
  for (const [kind, promise, share] of shares) {
    const count = Math.max(1, Math.round((links * share) / 100))
    for (let index = 0; index < count; index++) {
      ledgers.push(new Ledger(`${kind.replaceAll(' ', '-')}-${index}`, kind, promise))
    }
  }
  const ofKind = (...kinds: readonly string[]): readonly Ledger[] => ledgers.filter(({ kind }) => kinds.includes(kind))
  const config = configOf(ledgers, dialled.port)
  for (const ledger of ledgers) dialled.add(ledger)
  const program = opened.use(await startProgram({ folder: folder.path, config, env: inspectable }))
  const socketUrl = program.url.replace('http', 'ws')
  // The second listener: its links say themselves what they have.
  const explicitUrl = `ws+unix://${join(folder.path, 'explicit.sock')}:`

  const problems: string[] = []
  const kept: Kept[] = []
  for (const ledger of ofKind('named socket'))
    kept.push(keepSocket(`${socketUrl}/?link=${ledger.name}`, ledger, temper))
  for (const ledger of ofKind('dying named socket'))
    kept.push(keepSocket(`${explicitUrl}/?link=${ledger.name}`, ledger, temper))
  for (const ledger of ofKind('socket', 'slow socket')) kept.push(keepSocket(`${socketUrl}/event`, ledger, temper))
  for (const ledger of ofKind('stream', 'dying stream')) kept.push(keepStream(`${program.url}/_events`, ledger, temper))
  const callers = ofKind('caller').map(() => keepCalling(program.url, temper, (problem) => problems.push(problem)))
  kept.push(...callers)
  await everyoneIsThere(program, ledgers)

  using inspector = await openInspector(program)
  const watch = watchVitals(program.pid, inspector)
  const ownLag = monitorEventLoopDelay({ resolution: 10 })
  ownLag.enable()
  isCalm = false
  const total = await speak(program, { seconds, rate, random, tell, problems })
  tell(`${total} events were told; waiting for whoever is behind`)
  isCalm = true
  const waitUntil = Date.now() + CATCH_UP_MS
  while (Date.now() < waitUntil && !ledgers.every((ledger) => ledger.kind === 'caller' || ledger.isComplete(total))) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await watch.stop()
  const lag = await inspector.lagMs()
  // A program that is looked into does not end.
  inspector[Symbol.dispose]()
  const yardstick = ownLag.percentile(99) / 1e6
  for (const one of kept) one.stop()
  await new Promise((resolve) => setTimeout(resolve, 500))
  const { stderr } = program
  const end = await program.stop().then(
    ({ code, signal }) => `exit code ${code ?? signal}`,
    () => 'it did not end',
  )

  const broken = ledgers.filter(({ kind }) => kind !== 'caller').flatMap((ledger) => ledger.problem(total) ?? [])
  const faults = stderr.filter((line) => /"level":(?:50|60)|never should|fault of the program/.test(line))
  const later = watch.vitals.filter(({ at }) => at > Math.min(seconds * 400, 120_000) && at < seconds * 1000)
  const growth = slopePerMinute(later.map(({ at, liveMiB }) => [at, liveMiB]))
  const fileGrowth = slopePerMinute(later.map(({ at, files }) => [at, files]))
  const isLong = seconds >= LONG_S
  const most = Math.max(...watch.vitals.map(({ residentMiB }) => residentMiB))
  const files = later.map(({ files: count }) => count)
  const heard = ledgers.reduce((sum, ledger) => sum + ledger.heard, 0)
  const again = ledgers.reduce((sum, ledger) => sum + ledger.again, 0)
  return [
    { name: 'events told', figure: `${total} in ${seconds} s`, isMet: total > 0 },
    { name: 'links', figure: `${ledgers.length}`, isMet: true },
    { name: 'deliveries', figure: `${heard}, and ${again} once more`, isMet: heard > 0 },
    { name: 'calls', figure: `${callers.reduce((sum, caller) => sum + caller.count(), 0)}`, isMet: true },
    { name: 'links that were promised more', figure: listOf(broken), bound: 'none', isMet: broken.length === 0 },
    { name: 'calls without a good answer', figure: listOf(problems), bound: 'none', isMet: problems.length === 0 },
    { name: 'faults of the program in its log', figure: listOf(faults), bound: 'none', isMet: faults.length === 0 },
    { name: 'its end', figure: end, bound: 'exit code 0', isMet: end === 'exit code 0' },
    {
      name: 'memory that is alive, after the warm-up',
      figure: `${growth.toFixed(1)} MiB more a minute, ${later.at(-1)?.liveMiB.toFixed(0) ?? '?'} MiB in the end (RSS at most ${most.toFixed(0)} MiB)`,
      ...(isLong ? { bound: '2 MiB a minute', isMet: growth <= 2 } : { isMet: true }),
    },
    {
      name: 'open files',
      figure: `${Math.min(...files)} to ${Math.max(...files)}, ${fileGrowth.toFixed(1)} more a minute`,
      bound: `${links * 3 + 100}`,
      isMet: Math.max(...files) <= links * 3 + 100 && (!isLong || fileGrowth <= 5),
    },
    {
      name: 'how late its event loop was',
      figure: `p99 ${lag.toFixed(0)} ms; that of the bots ${yardstick.toFixed(0)} ms`,
      // A machine that is busy with other things keeps both waiting.
      ...(isLong
        ? { bound: 'p99 1000 ms, or ten times that of the bots', isMet: lag <= Math.max(1000, yardstick * 10) }
        : { isMet: true }),
    },
  ]
}

function listOf(problems: readonly string[]): string {
  if (problems.length === 0) return 'none'
  const [first] = problems
  return problems.length === 1 ? first! : `${problems.length}, the first: ${first}`
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function configOf(ledgers: readonly Ledger[], port: number): string {
  const connect = ledgers.flatMap(({ name, kind }): object[] => {
    if (kind.endsWith('webhook'))
      return [{ type: 'webhook', name, url: `http://127.0.0.1:${port}/hook/${name}`, timeout: 10 }]
    if (!kind.endsWith('reverse socket')) return []
    const url = `ws://127.0.0.1:${port}/ws/${name}`
    const says = kind.startsWith('dying') ? { ack: 'explicit', report_seq: true } : {}
    return [{ type: 'reverse-ws', name, url, reconnect_interval: 0.5, reconnect_interval_max: 1, ...says }]
  })
  return JSON.stringify({
    log_level: 'warn',
    defaults: { replay_max_age: 3600, replay_rate: 0 },
    bots: [
      {
        heartbeat_interval: 1,
        listen: [
          { port: 0, max_link_names: 1000 },
          { socket: './explicit.sock', max_link_names: 1000, ack: 'explicit', report_seq: true },
        ],
        connect,
      },
    ],
  })
}

/** Nobody misses the first event because they came late. */
async function everyoneIsThere(program: Program, ledgers: readonly Ledger[]): Promise<void> {
  const expected = ledgers.filter(({ kind }) => kind !== 'caller').length
  const deadline = Date.now() + 60_000
  for (;;) {
    const response = await fetch(`${program.url}/inspect/links`)
    const { data } = (await response.json()) as {
      data: readonly { state: { phase: string } | null; kind: string | null }[]
    }
    // A webhook is there from the start, and told so only with its first event.
    const open = data.filter(({ state, kind }) => kind === 'webhook' || state === null || state.phase === 'open').length
    if (open >= expected) return
    if (Date.now() > deadline) throw new Error(`only ${open} of ${expected} links are there`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface Speech {
  readonly seconds: number
  readonly rate: number
  readonly random: () => number
  readonly tell: (line: string) => void
  readonly problems: string[]
}

/** Lets people say one thing after the other, with faults of the network in between; tells how much was said. */
async function speak(program: Program, { seconds, rate, random, tell, problems }: Speech): Promise<number> {
  const began = performance.now()
  let count = 0
  let lastTold = 0
  while (performance.now() - began < seconds * 1000) {
    const due = began + (count * 1000) / rate
    const wait = due - performance.now()
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
    count++
    await program
      .sandbox('say', { as: 10001, group_id: 20001, message: `soak ${count}` })
      .catch((error: unknown) => problems.push(`say: ${String(error)}`))
    if (count % (rate * 7) === 0) await program.sandbox('faults', faultOf(random))
    const elapsed = Math.floor((performance.now() - began) / 10_000)
    if (elapsed > lastTold) {
      lastTold = elapsed
      tell(`${elapsed * 10} s, ${count} events`)
    }
  }
  await program.sandbox('faults', { clear: true })
  return count
}

/** What is wrong with the network for a while. */
function faultOf(random: () => number): object {
  const luck = random()
  if (luck < 0.3) return { clear: true }
  if (luck < 0.6) return { delay_ms: Math.floor(random() * 200), times: 50 }
  if (luck < 0.8) return { action: 'send_group_msg', fail: { retcode: 103 }, times: 20 }
  return { action: 'get_group_list', delay_ms: 1500, times: 3 }
}
