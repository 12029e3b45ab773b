import { worldFile } from '@seekyou/backend-sandbox'
import { describe, expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox, text } from './run.ts'
import type { Run } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000
const began = 1_704_067_200
const guild_id = '40001'
const tiny = (id: number) => `1441152180000${id}`
const notice = { time: now, self_id: 10000, post_type: 'notice', guild_id, self_tiny_id: tiny(10000) }
const inText = { guild_id, channel_id: '50001' }

/** A guild in which the bot is but a member. */
const asMember = async () =>
  restart(await startSandbox(), {
    'guild_member/40001/10000': { standing: 'member' },
    'guild_member/40001/10003': { standing: 'owner' },
  })

describe('a guild', () => {
  it('is listed with what anyone may know of it, and who the bot is there', async () => {
    const run = await startSandbox()
    expect(await run.act('get_guild_list')).toEqual([{ guild_id, guild_name: 'Guild', guild_display_id: guild_id }])
    expect(await run.act('get_guild_service_profile')).toMatchObject({ nickname: 'SeekYou', tiny_id: tiny(10000) })
    expect(await run.act('get_guild_meta_by_guest', { guild_id })).toMatchObject({
      guild_name: 'Guild',
      member_count: 4,
      owner_id: tiny(10000),
      create_time: began,
    })
    expect(await answerOf(run, run.act('get_guild_meta_by_guest', { guild_id: '49999' }))).toBe(
      '102 GUILD_NOT_FOUND: there is no guild 49999 in this network',
    )
  })

  it('has the channels that people script against', async () => {
    const run = await startSandbox()
    expect(await run.act('get_guild_channel_list', { guild_id })).toMatchObject([
      { channel_id: '50001', channel_type: 1, channel_name: 'text', owner_guild_id: guild_id },
      { channel_id: '50002', channel_type: 2, channel_name: 'voice' },
      { channel_id: '50003', channel_type: 7, channel_name: 'topics', creator_tiny_id: tiny(10000) },
    ])
  })

  it('lists its members with their highest role', async () => {
    const run = await startSandbox()
    expect(await run.act('get_guild_member_list', { guild_id })).toEqual({
      members: [
        { tiny_id: tiny(10000), title: '', nickname: 'SeekYou', role_id: '4', role_name: '频道主' },
        { tiny_id: tiny(10001), title: '', nickname: 'Alice', role_id: '1', role_name: '普通成员' },
        { tiny_id: tiny(10002), title: '', nickname: 'Bob', role_id: '1', role_name: '普通成员' },
        { tiny_id: tiny(10003), title: '', nickname: 'Carol', role_id: '2', role_name: '管理员' },
      ],
      finished: true,
      next_token: null,
    })
  })

  it('lists many members page by page, with a token that is good for this guild', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => index + 1)
    const run = await startSandbox()
    await run.backend.stop()
    const member = JSON.parse(run.host.memory.state.get('guild_member/40001/10001')!) as object
    for (const user_id of ids) {
      run.host.memory.state.set(`guild_member/40001/${user_id}`, JSON.stringify({ ...member, user_id }))
    }
    const again = await restart(run)
    const page = async (next_token: string) =>
      (await again.act('get_guild_member_list', { guild_id, next_token })) as {
        members: { tiny_id: string }[]
        finished: boolean
        next_token: string
      }
    const first = await page('')
    const second = await page(first.next_token)
    const third = await page(second.next_token)
    expect([first, second, third].map(({ members, finished }) => [members.length, finished])).toEqual([
      [50, false],
      [50, false],
      [24, true],
    ])
    const all = [first, second, third].flatMap(({ members }) => members.map(({ tiny_id }) => tiny_id))
    expect(new Set(all).size).toBe(124)
    expect(await answerOf(again, page('x'))).toBe('102 NEXT_TOKEN_NOT_EXISTS: "x" is no token that a page ended with')
    expect(await answerOf(again, page('40002-7'))).toBe(
      '103 GUILD_NOT_MATCH: the token is of the guild 40002, not of 40001',
    )
  })

  it('tells about its members only', async () => {
    const run = await startSandbox()
    const profile = (user_id: string) => run.act('get_guild_member_profile', { guild_id, user_id })
    expect(await profile(tiny(10003))).toMatchObject({
      nickname: 'Carol',
      join_time: began,
      roles: [
        { role_id: '2', role_name: '管理员' },
        { role_id: '1', role_name: '普通成员' },
      ],
    })
    expect(await answerOf(run, profile(tiny(10004)))).toBe(
      `102 MEMBER_NOT_FOUND: nobody in the guild Guild (40001) has the tiny id ${tiny(10004)}`,
    )
  })
})

