import { expect, it } from 'vitest'
import { refusal, startSandbox } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000

it('is a message, and then tells who got the most', async () => {
  const run = await startSandbox()
  const given = await run.play('red_packet', { as: 10001, group_id: 20001, title: 'Good luck', lucky: 10002 })
  expect(given).toEqual({ message_id: 1, message_seq: 1, lucky: 10002 })
  expect(run.host.events).toMatchObject([
    { message_type: 'group', user_id: 10001, message: [{ type: 'redbag', data: { title: 'Good luck' } }] },
    {
      time: now,
      self_id: 10000,
      post_type: 'notice',
      notice_type: 'notify',
      sub_type: 'lucky_king',
      group_id: 20001,
      user_id: 10001,
      sender_id: 10001,
      target_id: 10002,
    },
  ])
})

it('leaves it to chance where nobody is named', async () => {
  for (const [chance, lucky] of [
    [0, 10000],
    [0.99, 10004],
  ] as const) {
    const run = await startSandbox({ random: () => chance })
    expect(await run.play('red_packet', { as: 10001, group_id: 20001 })).toMatchObject({ lucky })
  }
})

it('is given by who may speak, to members', async () => {
  const run = await startSandbox()
  const give = (params: object) => run.play('red_packet', { as: 10001, group_id: 20001, ...params })
  expect(await refusal(run, give({ lucky: 10005 }))).toBe('no-data MEMBER_NOT_FOUND')
  expect(await refusal(run, give({ as: 10005 }))).toBe('no-data MEMBER_NOT_FOUND')
  expect(await refusal(run, give({ group_id: 20003 }))).toBe('refused BOT_NOT_IN_GROUP')
  await run.act('set_group_ban', { group_id: 20001, user_id: 10001 })
  expect(await refusal(run, give({}))).toBe('refused MUTED')
})
