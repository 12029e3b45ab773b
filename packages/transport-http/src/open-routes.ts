import type { Gateway, MediaStore } from '@seekyou/protocol'
import type { FastifyInstance } from 'fastify'
import type { Gate } from './gate.ts'
import type { MediaSeal } from './media-seal.ts'
import { send } from './reply.ts'

/** Greets people who open the address of the server, and tells programs what to ask for. */
export function serveGreeting(app: FastifyInstance, gateway: Gateway, gate: Gate): void {
  app.get('/', (request, reply) => {
    if (request.headers.accept?.includes('text/html')) {
      void reply.type('text/plain; charset=utf-8').send(GREETING)
    } else if (gate.admit(request, reply)) {
      send(reply, gateway.refuse('unknown-action', 'name an action: GET /<action>, POST /<action>, or POST / with it'))
    }
  })
}

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
          send(reply, { ...gateway.refuse('no-data', 'there is no such file; it may have expired'), status: 404 })
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

const GREETING = `SeekYou is running here: a bot API as CQHTTP, OneBot 11 and go-cqhttp define it.

People open /console/ and /docs, where this server has them.
Programs call GET or POST /<action>, for example /get_login_info, or connect a WebSocket.
`
