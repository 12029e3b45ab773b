import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { base64, images, refusal, restart, startSandbox, text } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000

describe('say', () => {
  it('is heard as a group message with everything about who said it', async () => {
    const run = await restart(await startSandbox(), {
      'user/10003': { area: 'Lisbon' },
      'member/20001/10003': { card: 'Caz', title: 'Star', level: 12 },
    })
    const params = { as: '10003', group_id: '20001', message: 'hi' }
    expect(await run.play('say', params)).toEqual({ message_id: 1, message_seq: 1 })
    expect(run.last()).toEqual({
      post_type: 'message',
      message_type: 'group',
      sub_type: 'normal',
      time: now,
      self_id: 10000,
      message_id: 1,
      message_seq: 1,
      group_id: 20001,
      user_id: 10003,
      anonymous: null,
      message: text('hi'),
      font: 0,
      sender: {
        user_id: 10003,
        nickname: 'Carol',
        sex: 'female',
        age: 22,
        card: 'Caz',
        area: 'Lisbon',
        level: '12',
        role: 'admin',
        title: 'Star',
      },
    })
  })

  it('is private to the bot where no chat is named', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10004, message: 'hi' })
    expect(run.last()).toEqual({
      post_type: 'message',
      message_type: 'private',
      sub_type: 'group',
      time: now,
      self_id: 10000,
      message_id: 1,
      message_seq: 1,
      user_id: 10004,
      target_id: 10000,
      temp_source: 0,
      message: text('hi'),
      font: 0,
      sender: { user_id: 10004, nickname: 'Dave', sex: 'male', age: 23, group_id: 20001 },
    })
  })

  it('takes a message in any form', async () => {
    const run = await startSandbox()
    for (const message of [
      '[CQ:face,id=1]',
      [{ type: 'face', data: { id: 1 } }],
      { type: 'face', data: { id: '1' } },
    ]) {
      await run.play('say', { as: 10001, message })
      expect(run.last()).toMatchObject({ message: [{ type: 'face', data: { id: '1' } }] })
    }
  })

  it('refuses the bot, and people that are not there', async () => {
    const run = await startSandbox()
    const say = (params: object) => run.play('say', { group_id: 20001, message: 'x', ...params })
    expect(await refusal(run, say({ as: 10000 }))).toBe('bad-params BAD_PARAMS')
    expect(await refusal(run, say({ as: 19999 }))).toBe('no-data USER_NOT_FOUND')
  })

  it('refuses params that do not say who says what where', async () => {
    const run = await startSandbox()
    for (const params of [
      {},
      { as: 10001 },
      { as: 'Alice', message: 'x' },
      { as: 10001, message: '' },
      { as: 10001, message: [{}] },
      { as: 10001, message: 'x', group_id: 'Sandbox' },
      { as: 10001, message: 'x', group_id: 20001, discuss_id: 30001 },
    ]) {
      expect(await refusal(run, run.play('say', params))).toBe('bad-params BAD_PARAMS')
    }
    await expect(run.play('say', { message: 'x', as: 'Al' })).rejects.toThrow(
      'say: as takes a positive integer (a number or a decimal string), not "Al"',
    )
  })
})

it('recall and poke refuse the bot and people that are not there', async () => {
  const run = await startSandbox()
  await run.play('say', { as: 10001, message: 'x' })
  for (const verb of ['recall', 'poke']) {
    const act = (as: number) => run.play(verb, { as, message_id: 1, target_id: 10000 })
    expect(await refusal(run, act(10000))).toBe('bad-params BAD_PARAMS')
    expect(await refusal(run, act(19999))).toBe('no-data USER_NOT_FOUND')
    expect(await refusal(run, run.play(verb, { as: 10001 }))).toBe('bad-params BAD_PARAMS')
  }
})

