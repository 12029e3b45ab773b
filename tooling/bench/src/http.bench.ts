/** Calls over HTTP: our whole stack against node:http with a reply that was built before. */
import type { Suite } from './harness.ts'
import type { CallLoad } from './http/load.ts'
import type { Lap, OpenRace } from './race.ts'
import { startWorker } from './sockets/worker.ts'

type ServerAbilities = {
  readonly ports: (given: object) => { readonly sockets: number }
  readonly cpuUsage: (given: object) => NodeJS.CpuUsage
}

async function open(): Promise<OpenRace> {
  await using opened = new AsyncDisposableStack()
  const start = async (file: string) => {
    const worker = opened.use(startWorker<ServerAbilities>(file, 0))
    return { worker, port: (await worker.ask('ports', {})).sockets }
  }
  const servers: Readonly<Record<string, Awaited<ReturnType<typeof start>>>> = {
    ours: await start('our-server.ts'),
    limit: await start('../http/limit-server.ts'),
    fastify: await start('../http/fastify-server.ts'),
  }
  const load = opened.use(startWorker<CallLoad>('../http/load.ts', 1))

  const calls = (name: string, connections: number, times: number, goals: Partial<Lap>): Lap => ({
    name,
    ...goals,
    async run(server, share) {
      const { worker, port } = servers[server]!
      await load.ask('callers', { port, connections, times: Math.max(connections, Math.ceil(times * share)) })
      const before = await worker.ask('cpuUsage', {})
      const timing = await load.ask('run', {})
      const after = await worker.ask('cpuUsage', {})
      await load.ask('close', {})
      return { ...timing, cpuMs: (after.user - before.user + after.system - before.system) / 1000 }
    },
  })

  // It takes some hundred thousand calls until everything on their way is compiled.
  const goals = { goal: 0.8, p99Goal: 1.5, warmUp: 3 }
  const laps = [
    calls('calls, 64 connections', 64, 30_000, goals),
    calls('calls, 64 connections, beside bare fastify', 64, 30_000, { against: 'fastify' }),
    calls('calls, one at a time', 1, 8000, goals),
    calls('calls, one at a time, beside bare fastify', 1, 8000, { against: 'fastify' }),
  ]
  const owned = opened.move()
  return { laps, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

export const suite: Suite = {
  about:
    'Calls over HTTP: the whole of ours, hub and store on disk included, beside a `node:http` server that sends one reply built before, which is the least that Node can do, and beside a few lines of fastify.',
  races: [{ name: 'HTTP, hub and store on disk included', open }],
}
