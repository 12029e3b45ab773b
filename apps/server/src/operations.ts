import type { Account } from '@seekyou/hub'
import type { Clock, Logger, MediaStore } from '@seekyou/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BotStatus } from './bot-status.ts'
import type { RouteContract } from '@seekyou/api-reference'
import { createInspections, serveInspections } from './inspect-routes.ts'
import { METRICS_TYPE, readMetrics, writeMetrics } from './metrics.ts'
import { serveTap, tapContract } from './tap-route.ts'

/** What operators are served, and their tools. */
export interface OperationsSetup {
  /** Whether a request may see it; if not, it has been answered. */
  readonly admits: (request: FastifyRequest, reply: FastifyReply) => boolean
  readonly account: Account
  /** Every bot of the process, this one too. */
  readonly bots: () => readonly BotStatus[]
  readonly dataDir: string
  readonly media: Pick<MediaStore, 'size'>
  /** The configuration that is in force. */
  readonly config: () => unknown
  /** Whether `/metrics` asks for no token. */
  readonly metricsAreOpen: boolean
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Serves `/readyz`, `/metrics` and `/inspect/…`, which operators and their tools ask. All of them but the first ask for
 * the token of the listener. Returns what is served below `/inspect/`.
 */
export function serveOperations(app: FastifyInstance, setup: OperationsSetup): readonly RouteContract[] {
  const { admits, account, bots, dataDir, media, config, metricsAreOpen, clock, log } = setup
  const metrics = () => readMetrics(account, { dataDir, media })
  const guarded = {
    onRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
      if (admits(request, reply)) done()
    },
  }

  app.get('/readyz', async (_request, reply) => {
    const [troubles, links] = await Promise.all([account.troubles(), account.links.list()])
    // A bot program that is gone is no reason to send nobody here any more, so it is told and no more.
    const failing = links.filter(({ state }) => state?.phase === 'waiting')
    const absent = bots().filter(({ phase }) => phase !== 'serving')
    const degraded = [
      ...failing.map(({ name }) => `the link ${name} is failing`),
      ...absent.map(({ bot, phase, reason }) => `${bot} ${phase === 'waiting' ? 'waits' : 'cannot serve'}: ${reason}`),
    ]
    const reasons = [...troubles, ...degraded]
    const status = troubles.length > 0 ? 'unready' : degraded.length > 0 ? 'degraded' : 'ready'
    return reply
      .code(troubles.length > 0 ? 503 : 200)
      .header('cache-control', 'no-store')
      .send({ status, reasons })
  })

  app.get('/metrics', metricsAreOpen ? {} : guarded, async (_request, reply) =>
    reply.type(METRICS_TYPE).send(writeMetrics(await metrics())),
  )

  const inspections = createInspections({ account, bots, config, metrics })
  serveInspections(app, inspections, { guarded, log })
  serveTap(app, { guarded, account, clock, log })
  return [tapContract, ...inspections]
}
