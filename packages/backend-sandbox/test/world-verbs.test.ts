import { describe, expect, it } from 'vitest'
import { refusal, restart, startSandbox, worldOf } from './run.ts'
import type { Run } from './run.ts'

const user = async (run: Run, id: number) => (await worldOf(run)).users.find(({ user_id }) => user_id === id)
const group = async (run: Run, id: number) => (await worldOf(run)).groups.find(({ group_id }) => group_id === id)
const now = Date.UTC(2026, 0, 1) / 1000

describe('people', () => {
  it('come with the next id that is free, as strangers', async () => {
    const run = await startSandbox()
    expect(await run.play('create_user', { nickname: 'Frank' })).toEqual({ user_id: 10006 })
    expect(await user(run, 10006)).toMatchObject({
      user_id: 10006,
      nickname: 'Frank',
      sex: 'unknown',
      age: 0,
      area: '',
      level: 1,
      qid: '',
      sign: '',
      login_days: 1,
      vip_level: '',
      avatar: '',
    })
    expect((await worldOf(run)).friends).toHaveLength(4)
  })

  it('come with the id and everything else they are given', async () => {
    const run = await startSandbox()
    const details = {
      nickname: 'Frank',
      sex: 'male',
      age: 30,
      area: 'Lisbon',
      level: 3,
      qid: 'f',
      sign: 's',
      login_days: 9,
      vip_level: 'vip1',
    }
    const friendship = { friend: 'one-way', remark: 'Frankie' }
    expect(await run.play('create_user', { user_id: 7, ...details, ...friendship })).toEqual({ user_id: 7 })
    expect(await user(run, 7)).toMatchObject({ user_id: 7, ...details })
    expect((await worldOf(run)).friends).toContainEqual({ user_id: 7, direction: 'one-way', remark: 'Frankie' })
    expect(await worldOf(await restart(run))).toMatchObject({
      users: expect.arrayContaining([expect.objectContaining({ user_id: 7, ...details })]),
    })
  })

  it('can be changed, each detail on its own, the bot too', async () => {
    const run = await startSandbox()
    const before = await user(run, 10001)
    expect(await run.play('update_user', { user_id: 10001, nickname: 'Alicia', friend: 'one-way' })).toBeNull()
    expect(await user(run, 10001)).toEqual({ ...before, nickname: 'Alicia' })
    expect((await worldOf(run)).friends).toContainEqual({ user_id: 10001, direction: 'one-way', remark: '' })
    await run.play('update_user', { user_id: 10001, remark: 'A' })
    expect((await worldOf(run)).friends).toContainEqual({ user_id: 10001, direction: 'one-way', remark: 'A' })
    await run.play('update_user', { user_id: 10001, friend: 'no' })
    expect((await worldOf(run)).friends.map(({ user_id }) => user_id)).not.toContain(10001)
    await run.play('update_user', { user_id: 10000, nickname: 'Robo' })
    expect(await run.act('get_login_info')).toEqual({ user_id: 10000, nickname: 'Robo' })
  })

  it('can be removed, from every group and list', async () => {
    const run = await startSandbox()
    expect(await run.play('delete_user', { user_id: 10001 })).toBeNull()
    const { users, friends, groups, discusses } = await worldOf(run)
    expect(JSON.stringify({ users, friends, groups, discusses })).not.toContain('10001')
    expect(await worldOf(await restart(run))).toMatchObject({ bot: 10000, users, friends, groups, discusses })
  })

  it('that come again under an old id have said nothing in private yet', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, message: 'one' })
    await run.play('delete_user', { user_id: 10001 })
    await run.play('create_user', { user_id: 10001, nickname: 'Other' })
    expect(await run.play('messages', { user_id: 10001 })).toEqual({ messages: [] })
  })

  it.each<[string, string, object, string]>([
    ['an id that is taken', 'create_user', { user_id: 10001, nickname: 'X' }, 'refused USER_EXISTS'],
    ['no nickname', 'create_user', {}, 'bad-params BAD_PARAMS'],
    ['an empty nickname', 'create_user', { nickname: '' }, 'bad-params BAD_PARAMS'],
    ['an age below 0', 'create_user', { nickname: 'X', age: -1 }, 'bad-params BAD_PARAMS'],
    ['nobody', 'update_user', { user_id: 19999 }, 'no-data USER_NOT_FOUND'],
    ['the bot as its own friend', 'update_user', { user_id: 10000, friend: 'two-way' }, 'refused SELF_FRIEND'],
    ['nobody', 'delete_user', { user_id: 19999 }, 'no-data USER_NOT_FOUND'],
    ['the bot', 'delete_user', { user_id: 10000 }, 'refused BOT_NEEDED'],
    ['who owns a group', 'delete_user', { user_id: 10003 }, 'refused OWNS_A_GROUP'],
  ])('refuse %s (%s %o)', async (_, verb, params, answer) => {
    const run = await startSandbox()
    expect(await refusal(run, run.play(verb, params))).toBe(answer)
  })
})

