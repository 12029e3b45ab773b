import { attempt, readParams } from '@seekyou/actions'
import type { RouteContract } from '@seekyou/api-reference'
import { redact } from '@seekyou/hub'
import type { Account, LinkStatus } from '@seekyou/hub'
import { ActionFailure, answer, dialects, integer, once, userId } from '@seekyou/protocol'
import type { Logger } from '@seekyou/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import * as z from 'zod'
import type { BotStatus } from './bot-status.ts'
import type { Family } from './metrics.ts'
import { withoutSecretsInUrls } from './secret-names.ts'

/** Something that operators look at or do, at a path below `/inspect/`. */
interface Inspection<Params extends z.ZodObject> extends Pick<RouteContract, 'path' | 'summary'> {
  readonly method: 'GET' | 'POST'
  /** Made when it is first needed. */
  readonly params: () => Params
  readonly run: (params: z.output<Params>) => unknown
}

/** Text of a query is read as the number it stands for. */
export const count = once(() => integer.pipe(z.int().min(0, { error: 'a whole number from 0' })))

const nothing = once(() => z.object({}))
const pageSize = once(() =>
  count()
    .pipe(z.int().max(1000, { error: 'at most 1000' }))
    .default(100),
)
const linkName = once(() => z.string({ error: 'the id of a link, as /inspect/links tells it' }))
const letterLink = once(() => z.string({ error: 'the name of a link' }))

/** What there is below `/inspect/`, besides the tap itself. */
export function createInspections({
  account,
  bots,
  config,
  metrics,
}: {
  readonly account: Account
  /** Every bot of the process, whichever is asked. */
  readonly bots: () => readonly BotStatus[]
  readonly config: () => unknown
  readonly metrics: () => Promise<readonly Family[]>
}) {
  return [
    inspection({
      method: 'GET',
      path: '/inspect/bots',
      summary: 'Every bot of the program, and how it is doing.',
      params: nothing,
      run: () => bots(),
    }),
    inspection({
      method: 'GET',
      path: '/inspect/config',
      summary: 'The configuration in force, its secrets left out.',
      params: nothing,
      run: () => redact(withoutSecretsInUrls(config(), '***')),
    }),
    inspection({
      method: 'GET',
      path: '/inspect/metrics',
      summary: 'What /metrics tells Prometheus, as JSON.',
      params: nothing,
      run: () => metrics(),
    }),
    inspection({
      method: 'GET',
      path: '/inspect/links',
      summary: 'How every link to a bot program is doing.',
      params: nothing,
      async run() {
        const [links, letters] = await Promise.all([account.links.list(), account.deadLetterCounts()])
        return links.map((link) => describeLink(link, letters))
      },
    }),
    inspection({
      method: 'POST',
      path: '/inspect/links/pause',
      summary: 'Tells a link nothing until it is resumed; what happens meanwhile waits in the journal.',
      params: () => z.object({ link: linkName() }),
      async run({ link }) {
        await account.links.pause(link)
        return { link, held: true }
      },
    }),
    inspection({
      method: 'POST',
      path: '/inspect/links/resume',
      summary: 'Tells a link what happened while it was paused, and goes on.',
      params: () => z.object({ link: linkName() }),
      async run({ link }) {
        await account.links.resume(link)
        return { link, held: false }
      },
    }),
    inspection({
      method: 'POST',
      path: '/inspect/replay',
      summary: 'Tells one link an event once more, by its number, or one that is written here.',
      params: () =>
        z.object({
          link: linkName(),
          seq: count().optional(),
          event: z.record(z.string(), z.unknown(), { error: 'an event, as an object' }).optional(),
        }),
      async run({ link, seq, event }) {
        if ((seq === undefined) === (event === undefined)) {
          throw new ActionFailure('bad-params', 'replay takes seq, the number of an event, or event, the event itself')
        }
        return { link, outcome: await account.links.replay(link, seq === undefined ? { event: event! } : { seq }) }
      },
    }),
    inspection({
      method: 'GET',
      path: '/inspect/trace',
      summary: 'An event, what became of it on every link, and the calls that have to do with it.',
      params: () => z.object({ seq: count() }),
      run: ({ seq }) => account.trace(seq),
    }),
    inspection({
      method: 'GET',
      path: '/inspect/dead_letters',
      summary: 'The events that bot programs refused, oldest first.',
      params: () => z.object({ link: letterLink().optional(), limit: pageSize() }),
      run: ({ link, limit }) => account.deadLetters({ ...(link !== undefined && { link }), limit }),
    }),
    inspection({
      method: 'POST',
      path: '/inspect/dead_letters/retry',
      summary: 'Tells a link the events again that its program refused, one or the oldest thousand.',
      params: () => z.object({ link: letterLink(), seq: count().optional() }),
      run: async ({ link, seq }) => ({ retried: await account.links.retryDeadLetters(link, seq) }),
    }),
    inspection({
      method: 'POST',
      path: '/inspect/dead_letters/discard',
      summary: 'Forgets an event that the program of a link refused.',
      params: () => z.object({ link: letterLink(), seq: count() }),
      run: async ({ link, seq }) => ({ discarded: await account.discardDeadLetter(link, seq) }),
    }),
    inspection({
      method: 'GET',
      path: '/inspect/messages',
      summary: 'The stored messages with ids above after, oldest first, and how many there are.',
      params: () => z.object({ after: count().default(0), limit: pageSize() }),
      async run({ after, limit }) {
        const { total, messages } = await account.storedMessages(after, limit)
        return { total, messages: messages.map(({ event, recalled }) => ({ ...event, recalled })) }
      },
    }),
    inspection({
      method: 'POST',
      path: '/inspect/forget',
      summary: 'Erases what a person said.',
      params: () => z.object({ user_id: userId }),
      run: ({ user_id }) => account.forget(user_id),
    }),
  ]
}

/** What is there to serve, its params being whatever its own `run` reads. */
type AnyInspection = RouteContract &
  Pick<Inspection<z.ZodObject>, 'method'> & { readonly run: (params: unknown) => unknown }

function inspection<Params extends z.ZodObject>({ run, ...about }: Inspection<Params>): AnyInspection {
  const name = about.path.slice(about.path.lastIndexOf('/') + 1)
  const params = once(about.params)
  return {
    ...about,
    get params() {
      return params()
    },
    run: (given) => run(readParams(name, { params: params() }, given)),
  }
}

/** Serves what there is to inspect; answers are envelopes, as those of actions are. */
export function serveInspections(
  app: FastifyInstance,
  inspections: readonly AnyInspection[],
  { guarded, log }: { readonly guarded: { readonly onRequest: onRequestHookHandler }; readonly log: Logger },
): void {
  for (const { method, path, run } of inspections) {
    app.route({
      method,
      url: path,
      ...guarded,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const params = method === 'GET' ? request.query : request.body
        const { status, body } = answer(await attempt(path, log, async () => run(params)), dialects.default)
        return reply.code(status).header('cache-control', 'no-store').send(body)
      },
    })
  }
}

function describeLink(link: LinkStatus, letters: ReadonlyMap<string, number>): object {
  return {
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
  }
}
