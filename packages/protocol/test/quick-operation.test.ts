import { MessageInputError } from '@seekyou/message'
import { dialects, networkEvent, planQuickOperation, toWireEvent } from '@seekyou/protocol'
import type { Dialect } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { messages, metas, notices, requests } from './event-examples.ts'

const plan = (context: unknown, operation: unknown, dialect: Dialect = dialects.default) =>
  planQuickOperation(context, operation, dialect)

const text = (value: string) => ({ type: 'text', data: { text: value } })
const at = (qq: string) => [{ type: 'at', data: { qq } }, text(' ')]

// What aiocqhttp sends back: the event without its content and without its sender.
const group = {
  post_type: 'message',
  message_type: 'group',
  sub_type: 'normal',
  message_id: 7,
  group_id: 20001,
  user_id: 10001,
  anonymous: null,
}
const direct = { post_type: 'message', message_type: 'private', sub_type: 'friend', message_id: 8, user_id: 10001 }
const discuss = { post_type: 'message', message_type: 'discuss', message_id: 9, discuss_id: 30001, user_id: 10001 }
const mask = { id: 80000000, name: '大力鬼王', flag: '1|大力鬼王' }
const masked = { ...group, sub_type: 'anonymous', user_id: 80000000, anonymous: mask }
const maskedOfOld = { ...masked, anonymous: '大力鬼王', anonymous_flag: '1|大力鬼王' }

describe('a reply', () => {
  it('goes to the person, with the group of a temporary session', () => {
    const message = [text('hi')]
    expect(plan(direct, { reply: 'hi' })).toEqual([{ action: 'send_private_msg', params: { user_id: 10001, message } }])
    expect(plan({ ...direct, group_id: 20001 }, { reply: 'hi' })).toEqual([
      { action: 'send_private_msg', params: { user_id: 10001, group_id: 20001, message } },
    ])
  })

  it('never begins with an at in a private chat', () => {
    expect(plan(direct, { reply: 'hi', at_sender: true })[0]?.params['message']).toEqual([text('hi')])
  })

  it.each([
    ['group', group, 'send_group_msg', { group_id: 20001 }],
    ['discuss group', discuss, 'send_discuss_msg', { discuss_id: 30001 }],
  ])('in a %s begins with an at of who is answered', (_, context, action, chat) => {
    expect(plan(context, { reply: 'hi' })).toEqual([
      { action, params: { ...chat, message: [...at('10001'), text('hi')] } },
    ])
  })

  it.each([
    [undefined, true],
    [null, true],
    ['maybe', true],
    [true, true],
    ['yes', true],
    [1, true],
    [false, false],
    ['false', false],
    [0, false],
    ['no', false],
  ])('with at_sender %j: begins with an at is %j', (at_sender, begins) => {
    const message = begins ? [...at('10001'), text('hi')] : [text('hi')]
    expect(plan(group, { reply: 'hi', at_sender })[0]?.params['message']).toEqual(message)
  })

  it('begins with an at only on request where the dialect says so', () => {
    const dialect = { ...dialects.default, atSender: false }
    expect(plan(group, { reply: 'hi' }, dialect)[0]?.params['message']).toEqual([text('hi')])
    expect(plan(group, { reply: 'hi', at_sender: true }, dialect)[0]?.params['message']).toHaveLength(3)
  })

  it('follows that at without a space in go-cqhttp, where replies bring their own', () => {
    expect(plan(group, { reply: ' hi', at_sender: true }, dialects['go-cqhttp'])[0]?.params['message']).toEqual([
      at('10001')[0],
      text(' hi'),
    ])
  })

  it.each([
    ['an object', masked],
    ['a name, as before CQHTTP v4', maskedOfOld],
  ])('has no one to address behind a mask that is %s', (_, context) => {
    expect(plan(context, { reply: 'hi', at_sender: true })[0]?.params['message']).toEqual([text('hi')])
  })

  it('addresses someone whose mask is an empty name, as before CQHTTP v4', () => {
    expect(plan({ ...group, anonymous: '', anonymous_flag: '' }, { reply: 'hi' })[0]?.params['message']).toHaveLength(3)
  })

  it.each([undefined, null, { user: 1 }])('addresses no one where user_id is %j', (user_id) => {
    expect(plan({ ...group, user_id }, { reply: 'hi' })[0]?.params['message']).toEqual([text('hi')])
  })

  it.each([
    ['text with CQ codes', 'a[CQ:face,id=1]', undefined, [text('a'), { type: 'face', data: { id: '1' } }]],
    ['text to be taken literally', '[CQ:face,id=1]', true, [text('[CQ:face,id=1]')]],
    ['text to be taken literally, asked for by a word', '[CQ:face,id=1]', 'yes', [text('[CQ:face,id=1]')]],
    [
      'segments',
      [text('a'), { type: 'face', data: { id: 1 } }],
      true,
      [text('a'), { type: 'face', data: { id: '1' } }],
    ],
    ['one segment', { type: 'face', data: { id: 1 } }, undefined, [{ type: 'face', data: { id: '1' } }]],
    ['a number', 42, undefined, [text('42')]],
  ])('may be %s', (_, reply, auto_escape, message) => {
    expect(plan(direct, { reply, auto_escape })[0]?.params['message']).toEqual(message)
  })

  it('may be asked to be taken literally as in CQHTTP v2', () => {
    const operation = { reply: '[CQ:face,id=1]', is_raw: true }
    expect(plan(direct, operation)[0]?.params['message']).toEqual([text('[CQ:face,id=1]')])
    expect(plan(direct, { ...operation, auto_escape: false })[0]?.params['message']).toEqual([
      { type: 'face', data: { id: '1' } },
    ])
  })

  it.each([undefined, null, '', [], [text('')], text('')])('of %j says nothing', (reply) => {
    expect(plan(group, { reply, at_sender: true })).toEqual([])
  })

  it('that is no message stops the whole', () => {
    expect(() => plan(group, { reply: [{ data: {} }], kick: true })).toThrow(MessageInputError)
  })
})

