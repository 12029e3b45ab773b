import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
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
  /** Whether the program and the bots get a processor core each, where the system can do that. */
  readonly pins?: boolean
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
  // Where the network breaks a connection, what was on its way may come again on the next.
  ['reverse socket', 'at least once', 10],
  ['slow reverse socket', 'at least once', 3],
  ['dying reverse socket', 'at least once', 5],
  ['named socket', 'at least once', 10],
  ['dying named socket', 'at least once', 5],
  ['socket', 'live', 10],
  ['slow socket', 'live', 4],
  ['dying socket', 'live', 4],
  ['stream', 'exactly once', 5],
  ['dying stream', 'exactly once', 5],
  ['live stream', 'live', 4],
  ['dying live stream', 'live', 3],
  ['caller', 'live', 15],
]

/** Far more than anything waits on a machine that is busy with other things. */
const CATCH_UP_MS = 120_000
/** Of a run this long the first part warms up, and the rest is long enough to tell what grows. */
const LONG_S = 100

/** Runs the program as a process under a mixed load of links, some of them slow and some dying, and looks at it. */
export async function soak({ seconds, links, rate, seed, pins = false, tell }: SoakOptions): Promise<readonly Check[]> {
  await using opened = new AsyncDisposableStack()
  const random = randomFrom(seed)
  let isCalm = true
  const temper = { random, isCalm: () => isCalm }
  const dialled = opened.use(await startDialled(temper))
  const folder = opened.use(await createTemporaryFolder())

  const told: number[] = []
  const ledgers: Ledger[] = []
  for (const [kind, promise, share] of shares) {
    const count = Math.max(1, Math.round((links * share) / 100))
    for (let index = 0; index < count; index++) {
      ledgers.push(new Ledger(`${kind.replaceAll(' ', '-')}-${index}`, kind, promise, told))
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
  for (const ledger of ofKind('socket', 'slow socket', 'dying socket'))
    kept.push(keepSocket(`${socketUrl}/event`, ledger, temper))
  for (const ledger of ofKind('stream', 'dying stream', 'live stream', 'dying live stream'))
    kept.push(keepStream(`${program.url}/_events`, ledger, temper))
  const callers = ofKind('caller').map(() => keepCalling(program.url, temper, (problem) => problems.push(problem)))
  kept.push(...callers)
  await everyoneIsThere(program, ledgers)
  if (pins) pin(program.pid)

  using inspector = await openInspector(program)
  const watch = watchVitals(program.pid, inspector)
  const ownLag = monitorEventLoopDelay({ resolution: 10 })
  ownLag.enable()
  isCalm = false
  const began = process.cpuUsage()
  const busyBefore = await inspector.busyMs()
  const network = new Network(program, told)
  await speak(network, { seconds, rate, random, tell, problems })
  const { user, system } = process.cpuUsage(began)
  const share = (ms: number): string => `${((ms / seconds) * 0.1).toFixed(0)} %`
  const busy = `${share((await inspector.busyMs()) - busyBefore)} of a core; the bots ${share((user + system) / 1000)}`
  tell(`${network.count} events happened; waiting for whoever is behind`)
  isCalm = true
  await everyoneIsThere(program, ledgers)
  // Who only hears what happens while it is there has to hear that it still is.
  for (let last = 0; last < 10; last++) await network.say()
  const audience = ledgers.filter(({ kind }) => kind !== 'caller')
  const waitUntil = Date.now() + CATCH_UP_MS
  while (Date.now() < waitUntil && !audience.every((ledger) => ledger.isOver())) {
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

  const broken = audience.flatMap((ledger) => ledger.problem() ?? [])
  const faults = stderr.filter((line) => /"level":(?:50|60)|never should|fault of the program/.test(line))
  const later = watch.vitals.filter(({ at }) => at > Math.min(seconds * 400, 120_000) && at < seconds * 1000)
  const growth = slopePerMinute(later.map(({ at, liveMiB }) => [at, liveMiB]))
  const isLong = seconds >= LONG_S
  const most = Math.max(...watch.vitals.map(({ residentMiB }) => residentMiB))
  const [before, after] = [later.slice(0, later.length / 2), later.slice(later.length / 2)].map((half) =>
    Math.max(...half.map(({ files }) => files)),
  ) as [number, number]
  const sum = (figure: (ledger: Ledger) => number): number =>
    audience.reduce((total, ledger) => total + figure(ledger), 0)
  const heard = sum((ledger) => ledger.heard)
  const again = sum((ledger) => ledger.again)
  const missed = sum((ledger) => ledger.missed)
  const { count, lost, twice, cuts } = network
  return [
    { name: 'events', figure: `${count} in ${seconds} s; ${lost} told to nobody, ${twice} twice`, isMet: count > 0 },
    { name: 'links', figure: `${ledgers.length}, all sockets and streams broken ${cuts} times`, isMet: true },
    {
      name: 'deliveries',
      figure: `${heard}; ${again} once more, ${missed} missed by live links that were away`,
      isMet: heard > 0,
    },
    { name: 'calls', figure: `${callers.reduce((total, caller) => total + caller.count(), 0)}`, isMet: true },
    { name: 'links that were promised more', figure: listOf(broken), bound: 'none', isMet: broken.length === 0 },
    { name: 'calls without a good answer', figure: listOf(problems), bound: 'none', isMet: problems.length === 0 },
    { name: 'faults of the program in its log', figure: listOf(faults), bound: 'none', isMet: faults.length === 0 },
    { name: 'its end', figure: end, bound: 'exit code 0', isMet: end === 'exit code 0' },
    { name: 'how busy the program was', figure: busy, isMet: true },
    {
      name: 'memory that is alive, after the warm-up',
      figure: `${growth.toFixed(1)} MiB more a minute, ${later.at(-1)?.liveMiB.toFixed(0) ?? '?'} MiB in the end (RSS at most ${most.toFixed(0)} MiB)`,
      ...(isLong ? { bound: '2 MiB a minute', isMet: growth <= 2 } : { isMet: true }),
    },
    {
      name: 'open files',
      figure: `at most ${before}, and later ${after}`,
      bound: `${links * 2 + 100}, and later 10 more`,
      isMet: after <= links * 2 + 100 && (!isLong || after <= before + 10),
    },
    {
      name: 'how late its event loop was',
      figure: `p99 ${lag.toFixed(0)} ms; that of the bots ${yardstick.toFixed(0)} ms`,
      // A machine that is busy with other things keeps both waiting.
      ...(isLong
        ? { bound: 'p99 250 ms, or ten times that of the bots', isMet: lag <= Math.max(250, yardstick * 10) }
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
      return [{ type: 'webhook', name, url: `http://127.0.0.1:${port}/hook/${name}`, timeout: 60 }]
    if (!kind.endsWith('reverse socket')) return []
    const url = `ws://127.0.0.1:${port}/ws/${name}`
    // Of one that is slow or dies, what it was sent is not yet what it has.
    const says = /^(?:dying|slow)/.test(kind) ? { ack: 'explicit', report_seq: true } : {}
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

/** The other side of the chat, with what is wrong with it. */
class Network {
  count = 0
  lost = 0
  twice = 0
  cuts = 0
  readonly #program: Program
  readonly #told: number[]
  /** How many of the next events are told to nobody, and told twice. */
  #drop = 0
  #duplicate = 0

  constructor(program: Program, told: number[]) {
    this.#program = program
    this.#told = told
  }

  /** Somebody says the next number. */
  async say(): Promise<void> {
    const number = ++this.count
    if (this.#drop > 0) {
      this.#drop--
      this.lost++
    } else {
      this.#told.push(number)
      if (this.#duplicate > 0) {
        this.#duplicate--
        this.twice++
        this.#told.push(number)
      }
    }
    await this.#program.sandbox('say', { as: 10001, group_id: 20001, message: `soak ${number}` })
  }

  async fail(fault: Fault): Promise<void> {
    this.#drop = fault.clear ? 0 : (fault.drop_events ?? this.#drop)
    this.#duplicate = fault.clear ? 0 : (fault.duplicate_events ?? this.#duplicate)
    if (fault.disconnect !== undefined) this.cuts++
    await this.#program.sandbox('faults', fault)
  }
}

/** Lets people say one thing after the other, with faults of the network in between. */
async function speak(network: Network, { seconds, rate, random, tell, problems }: Speech): Promise<void> {
  const began = performance.now()
  const elapsed = (): number => (performance.now() - began) / 1000
  // Each kind of fault a few times, and in a short run once.
  const faultEvery = Math.min(5, seconds / (faults.length + 1))
  let faultsSoFar = 0
  let lastTold = 0
  while (elapsed() < seconds) {
    const wait = network.count / rate - elapsed()
    if (wait > 0.001) await new Promise((resolve) => setTimeout(resolve, wait * 1000))
    await network.say().catch((error: unknown) => problems.push(`say: ${String(error)}`))
    if (elapsed() > (faultsSoFar + 1) * faultEvery) await network.fail(faults[faultsSoFar++ % faults.length]!(random))
    const tens = Math.floor(elapsed() / 10)
    if (tens > lastTold) {
      lastTold = tens
      tell(`${tens * 10} s, ${network.count} events`)
    }
  }
  await network.fail({ clear: true })
}

interface Fault {
  readonly clear?: true
  readonly action?: string
  readonly delay_ms?: number
  readonly times?: number
  readonly fail?: { readonly retcode: number }
  readonly drop_events?: number
  readonly duplicate_events?: number
  readonly disconnect?: number
}

const upTo = (random: () => number, most: number): number => 1 + Math.floor(random() * most)

/** What is wrong with the network for a while, one after the other. */
const faults: readonly ((random: () => number) => Fault)[] = [
  (random) => ({ delay_ms: upTo(random, 200), times: 50 }),
  (random) => ({ disconnect: 0, duplicate_events: upTo(random, 20) }),
  (random) => ({ action: 'send_group_msg', fail: { retcode: 103 }, times: upTo(random, 40) }),
  (random) => ({ drop_events: upTo(random, 20) }),
  (random) => ({ disconnect: upTo(random, 3) }),
  () => ({ action: 'get_group_list', delay_ms: 1500, times: 3 }),
  (random) => ({ drop_events: upTo(random, 5), duplicate_events: upTo(random, 5) }),
  () => ({ clear: true }),
]

/** Gives the program one processor core, and what runs here another. */
function pin(program: number): void {
  if (availableParallelism() < 2) return
  for (const [core, pid] of [program, process.pid].entries()) {
    const { status } = spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
    if (status !== 0) return
  }
}
