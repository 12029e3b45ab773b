import type { Gateway } from '@seekyou/protocol'
import type { FastifyInstance } from 'fastify'
import { takeOver } from './hijack.ts'
import { sendBadMethod } from './reply.ts'

/** Refuses whatever is none of the methods that a path is served by, before anything else of the request is looked at. */
export function refuseOtherMethods(
  app: FastifyInstance,
  gateway: Gateway,
  url: string,
  served: readonly ('GET' | 'HEAD')[],
): void {
  app.route({
    method: ['POST', 'PUT', 'PATCH', 'DELETE'],
    url,
    // Before the body, which fastify would otherwise have read as what its Content-Type says.
    onRequest: (request, reply) => sendBadMethod(request.raw, takeOver(reply), gateway, served),
    handler: () => undefined,
  })
}
