import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AsyncApiOptions } from './async-api.ts'
import type { OpenApiOptions } from './open-api.ts'
import type { ServedFile } from './served-file.ts'

/** What the documents say of the server that serves them. */
export type ContractOptions = OpenApiOptions & AsyncApiOptions

export interface ApiReferenceSetup {
  /** Whether a request may see the contract; if not, it has been answered. */
  readonly admits: (request: FastifyRequest, reply: FastifyReply) => boolean
  /** What the documents say; asked once, when one of them is first wanted. */
  readonly describe: () => ContractOptions
}

/**
 * Serves `/openapi.json`, `/asyncapi.json` and the page `/docs` that shows them. Nothing is written or read from the disk
 * before the first request for it.
 */
export function serveApiReference(app: FastifyInstance, { admits, describe }: ApiReferenceSetup): void {
  const openApi = once(async () => {
    const { createOpenApi } = await import('./open-api.ts')
    return documentFile(createOpenApi(describe()))
  })
  const asyncApi = once(async () => {
    const { createAsyncApi } = await import('./async-api.ts')
    return documentFile(createAsyncApi(describe()))
  })
  const page = once(async () => {
    const { readPage } = await import('./page.ts')
    return readPage()
  })

  const guarded = {
    onRequest(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
      if (admits(request, reply)) done()
    },
  }
  app.get('/openapi.json', guarded, async (request, reply) => (await openApi()).send(request, reply))
  app.get('/asyncapi.json', guarded, async (request, reply) => (await asyncApi()).send(request, reply))
  app.get('/docs', guarded, async (request, reply) => (await page()).html.send(request, reply))
  app.get('/docs/', guarded, async (request, reply) => reply.redirect(`../docs${queryOf(request)}`, 308))
  // The files of the renderer are no secret: anyone can have them from npm.
  app.get<{ Params: { name: string } }>('/docs/:name', async (request, reply) => {
    const asset = (await page()).assets.get(request.params.name)
    return asset ? asset.send(request, reply) : reply.code(404).type('text/plain').send('there is no such file\n')
  })
}

async function documentFile(document: object): Promise<ServedFile> {
  const { ServedFile } = await import('./served-file.ts')
  return new ServedFile(JSON.stringify(document), {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'private, no-cache',
  })
}

/** The same promise for everyone who asks; a failure is not kept. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    }))
}

/** The query with its question mark, as it came. */
function queryOf(request: FastifyRequest): string {
  const [, query] = (request.raw.url ?? '').split(/(?=\?)/, 2)
  return query ?? ''
}
