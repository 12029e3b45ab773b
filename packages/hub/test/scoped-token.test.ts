import { ActionFailure } from '@seekyou/protocol'
import type { Answer, EventDraft, Gateway } from '@seekyou/protocol'
import { createTemporaryFolder, createVirtualClock } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { groupMessage, RecordingSink, startAccount } from './scripted-account.ts'

const secret = 'a-secret-of-the-shop'
const full = 'the-access-token'
const from = '10.0.0.7'

/** What the scripted network was asked to do. */
type Done = { readonly action: string; readonly params: Record<string, unknown> }

async function open(token: object, options: Partial<Parameters<typeof startAccount>[1]> = {}, link: object = {}) {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await createTemporaryFolder())
  const done: Done[] = []
  const does =
    (action: string, data: unknown = null) =>
    async (params: never) => {
      done.push({ action, params })
      return data
    }
  const names = ['send_private_msg', 'send_group_msg', 'send_group_forward_msg', 'send_private_forward_msg']
  const actions = {
    ...Object.fromEntries(names.map((name) => [name, does(name, { message_id: 99 })])),
    ...Object.fromEntries(
      [
        'delete_msg',
        'set_group_kick',
        'set_group_ban',
        'set_group_add_request',
        'set_friend_add_request',
        'get_group_info',
        'friend_poke',
        'group_poke',
        'set_qq_profile',
        'set_group_leave',
      ].map((name) => [name, does(name)]),
    ),
    get_group_list: does('get_group_list', [{ group_id: 20001 }, { group_id: 20002 }]),
    get_friend_list: does('get_friend_list', [{ user_id: 10001 }, { user_id: 10002 }]),
    _get_friend_list: does('_get_friend_list', [
      { friend_group_id: 1, friend_group_name: 'a', friends: [{ user_id: 10001 }, { user_id: 10002 }] },
    ]),
    get_group_system_msg: does('get_group_system_msg', {
      invited_requests: [{ group_id: 20002 }],
      join_requests: [{ group_id: 20001 }, { group_id: 20002 }],
    }),
    get_forward_msg: does('get_forward_msg', []),
    get_private_file_url: does('get_private_file_url', { url: 'http://x/' }),
  }
  const house = opened.use(
    await startAccount(folder.path, { actions, ...options, tokens: [{ name: 'shop', secret, ...token }] }),
  )
  const base = house.gateway({ access_token: full, ...link })
  const enter = (credential: string): Gateway => {
    const access = base.authorize(credential, from)
    if (!access.granted) throw new Error(access.wording)
    return access.gateway
  }
  const gateway = enter(secret)
  const openGateway = house.gateway()
  const scopedLink = house.gateway({}, undefined, house.tokens.named('shop'))
  const ask = async (action: string, params: object = {}, who = gateway): Promise<Answer['body']> =>
    (await who.call({ action, params, from })).body
  const owned = opened.move()
  return {
    ...house,
    base,
    openGateway,
    scopedLink,
    enter,
    gateway,
    done,
    ask,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const inOther = (text: string, seq: number): EventDraft =>
  ({ ...groupMessage(text, seq), group_id: 20002 }) as EventDraft

const privately = (user_id: number): EventDraft =>
  ({
    post_type: 'message',
    message_type: 'private',
    sub_type: 'friend',
    message_seq: 1,
    user_id,
    target_id: 10000,
    message: [{ type: 'text', data: { text: 'psst' } }],
    sender: { user_id, nickname: 'A' },
  }) as unknown as EventDraft

describe('a token for some chats', () => {
  const group = { preset: 'admin', groups: [20001] }

  it.each([
    ['send_group_msg', { group_id: 20002, message: 'x' }],
    ['send_group_msg', { group_id: '20002', message: 'x' }],
    ['send_private_msg', { user_id: 10001, message: 'x' }],
    ['send_private_msg', { user_id: 10001, group_id: 20001, message: 'x' }],
    ['send_msg', { group_id: 20002, message: 'x' }],
    ['send_msg', { user_id: 10001, message: 'x' }],
    ['send_msg', { message_type: 'private', user_id: 10001, group_id: 20001, message: 'x' }],
    ['send_msg', { user_id: 10001, group_id: 20001, message: 'x' }],
    ['send_msg_async', { group_id: 20002, message: 'x' }],
    ['send_group_msg_async', { group_id: 20002, message: 'x' }],
    ['send_group_msg_rate_limited', { group_id: 20002, message: 'x' }],
    ['send_group_msg_async_rate_limited', { group_id: 20002, message: 'x' }],
    [
      'send_forward_msg',
      { group_id: 20002, messages: [{ type: 'node', data: { name: 'a', uin: '1', content: 'x' } }] },
    ],
    ['send_poke', { user_id: 10001 }],
    ['send_poke', { user_id: 10001, group_id: 20002 }],
    ['set_group_kick', { group_id: 20002, user_id: 10001 }],
    [
      '.handle_quick_operation',
      {
        context: { post_type: 'message', message_type: 'group', group_id: 20002, user_id: 1, message_id: 1 },
        operation: { reply: 'x', kick: true, ban: true },
      },
    ],
    [
      '.handle_quick_operation_async',
      {
        context: { post_type: 'message', message_type: 'group', group_id: 20002, user_id: 1, message_id: 1 },
        operation: { reply: 'x', kick: true },
      },
    ],
    ['set_qq_profile', { nickname: 'x' }],
    ['get_group_info', { group_id: 20002 }],
  ])('does nothing elsewhere: %s %j', async (action, params) => {
    await using house = await open(group)
    await house.ask(action, params)
    await new Promise(setImmediate)
    expect(house.done).toEqual([])
    expect(house.audited.length).toBeGreaterThan(0)
    for (const entry of house.audited)
      expect(entry).toMatchObject({ token: 'shop', from, outcome: 'refused', self_id: 10000 })
  })

  it.each([
    ['send_group_msg', { group_id: 20001, message: 'x' }],
    ['send_msg', { group_id: 20001, message: 'x' }],
    ['send_poke', { user_id: 10001, group_id: 20001 }],
    ['set_group_kick', { group_id: 20001, user_id: 10001 }],
    [
      '.handle_quick_operation',
      {
        context: { post_type: 'message', message_type: 'group', group_id: 20001, user_id: 1, message_id: 1 },
        operation: { reply: 'x' },
      },
    ],
  ])('does what it may in its own: %s %j', async (action, params) => {
    await using house = await open(group)
    expect(await house.ask(action, params)).toMatchObject({ retcode: 0 })
    expect(house.done).toHaveLength(1)
    expect(house.audited.filter(({ outcome }) => outcome === 'refused')).toEqual([])
  })

  it('says which token it was, what it may touch, and what was refused', async () => {
    await using house = await open(group)
    expect(await house.ask('send_group_msg', { group_id: 20002, message: 'secret words' })).toMatchObject({
      retcode: 103,
      msg: 'NOT_PERMITTED',
      wording: 'the token "shop" may not do send_group_msg in the group 20002: its chats are groups 20001 and no users',
    })
    expect(house.audited).toMatchObject([
      { token: 'shop', action: 'send_group_msg', chat: 'group:20002', from, outcome: 'refused' },
    ])
    expect(JSON.stringify(house.audited)).not.toContain('secret words')
  })

  it('reaches no message of another chat by its id, by quoting it, or by bundling it', async () => {
    await using house = await open(group)
    const mine = (await house.emit(groupMessage('mine', 1))) as unknown as { message_id: number }
    const other = (await house.emit(inOther('theirs', 1))) as unknown as { message_id: number }
    const calls = (id: number): [string, object][] => [
      ['get_msg', { message_id: id }],
      ['get_msg', { id }],
      ['delete_msg', { message_id: String(id) }],
      ['send_group_msg', { group_id: 20001, message: `[CQ:reply,id=${id}]x` }],
      [
        'send_group_msg',
        {
          group_id: 20001,
          message: [
            { type: 'reply', data: { id } },
            { type: 'text', data: { text: 'x' } },
          ],
        },
      ],
      ['send_group_msg', { group_id: 20001, message: [{ type: 'node', data: { id } }] }],
      ['send_group_forward_msg', { group_id: 20001, messages: [{ type: 'node', data: { id } }] }],
      [
        'send_group_forward_msg',
        {
          group_id: 20001,
          messages: [{ type: 'node', data: { name: 'a', uin: 1, content: [{ type: 'node', data: { id } }] } }],
        },
      ],
      ['forward_group_single_msg', { group_id: 20001, message_id: id }],
    ]
    for (const [action, params] of calls(other.message_id)) {
      expect(await house.ask(action, params)).toMatchObject({ retcode: 103, msg: 'NOT_PERMITTED' })
    }
    expect(house.done).toEqual([])
    for (const [action, params] of calls(mine.message_id)) {
      expect(await house.ask(action, params)).toMatchObject({ retcode: 0 })
    }
    expect(await house.ask('get_msg', { message_id: 999 })).toMatchObject({ retcode: 102 })
  })

  it('reaches what was told in its chats, and nothing that was told in others: files, bundles, requests', async () => {
    await using house = await open({ preset: 'admin', groups: [20001], users: [10002] })
    const tell = (group_id: number, n: number): Promise<unknown> => {
      const message = [
        { type: 'image', data: { file: `Image${n}.png`, url: `http://x/${n}` } },
        { type: 'forward', data: { id: `bundle${n}` } },
        { type: 'file', data: { file: 'same.pdf', file_id: `/f${n}` } },
      ]
      return house.emit({ ...groupMessage('', n), group_id, message } as unknown as EventDraft)
    }
    const request = (group_id: number, flag: string) =>
      ({
        post_type: 'request',
        request_type: 'group',
        sub_type: 'add',
        group_id,
        user_id: 10003,
        comment: '',
        flag,
      }) as unknown as EventDraft
    const befriend = (user_id: number, flag: string) =>
      ({ post_type: 'request', request_type: 'friend', user_id, comment: '', flag }) as unknown as EventDraft
    await tell(20001, 1)
    await house.emit(request(20001, 'join1'))
    await house.emit(befriend(10002, 'friend1'))
    await tell(20002, 2)
    await house.emit(request(20002, 'join2'))
    await house.emit(befriend(10003, 'friend2'))
    const calls = (n: number): [string, object][] => [
      ['get_forward_msg', { id: `bundle${n}` }],
      ['get_private_file_url', { file_id: `/f${n}` }],
      ['send_group_msg', { group_id: 20001, message: `[CQ:image,file=image${n}.png]` }],
      ['send_group_msg', { group_id: 20001, message: `[CQ:forward,id=bundle${n}]` }],
      ['set_group_add_request', { flag: `join${n}`, sub_type: 'add' }],
      ['set_friend_add_request', { flag: `friend${n}` }],
    ]
    for (const n of [2, 3]) {
      for (const [action, params] of calls(n)) {
        expect(await house.ask(action, params)).toMatchObject({ retcode: 103, msg: 'NOT_PERMITTED' })
      }
    }
    for (const name of ['image2.png', 'same.pdf', 'image3.png']) {
      expect(await house.ask('get_image', { file: name })).toMatchObject({ msg: 'NOT_PERMITTED' })
    }
    expect(house.done).toEqual([])
    for (const [action, params] of calls(1)) expect(await house.ask(action, params)).toMatchObject({ retcode: 0 })
    // Told after it was asked for the first time.
    await house.emit(request(20001, 'join3'))
    expect(await house.ask('set_group_add_request', { flag: 'join3', sub_type: 'add' })).toMatchObject({ retcode: 0 })
  })

  it('is shown of lists what belongs to its chats', async () => {
    await using house = await open({ preset: 'read-only', groups: [20001], users: [10002] })
    expect((await house.ask('get_group_list')).data).toEqual([{ group_id: 20001 }])
    expect((await house.ask('get_friend_list')).data).toEqual([{ user_id: 10002 }])
    expect((await house.ask('_get_friend_list')).data).toMatchObject([{ friends: [{ user_id: 10002 }] }])
    expect((await house.ask('_get_friend_list', { flat: true })).data).toMatchObject({ friends: [{ user_id: 10002 }] })
    expect((await house.ask('get_friends_with_category')).data).toMatchObject([
      { categoryMbCount: 1, buddyList: [{ user_id: 10002 }] },
    ])
    expect((await house.ask('get_group_system_msg')).data).toEqual({
      invited_requests: null,
      join_requests: [{ group_id: 20001 }],
    })
    const { data } = await house.ask('get_supported_actions')
    expect(data).toContain('get_group_list')
    for (const name of ['send_group_msg', 'set_restart', 'get_guild_list']) expect(data).not.toContain(name)
  })

  it('is told of them alone', async () => {
    await using house = await open({ groups: [20001], users: [10001] })
    const sink = new RecordingSink(house.gateway)
    await house.emit(groupMessage('mine', 1))
    await house.emit(inOther('theirs', 1))
    await house.emit(privately(10001))
    await house.emit(privately(10002))
    const notice = {
      post_type: 'notice',
      notice_type: 'group_recall',
      user_id: 10001,
      operator_id: 10001,
      message_id: 1,
    }
    await house.emit({ ...notice, group_id: 20002 } as unknown as EventDraft)
    await house.emit({ ...notice, group_id: 20001 } as unknown as EventDraft)
    await house.emit({
      post_type: 'notice',
      notice_type: 'client_status',
      online: true,
      client: { app_id: 1, device_name: '', device_kind: '' },
    } as EventDraft)
    await house.emit({
      post_type: 'foreign',
      told: { post_type: 'notice', notice_type: 'x', group_id: 20002 },
    } as EventDraft)
    await house.emit({
      post_type: 'foreign',
      told: { post_type: 'notice', notice_type: 'x', group_id: 20001 },
    } as EventDraft)
    expect(
      sink.events.map(({ post_type, notice_type, group_id, user_id }) => [post_type, notice_type, group_id ?? user_id]),
    ).toEqual([
      ['meta_event', undefined, undefined],
      ['message', undefined, 20001],
      ['message', undefined, 10001],
      ['notice', 'group_recall', 20001],
      ['notice', 'x', 20001],
    ])
  })
})

describe('what a token may do', () => {
  it('is what its preset, its allow and its deny say; deny wins, also by another way to the same', async () => {
    const token = { preset: 'chat', allow: ['set_group_b*', 'set_group_leave'], deny: ['send_private_msg'] }
    await using house = await open(token)
    const wording = async (action: string, params: object) => (await house.ask(action, params)).wording
    expect(await wording('send_group_msg', { group_id: 1, message: 'x' })).toBeUndefined()
    expect(await wording('set_group_ban', { group_id: 1, user_id: 1 })).toBeUndefined()
    expect(await wording('set_group_leave', { group_id: 1 })).toBeUndefined()
    const denied = 'the token "shop" may not do send_private_msg: its deny names send_private_msg'
    expect(await wording('send_private_msg', { user_id: 1, message: 'x' })).toBe(denied)
    expect(await wording('send_msg', { user_id: 1, message: 'x' })).toBe(denied)
    expect(await wording('set_group_kick', { group_id: 1, user_id: 1 })).toBe(
      'the token "shop" may not do set_group_kick: neither its preset chat nor its allow names it',
    )
  })

  it('never has what cannot be taken back by a family', async () => {
    await using house = await open({ allow: ['*'] })
    expect(await house.ask('set_group_leave', { group_id: 1 })).toMatchObject({ msg: 'NOT_PERMITTED' })
    expect(await house.ask('set_group_kick', { group_id: 1, user_id: 1 })).toMatchObject({ retcode: 0 })
  })

  it('is not more for asking for a quick operation, and send_msg comes down to what it sends', async () => {
    await using house = await open({ allow: ['.handle_quick_operation', 'send_group_msg'] })
    const context = { post_type: 'message', message_type: 'group', group_id: 20001, user_id: 1, message_id: 1 }
    await house.ask('.handle_quick_operation', { context, operation: { reply: 'x', kick: true, delete: true } })
    await house.ask('send_msg', { group_id: 20001, message: 'x' })
    await house.ask('send_msg', { user_id: 10001, message: 'x' })
    expect(house.done.map(({ action }) => action)).toEqual(['send_group_msg', 'send_group_msg'])
    await using lent = await open({ allow: ['send_msg'] })
    expect(await lent.ask('send_msg', { user_id: 10001, message: 'x' })).toMatchObject({ retcode: 0 })
    expect(await lent.ask('send_private_msg', { user_id: 10001, message: 'x' })).toMatchObject({ retcode: 103 })
  })

  it('is nothing that nobody here knows, unless it is named', async () => {
    const passthrough = async (action: string) => action
    await using admin = await open({ preset: 'admin', allow: ['*'] }, { passthrough })
    expect(await admin.ask('nc_get_rkey')).toMatchObject({ msg: 'NOT_PERMITTED' })
    expect(await admin.ask('nc_get_rkey_async')).toMatchObject({ status: 'failed', msg: 'NOT_PERMITTED' })
    await using named = await open({ passthrough: ['nc_get_rkey'] }, { passthrough })
    expect(await named.ask('nc_get_rkey')).toMatchObject({ data: 'nc_get_rkey' })
    expect(await named.ask('nc_other')).toMatchObject({ msg: 'NOT_PERMITTED' })
  })

  it('does not include playing the other side', async () => {
    await using house = await open({ preset: 'admin' })
    const answered = await house.gateway.control({ action: 'say', params: {}, reads: false, from })
    expect(answered.body).toMatchObject({ retcode: 103, msg: 'NOT_PERMITTED' })
  })

  it('has calls of its own under an idempotency key that another client used', async () => {
    await using house = await open({ preset: 'chat', groups: [20001] })
    const params = { group_id: 20002, message: 'x', _idempotency_key: 'k' }
    expect(await house.ask('send_group_msg', params, house.enter(full))).toMatchObject({ retcode: 0 })
    expect(await house.ask('send_group_msg', params)).toMatchObject({ retcode: 103 })
  })

  it('is limited by its own rate also where its link has one, and a call waited for that before', async () => {
    const clock = createVirtualClock()
    const token = { preset: 'read-only', rate_limit: { frequency: 0.01, bucket: 1, reject: true } }
    await using house = await open(token, { clock }, { rate_limit: { frequency: 1, bucket: 1 } })
    expect(await house.ask('get_status')).toMatchObject({ retcode: 0 })
    const second = house.ask('get_status')
    await clock.advance(1000)
    expect(await second).toMatchObject({
      retcode: 1429,
      wording: expect.stringContaining('the token "shop" may do 0.01 a'),
    })
  })

  it('is limited in how often, over all of its connections, and that is written down', async () => {
    const token = { preset: 'read-only', rate_limit: { frequency: 1, bucket: 1, reject: true } }
    await using house = await open(token)
    expect(await house.ask('get_status')).toMatchObject({ retcode: 0 })
    expect(await house.ask('get_status', {}, house.enter(secret))).toMatchObject({
      retcode: 1429,
      wording: expect.stringContaining('the token "shop" may do 1 a second'),
    })
    expect(house.audited).toMatchObject([{ token: 'shop', action: 'get_status', outcome: 'rate-limited' }])
    expect(await house.ask('get_status', {}, house.enter(full))).toMatchObject({ retcode: 0 })
  })
})

describe('the events that a token is told', () => {
  it('are of the kinds that it names; the one that opens a link is told to everyone', async () => {
    const clock = createVirtualClock()
    const events = ['message.private', 'notice.notify.poke', 'request']
    await using house = await open({ events }, { clock, heartbeatInterval: 1 })
    const sink = new RecordingSink(house.gateway)
    await clock.advance(1000)
    await house.emit(groupMessage('no', 1))
    await house.emit(privately(10001))
    const notice = { post_type: 'notice', user_id: 1, target_id: 1, sender_id: 1, group_id: 1 }
    await house.emit({ ...notice, notice_type: 'notify', sub_type: 'poke' } as unknown as EventDraft)
    await house.emit({ ...notice, notice_type: 'notify', sub_type: 'lucky_king' } as unknown as EventDraft)
    const kinds = sink.events.map(({ post_type, message_type, sub_type }) => [post_type, message_type ?? sub_type])
    expect(kinds).toEqual([
      ['meta_event', 'connect'],
      ['message', 'private'],
      ['notice', 'poke'],
    ])
  })

  it('have places in the journal that no other client can take', async () => {
    await using house = await open({})
    const whole = new RecordingSink(house.enter(full), { lifecycle: 'connect', name: 'forward:bot' })
    const scoped = new RecordingSink(house.gateway, { lifecycle: 'connect', name: 'forward:bot' })
    expect([whole.ended, scoped.ended]).toEqual([undefined, undefined])
    expect((await house.account.links.list()).map(({ name }) => name)).toEqual([
      'forward:bot',
      'token:shop:forward:bot',
    ])
  })
})

describe('once a token is taken back', () => {
  it('its links end, its calls are refused, and it opens nothing', async () => {
    await using house = await open({ preset: 'chat' })
    const sink = new RecordingSink(house.gateway)
    const whole = new RecordingSink(house.enter(full))
    house.setTokens([])
    expect(sink.ended).toBe('the token "shop" was revoked')
    expect(whole.ended).toBeUndefined()
    expect(house.gateway.until?.aborted).toBe(true)
    expect(await house.ask('get_status')).toMatchObject({ retcode: 1403, wording: 'the token "shop" was revoked' })
    expect(house.base.authorize(secret, from)).toMatchObject({ granted: false, failure: 'token-wrong' })
    await house.emit(groupMessage('late', 1))
    expect(sink.texts).toEqual([])
  })

  it('a call that waits for its turn is not done', async () => {
    const clock = createVirtualClock()
    await using house = await open({ preset: 'chat', rate_limit: { frequency: 1 } }, { clock })
    await house.ask('get_status')
    const waiting = house.ask('send_group_msg', { group_id: 1, message: 'x' })
    house.setTokens([])
    await clock.advance(1000)
    expect(await waiting).toMatchObject({ retcode: 1403 })
    expect(house.done).toEqual([])
  })

  it('the same holds when its time has come', async () => {
    const clock = createVirtualClock()
    const expires_at = new Date(clock.now() + 60_000).toISOString()
    await using house = await open({ preset: 'chat', expires_at }, { clock })
    const sink = new RecordingSink(house.gateway)
    await clock.advance(60_000)
    expect(sink.ended).toContain('has expired')
    expect(house.base.authorize(secret, from)).toMatchObject({ granted: false, failure: 'token-refused' })
    expect(house.audited.at(-1)).toMatchObject({ token: 'shop', action: null, from, outcome: 'refused' })
  })
})

describe('the audit log', () => {
  it('is told of what cannot be taken back, whoever did it and in whatever way, and how it ended', async () => {
    await using house = await open({ preset: 'moderator' }, {})
    const owner = house.enter(full)
    const message = (await house.emit(groupMessage('x', 1))) as unknown as { message_id: number }
    await house.ask('delete_msg', { message_id: message.message_id }, owner)
    await house.ask('set_group_kick_async', { group_id: 20001, user_id: 1 })
    const context = { post_type: 'message', message_type: 'group', group_id: 20001, user_id: 1, message_id: 1 }
    await house.ask('.handle_quick_operation', { context, operation: { ban: true } }, owner)
    await house.ask('send_group_msg', { group_id: 20001, message: 'not told' }, owner)
    expect(house.audited).toMatchObject([
      { token: null, from, action: 'delete_msg', chat: 'group:20001', outcome: 'done' },
      { token: 'shop', from, action: 'set_group_kick', chat: 'group:20001', outcome: 'done' },
      { token: null, from, action: 'set_group_ban', chat: 'group:20001', outcome: 'done' },
    ])
  })

  it('tells a failure by its code', async () => {
    const set_group_kick = async () => {
      throw new ActionFailure('refused', 'a sentence with words of people in it', { code: 'NOT_ADMIN' })
    }
    await using house = await open({}, { actions: { set_group_kick } })
    await house.ask('set_group_kick', { group_id: 1, user_id: 1 }, house.enter(full))
    expect(house.audited).toMatchObject([
      { action: 'set_group_kick', chat: 'group:1', outcome: 'failed', code: 'NOT_ADMIN' },
    ])
    expect(JSON.stringify(house.audited)).not.toContain('words')
  })

  it('is told of tokens that are wrong, and never what they were', async () => {
    await using house = await open({})
    house.base.authorize('guess-guess-guess', from)
    house.base.authorize(undefined, from)
    expect(house.audited).toMatchObject([{ token: null, action: null, from, outcome: 'refused' }])
    expect(JSON.stringify(house.audited)).not.toContain('guess')
  })
})

describe('a link without an access token', () => {
  it('lets everyone in, holds a scoped token to what it may, and opens nothing for one that is none any more', async () => {
    await using house = await open({ preset: 'read-only' })
    const open_ = house.openGateway
    expect(open_.authorize(undefined, from)).toMatchObject({ granted: true })
    expect(open_.authorize(secret, from)).toMatchObject({ granted: true, gateway: { token: 'shop' } })
    expect(open_.authorize('a-token-of-old', from)).toMatchObject({ granted: false, failure: 'token-wrong' })
    house.setTokens([])
    expect(open_.authorize('whatever a client sends', from)).toMatchObject({ granted: true })
    expect(open_.authorize('seekyou_that-was-revoked', from)).toMatchObject({ granted: false, failure: 'token-wrong' })
  })
})

describe('a connection with a scope', () => {
  it('does and is told no more than that, in answers to events too', async () => {
    await using house = await open({ preset: 'chat', groups: [20001] })
    const gateway = house.scopedLink
    const sink = new RecordingSink(gateway, { lifecycle: 'enable', name: 'hook' })
    expect((await house.account.links.list())[0]?.name).toBe('hook')
    await house.emit(groupMessage('mine', 1))
    await house.emit(inOther('theirs', 1))
    expect(sink.texts).toEqual(['mine'])
    const [, told] = sink.told
    await sink.subscription.quickOperation(told!, { reply: 'hi', kick: true })
    const context = { ...JSON.parse(told!.text), group_id: 20002 } as object
    await sink.subscription.quickOperation({ seq: undefined, text: JSON.stringify(context) }, { reply: 'hi' })
    expect(house.done).toMatchObject([{ action: 'send_group_msg', params: { group_id: 20001 } }])
    expect(house.audited.map(({ action, chat, from: source }) => [action, chat, source])).toEqual([
      ['set_group_kick', null, null],
      ['send_group_msg', 'group:20002', null],
    ])
  })
})
