import { describe, expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000
const request = { time: now, self_id: 10000, post_type: 'request' }
const notice = { time: now, self_id: 10000, post_type: 'notice' }

const befriend = (run: Run, flag: string, params: object = {}) => run.act('set_friend_add_request', { flag, ...params })
const answer = (run: Run, flag: string, sub_type: string, params: object = {}) =>
  run.act('set_group_add_request', { flag, sub_type, ...params })

describe('asking to be friends', () => {
  it('makes friends when it is approved, under the name the bot notes', async () => {
    const run = await startSandbox()
    expect(await run.play('request_friend', { as: 10004, comment: 'hi' })).toEqual({ flag: '1' })
    expect(run.last()).toEqual({ ...request, request_type: 'friend', user_id: 10004, comment: 'hi', flag: '1' })
    const again = await restart(run)
    await befriend(again, '1', { remark: 'D' })
    expect(again.last()).toEqual({ ...notice, notice_type: 'friend_add', user_id: 10004 })
    expect(await again.act('get_friend_list')).toContainEqual({ user_id: 10004, nickname: 'Dave', remark: 'D' })
  })

  it('changes nothing when it is turned down', async () => {
    const run = await startSandbox()
    await run.play('request_friend', { as: 10005 })
    await befriend(run, '1', { approve: false })
    expect(run.host.events).toHaveLength(1)
    expect(await run.act('get_unidirectional_friend_list')).toMatchObject([{ user_id: 10005 }])
  })

  it('can be answered once, also after a restart', async () => {
    const run = await startSandbox()
    await run.play('request_friend', { as: 10004 })
    await befriend(run, '1', { approve: false })
    const again = await restart(run)
    expect(await answerOf(again, befriend(again, '1'))).toBe(
      '103 FLAG_HAS_BEEN_CHECKED: the request 1 was turned down by SeekYou (10000) before; it can be answered once',
    )
    expect(await answerOf(again, befriend(again, '2'))).toBe(
      '102 FLAG_NOT_FOUND: nobody asked a question of type friend with the flag "2"',
    )
    expect(await refusal(again, answer(again, '1', 'add'))).toBe('no-data FLAG_NOT_FOUND')
  })

  it('is the same question until it is answered, and a new one after', async () => {
    const run = await startSandbox()
    await run.play('request_friend', { as: 10004, comment: 'one' })
    expect(await run.play('request_friend', { as: 10004, comment: 'two' })).toEqual({ flag: '1' })
    expect(run.last()).toMatchObject({ comment: 'two', flag: '1' })
    await befriend(run, '1', { approve: false })
    expect(await run.play('request_friend', { as: 10004 })).toEqual({ flag: '2' })
  })

  it('is of no use to friends, and tells of no second friendship', async () => {
    const run = await startSandbox()
    expect(await refusal(run, run.play('request_friend', { as: 10001 }))).toBe('refused ALREADY_FRIENDS')
    await run.play('request_friend', { as: 10004 })
    await run.play('add_friend', { as: 10004 })
    await befriend(run, '1')
    expect(run.host.events).toHaveLength(2)
  })

  it('has flags that a reset does not give again', async () => {
    const run = await startSandbox()
    await run.play('request_friend', { as: 10004 })
    await run.play('reset')
    expect(await refusal(run, befriend(run, '1'))).toBe('no-data FLAG_NOT_FOUND')
    expect(await run.play('request_friend', { as: 10004 })).toEqual({ flag: '2' })
  })
})

describe('asking to be let into a group', () => {
  it('makes a member when it is approved', async () => {
    const run = await startSandbox()
    const asked = { as: 10005, group_id: 20001, comment: 'let me in', invitor_id: 10001 }
    expect(await run.play('request_join', asked)).toEqual({ flag: '1' })
    expect(run.last()).toEqual({
      ...request,
      request_type: 'group',
      sub_type: 'add',
      group_id: 20001,
      user_id: 10005,
      comment: 'let me in',
      flag: '1',
      invitor_id: 10001,
    })
    const again = await restart(run)
    const told = {
      request_id: 1,
      requester_uin: 10005,
      requester_nick: 'Erin',
      message: 'let me in',
      group_id: 20001,
      group_name: 'Sandbox',
      checked: false,
      actor: 0,
      action_uin: 10001,
      action_uin_nick: 'Alice',
      suspicious: false,
    }
    expect(await again.act('get_group_system_msg')).toEqual({ invited_requests: null, join_requests: [told] })
    await answer(again, '1', 'add')
    expect(again.last()).toEqual({
      ...notice,
      notice_type: 'group_increase',
      sub_type: 'approve',
      group_id: 20001,
      user_id: 10005,
      operator_id: 10000,
    })
    expect(await again.act('get_group_member_info', { group_id: 20001, user_id: 10005 })).toMatchObject({
      role: 'member',
    })
    expect(await again.act('get_group_system_msg')).toEqual({
      invited_requests: null,
      join_requests: [{ ...told, checked: true, actor: 10000 }],
    })
    expect(await answerOf(again, answer(again, '1', 'add'))).toBe(
      '103 FLAG_HAS_BEEN_CHECKED: the request 1 was approved by SeekYou (10000) before; it can be answered once',
    )
  })

  it('can be answered by another of those who manage the group', async () => {
    const run = await startSandbox()
    await run.play('request_join', { as: 10005, group_id: 20001 })
    expect(await answerOf(run, run.play('answer_request', { as: 10001, flag: '1' }))).toBe(
      '103 PERMISSION_DENIED: Alice (10001) is a plain member of the group Sandbox (20001); ' +
        'only its owner and its admins can let someone in',
    )
    await run.play('answer_request', { as: 10003, flag: '1' })
    expect(run.last()).toMatchObject({ sub_type: 'approve', user_id: 10005, operator_id: 10003 })
    expect(await run.act('get_group_system_msg')).toMatchObject({ join_requests: [{ checked: true, actor: 10003 }] })
    expect(await refusal(run, answer(run, '1', 'add'))).toBe('refused FLAG_HAS_BEEN_CHECKED')
  })

  it('can be turned down, with a reason', async () => {
    const run = await startSandbox()
    await run.play('request_join', { as: 10005, group_id: 20001 })
    await answer(run, '1', 'add', { approve: false, reason: 'full' })
    expect(run.host.events).toHaveLength(1)
    expect(await run.play('world')).toMatchObject({
      requests: [{ answer: { approve: false, reason: 'full', actor: 10000 } }],
    })
  })

  it('reaches a bot that manages the group', async () => {
    const run = await startSandbox()
    const ask = (as: number, group_id: number) => run.play('request_join', { as, group_id })
    expect(await answerOf(run, ask(10004, 20002))).toBe(
      '103 BOT_NOT_ADMIN: the bot is a plain member of the group Guests (20002), so it would not hear of it',
    )
    expect(await refusal(run, ask(10001, 20003))).toBe('refused BOT_NOT_IN_GROUP')
    expect(await refusal(run, ask(10001, 20001))).toBe('refused ALREADY_IN_GROUP')
    expect(await refusal(run, ask(10001, 29999))).toBe('no-data GROUP_NOT_FOUND')
  })

  it('stays open while the group is full, and is settled when they came in some other way', async () => {
    const run = await restart(await startSandbox(), { 'group/20001': { max_member_count: 6 } })
    await run.play('request_join', { as: 10005, group_id: 20001 })
    await run.play('create_user', { user_id: 10006, nickname: 'Frank' })
    await run.play('join', { as: 10006, group_id: 20001 })
    expect(await refusal(run, answer(run, '1', 'add'))).toBe('refused GROUP_FULL')
    await run.act('set_group_kick', { group_id: 20001, user_id: 10006 })
    await run.play('join', { as: 10005, group_id: 20001 })
    const before = run.host.events.length
    await answer(run, '1', 'add')
    expect(run.host.events).toHaveLength(before)
  })
})

it('is over with the group it is about, and with the one who answered it nobody is in the way', async () => {
  const run = await startSandbox()
  await run.play('request_join', { as: 10005, group_id: 20001 })
  await run.play('delete_group', { group_id: 20001 })
  await run.play('create_group', { group_id: 20001, group_name: 'Another' })
  expect(await refusal(run, answer(run, '1', 'add'))).toBe('no-data FLAG_NOT_FOUND')

  await run.play('join', { as: 10001, group_id: 20001 })
  await run.act('set_group_admin', { group_id: 20001, user_id: 10001 })
  await run.play('request_join', { as: 10005, group_id: 20001 })
  await run.play('answer_request', { as: 10001, flag: '2' })
  await run.play('delete_user', { user_id: 10001 })
  expect(await answerOf(run, run.act('set_group_add_request', { flag: '2', sub_type: 'add' }))).toBe(
    '103 FLAG_HAS_BEEN_CHECKED: the request 2 was approved by 10001 (gone since) before; it can be answered once',
  )
})

it('is never held back as suspicious', async () => {
  const run = await startSandbox()
  await run.play('request_join', { as: 10005, group_id: 20001 })
  expect(await run.act('get_group_ignored_notifies')).toEqual({ invited_requests: null, join_requests: null })
})

describe('asking the bot into a group', () => {
  it('brings it in when it is approved', async () => {
    const run = await startSandbox()
    expect(await run.play('invite', { as: 10002, group_id: 20003 })).toEqual({ flag: '1' })
    expect(run.last()).toEqual({
      ...request,
      request_type: 'group',
      sub_type: 'invite',
      group_id: 20003,
      user_id: 10002,
      comment: '',
      flag: '1',
      invitor_id: 0,
    })
    expect(await run.act('get_group_system_msg')).toEqual({
      join_requests: null,
      invited_requests: [
        {
          request_id: 1,
          invitor_uin: 10002,
          invitor_nick: 'Bob',
          group_id: 20003,
          group_name: 'Archive',
          checked: false,
          actor: 0,
        },
      ],
    })
    await answer(run, '1', 'invite')
    expect(run.last()).toEqual({
      ...notice,
      notice_type: 'group_increase',
      sub_type: 'invite',
      group_id: 20003,
      user_id: 10000,
      operator_id: 10002,
    })
    const again = await restart(run)
    await again.act('send_group_msg', { group_id: 20003, message: 'hello' })
  })

  it('is done by members of groups that the bot is not in', async () => {
    const run = await startSandbox()
    const invite = (as: number, group_id: number) => run.play('invite', { as, group_id })
    expect(await refusal(run, invite(10001, 20003))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await answerOf(run, invite(10001, 20002))).toBe(
      '103 ALREADY_IN_GROUP: SeekYou (10000) is in the group Guests (20002) already',
    )
    await run.play('kick', { as: 10001, group_id: 20002, user_id: 10000, value: true })
    expect(await refusal(run, invite(10001, 20002))).toBe('refused JOIN_BLOCKED')
  })

  it('can be turned down', async () => {
    const run = await startSandbox()
    await run.play('invite', { as: 10002, group_id: 20003 })
    await answer(run, '1', 'invite', { approve: false })
    expect(await refusal(run, answer(run, '1', 'invite'))).toBe('refused FLAG_HAS_BEEN_CHECKED')
    expect(await run.act('get_group_list')).toHaveLength(2)
  })
})

it('a question about a group is found by its flag where the bot names no type, as NapCat and LuckyLilliaBot find it', async () => {
  const run = await startSandbox()
  await run.play('request_friend', { as: 10004 })
  await run.play('request_join', { as: 10005, group_id: 20001 })
  await run.play('invite', { as: 10002, group_id: 20003 })
  await run.act('set_group_add_request', { flag: '2' })
  expect(run.last()).toMatchObject({ notice_type: 'group_increase', sub_type: 'approve', user_id: 10005 })
  await run.act('set_group_add_request', { flag: '3' })
  expect(run.last()).toMatchObject({ notice_type: 'group_increase', sub_type: 'invite', group_id: 20003 })
  expect(await answerOf(run, run.act('set_group_add_request', { flag: '1' }))).toBe(
    '102 FLAG_NOT_FOUND: nobody asked a question about a group with the flag "1"',
  )
})
