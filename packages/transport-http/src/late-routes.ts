import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Logger } from '@seekyou/protocol'

/** Routes that are set up when the first of them is asked for; disposing of them ends what they stream. */
export interface LateRoutes extends AsyncDisposable {
  /** Takes a request that is theirs; false for one that is not. */
  serve(request: IncomingMessage, response: ServerResponse): boolean
}

/** A router that is ready. */
export interface OpenRoutes {
  readonly routing: RequestListener
  close(): Promise<void>
}

/** Most starts wait for calls alone, and a router with its routes takes longer to set up than all else in a listener. */
export function createLateRoutes({
  areFor,
  open,
  log,
}: {
  readonly areFor: (request: IncomingMessage) => boolean
  readonly open: () => Promise<OpenRoutes>
  readonly log: Logger
}): LateRoutes {
  let opened: Promise<OpenRoutes> | undefined
  return {
    serve(request, response) {
      if (!areFor(request)) return false
      opened ??= open()
      opened.then(
        ({ routing }) => routing(request, response),
        (error: unknown) => {
          log.error({ err: error }, 'these routes cannot be set up')
          response.writeHead(500).end()
        },
      )
      return true
    },
    async [Symbol.asyncDispose]() {
      const routes = await opened?.catch(() => undefined)
      await routes?.close()
    },
  }
}

/** The first segment of a path. */
export function rootOf(path: string): string {
  const end = path.indexOf('/', 1)
  return path.slice(1, end === -1 ? undefined : end)
}
