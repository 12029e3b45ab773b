import { mapSegments, mediaUri, metaEvent, networkEvent, toWireEvent } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { messages, metas, notices, requests } from './event-examples.ts'

const network = { ...messages, ...notices, ...requests }
const readable = networkEvent.or(metaEvent)
const key = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9'
const stored = {
  ...messages['message group normal'],
  message: [
    { type: 'text', data: { text: '[a], & b' } },
    { type: 'image', data: { file: 'a.jpg', url: mediaUri(key) } },
  ],
}

describe('an event on the wire', () => {
  it.each(Object.entries({ ...network, ...metas }))('%s begins with what clients sort by', (_, event) => {
    const [first, second, ...rest] = Object.keys(toWireEvent(readable.parse(event), 'array'))
    expect(first).toBe('post_type')
    expect(second).toBe(event.post_type === 'message_sent' ? 'message_type' : `${event.post_type}_type`)
    expect(rest.slice(0, 2)).toEqual(['time', 'self_id'])
  })

  it.each(Object.entries({ ...notices, ...requests, ...metas }))('%s says what the event says', (_, event) => {
    expect(toWireEvent(readable.parse(event), 'string')).toEqual(event)
  })

  it('carries a message as segments, and always as raw text', () => {
    const event = networkEvent.parse(stored)
    const raw_message = `&#91;a&#93;, &amp; b[CQ:image,file=a.jpg,url=media:${key}]`
    expect(toWireEvent(event, 'array')).toEqual({ ...stored, raw_message })
  })

  it('carries a message as text with CQ codes', () => {
    const event = networkEvent.parse(stored)
    const raw_message = `&#91;a&#93;, &amp; b[CQ:image,file=a.jpg,url=media:${key}]`
    expect(toWireEvent(event, 'string')).toEqual({ ...stored, message: raw_message, raw_message })
  })

  it('leaves the event alone', () => {
    const event = networkEvent.parse(stored)
    toWireEvent(event, 'string')
    expect(event).toEqual(stored)
  })
})

describe('the segments of an event', () => {
  it('are changed before it goes out, in the message and in its raw text', () => {
    const event = mapSegments(networkEvent.parse(stored), (segment) =>
      segment.type === 'image' ? { ...segment, data: { ...segment.data, url: 'http://127.0.0.1/a' } } : segment,
    )
    expect(JSON.stringify(toWireEvent(event, 'array'))).not.toContain('media:')
    expect(toWireEvent(event, 'string')['raw_message']).toContain('[CQ:image,file=a.jpg,url=http://127.0.0.1/a]')
  })

  it('leave the event the same object when nothing changes', () => {
    const event = networkEvent.parse(stored)
    expect(mapSegments(event, (segment) => segment)).toBe(event)
  })

  it('are none in an event without a message', () => {
    const event = networkEvent.parse(notices.friend_add)
    expect(mapSegments(event, () => ({ type: 'text', data: {} }))).toBe(event)
  })
})