describe('an operation on a group message', () => {
  it('recalls it', () => {
    expect(plan(group, { delete: true })).toEqual([{ action: 'delete_msg', params: { message_id: 7 } }])
  })

  it.each([
    [{ kick: true }, false],
    [{ kick: 'yes', reject_add_request: 1 }, true],
  ])('of %j kicks who said it; for ever: %j', (operation, reject_add_request) => {
    expect(plan(group, operation)).toEqual([
      { action: 'set_group_kick', params: { group_id: 20001, user_id: 10001, reject_add_request } },
    ])
  })

  it.each([
    [undefined, 1800],
    [null, 1800],
    ['soon', 1800],
    [60, 60],
    ['60', 60],
    [0, 0],
  ])('mutes who said it, with ban_duration %j for %i s', (ban_duration, duration) => {
    expect(plan(group, { ban: true, ban_duration })).toEqual([
      { action: 'set_group_ban', params: { group_id: 20001, user_id: 10001, duration } },
    ])
  })

  it('mutes a mask, but cannot kick it', () => {
    expect(plan(masked, { ban: true, ban_duration: 60, kick: true })).toEqual([
      { action: 'set_group_anonymous_ban', params: { group_id: 20001, anonymous: mask, duration: 60 } },
    ])
    expect(plan(maskedOfOld, { ban: true, kick: true })).toEqual([
      {
        action: 'set_group_anonymous_ban',
        params: { group_id: 20001, anonymous_flag: '1|大力鬼王', duration: 1800 },
      },
    ])
  })

  it('is done in the order reply, delete, kick, ban', () => {
    const all = { ban: true, kick: true, delete: true, reply: 'bye' }
    expect(plan(group, all).map(({ action }) => action)).toEqual([
      'send_group_msg',
      'delete_msg',
      'set_group_kick',
      'set_group_ban',
    ])
  })

  it.each([false, 0, 'no', null, undefined, 'later', {}])('is not asked for by %j', (value) => {
    expect(plan(group, { delete: value, kick: value, ban: value })).toEqual([])
  })

  it.each([
    ['private', direct],
    ['discuss', discuss],
  ])('is not done on a %s message', (_, context) => {
    expect(plan(context, { delete: true, kick: true, ban: true })).toEqual([])
  })
})

