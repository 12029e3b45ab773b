import { readFile, writeFile } from 'node:fs/promises'
import { worldFile } from '@seekyou/backend-sandbox'
import type { WorldFile } from '@seekyou/backend-sandbox'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { base64, images, refusal, restart, startSandbox, worldOf } from './run.ts'
import type { Run } from './run.ts'

type Input = z.input<typeof worldFile>

/** A sandbox on a world file that can be written anew. */
async function startOn(first: Input) {
  let file: WorldFile | undefined = worldFile.parse(first)
  const readWorld = () => {
    if (!file) throw new Error('world.yml:3: groups[0].owner is missing')
    return file
  }
  const run = await startSandbox({ world: './world.yml', readWorld })
  return { run, write: (next: Input | undefined) => void (file = next && worldFile.parse(next)) }
}

const small: Input = {
  users: [
    { nickname: 'Alice', friend: true },
    { nickname: 'Bob', friend: 'one-way', remark: 'Bobby' },
  ],
  groups: [{ group_name: 'Club', owner: 'Alice', admins: ['bot'], members: ['Bob'] }],
}

const names = async (run: Run) => (await worldOf(run)).users.map(({ user_id, nickname }) => [user_id, nickname])

describe('a world file', () => {
  it('allots the ids it is not told', async () => {
    const { run } = await startOn({ ...small, discusses: [{ discuss_name: 'Talk', members: ['bot', 10001] }] })
    expect(await worldOf(run)).toMatchObject({
      bot: 10000,
      users: [
        { user_id: 10000, nickname: 'SeekYou' },
        { user_id: 10001, nickname: 'Alice' },
        { user_id: 10002, nickname: 'Bob' },
      ],
      friends: [
        { user_id: 10001, direction: 'two-way' },
        { user_id: 10002, direction: 'one-way', remark: 'Bobby' },
      ],
      groups: [
        {
          group_id: 20001,
          group_name: 'Club',
          max_member_count: 200,
          members: [
            { user_id: 10000, role: 'admin' },
            { user_id: 10001, role: 'owner' },
            { user_id: 10002, role: 'member' },
          ],
        },
      ],
      discusses: [{ discuss_id: 30001, member_ids: [10000, 10001] }],
    })
  })

  it('keeps off the ids that others have', async () => {
    const users = [
      { nickname: 'Alice' },
      { user_id: 10001, nickname: 'Bob' },
      { user_id: '10002-10004', nickname: 'C{id}' },
    ]
    const { run } = await startOn({ users })
    expect((await names(run)).map(([id]) => id)).toEqual([10000, 10001, 10002, 10003, 10004, 10005])
    expect(await names(run)).toContainEqual([10005, 'Alice'])
    expect(await names(run)).toContainEqual([10003, 'C10003'])
  })

  it('says who the bot is', async () => {
    const { run } = await startOn({ bot: { user_id: 12345, nickname: 'Robo', sign: 'beep' } })
    expect(await run.act('get_login_info')).toEqual({ user_id: 12345, nickname: 'Robo' })
  })

  it('gives members a card, a title and a level', async () => {
    const members = ['10001-10003', { user: 'Bob', card: 'Bobby', title: 'Star', level: 7 }]
    const { run } = await startOn({
      users: [
        { user_id: '10001-10002', nickname: 'M' },
        { user_id: 10003, nickname: 'Bob' },
      ],
      groups: [{ group_id: 20001, group_name: 'Club', owner: 'bot', members }],
    })
    expect(await run.act('get_group_member_info', { group_id: 20001, user_id: 10003 })).toMatchObject({
      card: 'Bobby',
      title: 'Star',
      level: '7',
      role: 'member',
    })
    expect(await run.act('get_group_info', { group_id: 20001 })).toMatchObject({ member_count: 4 })
  })

  it('gives a group as much room as the network has for so many', async () => {
    const { run } = await startOn({
      users: [{ user_id: '10001-10300', nickname: 'M' }],
      groups: [{ group_id: 20001, group_name: 'Club', owner: 'bot', members: ['10001-10300'] }],
    })
    expect(await run.act('get_group_info', { group_id: 20001 })).toMatchObject({ max_member_count: 500 })
  })

  it.each(['__proto__', 'constructor', 'toString'])(
    'takes any name, also one that every object has: %s',
    async (name) => {
      const { run } = await startOn({
        users: [{ nickname: name, friend: true, remark: name }],
        groups: [{ group_name: name, owner: name, members: ['bot'] }],
        guilds: [{ guild_name: name, owner: name, channels: [{ channel_name: name }] }],
        discusses: [{ discuss_name: name, members: [name] }],
      })
      const before = await worldOf(run)
      expect(before).toMatchObject({
        users: [{ nickname: 'SeekYou' }, { user_id: 10001, nickname: name }],
        groups: [{ group_id: 20001, group_name: name, members: [{}, { user_id: 10001, role: 'owner' }] }],
        discusses: [{ discuss_id: 30001, member_ids: [10001] }],
      })
      await run.play('snapshot', { name })
      await run.play('reset', { world: 'empty' })
      const again = await restart(run)
      expect(await again.look('snapshot')).toEqual({ snapshots: [name] })
      await again.play('restore', { name })
      expect(await worldOf(again)).toEqual(before)
    },
  )

  it('allots the ids of thousands without looking at all of them for each', () => {
    const guilds = Array.from({ length: 3000 }, (_, index) => ({ guild_name: `G${index}`, owner: 'bot' }))
    const users = Array.from({ length: 3000 }, (_, index) => ({ nickname: `U${index}` }))
    expect(worldFile.parse({ guilds, users }).guilds).toHaveLength(3000)
  })

  const alice = { user_id: 10001, nickname: 'Alice' }
  it.each<[string, Input, string, string]>([
    ['a key it does not know', { people: [] } as Input, '', 'Unrecognized key'],
    [
      'an id that is taken',
      { users: [alice, alice] },
      'users.1.user_id',
      'an id that nobody else has (10001 is taken)',
    ],
    ['the id of the bot', { users: [{ ...alice, user_id: 10000 }] }, 'users.0.user_id', 'an id that nobody else has'],
    ['a range that falls', { users: [{ ...alice, user_id: '9-1' }] }, 'users.0.user_id', 'a range that rises'],
    [
      'a range of more ids than there are people',
      { users: [{ ...alice, user_id: '1-999999999999999' }, { nickname: 'Bob' }] },
      'users.0.user_id',
      'of at most 100000 ids',
    ],
    ['what is no range', { users: [{ ...alice, user_id: 'me' }] }, 'users.0.user_id', 'a range of ids such as'],
    ['two of one name without ids', { users: [{ nickname: 'A' }, { nickname: 'A' }] }, 'users.1', 'an id of its own'],
    [
      'a name of nobody',
      { groups: [{ group_name: 'G', owner: 'Zoe' }] },
      'groups.0.owner',
      'the nickname of a user of this file',
    ],
    [
      'a name of two',
      { users: [alice, { ...alice, user_id: 10002 }], groups: [{ group_name: 'G', owner: 'bot', members: ['Alice'] }] },
      'groups.0.members.0',
      'a nickname that only one user has, or an id',
    ],
    [
      'an id of nobody',
      { groups: [{ group_name: 'G', owner: 'bot', admins: [1] }] },
      'groups.0.admins.0',
      'the id of a user of this file',
    ],
    [
      'a range that some of are nobody',
      { users: [alice], groups: [{ group_name: 'G', owner: 'bot', members: ['10001-10002'] }] },
      'groups.0.members.0',
      'a range of ids of which each is a user',
    ],
    [
      'two groups of one id',
      { groups: [1, 2].map((index) => ({ group_id: 1, group_name: `G${index}`, owner: 'bot' })) },
      'groups.1.group_id',
      'an id that no other has',
    ],
  ])('is refused with the place of %s', (_, file, path, sentence) => {
    const issues = worldFile.safeParse(file).error?.issues ?? []
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path])
    expect(issues[0]!.message).toContain(sentence)
  })
})

