import type { Segment } from '@seekyou/message'
import { numberOf, textOf } from './segment-param.ts'

/** A die that is thrown, or rock, scissors, paper: the side that was asked for, or else what chance gives. */
export function readDraw(segment: Segment, from: number, to: number, random: () => number): Segment {
  const isChosen = textOf(segment.data, 'value') !== ''
  const value = isChosen ? numberOf(segment, 'value', from, to) : from + Math.floor(random() * (to - from + 1))
  return { type: segment.type, data: { value: String(value) } }
}