describe('groups', () => {
  it('are founded with the next id that is free, by the bot', async () => {
    const run = await startSandbox()
    expect(await run.play('create_group', { group_name: 'New' })).toEqual({ group_id: 20004 })
    expect(await group(run, 20004)).toMatchObject({ group_name: 'New', members: [{ user_id: 10000, role: 'owner' }] })
    expect(await run.act('get_group_info', { group_id: 20004 })).toMatchObject({ group_create_time: now })
  })

  it('are founded with the people and everything else they are given', async () => {
    const run = await startSandbox()
    const details = { group_name: 'New', group_memo: 'memo', group_level: 2, max_member_count: 500, whole_ban: true }
    const people = { owner_id: 10001, admin_ids: [10002, 10001], member_ids: [10000, 10002] }
    expect(await run.play('create_group', { group_id: 5, ...details, ...people })).toEqual({ group_id: 5 })
    const roles = (await group(run, 5))!.members.map(({ user_id, role }) => [user_id, role])
    expect(await group(run, 5)).toMatchObject(details)
    expect(roles).toEqual([
      [10000, 'member'],
      [10001, 'owner'],
      [10002, 'admin'],
    ])
  })

  it('can be changed, each detail on its own', async () => {
    const run = await startSandbox()
    const before = await group(run, 20002)
    expect(await run.play('update_group', { group_id: 20002, group_name: 'Hosts', whole_ban: 'yes' })).toBeNull()
    expect(await group(run, 20002)).toEqual({ ...before, group_name: 'Hosts', whole_ban: true })
  })

  it('can be given to another member', async () => {
    const run = await startSandbox()
    await run.play('update_group', { group_id: 20002, owner_id: 10000 })
    const roles = (await group(run, 20002))!.members.map(({ user_id, role }) => [user_id, role])
    expect(Object.fromEntries(roles)).toEqual({ 10000: 'owner', 10001: 'admin', 10002: 'member', 10003: 'member' })
  })

  it('can be removed with all that was in them', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, group_id: 20001, message: 'one' })
    expect(await run.play('delete_group', { group_id: 20001 })).toBeNull()
    expect(await group(run, 20001)).toBeUndefined()
    await run.play('create_group', { group_id: 20001, group_name: 'Again', member_ids: [10001] })
    expect(await run.play('messages', { group_id: 20001 })).toEqual({ messages: [] })
    expect((await group(await restart(run), 20001))!.members).toHaveLength(2)
  })

  it.each<[string, string, object, string]>([
    ['an id that is taken', 'create_group', { group_id: 20001, group_name: 'X' }, 'refused GROUP_EXISTS'],
    ['no name', 'create_group', {}, 'bad-params BAD_PARAMS'],
    ['people who are not there', 'create_group', { group_name: 'X', member_ids: [19999] }, 'no-data USER_NOT_FOUND'],
    ['too long a name', 'create_group', { group_name: '中'.repeat(21) }, 'refused GROUP_NAME_TOO_LONG'],
    [
      'too long a new name',
      'update_group',
      { group_id: 20001, group_name: 'x'.repeat(61) },
      'refused GROUP_NAME_TOO_LONG',
    ],
    ['what is no list', 'create_group', { group_name: 'X', member_ids: 10001 }, 'bad-params BAD_PARAMS'],
    ['an unknown group', 'update_group', { group_id: 29999 }, 'no-data GROUP_NOT_FOUND'],
    ['an owner from outside', 'update_group', { group_id: 20002, owner_id: 10004 }, 'no-data MEMBER_NOT_FOUND'],
    ['an unknown group', 'delete_group', { group_id: 29999 }, 'no-data GROUP_NOT_FOUND'],
  ])('refuse %s (%s %o)', async (_, verb, params, answer) => {
    const run = await startSandbox()
    expect(await refusal(run, run.play(verb, params))).toBe(answer)
  })
})