describe('roles of a guild', () => {
  const make = (run: Run, params: object = {}) =>
    run.act('create_guild_role', { guild_id, name: 'Cooks', color: 7, ...params }) as Promise<{ role_id: string }>
  const rolesOf = async (run: Run) =>
    (await run.act('get_guild_roles', { guild_id })) as { role_id: string; member_count: number }[]

  it('are made, changed, given, taken and removed', async () => {
    const run = await startSandbox()
    const { role_id } = await make(run, { initial_users: [tiny(10001)] })
    expect(role_id).toBe('10001')
    const again = await restart(run)
    expect((await rolesOf(again)).map((role) => [role.role_id, role.member_count])).toEqual([
      ['4', 1],
      ['2', 1],
      ['10001', 1],
      ['1', 4],
    ])
    await again.act('update_guild_role', { guild_id, role_id, name: 'Chefs', independent: true })
    await again.act('set_guild_member_role', { guild_id, role_id, set: true, users: [tiny(10001), tiny(10000)] })
    const chefs = { role_name: 'Chefs', argb_color: 7, independent: true, member_count: 2, owned: true }
    expect(await rolesOf(again)).toContainEqual(expect.objectContaining(chefs))
    await again.act('set_guild_member_role', { guild_id, role_id, set: false, users: tiny(10000) })
    expect(await rolesOf(again)).toContainEqual(expect.objectContaining({ role_id, member_count: 1, owned: false }))
    await again.act('delete_guild_role', { guild_id, role_id })
    expect((await rolesOf(again)).map((role) => role.role_id)).toEqual(['4', '2', '1'])
    expect(await again.act('get_guild_member_profile', { guild_id, user_id: tiny(10001) })).toMatchObject({
      roles: [{ role_id: '1' }],
    })
    expect(again.host.events).toEqual([])
  })

  it('are the matter of the owner and the admins, that of the admins of the owner', async () => {
    const run = await asMember()
    expect(await answerOf(run, make(run))).toBe(
      '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the guild Guild (40001); ' +
        'only its owner and its admins can make roles',
    )
    const admin = await restart(run, { 'guild_member/40001/10000': { standing: 'admin' } })
    const promote = admin.act('set_guild_member_role', { guild_id, role_id: '2', set: true, users: [tiny(10001)] })
    expect(await answerOf(admin, promote)).toBe(
      '103 PERMISSION_DENIED: only the owner of the guild Guild (40001) can make and unmake its admins',
    )
  })

  it('make admins when the owner gives that of the admins', async () => {
    const run = await startSandbox()
    const set = (users: string[]) => run.act('set_guild_member_role', { guild_id, role_id: '2', set: true, users })
    await set([tiny(10001)])
    expect(await rolesOf(run)).toContainEqual(expect.objectContaining({ role_id: '2', member_count: 2 }))
    expect(await refusal(run, set([tiny(10000)]))).toBe('refused NOT_MANAGEABLE')
  })

  it('have to be there, and three are there for good', async () => {
    const run = await startSandbox()
    const remove = (role_id: string) => run.act('delete_guild_role', { guild_id, role_id })
    expect(await answerOf(run, remove('4'))).toBe(
      '103 ROLE_BUILT_IN: every guild has the role 频道主 (4); it stays as it is',
    )
    expect(await answerOf(run, remove('77'))).toBe('102 ROLE_NOT_FOUND: the guild Guild (40001) has no role 77')
    expect(await refusal(run, make(run, { initial_users: [tiny(10004)] }))).toBe('no-data MEMBER_NOT_FOUND')
  })
})

