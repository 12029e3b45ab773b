import { expect, it } from 'vitest'
import { answerOf, base64, images, refusal, restart, startSandbox } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000

it('shows notices to every member, the newest first, until they are taken off', async () => {
  const run = await startSandbox()
  expect(await run.act('_send_group_notice', { group_id: 20001, content: 'one' })).toEqual({ notice_id: 'n1' })
  await run.clock.advance(1000)
  const picture = { title: 'Two', content: 'lines', image: base64(images.png) }
  expect(await run.act('_send_group_notice', { group_id: 20001, ...picture })).toEqual({ notice_id: 'n2' })
  const again = await restart(run)
  const list = () => again.act('_get_group_notice', { group_id: 20001 })
  expect(await list()).toEqual([
    {
      notice_id: 'n2',
      sender_id: 10000,
      publish_time: now + 1,
      message: { text: 'Two\nlines', images: [{ height: '1', width: '1', id: expect.stringMatching(/\.image$/) }] },
    },
    { notice_id: 'n1', sender_id: 10000, publish_time: now, message: { text: 'one', images: [] } },
  ])
  await again.act('_del_group_notice', { group_id: 20001, notice_id: 'n2' })
  expect(await list()).toMatchObject([{ notice_id: 'n1' }])
  expect(again.host.events).toEqual([])
})

it('is the matter of the owner and the admins', async () => {
  const run = await startSandbox()
  const post = (params: object) => run.act('_send_group_notice', { group_id: 20001, content: 'x', ...params })
  expect(await answerOf(run, post({ group_id: 20002 }))).toBe(
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); ' +
      'only its owner and its admins can post notices',
  )
  expect(await answerOf(run, run.act('_del_group_notice', { group_id: 20002, notice_id: 'n1' }))).toBe(
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); ' +
      'only its owner and its admins can remove notices',
  )
  expect(await refusal(run, post({ image: base64(Buffer.from('x')) }))).toBe('refused NOT_AN_IMAGE')
  expect(await answerOf(run, run.act('_del_group_notice', { group_id: 20001, notice_id: 'n9' }))).toBe(
    '102 NOTICE_NOT_FOUND: the group 20001 has no notice "n9"',
  )
  expect(await run.act('_get_group_notice', { group_id: 20002 })).toEqual([])
  expect(await refusal(run, run.act('_get_group_notice', { group_id: 20003 }))).toBe('no-data MEMBER_NOT_FOUND')
})