it('nothing that is set in the world is told to the bot', async () => {
  const run = await startSandbox()
  await run.play('create_user', { nickname: 'X', friend: 'two-way' })
  await run.play('create_group', { group_name: 'X' })
  await run.play('update_group', { group_id: 20001, group_name: 'Y' })
  await run.play('delete_group', { group_id: 20002 })
  await run.play('delete_user', { user_id: 10004 })
  await run.play('snapshot')
  await run.play('restore')
  await run.play('reset')
  expect(run.host.events).toEqual([])
})

describe('a snapshot', () => {
  const said = async (run: Run, chat: object) =>
    ((await run.play('messages', chat)) as { messages: { message_id: number }[] }).messages.map(
      ({ message_id }) => message_id,
    )

  it('puts the world back to what it was', async () => {
    const run = await startSandbox()
    await run.play('update_user', { user_id: 10001, nickname: 'Alicia' })
    const before = await worldOf(run)
    expect(await run.play('snapshot', { name: 'one' })).toEqual({ snapshots: ['one'] })
    await run.play('delete_group', { group_id: 20001 })
    await run.play('create_user', { nickname: 'Frank', friend: 'two-way' })
    await run.play('update_user', { user_id: 10001, nickname: 'Al' })
    expect(await run.play('restore', { name: 'one' })).toBeNull()
    expect(await worldOf(run)).toEqual(before)
    expect(await worldOf(await restart(run))).toEqual(before)
  })

  it('puts back what had been said, while ids and seqs go on rising', async () => {
    const run = await startSandbox()
    const chat = { group_id: 20001 }
    const say = () => run.play('say', { as: 10001, ...chat, message: 'x' })
    await say()
    await run.play('snapshot')
    await say()
    await run.play('say', { as: 10002, message: 'private' })
    await run.play('restore')
    expect(await say()).toEqual({ message_id: 4, message_seq: 3 })
    expect(await said(run, chat)).toEqual([1, 4])
    expect(await said(run, { user_id: 10002 })).toEqual([])
    await run.play('reset')
    expect(await say()).toEqual({ message_id: 5, message_seq: 4 })
    await run.play('restore')
    expect(await said(run, chat)).toEqual([1])
    await say()
    const again = await restart(run)
    expect(await said(again, chat)).toEqual([1, 6])
    expect(await said(again, { ...chat, limit: 2 })).toEqual([1, 6])
    expect(await said(again, { ...chat, before_seq: 5, limit: 1 })).toEqual([1])
  })

  it('lets nobody recall or quote what was said after it', async () => {
    const run = await startSandbox()
    await run.play('snapshot')
    await run.act('send_group_msg', { group_id: 20001, message: 'x' })
    await run.play('restore')
    expect(await refusal(run, run.act('delete_msg', { message_id: 1 }))).toBe('no-data MESSAGE_NOT_FOUND')
    const quote = run.act('send_group_msg', { group_id: 20001, message: '[CQ:reply,id=1]x' })
    expect(await refusal(run, quote)).toBe('no-data REPLY_NOT_FOUND')
  })

  it('is one of several names, kept over restarts and resets, and replaced by one of the same name', async () => {
    const run = await startSandbox()
    await run.play('snapshot', { name: 'b' })
    await run.play('snapshot', { name: '甲' })
    await run.play('update_user', { user_id: 10001, nickname: 'Alicia' })
    await run.play('snapshot', { name: 'b' })
    await run.play('reset')
    const again = await restart(run)
    expect(await again.look('snapshot')).toEqual({ snapshots: ['b', '甲'] })
    await again.play('restore', { name: 'b' })
    expect(await user(again, 10001)).toMatchObject({ nickname: 'Alicia' })
    await again.play('restore', { name: '甲' })
    expect(await user(again, 10001)).toMatchObject({ nickname: 'Alice' })
  })

  it('is refused under a name that is none, and not found under another', async () => {
    const run = await startSandbox()
    expect(await refusal(run, run.play('snapshot', { name: 'a/b' }))).toBe('bad-params BAD_PARAMS')
    expect(await refusal(run, run.play('restore', { name: 'a' }))).toBe('no-data SNAPSHOT_NOT_FOUND')
    await run.play('snapshot', { name: 'b' })
    await expect(run.play('restore', { name: 'a' })).rejects.toThrow('the snapshots are: b')
  })
})