describe('an operation on a request', () => {
  const friend = { post_type: 'request', request_type: 'friend', flag: '77' }
  const join = { post_type: 'request', request_type: 'group', sub_type: 'add', flag: '78' }

  it('answers a friend', () => {
    expect(plan(friend, { approve: true, remark: '小明' })).toEqual([
      { action: 'set_friend_add_request', params: { flag: '77', approve: true, remark: '小明' } },
    ])
    expect(plan(friend, { approve: 'no' })).toEqual([
      { action: 'set_friend_add_request', params: { flag: '77', approve: false, remark: '' } },
    ])
  })

  it('answers who asks into a group, or asks the account into one', () => {
    expect(plan(join, { approve: false, reason: '满了' })).toEqual([
      { action: 'set_group_add_request', params: { flag: '78', sub_type: 'add', approve: false, reason: '满了' } },
    ])
    expect(plan({ ...join, sub_type: 'invite' }, { approve: 1 })).toEqual([
      { action: 'set_group_add_request', params: { flag: '78', sub_type: 'invite', approve: true, reason: '' } },
    ])
  })

  it.each([undefined, null, 'perhaps', []])('leaves it open when approve is %j', (approve) => {
    expect(plan(friend, { approve, remark: 'x' })).toEqual([])
    expect(plan(join, { approve, reason: 'x' })).toEqual([])
  })

  it('does nothing about a request of another kind', () => {
    expect(plan({ ...join, request_type: 'guild' }, { approve: true })).toEqual([])
    expect(plan({ post_type: 'request', flag: '78' }, { approve: true })).toEqual([])
  })
})

describe('a context', () => {
  it('may name with null what an event of its kind does not have', () => {
    const nulls = {
      message_type: null,
      sub_type: null,
      user_id: null,
      group_id: null,
      anonymous: null,
      message_id: null,
    }
    expect(
      plan({ ...nulls, post_type: 'request', request_type: 'friend', flag: '77' }, { approve: true }),
    ).toHaveLength(1)
    expect(plan({ ...direct, request_type: null, group_id: null, flag: null }, { reply: 'hi' })).toHaveLength(1)
  })

  it.each(Object.entries({ ...notices, ...metas }))('of %s has nothing to do', (_, event) => {
    expect(plan(event, { reply: 'hi', approve: true, delete: true, block: true })).toEqual([])
  })

  it.each(Object.values<Dialect>(dialects))('may be the event as it went out in $name', (dialect) => {
    for (const example of [...Object.values(messages), ...Object.values(requests)]) {
      const event = dialect.event(toWireEvent(networkEvent.parse(example), 'string'))
      const isAnswerable = event !== undefined && example.post_type !== 'message_sent'
      expect(plan(event, { reply: 'hi', approve: true }, dialect)).toHaveLength(isAnswerable ? 1 : 0)
    }
  })

  it('of CQHTTP v2 names the same mask, and the same request, as one of today', () => {
    const older = dialects['cqhttp-2']
    const ask = (example: unknown, operation: object) => {
      const wire = toWireEvent(networkEvent.parse(example), 'string')
      return [plan(wire, operation), plan(older.event(wire), operation, older)] as const
    }
    const [, [ban]] = ask(messages['message group anonymous'], { ban: true, reply: '' })
    expect(ban).toEqual({
      action: 'set_group_anonymous_ban',
      params: { group_id: 20001, anonymous_flag: '1|大力鬼王', duration: 1800 },
    })
    const [today, then] = ask(requests['group add'], { approve: false, reason: '满了' })
    expect(then).toEqual(today)
  })

  it.each([undefined, null, 1, 'x', [], [group], {}, { post_type: 1 }])('that is %j gives nothing to do', (context) => {
    expect(plan(context, { reply: 'hi' })).toEqual([])
  })
})

it.each([undefined, null, 1, 'hi', [], {}, { block: true }, { unknown: 1 }])(
  'an operation that is %j asks for nothing',
  (operation) => {
    expect(plan(group, operation)).toEqual([])
  },
)
