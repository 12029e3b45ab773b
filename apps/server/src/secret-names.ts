import { secretNames } from '@seekyou/protocol'
import { distance } from 'fastest-levenshtein'

/** Whether a key of a configuration, of any program and perhaps misspelt, holds what no message may repeat. */
export function isSecretKey(key: string): boolean {
  const plain = key.toLowerCase().replaceAll('-', '_')
  if (/token|secret|passw|authoriz|credential/.test(plain)) return true
  return plain !== 'socket' && secretNames.some((name) => distance(plain, name) <= 2)
}

/** A text without what a URL in it may carry for its receiver alone. */
export function withoutUrlSecrets(text: string): string {
  return text
    .replaceAll(/([a-z][\w+.-]{0,20}:\/\/)[^\s/@"']+@/gi, '$1…@')
    .replaceAll(/([?&](?:access_)?token=)[^&#\s"'}\],]+/gi, '$1…')
}
