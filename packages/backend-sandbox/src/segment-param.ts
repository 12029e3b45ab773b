import type { Segment } from '@seekyou/message'
import { ActionFailure, integer } from '@seekyou/protocol'

/* The params of a segment, as the readers of this folder ask for them. */

/** The text of a param; empty where there is none. */
export function textOf(data: Segment['data'], name: string): string {
  const value = Object.hasOwn(data, name) ? data[name] : undefined
  return typeof value === 'string' ? value : ''
}

/** An integer param. @throws ActionFailure */
export function numberOf({ type, data }: Segment, name: string, from: number, to = Number.MAX_SAFE_INTEGER): number {
  const value = integer.safeParse(data[name])
  if (value.success && value.data >= from && value.data <= to) return value.data
  const range = to === Number.MAX_SAFE_INTEGER ? `from ${from} on` : `from ${from} to ${to}`
  return badSegment(type, `takes an integer ${range} as its ${name}`)
}

/** Those of the params that are there and say something. */
export function pick(data: Segment['data'], names: readonly string[]): Segment['data'] {
  return Object.fromEntries(names.filter((name) => textOf(data, name) !== '').map((name) => [name, data[name]!]))
}

/** Whether a boolean param is set. */
export function isSet(data: Segment['data'], name: string): boolean {
  return /^(?:1|yes|true)$/i.test(textOf(data, name))
}

/** The segment does not say what its type has to say. */
export function badSegment(type: string, problem: string): never {
  throw new ActionFailure('bad-params', `message: a segment of type ${type} ${problem}`)
}
