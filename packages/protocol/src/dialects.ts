import { cqhttp2 } from './dialect/cqhttp-2.ts'
import { cqhttp4 } from './dialect/cqhttp-4.ts'
import { defaultDialect } from './dialect/default.ts'
import { goCqhttp } from './dialect/go-cqhttp.ts'
import { oneBot11 } from './dialect/onebot-11.ts'
import type { Dialect } from './dialect.ts'

/** Every dialect that a link can ask for, by name. */
export const dialects = {
  default: defaultDialect,
  'go-cqhttp': goCqhttp,
  'onebot-11': oneBot11,
  'cqhttp-4': cqhttp4,
  'cqhttp-2': cqhttp2,
} as const satisfies Readonly<Record<string, Dialect>>

export type DialectName = keyof typeof dialects
