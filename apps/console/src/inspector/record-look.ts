import { hasFailed, isFailure, linkPhase } from './record-filter.ts'
import type { DeliveryRecord, TapRecord } from './tap-record.ts'
import type { InspectorWords } from './words.ts'

/** The colours of a tag. */
export type Tone = '' | 'accent' | 'good' | 'warn' | 'bad'

/** What stands at the end of a line: how a thing ended. */
export function endingOf(record: TapRecord, words: InspectorWords): { readonly text: string; readonly tone: Tone } {
  switch (record.type) {
    case 'call': {
      const { status, retcode } = record.answer
      return isFailure(record.answer) ? { text: `${status} ${retcode}`, tone: 'bad' } : { text: status, tone: 'good' }
    }
    case 'delivery':
      return { text: words.outcomes[record.outcome] ?? record.outcome, tone: toneOfDelivery(record) }
    case 'link': {
      const phase = linkPhase(record.state)
      return { text: record.held ? `${phase}, ${words.held}` : phase, tone: toneOfPhase(phase) }
    }
    case 'event':
    case 'gap':
      return { text: '', tone: '' }
  }
}

function toneOfDelivery(delivery: DeliveryRecord): Tone {
  if (hasFailed(delivery)) return delivery.outcome === 'retry' ? 'warn' : 'bad'
  return delivery.outcome === 'filtered' || delivery.outcome === 'skipped' ? '' : 'good'
}

/** The colours of a link's state. */
export function toneOfPhase(phase: string): Tone {
  if (phase === 'open') return 'good'
  return phase === 'waiting' ? 'bad' : phase === 'connecting' ? 'warn' : ''
}

/** A time of the day to the millisecond. */
export function clockTime(at: number): string {
  const date = new Date(at)
  const two = (part: number): string => String(part).padStart(2, '0')
  const ms = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${ms}`
}

/** How long something took. */
export function duration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`
  return `${ms >= 10 ? Math.round(ms) : Number(ms.toFixed(1))} ms`
}
