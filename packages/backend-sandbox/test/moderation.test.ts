import { describe, expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000
const notice = { time: now, self_id: 10000, post_type: 'notice', notice_type: 'group_ban' }

const muteOf = async (run: Run, group_id: number, user_id: number) =>
  ((await run.act('get_group_member_info', { group_id, user_id })) as { shut_up_timestamp: number }).shut_up_timestamp

describe('muting a member', () => {
  const ban = (run: Run, user_id: number, duration?: number) =>
    run.act('set_group_ban', { group_id: 20001, user_id, ...(duration !== undefined && { duration }) })

  it('keeps them silent for as long as it says, half an hour unless it says', async () => {
    const run = await startSandbox()
    await ban(run, 10001)
    expect(run.host.events).toEqual([
      { ...notice, sub_type: 'ban', group_id: 20001, user_id: 10001, operator_id: 10000, duration: 1800 },
    ])
    const again = await restart(run)
    expect(await muteOf(again, 20001, 10001)).toBe(now + 1800)
    expect(await answerOf(again, again.play('say', { as: 10001, group_id: 20001, message: 'x' }))).toBe(
      '103 MUTED: Alice (10001) is muted in the group Sandbox (20001) for another 1800 s',
    )
    await again.clock.advance(1_800_000)
    await again.play('say', { as: 10001, group_id: 20001, message: 'x' })
  })

  it('lasts from one second to thirty days less one', async () => {
    const run = await startSandbox()
    await ban(run, 10001, 1)
    await ban(run, 10001, 2_591_999)
    expect(await muteOf(run, 20001, 10001)).toBe(now + 2_591_999)
    expect(await answerOf(run, ban(run, 10001, 2_592_000))).toBe(
      '103 DURATION_IS_NOT_IN_RANGE: a mute lasts 1 to 2591999 s (0 lifts it), not 2592000',
    )
    expect(await refusal(run, run.play('ban', { as: 10003, group_id: 20001, user_id: 10001, value: -1 }))).toBe(
      'refused DURATION_IS_NOT_IN_RANGE',
    )
  })

  it('is lifted with 0, once', async () => {
    const run = await startSandbox()
    await run.play('ban', { as: 10001, group_id: 20002, user_id: 10000, value: 60 })
    expect(run.last()).toMatchObject({ sub_type: 'ban', user_id: 10000, operator_id: 10001, duration: 60 })
    await run.play('ban', { as: 10001, group_id: 20002, user_id: 10000, value: 0 })
    expect(run.last()).toEqual({
      ...notice,
      sub_type: 'lift_ban',
      group_id: 20002,
      user_id: 10000,
      operator_id: 10001,
      duration: 0,
    })
    await run.play('ban', { as: 10001, group_id: 20002, user_id: 10000, value: 0 })
    expect(run.host.events).toHaveLength(2)
    await run.act('send_group_msg', { group_id: 20002, message: 'x' })
  })

  it('takes a higher role', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, run.act('set_group_ban', { group_id: 20002, user_id: 10001 }))).toBe(
      '103 NOT_MANAGEABLE: SeekYou (10000), a plain member of the group Guests (20002), cannot mute Alice (10001), ' +
        'an admin: that takes a higher role (owner over admin over member)',
    )
    expect(await refusal(run, run.play('ban', { as: 10001, group_id: 20001, user_id: 10002 }))).toBe(
      'refused NOT_MANAGEABLE',
    )
    expect(await refusal(run, ban(run, 10005))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, ban(run, 19999))).toBe('no-data USER_NOT_FOUND')
  })
})

describe('muting a whole group', () => {
  it('leaves the word to the owner and the admins until it is lifted', async () => {
    const run = await startSandbox()
    await run.act('set_group_whole_ban', { group_id: 20001 })
    expect(run.last()).toEqual({
      ...notice,
      sub_type: 'ban',
      group_id: 20001,
      user_id: 0,
      operator_id: 10000,
      duration: -1,
    })
    const again = await restart(run)
    expect(await answerOf(again, again.play('say', { as: 10001, group_id: 20001, message: 'x' }))).toBe(
      '103 WHOLE_BAN: everyone but the owner and the admins is muted in the group Sandbox (20001)',
    )
    await again.play('whole_ban', { as: 10003, group_id: 20001, value: false })
    expect(again.last()).toMatchObject({ sub_type: 'lift_ban', user_id: 0, operator_id: 10003, duration: 0 })
    await again.play('say', { as: 10001, group_id: 20001, message: 'x' })
  })

  it('is told once', async () => {
    const run = await startSandbox()
    await run.act('set_group_whole_ban', { group_id: 20001, enable: false })
    expect(run.host.events).toEqual([])
  })

  it('takes the owner or an admin', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, run.act('set_group_whole_ban', { group_id: 20002 }))).toBe(
      '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); ' +
        'only its owner and its admins can mute the whole group',
    )
    expect(await refusal(run, run.play('whole_ban', { as: 10002, group_id: 20001 }))).toBe('refused PERMISSION_DENIED')
  })
})
