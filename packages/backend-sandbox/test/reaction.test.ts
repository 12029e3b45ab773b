import { expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const like = (run: Run, params: object = {}) =>
  run.act('set_msg_emoji_like', { message_id: 1, emoji_id: '66', ...params })
const listed = async (run: Run, params: object = {}) =>
  run.act('fetch_emoji_like', { message_id: 1, emojiId: '66', ...params })
const one = (id: number, nickName: string) => ({ tinyId: String(id), nickName, headUrl: '' })

it('puts faces under messages, once for everyone, and takes them away', async () => {
  const run = await startSandbox()
  await run.play('say', { as: 10001, group_id: 20001, message: 'x' })
  await like(run)
  await like(run)
  await run.play('react', { as: 10002, message_id: 1, emoji_id: '66' })
  const again = await restart(run)
  expect(await listed(again)).toEqual({
    emojiLikesList: [one(10000, 'SeekYou'), one(10002, 'Bob')],
    cookie: '',
    isFirstPage: true,
    isLastPage: true,
  })
  await like(again, { set: false })
  await again.play('react', { as: 10002, message_id: 1, emoji_id: '66', set: false })
  expect(await listed(again)).toMatchObject({ emojiLikesList: [] })
  expect(again.host.events).toEqual([])
})

it('lists them page by page', async () => {
  const run = await startSandbox()
  await run.play('say', { as: 10001, group_id: 20001, message: 'x' })
  for (const as of [10001, 10002, 10003]) await run.play('react', { as, message_id: 1, emoji_id: '66' })
  expect(await listed(run, { count: 2 })).toMatchObject({ cookie: '2', isFirstPage: true, isLastPage: false })
  expect(await listed(run, { count: 2, cookie: '2' })).toEqual({
    emojiLikesList: [one(10003, 'Carol')],
    cookie: '',
    isFirstPage: false,
    isLastPage: true,
  })
})

it('takes messages that are there, and that one can see', async () => {
  const run = await startSandbox()
  expect(await refusal(run, like(run))).toBe('no-data MESSAGE_NOT_FOUND')
  await run.play('say', { as: 10001, message: 'x' })
  await run.play('say', { as: 10001, group_id: 20002, message: 'x' })
  await run.play('say', { as: 10001, discuss_id: 30001, message: 'x' })
  const react = (as: number, message_id: number) => run.play('react', { as, message_id, emoji_id: '66' })
  expect(await answerOf(run, react(10002, 1))).toBe(
    '102 MESSAGE_NOT_FOUND: Bob (10002) is not part of the private chat of message 1',
  )
  expect(await refusal(run, react(10004, 2))).toBe('no-data MEMBER_NOT_FOUND')
  expect(await refusal(run, react(10003, 3))).toBe('no-data MEMBER_NOT_FOUND')
  await like(run)
  await like(run, { message_id: 3 })
  await run.play('recall', { as: 10001, message_id: 2 })
  expect(await answerOf(run, like(run, { message_id: 2 }))).toBe(
    '103 MESSAGE_RECALLED: message 2 was recalled, and nothing is under it',
  )
})

it('marks messages, chats and everything as read, and nothing as unread', async () => {
  const run = await startSandbox()
  const read = async () => ((await run.play('world')) as { read: unknown }).read
  for (let count = 1; count <= 3; count++) await run.play('say', { as: 10001, group_id: 20001, message: 'x' })
  await run.play('say', { as: 10001, message: 'x' })
  expect(await read()).toEqual([])
  await run.act('mark_msg_as_read', { message_id: 2 })
  expect(await read()).toEqual([{ chat: 'group:20001', message_seq: 2 }])
  await run.act('mark_group_msg_as_read', { group_id: 20001 })
  await run.act('mark_msg_as_read', { message_id: 1 })
  expect(await read()).toEqual([{ chat: 'group:20001', message_seq: 3 }])
  await run.act('mark_private_msg_as_read', { user_id: 10001 })
  await run.play('say', { as: 10001, message: 'x' })
  await run.act('_mark_all_as_read')
  expect(await read()).toEqual([
    { chat: 'group:20001', message_seq: 3 },
    { chat: 'private:10001', message_seq: 2 },
  ])
  expect(await refusal(run, run.act('mark_group_msg_as_read', { group_id: 20003 }))).toBe('no-data MEMBER_NOT_FOUND')
  expect(await refusal(run, run.act('mark_private_msg_as_read', { user_id: 19999 }))).toBe('no-data USER_NOT_FOUND')
})
