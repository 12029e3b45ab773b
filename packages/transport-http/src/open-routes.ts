import type { Gateway, MediaStore } from '@seekyou/protocol'
import type { FastifyInstance } from 'fastify'
import { takeOver } from './hijack.ts'
import type { MediaSeal } from './media-seal.ts'
import { send } from './reply.ts'

/** Serves what asks for no token: health, and stored media, whose keys cannot be guessed. */
export function serveOpenly(
  app: FastifyInstance,
  gateway: Gateway,
  media: Pick<MediaStore, 'get'> | undefined,
  seal: Pick<MediaSeal, 'admits'> | undefined,
): void {
  app.get('/healthz', (_request, reply) => void reply.send({ status: 'ok' }))

  if (media) {
    app.get<{ Params: { '*': string }; Querystring: { expires?: unknown; sig?: unknown } }>(
      '/media/*',
      async (request, reply) => {
        const key = request.params['*']
        const isOpen = KEY.test(key) && (seal?.admits(key, request.query) ?? true)
        const found = isOpen ? await media.get(key) : undefined
        if (!found) {
          // A browser goes by the status, whatever the dialect thinks of it.
          send(takeOver(reply), {
            ...gateway.refuse('no-data', 'there is no such file; it may have expired'),
            status: 404,
          })
          return reply
        }
        // A file came from someone in the chat: it must not run scripts as if it were a page of ours.
        return reply
          .headers({
            'content-type': found.type,
            'x-content-type-options': 'nosniff',
            'content-security-policy': "default-src 'none'; sandbox",
            'cache-control': 'public, max-age=31536000, immutable',
          })
          .send(found.bytes)
      },
    )
  }
}

const KEY = /^[0-9a-f]{64}$/
