import { describe, expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000
const notice = { time: now, self_id: 10000, post_type: 'notice' }

const membersOf = async (run: Run, group_id: number) =>
  ((await run.act('get_group_member_list', { group_id })) as { user_id: number }[]).map(({ user_id }) => user_id)

describe('coming into a group', () => {
  it('is told with nobody as the operator where nobody was asked', async () => {
    const run = await startSandbox()
    expect(await run.play('join', { as: 10004, group_id: 20002 })).toBeNull()
    expect(run.host.events).toEqual([
      {
        ...notice,
        notice_type: 'group_increase',
        sub_type: 'approve',
        group_id: 20002,
        user_id: 10004,
        operator_id: 0,
      },
    ])
    expect(await run.act('get_group_member_info', { group_id: 20002, user_id: 10004 })).toMatchObject({
      role: 'member',
      card: '',
      join_time: now,
    })
    expect(await membersOf(await restart(run), 20002)).toContain(10004)
  })

  it('is told with the member who brought the newcomer', async () => {
    const run = await startSandbox()
    await run.play('join', { as: 10004, group_id: 20002, invitor_id: 10002 })
    expect(run.last()).toMatchObject({ sub_type: 'invite', user_id: 10004, operator_id: 10002 })
  })

  it('refuses who is in the group, and who was brought by someone who is not', async () => {
    const run = await startSandbox()
    const join = (as: number, invitor_id?: number) =>
      run.play('join', { as, group_id: 20002, ...(invitor_id && { invitor_id }) })
    expect(await answerOf(run, join(10001))).toBe(
      '103 ALREADY_IN_GROUP: Alice (10001) is in the group Guests (20002) already',
    )
    expect(await refusal(run, join(10004, 10005))).toBe('no-data MEMBER_NOT_FOUND')
  })

  it('refuses everyone once the group is full', async () => {
    const run = await restart(await startSandbox(), { 'group/20002': { max_member_count: 5 } })
    await run.play('join', { as: 10004, group_id: 20002 })
    expect(await answerOf(run, run.play('join', { as: 10005, group_id: 20002 }))).toBe(
      '103 GROUP_FULL: the group Guests (20002) is full: it takes 5 members',
    )
  })

  it('refuses a group the bot is not in', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, run.play('join', { as: 10001, group_id: 20003 }))).toBe(
      '103 BOT_NOT_IN_GROUP: the bot is not in the group Archive (20003), so it would not hear of it',
    )
  })
})

describe('being removed from a group', () => {
  it('is told with who did it, whoever that is', async () => {
    const run = await startSandbox()
    await run.act('set_group_kick', { group_id: 20001, user_id: 10003 })
    const kicked = { ...notice, notice_type: 'group_decrease', sub_type: 'kick', group_id: 20001 }
    expect(run.last()).toEqual({ ...kicked, user_id: 10003, operator_id: 10000 })
    await run.play('kick', { as: 10001, group_id: 20002, user_id: 10002 })
    expect(run.last()).toEqual({ ...kicked, group_id: 20002, user_id: 10002, operator_id: 10001 })
    const again = await restart(run)
    expect(await membersOf(again, 20001)).toEqual([10000, 10001, 10002, 10004])
    expect(await membersOf(again, 20002)).toEqual([10000, 10001, 10003])
  })

  it('is kick_me for the bot, which is then no longer in the group', async () => {
    const run = await startSandbox()
    await run.play('kick', { as: 10001, group_id: 20002, user_id: 10000 })
    expect(run.last()).toMatchObject({ sub_type: 'kick_me', group_id: 20002, user_id: 10000, operator_id: 10001 })
    expect(await run.act('get_group_list')).toMatchObject([{ group_id: 20001 }])
    expect(await refusal(run, run.act('send_group_msg', { group_id: 20002, message: 'x' }))).toBe(
      'no-data MEMBER_NOT_FOUND',
    )
  })

  it('takes a higher role, of the bot as of people', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, run.act('set_group_kick', { group_id: 20002, user_id: 10002 }))).toBe(
      '103 NOT_MANAGEABLE: SeekYou (10000), a plain member of the group Guests (20002), cannot remove Bob (10002), ' +
        'a plain member: that takes a higher role (owner over admin over member)',
    )
    expect(await answerOf(run, run.play('kick', { as: 10003, group_id: 20001, user_id: 10000 }))).toBe(
      '103 NOT_MANAGEABLE: Carol (10003), an admin of the group Sandbox (20001), cannot remove SeekYou (10000), ' +
        'the owner: that takes a higher role (owner over admin over member)',
    )
    expect(await refusal(run, run.play('kick', { as: 10003, group_id: 20001, user_id: 10003 }))).toBe(
      'refused NOT_MANAGEABLE',
    )
    expect(await refusal(run, run.act('set_group_kick', { group_id: 20001, user_id: 10005 }))).toBe(
      'no-data MEMBER_NOT_FOUND',
    )
  })

  it('is for good when it is meant so, and else one can come back', async () => {
    const run = await startSandbox()
    await run.act('set_group_kick', { group_id: 20001, user_id: 10001, reject_add_request: true })
    await run.act('set_group_kick', { group_id: 20001, user_id: 10002 })
    const again = await restart(run)
    expect(await answerOf(again, again.play('join', { as: 10001, group_id: 20001 }))).toBe(
      '103 JOIN_BLOCKED: Alice (10001) was removed from the group Sandbox (20001) for good',
    )
    expect(await refusal(again, again.play('request_join', { as: 10001, group_id: 20001 }))).toBe(
      'refused JOIN_BLOCKED',
    )
    await again.play('join', { as: 10002, group_id: 20001 })
  })
})