describe('messages of channels', () => {
  it('are said by the bot and by people, and found again', async () => {
    const run = await startSandbox()
    const sent = await run.act('send_guild_channel_msg', { ...inText, message: 'hi' })
    expect(sent).toEqual({ message_id: '40001-50001-1' })
    const message = `[CQ:at,qq=${tiny(10000)}] hello`
    const said = await run.play('say', { as: 10001, ...inText, message })
    expect(said).toEqual({ message_id: '40001-50001-2', message_seq: 2 })
    expect(run.host.events).toEqual([
      {
        time: now,
        self_id: 10000,
        post_type: 'message',
        message_type: 'guild',
        sub_type: 'channel',
        ...inText,
        message_id: '40001-50001-2',
        user_id: tiny(10001),
        self_tiny_id: tiny(10000),
        message: [{ type: 'at', data: { qq: tiny(10000) } }, ...text(' hello')],
        sender: { user_id: tiny(10001), tiny_id: tiny(10001), nickname: 'Alice' },
      },
    ])
    const again = await restart(run)
    const found = again.backend.actions['get_guild_msg']!({ message_id: '40001-50001-2', no_cache: false } as never)
    expect(await found).toEqual({
      message_id: '40001-50001-2',
      message_source: 'channel',
      message_seq: 2,
      ...inText,
      time: now,
      sender: { user_id: tiny(10001), tiny_id: tiny(10001), nickname: 'Alice' },
      reactions: [],
      message: [{ type: 'at', data: { qq: tiny(10000) } }, ...text(' hello')],
    })
  })

  it('go to channels for text, from members of the guild, and carry little', async () => {
    const run = await startSandbox()
    const send = (params: object) => run.act('send_guild_channel_msg', { ...inText, message: 'x', ...params })
    expect(await answerOf(run, send({ channel_id: '50002' }))).toBe(
      '103 CHANNEL_NOT_SUPPORTED_TEXT_MSG: the channel voice (50002) is for voice; messages go to channels for text',
    )
    expect(await answerOf(run, send({ channel_id: '59999' }))).toBe(
      '102 CHANNEL_NOT_FOUND: the guild Guild (40001) has no channel 59999',
    )
    expect(await refusal(run, send({ guild_id: '49999' }))).toBe('no-data GUILD_NOT_FOUND')
    expect(await answerOf(run, send({ message: '[CQ:dice]' }))).toBe(
      '103 UNSUPPORTED_SEGMENT: a channel of a guild carries text, at, face, image, not dice',
    )
    expect(await refusal(run, send({ message: '[CQ:at,qq=10001]' }))).toBe('no-data MEMBER_NOT_FOUND')
    const say = (params: object) => run.play('say', { as: 10004, ...inText, message: 'x', ...params })
    expect(await refusal(run, say({}))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, say({ group_id: 20001 }))).toBe('bad-params BAD_PARAMS')
    expect(await refusal(run, say({ channel_id: null }))).toBe('bad-params BAD_PARAMS')
  })

  it('are taken back by who said them, and by those who manage the guild', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, ...inText, message: 'x' })
    const recall = (as: number) => run.play('recall', { as, message_id: '40001-50001-1' })
    expect(await refusal(run, recall(10002))).toBe('refused PERMISSION_DENIED')
    await recall(10003)
    expect(run.last()).toEqual({
      ...notice,
      notice_type: 'guild_channel_recall',
      channel_id: '50001',
      message_id: '40001-50001-1',
      user_id: tiny(10001),
      operator_id: tiny(10003),
    })
    expect(await refusal(run, recall(10003))).toBe('no-data MESSAGE_NOT_FOUND')
    expect(await refusal(run, run.act('get_guild_msg', { message_id: '40001-50001-1' }))).toBe(
      'no-data MESSAGE_NOT_FOUND',
    )
  })

  it('bear the faces that people put under them', async () => {
    const run = await startSandbox()
    const { message_id } = (await run.act('send_guild_channel_msg', { ...inText, message: 'x' })) as {
      message_id: string
    }
    const react = (as: number, params: object = {}) => run.play('react', { as, message_id, emoji_id: '66', ...params })
    await react(10001)
    await react(10001)
    await react(10002)
    const heart = { emoji_id: '66', emoji_index: 0, emoji_type: 1, emoji_name: '66', count: 2, clicked: false }
    expect(run.last()).toEqual({
      ...notice,
      notice_type: 'message_reactions_updated',
      channel_id: '50001',
      message_id,
      user_id: tiny(10002),
      operator_id: tiny(10002),
      current_reactions: [heart],
    })
    await react(10002, { emoji_id: '128077' })
    expect(run.last()).toMatchObject({ current_reactions: [heart, { emoji_type: 2, emoji_name: '👍', count: 1 }] })
    for (const as of [10001, 10002]) await react(as, { set: false })
    expect(run.last()).toMatchObject({ current_reactions: [{ emoji_id: '128077' }] })
    expect(await refusal(run, react(10004))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, react(10001, { message_id: '1-1-1' }))).toBe('no-data MESSAGE_NOT_FOUND')
  })

  it('are the last thousand', async () => {
    const run = await startSandbox()
    await run.backend.stop()
    run.host.memory.state.set(
      'counter/guild/40001/50001',
      JSON.stringify({ kind: 'counter', name: 'guild/40001/50001', value: 999 }),
    )
    const message = { ...inText, message: 'x' }
    const again = await restart(run)
    await again.act('send_guild_channel_msg', message)
    for (let count = 0; count < 1000; count++) await again.act('send_guild_channel_msg', message)
    expect(await refusal(again, again.act('get_guild_msg', { message_id: '40001-50001-1000' }))).toBe(
      'no-data MESSAGE_NOT_FOUND',
    )
  })
})

