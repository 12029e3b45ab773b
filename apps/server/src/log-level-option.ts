import * as z from 'zod'
import { logAreas, logLevels } from './log-options.ts'
import type { LogArea } from './log-options.ts'

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
