import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { ActionFailure } from '@seekyou/protocol'
import type { Answer, Gateway } from '@seekyou/protocol'

/** The Content-Type of every answer. */
export const JSON_TYPE = 'application/json; charset=utf-8'

/** Writes an answer; one that cannot become JSON is thrown back, and nothing is written. */
export function send(response: ServerResponse, { body, status, retryAfter }: Answer): void {
  const text = JSON.stringify(body)
  const headers: OutgoingHttpHeaders = { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(text) }
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter)
  response.writeHead(status, headers).end(text)
}

/** Refuses a request for its method. */
export function sendBadMethod(
  { method = '' }: IncomingMessage,
  response: ServerResponse,
  gateway: Gateway,
  allowed: readonly string[],
): void {
  response.setHeader('allow', allowed.join(', '))
  send(response, gateway.refuse('bad-method', `${method} is not served here; use ${allowed.join(' or ')}`))
}

/** What a client may hear about anything that was thrown; of our own faults only that there was one. */
export function readFailure(error: unknown): ActionFailure {
  return error instanceof ActionFailure
    ? error
    : new ActionFailure('internal', 'something went wrong in the server; its log says what', { cause: error })
}

export function bodyTooLarge(): ActionFailure {
  return new ActionFailure('too-large', 'the body is larger than this server takes (its option body_limit)')
}
