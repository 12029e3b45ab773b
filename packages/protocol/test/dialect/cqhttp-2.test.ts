import { dialects, metaEvent, networkEvent, toWireEvent } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { messages, metas, notices, requests, without } from '../event-examples.ts'

const { 'cqhttp-2': dialect } = dialects
const readable = networkEvent.or(metaEvent)
const told = (example: unknown) => dialect.event(toWireEvent(readable.parse(example), 'string'))

describe('a message in CQHTTP v2', () => {
  it.each([
    ['someone who shows who it is', messages['message group normal'], '', ''],
    ['someone behind a mask', messages['message group anonymous'], '大力鬼王', '1|大力鬼王'],
  ])('of %s names the mask in text', (_, example, anonymous, anonymous_flag) => {
    expect(told(example)).toEqual({
      ...without(example, 'message_seq'),
      message: 'hi',
      raw_message: 'hi',
      anonymous,
      anonymous_flag,
    })
  })

  it('between two people has no mask', () => {
    expect(told(messages['message private friend'])).not.toHaveProperty('anonymous')
  })

  it('of a discuss group is told', () => {
    expect(told(messages['message discuss'])).toMatchObject({
      post_type: 'message',
      message_type: 'discuss',
      discuss_id: 30001,
      user_id: 10001,
      message: 'hi',
    })
  })

  it('of a guild is not told', () => {
    expect(dialect.event({ post_type: 'message', message_type: 'guild', sub_type: 'channel' })).toBeUndefined()
  })
})

describe('a notice in CQHTTP v2', () => {
  it('is called an event', () => {
    expect(Object.entries(told(notices['group_decrease kick']) ?? {})).toEqual([
      ['post_type', 'event'],
      ['event', 'group_decrease'],
      ['time', 1_700_000_000],
      ['self_id', 10000],
      ['sub_type', 'kick'],
      ['group_id', 20001],
      ['user_id', 10001],
      ['operator_id', 10002],
    ])
  })

  it('is told only where that generation knew it', () => {
    const kinds = Object.values(notices).flatMap((notice) => told(notice)?.['event'] ?? [])
    expect([...new Set(kinds)]).toEqual([
      'group_upload',
      'group_admin',
      'group_increase',
      'group_decrease',
      'friend_add',
    ])
  })

  it.each(['notify', 'group_ban', undefined])('named %s is not told', (notice_type) => {
    expect(dialect.event({ post_type: 'notice', notice_type, user_id: 1 })).toBeUndefined()
  })
})

it.each(Object.entries(requests))('the words of a request (%s) are its message in CQHTTP v2', (_, example) => {
  const known = without(example, 'comment', 'invitor_id')
  expect(told(example)).toEqual({ ...known, message: example.comment })
})

it.each(Object.entries(metas))('CQHTTP v2 is not told the meta event %s', (_, event) => {
  expect(told(event)).toBeUndefined()
})
