import type { UpstreamKind } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { outage, startBridge, text } from './run.ts'
import type { Run } from './run.ts'

/*
 * What implementations are known to do otherwise than go-cqhttp, and what becomes of it on the way through the bridge:
 * bots see go-cqhttp's behaviour, whoever is on the other side.
 */

const group_id = 20001

async function over(
  kind: UpstreamKind,
  run: (run: Run) => Promise<void>,
  options: Parameters<typeof startBridge>[1] = {},
) {
  await using bridge = await startBridge(kind, options)
  await run(bridge)
}

/** The segments of the message that is heard next. */
async function heardMessage(run: Run, message: readonly { type: string; data: object }[]) {
  const from = run.host.events.length
  run.upstream.network.say(10001, { group_id }, message as never)
  const event = await run.hears({ post_type: 'message' }, from)
  return 'message' in event ? event.message : []
}

/** What the upstream was given for the message that is sent. */
async function sentMessage(run: Run, message: unknown) {
  await run.act('send_group_msg', { group_id, message })
  return run.upstream.paramsOf('send_group_msg').at(-1)!['message']
}

describe('messages are told as go-cqhttp tells them', () => {
  test.each([
    ['napcat', 'face', { id: '14' }, { type: 'face', data: { id: '14' } }],
    ['napcat', 'dice', { value: '5' }, { type: 'dice', data: { value: '5' } }],
    ['napcat', 'rps', { value: '1' }, { type: 'rps', data: { value: '1' } }],
    ['llonebot', 'dice', { value: '5' }, { type: 'dice', data: { value: '5' } }],
    [
      'napcat',
      'image',
      { file: 'A.png' },
      { type: 'image', data: { file: 'A.png', subType: '1', summary: '', file_size: '70' } },
    ],
    [
      'napcat',
      'file',
      { file: 'a.pdf', file_id: 'x1', file_size: '9' },
      { type: 'file', data: { file: 'a.pdf', name: 'a.pdf', file_id: 'x1', size: '9' } },
    ],
    [
      'llonebot',
      'file',
      { file: 'a.pdf', file_id: 'x1', file_size: '9', url: 'http://files.test/a' },
      { type: 'file', data: { file: 'a.pdf', name: 'a.pdf', file_id: 'x1', size: '9', url: 'http://files.test/a' } },
    ],
    ['napcat', 'a_segment_of_tomorrow', { depth: 3 }, { type: 'a_segment_of_tomorrow', data: { depth: '3' } }],
  ] as const)('by %s: %s', (kind, type, data, told) =>
    over(kind, async (run) => {
      expect(await heardMessage(run, [{ type, data }])).toEqual([told])
    }),
  )

  test('as text with CQ codes, too', () =>
    over('go-cqhttp', async (run) => {
      const event = { message_type: 'group', group_id, user_id: 10001, message_id: 5, sender: { nickname: 'Alice' } }
      run.upstream.tell({ post_type: 'message', time: 1, ...event, message: 'a[CQ:face,id=1]&#91;b&#93;' })
      expect(await run.hears({ post_type: 'message' })).toMatchObject({
        message: [...text('a'), { type: 'face', data: { id: '1' } }, ...text('[b]')],
      })
    }))

  test.each(['napcat', 'llonebot', 'go-cqhttp'] as const)('with the real sequence as message_seq, by %s', (kind) =>
    over(kind, async (run) => {
      run.upstream.network.say(10001, { group_id }, 'one')
      run.upstream.network.say(10001, { group_id }, 'two')
      expect(await run.hears({ message: text('one') })).toMatchObject({ message_seq: 101 })
      expect(await run.hears({ message: text('two') })).toMatchObject({ message_seq: 102 })
    }),
  )

  test.each(['napcat', 'llonebot'] as const)('with the level, title, sex, age and area of the sender, by %s', (kind) =>
    over(kind, async (run) => {
      run.upstream.network.say(10003, { group_id }, 'hi')
      const sender = { level: '3', title: '', sex: 'unknown', age: 0, area: '', role: 'admin', card: '' }
      expect(await run.hears({ post_type: 'message' })).toMatchObject({ sender })
    }),
  )

  test('with what is known of a member after it has changed', () =>
    over('napcat', async (run) => {
      run.upstream.network.say(10001, { group_id }, 'hi')
      await run.hears({ message: text('hi') })
      run.upstream.network.notice({ notice_type: 'notify', sub_type: 'title', group_id, user_id: 10001, title: 'sage' })
      run.upstream.network.say(10001, { group_id }, 'so')
      expect(await run.hears({ message: text('so') })).toMatchObject({ sender: { title: 'sage', level: '3' } })
    }))
})