it('reset begins the world it is asked for', async () => {
  const run = await startSandbox()
  await run.play('reset', { world: 'empty' })
  expect((await worldOf(run)).users).toHaveLength(1)
  expect((await worldOf(await restart(run))).users).toHaveLength(1)
  const again = await restart(run)
  await again.play('reset')
  expect((await worldOf(again)).users).toHaveLength(6)
  expect(await refusal(again, again.play('reset', { world: 'moon' }))).toBe('bad-params BAD_PARAMS')
})

describe('a large world', () => {
  const large = { group_name: 'Large', member_ids: Array.from({ length: 1200 }, (_, index) => 11_000 + index) }

  /** More people than are stored one by one, and a group of them. */
  async function startLarge(): Promise<Run> {
    const run = await startSandbox()
    for (const user_id of large.member_ids) await run.play('create_user', { user_id, nickname: `M${user_id}` })
    await run.play('create_group', large)
    await run.play('snapshot')
    await run.play('restore')
    return run
  }

  it('is stored by the page, and what changes on its own', async () => {
    const run = await startLarge()
    expect(run.host.memory.state.size).toBeLessThan(20)
    const before = await worldOf(run)
    const again = await restart(run)
    expect(await worldOf(again)).toEqual(before)
    const rows = again.host.memory.state.size
    await again.play('say', { as: 11_000, group_id: 20004, message: 'x' })
    await again.play('delete_user', { user_id: 11_001 })
    expect(again.host.memory.state.size).toBeLessThan(rows + 5)
    const changed = await worldOf(again)
    expect(changed.users).toHaveLength(before.users.length - 1)
    expect(changed.groups[3]!.members).toHaveLength(1200)
    expect(await worldOf(await restart(again))).toEqual(changed)
  })

  it('leaves nothing behind a reset', async () => {
    const run = await startLarge()
    await run.play('delete_user', { user_id: 11_001 })
    await run.play('reset', { world: 'empty' })
    const rows = [...run.host.memory.state.keys()].filter((key) => !key.startsWith('snapshot/'))
    expect(rows).toEqual(['user/10000'])
  })
})

