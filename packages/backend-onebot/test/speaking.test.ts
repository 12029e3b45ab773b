import { OutcomeUnknown } from '@seekyou/protocol'
import { createMemoryFiles } from '@seekyou/testkit'
import { describe, expect, test } from 'vitest'
import { outage, startBridge, text, until } from './run.ts'
import type { Run } from './run.ts'

const group_id = 20001
const say = (run: Run, message: string) =>
  run.act('send_group_msg', { group_id, message }) as Promise<{ message_id: number }>

/** What the account has said, as it was told and as it really was. */
function said(run: Run) {
  const told = run.host.events.filter((event) => event.post_type === 'message_sent')
  return { told, really: run.upstream.network.messagesIn(group_id) }
}

test('who writes through a group is answered through it, until they are a friend', async () => {
  await using run = await startBridge('napcat')
  const person = { user_id: 10004, time: 1_767_225_600, self_id: 10000 }
  const write = (sub_type: string, message_id: number) =>
    run.upstream.tell({
      ...person,
      post_type: 'message',
      message_type: 'private',
      sub_type,
      message_id,
      message: text('hello'),
      sender: { user_id: 10004, nickname: 'Dave', ...(sub_type === 'group' && { group_id }) },
    })
  const answer = async () => {
    await run.act('send_private_msg', { user_id: 10004, message: 'hi' }).catch(() => undefined)
    return run.upstream.paramsOf('send_private_msg').at(-1)?.['group_id']
  }
  const heard = (count: number) => until(() => run.host.events.length === count)

  write('group', 901)
  await heard(1)
  expect(await answer()).toBe(group_id)
  run.upstream.tell({ ...person, post_type: 'notice', notice_type: 'friend_add' })
  await until(() => run.host.events.some((event) => event.post_type === 'notice'))
  expect(await answer()).toBeUndefined()
})

describe('a send that is not answered', () => {
  test('is answered by its echo', async () => {
    await using run = await startBridge('napcat', { call_timeout: 0.1 })
    run.upstream.meet('send_group_msg', 'unanswered')
    const { message_id } = await say(run, 'hi')
    expect(said(run)).toMatchObject({ told: [{ message_id, message: text('hi') }], really: [{ message: text('hi') }] })
  })

  test('is no failure where the upstream calls it timed out', async () => {
    await using run = await startBridge('llonebot')
    run.upstream.meet('send_group_msg', 'timed-out')
    const { message_id } = await say(run, 'hi')
    expect(said(run)).toMatchObject({ told: [{ message_id }], really: [{}] })
  })

  test('is looked for in the history of an upstream that tells no own messages', async () => {
    await using run = await startBridge('generic', { call_timeout: 0.1 })
    run.upstream.meet('send_group_msg', 'unanswered')
    const { message_id } = await say(run, 'hi')
    expect(said(run)).toMatchObject({ told: [{ message_id, message_seq: 101 }], really: [{ seq: 101 }] })
    await run.act('delete_msg', { message_id })
    expect(said(run).really).toMatchObject([{ isRecalled: true }])
  })

  test('takes each of two that say the same for what it is', async () => {
    await using run = await startBridge('napcat', { call_timeout: 0.2 })
    run.upstream.meet('send_group_msg', 'unanswered')
    const lost = say(run, 'twice')
    await until(() => said(run).told.length === 1)
    run.upstream.meet('send_group_msg')
    const second = await say(run, 'twice')
    const first = await lost
    expect(said(run).told).toMatchObject([first, second])
    expect(said(run).really.map(({ id }) => id)).toHaveLength(2)
    expect(first.message_id).not.toBe(second.message_id)
  })

  test('is of unknown outcome while nothing is known of it, and known once its echo comes', async () => {
    await using run = await startBridge('napcat', { call_timeout: 0.05, echo_timeout: 0.05 })
    run.upstream.meet('send_group_msg', 'swallowed')
    const error: unknown = await say(run, 'hi').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OutcomeUnknown)
    expect(said(run).told).toEqual([])
    // It was only slow.
    run.upstream.meet('send_group_msg')
    run.upstream.network.act('send_group_msg', { group_id, message: text('hi') })
    const outcome = (await (error as OutcomeUnknown).outcome) as { message_id: number }
    expect(said(run).told).toMatchObject([outcome])
  })

  test('is found after the connection was lost over it', async () => {
    await using run = await startBridge('generic')
    run.upstream.meet('send_group_msg', 'unanswered')
    const sending = say(run, 'hi')
    await until(() => said(run).really.length === 1)
    await outage(run)
    const { message_id } = await sending
    expect(said(run)).toMatchObject({ told: [{ message_id }], really: [{}] })
  })

  test('is not taken for an older message that says the same', async () => {
    let now = 1000
    await using run = await startBridge('generic', { call_timeout: 0.05, echo_timeout: 0.05, play: { now: () => now } })
    await say(run, 'hi')
    now = Math.floor(Date.now() / 1000)
    run.upstream.meet('send_group_msg', 'swallowed')
    await expect(say(run, 'hi')).rejects.toBeInstanceOf(OutcomeUnknown)
    expect(said(run).told).toHaveLength(1)
  })

  test('is never sent again', async () => {
    await using run = await startBridge('napcat', { call_timeout: 0.05, echo_timeout: 0.05 })
    run.upstream.meet('send_group_msg', 'swallowed')
    await expect(say(run, 'hi')).rejects.toBeInstanceOf(OutcomeUnknown)
    await outage(run)
    await run.act('get_group_list')
    expect(run.upstream.paramsOf('send_group_msg')).toHaveLength(1)
  })
})

