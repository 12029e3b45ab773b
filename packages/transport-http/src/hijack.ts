import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'

/** Takes the response out of fastify's hands, with the headers that were set so far. */
export function takeOver(reply: FastifyReply): ServerResponse {
  reply.hijack()
  const headers = reply.getHeaders()
  for (const name in headers) {
    const value = headers[name as keyof typeof headers]
    if (value !== undefined) reply.raw.setHeader(name, value)
  }
  return reply.raw
}
