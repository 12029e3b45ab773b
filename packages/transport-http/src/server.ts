import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@seekyou/protocol'
import type { Clock, Gateway, Logger, MediaStore } from '@seekyou/protocol'
import { fastify } from 'fastify'
import type { FastifyInstance } from 'fastify'
import { serveActions } from './actions-api.ts'
import { createGate } from './gate.ts'
import type { Gate } from './gate.ts'
import { ListenFailed } from './listen-failed.ts'
import { answerMalformedRequest } from './malformed-request.ts'
import type { MediaSeal } from './media-seal.ts'
import { serveOpenly } from './open-routes.ts'
import type { HttpServerOptions } from './options.ts'
import { readFailure, send } from './reply.ts'
import { pathOf } from './request-url.ts'

/** A running HTTP side of an account; disposing it stops it. */
export interface HttpServer extends AsyncDisposable {
  /**
   * Begins to accept. `host` and `port` are those it got, `url` is one that works on this machine.
   *
   * @throws ListenFailed
   */
  listen(): Promise<{ readonly host: string; readonly port: number; readonly url: string }>
  /** Node's own server, for whoever takes its WebSocket upgrades. */
  readonly server: Server
}

/** Adds routes to the HTTP server of an account; whoever may not see them is turned away at the `gate`. */
export type HttpRoutes = (app: FastifyInstance, gate: Gate) => void | Promise<void>

/** How long running requests may go on once the server is told to stop. */
const GRACE_MS = 2000
/** A client that sends slower than this sends nothing worth waiting for. */
const REQUEST_TIMEOUT_MS = 300_000
/** Room for a long message in a query, where every Chinese character takes nine bytes. */
const HEADER_LIMIT = 128 * 1024

/**
 * Makes the HTTP server of an account: the actions, what a backend lets people play, stored media, and the routes that
 * `routes` adds, which are open to everyone unless they ask for a token at the gate they are given.
 *
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/http.md
 */
export async function createHttpServer({
  gateway,
  options,
  media,
  seal,
  routes,
  log,
  clock = systemClock,
}: {
  readonly gateway: Gateway
  readonly options: HttpServerOptions
  readonly media?: Pick<MediaStore, 'get'>
  /** Opens media only to addresses that have not expired; default: they never do. */
  readonly seal?: Pick<MediaSeal, 'admits'>
  readonly routes?: HttpRoutes
  readonly log: Logger
  readonly clock?: Clock
}): Promise<HttpServer> {
  const gate = createGate(gateway, log)
  const app: FastifyInstance = fastify({
    bodyLimit: Math.floor(options.body_limit * 1024 * 1024),
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      maxHeaderSize: HEADER_LIMIT,
      // An upgrade to anything else (curl offers h2c) is an ordinary request that may go on without.
      shouldUpgradeCallback: ({ headers }) =>
        headers.upgrade?.toLowerCase() === 'websocket' && app.server.listenerCount('upgrade') > 0,
    },
    exposeHeadRoutes: false,
    // What still arrives while it stops is answered as always; its connection is closed afterwards.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => answerMalformedRequest(error, socket, gateway),
    // A path that cannot be decoded comes to no hook, so its checks are made here.
    frameworkErrors: (_error, request, reply) => {
      if (!gate.admitsMethod(request, reply, ['GET', 'POST']) || !gate.admitsToken(request, reply)) return
      send(reply, gateway.refuse('bad-request', 'a percent-escape in the path is broken; write % itself as %25'))
    },
  })

  app.setErrorHandler((error, request, reply) => {
    const failure = readFailure(error)
    if (failure.kind === 'internal') log.error({ err: error, path: pathOf(request) }, 'an HTTP request failed')
    // fastify closes the connection after any body it could not read; ours is read, or Node reads past it.
    reply.removeHeader('connection')
    send(reply, gateway.refuse(failure.kind, failure.message))
  })

  // Every GET and every POST has a route, so what has none has another method.
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404 || gate.admitsMethod(request, reply, ['GET', 'POST'])) done()
  })

  await app.register(async (scope) => serveOpenly(scope, gateway, gate, media, seal))
  await app.register(async (scope) => serveActions(scope, gateway, gate))
  if (routes) await app.register(async (scope) => routes(scope, gate))
  await app.ready()

  let stopping: Promise<void> | undefined
  async function stop(): Promise<void> {
    const closed = app.close()
    const graceOver = Promise.withResolvers<void>()
    const timer = clock.setTimeout(graceOver.resolve, GRACE_MS)
    await Promise.race([closed, graceOver.promise])
    timer.cancel()
    // Sockets that were upgraded belong to whoever took them; they are neither closed nor waited for.
    app.server.closeAllConnections()
  }

  return {
    server: app.server,
    async listen() {
      const { host, port } = options
      try {
        await app.listen({ host, port })
      } catch (cause) {
        throw new ListenFailed(host, port, cause)
      }
      const bound = app.server.address() as AddressInfo
      return { host: bound.address, port: bound.port, url: `http://${reachable(bound)}:${bound.port}` }
    },
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  }
}

/** The address as a URL writes it; where it listens on every network, the loopback address. */
function reachable({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1'
  return family === 'IPv6' ? `[${address}]` : address
}
