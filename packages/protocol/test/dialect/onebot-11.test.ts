import { dialects, metaEvent, networkEvent, toWireEvent } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { messages, metas, notices, requests, without } from '../event-examples.ts'

const { 'onebot-11': dialect } = dialects
const readable = networkEvent.or(metaEvent)
const told = (example: unknown) => dialect.event(toWireEvent(readable.parse(example), 'string'))

describe('a message in OneBot 11', () => {
  it('between two people has the fields of the standard and no others', () => {
    expect(told(messages['message private group'])).toEqual({
      time: 1_700_000_000,
      self_id: 10000,
      post_type: 'message',
      message_type: 'private',
      sub_type: 'group',
      message_id: 7,
      user_id: 10001,
      message: 'hi',
      raw_message: 'hi',
      font: 0,
      sender: { user_id: 10001, nickname: '小明', sex: 'unknown', age: 0 },
    })
  })

  it('in a group has the fields of the standard and no others', () => {
    const example = messages['message group anonymous']
    expect(told(example)).toEqual({ ...without(example, 'message_seq'), message: 'hi', raw_message: 'hi' })
  })

  it('of a discuss group or a guild is not told', () => {
    expect(told(messages['message discuss'])).toBeUndefined()
    expect(dialect.event({ post_type: 'message', message_type: 'guild', sub_type: 'channel' })).toBeUndefined()
  })

  it('begins with what clients sort by', () => {
    const keys = Object.keys(told(messages['message group normal']) ?? {})
    expect(keys.slice(0, 4)).toEqual(['post_type', 'message_type', 'time', 'self_id'])
  })
})

describe('a notice in OneBot 11', () => {
  it('of a file does not say where it lies', () => {
    expect(told(notices.group_upload)).toEqual({
      ...notices.group_upload,
      file: { id: '/f', name: 'a.txt', size: 3, busid: 102 },
    })
  })

  it('of a poke names who was poked, and is told of groups only', () => {
    const poke = notices['notify poke in a group']
    expect(told(poke)).toEqual(without(poke, 'sender_id'))
    expect(told(notices['notify poke of a friend'])).toBeUndefined()
  })

  it.each(['legend', 'strong_newbie'])('of the honour %s is not told', (honor_type) => {
    expect(told({ ...notices['notify honor'], honor_type })).toBeUndefined()
    expect(told(notices['notify honor'])).toEqual(notices['notify honor'])
  })

  it('that only go-cqhttp knows is not told', () => {
    const kinds = Object.entries(notices).filter(([, notice]) => told(notice) === undefined)
    expect(kinds.map(([kind]) => kind)).toEqual([
      'notify poke of a friend',
      'notify title',
      'group_card',
      'offline_file',
      'client_status',
      'essence add',
      'essence delete',
      'message_reactions_updated',
      'guild_channel_recall',
      'channel_updated',
      'channel_created',
      'channel_destroyed',
    ])
  })

  it.each(['group_ban set', 'toString', undefined])('named %s is not told', (notice_type) => {
    expect(dialect.event({ post_type: 'notice', notice_type, user_id: 1 })).toBeUndefined()
  })
})

it('a request in OneBot 11 does not say who invited', () => {
  expect(told(requests['group add'])).toEqual(without(requests['group add'], 'invitor_id'))
  expect(told(requests.friend)).toEqual(requests.friend)
})

it.each(Object.entries(metas))('OneBot 11 is told the meta event %s', (_, event) => {
  expect(told(event)).toEqual(event)
})
