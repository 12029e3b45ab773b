import type { RequestListener, Server } from 'node:http'
import type { FastifyCorsOptions } from '@fastify/cors'
import { systemClock } from '@seekyou/protocol'
import type { Clock, Gateway, Logger, MediaStore, Refusal } from '@seekyou/protocol'
import { fastify } from 'fastify'
import type { FastifyInstance } from 'fastify'
import { serveActions } from './actions-api.ts'
import { redeemTickets, serveConsoleSession } from './console-session.ts'
import { serveEventStream } from './event-stream.ts'
import { createGate } from './gate.ts'
import type { Gate } from './gate.ts'
import { createLateRoutes } from './late-routes.ts'
import { createNodeServer, listen, watchCertificate } from './listener.ts'
import type { ListenAddress } from './listener.ts'
import { LongPolling } from './long-polling.ts'
import { answerMalformedRequest } from './malformed-request.ts'
import type { MediaSeal } from './media-seal.ts'
import { serveGreeting, serveOpenly } from './open-routes.ts'
import type { HttpServerOptions } from './options.ts'
import { readFailure, send } from './reply.ts'
import { pathOf } from './request-url.ts'
import type { Sessions } from './sessions.ts'

/** A running HTTP side of an account; disposing it stops it. */
export interface HttpServer extends AsyncDisposable {
  /**
   * Begins to accept, and tells the address it got.
   *
   * @throws ListenFailed
   */
  listen(): Promise<ListenAddress>
  /** Looks again at the tokens of everyone who is connected, and ends what goes on with one that is no longer good. */
  recheck(): void
  /** Stops it, as disposing of it does, and tells those who follow its events why. */
  close(reason: string): Promise<void>
  /** Node's own server, for whoever takes its WebSocket upgrades. */
  readonly server: Server
}

/** Routes for people and operators, besides those of bot programs. */
export interface HttpRoutes {
  /** The first segments of their paths. */
  readonly roots: readonly string[]
  /** Adds them, once the first is asked for; whoever may not see one is turned away at the `gate`. */
  readonly add: (app: FastifyInstance, gate: Gate) => void | Promise<void>
}

/** Params are read by the actions, so no route has a schema; what fastify would compile one with is not even loaded. */
const noSchemas = { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } }
function noCompiler(): never {
  throw new Error('no route has a schema')
}

/** How long running requests may go on once the server is told to stop. */
const GRACE_MS = 2000
/** How long a connection is kept that a client has no request for; longer than proxies keep theirs, in ms. */
const KEEP_ALIVE_MS = 72_000
/** How often requests that take too long are looked for, in ms. */
const OVERDUE_CHECK_MS = 5000

/**
 * Makes the HTTP server of an account: the actions, its events by long polling and as a stream, what a backend lets
 * people play, stored media, the files of a folder, and the routes that `routes` adds, which are open to everyone unless
 * they ask for a token at the gate they are given.
 *
 * @throws ListenFailed for a certificate that cannot be used.
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/http.md
 */
