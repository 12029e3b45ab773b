import { describe, expect, it } from 'vitest'
import { answerOf, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const day = 86_400_000

describe('mentioning everyone', () => {
  const all = (run: Run) => run.act('send_group_msg', { group_id: 20001, message: '[CQ:at,qq=all] hi' })
  const allAs = (run: Run, as: number) => run.play('say', { as, group_id: 20001, message: '[CQ:at,qq=all] hi' })
  const remain = (run: Run) => run.act('get_group_at_all_remain', { group_id: 20001 })

  it('is possible 10 times a day', async () => {
    const run = await startSandbox()
    for (let count = 0; count < 10; count++) await all(run)
    const again = await restart(run)
    expect(await answerOf(again, all(again))).toBe(
      '103 AT_ALL_QUOTA: SeekYou (10000) has mentioned everyone 10 times today, which is all',
    )
    expect(await remain(again)).toEqual({
      can_at_all: false,
      remain_at_all_count_for_group: 10,
      remain_at_all_count_for_uin: 0,
    })
    await again.clock.advance(day)
    await all(again)
    expect(await remain(again)).toEqual({
      can_at_all: true,
      remain_at_all_count_for_group: 19,
      remain_at_all_count_for_uin: 9,
    })
  })

  it('is possible 20 times a day in one group', async () => {
    const run = await startSandbox()
    await run.act('set_group_admin', { group_id: 20001, user_id: 10001 })
    for (let count = 0; count < 10; count++) {
      await allAs(run, 10003)
      await allAs(run, 10001)
    }
    expect(await answerOf(run, all(run))).toBe(
      '103 AT_ALL_QUOTA: everyone in the group Sandbox (20001) was mentioned 20 times today, which is all',
    )
  })

  it('is for the owner and the admins', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, allAs(run, 10001))).toBe(
      '103 PERMISSION_DENIED: Alice (10001) is a plain member; ' +
        'only the owner and the admins of the group Sandbox (20001) can mention everyone',
    )
    expect(await run.act('get_group_at_all_remain', { group_id: 20002 })).toMatchObject({ can_at_all: false })
  })

  it('counts for nothing in private', async () => {
    const run = await startSandbox()
    for (let count = 0; count < 11; count++) {
      await run.act('send_private_msg', { user_id: 10001, message: '[CQ:at,qq=all]' })
    }
    expect(await remain(run)).toMatchObject({ remain_at_all_count_for_uin: 10 })
  })
})

describe('likes', () => {
  const like = (run: Run, user_id: number, times: number) => run.act('send_like', { user_id, times })

  it('reach a friend 10 times a day', async () => {
    const run = await startSandbox()
    await like(run, 10001, 4)
    const again = await restart(run)
    expect(await answerOf(again, like(again, 10001, 7))).toBe(
      '103 LIKE_QUOTA: one can like a friend 10 times a day; for Alice (10001) 6 are left today',
    )
    await like(again, 10001, 6)
    await like(again, 10002, 10)
    await again.clock.advance(day)
    await like(again, 10001, 10)
  })

  it('are for friends', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, like(run, 10004, 1))).toBe('103 NOT_A_FRIEND: Dave (10004) and the bot are not friends')
  })
})