describe('bundles', () => {
  const nodes = [{ type: 'node', data: { user_id: '10001', nickname: 'Alice', time: '7', content: text('inside') } }]
  const told = [{ type: 'node', data: { user_id: '10001', nickname: 'Alice', time: '7', content: text('inside') } }]

  test.each(['go-cqhttp', 'napcat', 'llonebot'] as const)(
    'are told by an id under which they can be asked for, by %s',
    (kind) =>
      over(kind, async (run) => {
        run.upstream.network.bundle('123456789', nodes)
        const [forward] = await heardMessage(run, [{ type: 'forward', data: { id: '123456789' } }])
        const event = run.host.events.at(-1)!
        const id = forward?.data['id']
        // NapCat names a bundle by its message, and a number of the upstream could be one of our ids.
        expect(id).toBe(kind === 'napcat' && 'message_id' in event ? String(event.message_id) : 'u123456789')
        expect(await run.act('get_forward_msg', { id })).toEqual(told)
      }),
  )

  test('in bundles keep their place, in each form that there is', () =>
    over('go-cqhttp', async (run) => {
      const sender = { user_id: 10001, nickname: 'Alice' }
      const inner = [{ sender, time: 1, content: 'deep' }]
      const forms = [
        { messages: [{ sender, time: 2, content: inner }] },
        {
          message: [
            {
              type: 'node',
              data: {
                user_id: '10001',
                nickname: 'Alice',
                time: '2',
                content: [{ type: 'node', data: { ...sender, time: 1, content: text('deep') } }],
              },
            },
          ],
        },
        {
          messages: [
            {
              sender,
              time: 2,
              message: [{ type: 'forward', data: { id: 'x', content: [{ sender, time: 1, message: text('deep') }] } }],
            },
          ],
        },
      ]
      const deep = { type: 'node', data: { user_id: '10001', nickname: 'Alice', time: '1', content: text('deep') } }
      const found: unknown[] = []
      for (const form of forms) {
        run.upstream.answer('get_forward_msg', () => form)
        const [node] = (await run.act('get_forward_msg', { id: 'x' })) as { data: { content: unknown } }[]
        found.push(node?.data.content)
      }
      expect(found).toEqual([[deep], [deep], [{ type: 'forward', data: { id: 'x', content: [deep] } }]])
    }))

  test('are sent with the messages that they name written out', () =>
    over('napcat', async (run) => {
      run.upstream.network.say(10001, { group_id }, 'said')
      const event = await run.hears({ post_type: 'message' })
      const id = 'message_id' in event ? event.message_id : 0
      await run.act('send_group_forward_msg', { group_id, messages: [{ type: 'node', data: { id } }] })
      const [node] = run.upstream.paramsOf('send_group_forward_msg').at(-1)!['messages'] as { data: object }[]
      expect(node?.data).toMatchObject({
        user_id: '10001',
        uin: '10001',
        nickname: 'Alice',
        name: 'Alice',
        content: text('said'),
      })
    }))
})