describe('channels', () => {
  const change = (run: Run, as: number, params: object) => run.play('channel', { as, guild_id, ...params })

  it('come, change and go by the hands of those who manage the guild, and the bot is told', async () => {
    const run = await startSandbox()
    expect(await change(run, 10003, { change: 'create', channel_name: 'music', channel_type: 'voice' })).toEqual({
      channel_id: '60001',
    })
    const info = {
      channel_id: '60001',
      channel_type: 2,
      channel_name: 'music',
      owner_guild_id: guild_id,
      creator_tiny_id: tiny(10003),
      create_time: now,
      talk_permission: 1,
      visible_type: 1,
      current_slow_mode: 0,
      slow_modes: [],
    }
    const told = { ...notice, channel_id: '60001', user_id: tiny(10003), operator_id: tiny(10003) }
    expect(run.last()).toEqual({ ...told, notice_type: 'channel_created', channel_info: info })
    await change(run, 10003, { channel_id: '60001', channel_name: 'songs' })
    const renamed = { ...info, channel_name: 'songs' }
    expect(run.last()).toEqual({ ...told, notice_type: 'channel_updated', old_info: info, new_info: renamed })
    const again = await restart(run)
    expect(await again.act('get_guild_channel_list', { guild_id })).toHaveLength(4)
    await change(again, 10003, { change: 'destroy', channel_id: '60001' })
    expect(again.last()).toEqual({ ...told, notice_type: 'channel_destroyed', channel_info: renamed })
    expect(await again.act('get_guild_channel_list', { guild_id })).toHaveLength(3)
  })

  it('are told of only when they change', async () => {
    const run = await startSandbox()
    await change(run, 10003, { channel_id: '50001' })
    await change(run, 10003, { channel_id: '50001', channel_name: 'text', channel_type: 'text' })
    expect(run.host.events).toEqual([])
  })

  it('take what was said in them along', async () => {
    const run = await startSandbox()
    await run.act('send_guild_channel_msg', { ...inText, message: 'x' })
    await change(run, 10003, { change: 'destroy', channel_id: '50001' })
    expect(await refusal(run, run.act('get_guild_msg', { message_id: '40001-50001-1' }))).toBe(
      'no-data MESSAGE_NOT_FOUND',
    )
  })

  it('are left alone by everyone else', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, change(run, 10001, { channel_id: '50001', channel_name: 'x' }))).toBe(
      '103 PERMISSION_DENIED: Alice (10001) is a plain member of the guild Guild (40001); ' +
        'only its owner and its admins can change channels',
    )
    expect(await refusal(run, change(run, 10003, { channel_id: '59999', channel_name: 'x' }))).toBe(
      'no-data CHANNEL_NOT_FOUND',
    )
    expect(await refusal(run, change(run, 10003, { channel_name: 'x' }))).toBe('bad-params BAD_PARAMS')
    expect(await refusal(run, change(run, 10003, { change: 'create' }))).toBe('bad-params BAD_PARAMS')
    expect(await refusal(run, change(run, 10003, { change: 'create', channel_name: '' }))).toBe(
      'refused CHANNEL_NAME_EMPTY',
    )
  })
})

