import type { FieldProblem } from './field.ts'

/** Params that somebody filled in, and what is wrong with them. */
export interface ParamsReading {
  /** Undefined where what was typed is none. */
  readonly params: Readonly<Record<string, unknown>> | undefined
  readonly problems: ReadonlyMap<string, FieldProblem>
  /** Why there are none. */
  readonly reason: string | undefined
}

const none: ParamsReading['problems'] = new Map()

/** Reads an object that somebody typed as JSON. */
export function readJsonParams(text: string, notAnObject: string): ParamsReading {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return { params: isObject ? { ...value } : undefined, problems: none, reason: isObject ? undefined : notAnObject }
  } catch (error) {
    return { params: undefined, problems: none, reason: (error as Error).message }
  }
}