describe('discuss groups', () => {
  it('begin, change and end', async () => {
    const run = await startSandbox()
    expect(await run.play('create_discuss', { discuss_name: 'Trip', member_ids: [10004, 10000, 10004] })).toEqual({
      discuss_id: 30002,
    })
    await run.play('say', { as: 10004, discuss_id: 30002, message: 'x' })
    expect(run.last()).toMatchObject({ message_type: 'discuss', discuss_id: 30002, user_id: 10004 })
    await run.play('update_discuss', { discuss_id: 30002, discuss_name: 'Way', member_ids: [10004] })
    const again = await restart(run)
    expect((await worldOf(again)).discusses[1]).toEqual({
      discuss_id: 30002,
      discuss_name: 'Way',
      member_ids: [10004],
    })
    await again.play('delete_discuss', { discuss_id: 30002 })
    expect((await worldOf(again)).discusses).toHaveLength(1)
    await again.play('create_discuss', { discuss_id: 30002, discuss_name: 'Trip', member_ids: [10000] })
    expect(await again.play('messages', { discuss_id: 30002 })).toEqual({ messages: [] })
  })

  it('take people who are there', async () => {
    const run = await startSandbox()
    const update = (params: object) => refusal(run, run.play('update_discuss', params))
    expect(await update({ discuss_id: 30001, member_ids: [19999] })).toBe('no-data USER_NOT_FOUND')
    expect(await update({ discuss_id: 39999, discuss_name: 'x' })).toBe('no-data DISCUSS_NOT_FOUND')
    expect(await update({ discuss_id: 30001, discuss_name: '' })).toBe('bad-params BAD_PARAMS')
  })
})

describe('guilds', () => {
  const guild_id = '40002'
  const standings = async (run: Run) => {
    const { guilds } = (await run.play('world')) as {
      guilds: { guild_id: string; members: { user_id: number; standing: string }[] }[]
    }
    const members = guilds.find((guild) => guild.guild_id === guild_id)?.members ?? []
    return members.map(({ user_id, standing }) => `${user_id} ${standing}`)
  }

  it('are founded with channels and people', async () => {
    const run = await startSandbox()
    const channels = [{ channel_name: 'talk' }, { channel_name: 'news', channel_type: 'topic' }]
    const people = { owner_id: 10003, admin_ids: [10001], member_ids: [10001, 10000, 10004] }
    expect(await run.play('create_guild', { guild_name: 'Club', channels, ...people })).toEqual({ guild_id })
    expect(await standings(run)).toEqual(['10000 member', '10001 admin', '10003 owner', '10004 member'])
    const again = await restart(run)
    expect(await again.act('get_guild_channel_list', { guild_id })).toMatchObject([
      { channel_id: '60001', channel_type: 1, channel_name: 'talk' },
      { channel_id: '60002', channel_type: 7, channel_name: 'news' },
    ])
    await again.play('say', { as: 10004, guild_id, channel_id: '60001', message: 'x' })
    expect(again.last()).toMatchObject({ message_type: 'guild', guild_id, message_id: '40002-60001-1' })
  })

  it('change their names, owners and people, and keep the rest', async () => {
    const run = await startSandbox()
    await run.play('create_guild', { guild_name: 'Club', admin_ids: [10001], member_ids: [10002, 10004] })
    const update = (params: object) => run.play('update_guild', { guild_id, ...params })
    await update({ guild_name: 'Circle' })
    expect(await run.act('get_guild_meta_by_guest', { guild_id })).toMatchObject({
      guild_name: 'Circle',
      member_count: 4,
    })
    expect(await standings(run)).toEqual(['10000 owner', '10001 admin', '10002 member', '10004 member'])
    await update({ owner_id: 10002 })
    expect(await standings(run)).toEqual(['10000 member', '10001 admin', '10002 owner', '10004 member'])
    await update({ admin_ids: [10004] })
    expect(await standings(run)).toEqual(['10000 member', '10001 member', '10002 owner', '10004 admin'])
    await update({ member_ids: [10003] })
    expect(await standings(run)).toEqual(['10002 owner', '10003 member', '10004 admin'])
    expect(await refusal(run, run.act('get_guild_channel_list', { guild_id }))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, update({ owner_id: 10001 }))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, update({ member_ids: [19999] }))).toBe('no-data USER_NOT_FOUND')
  })

  it('go with all that belongs to them', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, guild_id: '40001', channel_id: '50001', message: 'x' })
    await run.play('delete_guild', { guild_id: '40001' })
    expect([...run.host.memory.state.keys()].filter((key) => /^(?!counter).*40001/.test(key))).toEqual([])
    expect(await refusal(run, run.play('delete_guild', { guild_id: '40001' }))).toBe('no-data GUILD_NOT_FOUND')
  })
})
