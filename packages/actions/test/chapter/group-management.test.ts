import { catalogue, readParams } from '@seekyou/actions'
import type { ActionName } from '@seekyou/actions'
import { describe, expect, it } from 'vitest'
import type * as z from 'zod'

function read(name: ActionName, params: object): unknown {
  return readParams<z.ZodType>(name, catalogue[name], params)
}

const member = { group_id: 20001, user_id: 10001 }

describe('what is left out', () => {
  it.each([
    ['set_group_ban', member, { duration: 1800 }],
    ['set_group_kick', member, { reject_add_request: false, message: '' }],
    ['set_group_whole_ban', { group_id: 20001 }, { enable: true }],
    ['set_group_admin', member, { enable: true }],
    ['set_group_anonymous', { group_id: 20001 }, { enable: true }],
    ['set_group_card', member, { card: '' }],
    ['set_group_special_title', member, { special_title: '', duration: -1 }],
    ['set_group_leave', { group_id: 20001 }, { is_dismiss: false }],
    ['set_group_portrait', { group_id: 20001, file: 'a.png' }, { cache: true }],
    ['set_friend_add_request', { flag: 'r1' }, { approve: true, remark: '' }],
    ['set_group_add_request', { flag: 'r1' }, { approve: true, reason: '' }],
    ['set_group_anonymous_ban', { group_id: 20001, flag: 'f1' }, { duration: 1800 }],
    ['send_like', { user_id: 10001 }, { times: 1 }],
    ['get_group_honor_info', { group_id: 20001 }, { type: 'all' }],
    ['get_group_file_url', { group_id: 20001, file_id: '/f1' }, { busid: 0 }],
    ['upload_group_file', { group_id: 20001, file: '/a', name: 'a' }, { folder: '' }],
    ['create_group_file_folder', { group_id: 20001, name: 'a' }, { parent_id: '/' }],
    ['set_guild_member_role', { guild_id: '1', role_id: '2', users: [] }, { set: false }],
  ] as const)('of %s is as the documents say', (name, params, defaults) => {
    expect(read(name, params)).toEqual({ ...params, ...defaults })
  })
})

it.each([0, '0', 2_592_000])('set_group_ban takes %j seconds', (duration) => {
  expect(read('set_group_ban', { ...member, duration })).toEqual({ ...member, duration: Number(duration) })
})

it.each([-1, '-60', 1.5, 'long', true])('set_group_ban does not take %j for seconds', (duration) => {
  expect(() => read('set_group_ban', { ...member, duration })).toThrow(/^set_group_ban: duration takes /u)
})

it('set_group_kick takes the message of an event that is spread over its params for no reason', () => {
  const message = [{ type: 'text', data: { text: '广告' } }]
  expect(read('set_group_kick', { ...member, message })).toMatchObject({ ...member, message: '' })
  expect(read('set_group_kick', { ...member, message: '广告' })).toMatchObject({ message: '广告' })
})

describe('set_group_anonymous_ban', () => {
  const anonymous = { id: 80_000_000, name: '大力鬼王', flag: 'of-the-object' }

  it.each([
    ['the object of the event', { anonymous }, 'of-the-object'],
    ['the object rather than anything else', { anonymous, flag: 'f', anonymous_flag: 'af' }, 'of-the-object'],
    ['flag', { flag: 'f' }, 'f'],
    ['anonymous_flag', { anonymous_flag: 'af' }, 'af'],
    ['flag rather than anonymous_flag', { flag: 'f', anonymous_flag: 'af' }, 'f'],
    ['a flag beside no object', { anonymous: null, anonymous_flag: 'af' }, 'af'],
    ['a flag beside the name that CQHTTP v2 tells', { anonymous: '大力鬼王', anonymous_flag: 'af' }, 'af'],
    ['a flag beside an object without one', { anonymous: { name: '大力鬼王' }, flag: 'f' }, 'f'],
  ])('knows its speaker by %s', (_, mask, flag) => {
    expect(read('set_group_anonymous_ban', { group_id: 20001, ...mask })).toEqual({
      group_id: 20001,
      flag,
      duration: 1800,
    })
  })

  it.each([{}, { anonymous: {} }, { anonymous: '大力鬼王' }, { flag: '' }])('knows nobody by %j', (mask) => {
    expect(() => read('set_group_anonymous_ban', { group_id: 20001, ...mask })).toThrow(
      /^set_group_anonymous_ban: flag is missing; it takes the flag of an anonymous speaker/u,
    )
  })
})

it.each(['join', 'approve'])('set_group_add_request has no type %j', (sub_type) => {
  const wording = /^set_group_add_request: sub_type takes "add" or "invite", not /u
  expect(() => read('set_group_add_request', { flag: 'r1', sub_type })).toThrow(wording)
  expect(() => read('set_group_add_request', { flag: 'r1', type: sub_type })).toThrow(wording)
})

it.each([
  ['set_group_name', 'group_name'],
  ['set_group_portrait', 'file'],
  ['_send_group_notice', 'content'],
  ['set_friend_add_request', 'flag'],
  ['upload_group_file', 'name'],
  ['delete_group_folder', 'folder_id'],
] as const)('%s does not take an empty %s', (name, param) => {
  const params = { ...catalogue[name].example.params, [param]: '' }
  expect(() => read(name, params)).toThrow(`${name}: ${param} takes text that is not empty, not ""`)
})
