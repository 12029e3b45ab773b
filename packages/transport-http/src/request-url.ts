import type { IncomingMessage } from 'node:http'

/** The path as it came, still escaped; a client that takes the server for a proxy sends the whole URL. */
export function pathOf({ url = '' }: IncomingMessage): string {
  const end = url.indexOf('?')
  const path = end === -1 ? url : url.slice(0, end)
  return path.startsWith('/') ? path : path.replace(/^https?:\/\/[^/]*/, '')
}

/** The query as it came, without its question mark. */
export function queryOf({ url = '' }: IncomingMessage): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at + 1)
}
