import type { Segment } from './segment.ts'

/**
 * Joins neighbouring text segments and drops empty ones; the other segments stay as they are.
 *
 * @returns a new array.
 */
export function mergeText(segments: readonly Segment[]): Segment[] {
  const merged: Segment[] = []
  let text = ''
  let first: Segment | undefined
  const flush = (): void => {
    // A text that stood alone stays the same object, unless it has params that a text does not.
    if (text !== '') merged.push(first ?? { type: 'text', data: { text } })
    text = ''
    first = undefined
  }
  for (const segment of segments) {
    if (segment.type === 'text') {
      const own = segment.data['text']
      if (typeof own !== 'string' || own === '') continue
      first = text === '' && Object.keys(segment.data).length === 1 ? segment : undefined
      text += own
    } else {
      flush()
      merged.push(segment)
    }
  }
  flush()
  return merged
}
