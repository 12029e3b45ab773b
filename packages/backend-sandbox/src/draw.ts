import type { Segment } from '@seekyou/message'
import { numberOf, textOf } from './segment-param.ts'

/** The segments whose value chance decides where the sender did not, with the lowest and the highest value. */
const lots = { dice: [1, 6], rps: [0, 2] } as const

/** What the sender chose; where they chose nothing, the lot is drawn when the message is said. */
export function readLot(segment: Segment): Segment {
  const { type, data } = segment
  if (textOf(data, 'value') === '') return { type, data: {} }
  const [from, to] = lots[type as keyof typeof lots]
  return { type, data: { value: String(numberOf(segment, 'value', from, to)) } }
}

/** Draws what chance has to decide in a message; `random` gives numbers from 0 up to 1. */
export function drawLots(message: readonly Segment[], random: () => number): readonly Segment[] {
  return message.map((segment) => {
    if (!Object.hasOwn(lots, segment.type) || Object.hasOwn(segment.data, 'value')) return segment
    const [from, to] = lots[segment.type as keyof typeof lots]
    return { ...segment, data: { ...segment.data, value: String(from + Math.floor(random() * (to - from + 1))) } }
  })
}
