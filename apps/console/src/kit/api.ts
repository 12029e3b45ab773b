import { language } from './language.ts'
import { createStore } from './store.ts'
import { kitWords } from './words.ts'

/** An answer that is no success. Its message is the server's own words, or that it was not reached. */
export class ApiFailure extends Error {
  /** The HTTP status; 0 where the server was not reached. */
  readonly status: number
  readonly retcode: number

  constructor(message: string, status: number, retcode: number) {
    super(message)
    this.name = 'ApiFailure'
    this.status = status
    this.retcode = retcode
  }
}

/** Whether the server asks who is there before it answers. */
export const needsLogin = createStore(false)

/**
 * Where something of the server is, for an `<img>` or an `EventSource`. The server stands where the page is served from,
 * whatever path a proxy puts both below.
 */
export function urlOf(path: string): string {
  return new URL(`../${path}`, document.baseURI).href
}

export type Params = Readonly<Record<string, unknown>>

/** What the server answered to `path`, read as JSON; the status is left to the caller. */
export async function request(
  path: string,
  { method = 'GET', body, signal }: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<{ status: number; answer: unknown }> {
  let response: Response
  try {
    response = await fetch(urlOf(path), {
      method,
      credentials: 'same-origin',
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiFailure(kitWords[language.get()].unreachable, 0, 0)
  }
  const text = await response.text()
  if (response.status === 401) needsLogin.set(true)
  return { status: response.status, answer: parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * The `data` of an answer in the envelope that actions, control verbs and inspection share.
 * @throws ApiFailure
 */
export async function ask<Data>(path: string, options?: Parameters<typeof request>[1]): Promise<Data> {
  const { status, answer } = await request(path, options)
  if (typeof answer === 'object' && answer !== null && 'retcode' in answer) {
    const { retcode, data, wording } = answer as { retcode: number; data: Data; wording?: string }
    if (retcode === 0 || retcode === 1) return data
    throw new ApiFailure(wording ?? `retcode ${retcode}`, status, retcode)
  }
  if (status >= 200 && status < 300) return answer as Data
  throw new ApiFailure(typeof answer === 'string' && answer ? answer.slice(0, 500) : `HTTP ${status}`, status, 0)
}

/** Does an action as the bot. @throws ApiFailure */
export function act<Data>(action: string, params: Params = {}): Promise<Data> {
  return ask(action, { method: 'POST', body: params })
}

/** Does something on the other side of the sandbox. @throws ApiFailure */
export function play<Data>(verb: string, params: Params = {}): Promise<Data> {
  return ask(`sandbox/${verb}`, { method: 'POST', body: params })
}

/** Looks at the other side of the sandbox. @throws ApiFailure */
export function look<Data>(
  verb: string,
  query: Readonly<Record<string, string | number>> = {},
  signal?: AbortSignal,
): Promise<Data> {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
  return ask(`sandbox/${verb}?${search}`, signal && { signal })
}

/** Shows a token, for a session that the browser keeps where no script reads it. @throws ApiFailure */
export async function logIn(token: string): Promise<void> {
  await ask('console/session', { method: 'POST', body: { token } })
  needsLogin.set(false)
}

/** Ends the session, if there is one, and begins the page anew. @throws ApiFailure where the server is not reached. */
export async function logOut(): Promise<void> {
  await request('console/session', { method: 'DELETE' })
  location.reload()
}

/** Whether a failure says that this server does not have what was asked for. */
export function isAbsent(error: unknown): boolean {
  return error instanceof ApiFailure && (error.status === 404 || error.retcode === 1404)
}
