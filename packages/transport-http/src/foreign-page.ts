import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a request comes from a web page of another origin than ours and those `allowed`. Pages can send simple requests
 * anywhere, to this machine too, and a browser only keeps the answers from them. Programs that are no browsers say
 * nothing of where they come from, or nonsense.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function isForeignPage(headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers
  if (origin !== undefined && allowed.includes(origin)) return false
  // What the browser itself knows counts first: behind a proxy the name of our host may be another.
  if (site !== undefined) return site === 'cross-site' || site === 'same-site'
  if (origin === undefined || !/^(?:https?:\/\/|null$)/.test(origin)) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}
