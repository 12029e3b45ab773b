import { secretNames } from '@seekyou/protocol'
import { pino } from 'pino'
import type { Logger } from 'pino'

/** The program's log: JSON lines on standard error, or readable ones where a person looks at a terminal. */
export async function createLog(level: string): Promise<Logger> {
  const options = { level, redact: secretNames.flatMap((name) => [name, `*.${name}`]), base: null }
  // Synchronous: what was logged is out even if the process ends in the next line.
  if (!process.stderr.isTTY) return pino(options, pino.destination({ fd: 2, sync: true }))
  const { default: pretty } = await import('pino-pretty')
  return pino(options, pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss.l' }))
}
