import { createClient, segment, segmentsOf } from '@seekyou/client'
import type { ClientOptions, ConnectionError } from '@seekyou/client'
import { createTemporaryFolder, startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { describe, expect, it, vi } from 'vitest'

const token = 'T0ken'
const soon = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 20 })
const wsOf = ({ url }: Program) => url.replace('http', 'ws')

/** A client that is quick to connect again, and what it complained of. */
function connect(url: string, options: Partial<ClientOptions> = {}) {
  const complaints: ConnectionError[] = []
  const onError = (error: unknown) => void complaints.push(error as ConnectionError)
  const client = createClient({ url, reconnectMs: 50, reconnectMaxMs: 200, onError, ...options })
  return { client, complaints, [Symbol.asyncDispose]: () => client.close() }
}

const links = (['ws', 'http'] as const).flatMap((transport) =>
  (['array', 'string'] as const).map((format) => ({ transport, format })),
)

describe.each(links)('a bot that calls over $transport and reads messages as $format', ({ transport, format }) => {
  it.each([
    { place: 'a group', as: 10001, chat: { group_id: 20001 }, type: 'group' },
    { place: 'private', as: 10001, chat: {}, type: 'private' },
    { place: 'a temporary session', as: 10004, chat: {}, type: 'private' },
  ])('hears, answers, reads and recalls in $place', async ({ as, chat, type }) => {
    const config = `defaults: { access_token: '${token}', message_format: ${format} }`
    await using program = await startProgram({ token, config })
    await using hearing = connect(wsOf(program), { accessToken: token })
    await using calling = connect(transport === 'ws' ? wsOf(program) : program.url, { accessToken: token })
    const { client } = calling
    const messages = hearing.client.events('message')
    await hearing.client.call('get_status')

    const { message_id } = await program.sandbox<{ message_id: number }>('say', {
      as,
      ...chat,
      message: [segment.face(1), segment.text('早上好, [bot]')],
    })
    const event = (await messages.next()).value!
    if (event.message_type === 'guild') throw new Error('nobody spoke in a guild')
    expect(event).toMatchObject({ message_id, message_type: type, user_id: as, self_id: 10000 })
    expect(typeof event.message).toBe(format === 'array' ? 'object' : 'string')
    expect(segmentsOf(event)).toEqual([segment.face(1), segment.text('早上好, [bot]')])

    const answer = [segment.reply(event.message_id), segment.text('你好 & welcome')]
    const sent = await client.reply(event, answer)
    const stored = await client.call('get_msg', sent)
    expect(stored).toMatchObject({ ...sent, message_type: type, sender: { user_id: 10000 }, recalled: false, ...chat })
    expect(segmentsOf(stored)).toEqual(answer)
    expect((await client.actions.get_msg({ message_id })).sender).toMatchObject({ user_id: as })

    expect(await client.call('delete_msg', sent)).toBe(null)
    expect((await client.call('get_msg', sent)).recalled).toBe(true)
    expect([...hearing.complaints, ...calling.complaints]).toEqual([])
  })
})

describe.each(['ws', 'http'] as const)('a client over %s', (transport) => {
  const urlOf = (program: Program) => (transport === 'ws' ? wsOf(program) : program.url)

  it('is told why the server says no', async () => {
    await using program = await startProgram()
    await using side = connect(urlOf(program))

    await expect(side.client.call('get_msg', { message_id: 404 })).rejects.toMatchObject({
      name: 'ActionError',
      action: 'get_msg',
      retcode: 102,
      msg: 'MESSAGE_NOT_FOUND',
      wording: expect.stringContaining('404'),
    })
    await expect(side.client.callAny('no_such_action')).rejects.toMatchObject({ name: 'ActionError', retcode: 1404 })
    await expect(side.client.callAny('get_msg', {})).rejects.toMatchObject({ name: 'ActionError', retcode: 100 })
  })

  it('has a thing done later', async () => {
    await using program = await startProgram()
    await using side = connect(urlOf(program))
    expect(await side.client.call('send_group_msg_async', { group_id: 20001, message: 'later' })).toBe(null)

    await vi.waitFor(async () => {
      const { messages } = await program.look<{ messages: object[] }>('messages', { group_id: '20001' })
      expect(messages).toMatchObject([{ user_id: 10000, message: [segment.text('later')] }])
    })
  })

  it.each([
    { token: 'missing', accessToken: undefined },
    { token: 'wrong', accessToken: 'wrong' },
  ])('is not let in with a token that is $token', async ({ accessToken }) => {
    await using program = await startProgram({ token, config: `defaults: { access_token: '${token}' }` })
    await using side = connect(urlOf(program), { accessToken })

    await expect(side.client.call('get_login_info')).rejects.toMatchObject({
      name: 'ConnectionError',
      outcome: 'not-done',
      status: 401,
      message: expect.stringContaining('the access token is missing or wrong'),
    })
  })

  it('has forty calls in flight at once', async () => {
    await using program = await startProgram()
    await using side = connect(urlOf(program))
    const ids = Array.from({ length: 40 }, (_, index) => (index % 2 ? 10001 : 10002))
    const infos = await Promise.all(ids.map((user_id) => side.client.call('get_stranger_info', { user_id })))

    expect(infos.map(({ user_id }) => user_id)).toEqual(ids)
  })
})

it('a client finds the server again, and goes on with the same chats', async () => {
  await using folder = await createTemporaryFolder()
  const first = await startProgram({ folder: folder.path })
  await using side = connect(wsOf(first))
  const { client, complaints } = side
  const heard: unknown[] = []
  client.on('meta_event.lifecycle.connect', ({ self_id }) => heard.push(self_id))
  client.on('message.group', ({ raw_message }) => heard.push(raw_message))
  const sent = await client.call('send_group_msg', { group_id: 20001, message: 'before' })
  await first.sandbox('say', { as: 10001, group_id: 20001, message: 'one' })
  await first.stop()
  await soon(() => expect(complaints.length).toBeGreaterThan(0))
  const early = client.call('get_msg', sent)

  await using second = await startProgram({ folder: folder.path, flags: ['--port', String(first.port)] })
  expect((await early).raw_message).toBe('before')
  await second.sandbox('say', { as: 10001, group_id: 20001, message: 'two' })
  await soon(() => expect(heard).toEqual([10000, 'one', 10000, 'two']))
})

it('a call over HTTP to a server that is gone is not done', async () => {
  const program = await startProgram()
  await program.stop()
  await using side = connect(program.url)

  await expect(side.client.call('get_status')).rejects.toMatchObject({ name: 'ConnectionError', outcome: 'not-done' })
})
