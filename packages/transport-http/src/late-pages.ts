import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Logger } from '@seekyou/protocol'
import type { FastifyInstance } from 'fastify'

/** Routes of a server that are set up when the first of them is asked for; disposing of them ends what they stream. */
export interface LatePages extends AsyncDisposable {
  /** Answers a request that is theirs; false for one that is not. */
  serve(request: IncomingMessage, response: ServerResponse): boolean
}

/**
 * Most starts wait for no page, and each route takes as long to set up as it does to answer many requests: so those that
 * people and operators ask for have a router of their own.
 */
export function createLatePages({
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
}): LatePages {
  let opened: Promise<FastifyInstance> | undefined

  async function open(): Promise<FastifyInstance> {
    // It never listens: the requests of another server are handed to it.
    const app = createApp((handler) => createServer(handler))
    app.addHook('onRequest', (request, reply, done) => {
      if (!request.is404) return done()
      reply.hijack()
      others(request.raw, reply.raw)
    })
    await add(app)
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
          log.error({ err: error }, 'the pages cannot be served')
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
