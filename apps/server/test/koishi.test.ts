import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectKoishi, koishi } from './koishi-bot.ts'
import type { ConnectedBot, KoishiLink } from './koishi-bot.ts'
import { png, saidIn, say as sayIn } from './sandbox-side.ts'

/*
 * Koishi is a bot framework that others wrote. What it is told here is said in the sandbox, what it does is done by its
 * own typed API, and both sides are asked what they saw.
 */

const { h } = koishi

const patiently = { timeout: 10_000, interval: 20 }

interface World {
  readonly users: readonly { readonly user_id: number; readonly nickname: string }[]
  readonly friends: readonly { readonly user_id: number; readonly direction: string }[]
  readonly groups: readonly {
    readonly group_id: number
    readonly group_name: string
    readonly members: readonly { readonly user_id: number; readonly role: string }[]
  }[]
}

/** Every mode with every format, and with every dialect that it was made for; and through a bridge that speaks each of them. */
const links: readonly KoishiLink[] = [
  { mode: 'http', format: 'array', dialect: 'default' },
  { mode: 'http', format: 'string', dialect: 'go-cqhttp' },
  { mode: 'ws', format: 'array', dialect: 'go-cqhttp' },
  { mode: 'ws', format: 'string', dialect: 'onebot-11' },
  { mode: 'ws-reverse', format: 'array', dialect: 'onebot-11' },
  { mode: 'ws-reverse', format: 'string', dialect: 'default' },
  { mode: 'ws', format: 'array', dialect: 'default', through: 'default' },
  { mode: 'ws', format: 'array', dialect: 'default', through: 'go-cqhttp' },
  { mode: 'ws', format: 'array', dialect: 'default', through: 'onebot-11' },
]
const ways = links.map((link) => ({
  ...link,
  hops: link.through ? `through a bridge that speaks ${link.through}` : 'directly',
}))

