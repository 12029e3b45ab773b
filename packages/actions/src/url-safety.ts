import { domainToASCII } from 'node:url'
import type { ActionOptions } from './options.ts'

/** 1 safe, 2 unknown, 3 dangerous. */
export type UrlSafety = 1 | 2 | 3

/** What the operator's lists say of a URL. What no list names is unknown, and so is what is no URL. */
export function urlSafety(
  url: string,
  { safe_hosts, dangerous_hosts }: Pick<ActionOptions, 'safe_hosts' | 'dangerous_hosts'>,
): UrlSafety {
  const host = hostOf(url)
  if (host === undefined) return 2
  if (isListed(host, dangerous_hosts)) return 3
  return isListed(host, safe_hosts) ? 1 : 2
}

/** People write links without a scheme too. */
function hostOf(url: string): string | undefined {
  const parsed = URL.parse(url) ?? URL.parse(`http://${url}`)
  const host = parsed?.hostname || URL.parse(`http://${url}`)?.hostname
  return host ? withoutDot(host.toLowerCase()) : undefined
}

function isListed(host: string, list: readonly string[]): boolean {
  return list.some((entry) => {
    const listed = withoutDot(domainToASCII(entry) || entry.toLowerCase())
    return host === listed || host.endsWith(`.${listed}`)
  })
}

function withoutDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host
}
