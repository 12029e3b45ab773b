import { expect, it } from 'vitest'
import { restart, startSandbox, worldOf } from './run.ts'

it('has the people, groups and ids that people script against', async () => {
  const { bot, users, friends, groups, discusses } = await worldOf(await startSandbox())
  expect(bot).toBe(10000)
  expect(users.map(({ user_id, nickname }) => [user_id, nickname])).toEqual([
    [10000, 'SeekYou'],
    [10001, 'Alice'],
    [10002, 'Bob'],
    [10003, 'Carol'],
    [10004, 'Dave'],
    [10005, 'Erin'],
  ])
  expect(friends.map(({ user_id, direction }) => [user_id, direction])).toEqual([
    [10001, 'two-way'],
    [10002, 'two-way'],
    [10003, 'two-way'],
    [10005, 'one-way'],
  ])
  const roles = groups.map(({ group_id, group_name, members }) => [
    group_id,
    group_name,
    Object.fromEntries(members.map(({ user_id, role }) => [user_id, role])),
  ])
  expect(roles).toEqual([
    [20001, 'Sandbox', { 10000: 'owner', 10001: 'member', 10002: 'member', 10003: 'admin', 10004: 'member' }],
    [20002, 'Guests', { 10000: 'member', 10001: 'admin', 10002: 'member', 10003: 'owner' }],
    [20003, 'Archive', { 10002: 'owner', 10004: 'member' }],
  ])
  expect(discusses).toMatchObject([{ discuss_id: 30001, member_ids: [10001, 10002, 10000] }])
})

it('holds the bot alone when it is empty', async () => {
  const run = await startSandbox({ world: 'empty' })
  expect(await worldOf(run)).toMatchObject({ users: [{ user_id: 10000 }], friends: [], groups: [], discusses: [] })
  expect(await worldOf(await restart(run))).toMatchObject({ users: [{ user_id: 10000 }], groups: [] })
})

it('is the same after a restart, and counts on where it stopped', async () => {
  const run = await startSandbox()
  const said = { message_id: 1, message_seq: 1 }
  expect(await run.play('say', { as: 10001, group_id: 20001, message: 'one' })).toEqual(said)
  await run.play('say', { as: 10001, message: 'two' })
  const before = await worldOf(run)
  const again = await restart(run)
  expect(await worldOf(again)).toEqual(before)
  expect(await again.play('say', { as: 10002, group_id: 20001, message: 'x' })).toEqual({
    message_id: 3,
    message_seq: 2,
  })
})

it('rewrites only the chat and the member that a message touches', async () => {
  const run = await startSandbox()
  const before = new Map(run.host.memory.state)
  await run.play('say', { as: 10001, group_id: 20001, message: 'hi' })
  await run.play('say', { as: 10001, message: 'hi' })
  const changed = [...run.host.memory.state].filter(([key, value]) => before.get(key) !== value).map(([key]) => key)
  expect(changed.toSorted()).toEqual(['log/group:20001', 'log/private:10001', 'member/20001/10001'])
})

it('counts the messages of each chat on its own, the bot’s among them', async () => {
  const run = await startSandbox()
  await run.play('say', { as: 10001, group_id: 20001, message: 'one' })
  await run.act('send_group_msg', { group_id: 20001, message: 'two' })
  expect(run.last()).toMatchObject({ message_seq: 2 })
  await run.act('send_private_msg', { user_id: 10001, message: 'other' })
  expect(run.last()).toMatchObject({ message_seq: 1 })
})

it('is fresh after a reset, while message ids and seqs go on rising', async () => {
  const run = await startSandbox()
  const fresh = await worldOf(run)
  await run.play('say', { as: 10001, group_id: 20001, message: 'one' })
  const changed = await restart(run, { 'user/10001': { nickname: 'Alicia' } })
  expect(await worldOf(changed)).not.toEqual(fresh)
  expect(await changed.play('reset')).toBeNull()
  expect(await worldOf(changed)).toEqual(fresh)
  expect(await worldOf(await restart(changed))).toEqual(fresh)
  const again = await restart(changed)
  expect(await again.play('messages', { group_id: 20001 })).toEqual({ messages: [] })
  expect(await again.play('say', { as: 10001, group_id: 20001, message: 'x' })).toEqual({
    message_id: 2,
    message_seq: 2,
  })
  expect(await again.play('messages', { group_id: 20001 })).toMatchObject({ messages: [{ message_id: 2 }] })
})

it('leaves nothing of the world before behind a reset', async () => {
  const { host } = await startSandbox()
  const run = await startSandbox({ world: 'empty', memory: host.memory })
  await run.play('reset')
  expect([...host.memory.state.keys()]).toEqual(['user/10000'])
})

it('does not know what was said before a reset', async () => {
  const run = await startSandbox()
  await run.act('send_group_msg', { group_id: 20001, message: 'old' })
  await run.play('reset')
  await expect(run.act('delete_msg', { message_id: 1 })).rejects.toMatchObject({ code: 'MESSAGE_NOT_FOUND' })
  await expect(run.act('send_group_msg', { group_id: 20001, message: '[CQ:reply,id=1]x' })).rejects.toMatchObject({
    code: 'REPLY_NOT_FOUND',
  })
})
