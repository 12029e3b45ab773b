import type { Clock } from '@seekyou/protocol'
import { ActionError } from './action-error.ts'
import { ConnectionError } from './connection-error.ts'
import type { ConnectionProblem } from './connection-error.ts'

/** A JSON object of unknown content. */
export type JsonObject = Readonly<Record<string, unknown>>

/** How a call ended. */
export type Answer =
  | { readonly type: 'reply'; readonly reply: JsonObject }
  | ({ readonly type: 'lost' } & ConnectionProblem)

export interface OutgoingCall {
  readonly action: string
  readonly params: object
  readonly timeoutMs: number
}

/** A way to a server. */
export interface Line {
  /** Asks, and resolves however it ends. @throws TypeError if the params have no JSON text. */
  ask(call: OutgoingCall): Promise<Answer>
  /** Calls without an answer are lost. */
  close(): Promise<void>
}

/** What every line is made of. */
export interface LineSetup {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Most calls that may be without an answer at once. */
  readonly maxCalls: number
  readonly clock: Clock
}

/** The data of a reply. @throws ActionError, ConnectionError */
export function dataOf(action: string, answer: Answer): unknown {
  if (answer.type === 'lost') throw new ConnectionError(answer)
  const { status, retcode, data, msg, wording, message } = answer.reply
  if (msg === 'OUTCOME_UNKNOWN') {
    const problem = `${action}: ${textOf(wording) ?? 'the network does not say whether it was done'}`
    throw new ConnectionError({ problem, outcome: 'unknown' })
  }
  if (status === 'ok' || status === 'async') return data ?? null
  throw new ActionError(action, {
    status: typeof status === 'string' ? status : 'failed',
    retcode: typeof retcode === 'number' ? retcode : -1,
    msg: textOf(msg),
    // Those that have no wording say it where OneBot 11 does.
    wording: textOf(wording) ?? textOf(message),
  })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Whether a reply says that the token is missing or wrong: the numbers with which OneBot 11 stands for 401 and 403. */
export function refusesToken({ retcode }: JsonObject): boolean {
  return retcode === 1401 || retcode === 1403
}

/** A JSON object, or `undefined` for any other text. */
export function readObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

/** A URL as it may be shown: whatever is in its query or before the host may be a secret. */
export function shown({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`
}

/** What an error of Node says; a host with several addresses fails with one error for each and no message of its own. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeError).join('; ')
  return error instanceof Error ? error.message : String(error)
}
