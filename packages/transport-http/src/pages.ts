import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { FastifyCorsOptions } from '@fastify/cors'
import { ActionFailure } from '@seekyou/protocol'
import type { Clock, Gateway, Logger, MediaStore } from '@seekyou/protocol'
import { fastify } from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { redeemTickets, serveConsoleSession } from './console-session.ts'
import { serveEventStream } from './event-stream.ts'
import type { Admission, Gate } from './gate.ts'
import { takeOver } from './hijack.ts'
import { rootOf } from './late-routes.ts'
import type { OpenRoutes } from './late-routes.ts'
import type { MediaSeal } from './media-seal.ts'
import { serveOpenly } from './open-routes.ts'
import type { HttpServerOptions } from './options.ts'
import { bodyTooLarge, readFailure, send } from './reply.ts'
import { pathOf } from './request-url.ts'
import type { Sessions } from './sessions.ts'

/** The gate as routes of fastify ask it: whoever is turned away has been answered. */
export interface PageGate extends Pick<Gate, 'isForeign' | 'watch'> {
  readonly admit: (request: FastifyRequest, reply: FastifyReply) => Gateway | undefined
  /** The same for what only the access token opens, and no scoped one. */
  readonly admitOwner: (request: FastifyRequest, reply: FastifyReply) => Gateway | undefined
}

/** Routes for people and operators, besides those of bot programs. */
export interface HttpRoutes {
  /** The first segments of their paths. */
  readonly roots: readonly string[]
  /** Adds them, once the first is asked for; whoever may not see one is turned away at the `gate`. */
  readonly add: (app: FastifyInstance, gate: PageGate) => void | Promise<void>
}

export interface PagesSetup {
  readonly gateway: Gateway
  readonly gate: Gate
  readonly options: HttpServerOptions
  readonly media: Pick<MediaStore, 'get'> | undefined
  readonly seal: Pick<MediaSeal, 'admits'> | undefined
  readonly sessions: Sessions | undefined
  readonly routes: HttpRoutes | undefined
  /** The first segments of the paths that are asked for here. */
  readonly roots: ReadonlySet<string>
  /** Takes what is none of the routes, with the headers that were set here. */
  readonly others: RequestListener
  /** Why streams end when the server stops; asked then. */
  readonly farewell: () => string
  readonly clock: Clock
  readonly log: Logger
}

/** No route has a schema; what fastify would compile one with is not even loaded. */
const noSchemas = { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } }
function noCompiler(): never {
  throw new Error('no route has a schema')
}

/** Sets up all that is no call: streams, files, and what people and operators ask for. It never listens itself. */
export async function openPages(setup: PagesSetup): Promise<OpenRoutes> {
  const { gateway, options, media, seal, sessions, routes, roots, others, farewell, clock, log } = setup
  const gate = pageGate(setup.gate)
  const app = fastify({
    bodyLimit: Math.floor(options.body_limit * 1024 * 1024),
    serverFactory: (handler) => createServer(handler),
    exposeHeadRoutes: false,
    schemaController: noSchemas,
    // What still arrives while it stops is answered as always.
    return503OnClosing: false,
    // A path that cannot be decoded is no route's.
    frameworkErrors: (_error, request, reply) => others(request.raw, takeOver(reply)),
  })
  app.setErrorHandler((error, request, reply) => {
    const failure = readFailure(fromFastify(error))
    if (failure.kind === 'internal') log.error({ err: error, path: pathOf(request.raw) }, 'an HTTP request failed')
    // fastify closes the connection after any body it could not read; ours is read, or Node reads past it.
    reply.removeHeader('connection')
    send(takeOver(reply), gateway.refuse(failure.kind, failure.message))
  })
  app.addHook('onRoute', ({ url }) => {
    // The one of CORS is below all of them.
    if (url !== '*' && !roots.has(rootOf(url))) throw new Error(`no request for ${url} would come here: name its root`)
  })

  if (sessions) redeemTickets(app, sessions)
  if (options.allowed_origins.length > 0) {
    const { fastifyCors } = await import('@fastify/cors')
    await app.register(fastifyCors, corsOf(options.allowed_origins))
  }
  serveOpenly(app, gateway, media, seal)
  serveEventStream(app, gateway, gate, { options, farewell, clock, log })
  if (sessions) serveConsoleSession(app, gateway, gate, sessions)
  if (options.data_files !== undefined) {
    const { serveDataFiles } = await import('./data-files.ts')
    serveDataFiles(app, gateway, gate, options.data_files)
  }
  await routes?.add(app, gate)
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) others(request.raw, takeOver(reply))
    else done()
  })
  await app.ready()
  return { routing: (request, response) => app.routing(request, response), close: () => app.close() }
}

function pageGate({ admit, admitOwner, isForeign, watch }: Gate): PageGate {
  const read = (admission: Admission, reply: FastifyReply): Gateway | undefined => {
    if ('client' in admission) return admission.client
    send(takeOver(reply), admission.refusal)
    return undefined
  }
  return {
    admit: (request, reply) => read(admit(request.raw), reply),
    admitOwner: (request, reply) => read(admitOwner(request.raw), reply),
    isForeign,
    watch,
  }
}

/** What fastify throws for what is wrong with a request, as it is told here. */
function fromFastify(error: unknown): unknown {
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge()
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new ActionFailure('bad-content-type', 'the Content-Type cannot be read here')
  }
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
    ? new ActionFailure('bad-request', 'the request cannot be read', { cause: error })
    : error
}

/** What web pages of these origins may do, and no others. */
function corsOf(origins: string[]): FastifyCorsOptions {
  return {
    origin: origins,
    methods: ['GET', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID'],
    maxAge: 600,
  }
}
