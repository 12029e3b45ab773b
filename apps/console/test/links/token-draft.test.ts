import { expect, test } from 'vitest'
import { emptyDraft, limitsOf, writeToken } from '../../src/links/token-draft.ts'

test('what is left empty is not limited', () => {
  expect(writeToken({ ...emptyDraft, name: ' shop ' })).toEqual({ name: 'shop', preset: 'chat' })
  expect(writeToken({ ...emptyDraft, preset: '' })).toEqual({ name: '' })
})

test('lists are read with commas of both languages; what is no id is left to the server', () => {
  const draft = {
    ...emptyDraft,
    preset: '',
    name: 'a',
    allow: 'send_msg, get_*',
    bots: '10010',
    groups: '20001，x、20002',
    from: '10.0.0.0/8',
  }
  expect(writeToken({ ...draft, events: 'message request', frequency: '2.5', expires: '2027-01-31T12:00' })).toEqual({
    name: 'a',
    allow: ['send_msg', 'get_*'],
    bots: [10010],
    groups: [20001, 'x', 20002],
    from: ['10.0.0.0/8'],
    events: ['message', 'request'],
    rate_limit: { frequency: 2.5, bucket: 3 },
    expires_at: new Date('2027-01-31T12:00').toISOString(),
  })
})

test('tells in short what a token may do', () => {
  const limits = { allow: ['get_*'], deny: ['get_cookies'], groups: [1, 2], users: 'all' as const, events: ['message'] }
  const token = { name: 'a', preset: 'chat', ...limits, rate_limit: { frequency: 2, bucket: 2 }, from: ['::1'] }
  expect(limitsOf(token)).toEqual([
    'chat',
    '+ get_*',
    '− get_cookies',
    'groups: 1, 2',
    'users: all',
    'events: message',
    '2/s',
    'from: ::1',
  ])
  expect(limitsOf({ name: 'b', rate_limit: { frequency: 0, bucket: 1 } })).toEqual([])
})
