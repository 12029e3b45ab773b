import type { ServerResponse } from 'node:http'
import { ActionFailure } from '@seekyou/protocol'
import type { Answer } from '@seekyou/protocol'
import type { FastifyReply } from 'fastify'

/** The Content-Type of every answer. */
export const JSON_TYPE = 'application/json; charset=utf-8'

/** Writes an answer; one that cannot become JSON is thrown back, and nothing is written. */
export function send(reply: FastifyReply, answer: Answer): void {
  const text = JSON.stringify(answer.body)
  const { retryAfter } = answer
  const response = takeOver(reply)
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter))
  const headers = { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(text) }
  response.writeHead(answer.status, headers).end(text)
}

/**
 * Takes the response out of fastify's hands, with the headers that were set so far. There is nothing for it to serialise
 * in ours, and a call is answered sooner.
 */
export function takeOver(reply: FastifyReply): ServerResponse {
  reply.hijack()
  const headers = reply.getHeaders()
  for (const name in headers) {
    const value = headers[name as keyof typeof headers]
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  return reply.raw
}

/** What a client may hear about anything that was thrown; of our own faults only that there was one. */
export function readFailure(error: unknown): ActionFailure {
  if (error instanceof ActionFailure) return error
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new ActionFailure('too-large', 'the body is larger than this server takes (its option body_limit)')
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new ActionFailure('bad-content-type', 'the Content-Type cannot be read here')
  }
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
    ? new ActionFailure('bad-request', 'the request cannot be read', { cause: error })
    : new ActionFailure('internal', 'something went wrong in the server; its log says what', { cause: error })
}
