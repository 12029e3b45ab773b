import { secretNames } from '@seekyou/protocol'
import { distance } from 'fastest-levenshtein'

/** Whether a key of a configuration, of any program and perhaps misspelt, holds what no message may repeat. */
export function isSecretKey(key: string): boolean {
  const plain = key.toLowerCase().replaceAll('-', '_')
  if (/token|secret|passw|authoriz|credential/.test(plain)) return true
  return plain !== 'socket' && secretNames.some((name) => distance(plain, name) <= 2)
}

/** Parts of a query that are for its receiver alone; robots that post to a chat are called with a `key` or a `sign`. */
const urlSecret =
  /([?&](?:[\w-]{0,40}(?:token|secret|passw|api_?key)[\w-]{0,40}|key|pwd|auth|sign|sig|signature)=)[^&#\s"'}\],]+/gi

/** A text without what a URL in it may carry for its receiver alone. */
export function withoutUrlSecrets(text: string, mark = '…'): string {
  return text.replaceAll(/([a-z][\w+.-]{0,20}:\/\/)[^\s/@"']+@/gi, `$1${mark}@`).replaceAll(urlSecret, `$1${mark}`)
}

/** The same of every text in a configuration. */
export function withoutSecretsInUrls(value: unknown, mark: string): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? withoutUrlSecrets(inner, mark) : inner)),
  )
}
