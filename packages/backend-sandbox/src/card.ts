import type { Segment } from '@seekyou/message'
import { badSegment, numberOf, pick, textOf } from './segment-param.ts'

/* Segments that the network shows as a card and hands on as they are, once they are well-formed. */

export function readShare({ type, data }: Segment): Segment {
  return { type, data: { url: textOf(data, 'url'), title: textOf(data, 'title'), ...pick(data, ['content', 'image']) } }
}

export function readContact(segment: Segment): Segment {
  const kind = textOf(segment.data, 'type')
  if (kind !== 'qq' && kind !== 'group') badSegment('contact', 'takes qq or group as its type')
  return { type: 'contact', data: { type: kind, id: String(numberOf(segment, 'id', 1)) } }
}

export function readLocation({ type, data }: Segment): Segment {
  const [lat, lon] = [degrees(data, 'lat', 90), degrees(data, 'lon', 180)]
  return { type, data: { lat, lon, ...pick(data, ['title', 'content']) } }
}

export function readJson(segment: Segment): Segment {
  const data = textOf(segment.data, 'data')
  try {
    JSON.parse(data)
  } catch {
    badSegment('json', 'takes JSON text as its data')
  }
  return { type: 'json', data: { data, ...service(segment) } }
}

export function readXml(segment: Segment): Segment {
  const data = textOf(segment.data, 'data')
  if (!/^\s*<.*>\s*$/s.test(data)) badSegment('xml', 'takes an XML document as its data')
  return { type: 'xml', data: { data, ...service(segment) } }
}

function degrees(data: Segment['data'], name: string, most: number): string {
  const text = textOf(data, name)
  if (text.trim() !== '' && Math.abs(Number(text)) <= most) return text
  return badSegment('location', `takes a number from -${most} to ${most} as its ${name}`)
}

function service(segment: Segment): Segment['data'] {
  return textOf(segment.data, 'resid') === '' ? {} : { resid: String(numberOf(segment, 'resid', 0)) }
}
