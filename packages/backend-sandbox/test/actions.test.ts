import { catalogue } from '@seekyou/actions'
import { describe, expect, it } from 'vitest'
import { refusal, restart, startSandbox, text } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000

it('answers to names that the catalogue knows', async () => {
  const { backend } = await startSandbox()
  expect(Object.keys(catalogue)).toEqual(expect.arrayContaining(Object.keys(backend.actions)))
})

describe('what the bot says', () => {
  it('is told as a group message of its own, and answered with its id', async () => {
    const run = await startSandbox()
    expect(await run.act('send_group_msg', { group_id: 20001, message: 'hi' })).toEqual({ message_id: 1 })
    expect(run.host.events).toEqual([
      {
        post_type: 'message_sent',
        message_type: 'group',
        sub_type: 'normal',
        time: now,
        self_id: 10000,
        message_id: 1,
        message_seq: 1,
        group_id: 20001,
        user_id: 10000,
        anonymous: null,
        message: text('hi'),
        font: 0,
        sender: {
          user_id: 10000,
          nickname: 'SeekYou',
          sex: 'unknown',
          age: 1,
          card: '',
          area: '',
          level: '1',
          role: 'owner',
          title: '',
        },
      },
    ])
  })

  it('is told as a private message of its own, with whom it was said to', async () => {
    const run = await startSandbox()
    expect(await run.act('send_private_msg', { user_id: 10001, message: 'hi' })).toEqual({ message_id: 1 })
    expect(run.host.events).toEqual([
      {
        post_type: 'message_sent',
        message_type: 'private',
        sub_type: 'friend',
        time: now,
        self_id: 10000,
        message_id: 1,
        message_seq: 1,
        user_id: 10000,
        target_id: 10001,
        message: text('hi'),
        font: 0,
        sender: { user_id: 10000, nickname: 'SeekYou', sex: 'unknown', age: 1 },
      },
    ])
  })

  it('can be recalled by it, which is told and remembered', async () => {
    const run = await startSandbox()
    await run.act('send_group_msg', { group_id: 20001, message: 'hi' })
    expect(await run.act('delete_msg', { message_id: 1 })).toBeNull()
    expect(run.last()).toMatchObject({ notice_type: 'group_recall', user_id: 10000, operator_id: 10000, message_id: 1 })
    expect([...run.host.memory.messages.values()]).toMatchObject([{ recalled: true }])
  })
})

describe('what the bot can look up', () => {
  it('tells who it is', async () => {
    expect(await (await startSandbox()).act('get_login_info')).toEqual({ user_id: 10000, nickname: 'SeekYou' })
  })

  it('tells about anyone in the network, and of nobody else', async () => {
    const run = await startSandbox()
    expect(await run.act('get_stranger_info', { user_id: 10005 })).toMatchObject({
      user_id: 10005,
      nickname: 'Erin',
      sex: 'female',
    })
    expect(await refusal(run, run.act('get_stranger_info', { user_id: 19999 }))).toBe('no-data USER_NOT_FOUND')
  })

  it('lists those who are friends both ways', async () => {
    expect(await (await startSandbox()).act('get_friend_list')).toEqual([
      { user_id: 10001, nickname: 'Alice', remark: '' },
      { user_id: 10002, nickname: 'Bob', remark: '' },
      { user_id: 10003, nickname: 'Carol', remark: '' },
    ])
  })

  it('lists the groups it is in', async () => {
    expect(await (await startSandbox()).act('get_group_list')).toMatchObject([
      { group_id: 20001, group_name: 'Sandbox', member_count: 5, max_member_count: 200 },
      { group_id: 20002, group_name: 'Guests', member_count: 4 },
    ])
  })

  it('tells about any group, and of none that is not there', async () => {
    const run = await startSandbox()
    expect(await run.act('get_group_info', { group_id: 20003 })).toMatchObject({
      group_name: 'Archive',
      member_count: 2,
    })
    expect(await refusal(run, run.act('get_group_info', { group_id: 29999 }))).toBe('no-data GROUP_NOT_FOUND')
  })

  it('lists the members of the groups it is in only', async () => {
    const run = await startSandbox()
    const members = (await run.act('get_group_member_list', { group_id: 20002 })) as { user_id: number }[]
    expect(members.map(({ user_id }) => user_id)).toEqual([10000, 10001, 10002, 10003])
    expect(await refusal(run, run.act('get_group_member_list', { group_id: 20003 }))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, run.act('get_group_member_list', { group_id: 29999 }))).toBe('no-data GROUP_NOT_FOUND')
  })

  it('tells about a member, when they last spoke and for how long they are muted', async () => {
    const run = await restart(await startSandbox(), {
      'member/20002/10001': { card: 'Al', level: 7, mute_until: now + 60 },
    })
    const member = { group_id: 20002, user_id: 10001, role: 'admin', card: 'Al', level: '7', last_sent_time: 0 }
    expect(await run.act('get_group_member_info', { group_id: 20002, user_id: 10001 })).toMatchObject({
      ...member,
      shut_up_timestamp: now + 60,
      card_changeable: false,
    })
    await run.clock.advance(60_000)
    await run.play('say', { as: 10001, group_id: 20002, message: 'back' })
    expect(await run.act('get_group_member_info', { group_id: 20002, user_id: 10001 })).toMatchObject({
      ...member,
      shut_up_timestamp: 0,
      last_sent_time: now + 60,
    })
  })

  it('tells whose card the bot may change: its own, and those of lower roles', async () => {
    const run = await startSandbox()
    const changeable = async (group_id: number, user_id: number) =>
      ((await run.act('get_group_member_info', { group_id, user_id })) as { card_changeable: boolean }).card_changeable
    expect(await changeable(20001, 10003)).toBe(true)
    expect(await changeable(20002, 10000)).toBe(true)
    expect(await changeable(20002, 10002)).toBe(false)
  })

  it('knows no member who is not in the group, and no group it is not in', async () => {
    const run = await startSandbox()
    const info = (group_id: number, user_id: number) => run.act('get_group_member_info', { group_id, user_id })
    expect(await refusal(run, info(20001, 10005))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, info(20001, 19999))).toBe('no-data USER_NOT_FOUND')
    expect(await refusal(run, info(20003, 10002))).toBe('no-data MEMBER_NOT_FOUND')
  })
})