describe('messages are sent so that nothing is lost on the way', () => {
  test.each(['napcat', 'llonebot', 'generic'] as const)('into the chat that was meant, by %s', (kind) =>
    over(kind, async (run) => {
      await run.act('send_private_msg', { user_id: 10001, group_id, message: 'for you alone' })
      expect(run.upstream.paramsOf('send_private_msg')).toMatchObject([{ message_type: 'private', user_id: 10001 }])
      expect(run.upstream.network.messagesIn(group_id)).toEqual([])
    }),
  )

  const unsent = [
    [
      'share',
      { url: 'http://a.test', title: 'A page', content: 'worth a look' },
      'A page\nworth a look\nhttp://a.test',
    ],
    ['location', { lat: '39.9', lon: '116.4', title: 'Beijing' }, '[位置] Beijing 39.9 116.4'],
    ['tts', { text: 'read me' }, 'read me'],
    ['xml', { data: '<msg brief="a card"/>' }, 'a card'],
    ['gift', { qq: '10001', id: '3' }, '[礼物]'],
  ] as const

  for (const kind of ['napcat', 'llonebot'] as const) {
    test.each(unsent)(`${kind} cannot send %s: that is said`, (type, data) =>
      over(kind, async (run) => {
        const sending = run.act('send_group_msg', { group_id, message: [{ type, data }, ...text('and text')] })
        await expect(sending).rejects.toMatchObject({ kind: 'refused', code: 'UNSUPPORTED_SEGMENT' })
        expect(run.upstream.paramsOf('send_group_msg')).toEqual([])
      }),
    )

    test.each(unsent)(`${kind} cannot send %s: it becomes text where that is wanted`, (type, data, words) =>
      over(
        kind,
        async (run) => {
          const sent = await sentMessage(run, [{ type, data }])
          expect(sent).toEqual([{ type: 'text', data: { text: expect.stringContaining(words) } }])
        },
        { unsupported_segments: 'text' },
      ),
    )
  }

  test.each([
    ['llonebot', { type: 'dice', data: { value: '4' } }, { type: 'dice', data: { result: '4' } }],
    ['napcat', { type: 'emoji', data: { id: '128512' } }, { type: 'text', data: { text: '😀' } }],
    [
      'go-cqhttp',
      { type: 'music', data: { type: 'custom', url: 'u', audio: 'a', title: 't' } },
      { type: 'music', data: { type: 'custom', url: 'u', audio: 'a', voice: 'a', title: 't' } },
    ],
    [
      'napcat',
      { type: 'a_segment_of_tomorrow', data: { depth: '3' } },
      { type: 'a_segment_of_tomorrow', data: { depth: '3' } },
    ],
  ] as const)('%s is given %j as %j', (kind, segment, given) =>
    over(kind, async (run) => {
      expect(await sentMessage(run, [segment])).toEqual([given])
    }),
  )

  test.each(['napcat', 'llonebot'] as const)('a quotation that is made up is refused by %s, and becomes text', (kind) =>
    over(
      kind,
      async (run) => {
        const made = { type: 'reply', data: { text: 'never said', qq: '10001' } }
        expect(await sentMessage(run, [made, ...text('indeed')])).toEqual(text('「never said」\nindeed'))
      },
      { unsupported_segments: 'text' },
    ),
  )

  test('what NapCat cannot send is left out where the operator says so, and an empty message is not sent', () =>
    over(
      'napcat',
      async (run) => {
        const contact = { type: 'contact', data: { type: 'qq', id: '10001' } }
        expect(await sentMessage(run, [contact, ...text('yes')])).toEqual(text('yes'))
        await expect(run.act('send_group_msg', { group_id, message: [contact] })).rejects.toThrow(/nothing is left/)
      },
      { unsupported_segments: 'drop' },
    ))

  test('a quotation says what is known of the message that it quotes', () =>
    over('napcat', async (run) => {
      const native = run.upstream.network.say(10001, { group_id }, 'the thing')
      const event = await run.hears({ message: text('the thing') })
      const id = 'message_id' in event ? event.message_id : 0
      run.upstream.network.say(10002, { group_id }, [{ type: 'reply', data: { id: String(native) } }, ...text('yes')])
      expect(await run.hears({ user_id: 10002 })).toMatchObject({
        message: [{ type: 'reply', data: { id: String(id), qq: '10001', text: 'the thing' } }, ...text('yes')],
      })
    }))

  test('a quotation of a message that NapCat has forgotten is sent with the id that it has by now', () =>
    over('napcat', async (run) => {
      const native = run.upstream.network.say(10001, { group_id }, 'long ago')
      const event = await run.hears({ message: text('long ago') })
      await outage(run)
      const id = 'message_id' in event ? event.message_id : 0
      await run.act('send_group_msg', {
        group_id,
        message: [{ type: 'reply', data: { id: String(id) } }, ...text('yes')],
      })
      expect(run.upstream.network.messagesIn(group_id).at(-1)?.message).toEqual([
        { type: 'reply', data: { id: String(native) } },
        ...text('yes'),
      ])
      await run.act('delete_msg', { message_id: id })
      expect(await run.hears({ notice_type: 'group_recall' })).toMatchObject({ message_id: id })
    }))
})