describe.each(ways)('a Koishi bot over $mode that reads messages as $format, in $dialect, $hops', (link) => {
  const { mode, format } = link
  const isGoCqhttp = link.dialect === 'go-cqhttp'
  let side: ConnectedBot
  beforeAll(async () => {
    side = await connectKoishi(link)
  })
  afterAll(() => side[Symbol.asyncDispose]())

  const say = (as: number, message: unknown, chat: object = {}) => sayIn(side.program, as, message, chat)
  const said = (chat: Readonly<Record<string, string>>) => saidIn(side.program, chat)
  const findSaid = async (chat: Readonly<Record<string, string>>, id: string | undefined) =>
    (await said(chat)).find(({ message_id }) => String(message_id) === id)

  test('knows who it is, its friends, its groups and who is in them, as the network has them', async () => {
    const { bot, program } = side
    const world = await program.look<World>('world')
    const idsOf = (people: readonly { readonly user_id: number }[]) => people.map(({ user_id }) => String(user_id))
    const groups = world.groups.filter(({ members }) => idsOf(members).includes('10000'))

    expect((await bot.getLogin()).user).toMatchObject({ id: '10000', name: 'SeekYou' })
    const guilds = (await bot.getGuildList()).data
    expect(guilds).toEqual(groups.map(({ group_id, group_name }) => ({ id: String(group_id), name: group_name })))
    expect(guilds.map(({ id }) => id)).toEqual(['20001', '20002'])
    expect(await bot.getGuild('20002')).toEqual({ id: '20002', name: 'Guests' })
    for (const { group_id, members } of groups) {
      const { data } = await bot.getGuildMemberList(String(group_id))
      expect(data.map(({ user }) => user?.id)).toEqual(idsOf(members))
      const roles = (await bot.internal.getGroupMemberList(group_id)).map(({ user_id, role }) => ({ user_id, role }))
      expect(roles).toEqual(members.map(({ user_id, role }) => ({ user_id, role })))
    }
    expect((await bot.getGuildMember('20001', '10003')).user?.name).toBe('Carol')
    expect((await bot.getUser('10004')).name).toBe('Dave')
    const friends = world.friends.filter(({ direction }) => direction === 'two-way')
    expect((await bot.getFriendList()).data.map(({ id }) => id)).toEqual(idsOf(friends))
  })

  test.each([
    { place: 'a group', chat: { group_id: '20001' }, channelId: '20001', author: 10004 },
    { place: 'a group where it is a member', chat: { group_id: '20002' }, channelId: '20002', author: 10003 },
    { place: 'private', chat: {}, channelId: 'private:10002', author: 10002 },
    { place: 'a temporary session', chat: {}, channelId: 'private:10004', author: 10004 },
  ])('hears a person in $place and answers with a quote, an at, text and an image', async (where) => {
    const { chat, channelId, author } = where
    const isGroup = 'group_id' in chat
    let answerId: string | undefined
    const heard = side.hears('ping', async (session) => {
      const parts = [
        h.quote(session.messageId!),
        h.at(session.userId!),
        h.text(' 收到, [pong] & done 🎉'),
        h.image(png, 'image/png'),
      ]
      answerId = (await session.send(parts))[0]
    })
    const { message_id } = await say(author, 'ping & [CQ:face,id=14] [好], 🎈', chat)

    const session = await heard
    expect(session).toMatchObject({
      platform: 'onebot',
      selfId: '10000',
      userId: String(author),
      channelId,
      messageId: String(message_id),
      isDirect: !isGroup,
      ...(isGroup && { guildId: channelId }),
    })
    const [before, face, after] = session.elements ?? []
    expect(before?.attrs['content']).toBe('ping & ')
    expect(face).toMatchObject({ type: 'face', attrs: { id: '14' } })
    expect(after?.attrs['content']).toBe(' [好], 🎈')

    const inChat = isGroup ? chat : { user_id: String(author) }
    const stored = await findSaid(inChat, answerId)
    expect(stored).toMatchObject({
      user_id: 10000,
      recalled: false,
      message: [
        { type: 'reply', data: { id: String(message_id) } },
        { type: 'at', data: { qq: String(author) } },
        { type: 'text', data: { text: ' 收到, [pong] & done 🎉' } },
        { type: 'image', data: { file: expect.any(String), url: expect.stringMatching(/^http:/) } },
      ],
    })

    const read = await side.bot.getMessage(channelId, answerId!)
    expect(read.id).toBe(answerId)
    expect(read.user?.id).toBe('10000')
    expect(read.quote?.id).toBe(String(message_id))
    expect(read.elements?.map(({ type }) => type)).toEqual(['at', 'text', 'img'])
    const image = await fetch(read.elements?.at(-1)?.attrs['src'] as string)
    expect(image.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await image.arrayBuffer())).toEqual(png)
  })

  test('hears who is quoted and mentioned, and can fetch an image that was shown to it', async () => {
    const first = await say(10001, 'the first', { group_id: 20001 })
    const heard = side.hears('look at this')
    await say(
      10002,
      [
        { type: 'reply', data: { id: first.message_id } },
        { type: 'at', data: { qq: 10000 } },
        { type: 'text', data: { text: 'look at this' } },
        { type: 'image', data: { file: `base64://${png.toString('base64')}` } },
      ],
      { group_id: 20001 },
    )
    const { elements, quote } = await heard
    expect(quote).toMatchObject({ id: String(first.message_id), content: 'the first', user: { id: '10001' } })
    expect(elements?.map(({ type }) => type)).toEqual(['at', 'text', 'img'])
    expect(elements?.[0]?.attrs['id']).toBe('10000')
    const image = await fetch(elements?.[2]?.attrs['src'] as string)
    expect(Buffer.from(await image.arrayBuffer())).toEqual(png)
  })

  test('takes back what it said and what a member said, and is told of both', async () => {
    const { bot } = side
    const [own] = await bot.sendMessage('20001', 'a slip of the tongue')
    let learnt = side.learns('message-deleted')
    await bot.deleteMessage('20001', own!)
    expect(await learnt).toMatchObject({ messageId: own, guildId: '20001', userId: '10000', operatorId: '10000' })

    const heard = side.hears('off topic')
    const { message_id } = await say(10001, 'off topic', { group_id: 20001 })
    // Through a bridge a message is known here only after it was said there.
    await heard
    learnt = side.learns('message-deleted')
    await bot.deleteMessage('20001', String(message_id))
    expect(await learnt).toMatchObject({ messageId: String(message_id), userId: '10001', operatorId: '10000' })

    for (const id of [own, String(message_id)]) {
      expect(await findSaid({ group_id: '20001' }, id)).toMatchObject({ recalled: true })
    }
  })

  test('is told when a person takes something back, and of a poke', async () => {
    const inGroup = await say(10001, 'never mind', { group_id: 20001 })
    let learnt = side.learns('message-deleted')
    await side.program.sandbox('recall', { as: 10003, message_id: inGroup.message_id })
    const messageId = String(inGroup.message_id)
    expect(await learnt).toMatchObject({ messageId, channelId: '20001', userId: '10001', operatorId: '10003' })

    const inPrivate = await say(10001, 'never mind')
    learnt = side.learns('message-deleted')
    await side.program.sandbox('recall', { as: 10001, message_id: inPrivate.message_id })
    expect(await learnt).toMatchObject({ messageId: String(inPrivate.message_id), channelId: 'private:10001' })

    const poked = side.learns('notice')
    await side.program.sandbox('poke', { as: 10002, target_id: 10000, group_id: 20001 })
    expect(await poked).toMatchObject({ subtype: 'poke', userId: '10002', targetId: '10000', channelId: '20001' })
  })

  test('gets its answers through the calls of OneBot itself', async () => {
    const { internal } = side.bot
    expect(await internal.getLoginInfo()).toEqual({ user_id: 10000, nickname: 'SeekYou' })
    expect(await internal.getStatus()).toMatchObject({ online: true, good: true })
    const app_name = isGoCqhttp ? 'go-cqhttp' : 'seekyou'
    expect(await internal.getVersionInfo()).toMatchObject({ app_name, protocol_version: 'v11' })
    expect(await internal.canSendImage()).toBe(true)
    expect(await internal.getGroupInfo('20001')).toMatchObject({ group_name: 'Sandbox', member_count: 5 })
    expect(await internal.getGroupMemberInfo('20001', '10001')).toMatchObject({ nickname: 'Alice', role: 'member' })

    const id = await internal.sendPrivateMsg('10003', 'as text: [CQ:at,qq=1]', true)
    const escaped = 'as text: &#91;CQ:at,qq=1&#93;'
    const content = format === 'array' ? [{ type: 'text', data: { text: 'as text: [CQ:at,qq=1]' } }] : escaped
    expect(await internal.getMsg(id)).toMatchObject({ message_id: id, message: content, raw_message: escaped })
    // The adapter takes retcode 1, which is the answer to whatever is done later, for a failure.
    const later = internal.sendGroupMsgAsync('20002', 'done later')
    if (isGoCqhttp) await later
    else await expect(later).rejects.toMatchObject({ code: 1 })
    await expect
      .poll(async () => (await said({ group_id: '20002' })).map(({ message }) => message[0]?.data['text']), patiently)
      .toContain('done later')
  })

  test('hears from a call that fails why, and nothing was done', async () => {
    const { internal } = side.bot
    const before = await said({ group_id: '20001' })
    const nothingThere = { code: isGoCqhttp ? 100 : 102 }
    await expect(internal.getMsg(2_147_483_647)).rejects.toMatchObject(nothingThere)
    await expect(internal.sendGroupMsg('20003', 'I am not in here')).rejects.toMatchObject(nothingThere)
    await expect(internal.sendGroupMsg('20001', '')).rejects.toMatchObject({ code: 100 })
    await expect(internal.getGroupInfo('what?')).rejects.toMatchObject({ code: 100 })
    // Its own way to call what it has no method for.
    const isHttpError = mode === 'http' && !isGoCqhttp
    const unknown = isHttpError
      ? { response: { status: 404, data: { retcode: 1404 } } }
      : { code: isGoCqhttp ? 404 : 1404 }
    await expect(internal['_get']('fly_to_the_moon', {})).rejects.toMatchObject(unknown)
    expect(await said({ group_id: '20001' })).toEqual(before)
  })

  test('gets forty calls at once answered, each with its own, and forty messages in their order', async () => {
    const heard: string[] = []
    const all = side.hears('message 39', async () => undefined)
    const forget = side.bot.ctx.on('message', ({ content }) => void heard.push(content ?? ''))
    const texts = Array.from({ length: 40 }, (_, index) => `message ${index}`)
    const ids: number[] = []
    for (const text of texts) ids.push((await say(10001, text, { group_id: 20001 })).message_id)
    await all
    forget()
    expect(heard.filter((text) => text.startsWith('message '))).toEqual(texts)
    const read = await Promise.all(ids.map((id) => side.bot.getMessage('20001', String(id))))
    expect(read.map(({ content }) => content)).toEqual(texts)
  })
})
