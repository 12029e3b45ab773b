import type { Segment } from '@seekyou/message'
import { badSegment, pick, textOf } from './segment-param.ts'

const services = ['qq', '163', 'xm']
const looks = ['qq', '163', 'migu', 'kugou', 'kuwo']

/** A song: of a service by its id, or described in full. */
export function readMusic({ type, data }: Segment): Segment {
  const service = textOf(data, 'type')
  if (services.includes(service)) {
    if (textOf(data, 'id') === '') badSegment(type, `needs the id of the song at ${service}`)
    return { type, data: { type: service, ...pick(data, ['id', 'content']) } }
  }
  if (service !== 'custom') badSegment(type, `takes one of ${services.join(', ')} or custom as its type`)
  const look = textOf(data, 'subtype')
  if (look !== '' && !looks.includes(look)) badSegment(type, `takes one of ${looks.join(', ')} as its subtype`)
  const audio = textOf(data, 'audio') || textOf(data, 'voice')
  const lacking = ['url', 'title'].find((name) => textOf(data, name) === '') ?? (audio === '' ? 'audio' : undefined)
  if (lacking !== undefined) badSegment(type, `with type=custom needs a ${lacking}`)
  return {
    type,
    data: {
      type: service,
      ...pick(data, ['subtype', 'url']),
      audio,
      ...pick(data, ['title', 'content', 'image']),
    },
  }
}
