import { describe, expect, it } from 'vitest'
import { answerOf, base64, images, refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const nothingDenied = (what: string) =>
  `103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); only its owner and its admins can ${what}`

const groupOf = async (run: Run, group_id: number) =>
  ((await run.play('world')) as { groups: { group_id: number }[] }).groups.find((group) => group.group_id === group_id)

describe('the name of a group', () => {
  it('is given by the owner and the admins', async () => {
    const run = await startSandbox()
    await run.act('set_group_name', { group_id: 20001, group_name: 'Lab' })
    expect(await run.act('get_group_info', { group_id: 20001 })).toMatchObject({ group_name: 'Lab' })
    await run.play('rename_group', { as: 10001, group_id: 20002, value: '客' })
    expect(await (await restart(run)).act('get_group_info', { group_id: 20002 })).toMatchObject({ group_name: '客' })
  })

  it('has 1 to 60 bytes', async () => {
    const run = await startSandbox()
    const rename = (value: string) => run.play('rename_group', { as: 10003, group_id: 20001, value })
    await rename('群'.repeat(20))
    expect(await answerOf(run, rename(`${'群'.repeat(20)}a`))).toBe(
      '103 GROUP_NAME_TOO_LONG: the name of a group has at most 60 bytes, this one has 61',
    )
    expect(await answerOf(run, rename(''))).toBe('103 GROUP_NAME_EMPTY: the name of a group has at least 1 byte')
  })

  it('is given by nobody else', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, run.act('set_group_name', { group_id: 20002, group_name: 'x' }))).toBe(
      nothingDenied('rename it'),
    )
  })
})

describe('the picture of a group', () => {
  it('is an image of the network afterwards', async () => {
    const run = await startSandbox()
    await run.act('set_group_portrait', { group_id: 20001, file: base64(images.png) })
    const again = await restart(run)
    const { portrait } = (await groupOf(again, 20001)) as unknown as { portrait: string }
    expect(portrait).toMatch(/^[0-9a-f]{32}\.image$/)
    await again.act('send_group_msg', { group_id: 20001, message: `[CQ:image,file=${portrait}]` })
  })

  it('is chosen by the owner and the admins, and has to be an image', async () => {
    const run = await startSandbox()
    const hang = (group_id: number, file: string) => run.act('set_group_portrait', { group_id, file })
    expect(await answerOf(run, hang(20002, base64(images.png)))).toBe(nothingDenied('change its picture'))
    expect(await refusal(run, hang(20001, base64(Buffer.from('text'))))).toBe('refused NOT_AN_IMAGE')
  })
})

it('lets owner and admins allow and forbid anonymous speakers', async () => {
  const run = await startSandbox()
  await run.act('set_group_anonymous', { group_id: 20001, enable: false })
  const again = await restart(run)
  expect(await groupOf(again, 20001)).toMatchObject({ anonymous: false })
  expect(await answerOf(again, again.act('set_group_anonymous', { group_id: 20002 }))).toBe(
    nothingDenied('allow or forbid anonymous speakers'),
  )
})

it('notes names for groups and days of signing in', async () => {
  const run = await startSandbox()
  await run.act('set_group_remark', { group_id: 20002, remark: 'work' })
  await run.act('send_group_sign', { group_id: 20002 })
  await run.act('send_group_sign', { group_id: 20002 })
  const again = await restart(run)
  expect(await groupOf(again, 20002)).toMatchObject({
    remark: 'work',
    members: [{ user_id: 10000, sign_time: Date.UTC(2026, 0, 1) / 1000 }, {}, {}, {}],
  })
  const today = [{ user_id: 10000, nick: 'SeekYou', time: Date.UTC(2026, 0, 1) / 1000, rank: 1 }]
  expect(await again.act('get_group_signed_list', { group_id: 20002 })).toEqual(today)
  await again.clock.advance(86_400_000)
  expect(await again.act('get_group_signed_list', { group_id: 20002 })).toEqual([])
  for (const action of ['set_group_remark', 'send_group_sign', 'get_group_signed_list'] as const) {
    expect(await refusal(again, again.act(action, { group_id: 20003 }))).toBe('no-data MEMBER_NOT_FOUND')
  }
  expect(run.host.events).toEqual([])
})

it('tells who manages a group', async () => {
  const run = await startSandbox()
  expect(await run.act('_get_group_info', { group_id: 20002 })).toEqual({
    group_id: 20002,
    group_name: 'Guests',
    create_time: 1_704_067_200,
    introduction: '',
    member_count: 4,
    max_member_count: 200,
    owner_id: 10003,
    admins: [
      { user_id: 10001, nickname: 'Alice', role: 'admin' },
      { user_id: 10003, nickname: 'Carol', role: 'owner' },
    ],
    admin_count: 2,
  })
  expect(await refusal(run, run.act('_get_group_info', { group_id: 29999 }))).toBe('no-data GROUP_NOT_FOUND')
})
