import type { FastifyRequest } from 'fastify'

/** The path as it came, still escaped. */
export function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '').split('?', 1)[0] ?? ''
}

/** The query as it came, without its question mark; fastify's own reading of it hides broken escapes. */
export function queryOf(request: FastifyRequest): string {
  const url = request.raw.url ?? ''
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at + 1)
}
