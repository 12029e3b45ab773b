import { CQAt, CQImage, CQText, CQWebSocket } from 'cq-websocket'
import type { CQHTTPMessage, CQTag, MessageEventListener } from 'cq-websocket'
import { startProgram, within } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { png, saidIn, say } from './sandbox-side.ts'

/*
 * cq-websocket is a client that others wrote for CQHTTP v4. It keeps one socket for calls and one for events, shows the
 * token in the query and a nonsense Origin, and calls every notice that v4 did not have an error.
 */

type Context = Readonly<Record<string, unknown>>

const token = 'token-of-v4'
const DEADLINE_MS = 20_000
const group = { group_id: 20001 }

describe.each(['string', 'array'] as const)('a cq-websocket bot that reads messages as %s', (format) => {
  let program: Program
  let bot: CQWebSocket
  const errors: unknown[] = []
  beforeAll(async () => {
    program = await startProgram({
      token,
      config: `defaults: { access_token: ${token}, dialect: cqhttp-4, message_format: ${format} }`,
    })
    const { host, port } = program
    bot = new CQWebSocket({ host, port, accessToken: token, qq: 10000, reconnection: false })
    bot.on('error', (error) => void errors.push(error))
    bot.on('socket.error', (_type, error) => void errors.push(error))
    const ready = new Promise<void>((resolve) => bot.once('ready', resolve))
    const begun = told('meta_event.lifecycle')
    bot.connect()
    await soon('it is ready', ready)
    expect(await begun).toMatchObject({ sub_type: 'connect', self_id: 10000 })
  })
  afterAll(async () => {
    bot.disconnect()
    await program[Symbol.asyncDispose]()
  })

  const soon = <T>(what: string, promise: Promise<T>) =>
    within(DEADLINE_MS, promise, () => `it did not happen that ${what}:\n${program.stderr.join('\n')}`)

  /** The next message with `text`, told by the client as `kind`, and answered by what `reply` returns. */
  function hears(
    kind: 'message.group' | 'message.group.@.me' | 'message.private' | 'message.discuss',
    text: string,
    reply: (context: Context) => string | (CQTag | CQHTTPMessage)[] | undefined = () => undefined,
  ): Promise<{ readonly context: Context; readonly tags: readonly CQTag[]; readonly answered: Promise<Context> }> {
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof hears>>>()
    const listener: MessageEventListener = (event, context, tags) => {
      if (!String(context['raw_message']).includes(text)) return
      bot.off(kind, listener)
      const answered = new Promise<Context>((answer) => {
        event.onResponse((response) => answer({ ...response }), DEADLINE_MS)
      })
      resolve({ context, tags, answered })
      return reply(context)
    }
    bot.on(kind, listener)
    return soon(`it hears ${text} as ${kind}`, promise)
  }

  /** The next event of a kind; the client's own types forget some of them. */
  const told = (kind: string) =>
    soon(`it is told ${kind}`, new Promise<Context>((resolve) => void bot.once(kind as 'notice', resolve)))

  test('is spoken to in a group and answers with a quote, an at, text and an image', async () => {
    const heard = hears('message.group.@.me', 'ping', ({ message_id, user_id }) => [
      { type: 'reply', data: { id: String(message_id) } },
      new CQAt(user_id as number),
      new CQText(' 收到, [pong] & done 🎉'),
      new CQImage(`base64://${png.toString('base64')}`),
    ])
    const { message_id } = await say(program, 10001, '[CQ:at,qq=10000] ping & [CQ:face,id=14] [好], 🎈', group)

    const { context, tags, answered } = await heard
    expect(context).toMatchObject({
      message_id,
      user_id: 10001,
      ...group,
      anonymous: null,
      sub_type: 'normal',
      sender: { user_id: 10001, nickname: 'Alice' },
    })
    expect(context).not.toHaveProperty('message_seq')
    expect(tags.filter(({ tagName }) => tagName !== 'text').map(({ tagName }) => tagName)).toEqual(['at', 'face'])

    // It sends the event it was told, the answer in the place of the message.
    const { status, retcode, data } = await soon('its answer is sent', answered)
    expect([status, retcode]).toEqual(['ok', 0])
    const answer = (data as { message_id: number }).message_id
    const stored = (await saidIn(program, { group_id: '20001' })).find((said) => said.message_id === answer)
    expect(stored?.message).toMatchObject([
      { type: 'reply', data: { id: String(message_id) } },
      { type: 'at', data: { qq: '10001' } },
      { type: 'text', data: { text: ' 收到, [pong] & done 🎉' } },
      { type: 'image', data: { file: expect.any(String) } },
    ])
    const read = await bot<{ message: unknown; raw_message: string }>('get_msg', { message_id: answer })
    expect(read.data.raw_message).toMatch(
      new RegExp(
        `^\\[CQ:reply,id=${message_id}\\]\\[CQ:at,qq=10001\\] 收到, &#91;pong&#93; &amp; done 🎉\\[CQ:image,`,
        'u',
      ),
    )
    expect(Array.isArray(read.data.message)).toBe(format === 'array')
  })

  test.each([
    ['a friend', 10002, {}, 'message.private', { user_id: '10002' }],
    ['a stranger, through a group', 10004, {}, 'message.private', { user_id: '10004' }],
    ['someone in a discuss group', 10001, { discuss_id: 30001 }, 'message.discuss', { discuss_id: '30001' }],
  ] as const)('hears %s and answers there', async (_who, as, chat, kind, place) => {
    const heard = hears(kind, 'hello', () => 'answer: &#91;CQ:at&#93; & more')
    await say(program, as, 'hello', chat)
    const { context, answered } = await heard
    expect(context).toMatchObject({ user_id: as, ...chat })
    const { data } = await soon('its answer is sent', answered)
    const stored = (await saidIn(program, place)).find(
      ({ message_id }) => message_id === (data as { message_id: number }).message_id,
    )
    expect(stored).toMatchObject({ user_id: 10000, message: [{ data: { text: 'answer: [CQ:at] & more' } }] })
  })

  test('knows who it is, its groups and who is in them', async () => {
    expect(await bot('get_login_info')).toEqual({
      status: 'ok',
      retcode: 0,
      data: { user_id: 10000, nickname: 'SeekYou' },
    })
    const groups = await bot<Context[]>('get_group_list')
    expect(groups.data.map(({ group_id }) => group_id)).toEqual([20001, 20002])
    const members = await bot<Context[]>('get_group_member_list', group)
    expect(members.data.map(({ user_id, role }) => [user_id, role])).toContainEqual([10000, 'owner'])
    expect(await bot('get_version_info')).toMatchObject({ data: { coolq_edition: 'pro', plugin_version: '4.15.0' } })
    expect(await bot('get_status')).toMatchObject({ data: { online: true, good: true } })
    expect(await bot('_get_friend_list', { flat: true })).toMatchObject({ status: 'ok' })
  })

  test('mutes and unmutes a member, and is told of both', async () => {
    const banned = told('notice.group_ban.ban')
    expect(await bot('set_group_ban', { ...group, user_id: '10001', duration: '60' })).toMatchObject({ retcode: 0 })
    expect(await banned).toMatchObject({ user_id: 10001, operator_id: 10000, duration: 60 })
    const lifted = told('notice.group_ban.lift_ban')
    await bot('set_group_ban', { ...group, user_id: 10001, duration: 0 })
    expect(await lifted).toMatchObject({ user_id: 10001, duration: 0 })
  })

  test('takes a message back, and is not told of what it has no name for', async () => {
    const { data } = await bot<{ message_id: number }>('send_group_msg', { ...group, message: 'a slip' })
    expect(await bot('delete_msg', { message_id: data.message_id })).toMatchObject({ status: 'ok', data: null })
    await program.sandbox('poke', { as: 10002, target_id: 10000, ...group })
    await program.sandbox('set_card', { as: 10001, ...group, value: '班长' })
    // Whatever was told before this has come by now.
    const heard = hears('message.group', 'after all that')
    await say(program, 10001, 'after all that', group)
    await heard
    expect(
      (await saidIn(program, { group_id: '20001' })).find(({ message_id }) => message_id === data.message_id),
    ).toMatchObject({ recalled: true })
    expect(errors).toEqual([])
  })

  test('is asked by a stranger and makes friends', async () => {
    const asked = told('request.friend')
    await program.sandbox('request_friend', { as: 10004, comment: '我是 Dave' })
    const { flag, comment } = await asked
    expect(comment).toBe('我是 Dave')
    const added = told('notice.friend_add')
    expect(await bot('set_friend_add_request', { flag, approve: true })).toMatchObject({ retcode: 0 })
    expect(await added).toMatchObject({ user_id: 10004 })
  })

  test('hears of a failure by its number, and of later calls that they are accepted', async () => {
    const failed = { status: 'failed', data: null }
    expect(await bot('fly_to_the_moon')).toEqual({ ...failed, retcode: 1404 })
    expect(await bot('send_group_msg', { group_id: 20003, message: 'x' })).toEqual({ ...failed, retcode: 102 })
    expect(await bot('send_group_msg', {})).toEqual({ ...failed, retcode: 100 })
    const later = await bot('send_group_msg_async', { group_id: 20002, message: 'done later' })
    expect(later).toEqual({ status: 'async', retcode: 1, data: null })
    await expect
      .poll(async () => (await saidIn(program, { group_id: '20002' })).map(({ message }) => message[0]?.data['text']), {
        timeout: DEADLINE_MS,
      })
      .toContain('done later')
  })
})