it('of who was removed for good nothing is left for the next one with the number', async () => {
  const run = await startSandbox()
  await run.play('kick', { as: 10003, group_id: 20001, user_id: 10004, value: true })
  await run.play('delete_user', { user_id: 10004 })
  await run.play('create_user', { user_id: 10004, nickname: 'Dora' })
  await run.play('join', { as: 10004, group_id: 20001 })
  expect(run.last()).toMatchObject({ notice_type: 'group_increase', user_id: 10004 })
})

describe('leaving a group', () => {
  it('is told of people and of the bot', async () => {
    const run = await startSandbox()
    await run.play('leave', { as: 10001, group_id: 20001 })
    const left = { ...notice, notice_type: 'group_decrease', sub_type: 'leave', group_id: 20001 }
    expect(run.last()).toEqual({ ...left, user_id: 10001, operator_id: 10001 })
    await run.act('set_group_leave', { group_id: 20002 })
    expect(run.last()).toEqual({ ...left, group_id: 20002, user_id: 10000, operator_id: 10000 })
    expect(await (await restart(run)).act('get_group_list')).toMatchObject([{ group_id: 20001, member_count: 4 }])
  })

  it('takes the owner the word that the group shall end', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, run.act('set_group_leave', { group_id: 20001 }))).toBe(
      '103 OWNER_CANNOT_LEAVE: SeekYou (10000) owns the group Sandbox (20001) and can leave only by ending it: is_dismiss',
    )
    expect(await refusal(run, run.play('leave', { as: 10003, group_id: 20002 }))).toBe('refused OWNER_CANNOT_LEAVE')
  })

  it('ends the group with all that was in it, when the owner means it', async () => {
    const run = await startSandbox()
    await run.act('send_group_msg', { group_id: 20001, message: 'x' })
    await run.act('set_essence_msg', { message_id: 1 })
    await run.act('set_group_leave', { group_id: 20001, is_dismiss: true })
    expect(run.last()).toMatchObject({ sub_type: 'leave', group_id: 20001, user_id: 10000 })
    expect([...run.host.memory.state.keys()].filter((key) => /^(?!log).*20001/.test(key))).toEqual([])
    expect(await refusal(run, run.act('get_group_info', { group_id: 20001 }))).toBe('no-data GROUP_NOT_FOUND')
    await run.play('leave', { as: 10003, group_id: 20002, is_dismiss: true })
    expect(run.last()).toMatchObject({ sub_type: 'kick_me', group_id: 20002, user_id: 10000, operator_id: 10003 })
    expect(await (await restart(run)).act('get_group_list')).toEqual([])
  })

  it('takes no group one is not in', async () => {
    const run = await startSandbox()
    expect(await refusal(run, run.act('set_group_leave', { group_id: 20003 }))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, run.play('leave', { as: 10004, group_id: 20002 }))).toBe('no-data MEMBER_NOT_FOUND')
  })
})

it('takes the bot out of a discuss group, of which nobody is told', async () => {
  const run = await startSandbox()
  await run.act('send_discuss_msg', { discuss_id: 30001, message: 'hi' })
  expect(run.last()).toMatchObject({ post_type: 'message_sent', message_type: 'discuss', discuss_id: 30001 })
  expect(await run.act('set_discuss_leave', { discuss_id: 30001 })).toBeNull()
  expect(run.host.events).toHaveLength(1)
  const again = await restart(run)
  expect(await answerOf(again, again.act('send_discuss_msg', { discuss_id: 30001, message: 'x' }))).toBe(
    '102 MEMBER_NOT_FOUND: SeekYou (10000) is not in the discuss group 30001',
  )
  expect(await refusal(again, again.act('set_discuss_leave', { discuss_id: 30001 }))).toBe('no-data MEMBER_NOT_FOUND')
})
