export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** The parts of the program whose lines can be told apart; each line but those of `server` carries its `room`. */
export const logAreas = [
  'server',
  'hub',
  'store',
  'backend-sandbox',
  'backend-onebot',
  'transport-http',
  'transport-ws',
] as const
export type LogArea = (typeof logAreas)[number]

/** One level for every line, or a block of them. */
export type LogLevelOption =
  | LogLevel
  | ({ readonly default: LogLevel } & { readonly [Area in LogArea]?: LogLevel | undefined })

/** The level of one area. */
export function levelOf(option: LogLevelOption, area: LogArea): LogLevel {
  return typeof option === 'string' ? option : (option[area] ?? option.default)
}
