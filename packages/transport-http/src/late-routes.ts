import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Logger } from '@seekyou/protocol'
import type { FastifyInstance } from 'fastify'

/** Routes of a server that are set up when the first of them is asked for; disposing of them ends what they stream. */
export interface LateRoutes extends AsyncDisposable {
  /** Answers a request that is theirs; false for one that is not. */
  serve(request: IncomingMessage, response: ServerResponse): boolean
}

/**
 * Each route takes as long to set up as it does to answer many requests, and most starts wait for calls alone: so what
 * people, operators and a few programs ask for has a router of its own.
 */
export function createLateRoutes({
  roots,
  createApp,
  add,
  others,
  log,
}: {
  /** The first segments of their paths. */
  readonly roots: ReadonlySet<string>
  readonly createApp: (serverFactory: (handler: RequestListener) => ReturnType<typeof createServer>) => FastifyInstance
  readonly add: (app: FastifyInstance) => Promise<void>
  /** Takes what begins as they do and is none of them. */
  readonly others: RequestListener
  readonly log: Logger
}): LateRoutes {
  let opened: Promise<FastifyInstance> | undefined

  async function open(): Promise<FastifyInstance> {
    // It never listens: the requests of another server are handed to it.
    const app = createApp((handler) => createServer(handler))
    app.addHook('onRoute', ({ url }) => {
      // The one of CORS is below all of them.
      if (url !== '*' && !roots.has(rootOf(url)))
        throw new Error(`no request for ${url} would come here: name its root`)
    })
    await add(app)
    app.addHook('onRequest', (request, reply, done) => {
      if (!request.is404) return done()
      reply.hijack()
      others(request.raw, reply.raw)
    })
    await app.ready()
    return app
  }

  return {
    serve(request, response) {
      if (!roots.has(rootOf(request.url))) return false
      opened ??= open()
      opened.then(
        (app) => app.routing(request, response),
        (error: unknown) => {
          log.error({ err: error }, 'these routes cannot be set up')
          response.writeHead(500).end()
        },
      )
      return true
    },
    async [Symbol.asyncDispose]() {
      const app = await opened?.catch(() => undefined)
      await app?.close()
    },
  }
}

/** The first segment of a path; a client that takes the server for a proxy sends the whole URL. */
function rootOf(url = ''): string {
  return /^(?:https?:\/\/[^/]*)?\/([^/?#]*)/.exec(url)?.[1] ?? ''
}
