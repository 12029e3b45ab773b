import type { Segment } from '@seekyou/message'
import { mediaKey } from '@seekyou/protocol'

/** Where a stored file can be fetched below the base URL of a server. */
export function mediaUrl(key: string, baseUrl: string): string {
  return `${baseUrl}/media/${key}`
}

/** Gives stored media the address it can be fetched at right now: `media:<key>` becomes a URL below `baseUrl`. */
export function withMediaUrl(segment: Segment, baseUrl: string): Segment {
  const { url, content } = segment.data
  if (typeof content === 'object') {
    const inner = content.map((part) => withMediaUrl(part, baseUrl))
    return inner.every((part, index) => part === content[index])
      ? segment
      : { ...segment, data: { ...segment.data, content: inner } }
  }
  const key = typeof url === 'string' ? mediaKey(url) : undefined
  return key === undefined ? segment : { ...segment, data: { ...segment.data, url: mediaUrl(key, baseUrl) } }
}