export async function createHttpServer({
  gateway,
  options,
  media,
  seal,
  sessions,
  onRefused,
  routes,
  log,
  clock = systemClock,
}: {
  readonly gateway: Gateway
  readonly options: HttpServerOptions
  readonly media?: Pick<MediaStore, 'get'>
  /** Opens media only to addresses that have not expired; default: they never do. */
  readonly seal?: Pick<MediaSeal, 'admits'>
  /** Who is signed in with a browser; without it nobody can be. */
  readonly sessions?: Sessions
  /** Told of who is turned away for the page they come from, or for a scoped token. */
  readonly onRefused?: (refusal: Refusal) => void
  readonly routes?: HttpRoutes
  readonly log: Logger
  readonly clock?: Clock
}): Promise<HttpServer> {
  const { allowed_origins: origins, allowed_hosts: names, host, socket: socketPath } = options
  const gate = createGate({
    gateway,
    log,
    sessions,
    onRefused,
    origins,
    hosts: socketPath === undefined ? [...names, host.toLowerCase()] : 'any',
  })
  let farewell = 'the server is shutting down'
  const longPolling = new LongPolling({ name: options.updates_name, clock })
  const requestTimeout = options.request_timeout * 1000
  const cors = origins.length > 0 ? (await import('@fastify/cors')).fastifyCors : undefined
  const createApp = (serverFactory: (handler: RequestListener) => Server): FastifyInstance => {
    const created: FastifyInstance = fastify({
      bodyLimit: Math.floor(options.body_limit * 1024 * 1024),
      serverFactory,
      exposeHeadRoutes: false,
      schemaController: noSchemas,
      // What still arrives while it stops is answered as always; its connection is closed afterwards.
      return503OnClosing: false,
      clientErrorHandler: (error, socket) => answerMalformedRequest(error, socket, gateway),
      // A path that cannot be decoded comes to no hook, so its checks are made here.
      frameworkErrors: (_error, request, reply) => {
        if (!gate.admitsMethod(request, reply, ['GET', 'POST']) || !gate.admit(request, reply)) return
        send(reply, gateway.refuse('bad-request', 'a percent-escape in the path is broken; write % itself as %25'))
      },
    })
    created.setErrorHandler((error, request, reply) => {
      const failure = readFailure(error)
      if (failure.kind === 'internal') log.error({ err: error, path: pathOf(request) }, 'an HTTP request failed')
      // fastify closes the connection after any body it could not read; ours is read, or Node reads past it.
      reply.removeHeader('connection')
      send(reply, gateway.refuse(failure.kind, failure.message))
    })
    return created
  }

  const app = createApp((handler) => {
    const server: Server = createNodeServer(
      options,
      {
        maxHeaderSize: options.header_limit * 1024,
        requestTimeout,
        headersTimeout: Math.min(requestTimeout, 60_000),
        connectionsCheckingInterval: Math.min(requestTimeout, OVERDUE_CHECK_MS),
        keepAliveTimeout: KEEP_ALIVE_MS,
        // An upgrade to anything else (curl offers h2c) is an ordinary request that may go on without.
        shouldUpgradeCallback: ({ headers }) =>
          headers.upgrade?.toLowerCase() === 'websocket' && server.listenerCount('upgrade') > 0,
      },
      (request, response) => {
        if (!later.serve(request, response)) handler(request, response)
      },
    )
    return server
  })
  const later = createLateRoutes({
    roots: new Set(['healthz', 'media', '_events', 'console', ...(routes?.roots ?? [])]),
    createApp,
    async add(late) {
      if (sessions) redeemTickets(late, sessions)
      if (cors) await late.register(cors, corsOf(origins))
      serveOpenly(late, gateway, media, seal)
      serveEventStream(late, gateway, gate, { options, farewell: () => farewell, clock, log })
      if (sessions) serveConsoleSession(late, gateway, gate, sessions)
      await routes?.add(late, gate)
    },
    others: (request, response) => app.routing(request, response),
    log,
  })

  // Every GET and every POST has a route, so what has none has another method.
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404 || gate.admitsMethod(request, reply, ['GET', 'POST'])) done()
  })
  if (cors) await app.register(cors, corsOf(origins))
  serveGreeting(app, gateway, gate)
  // Its bodies are read in a way of their own.
  app.register((scope, _options, done) => {
    serveActions(scope, gateway, gate, { longPolling })
    done()
  })
  const { data_files: folder, tls } = options
  if (folder !== undefined) {
    const { serveDataFiles } = await import('./data-files.ts')
    serveDataFiles(app, gateway, gate, folder)
  }
  // Whoever waits for events is no longer waited for.
  app.addHook('preClose', (done) => {
    longPolling.close()
    done()
  })
  await app.ready()
  const certificateWatch = tls && watchCertificate(app.server, tls, { clock, log })

  let stopping: Promise<void> | undefined
  async function stop(): Promise<void> {
    certificateWatch?.[Symbol.dispose]()
    const closed = Promise.all([app.close(), later[Symbol.asyncDispose]()])
    const graceOver = Promise.withResolvers<void>()
    const timer = clock.setTimeout(graceOver.resolve, GRACE_MS)
    await Promise.race([closed, graceOver.promise])
    timer.cancel()
    // Sockets that were upgraded belong to whoever took them; they are neither closed nor waited for.
    app.server.closeAllConnections()
  }

  return {
    server: app.server,
    listen: () => listen(app, options),
    recheck() {
      gate.recheck()
      longPolling.answerAll()
    },
    close(reason) {
      if (!stopping) farewell = reason
      return (stopping ??= stop())
    },
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  }
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
