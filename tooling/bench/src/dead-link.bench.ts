/**
 * A link that takes nothing for an hour while 100 000 events pass: what it costs the process, what it costs the other
 * links, and how it catches up. The hour is the virtual clock's; the disk, the store and the hub are real.
 */
import { Account, accountOptions, linkOptions } from '@seekyou/hub'
import type { Gateway, OutgoingEvent, Subscription } from '@seekyou/protocol'
import { openStore } from '@seekyou/store'
import { createMemoryFiles, createTemporaryFolder, createVirtualClock } from '@seekyou/testkit'
import type { VirtualClock } from '@seekyou/testkit'
import { createBareBackend, groupMessage } from './bare-backend.ts'
import type { Report, Suite } from './harness.ts'
import { percentile } from './result.ts'
import { restingMemory } from './resting-memory.ts'
import { log } from './running-account.ts'

const REPLAY_RATE = 1000
const text = 'good morning, has anyone seen the new plans for the harbour?'

/** A running account whose network is this program. */
async function startAccount(clock: VirtualClock) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await createTemporaryFolder())
  const store = opened.use(await openStore({ dataDir: folder.path, clock, log }))
  const { backend, emit } = createBareBackend()
  const options = accountOptions.parse({ heartbeat_interval: 0 })
  const setup = { backend, store, files: createMemoryFiles(), options, clock, log, version: '0', mediaUrl: () => '' }
  const account = opened.use(await Account.open(setup))
  await account.start()
  const gateway = account.gateway(linkOptions.parse({ replay_max_age: 86_400, replay_rate: REPLAY_RATE }))
  const owned = opened.move()
  return {
    gateway,
    emit: (seq: number) => emit(groupMessage(text, seq)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** A link that takes everything at once and notes when. */
function listen(gateway: Gateway, name: string, heard: (event: OutgoingEvent) => void): Subscription {
  const subscription: Subscription = gateway.subscribe(
    {
      write(event) {
        if (event.seq === undefined) return true
        heard(event)
        subscription.taken(event.seq)
        return true
      },
      end: () => undefined,
    },
    { name, lifecycle: 'connect' },
  )
  return subscription
}

/** An account with three links that keep up, told so many events a second; how long each event took to reach the last. */
async function startHouse(clock: VirtualClock) {
  const account = await startAccount(clock)
  const begun = new Map<number, number>()
  const tookMs: number[] = []
  let emitted = 0
  for (const name of ['one', 'two', 'three']) {
    listen(account.gateway, name, ({ seq }) => {
      if (name === 'three') tookMs.push(performance.now() - begun.get(seq!)!)
      if (name === 'three') begun.delete(seq!)
    })
  }
  await clock.advance(0)
  return {
    ...account,
    tookMs,
    /** Lets so many events happen one after the other. */
    async live(count: number) {
      for (let nth = 0; nth < count; nth++) {
        begun.set(++emitted, performance.now())
        await account.emit(emitted)
      }
    },
  }
}

const hour: Report = {
  name: 'one of four links dead for an hour, 100,000 events',
  async run({ isSmoke }) {
    const clock = createVirtualClock()
    await using house = await startHouse(clock)
    await using control = await startHouse(clock)
    const [warmUp, seconds, perSecond] = isSmoke ? [5, 5, 2] : [30_000, 3600, 28]
    // By then the compiler and the heap have what such a load needs, whoever listens.
    await house.live(warmUp)
    await control.live(warmUp)
    for (const { tookMs } of [house, control]) tookMs.length = 0

    // Its socket is full and never empties.
    house.gateway.subscribe({ write: () => false, end: () => undefined }, { name: 'dead', lifecycle: 'connect' })
    await clock.advance(0)
    const before = await restingMemory()
    for (let second = 0; second < seconds; second++) {
      for (const each of second % 2 === 0 ? [house, control] : [control, house]) await each.live(perSecond)
      await clock.advance(1000)
    }
    const samples = [house, control].map(({ tookMs }) => [percentile(tookMs, 0.5), percentile(tookMs, 0.99)] as const)
    // What was measured is no part of what the house holds.
    for (const { tookMs } of [house, control]) tookMs.length = 0
    const growth = ((await restingMemory()) - before) / 1024 / 1024
    const [[, ours], [, theirs]] = samples as unknown as [readonly [number, number], readonly [number, number]]

    const total = seconds * perSecond
    const told: number[] = []
    listen(house.gateway, 'dead', ({ seq }) => void told.push(seq!))
    const beganAt = clock.now()
    while (told.length < total) await clock.advance(100)
    const isInOrder = told.every((seq, index) => seq === warmUp + 1 + index)
    const tookS = (clock.now() - beganAt) / 1000
    return [
      { name: 'RSS grew by', value: growth, unit: 'MiB', goal: { of: 'value', atMost: 20 } },
      {
        name: 'p99 of the others, times that without a dead link',
        ratio: ours / theirs,
        value: ours * 1000,
        unit: 'us',
        details: `${(theirs * 1000).toFixed(0)} us without`,
      },
      {
        name: 'caught up in',
        value: tookS,
        unit: 's',
        details: `of its time, ${told.length} of ${total} ${isInOrder ? 'in order' : 'OUT OF ORDER'}, at most ${REPLAY_RATE}/s after the first second`,
      },
    ]
  },
}

export const suite: Suite = {
  about:
    'One of four links takes nothing for an hour of a virtual clock: what it costs the process and the others, and how it catches up.',
  reports: [hour],
}
