import { dialects, metaEvent, networkEvent, toWireEvent } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { messages, metas, notices, requests, without } from '../event-examples.ts'

const { 'cqhttp-4': dialect } = dialects
const readable = networkEvent.or(metaEvent)
const told = (example: unknown) => dialect.event(toWireEvent(readable.parse(example), 'string'))

describe('a notice in CQHTTP v4', () => {
  it('is told only where that generation knew it', () => {
    const kinds = Object.values(notices).flatMap((notice) => told(notice)?.['notice_type'] ?? [])
    expect([...new Set(kinds)]).toEqual([
      'group_upload',
      'group_admin',
      'group_increase',
      'group_decrease',
      'group_ban',
      'friend_add',
    ])
  })

  it('is told as OneBot 11 tells it', () => {
    expect(told(notices['group_ban ban'])).toEqual(notices['group_ban ban'])
  })
})

it('a discuss group is heard in CQHTTP v4', () => {
  const example = messages['message discuss']
  expect(told(example)).toEqual({ ...without(example, 'message_seq'), message: 'hi', raw_message: 'hi' })
})

it('a mask is an object in CQHTTP v4, a request has a comment, and meta events are told', () => {
  expect(told(messages['message group anonymous'])).toMatchObject({ anonymous: { name: '大力鬼王' } })
  expect(told(requests.friend)).toEqual(requests.friend)
  expect(Object.values(metas).map(told)).toEqual(Object.values(metas))
})
