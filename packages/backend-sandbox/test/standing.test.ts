import { describe, expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000
const notice = { time: now, self_id: 10000, post_type: 'notice' }

const info = (run: Run, group_id: number, user_id: number) => run.act('get_group_member_info', { group_id, user_id })

describe('admins', () => {
  it('are made and unmade by the owner', async () => {
    const run = await startSandbox()
    await run.act('set_group_admin', { group_id: 20001, user_id: 10001 })
    expect(run.last()).toEqual({
      ...notice,
      notice_type: 'group_admin',
      sub_type: 'set',
      group_id: 20001,
      user_id: 10001,
    })
    await run.act('set_group_admin', { group_id: 20001, user_id: 10003, enable: false })
    expect(run.last()).toMatchObject({ sub_type: 'unset', user_id: 10003 })
    await run.play('set_admin', { as: 10003, group_id: 20002, user_id: 10000 })
    expect(run.last()).toMatchObject({ sub_type: 'set', group_id: 20002, user_id: 10000 })
    const again = await restart(run)
    expect(await info(again, 20001, 10001)).toMatchObject({ role: 'admin' })
    expect(await info(again, 20001, 10003)).toMatchObject({ role: 'member' })
    expect(await info(again, 20002, 10000)).toMatchObject({ role: 'admin' })
  })

  it('are told of only when something changes', async () => {
    const run = await startSandbox()
    await run.act('set_group_admin', { group_id: 20001, user_id: 10003 })
    expect(run.host.events).toEqual([])
  })

  it('are made by nobody else, and never of the owner', async () => {
    const run = await startSandbox()
    const enable = { user_id: 10001 }
    expect(await answerOf(run, run.act('set_group_admin', { group_id: 20002, ...enable }))).toBe(
      '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); ' +
        'only its owner can make and unmake admins',
    )
    expect(await refusal(run, run.play('set_admin', { as: 10003, group_id: 20001, ...enable }))).toBe(
      'refused PERMISSION_DENIED',
    )
    expect(await answerOf(run, run.act('set_group_admin', { group_id: 20001, user_id: 10000 }))).toBe(
      '103 NOT_MANAGEABLE: the owner of a group is above its admins and cannot be one',
    )
  })
})

describe('cards', () => {
  it('are given by everyone to themselves, and to those of lower roles', async () => {
    const run = await startSandbox()
    await run.act('set_group_card', { group_id: 20001, user_id: 10001, card: 'Al' })
    const told = { ...notice, notice_type: 'group_card', group_id: 20001, user_id: 10001 }
    expect(run.last()).toEqual({ ...told, card_new: 'Al', card_old: '' })
    await run.play('set_card', { as: 10001, group_id: 20001, value: 'Ali' })
    expect(run.last()).toEqual({ ...told, card_new: 'Ali', card_old: 'Al' })
    await run.act('set_group_card', { group_id: 20002, user_id: 10000, card: 'bot' })
    expect(run.last()).toMatchObject({ group_id: 20002, user_id: 10000, card_new: 'bot' })
    const again = await restart(run)
    expect(await info(again, 20001, 10001)).toMatchObject({ card: 'Ali' })
    await again.play('say', { as: 10001, group_id: 20001, message: 'x' })
    expect(again.last()).toMatchObject({ sender: { card: 'Ali' } })
  })

  it('are told of only when they change, and are removed by an empty one', async () => {
    const run = await startSandbox()
    await run.act('set_group_card', { group_id: 20001, user_id: 10001 })
    expect(run.host.events).toEqual([])
    await run.act('set_group_card', { group_id: 20001, user_id: 10001, card: 'Al' })
    await run.act('set_group_card', { group_id: 20001, user_id: 10001, card: '' })
    expect(run.last()).toMatchObject({ card_new: '', card_old: 'Al' })
  })

  it('have at most 60 bytes', async () => {
    const run = await startSandbox()
    const set = (card: string) => run.act('set_group_card', { group_id: 20001, user_id: 10001, card })
    await set('名'.repeat(20))
    expect(await answerOf(run, set(`${'名'.repeat(20)}a`))).toBe(
      '103 CARD_TOO_LONG: a card has at most 60 bytes, this one has 61',
    )
  })

  it('of equals and higher roles are left alone', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, run.act('set_group_card', { group_id: 20002, user_id: 10002, card: 'x' }))).toBe(
      '103 NOT_MANAGEABLE: SeekYou (10000), a plain member of the group Guests (20002), cannot change the card of ' +
        'Bob (10002), a plain member: that takes a higher role (owner over admin over member)',
    )
    expect(await refusal(run, run.play('set_card', { as: 10003, group_id: 20001, user_id: 10000, value: 'x' }))).toBe(
      'refused NOT_MANAGEABLE',
    )
  })
})

describe('titles', () => {
  it('are given by the owner', async () => {
    const run = await startSandbox()
    await run.act('set_group_special_title', { group_id: 20001, user_id: 10001, special_title: 'Star' })
    expect(run.last()).toEqual({
      ...notice,
      notice_type: 'notify',
      sub_type: 'title',
      group_id: 20001,
      user_id: 10001,
      title: 'Star',
    })
    await run.play('set_title', { as: 10003, group_id: 20002, user_id: 10000, value: 'Robot' })
    expect(run.last()).toMatchObject({ group_id: 20002, user_id: 10000, title: 'Robot' })
    const again = await restart(run)
    expect(await info(again, 20001, 10001)).toMatchObject({ title: 'Star', title_expire_time: 0 })
    await again.play('say', { as: 10001, group_id: 20001, message: 'x' })
    expect(again.last()).toMatchObject({ sender: { title: 'Star' } })
  })

  it('end when they were given for a time', async () => {
    const run = await startSandbox()
    await run.act('set_group_special_title', { group_id: 20001, user_id: 10001, special_title: 'Star', duration: 60 })
    expect(await info(run, 20001, 10001)).toMatchObject({ title: 'Star', title_expire_time: now + 60 })
    await run.clock.advance(60_000)
    expect(await info(run, 20001, 10001)).toMatchObject({ title: '', title_expire_time: 0 })
    await run.play('say', { as: 10001, group_id: 20001, message: 'x' })
    expect(run.last()).toMatchObject({ sender: { title: '' } })
  })

  it('are told of only when they change', async () => {
    const run = await startSandbox()
    const set = (duration: number) =>
      run.act('set_group_special_title', { group_id: 20001, user_id: 10001, special_title: 'Star', duration })
    await set(-1)
    await set(-1)
    await set(60)
    expect(run.host.events).toHaveLength(1)
    expect(await info(run, 20001, 10001)).toMatchObject({ title_expire_time: now + 60 })
  })

  it('have at most 18 bytes', async () => {
    const run = await startSandbox()
    const set = (special_title: string) =>
      run.act('set_group_special_title', { group_id: 20001, user_id: 10001, special_title })
    await set('六'.repeat(6))
    expect(await answerOf(run, set('一个七字的头衔'))).toBe(
      '103 TITLE_TOO_LONG: a title has at most 18 bytes, this one has 21',
    )
  })

  it('are given by nobody else', async () => {
    const run = await startSandbox()
    const params = { group_id: 20001, user_id: 10001, value: 'x' }
    expect(await answerOf(run, run.play('set_title', { as: 10003, ...params }))).toBe(
      '103 PERMISSION_DENIED: Carol (10003) is an admin of the group Sandbox (20001); only its owner can give titles',
    )
  })
})