describe('actions answer as those of go-cqhttp do', () => {
  test.each(['napcat', 'llonebot', 'generic'] as const)('a ban without a duration lasts half an hour, by %s', (kind) =>
    over(kind, async (run) => {
      await run.act('set_group_ban', { group_id, user_id: 10002 })
      expect(run.upstream.paramsOf('set_group_ban')).toMatchObject([{ duration: 1800 }])
    }),
  )

  const stranger = { user_id: 10001, nickname: 'Alice', sex: 'female', age: 20, qid: '', sign: 'hi', level: 16 }
  test.each([
    ['napcat', 'get_stranger_info', { user_id: 10001 }, stranger],
    ['llonebot', 'get_stranger_info', { user_id: 10001 }, { ...stranger, login_days: 7 }],
    ['napcat', 'get_online_clients', {}, { clients: [] }],
    ['llonebot', 'get_online_clients', {}, { clients: [] }],
    ['napcat', 'get_unidirectional_friend_list', {}, [{ user_id: 10005, nickname: 'Erin', source: 'group' }]],
    [
      'napcat',
      'get_group_system_msg',
      {},
      { invited_requests: null, join_requests: [{ request_id: 7, requester_uin: 10004, requester_nick: 'Dave' }] },
    ],
    ['llonebot', 'get_group_system_msg', {}, { invited_requests: null, join_requests: [{ requester_uin: 10004 }] }],
    ['napcat', '_send_group_notice', { group_id, content: 'hear, hear' }, null],
    ['go-cqhttp', '_send_group_notice', { group_id, content: 'hear, hear' }, { notice_id: 'n1' }],
    ['llonebot', '_del_group_notice', { group_id, notice_id: 'n1' }, null],
    ['napcat', 'get_group_info', { group_id }, { group_create_time: 0, group_level: 0, max_member_count: 200 }],
    ['llonebot', 'get_group_info', { group_id }, { group_create_time: 1_700_000_000, group_level: 0 }],
    ['napcat', 'get_group_member_info', { group_id, user_id: 10001 }, { area: '', unfriendly: false, title: '' }],
    ['napcat', 'get_guild_list', {}, []],
    ['llonebot', 'get_guild_service_profile', {}, { nickname: '', tiny_id: '0', avatar_url: '' }],
    ['napcat', '_get_model_show', { model: 'iPhone' }, { variants: [{ model_show: 'iPhone', need_pay: false }] }],
  ] as const)('%s: %s', (kind, action, params, data) =>
    over(kind, async (run) => {
      const answered = await run.act(action, params)
      if (typeof data === 'object' && data !== null && !Array.isArray(data)) expect(answered).toMatchObject(data)
      else expect(answered).toEqual(data)
    }),
  )

  test.each([
    [
      'napcat',
      [
        'set_group_anonymous',
        'set_group_anonymous_ban',
        'qidian_get_account_info',
        'delete_unidirectional_friend',
        'send_guild_channel_msg',
        '_set_model_show',
      ],
    ],
    [
      'llonebot',
      [
        'set_group_anonymous',
        'get_unidirectional_friend_list',
        'delete_unidirectional_friend',
        'get_guild_meta_by_guest',
      ],
    ],
    ['go-cqhttp', ['send_like', 'get_cookies', 'set_msg_emoji_like']],
  ] as const)('%s cannot do what it never could, and nobody pretends', (kind, actions) =>
    over(kind, async (run) => {
      for (const action of actions) expect(run.backend.actions).not.toHaveProperty([action])
    }),
  )

  test('files of a group go by the path that go-cqhttp wants, and as base64 elsewhere', async () => {
    await over('napcat', async (run) => {
      run.upstream.answer('upload_group_file', () => null)
      await run.act('upload_group_file', { group_id, file: 'base64://QUJD', name: 'a.txt' })
      expect(run.upstream.paramsOf('upload_group_file')).toMatchObject([{ file: 'base64://QUJD', name: 'a.txt' }])
    })
    await over('go-cqhttp', async (run) => {
      run.upstream.answer('upload_group_file', () => null)
      await run.act('upload_group_file', { group_id, file: 'base64://QUJD', name: 'a.txt' })
      expect(run.upstream.paramsOf('upload_group_file')).toMatchObject([{ file: expect.stringMatching(/^\/memory\//) }])
    })
  })

  test.each(['napcat', 'llonebot', 'lagrange'] as const)('history by a sequence is one by a sequence, by %s', (kind) =>
    over(kind, async (run) => {
      for (const word of ['one', 'two', 'three']) run.upstream.network.say(10001, { group_id }, word)
      await run.hears({ message: text('three') })
      await run.act('get_group_msg_history', { group_id, message_seq: 102, count: 2 })
      const { message_seq } = run.upstream.paramsOf('get_group_msg_history').at(-1)!
      expect(message_seq).toBe(kind === 'napcat' ? run.upstream.network.messagesIn(group_id)[1]!.id : 102)
    }),
  )

  test('what the upstream remembers from before comes into the memory, once', () =>
    over('napcat', async (run) => {
      const chat = { type: 'group', group_id } as never
      await outage(run, () => run.upstream.network.say(10001, { group_id }, 'while nobody listened'))
      for (let times = 0; times < 2; times++) await run.act('get_group_msg_history', { group_id })
      const page = await run.host.messages.page(chat, { limit: 9 })
      expect(page.map(({ event }) => event.message)).toEqual([text('while nobody listened')])
      expect(run.host.events).toEqual([])
    }))

  test('a chat in which nothing was said has an empty history, by NapCat too', () =>
    over('napcat', async (run) => {
      expect(await run.act('get_group_msg_history', { group_id })).toBeNull()
    }))

  test('essence messages are told with our ids and with the time they were said', () =>
    over('napcat', async (run) => {
      run.upstream.network.say(10001, { group_id }, 'wise words')
      const event = await run.hears({ message: text('wise words') })
      const message_id = 'message_id' in event ? event.message_id : 0
      await run.act('set_essence_msg', { message_id })
      expect(await run.hears({ notice_type: 'essence' })).toMatchObject({ sub_type: 'add', message_id })
      const [essence] = (await run.act('get_essence_msg_list', { group_id })) as object[]
      expect(essence).toMatchObject({ message_id, sender_time: 'time' in event ? event.time : 0, sender_id: 10001 })
      await run.act('delete_essence_msg', { message_id })
      expect(await run.hears({ notice_type: 'essence', sub_type: 'delete' })).toMatchObject({ message_id })
    }))
})

describe('failures are those of one house', () => {
  test.each(['go-cqhttp', 'napcat', 'llonebot'] as const)('whatever %s calls them', (kind) =>
    over(kind, async (run) => {
      const failing = run.act('get_group_member_info', { group_id, user_id: 19_999 })
      await expect(failing).rejects.toMatchObject({ kind: 'no-data', message: '群员不存在' })
      await expect(run.backend.passthrough!('no_such_action', {})).rejects.toMatchObject({ kind: 'unknown-action' })
    }),
  )
})

describe('notices and requests are told as go-cqhttp tells them', () => {
  test.each(['go-cqhttp', 'napcat', 'llonebot'] as const)('pokes with the one who poked, by %s', (kind) =>
    over(kind, async (run) => {
      run.upstream.network.poke(10001, 10000)
      const { ...inPrivate } = await run.hears({ notice_type: 'notify' })
      expect(inPrivate).toMatchObject({ sub_type: 'poke', user_id: 10001, sender_id: 10001, target_id: 10000 })
      run.upstream.network.poke(10002, 10001, group_id)
      expect(await run.hears({ group_id })).toMatchObject({ user_id: 10002, sender_id: 10002, target_id: 10001 })
    }),
  )

  test.each([
    [
      { notice_type: 'group_ban', sub_type: 'ban', group_id, user_id: 0, operator_id: 10003, duration: -1 },
      { user_id: 0, duration: -1, operator_id: 10003 },
    ],
    [
      { notice_type: 'group_increase', sub_type: 'something', group_id, user_id: 10005 },
      { sub_type: 'approve', operator_id: 0 },
    ],
    [
      { notice_type: 'group_decrease', sub_type: 'disband', group_id, user_id: 10000, operator_id: 10003 },
      { sub_type: 'kick_me', operator_id: 10003 },
    ],
    [
      { notice_type: 'group_decrease', sub_type: 'leave', group_id, user_id: 10001 },
      { sub_type: 'leave', operator_id: 10001 },
    ],
    [
      { notice_type: 'group_upload', group_id, user_id: 10001, file: { id: 'f1', name: 'a.pdf', size: 9, busid: 102 } },
      { file: { id: 'f1', name: 'a.pdf', url: 'http://files.test/f1' } },
    ],
    [
      { notice_type: 'group_card', group_id, user_id: 10001, card_new: 'A' },
      { card_new: 'A', card_old: '' },
    ],
  ])('NapCat tells %j', (notice, told) =>
    over('napcat', async (run) => {
      run.upstream.network.notice(notice)
      expect(await run.hears({ notice_type: notice.notice_type })).toMatchObject(told)
    }),
  )

  test('requests to join with who invited them, or 0', () =>
    over('napcat', async (run) => {
      run.upstream.network.askToJoin(10005, group_id, 'let me in', '1|2|3')
      expect(await run.hears({ request_type: 'group' })).toMatchObject({ invitor_id: 0, flag: '1|2|3' })
      await run.act('set_group_add_request', { flag: '1|2|3', sub_type: 'add', reason: 'full', approve: false })
      expect(run.upstream.paramsOf('set_group_add_request')).toMatchObject([
        { flag: '1|2|3', sub_type: 'add', type: 'add', approve: false, reason: 'full' },
      ])
    }))

  test('of a kind that nobody described as they came, but for the id of a message', () =>
    over('napcat', async (run) => {
      const native = run.upstream.network.say(10001, { group_id }, 'like this')
      const event = await run.hears({ message: text('like this') })
      const likes = [{ emoji_id: '66', count: 1 }]
      run.upstream.network.notice({
        notice_type: 'group_msg_emoji_like',
        group_id,
        user_id: 10002,
        message_id: native,
        likes,
      })
      expect(await run.hears({ post_type: 'foreign' })).toMatchObject({
        told: {
          post_type: 'notice',
          notice_type: 'group_msg_emoji_like',
          group_id,
          likes,
          message_id: 'message_id' in event ? event.message_id : 0,
        },
      })
    }))

  test('of guilds, whose numbers no double holds', () =>
    over('go-cqhttp', async (run) => {
      run.upstream.tell({
        post_type: 'message',
        message_type: 'guild',
        sub_type: 'channel',
        time: 1,
        guild_id: '10000000000000001',
        channel_id: '2',
        message_id: 'BAAA',
        user_id: '144115218000000001',
        self_tiny_id: '1441',
        message: 'hi[CQ:face,id=1]',
        sender: { user_id: '144115218000000001', tiny_id: '144115218000000001', nickname: 'Guest' },
      })
      expect(await run.hears({ message_type: 'guild' })).toMatchObject({
        user_id: '144115218000000001',
        message: [...text('hi'), { type: 'face', data: { id: '1' } }],
      })
    }))

  test('of the channels of guilds, with all that is told of them', () =>
    over('go-cqhttp', async (run) => {
      const info = {
        channel_id: '2',
        owner_guild_id: '1',
        channel_type: 1,
        channel_name: '闲聊',
        create_time: 1_700_000_000,
        creator_tiny_id: '3',
        talk_permission: 2,
        visible_type: 3,
        current_slow_mode: 1,
        slow_modes: [{ slow_mode_key: 1, slow_mode_text: '每分钟一条', speak_frequency: 1, slow_mode_circle: 60 }],
      }
      const where = { guild_id: '1', channel_id: '2', operator_id: '3', self_tiny_id: '4', user_id: '3' }
      const notice = { post_type: 'notice', time: 1, ...where }
      run.upstream.tell({ ...notice, notice_type: 'channel_created', channel_info: info })
      expect(await run.hears({ notice_type: 'channel_created' })).toMatchObject({ channel_info: info })
      const { visible_type: _, ...less } = info
      run.upstream.tell({ ...notice, notice_type: 'channel_updated', old_info: less, new_info: info })
      expect(await run.hears({ notice_type: 'channel_updated' })).toMatchObject({ old_info: less, new_info: info })
    }))
})

test('actions of a vendor go through as they come, with the upstream’s own id for a message of ours', () =>
  over('napcat', async (run) => {
    const native = run.upstream.network.say(10001, { group_id }, 'x')
    const event = await run.hears({ message: text('x') })
    run.upstream.answer('nc_do_something', (params) => ({ seen: params }))
    const message_id = 'message_id' in event ? event.message_id : 0
    const params = { message_id, deep: { list: [1, 'two', null] } }
    expect(await run.backend.passthrough!('nc_do_something', params)).toEqual({
      seen: { ...params, message_id: native },
    })
  }))
