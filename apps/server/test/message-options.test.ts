import { once } from 'node:events'
import { startProgram } from '@seekyou/testkit'
import type { Program } from '@seekyou/testkit'
import { describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'

interface Told {
  readonly post_type: string
  readonly message_id: number
  readonly message: string
  readonly raw_message: string
}

const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 20 })

/** A bot that dials, and the messages it is told. */
async function dial({ url }: Pick<Program, 'url'>) {
  const socket = new WebSocket(url.replace('http', 'ws'))
  const messages: Told[] = []
  socket.on('message', (data: Buffer) => {
    const event = JSON.parse(data.toString()) as Told
    if (event.post_type === 'message') messages.push(event)
  })
  await once(socket, 'message')
  return { messages, [Symbol.dispose]: () => socket.terminate() }
}

/** Alice says something in the group, Bob quotes it, with the at that his client puts there; what a bot is told of it. */
async function quoted(config: string) {
  await using program = await startProgram({ config })
  using bot = await dial(program)
  const said = await program.sandbox<{ message_id: number }>('say', {
    as: 10_001,
    group_id: 20_001,
    message: 'the [CQ:face,id=1] thing',
  })
  const id = said.message_id
  await program.sandbox('say', {
    as: 10_002,
    group_id: 20_001,
    message: `[CQ:reply,id=${id}][CQ:at,qq=10001] yes [CQ:at,qq=10001]`,
  })
  await soon(() => expect(bot.messages).toHaveLength(2))
  const [first, answer] = bot.messages as [Told, Told]
  const { message_seq, time } = await program.call<{ message_seq: number; time: number }>('get_msg', { message_id: id })
  const stored = await program.call<Told>('get_msg', { message_id: answer.message_id })
  expect(stored.message).toBe(answer.message)
  expect(answer.raw_message).toBe(answer.message)
  return { id: first.message_id, seq: message_seq, time, message: answer.message }
}

describe('a quotation is told', () => {
  test('with its id alone, and the at behind it, unless a link asks for more', async () => {
    const { id, message } = await quoted('')
    expect(message).toBe(`[CQ:reply,id=${id}][CQ:at,qq=10001] yes [CQ:at,qq=10001]`)
  })

  test('with who said it, when and what by extra_reply_data', async () => {
    const { id, seq, time, message } = await quoted('defaults: { extra_reply_data: true }')
    expect(message).toBe(
      `[CQ:reply,id=${id},seq=${seq},qq=10001,time=${time},text=the &#91;CQ:face&#44;id=1&#93; thing]` +
        '[CQ:at,qq=10001] yes [CQ:at,qq=10001]',
    )
  })

  test('without the at for who is quoted by remove_reply_at, which leaves every other at', async () => {
    const { id, message } = await quoted('defaults: { remove_reply_at: true }')
    expect(message).toBe(`[CQ:reply,id=${id}] yes [CQ:at,qq=10001]`)
  })
})

describe('a part of a message that cannot be sent', () => {
  const text = 'a[CQ:image,file=nowhere.image]b[CQ:frob,x=1]'
  const send = async (config: string, message: string) => {
    await using program = await startProgram({ config })
    const response = await fetch(`${program.url}/send_group_msg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ group_id: 20_001, message }),
    })
    const answer = (await response.json()) as { retcode: number; wording?: string; data: { message_id: number } | null }
    const { messages } = await program.look<{ messages: { message: unknown }[] }>('messages', { group_id: '20001' })
    return { answer, said: messages.map(({ message: segments }) => segments), stderr: program.stderr.join('\n') }
  }
  const policy = (name: string) => `bots: [{ backend: { type: sandbox, unsupported_segments: ${name} } }]`
  const said = (...texts: readonly string[]) => texts.map((part) => ({ type: 'text', data: { text: part } }))

  test('fails the call and says why, and nothing is sent', async () => {
    const { answer, said: messages } = await send('', text)
    expect(answer).toMatchObject({ data: null, wording: expect.stringMatching(/frob|nowhere/) })
    expect(messages).toEqual([])
  })

  test('becomes its CQ code by unsupported_segments: text, and the log says why', async () => {
    const { answer, said: messages, stderr } = await send(policy('text'), text)
    expect(answer.retcode).toBe(0)
    expect(messages.flat()).toEqual(said('a', '[CQ:image,file=nowhere.image]', 'b', '[CQ:frob,x=1]'))
    expect(stderr).toMatch(/"type":"frob".*a part of a message cannot be sent as what it is/)
  })

  test('is left out by unsupported_segments: drop, but an empty message is not sent', async () => {
    const { answer, said: messages } = await send(policy('drop'), text)
    expect(answer.retcode).toBe(0)
    expect(messages.flat()).toEqual(said('a', 'b'))
    const nothing = await send(policy('drop'), '[CQ:frob,x=1]')
    expect(nothing.answer).toMatchObject({ data: null, wording: expect.stringContaining('nothing is left') })
    expect(nothing.said).toEqual([])
  })
})
