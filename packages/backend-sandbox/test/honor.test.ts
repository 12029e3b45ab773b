import { expect, it } from 'vitest'
import { refusal, restart, startSandbox } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000

it('is told, and kept with how often it was won in a row', async () => {
  const run = await startSandbox()
  const award = (user_id: number, honor_type = 'talkative') =>
    run.play('honor', { group_id: 20001, user_id, honor_type })
  await award(10001)
  expect(run.last()).toEqual({
    time: now,
    self_id: 10000,
    post_type: 'notice',
    notice_type: 'notify',
    sub_type: 'honor',
    group_id: 20001,
    user_id: 10001,
    honor_type: 'talkative',
  })
  await award(10002)
  await award(10002)
  await run.play('honor', { as: 10003, group_id: 20001, honor_type: 'emotion' })
  const again = await restart(run)
  const alice = { user_id: 10001, nickname: 'Alice', avatar: '', description: 'won 1 in a row' }
  const bob = { user_id: 10002, nickname: 'Bob', avatar: '' }
  const talkative = {
    group_id: 20001,
    current_talkative: { ...bob, day_count: 2 },
    talkative_list: [{ ...bob, description: 'won 2 in a row' }, alice],
  }
  expect(await again.act('get_group_honor_info', { group_id: 20001 })).toEqual({
    ...talkative,
    performer_list: [],
    legend_list: [],
    strong_newbie_list: [],
    emotion_list: [{ user_id: 10003, nickname: 'Carol', avatar: '', description: 'won 1 in a row' }],
  })
  expect(await again.act('get_group_honor_info', { group_id: 20001, type: 'talkative' })).toEqual(talkative)
  expect(await again.act('get_group_honor_info', { group_id: 20001, type: 'legend' })).toEqual({
    group_id: 20001,
    legend_list: [],
  })
})

it('goes with who leaves the group', async () => {
  const run = await startSandbox()
  await run.play('honor', { group_id: 20001, user_id: 10001, honor_type: 'legend' })
  await run.act('set_group_kick', { group_id: 20001, user_id: 10001 })
  expect(await run.act('get_group_honor_info', { group_id: 20001, type: 'legend' })).toMatchObject({ legend_list: [] })
})

it('is for members of a group the bot is in, and one of the honors there are', async () => {
  const run = await startSandbox()
  const award = (params: object) =>
    run.play('honor', { group_id: 20001, user_id: 10001, honor_type: 'legend', ...params })
  expect(await refusal(run, award({ user_id: 10005 }))).toBe('no-data MEMBER_NOT_FOUND')
  expect(await refusal(run, award({ group_id: 20003 }))).toBe('refused BOT_NOT_IN_GROUP')
  expect(await refusal(run, award({ honor_type: 'silent' }))).toBe('bad-params BAD_PARAMS')
  expect(await refusal(run, award({ user_id: null }))).toBe('bad-params BAD_PARAMS')
  expect(await refusal(run, run.act('get_group_honor_info', { group_id: 20003 }))).toBe('no-data MEMBER_NOT_FOUND')
})
