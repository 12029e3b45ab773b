import { isIP } from 'node:net'

/**
 * Whether a request asks for a name of this server. A page can let the name it was loaded from lead to this machine
 * afterwards (DNS rebinding), and is then one of ours to every browser; what it cannot change is the name. An address is
 * no name, and what is no browser need not say any.
 */
export function isKnownHost(host: string | undefined, allowed: readonly string[]): boolean {
  if (host === undefined || host === '') return true
  const name = (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host).replace(/^\[(.*)\]$/, '$1')
  return isIP(name) !== 0 || /^(?:.+\.)?localhost$/.test(name) || allowed.includes(name)
}