describe('a world file that has changed', () => {
  it('is not looked at by a world that goes on from the same one', async () => {
    const { run } = await startOn(small)
    await run.play('update_user', { user_id: 10001, nickname: 'Alicia' })
    expect(await names(await restart(run))).toContainEqual([10001, 'Alicia'])
  })

  it('takes away what it no longer names, brings what it names anew, and keeps the numbers of the rest', async () => {
    const { run, write } = await startOn(small)
    await run.play('create_user', { nickname: 'Zoe' })
    write({ users: [{ nickname: 'Carol' }, { nickname: 'Bob' }], groups: [{ group_name: 'Club', owner: 'Bob' }] })
    const again = await restart(run)
    expect(await names(again)).toEqual([
      [10000, 'SeekYou'],
      [10002, 'Bob'],
      [10003, 'Carol'],
    ])
    expect(await worldOf(again)).toMatchObject({
      friends: [],
      groups: [{ group_id: 20001, members: [{ user_id: 10002 }] }],
    })
    write(small)
    expect(await names(await restart(again))).toEqual([
      [10000, 'SeekYou'],
      [10001, 'Alice'],
      [10002, 'Bob'],
    ])
  })

  it('leaves be what was said and what happened to whom it still names', async () => {
    const { run, write } = await startOn(small)
    await run.play('say', { as: 10001, group_id: 20001, message: 'one' })
    await run.play('say', { as: 10001, message: 'two' })
    const [first] = (await worldOf(run)).groups
    write({ ...small, groups: [{ ...small.groups![0]!, group_memo: 'new' }], users: small.users })
    const again = await restart(run)
    expect((await worldOf(again)).groups[0]).toEqual({ ...first, group_memo: 'new' })
    expect(await again.play('messages', { group_id: 20001 })).toMatchObject({ messages: [{ message_id: 1 }] })
    expect(await again.play('messages', { user_id: 10001 })).toMatchObject({ messages: [{ message_id: 2 }] })
  })

  it('leaves be what no file can say, and takes from a group what its members had in it', async () => {
    const { run, write } = await startOn(small)
    const group_id = 20001
    await run.play('say', { as: 10002, group_id, message: 'x', anonymous: true })
    await run.play('honor', { user_id: 10002, group_id, honor_type: 'talkative' })
    await run.act('set_group_remark', { group_id, remark: 'ours' })
    await run.act('set_group_portrait', { group_id, file: base64(images.png) })
    await run.act('set_qq_avatar', { file: base64(images.png) })
    await run.act('send_group_sign', { group_id })
    const before = (await run.play('world')) as { users: object[]; groups: { members: object[] }[] }
    write({ users: small.users!.slice(0, 1), groups: [{ ...small.groups![0]!, members: [] }] })
    await run.play('reload')
    const [group] = before.groups
    expect(await run.play('world')).toMatchObject({
      users: before.users.slice(0, 2),
      groups: [{ ...group, members: group!.members.slice(0, 2), masks: [], honors: [] }],
    })
    expect(await run.act('get_group_honor_info', { group_id, type: 'all' })).toMatchObject({ talkative_list: [] })
  })

  it('takes away what was said in a channel along with it', async () => {
    const channels = ['one', 'two'].map((channel_name) => ({ channel_name }))
    const guild = { guild_name: 'Guild', owner: 'bot', channels }
    const { run, write } = await startOn({ guilds: [guild] })
    for (const channel_id of ['50001', '50002']) {
      await run.act('send_guild_channel_msg', { guild_id: '40001', channel_id, message: 'x' })
    }
    write({ guilds: [{ ...guild, channels: channels.slice(1) }] })
    await run.play('reload')
    const read = (message_id: string) => run.act('get_guild_msg', { message_id })
    expect(await refusal(run, read('40001-50001-1'))).toBe('no-data MESSAGE_NOT_FOUND')
    expect(await read('40001-50002-1')).toMatchObject({ channel_id: '50002' })
  })

  it('forgets what was said in a group that it took away, also when it brings the group back', async () => {
    const { run, write } = await startOn(small)
    await run.play('say', { as: 10001, group_id: 20001, message: 'one' })
    write({ users: small.users })
    await run.play('reload')
    write(small)
    await run.play('reload')
    expect(await run.play('messages', { group_id: 20001 })).toEqual({ messages: [] })
    expect(await run.play('say', { as: 10001, group_id: 20001, message: 'x' })).toEqual({
      message_id: 2,
      message_seq: 2,
    })
  })

  it('is read by reload and by reset, at once', async () => {
    const { run, write } = await startOn(small)
    await run.play('update_user', { user_id: 10001, nickname: 'Alicia' })
    write({ users: [...small.users!, { nickname: 'Carol' }] })
    await run.play('reload')
    const file = [
      [10000, 'SeekYou'],
      [10001, 'Alice'],
      [10002, 'Bob'],
      [10003, 'Carol'],
    ]
    expect(await names(run)).toEqual(file)
    await run.play('create_user', { nickname: 'Zoe' })
    await run.play('reset')
    expect(await names(run)).toEqual(file)
    const before = await worldOf(run)
    expect(await worldOf(await restart(run))).toEqual(before)
  })

  it('that cannot be used is refused with its place, and the world goes on', async () => {
    const { run, write } = await startOn(small)
    write(undefined)
    expect(await refusal(run, run.play('reload'))).toBe('file WORLD_UNREADABLE')
    await expect(run.play('reset')).rejects.toThrow(
      './world.yml cannot be used: world.yml:3: groups[0].owner is missing',
    )
    await run.play('reset', { world: 'empty' })
    expect(await names(run)).toEqual([[10000, 'SeekYou']])
  })

  it('cannot make the account another one while it runs', async () => {
    const { run, write } = await startOn(small)
    write({ ...small, bot: { user_id: 7 } })
    expect(await refusal(run, run.play('reload'))).toBe('refused OTHER_BOT')
    expect(await refusal(run, run.play('reset'))).toBe('refused OTHER_BOT')
  })
})

it('a world built in cannot be read again', async () => {
  const run = await startSandbox()
  expect(await refusal(run, run.play('reload'))).toBe('unsupported UNSUPPORTED')
})

it('the JSON Schema of world files is up to date', async () => {
  const file = new URL('../world.schema.json', import.meta.url)
  const schema = z.toJSONSchema(worldFile, { io: 'input', target: 'draft-7' })
  const generated = `${JSON.stringify({ title: 'A world of the SeekYou sandbox', ...schema }, undefined, 2)}\n`
  if (process.env['UPDATE_REFERENCE']) await writeFile(file, generated)
  const written: unknown = JSON.parse(await readFile(file, 'utf8'))
  expect(written, 'run the test with UPDATE_REFERENCE=1').toEqual(JSON.parse(generated))
})
