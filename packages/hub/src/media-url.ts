import type { Segment } from '@seekyou/message'
import { mediaKey } from '@seekyou/protocol'
import type { Event } from '@seekyou/protocol'

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
  const fetchable = urlOf(url, baseUrl)
  return fetchable === undefined ? segment : { ...segment, data: { ...segment.data, url: fetchable } }
}

/** The same for the file that a notice tells of. */
export function withFileUrl<E extends Event>(event: E, baseUrl: string): E {
  if (!('file' in event)) return event
  const fetchable = urlOf(event.file.url, baseUrl)
  return fetchable === undefined ? event : { ...event, file: { ...event.file, url: fetchable } }
}

/** The same for everything in an answer of plain data that is called `url`, however deep it stands. */
export function withMediaUrls(value: unknown, baseUrl: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withMediaUrls(item, baseUrl))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    key,
    (key === 'url' ? urlOf(inner, baseUrl) : undefined) ?? withMediaUrls(inner, baseUrl),
  ])
  return Object.fromEntries(entries)
}

function urlOf(uri: unknown, baseUrl: string): string | undefined {
  const key = typeof uri === 'string' ? mediaKey(uri) : undefined
  return key === undefined ? undefined : mediaUrl(key, baseUrl)
}
