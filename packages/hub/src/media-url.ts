import type { Segment } from '@seekyou/message'
import { mediaKey } from '@seekyou/protocol'
import type { Event } from '@seekyou/protocol'

/** Tells where a stored file can be fetched right now. */
export type MediaUrl = (key: string) => string

/** Gives stored media the address it can be fetched at right now: `media:<key>` becomes a URL. */
export function withMediaUrl(segment: Segment, mediaUrl: MediaUrl): Segment {
  const { url, content } = segment.data
  if (typeof content === 'object') {
    const inner = content.map((part) => withMediaUrl(part, mediaUrl))
    return inner.every((part, index) => part === content[index])
      ? segment
      : { ...segment, data: { ...segment.data, content: inner } }
  }
  const fetchable = urlOf(url, mediaUrl)
  return fetchable === undefined ? segment : { ...segment, data: { ...segment.data, url: fetchable } }
}

/** The same for the file that a notice tells of. */
export function withFileUrl<E extends Event>(event: E, mediaUrl: MediaUrl): E {
  if (!('file' in event)) return event
  const fetchable = urlOf(event.file.url, mediaUrl)
  return fetchable === undefined ? event : { ...event, file: { ...event.file, url: fetchable } }
}

/** The same for everything in an answer of plain data that is called `url`, however deep it stands. */
export function withMediaUrls(value: unknown, mediaUrl: MediaUrl): unknown {
  if (Array.isArray(value)) return value.map((item) => withMediaUrls(item, mediaUrl))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    key,
    (key === 'url' ? urlOf(inner, mediaUrl) : undefined) ?? withMediaUrls(inner, mediaUrl),
  ])
  return Object.fromEntries(entries)
}

function urlOf(uri: unknown, mediaUrl: MediaUrl): string | undefined {
  const key = typeof uri === 'string' ? mediaKey(uri) : undefined
  return key === undefined ? undefined : mediaUrl(key)
}
