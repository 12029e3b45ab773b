import type { Readable } from 'node:stream'
import { attempt, readParams } from '@seekyou/actions'
import type { RouteContract } from '@seekyou/api-reference'
import type { Account, TapRecord } from '@seekyou/hub'
import { ActionFailure, answer, dialects, once } from '@seekyou/protocol'
import type { Clock, Logger } from '@seekyou/protocol'
import type { FastifyInstance, onRequestHookHandler } from 'fastify'
import * as z from 'zod'
import { count } from './inspect-routes.ts'
import { streamTap } from './tap-stream.ts'

const types = ['event', 'delivery', 'call', 'link'] as const satisfies readonly TapRecord['type'][]
const typeList = () =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(types, { error: `some of ${types.join(', ')}, with commas in between` })))
    .transform((names) => new Set(names))

const params = once(() =>
  z.object({
    format: z
      .enum(['sse', 'json'], { error: 'sse or json' })
      .default('sse')
      .describe('a stream that goes on, or one page as JSON'),
    after: count()
      .optional()
      .describe('begin after the record of this id; a stream takes it from Last-Event-ID as well'),
    recent: count()
      .pipe(z.int().max(10_000, { error: 'at most 10000' }))
      .default(200)
      .describe('with how many of the last records a stream begins, where it is not told after which'),
    limit: count()
      .pipe(z.int().min(1).max(1000, { error: 'at most 1000' }))
      .default(200)
      .describe('how many records a page has at most'),
    types: typeList()
      .optional()
      .describe(`only records of these types: some of ${types.join(', ')}, with commas in between`),
  }),
)

/** What `/inspect/tap` is. */
export const tapContract: RouteContract = {
  method: 'GET',
  path: '/inspect/tap',
  summary: 'What passed through the account lately, and what passes: events, deliveries, calls, changes of links.',
  get params() {
    return params()
  },
  isStream: true,
}

/** Serves `/inspect/tap`, as a stream of server-sent events or page by page. */
export function serveTap(
  app: FastifyInstance,
  {
    guarded,
    account,
    clock,
    log,
  }: {
    readonly guarded: { readonly onRequest: onRequestHookHandler }
    readonly account: Account
    readonly clock: Clock
    readonly log: Logger
  },
): void {
  const streams = new Set<Readable>()
  app.get(tapContract.path, guarded, async (request, reply) => {
    let stream: Readable | undefined
    const outcome = await attempt(tapContract.path, log, async () => {
      const { tap } = account
      if (!tap) throw new ActionFailure('unsupported', 'nothing is kept of what passes: tap.records is 0')
      // A browser that comes back says what it has last, whatever the URL said before.
      const { 'last-event-id': lastId } = request.headers
      const query = { ...(request.query as object), ...(lastId && { after: lastId }) }
      const { format, after, recent, limit, types: only } = readParams('tap', { params: params() }, query)
      if (format === 'json') return tap.read({ after: after ?? tap.beforeLast(limit, only), limit, types: only })
      stream = streamTap(tap, { after: after ?? tap.beforeLast(recent, only), types: only, clock })
      return null
    })
    const { status, body } = answer(outcome, dialects.default)
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
}
