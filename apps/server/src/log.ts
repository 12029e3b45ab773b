import { isatty } from 'node:tty'
import { once, secretNames, systemClock } from '@seekyou/protocol'
import type { Clock, Logger } from '@seekyou/protocol'
import { pino } from 'pino'
import type { DestinationStream, Logger as PinoLogger } from 'pino'
import { levelOf, logAreas, logLevels } from './log-options.ts'
import type { LogArea, LogLevel, LogLevelOption } from './log-options.ts'
import { RepeatedLines } from './repeated-lines.ts'
import type { LogLine } from './repeated-lines.ts'

/** The program's log. */
export interface ServerLog extends Logger {
  readonly fatal: Logger['error']
  /** From now on, whoever writes. */
  setLevels(levels: LogLevelOption): void
  /** Writes the repeated lines that are held back. */
  flush(): void
}

/**
 * The program's log: JSON lines on standard error, or readable ones where a person looks at a terminal. Each area has its
 * own level, and what repeats itself is told now and then.
 */
export async function createLog(levels: LogLevelOption): Promise<ServerLog> {
  // Synchronous: what was logged is out even if the process ends in the next line.
  if (!isatty(2)) return createLogOn(lasting(pino.destination({ fd: 2, sync: true, maxLength: MOST_WAITING })), levels)
  const { default: pretty } = await import('pino-pretty')
  return createLogOn(pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss.l' }), levels)
}

/** Bytes of lines that wait until they can be written, where a disk is full; what comes beyond them is lost. */
const MOST_WAITING = 1024 * 1024

/** A log that cannot be written is tried again with the next line, and is no reason to end. */
function lasting(output: ReturnType<typeof pino.destination>): DestinationStream {
  return output.on('error', () => undefined)
}

type Line = LogLine & { readonly to: PinoLogger }

/** The log on what takes its lines. */
export function createLogOn(stream: DestinationStream, levels: LogLevelOption, clock: Clock = systemClock): ServerLog {
  // Which lines are written is decided here, by area.
  const options = { level: 'trace', redact: secretNames.flatMap((name) => [name, `*.${name}`]), base: null }
  const root = once(() => pino(options, stream))
  let current = levels
  const lines = new RepeatedLines<Line>(({ to, level, fields, message }) => to[level](fields, message), clock)

  function loggerOf(bindings: Readonly<Record<string, unknown>>): Logger & Pick<ServerLog, 'fatal'> {
    const area = areaOf(bindings)
    const source = JSON.stringify(bindings)
    let to: PinoLogger | undefined
    const at = (level: LogLine['level']) => (fields: object, message: string) => {
      if (!isAtLeast(level, levelOf(current, area))) return
      lines.take({ level, source, fields, message, to: (to ??= root().child(bindings)) })
    }
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      fatal: at('fatal'),
      child: (fields) => loggerOf({ ...bindings, ...fields }),
    }
  }

  return {
    ...loggerOf({}),
    setLevels: (next) => void (current = next),
    flush: () => lines.flush(),
  }
}

function areaOf({ room }: Readonly<Record<string, unknown>>): LogArea {
  return logAreas.find((area) => area === room) ?? 'server'
}

/** The loudest level comes first. */
function isAtLeast(level: LogLine['level'], least: LogLevel): boolean {
  return least !== 'silent' && logLevels.indexOf(level) <= logLevels.indexOf(least)
}
