/** Calls and events over WebSocket: our whole stack against the least that a server could do. */
import { join } from 'node:path'
import { createTemporaryFolder } from '@seekyou/testkit'
import type { Suite } from './harness.ts'
import type { Lap, OpenRace } from './race.ts'
import type { Load } from './sockets/load.ts'
import { startWorker } from './sockets/worker.ts'

interface Ports {
  readonly sockets: number
  readonly stimuli: number
}

type ServerAbilities = {
  readonly ports: (given: object) => Ports
  readonly cpuUsage: (given: object) => NodeJS.CpuUsage
}

async function open(): Promise<OpenRace> {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await createTemporaryFolder())
  const start = async (file: string, ...args: string[]) => {
    const worker = opened.use(startWorker<ServerAbilities>(file, 0, args))
    return { worker, ports: await worker.ask('ports', {}) }
  }
  const servers: Readonly<Record<string, Awaited<ReturnType<typeof start>>>> = {
    ours: await start('our-server.ts'),
    limit: await start('limit-server.ts'),
    'keeping limit': await start('limit-server.ts', join(folder.path, 'journal.db')),
    ws: await start('ws-server.ts'),
  }
  const load = opened.use(startWorker<Load>('load.ts', 1))

  const lap = (
    name: string,
    goals: Pick<Lap, 'goal' | 'p99Goal' | 'against' | 'warmUp'>,
    prepare: (ports: Ports, share: number) => Promise<void>,
  ): Lap => ({
    name,
    ...goals,
    async run(server, share) {
      const { worker, ports } = servers[server]!
      await prepare(ports, share)
      const before = await worker.ask('cpuUsage', {})
      const timing = await load.ask('run', {})
      const after = await worker.ask('cpuUsage', {})
      await load.ask('close', {})
      return { ...timing, cpuMs: (after.user - before.user + after.system - before.system) / 1000 }
    },
  })
  const calls = (
    name: string,
    goals: Pick<Lap, 'goal' | 'against' | 'warmUp'>,
    [connections, inFlight, times]: readonly [connections: number, inFlight: number, times: number],
  ) =>
    lap(name, goals, ({ sockets }, share) =>
      load.ask('callers', { port: sockets, connections, inFlight, times: Math.ceil(times * share) }),
    )
  const events = (
    name: string,
    goals: Pick<Lap, 'goal' | 'against' | 'warmUp'>,
    listeners: number,
    perTurn: number,
    times: number,
  ) =>
    lap(name, goals, (ports, share) => {
      const shared = {
        listeners: Math.ceil(listeners * Math.min(1, Math.max(share, 0.01))),
        times: Math.ceil(times * share) * perTurn,
      }
      return load.ask('audience', { ports, perTurn, window: perTurn * 4, ...shared })
    })
  const pacedEvents = (name: string, listeners: number, times: number) =>
    lap(name, { p99Goal: 1.5 }, (ports, share) =>
      load.ask('watchers', { ports, listeners, perTurn: 1, times: Math.ceil(times * share), paceMs: 5 }),
    )

  const laps = [
    // It takes some hundred thousand calls until everything on their way is compiled, and ten thousand events.
    calls('calls, 64 connections', { goal: 0.8, warmUp: 3 }, [64, 1, 30_000]),
    calls('calls, 64 connections, beside bare ws', { against: 'ws' }, [64, 1, 30_000]),
    calls('calls, 64 in flight on one connection', { goal: 0.5 }, [1, 64, 40_000]),
    calls('calls, 64 in flight on one connection, beside bare ws', { against: 'ws' }, [1, 64, 40_000]),
    calls('calls, one at a time', { goal: 0.8 }, [1, 1, 4000]),
    events('an event to 10 sockets', { goal: 0.85, warmUp: 15 }, 10, 1, 1000),
    events(
      'an event to 10 sockets, each written down',
      { goal: 0.85, against: 'keeping limit', warmUp: 5 },
      10,
      1,
      1000,
    ),
    events('an event to 100 sockets', { goal: 0.9 }, 100, 1, 600),
    events('an event to 100 sockets, each written down', { goal: 0.9, against: 'keeping limit' }, 100, 1, 600),
    events('an event to 100 sockets, beside bare ws', { against: 'ws' }, 100, 1, 600),
    events('an event to 1000 sockets', { goal: 0.9 }, 1000, 1, 60),
    events('an event to 1000 sockets, each written down', { goal: 0.9, against: 'keeping limit' }, 1000, 1, 60),
    events('16 events in one turn, to 10 sockets', { goal: 1 }, 10, 16, 60),
    events('16 events in one turn, to 100 sockets', { goal: 1 }, 100, 16, 150),
    events('16 events in one turn, to 1000 sockets', { goal: 1 }, 1000, 16, 8),
    pacedEvents('200 events a second, to 100 sockets', 100, 200),
  ]
  const owned = opened.move()
  return { laps, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

export const suite: Suite = {
  about:
    'Calls and events over WebSocket: the whole of ours beside the least a server could do, frames made by hand and one reply or event built before. 1 x would be that limit; `each written down` is a limit that also keeps every event on disk, as ours does, and `bare ws` is that library with an event printed once.',
  races: [{ name: 'WebSocket, hub and store on disk included', open }],
}
