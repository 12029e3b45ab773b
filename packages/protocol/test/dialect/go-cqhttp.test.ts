import { dialects } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'

const dialect = dialects['go-cqhttp']

describe('an event in the dialect of go-cqhttp', () => {
  const message = { post_type: 'message', message: 'hi', raw_message: 'hi' }

  it('is as every dialect begins with it', () => {
    const event = { ...message, message_type: 'group', sub_type: 'normal', font: 0 }
    expect(dialect.event(event)).toBe(event)
  })

  it('has no raw text in a channel of a guild, where strict clients take none', () => {
    const event = { ...message, message_type: 'guild', sub_type: 'channel' }
    const { raw_message: _, ...rest } = event
    expect(dialect.event(event)).toEqual(rest)
  })
})
