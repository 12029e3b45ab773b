import { createWriteStream } from 'node:fs'
import type { Traffic } from '@seekyou/hub'
import type { Logger } from '@seekyou/protocol'
import { secretNames } from './secret-names.ts'

/** Longer texts, such as files in base64, are cut. */
const LONGEST_TEXT = 2048
/** A disk that is too slow must not fill the memory: beyond so many bytes that wait nothing is added. */
const MOST_WAITING = 16 * 1024 * 1024

const secrets: ReadonlySet<string> = new Set([...secretNames, 'password', 'cookie', 'cookies', 'csrf_token'])

/** Writes everything that passes through an account to the end of a file, a line of JSON each, without secrets. */
export function traceTraffic(file: string, log: Logger): (traffic: Traffic) => void {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  stream.on('error', (error) => log.error({ err: error, file }, 'the trace of the traffic cannot be written'))
  return (traffic) => {
    if (stream.destroyed || stream.writableLength > MOST_WAITING) return
    stream.write(`${JSON.stringify(traffic, redact)}\n`)
  }
}

function redact(key: string, value: unknown): unknown {
  // Those of a download: a cookie or a token of the site it comes from.
  if (key === 'headers' && value !== null && value !== undefined) return '***'
  if (secrets.has(key) && value !== null && typeof value !== 'object') return '***'
  if (typeof value !== 'string' || value.length <= LONGEST_TEXT) return value
  return `${value.slice(0, LONGEST_TEXT)}… (${value.length} characters)`
}