describe('topics', () => {
  it('are opened in their channel, and listed with the newest first', async () => {
    const run = await startSandbox()
    const post = (params: object) =>
      run.play('post_feed', { as: 10001, guild_id, channel_id: '50003', title: 'One', message: 'hi', ...params })
    expect(await post({})).toEqual({ id: 'B_1' })
    await post({ title: 'Two' })
    expect(await run.act('get_topic_channel_feeds', { guild_id, channel_id: '50003' })).toEqual([
      expect.objectContaining({ title: 'Two' }),
      {
        id: 'B_1',
        title: 'One',
        sub_title: '',
        create_time: now,
        guild_id,
        channel_id: '50003',
        poster_info: { tiny_id: tiny(10001), nickname: 'Alice', icon_url: '' },
        contents: text('hi'),
        resource: { images: [], videos: [] },
      },
    ])
    expect(await answerOf(run, run.act('get_topic_channel_feeds', { guild_id, channel_id: '50001' }))).toBe(
      '103 CHANNEL_TYPE_ERROR: the channel text (50001) is for text; topics are in channels for topics',
    )
    expect(await refusal(run, post({ as: 10004 }))).toBe('no-data MEMBER_NOT_FOUND')
  })
})

describe('guilds of a world file', () => {
  const startOn = (guilds: object[]) => {
    const users = [{ nickname: 'Alice' }, { nickname: 'Bob' }]
    const file = worldFile.parse({ users, guilds })
    return startSandbox({ world: './world.yml', readWorld: () => file })
  }

  it('have the ids they are given, of any length, and the next that are free', async () => {
    const big = '9007199254740993123'
    const run = await startOn([
      { guild_id: big, guild_name: 'Big', owner: 'Alice', members: ['bot'], channels: [{ channel_name: 'one' }] },
      { guild_name: 'Small', owner: 'bot', admins: ['Bob'], channels: [{ channel_name: 'one', type: 'topic' }] },
    ])
    expect(await run.act('get_guild_list')).toMatchObject([{ guild_id: '40001' }, { guild_id: big }])
    expect(await run.act('get_guild_channel_list', { guild_id: big })).toMatchObject([{ channel_id: '50001' }])
    expect(await run.act('get_guild_channel_list', { guild_id: '40001' })).toMatchObject([
      { channel_id: '50002', channel_type: 7 },
    ])
  })

  it('name people of the file, and ids that no other has', () => {
    const problems = (guilds: object[]) =>
      worldFile.safeParse({ guilds }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    expect(problems([{ guild_name: 'A', owner: 'Zoe' }])).toEqual([
      'guilds.0.owner: the nickname of a user of this file',
    ])
    const twice = [
      { guild_id: 7, guild_name: 'A', owner: 'bot' },
      { guild_id: '7', guild_name: 'B', owner: 'bot' },
    ]
    expect(problems(twice)).toEqual(['guilds.1.guild_id: an id that no other has'])
  })
})

it('of what people say there can be made up', async () => {
  const run = await startSandbox()
  const ids = { ...inText, message_id: 'x', user_id: '7', self_tiny_id: '8' }
  const sender = { user_id: '7', tiny_id: '7', nickname: 'Zoe' }
  const event = { post_type: 'message', message_type: 'guild', sub_type: 'channel', ...ids, sender }
  await run.play('emit', { event: { ...event, message: 'hi' } })
  expect(run.last()).toEqual({ ...event, time: now, self_id: 10000, message: text('hi') })
})

it('people who are removed from the network are removed from its guilds, unless they own one', async () => {
  const run = await startSandbox()
  await run.play('delete_user', { user_id: 10001 })
  expect(await run.act('get_guild_meta_by_guest', { guild_id })).toMatchObject({ member_count: 3 })
  const again = await restart(run, {
    'guild_member/40001/10000': { standing: 'member' },
    'guild_member/40001/10002': { standing: 'owner' },
    'member/20003/10002': { role: 'member' },
  })
  expect(await answerOf(again, again.play('delete_user', { user_id: 10002 }))).toBe(
    '103 OWNS_A_GUILD: Bob (10002) owns the guild Guild (40001), which cannot be without an owner',
  )
})
