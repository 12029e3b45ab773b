import { ActionFailure } from '@seekyou/protocol'
import type { Answer, CallRequest, Gateway } from '@seekyou/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readForm } from './form.ts'
import type { Gate } from './gate.ts'
import { isJsonObject } from './json.ts'
import type { LongPolling } from './long-polling.ts'
import { send } from './reply.ts'
import { bodyKind, readBody } from './request-body.ts'
import type { BodyKind } from './request-body.ts'
import { queryOf } from './request-url.ts'

/** Serves what asks for a token: `/<action>`, `POST /` and `/sandbox/<verb>`. */
export function serveActions(
  app: FastifyInstance,
  gateway: Gateway,
  gate: Gate,
  { longPolling }: { readonly longPolling: LongPolling },
): void {
  readBodiesByKind(app)

  app.decorateRequest('client')
  app.addHook('onRequest', (request, reply, done) => {
    const client = gate.admit(request, reply)
    if (!client) return
    request.setDecorator('client', client)
    // Judged here so that a body of the wrong type is not even read.
    if (request.method === 'POST') {
      request.headers['content-type'] = MEDIA_TYPES[bodyKind(request.headers['content-type'], gateway.dialect)]
    }
    done()
  })

  // Every path that nothing else takes is an action's name; the registry knows which ones exist.
  const callAction = (request: FastifyRequest<{ Params: { '*': string } }>, reply: FastifyReply): void => {
    const action = withoutSlash(request.params['*'])
    perform(request, reply, { action, params: readParams(request, request.body) })
  }
  app.route({ method: ['GET', 'POST'], url: '/*', handler: callAction })

  app.post('/', (request, reply) => {
    const { action, params = null } = request.body as Readonly<Record<string, unknown>>
    if (typeof action !== 'string') {
      throw new ActionFailure('bad-request', 'POST / takes {"action": "…", "params": {…}}; action is missing')
    }
    if (params !== null && !isJsonObject(params)) {
      throw new ActionFailure('bad-request', 'POST / takes {"action": "…", "params": {…}}; params is not an object')
    }
    perform(request, reply, { action, params: readParams(request, params) })
  })

  function perform(request: FastifyRequest, reply: FastifyReply, call: CallRequest): void {
    const client = clientOf(request)
    if (call.action === 'get_updates') sendUpdates(reply, longPolling, client, call.params)
    else sendLater(reply, client.call({ action: call.action, params: call.params, from: request.ip }))
  }

  const control = (request: FastifyRequest<{ Params: { '*': string } }>, reply: FastifyReply): void => {
    // A verb refuses no method but GET, and the header counts only where one is refused.
    reply.header('allow', 'POST')
    const action = withoutSlash(request.params['*'])
    const reads = request.method === 'GET'
    const gone = whenGone(reply)
    waiting.add(gone)
    gone.signal.addEventListener('abort', () => waiting.delete(gone))
    const params = readParams(request, request.body)
    const answered = clientOf(request).control({ action, params, reads, gone: gone.signal, from: request.ip })
    sendLater(
      reply,
      answered.finally(() => {
        if (gone.signal.aborted) reply.header('connection', 'close')
      }),
    )
  }
  // Whoever waits there for something to happen is no longer waited for.
  const waiting = new Set<AbortController>()
  app.addHook('preClose', (done) => {
    for (const gone of waiting) gone.abort()
    done()
  })
  app.route({ method: ['GET', 'POST'], url: '/sandbox/*', handler: control })
}

/** What the client of a request may do: the gateway that its token opened. */
function clientOf(request: FastifyRequest): Gateway {
  return request.getDecorator<Gateway>('client')
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

/** What fastify calls each kind of body; it picks the parser of that name. */
const MEDIA_TYPES: Readonly<Record<BodyKind, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  sniffed: 'application/x-sniffed',
  ignored: 'application/x-ignored',
}

function readBodiesByKind(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  for (const kind of Object.keys(MEDIA_TYPES) as BodyKind[]) {
    app.addContentTypeParser<string>(MEDIA_TYPES[kind], { parseAs: 'string' }, (_request, body, done) => {
      done(null, readBody(body, kind))
    })
  }
}

/** The params of a call: those of the query win over those of the body. The token is none of them. */
function readParams(request: FastifyRequest, body: unknown): Readonly<Record<string, unknown>> {
  const query = queryOf(request)
  // Almost every call comes like this, and whoever reads the params takes only what is their own.
  if (query === '' && isJsonObject(body) && !Object.hasOwn(body, 'access_token')) return body
  // Without a prototype `__proto__` and `constructor` are params like any other: unknown ones.
  const params = Object.create(null) as Record<string, unknown>
  Object.assign(params, body, readForm(query))
  if ('access_token' in params) delete params['access_token']
  return params
}

/** Every call ends in this, and most of them well: each time anew it would be a stack that nobody reads. */
const GONE = new DOMException('The client waits no longer', 'AbortError')

/** Aborts once the connection of a request ends, or its answer is written. */
function whenGone(reply: FastifyReply): AbortController {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort(GONE))
  return gone
}

/** Not an async handler: fastify would wrap each of them in one more promise. */
function sendLater(reply: FastifyReply, pending: Promise<Answer>): void {
  pending.then(
    (answer) => {
      try {
        send(reply, answer)
      } catch (error) {
        reply.send(error)
      }
    },
    (error: unknown) => reply.send(error),
  )
}

/** Events count as fetched once their answer is written, and not where the client went away before. */
function sendUpdates(reply: FastifyReply, longPolling: LongPolling, client: Gateway, params: unknown): void {
  const { signal: gone } = whenGone(reply)
  longPolling
    .next(client, params, gone)
    .then(({ answer, isLast, settle }) => {
      if (gone.aborted) return settle(false)
      reply.raw.once('finish', () => settle(true))
      gone.addEventListener('abort', () => settle(false))
      if (isLast) reply.header('connection', 'close')
      send(reply, answer)
    })
    .catch((error: unknown) => reply.send(error))
}
