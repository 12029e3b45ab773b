import { readCredential } from '@seekyou/protocol'
import type { Gateway, Logger } from '@seekyou/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { send } from './reply.ts'
import { pathOf, queryOf } from './request-url.ts'

/** The first two checks of every request: its method, and the token it shows. */
export interface Gate {
  /** Whether the method is one of `allowed`; if not, the refusal is on its way. */
  readonly admitsMethod: (request: FastifyRequest, reply: FastifyReply, allowed: readonly string[]) => boolean
  /** The gateway that the token opens; `undefined` if it opens none, and then the refusal is on its way. */
  readonly admit: (request: FastifyRequest, reply: FastifyReply) => Gateway | undefined
  /** Has `end` called, with the reason, once the token of an answer that goes on and on is no longer good. */
  readonly watch: (request: FastifyRequest, end: (reason: string) => void) => Disposable
}

/** A gate, and for whoever changes what tokens there are: `recheck` looks again at the tokens of all that is watched. */
export function createGate(gateway: Gateway, log: Logger): Gate & { readonly recheck: () => void } {
  const watched = new Map<FastifyRequest, (reason: string) => void>()
  const authorize = (request: FastifyRequest) =>
    gateway.authorize(readCredential(request.headers.authorization, queryToken(request)), request.ip)
  return {
    admitsMethod(request, reply, allowed) {
      if (allowed.includes(request.method)) return true
      reply.header('allow', allowed.join(', '))
      send(reply, gateway.refuse('bad-method', `${request.method} is not served here; use ${allowed.join(' or ')}`))
      return false
    },

    admit(request, reply) {
      const access = authorize(request)
      if (access.granted) return access.gateway
      // The path only: the query may hold a token.
      log.info({ from: request.ip, path: pathOf(request), reason: access.failure }, 'refused an HTTP request')
      send(reply, gateway.refuse(access.failure, access.wording))
      return undefined
    },

    watch(request, end) {
      watched.set(request, end)
      return { [Symbol.dispose]: () => void watched.delete(request) }
    },

    recheck() {
      for (const [request, end] of watched) if (!authorize(request).granted) end(TOKEN_CHANGED)
    },
  }
}

const TOKEN_CHANGED = 'the token was changed: connect again with the one that holds now'

function queryToken(request: FastifyRequest): string | undefined {
  const query = queryOf(request)
  // Read leniently, for the token is judged before the rest of the query.
  return query.includes('access_token=') ? (new URLSearchParams(query).get('access_token') ?? undefined) : undefined
}
