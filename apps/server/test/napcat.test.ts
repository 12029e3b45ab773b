import { NCWebsocket, Structs } from 'node-napcat-ts'
import type { AllHandlers, EventKey } from 'node-napcat-ts'
import { startProgram, within } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { png, saidIn, say } from './sandbox-side.ts'

/*
 * node-napcat-ts is a client that others wrote for NapCat: one socket, the token in the query, echoes of text, messages
 * as arrays, typed calls and events.
 */

const token = 'token-of-napcat'
const DEADLINE_MS = 20_000
const group = { group_id: 20001 }

describe.each(['default', 'go-cqhttp', 'onebot-11'] as const)('a node-napcat-ts bot on the dialect %s', (dialect) => {
  let program: Program
  let bot: NCWebsocket
  beforeAll(async () => {
    program = await startProgram({
      token,
      config: `defaults: { access_token: ${token}, dialect: ${dialect}, message_format: array }`,
    })
    bot = new NCWebsocket({ baseUrl: program.url.replace('http', 'ws'), accessToken: token, apiTimeout: DEADLINE_MS })
    const begun = told('meta_event.lifecycle')
    await soon('it connects', bot.connect())
    expect(await begun).toMatchObject({ sub_type: 'connect', self_id: 10000 })
  })
  afterAll(async () => {
    await bot.disconnect()
    await program[Symbol.asyncDispose]()
  })

  const soon = <T>(what: string, promise: Promise<T>) =>
    within(DEADLINE_MS, promise, () => `it did not happen that ${what}:\n${program.stderr.join('\n')}`)

  const told = <Kind extends EventKey>(kind: Kind) =>
    soon(
      `it is told ${kind}`,
      new Promise<AllHandlers[Kind]>((resolve) => void bot.subscribeOnce(kind, resolve as never)),
    )

  test('is spoken to in a group and answers with a quote, an at, text and an image', async () => {
    const heard = told('message.group.normal')
    const { message_id } = await say(program, 10001, 'ping & [CQ:face,id=14] [好], 🎈', group)
    const context = await heard
    expect(context).toMatchObject({
      message_id,
      ...group,
      user_id: 10001,
      sender: { user_id: 10001, nickname: 'Alice', role: 'member' },
      message: [
        { type: 'text', data: { text: 'ping & ' } },
        { type: 'face', data: { id: '14' } },
        { type: 'text', data: { text: ' [好], 🎈' } },
      ],
    })

    const answer = await bot.send_msg({
      ...group,
      message: [
        Structs.reply(message_id),
        Structs.at(context.user_id),
        Structs.text(' 收到, [pong] & done 🎉'),
        Structs.image(png),
      ],
    })
    const said = (await saidIn(program, { group_id: '20001' })).find((each) => each.message_id === answer.message_id)
    const parts = [
      { type: 'reply', data: { id: String(message_id) } },
      { type: 'at', data: { qq: '10001' } },
      { type: 'text', data: { text: ' 收到, [pong] & done 🎉' } },
      { type: 'image', data: { file: expect.any(String) as unknown, url: expect.stringMatching(/^http:/) as unknown } },
    ]
    expect(said).toMatchObject({ user_id: 10000, message: parts })

    const read = await bot.get_msg(answer)
    expect(read).toMatchObject({ message_id: answer.message_id, message: parts })
    const { url } = read.message.find((segment) => segment.type === 'image')!.data
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(png)
  })

  test('is spoken to in private, answers at once by a quick operation, and in a temporary session', async () => {
    const fromFriend = told('message.private.friend')
    await say(program, 10002, 'hello')
    await (await fromFriend).quick_action([Structs.text('hello, friend')])
    const fromStranger = told('message.private.group')
    await say(program, 10004, 'hello?')
    await (await fromStranger).quick_action([Structs.text('hello, stranger')])

    for (const [user_id, text] of [
      ['10002', 'hello, friend'],
      ['10004', 'hello, stranger'],
    ] as const) {
      expect((await saidIn(program, { user_id })).at(-1)).toMatchObject({
        user_id: 10000,
        message: [{ data: { text } }],
      })
    }
  })

  test('addresses who it answers only where its generation does', async () => {
    const heard = told('message.group.normal')
    await say(program, 10001, 'who?', group)
    const { quick_action } = await heard
    await quick_action([Structs.text('you')])
    const { message } = (await saidIn(program, { group_id: '20001' })).at(-1)!
    expect(message.map(({ type }) => type)).toEqual(dialect === 'go-cqhttp' ? ['text'] : ['at', 'text'])
  })

  test('knows who it is, its groups, who is in them and its friends', async () => {
    expect(await bot.get_login_info()).toEqual({ user_id: 10000, nickname: 'SeekYou' })
    expect((await bot.get_group_list()).map(({ group_id }) => group_id)).toEqual([20001, 20002])
    const members = await bot.get_group_member_list(group)
    expect(members.map(({ user_id, role }) => [user_id, role])).toContainEqual([10000, 'owner'])
    expect((await bot.get_friend_list()).map(({ user_id }) => user_id)).toEqual([10001, 10002, 10003])
    const app_name = dialect === 'go-cqhttp' ? 'go-cqhttp' : 'seekyou'
    expect(await bot.get_version_info()).toMatchObject({ app_name, protocol_version: 'v11' })
    expect(await bot.get_status()).toMatchObject({ online: true, good: true })
  })

  test('takes back what it said, and is told so', async () => {
    const { message_id } = await bot.send_group_msg({ ...group, message: [Structs.text('a slip')] })
    const recalled = told('notice.group_recall')
    await bot.delete_msg({ message_id })
    expect(await recalled).toMatchObject({ message_id, user_id: 10000, operator_id: 10000 })
    const said = (await saidIn(program, { group_id: '20001' })).find((each) => each.message_id === message_id)
    expect(said).toMatchObject({ recalled: true })
  })

  test('is told what its generation knows: a card is of go-cqhttp, a ban is of all', async () => {
    const kinds: string[] = []
    const forget = bot.subscribe('notice', ({ notice_type }) => void kinds.push(notice_type))
    const banned = told('notice.group_ban')
    await program.sandbox('set_card', { as: 10001, ...group, value: '班长' })
    await bot.set_group_ban({ ...group, user_id: 10001, duration: 60 })
    expect(await banned).toMatchObject({ user_id: 10001, operator_id: 10000, duration: 60 })
    forget()
    expect(kinds).toEqual(dialect === 'onebot-11' ? ['group_ban'] : ['group_card', 'group_ban'])
    await bot.set_group_ban({ ...group, user_id: 10001, duration: 0 })
  })

  test('reads a history, and forwards a bundle that it can read again', async () => {
    const { message_id } = await say(program, 10003, 'for the record', group)
    const { messages } = await bot.get_group_msg_history({ ...group, count: 5 })
    expect(messages.at(-1)).toMatchObject({ message_id, user_id: 10003, raw_message: 'for the record' })

    const node = Structs.customNode([Structs.text('in a bundle')], 10002, 'Bob')
    const sent = await bot.send_group_forward_msg({ ...group, message: [node] })
    const bundle = await bot.get_forward_msg({ message_id: String(sent.message_id) })
    expect(bundle.messages).toMatchObject([
      { sender: { user_id: 10002, nickname: 'Bob' }, content: [{ type: 'text', data: { text: 'in a bundle' } }] },
    ])
  })

  test('is refused with what its generation is told', async () => {
    const failure = { status: 'failed', data: null }
    const known = { ...failure, retcode: dialect === 'go-cqhttp' ? 100 : 102, wording: expect.any(String) as unknown }
    await expect(bot.send_group_msg({ group_id: 20003, message: [Structs.text('x')] })).rejects.toMatchObject(known)
    const unknown = { ...failure, retcode: dialect === 'go-cqhttp' ? 404 : 1404 }
    await expect(bot.send('fly_to_the_moon' as 'get_status', {})).rejects.toMatchObject(unknown)
  })
})