test('anything else that is not answered may have been done, and is not called failed; what only reads may be repeated', async () => {
  await using run = await startBridge('napcat', { call_timeout: 0.05 })
  run.upstream.meet('set_group_kick', 'unanswered')
  await expect(run.act('set_group_kick', { group_id, user_id: 10004 })).rejects.toBeInstanceOf(OutcomeUnknown)
  run.upstream.meet('get_group_list', 'unanswered')
  await expect(run.act('get_group_list')).rejects.toMatchObject({ name: 'BackendUnreachable' })
})

test('an own message is told once, whether its answer or its echo comes first', async () => {
  await using run = await startBridge('napcat')
  const sent = await Promise.all(Array.from({ length: 50 }, (_, index) => say(run, `message ${index}`)))
  await until(() => said(run).told.length === 50)
  const told = said(run).told.map((event) => ('message_id' in event ? event.message_id : 0))
  expect(new Set(told).size).toBe(50)
  expect(told.toSorted((a, b) => Number(a) - Number(b))).toEqual(
    sent.map(({ message_id }) => message_id).toSorted((a, b) => a - b),
  )
})

test('a file goes out as base64, wherever the bot has it, and is remembered by a name', async () => {
  const bytes = new Uint8Array(Buffer.from('a picture'))
  const files = {
    load: async (file: string) =>
      file.startsWith('base64:') ? createMemoryFiles().load(file) : { bytes, type: 'image/png' },
  }
  await using run = await startBridge('napcat', { files })
  const base64 = `base64://${Buffer.from(bytes).toString('base64')}`
  for (const file of ['file:///srv/cat.png', 'https://example.com/cat.png', base64]) {
    await run.act('send_group_msg', { group_id, message: [{ type: 'image', data: { file, cache: '0' } }] })
    const { message } = run.upstream.paramsOf('send_group_msg').at(-1)!
    expect(message).toEqual([{ type: 'image', data: { file: base64 } }])
  }
  const event = await run.hears({ post_type: 'message_sent' })
  const [image] = 'message' in event ? event.message : []
  // NapCat tells what the network made of it; by our own name it can be sent again.
  expect(image?.type).toBe('image')
})
