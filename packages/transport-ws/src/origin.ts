import { isIP } from 'node:net'

/**
 * Whether a web page asks that is not known here. Browsers let every page open a WebSocket to any address, this machine
 * included, and say only in `Origin` which page it is. Programs that are no browsers say nothing, or nonsense.
 *
 * @param host the `Host` that was asked for; `isNamed` where the operator calls this server so
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-10.2
 */
export function isForeignPage(
  origin: string | undefined,
  host: string | undefined,
  { allowed, isNamed = false }: { readonly allowed: readonly string[]; readonly isNamed?: boolean },
): boolean {
  // A page in a sandboxed frame, wherever it is from, has the origin `null`.
  if (origin === undefined || !/^(?:https?:\/\/|null$)/i.test(origin)) return false
  return !allowed.includes(origin.toLowerCase()) && !isOwnPage(origin, host, isNamed)
}

/** A name proves nothing: whoever owns it can let it lead here after the page was loaded. */
function isOwnPage(origin: string, host: string | undefined, isNamed: boolean): boolean {
  if (!URL.canParse(origin)) return false
  const page = new URL(origin)
  const name = page.hostname.replace(/^\[(.*)\]$/, '$1')
  return page.host === host && (isNamed || name === 'localhost' || isIP(name) !== 0)
}
