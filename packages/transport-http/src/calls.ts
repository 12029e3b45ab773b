import type { IncomingMessage, ServerResponse } from 'node:http'
import { ActionFailure } from '@seekyou/protocol'
import type { Gateway, Logger } from '@seekyou/protocol'
import { readForm } from './form.ts'
import { addressOf } from './gate.ts'
import type { Gate } from './gate.ts'
import { isJsonObject } from './json.ts'
import type { LongPolling } from './long-polling.ts'
import { readFailure, send, sendBadMethod } from './reply.ts'
import { bodyKind, readBody, readText } from './request-body.ts'
import { pathOf, queryOf } from './request-url.ts'

/** Answers every request that nothing else takes: each path is an action's name, and the registry knows which exist. */
export interface Calls {
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void
  /** Answers whoever waits for events with what there is; who is still welcome asks again. */
  readonly recheck: () => void
  /** Whoever waits for something to happen is no longer waited for. */
  readonly close: () => void
}

interface CallsSetup {
  readonly gateway: Gateway
  readonly gate: Gate
  readonly longPolling: LongPolling
  /** Bytes that a body may have. */
  readonly bodyLimit: number
  readonly log: Logger
}

type Params = Readonly<Record<string, unknown>>

/**
 * Serves what asks for a token: `/<action>`, `POST /` and `/sandbox/<verb>`; and a greeting to people. There is nothing to
 * route and no schema to serialise by, so it goes without a framework, which would be a fifth of a call.
 */
export function createCalls({ gateway, gate, longPolling, bodyLimit, log }: CallsSetup): Calls {
  const waiting = new Set<AbortController>()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reads = request.method === 'GET'
    if (!reads && request.method !== 'POST') return sendBadMethod(request, response, gateway, ['GET', 'POST'])
    const path = pathOf(request)
    if (reads && path === '/' && request.headers.accept?.includes('text/html')) return greet(response)
    const admission = gate.admit(request)
    if ('refusal' in admission) return send(response, admission.refusal)
    const { client } = admission

    let body: Params = NOTHING
    if (!reads) {
      // Judged first, so that a body of the wrong type is not even read.
      const kind = bodyKind(request.headers['content-type'], gateway.dialect)
      body = readBody(await readText(request, bodyLimit), kind)
    }
    const from = addressOf(request)
    if (path.startsWith(VERBS)) {
      const action = readName(path.slice(VERBS.length))
      return control(response, client, { action, params: readParams(request, body), reads, from })
    }
    const named = readName(path.slice(1))
    const { action, params } = named === '' ? readCall(body, reads) : { action: named, params: body }
    const given = readParams(request, params)
    if (action === 'get_updates') return sendUpdates(response, client, given)
    send(response, await client.call({ action, params: given, from }))
  }

  /** Events count as fetched once their answer is written, and not where the client went away before. */
  async function sendUpdates(response: ServerResponse, client: Gateway, params: unknown): Promise<void> {
    const { signal: gone } = whenGone(response)
    const { answer: updates, settle } = await longPolling.next(client, params, gone)
    if (gone.aborted) return settle(false)
    response.once('finish', () => settle(true))
    gone.addEventListener('abort', () => settle(false))
    send(response, updates)
  }

  async function control(
    response: ServerResponse,
    client: Gateway,
    request: Omit<Parameters<Gateway['control']>[0], 'gone'>,
  ): Promise<void> {
    const gone = whenGone(response)
    waiting.add(gone)
    gone.signal.addEventListener('abort', () => waiting.delete(gone))
    const answered = await client.control({ ...request, gone: gone.signal })
    // A verb refuses no method but GET, and the header counts only where one is refused.
    response.setHeader('allow', 'POST')
    send(response, answered)
  }

  function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const { kind, message } = readFailure(error)
    if (kind === 'internal') log.error({ err: error, path: pathOf(request) }, 'an HTTP request failed')
    if (response.headersSent) response.destroy()
    else send(response, gateway.refuse(kind, message))
  }

  return {
    serve(request, response) {
      answer(request, response).catch((error: unknown) => fail(request, response, error))
    },
    recheck: () => longPolling.answerAll(),
    close() {
      for (const gone of waiting) gone.abort(GONE)
      longPolling.close()
    },
  }
}

const NOTHING: Params = {}

/** Where the other side of the chat is played. */
const VERBS = '/sandbox/'

/** The name at the end of a path, without the slash that may follow it. @throws ActionFailure `bad-request` */
function readName(escaped: string): string {
  const name = escaped.endsWith('/') ? escaped.slice(0, -1) : escaped
  if (!name.includes('%')) return name
  try {
    return decodeURIComponent(name)
  } catch (cause) {
    const wording = 'a percent-escape in the path is broken; write % itself as %25'
    throw new ActionFailure('bad-request', wording, { cause })
  }
}

/** The call that the body of `POST /` is. @throws ActionFailure `bad-request`, and `unknown-action` for `GET /` */
function readCall(
  { action, params = null }: Params,
  reads: boolean,
): { readonly action: string; readonly params: Params } {
  if (reads) {
    throw new ActionFailure('unknown-action', 'name an action: GET /<action>, POST /<action>, or POST / with it')
  }
  if (typeof action !== 'string') {
    throw new ActionFailure('bad-request', 'POST / takes {"action": "…", "params": {…}}; action is missing')
  }
  if (params !== null && !isJsonObject(params)) {
    throw new ActionFailure('bad-request', 'POST / takes {"action": "…", "params": {…}}; params is not an object')
  }
  return { action, params: params ?? NOTHING }
}

/** The params of a call: those of the query win over those of the body. The token is none of them. */
function readParams(request: IncomingMessage, body: Params): Params {
  const query = queryOf(request)
  // Almost every call comes like this, and whoever reads the params takes only what is their own.
  if (query === '' && !Object.hasOwn(body, 'access_token')) return body
  // Without a prototype `__proto__` and `constructor` are params like any other: unknown ones.
  const params = Object.create(null) as Record<string, unknown>
  Object.assign(params, body, readForm(query))
  if ('access_token' in params) delete params['access_token']
  return params
}

/** Every call ends in this, and most of them well: each time anew it would be a stack that nobody reads. */
const GONE = new DOMException('The client waits no longer', 'AbortError')

/** Aborts once the connection of a request ends, or its answer is written. */
function whenGone(response: ServerResponse): AbortController {
  const gone = new AbortController()
  response.once('close', () => gone.abort(GONE))
  return gone
}

function greet(response: ServerResponse): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(GREETING) }
  response.writeHead(200, headers).end(GREETING)
}

const GREETING = `SeekYou is running here: a bot API as CQHTTP, OneBot 11 and go-cqhttp define it.

People open /console/ and /docs, where this server has them.
Programs call GET or POST /<action>, for example /get_login_info, or connect a WebSocket.
`