describe('messages', () => {
  it('pages through a chat from the newest back, each page ascending', async () => {
    const run = await startSandbox()
    for (const message of ['one', 'two', 'three', 'four']) {
      await run.play('say', { as: 10001, group_id: 20001, message })
    }
    const page = async (params: object) =>
      (
        (await run.play('messages', { group_id: 20001, ...params })) as { messages: { message_seq: number }[] }
      ).messages.map(({ message_seq }) => message_seq)
    expect(await page({})).toEqual([1, 2, 3, 4])
    expect(await page({ limit: '2' })).toEqual([3, 4])
    expect(await page({ limit: 2, before_seq: 3 })).toEqual([1, 2])
    expect(await page({ before_seq: 1 })).toEqual([])
  })

  it('shows who said what, the bot included, and what was recalled', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, message: [{ type: 'image', data: { file: base64(images.png) } }] })
    await run.act('send_private_msg', { user_id: 10001, message: 'no' })
    await run.act('delete_msg', { message_id: 2 })
    expect(await run.play('messages', { user_id: 10001 })).toMatchObject({
      messages: [
        { message_id: 1, message_seq: 1, time: now, user_id: 10001, sender: { nickname: 'Alice' }, recalled: false },
        { message_id: 2, message_seq: 2, time: now, user_id: 10000, message: text('no'), recalled: true },
      ],
    })
  })

  it('reads discuss groups, and chats in which nobody spoke', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, discuss_id: 30001, message: 'x' })
    expect(await run.play('messages', { discuss_id: 30001 })).toMatchObject({ messages: [{ message_id: 1 }] })
    expect(await run.play('messages', { group_id: 20002 })).toEqual({ messages: [] })
  })

  it('reads channels of guilds, with the faces under each message', async () => {
    const run = await startSandbox()
    const channel = { guild_id: '40001', channel_id: '50001' }
    for (let count = 1; count <= 11; count++) await run.play('say', { as: 10001, ...channel, message: `${count}` })
    await run.play('react', { as: 10003, message_id: '40001-50001-11', emoji_id: '66' })
    const tiny_id = '144115218000010001'
    const eleventh = {
      message_id: '40001-50001-11',
      message_seq: 11,
      time: now,
      user_id: 10001,
      sender: { user_id: tiny_id, tiny_id, nickname: 'Alice' },
      message: text('11'),
      recalled: false,
      reactions: [expect.objectContaining({ emoji_id: '66', count: 1 })],
    }
    expect(await run.play('messages', { ...channel, limit: 2 })).toEqual({
      messages: [expect.objectContaining({ message_seq: 10, reactions: [] }), eleventh],
    })
    expect(await run.play('messages', { ...channel, before_seq: 2 })).toMatchObject({ messages: [{ message_seq: 1 }] })
    expect(await run.play('messages', { guild_id: '40001', channel_id: '50002' })).toEqual({ messages: [] })
  })

  it('refuses chats that are not there, and params that name none or two', async () => {
    const run = await startSandbox()
    const messages = (params: object) => refusal(run, run.play('messages', params))
    expect(await messages({ group_id: 29999 })).toBe('no-data GROUP_NOT_FOUND')
    expect(await messages({ user_id: 19999 })).toBe('no-data USER_NOT_FOUND')
    expect(await messages({ discuss_id: 39999 })).toBe('no-data DISCUSS_NOT_FOUND')
    expect(await messages({})).toBe('bad-params BAD_PARAMS')
    expect(await messages({ group_id: 20001, user_id: 10001 })).toBe('bad-params BAD_PARAMS')
    expect(await messages({ guild_id: '40001', channel_id: '59999' })).toBe('no-data CHANNEL_NOT_FOUND')
    expect(await messages({ guild_id: '40001' })).toBe('bad-params BAD_PARAMS')
    expect(await messages({ guild_id: '40001', channel_id: '50001', group_id: 20001 })).toBe('bad-params BAD_PARAMS')
    expect(await messages({ group_id: 20001, limit: 0 })).toBe('bad-params BAD_PARAMS')
    expect(await messages({ group_id: 20001, limit: 201 })).toBe('bad-params BAD_PARAMS')
  })
})

describe('every verb', () => {
  it('is marked where it only reads, or has something to show', async () => {
    const { backend } = await startSandbox()
    const verbs = Object.entries(backend.control!)
    expect(verbs.flatMap(([name, { reads }]) => (reads ? [name] : []))).toEqual(['world', 'messages', 'changes'])
    expect(verbs.flatMap(([name, verb]) => (Object.hasOwn(verb, 'read') ? [name] : []))).toEqual([
      'snapshot',
      'clock',
      'faults',
    ])
  })

  it('says in one sentence what it does, and what it takes', async () => {
    const { backend } = await startSandbox()
    for (const { summary, params } of Object.values(backend.control!)) {
      expect(summary).toMatch(/^[A-Z][^\n]+\.$/)
      expect(z.toJSONSchema(params!, { io: 'input', unrepresentable: 'any' })).toMatchObject({ type: 'object' })
    }
  })
})
