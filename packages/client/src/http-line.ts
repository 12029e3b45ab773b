import { describeError, readObject, refusesToken, shown } from './line.ts'
import type { Answer, Line, LineSetup, OutgoingCall } from './line.ts'

/**
 * Calls by POST, each a request of its own; there are no events on this line.
 * @see https://github.com/botuniverse/onebot-11/blob/master/communication/http.md
 */
export function createHttpLine(setup: LineSetup): Line {
  return new HttpLine(setup)
}

/** What says that a request never left: looking up the host or connecting to it failed. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

class HttpLine implements Line {
  readonly #setup: LineSetup
  readonly #running = new Set<AbortController>()
  #isClosed = false

  constructor(setup: LineSetup) {
    this.#setup = setup
  }

  async ask({ action, params, timeoutMs }: OutgoingCall): Promise<Answer> {
    const { url, headers, maxCalls, clock } = this.#setup
    const body = JSON.stringify(params)
    if (this.#isClosed)
      return { type: 'lost', problem: `${action} was not sent: the client is closed`, outcome: 'not-done' }
    if (this.#running.size >= maxCalls) {
      const problem = `${action} was not sent: ${maxCalls} calls have no answer yet`
      return { type: 'lost', problem, outcome: 'not-done' }
    }
    const abort = new AbortController()
    this.#running.add(abort)
    const timer = clock.setTimeout(() => abort.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    try {
      const response = await fetch(this.#urlOf(action), {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body,
        // A redirect would turn the POST into a GET, or show the token to someone else.
        redirect: 'manual',
        signal: abort.signal,
      })
      return answerOf(response.status, await response.text(), shown(url))
    } catch (error) {
      return lost(action, error, shown(url))
    } finally {
      timer.cancel()
      this.#running.delete(abort)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const abort of this.#running) abort.abort(new Error('the client was closed'))
  }

  #urlOf(action: string): URL {
    const url = new URL(this.#setup.url)
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${encodeURIComponent(action)}`
    return url
  }
}

/** What a response means. A reply in the body is believed over the status, but for a token that is no good. */
function answerOf(status: number, body: string, url: string): Answer {
  const reply = readObject(body)
  const isReply = typeof reply?.['status'] === 'string'
  if (status === 401 || status === 403) {
    if (isReply && !refusesToken(reply)) return { type: 'reply', reply }
    return {
      type: 'lost',
      problem: `${url} answered HTTP ${status}: the access token is missing or wrong`,
      outcome: 'not-done',
      status,
    }
  }
  if (isReply) return { type: 'reply', reply }
  // The retcode that OneBot 11 gives the same failure on a WebSocket.
  if (status >= 400 && status < 500) {
    return { type: 'reply', reply: { status: 'failed', retcode: 1000 + status, wording: `HTTP ${status}` } }
  }
  const isRedirect = status >= 300 && status < 400
  return {
    type: 'lost',
    problem: `${url} answered HTTP ${status} without a reply in it: is that the HTTP API?`,
    outcome: isRedirect ? 'not-done' : 'unknown',
    status,
  }
}

function lost(action: string, error: unknown, url: string): Answer {
  // fetch only says that it failed; why is in its cause.
  const cause = error instanceof TypeError && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const outcome = unsent.has(code) ? 'not-done' : 'unknown'
  const problem =
    outcome === 'not-done'
      ? `${action} was not sent: ${url} cannot be reached (${describeError(cause)})`
      : `whether ${action} was done at ${url} is not known: ${describeError(cause)}`
  return { type: 'lost', problem, outcome, cause: error }
}
