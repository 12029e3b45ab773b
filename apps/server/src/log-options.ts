import * as z from 'zod'

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

const level = z.enum(logLevels)
const levelByArea = z.strictObject({
  default: level.default('info'),
  ...(Object.fromEntries(logAreas.map((area) => [area, level.optional()])) as Record<
    LogArea,
    z.ZodOptional<typeof level>
  >),
})

/** One level for every line, or a block of them. */
export const logLevelOption = z.union([level, levelByArea], {
  error: ({ input }) =>
    `${typeof input === 'object' ? 'a block of areas, each with ' : ''}one of ${logLevels.join(', ')}`,
})
export type LogLevelOption = z.output<typeof logLevelOption>

/** The level of one area. */
export function levelOf(option: LogLevelOption, area: LogArea): LogLevel {
  return typeof option === 'string' ? option : (option[area] ?? option.default)
}
