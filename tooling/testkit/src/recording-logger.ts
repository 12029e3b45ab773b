import type { Logger } from '@seekyou/protocol'

/** One line that a room logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: object
  readonly message: string
}

/** A logger that prints nothing and remembers every line. */
export function createRecordingLogger(): Logger & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = []
  const loggerWith = (bindings: object): Logger => {
    const at =
      (level: LogLine['level']) =>
      (fields: object, message: string): void =>
        void lines.push({ level, fields: { ...bindings, ...fields }, message })
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => loggerWith({ ...bindings, ...fields }),
    }
  }
  return Object.assign(loggerWith({}), { lines })
}
