/**
 * The program as it runs, seen from outside: from what is said in a group to the frames at the bots. It has one core; who
 * speaks, the bot that is watched, and all the other bots share another.
 */
import { join } from 'node:path'
import { createTemporaryFolder, startProgram } from '@seekyou/testkit'
import type { Listeners } from './end-to-end/listeners.ts'
import type { Person } from './end-to-end/person.ts'
import type { Finding, Report, Suite } from './harness.ts'
import { pin, startWorker } from './sockets/worker.ts'

const BOTS = 100
const RATE = 500

/** Starts a server and says where it is. */
type Start = (opened: AsyncDisposableStack) => Promise<{ readonly port: number }>

const ours: Start = async (opened) => {
  const config = 'log_level: warn\nbots: [{ backend: { type: sandbox }, heartbeat_interval: 0 }]\n'
  const program = opened.use(await startProgram({ config }))
  pin(program.pid, 0)
  return program
}

/** The least that a server could do that keeps every event on disk before it tells it. */
const byHand: Start = async (opened) => {
  const folder = opened.use(await createTemporaryFolder())
  const worker = opened.use(startWorker<LimitServer>('limit-server.ts', 0, [join(folder.path, 'journal.db')]))
  return { port: (await worker.ask('ports', {})).sockets }
}
type LimitServer = { readonly ports: (given: object) => { readonly sockets: number } }

/** Starts a server with so many bots. */
async function open(start: Start, bots: number) {
  await using opened = new AsyncDisposableStack()
  const { port } = await start(opened)
  const listeners = opened.use(startWorker<Listeners>('../end-to-end/listeners.ts', 1))
  const person = opened.use(startWorker<Person>('../end-to-end/person.ts', 1))
  // Half of them are told before the bot of the person, half after it.
  const half = Math.floor((bots - 1) / 2)
  await listeners.ask('open', { port, bots: half })
  await person.ask('open', { port })
  await listeners.ask('open', { port, bots: bots - 1 - half })
  const owned = opened.move()
  return { listeners, person, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

const paced: Report = {
  name: `from /sandbox/say to the frame at an idle bot, ${RATE} events a second, ${BOTS} bots, journal on disk`,
  async run({ isSmoke }): Promise<readonly Finding[]> {
    // It takes ten thousand events until everything on their way is compiled.
    const [bots, seconds, rate, warmUp] = isSmoke ? [3, 0.2, 20, 8] : [BOTS, 10, RATE, 10_000]
    const hear = async (start: Start): Promise<{ readonly p50: number; readonly p99: number }> => {
      await using running = await open(start, bots)
      const total = Math.ceil(seconds * rate)
      await running.person.ask('flood', { total: warmUp, atOnce: 32 })
      await running.listeners.ask('heard', { frames: warmUp * (bots - 1) })
      const heard = await running.person.ask('pace', { rate, total })
      await running.listeners.ask('heard', { frames: (warmUp + total) * (bots - 1) })
      return heard
    }
    const [limit, { p50, p99 }] = [await hear(byHand), await hear(ours)]
    const beside = (ms: number) => `of a server by hand ${ms.toFixed(2)} ms`
    return [
      {
        name: 'half of the times',
        value: p50,
        unit: 'ms',
        goal: { of: 'value', atMost: 1 },
        details: beside(limit.p50),
      },
      { name: '99 of 100 times', value: p99, unit: 'ms', goal: { of: 'value', atMost: 5 }, details: beside(limit.p99) },
    ]
  },
}

const sustained: Report = {
  name: `deliveries a second that one process keeps up, ${BOTS} bots, 32 sayings at a time, journal on disk`,
  async run({ isSmoke }): Promise<readonly Finding[]> {
    const [bots, total, atOnce] = isSmoke ? [3, 8, 4] : [BOTS, 8000, 32]
    await using running = await open(ours, bots)
    const began = performance.now()
    await running.person.ask('flood', { total, atOnce })
    await running.listeners.ask('heard', { frames: total * (bots - 1) })
    const seconds = (performance.now() - began) / 1000
    return [
      {
        name: 'deliveries',
        value: (total * bots) / seconds,
        unit: '/s',
        moreIsBetter: true,
        goal: { of: 'value', atLeast: 10_000 },
      },
      { name: 'events', value: total / seconds, unit: '/s', moreIsBetter: true },
    ]
  },
}

export const suite: Suite = {
  about: 'The program as it runs, seen from outside: from what is said in a group to the frames at the bots.',
  reports: [paced, sustained],
}
