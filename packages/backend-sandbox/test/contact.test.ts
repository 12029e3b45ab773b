import { describe, expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000
const friendsOf = async (run: Run) =>
  ((await run.act('get_friend_list')) as { user_id: number }[]).map(({ user_id }) => user_id)

describe('friends', () => {
  it('are told of when they are won', async () => {
    const run = await startSandbox()
    await run.play('add_friend', { as: 10004 })
    expect(run.host.events).toEqual([
      { time: now, self_id: 10000, post_type: 'notice', notice_type: 'friend_add', user_id: 10004 },
    ])
    expect(await friendsOf(await restart(run))).toEqual([10001, 10002, 10003, 10004])
  })

  it('are won once', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, run.play('add_friend', { as: 10001 }))).toBe(
      '103 ALREADY_FRIENDS: Alice (10001) and the bot are friends already',
    )
  })

  it('become one-way friends when the bot ends it, until it ends that, too', async () => {
    const run = await startSandbox()
    await run.act('delete_friend', { user_id: 10001 })
    const again = await restart(run)
    expect(await friendsOf(again)).toEqual([10002, 10003])
    expect(await again.act('get_unidirectional_friend_list')).toEqual([
      { user_id: 10001, nickname: 'Alice', source: '' },
      { user_id: 10005, nickname: 'Erin', source: '' },
    ])
    await again.act('delete_unidirectional_friend', { user_id: 10001 })
    await again.act('delete_unidirectional_friend', { user_id: 10005 })
    expect(await again.act('get_unidirectional_friend_list')).toEqual([])
    expect(again.host.events).toEqual([])
  })

  it('have to be there to be ended or named', async () => {
    const run = await startSandbox()
    const cases = [
      ['delete_friend', 10005, '102 FRIEND_NOT_FOUND: Erin (10005) is no two-way friend of the bot'],
      ['delete_unidirectional_friend', 10001, '102 FRIEND_NOT_FOUND: Alice (10001) is no one-way friend of the bot'],
      ['set_friend_remark', 10004, '102 FRIEND_NOT_FOUND: Dave (10004) is no two-way friend of the bot'],
      ['delete_friend', 19999, '102 USER_NOT_FOUND: there is no user 19999 in this network'],
    ] as const
    for (const [action, user_id, answer] of cases)
      expect(await answerOf(run, run.act(action, { user_id }))).toBe(answer)
  })

  it('have the names that the bot gave them', async () => {
    const run = await startSandbox()
    await run.act('set_friend_remark', { user_id: 10001, remark: 'classmate' })
    const alice = { user_id: 10001, nickname: 'Alice', remark: 'classmate' }
    const again = await restart(run)
    expect(await again.act('get_friend_list')).toMatchObject([alice, {}, {}])
    const groups = await again.backend.actions['_get_friend_list']!({ flat: false } as never)
    expect(groups).toMatchObject([{ friend_group_id: 1, friend_group_name: '我的好友', friends: [alice, {}, {}] }])
  })
})

describe('pokes of the bot', () => {
  const notice = { time: now, self_id: 10000, post_type: 'notice', notice_type: 'notify', sub_type: 'poke' }

  it('reach friends, itself in their chat, and members of its groups', async () => {
    const run = await startSandbox()
    await run.act('friend_poke', { user_id: 10001 })
    expect(run.last()).toEqual({ ...notice, user_id: 10000, sender_id: 10000, target_id: 10001 })
    await run.act('friend_poke', { user_id: 10001, target_id: 10000 })
    expect(run.last()).toMatchObject({ target_id: 10000 })
    await run.act('group_poke', { group_id: 20001, user_id: 10004 })
    expect(run.last()).toEqual({ ...notice, group_id: 20001, user_id: 10000, sender_id: 10000, target_id: 10004 })
  })

  it('reach nobody else', async () => {
    const run = await startSandbox()
    expect(await refusal(run, run.act('friend_poke', { user_id: 10004 }))).toBe('refused NOT_A_FRIEND')
    expect(await answerOf(run, run.act('friend_poke', { user_id: 10001, target_id: 10002 }))).toBe(
      '103 POKE_REFUSED: in private one can poke only the two who talk there; group_id names a group',
    )
    expect(await refusal(run, run.act('group_poke', { group_id: 20001, user_id: 10005 }))).toBe(
      'no-data MEMBER_NOT_FOUND',
    )
    expect(await refusal(run, run.act('group_poke', { group_id: 20003, user_id: 10002 }))).toBe(
      'refused BOT_NOT_IN_GROUP',
    )
  })
})
