import { expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000

it('keeps essence messages until they are taken out again', async () => {
  const run = await startSandbox()
  await run.play('set_card', { as: 10001, group_id: 20001, value: 'Al' })
  await run.play('say', { as: 10001, group_id: 20001, message: 'one' })
  await run.clock.advance(5000)
  await run.act('set_essence_msg', { message_id: 1 })
  const notice = { time: now + 5, self_id: 10000, post_type: 'notice', notice_type: 'essence', group_id: 20001 }
  expect(run.last()).toEqual({ ...notice, sub_type: 'add', sender_id: 10001, operator_id: 10000, message_id: 1 })
  await run.act('send_group_msg', { group_id: 20001, message: 'two' })
  await run.play('essence', { as: 10003, message_id: 2 })
  expect(run.last()).toMatchObject({ sub_type: 'add', sender_id: 10000, operator_id: 10003, message_id: 2 })

  const again = await restart(run)
  const first = {
    sender_id: 10001,
    sender_nick: 'Al',
    sender_time: now,
    operator_id: 10000,
    operator_nick: 'SeekYou',
    operator_time: now + 5,
    message_id: 1,
  }
  const list = () => again.act('get_essence_msg_list', { group_id: 20001 })
  expect(await list()).toMatchObject([{ message_id: 2, operator_nick: 'Carol' }, first])
  await again.play('essence', { as: 10003, message_id: 1, add: false })
  expect(again.last()).toMatchObject({ sub_type: 'delete', sender_id: 10001, operator_id: 10003, message_id: 1 })
  await again.act('delete_essence_msg', { message_id: 2 })
  expect(await list()).toEqual([])
})

it('tells of an essence message once, and forgets it when it is recalled', async () => {
  const run = await startSandbox()
  await run.act('send_group_msg', { group_id: 20001, message: 'x' })
  await run.act('set_essence_msg', { message_id: 1 })
  await run.act('set_essence_msg', { message_id: 1 })
  expect(run.host.events).toHaveLength(2)
  await run.act('delete_msg', { message_id: 1 })
  expect(await run.act('get_essence_msg_list', { group_id: 20001 })).toEqual([])
  expect(await answerOf(run, run.act('set_essence_msg', { message_id: 1 }))).toBe(
    '103 MESSAGE_RECALLED: message 1 was recalled and cannot be an essence message',
  )
})

it('names the mask of an anonymous speaker', async () => {
  const run = await startSandbox({ random: () => 0 })
  await run.play('say', { as: 10001, group_id: 20001, message: 'x', anonymous: true })
  await run.act('set_essence_msg', { message_id: 1 })
  expect(await run.act('get_essence_msg_list', { group_id: 20001 })).toMatchObject([
    { sender_id: 80000000, sender_nick: 'Brave Badger' },
  ])
})

it('is chosen by the owner and the admins, from what was said in the group', async () => {
  const run = await startSandbox()
  await run.play('say', { as: 10001, group_id: 20002, message: 'x' })
  await run.play('say', { as: 10001, message: 'x' })
  expect(await answerOf(run, run.act('set_essence_msg', { message_id: 1 }))).toBe(
    '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); ' +
      'only its owner and its admins can choose its essence messages',
  )
  expect(await answerOf(run, run.act('set_essence_msg', { message_id: 2 }))).toBe(
    '102 MESSAGE_NOT_FOUND: message 2 was not said in a group, and only groups keep essence messages',
  )
  expect(await refusal(run, run.act('set_essence_msg', { message_id: 3 }))).toBe('no-data MESSAGE_NOT_FOUND')
  expect(await answerOf(run, run.play('essence', { as: 10003, message_id: 1, add: false }))).toBe(
    '102 ESSENCE_NOT_FOUND: message 1 is not an essence message of its group',
  )
  expect(await refusal(run, run.act('get_essence_msg_list', { group_id: 20003 }))).toBe('no-data MEMBER_NOT_FOUND')
})
