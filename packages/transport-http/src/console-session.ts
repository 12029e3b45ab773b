import type { Gateway } from '@seekyou/protocol'
import { answer, dialects } from '@seekyou/protocol'
import type { FastifyInstance } from 'fastify'
import { addressOf } from './gate.ts'
import { takeOver } from './hijack.ts'
import type { PageGate } from './pages.ts'
import { send } from './reply.ts'
import { pathOf, queryOf } from './request-url.ts'
import type { Sessions } from './sessions.ts'

/**
 * Signs people in who open the console: `/console/?ticket=…` with a link that is good once, `POST /console/session` with
 * a token. `DELETE /console/session` signs them out.
 */
export function serveConsoleSession(app: FastifyInstance, gateway: Gateway, gate: PageGate, sessions: Sessions): void {
  const done = (data: unknown) => answer({ type: 'done', data }, dialects.default)

  app.post('/console/session', (request, reply) => {
    if (gate.isForeign(request.raw)) {
      send(takeOver(reply), { ...gateway.refuse('refused', 'only the console itself signs people in'), status: 403 })
      return
    }
    const { token } = (request.body ?? {}) as { readonly token?: unknown }
    if (typeof token !== 'string' || token === '') {
      send(takeOver(reply), gateway.refuse('bad-request', 'POST /console/session takes {"token": "…"}'))
      return
    }
    const access = gateway.authorize(token, addressOf(request.raw))
    if (!access.granted) {
      send(takeOver(reply), gateway.refuse(access.failure, access.wording, access))
      return
    }
    reply.header('set-cookie', sessions.open(token, request.raw)).header('cache-control', 'no-store')
    send(takeOver(reply), done({ token: access.gateway.token ?? null }))
  })

  app.delete('/console/session', (request, reply) => {
    if (!gate.isForeign(request.raw)) reply.header('set-cookie', sessions.close(request.raw))
    send(takeOver(reply), done(null))
  })
}

/** Takes the ticket out of the address of the console, so that it is in no history, and signs its bearer in. */
export function redeemTickets(app: FastifyInstance, sessions: Sessions): void {
  app.addHook('onRequest', (request, reply, next) => {
    if (request.method !== 'GET' || pathOf(request.raw) !== '/console/') return next()
    const ticket = new URLSearchParams(queryOf(request.raw)).get('ticket')
    if (ticket === null) return next()
    const credential = sessions.redeemTicket(ticket)
    if (credential !== undefined) reply.header('set-cookie', sessions.open(credential, request.raw))
    reply.code(303).headers({ location: './', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).send()
  })
}
