import { request } from '../kit/api.ts'
import { rememberCall } from './history.ts'

/** What came back for a call. */
export interface Response {
  /** Of HTTP. */
  readonly status: number
  readonly answer: unknown
  readonly ms: number
}

/** Sends a call and remembers it. @throws ApiFailure if the server is not reached. */
export async function send(name: string, params: Readonly<Record<string, unknown>>): Promise<Response> {
  const since = performance.now()
  const { status, answer } = await request(name.split('/').map(encodeURIComponent).join('/'), {
    method: 'POST',
    body: params,
  })
  const ms = performance.now() - since
  const retcode = retcodeOf(answer)
  rememberCall({ at: Date.now(), name, params, status, ms, ...(retcode !== undefined && { retcode }) })
  return { status, answer, ms }
}

/** The retcode of an answer that has one. */
export function retcodeOf(answer: unknown): number | undefined {
  const retcode: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'retcode') : undefined
  return typeof retcode === 'number' ? retcode : undefined
}
