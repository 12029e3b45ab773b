import { attempt, readParams } from '@seekyou/actions'
import type { Account } from '@seekyou/hub'
import { answer, dialects, once, userId } from '@seekyou/protocol'
import type { Logger } from '@seekyou/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as z from 'zod'
import { METRICS_TYPE, writeMetrics } from './metrics.ts'

/** What operators are served, and their tools. */
export interface OperationsSetup {
  /** Whether a request may see it; if not, it has been answered. */
  readonly admits: (request: FastifyRequest, reply: FastifyReply) => boolean
  readonly account: Account
  readonly dataDir: string
  /** Whether `/metrics` asks for no token. */
  readonly metricsAreOpen: boolean
  readonly log: Logger
}

/** Text of a query is read as the number it stands for. */
const count = () => z.coerce.number({ error: 'a number' }).pipe(z.int({ error: 'a whole number' }).min(0))

const letterList = once(() => ({
  params: z.object({ link: z.string().optional(), limit: count().pipe(z.int().max(1000)).default(100) }),
}))
const lettersToRetry = once(() => ({ params: z.object({ link: z.string(), seq: count().optional() }) }))
const letterToDiscard = once(() => ({ params: z.object({ link: z.string(), seq: count() }) }))
const messagePage = once(() => ({
  params: z.object({ after: count().default(0), limit: count().pipe(z.int().max(1000)).default(100) }),
}))
const personToForget = once(() => ({ params: z.object({ user_id: userId }) }))

/**
 * Serves `/readyz`, `/metrics` and `/inspect/…`, which the commands of operators ask. All of them but the first ask for
 * the token of the listener; answers are envelopes, as those of actions are.
 */
export function serveOperations(app: FastifyInstance, setup: OperationsSetup): void {
  const { admits, account, dataDir, metricsAreOpen, log } = setup
  const guarded = {
    onRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
      if (admits(request, reply)) done()
    },
  }
  const envelope =
    (run: (params: unknown) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const params = request.method === 'GET' ? request.query : request.body
      const { status, body } = answer(
        await attempt(request.routeOptions.url ?? request.method, log, () => run(params)),
        dialects.default,
      )
      return reply.code(status).header('cache-control', 'no-store').send(body)
    }

  app.get('/readyz', async (_request, reply) => {
    const [troubles, links] = await Promise.all([account.troubles(), account.links()])
    // A bot program that is gone is no reason to send nobody here any more, so it is told and no more.
    const failing = links.filter(({ state }) => state?.phase === 'waiting')
    const reasons = [...troubles, ...failing.map(({ name }) => `the link ${name} is failing`)]
    const status = troubles.length > 0 ? 'unready' : failing.length > 0 ? 'degraded' : 'ready'
    return reply
      .code(troubles.length > 0 ? 503 : 200)
      .header('cache-control', 'no-store')
      .send({ status, reasons })
  })

  app.get('/metrics', metricsAreOpen ? {} : guarded, async (_request, reply) =>
    reply.type(METRICS_TYPE).send(await writeMetrics(account, dataDir)),
  )

  app.get(
    '/inspect/links',
    guarded,
    envelope(async () => {
      const [links, letters] = await Promise.all([account.links(), account.deadLetterCounts()])
      return links.map((link) => ({
        name: link.name ?? null,
        kind: link.kind ?? null,
        state: link.state ?? null,
        cursor: link.cursor,
        lag: link.lag,
        paused: link.isPaused,
        last_written_at: link.lastWrittenAt ?? null,
        connections: link.connections,
        dead_letters: (link.name !== undefined && letters.get(link.name)) || 0,
      }))
    }),
  )

  app.get(
    '/inspect/dead_letters',
    guarded,
    envelope((params) => {
      const { link, limit } = readParams('dead_letters', letterList(), params)
      return account.deadLetters({ ...(link !== undefined && { link }), limit })
    }),
  )
  app.post(
    '/inspect/dead_letters/retry',
    guarded,
    envelope(async (params) => {
      const { link, seq } = readParams('retry', lettersToRetry(), params)
      return { retried: await account.retryDeadLetters(link, seq) }
    }),
  )
  app.post(
    '/inspect/dead_letters/discard',
    guarded,
    envelope(async (params) => {
      const { link, seq } = readParams('discard', letterToDiscard(), params)
      return { discarded: await account.discardDeadLetter(link, seq) }
    }),
  )

  app.get(
    '/inspect/messages',
    guarded,
    envelope(async (params) => {
      const { after, limit } = readParams('messages', messagePage(), params)
      const { total, messages } = await account.storedMessages(after, limit)
      return { total, messages: messages.map(({ event, recalled }) => ({ ...event, recalled })) }
    }),
  )
  app.post(
    '/inspect/forget',
    guarded,
    envelope((params) => {
      const { user_id } = readParams('forget', personToForget(), params)
      return account.forget(user_id)
    }),
  )
}
