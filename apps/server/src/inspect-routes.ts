import type { Readable } from 'node:stream'
import { attempt, readParams } from '@seekyou/actions'
import { redact } from '@seekyou/hub'
import type { Account, TapRecord } from '@seekyou/hub'
import { ActionFailure, answer, dialects, userId } from '@seekyou/protocol'
import type { Clock, Logger } from '@seekyou/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import * as z from 'zod'
import type { Family } from './metrics.ts'
import { streamTap } from './tap-stream.ts'

interface InspectionSetup {
  /** Lets only those in that may see it. */
  readonly guarded: { readonly onRequest: onRequestHookHandler }
  readonly account: Account
  readonly config: () => unknown
  readonly metrics: () => Promise<readonly Family[]>
  readonly clock: Clock
  readonly log: Logger
}

/** Text of a query is read as the number it stands for. */
const count = z.coerce.number({ error: 'a number' }).pipe(z.int({ error: 'a whole number' }).min(0))

const letterList = {
  params: z.object({ link: z.string().optional(), limit: count.pipe(z.int().max(1000)).default(100) }),
}
const lettersToRetry = { params: z.object({ link: z.string(), seq: count.optional() }) }
const letterToDiscard = { params: z.object({ link: z.string(), seq: count }) }
const linkToHold = { params: z.object({ link: z.string() }) }
const eventToReplay = {
  params: z.object({
    link: z.string(),
    seq: count.optional(),
    event: z.record(z.string(), z.unknown(), { error: 'an event, as an object' }).optional(),
  }),
}
const messagePage = {
  params: z.object({ after: count.default(0), limit: count.pipe(z.int().max(1000)).default(100) }),
}
const personToForget = { params: z.object({ user_id: userId }) }
const tapRecordTypes = ['event', 'delivery', 'call', 'link'] as const satisfies readonly TapRecord['type'][]
const typeList = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(tapRecordTypes, { error: `some of ${tapRecordTypes.join(', ')}, with commas in between` })))
  .transform((types) => new Set(types))
const tapPage = {
  params: z.object({
    format: z.enum(['sse', 'json'], { error: 'sse or json' }).default('sse'),
    after: count.optional(),
    recent: count.pipe(z.int().max(10_000)).default(200),
    limit: count.pipe(z.int().min(1).max(1000)).default(200),
    types: typeList.optional(),
  }),
}

/** Serves `/inspect/…`, which the console and the commands of operators ask; answers are envelopes, as those of actions. */
export function serveInspection(app: FastifyInstance, setup: InspectionSetup): void {
  const { guarded, account, config, metrics, clock, log } = setup
  const answerWith = async (request: FastifyRequest, run: () => unknown) =>
    answer(await attempt(request.routeOptions.url ?? request.method, log, async () => run()), dialects.default)
  const envelope =
    (run: (params: unknown) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const params = request.method === 'GET' ? request.query : request.body
      const { status, body } = await answerWith(request, () => run(params))
      return reply.code(status).header('cache-control', 'no-store').send(body)
    }

  const streams = new Set<Readable>()
  app.get('/inspect/tap', guarded, async (request, reply) => {
    let stream: Readable | undefined
    const { status, body } = await answerWith(request, () => {
      const { tap } = account
      if (!tap) throw new ActionFailure('unsupported', 'nothing is kept of what passes: tap.records is 0')
      const asked = readParams('tap', tapPage, request.query)
      const { format, recent, limit, types } = asked
      const after = readLastEventId(request) ?? asked.after
      if (format === 'json') return tap.read({ after: after ?? tap.beforeLast(limit, types), limit, types })
      stream = streamTap(tap, { after: after ?? tap.beforeLast(recent, types), types, clock })
      return null
    })
    reply.header('cache-control', 'no-store')
    if (!stream) return reply.code(status).send(body)
    streams.add(stream)
    stream.once('close', () => streams.delete(stream!))
    // Proxies that collect an answer before they pass it on leave this one alone.
    return reply.headers({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' }).send(stream)
  })
  app.addHook('preClose', (done) => {
    for (const stream of streams) stream.push(null)
    done()
  })

  app.get(
    '/inspect/config',
    guarded,
    envelope(() => redact(config())),
  )
  app.get(
    '/inspect/metrics',
    guarded,
    envelope(() => metrics()),
  )

  app.get(
    '/inspect/links',
    guarded,
    envelope(async () => {
      const [links, letters] = await Promise.all([account.links(), account.deadLetterCounts()])
      return links.map((link) => ({
        id: link.id,
        name: link.name ?? null,
        kind: link.kind ?? null,
        state: link.state ?? null,
        cursor: link.cursor,
        lag: link.lag,
        paused: link.isPaused,
        held: link.isHeld,
        last_written_at: link.lastWrittenAt ?? null,
        connections: link.connections,
        retries: link.retries,
        dead_letters: (link.name !== undefined && letters.get(link.name)) || 0,
      }))
    }),
  )

  app.post(
    '/inspect/links/pause',
    guarded,
    envelope(async (params) => {
      const { link } = readParams('pause', linkToHold, params)
      await account.pauseLink(link)
      return { link, held: true }
    }),
  )
  app.post(
    '/inspect/links/resume',
    guarded,
    envelope(async (params) => {
      const { link } = readParams('resume', linkToHold, params)
      await account.resumeLink(link)
      return { link, held: false }
    }),
  )
  app.post(
    '/inspect/replay',
    guarded,
    envelope(async (params) => {
      const { link, seq, event } = readParams('replay', eventToReplay, params)
      if ((seq === undefined) === (event === undefined)) {
        throw new ActionFailure('bad-params', 'replay takes seq, the number of an event, or event, the event itself')
      }
      return { link, outcome: await account.replay(link, seq === undefined ? { event: event! } : { seq }) }
    }),
  )

  app.get(
    '/inspect/dead_letters',
    guarded,
    envelope((params) => {
      const { link, limit } = readParams('dead_letters', letterList, params)
      return account.deadLetters({ ...(link !== undefined && { link }), limit })
    }),
  )
  app.post(
    '/inspect/dead_letters/retry',
    guarded,
    envelope(async (params) => {
      const { link, seq } = readParams('retry', lettersToRetry, params)
      return { retried: await account.retryDeadLetters(link, seq) }
    }),
  )
  app.post(
    '/inspect/dead_letters/discard',
    guarded,
    envelope(async (params) => {
      const { link, seq } = readParams('discard', letterToDiscard, params)
      return { discarded: await account.discardDeadLetter(link, seq) }
    }),
  )

  app.get(
    '/inspect/messages',
    guarded,
    envelope(async (params) => {
      const { after, limit } = readParams('messages', messagePage, params)
      const { total, messages } = await account.storedMessages(after, limit)
      return { total, messages: messages.map(({ event, recalled }) => ({ ...event, recalled })) }
    }),
  )
  app.post(
    '/inspect/forget',
    guarded,
    envelope((params) => {
      const { user_id } = readParams('forget', personToForget, params)
      return account.forget(user_id)
    }),
  )
}

/** What a browser that comes back has last. */
function readLastEventId({ headers }: FastifyRequest): number | undefined {
  const id = headers['last-event-id']
  return typeof id === 'string' && /^\d{1,16}$/.test(id) ? Number(id) : undefined
}
