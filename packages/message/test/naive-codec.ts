/** The codec in its plainest form, written apart from the real one to check it against. Slow, and meant to be. */
import type { Segment } from '@seekyou/message'

export function naiveEscape(text: string, commas: boolean): string {
  const escaped = text.split('&').join('&amp;').split('[').join('&#91;').split(']').join('&#93;')
  return commas ? escaped.split(',').join('&#44;') : escaped
}

export function naiveUnescape(text: string): string {
  return text.split('&#44;').join(',').split('&#91;').join('[').split('&#93;').join(']').split('&amp;').join('&')
}

export function naiveDecode(text: string): Segment[] {
  const segments: Segment[] = []
  let pending = ''
  const flush = (): void => {
    if (pending !== '') segments.push({ type: 'text', data: { text: pending } })
    pending = ''
  }
  // Odd places hold the code's type and its params, even ones the text between codes.
  const pieces: readonly (string | undefined)[] = text.split(/\[CQ:([A-Za-z0-9_.-]+)((?:,[^\]]*)?)\]/)
  for (let index = 0; index < pieces.length; index += 3) {
    pending += naiveUnescape(pieces[index] ?? '')
    const type = pieces[index + 1]
    if (type === undefined) break
    const params = new Map<string, string>()
    for (const param of (pieces[index + 2] ?? '').split(',')) {
      const [rawName = '', ...rest] = param.split('=')
      if (rest.length === 0) continue
      const name = naiveUnescape(rawName.trim())
      if (!params.has(name)) params.set(name, naiveUnescape(rest.join('=')))
    }
    if (type === 'text') pending += params.get('text') ?? ''
    else {
      flush()
      segments.push({ type, data: Object.fromEntries(params) })
    }
  }
  flush()
  return segments
}

export function naiveEncode(segments: readonly Segment[]): string {
  return segments
    .map(({ type, data }) => {
      if (type === 'text') return naiveEscape(data['text'] as string, false)
      const params = Object.entries(data).map(([name, value]) => {
        const text = typeof value === 'string' ? value : naiveEncode(value)
        return `,${naiveEscape(name, true)}=${naiveEscape(text, true)}`
      })
      return `[CQ:${type}${params.join('')}]`
    })
    .join('')
}
