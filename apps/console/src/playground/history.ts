import { createStoredStore } from '../kit/store.ts'

/** A call that was sent from here. */
export interface SentCall {
  /** When, in milliseconds since 1970. */
  readonly at: number
  readonly name: string
  readonly params: Readonly<Record<string, unknown>>
  readonly status: number
  readonly retcode?: number
  readonly ms: number
}

/** As many calls are kept. */
const MOST = 50
/** Longer texts, such as files, are not kept: in characters. */
const LONGEST_TEXT = 2000

/** What was sent from this browser, newest first. */
export const sentCalls = createStoredStore<readonly SentCall[]>('playground', (stored) =>
  Array.isArray(stored) ? stored.filter(isSentCall).slice(0, MOST) : [],
)

/** Remembers a call, without what is secret and without files. */
export function rememberCall(call: SentCall): void {
  const params = withoutSecrets(call.params) as SentCall['params']
  sentCalls.set((before) => [{ ...call, params }, ...before].slice(0, MOST))
}

function isSentCall(value: unknown): value is SentCall {
  if (typeof value !== 'object' || value === null) return false
  const { at, name, params, status, ms } = value as Partial<Record<keyof SentCall, unknown>>
  const isPlain = typeof at === 'number' && typeof name === 'string' && typeof status === 'number'
  return isPlain && typeof ms === 'number' && typeof params === 'object' && params !== null
}

const secretName = /token|secret|password|cookie|csrf|credential/i

/** A copy of params that may be kept: what is named like a secret, and what is as long as a file, is left out. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.length > LONGEST_TEXT || isFile(value) ? undefined : value
  if (Array.isArray(value)) return value.map(withoutSecrets).filter((item) => item !== undefined)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !secretName.test(name))
      .map(([name, item]): [string, unknown] => [name, withoutSecrets(item)])
      .filter(([, item]) => item !== undefined),
  )
}

function isFile(text: string): boolean {
  return text.includes('base64://') || text.includes(';base64,') || /access_token=/.test(text)
}
