import { segmentTypes } from './segment-type.ts'
import type { Segment, SegmentValue } from './segment.ts'

/**
 * Sums a message up in one line of plain text, as a chat list shows it: `@小明 看这个 [图片]`.
 *
 * Line breaks become spaces. A type that is not in the table shows as its name in brackets.
 */
export function summarize(segments: readonly Segment[]): string {
  let summary = ''
  for (const segment of segments) summary += summaryOf(segment)
  return summary.replace(/\s+/g, ' ').trim()
}

function summaryOf({ type, data }: Segment): string {
  const param = (name: string): string => stringOf(Object.hasOwn(data, name) ? data[name] : undefined)
  switch (type) {
    case 'text':
      return param('text')
    case 'at':
      return `@${param('qq') === 'all' ? '全体成员' : param('name') || param('qq')} `
    case 'anonymous':
      return ''
    case 'emoji':
      return emojiOf(param('id'))
    case 'share':
    case 'music':
    case 'location':
    case 'redbag':
      return withDetail(type, param('title'))
    case 'tts':
      return withDetail(type, param('text'))
    case 'file':
      return withDetail(type, param('name') || param('file'))
    case 'json':
      return promptOf(param('data')) || withDetail(type, '')
    case 'xml':
      return briefOf(param('data')) || withDetail(type, '')
    case 'mface':
      return param('summary') || withDetail(type, '')
    default:
      return withDetail(type, '')
  }
}

function stringOf(value: SegmentValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function withDetail(type: string, detail: string): string {
  const label = Object.hasOwn(segmentTypes, type) ? segmentTypes[type as keyof typeof segmentTypes].label : type
  return `[${label}]${detail === '' ? '' : ` ${detail}`}`
}

function emojiOf(id: string): string {
  const code = Number(id)
  // CQHTTP numbers keycaps apart from code points.
  if (code >= 100_000 && code < 100_128) return `${String.fromCodePoint(code - 100_000)}\u{FE0F}\u{20E3}`
  return Number.isInteger(code) && code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : withDetail('emoji', '')
}

/** A JSON card names itself in `prompt`. */
function promptOf(json: string): string {
  try {
    const card: unknown = JSON.parse(json)
    if (typeof card === 'object' && card !== null && 'prompt' in card && typeof card.prompt === 'string') {
      return card.prompt
    }
  } catch {
    // Not JSON: the card has no name to show.
  }
  return ''
}

/** An XML card names itself in the attribute `brief`. */
function briefOf(xml: string): string {
  const start = xml.indexOf('brief="')
  if (start === -1) return ''
  const end = xml.indexOf('"', start + 7)
  return end === -1
    ? ''
    : xml.slice(start + 7, end).replace(/&(?:#91|#93|lt|gt|quot|amp);/g, (found) => xmlEntity[found]!)
}

const xmlEntity: { readonly [entity: string]: string } = {
  '&#91;': '[',
  '&#93;': ']',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&amp;': '&',
}
