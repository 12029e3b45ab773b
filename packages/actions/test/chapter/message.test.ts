import { invoke } from '@seekyou/actions'
import { isMessage, networkEvent } from '@seekyou/protocol'
import type { Dialect, StoredMessage } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { createFakeCall } from '../fake-call.ts'

const hi = [{ type: 'text', data: { text: 'hi' } }]
const image = { type: 'image', data: { file: 'a.jpg', url: 'media:somewhere' } }
const sent = { message_id: 8 }
const answers = { send_private_msg: sent, send_group_msg: sent, send_discuss_msg: sent, delete_msg: null }

function stored(event: unknown, recalled = false): StoredMessage {
  const message = networkEvent.parse(event)
  if (!isMessage(message)) throw new Error('this example is no message')
  return { event: message, recalled }
}

describe('send_msg', () => {
  const toPerson = { action: 'send_private_msg', params: { user_id: 10001, message: hi } }
  const toPersonOfGroup = { action: 'send_private_msg', params: { user_id: 10001, group_id: 20001, message: hi } }
  const toGroup = { action: 'send_group_msg', params: { group_id: 20001, message: hi } }
  const toDiscuss = { action: 'send_discuss_msg', params: { discuss_id: 30001, message: hi } }
  const ids = { user_id: 10001, group_id: 20001, discuss_id: 30001 }

  it.each([
    ['a person', { user_id: 10001 }, toPerson, toPerson],
    ['a group', { group_id: '20001' }, toGroup, toGroup],
    ['a discuss group', { discuss_id: 30001 }, toDiscuss, toDiscuss],
    ['a person and a group', { user_id: 10001, group_id: 20001 }, toPersonOfGroup, toGroup],
    ['a person and a discuss group', { user_id: 10001, discuss_id: 30001 }, toPerson, toDiscuss],
    ['a group and a discuss group', { group_id: 20001, discuss_id: 30001 }, toGroup, toGroup],
    ['all, of type private', { ...ids, message_type: 'private' }, toPersonOfGroup, toPersonOfGroup],
    ['all, of type group', { ...ids, message_type: 'group' }, toGroup, toGroup],
    ['all, of type discuss', { ...ids, message_type: 'discuss' }, toDiscuss, toDiscuss],
    ['a group, of a type nobody knows', { group_id: 20001, message_type: 'guild' }, toGroup, toGroup],
    ['a person, of no type', { user_id: 10001, message_type: '' }, toPerson, toPerson],
    ['a person, of type null', { user_id: 10001, message_type: null, group_id: null }, toPerson, toPerson],
    ['a group, and the number 0 for a person', { user_id: 0, group_id: 20001, discuss_id: 0 }, toGroup, toGroup],
    ['a person, and no text for a group', { user_id: '10001', group_id: '' }, toPerson, toPerson],
  ])('with %s goes where that says', async (_, target, byDefault, inOneBot11) => {
    const ambiguous: readonly (readonly [Dialect['ambiguousTarget'], unknown])[] = [
      ['private', byDefault],
      ['group', inOneBot11],
    ]
    for (const [ambiguousTarget, expected] of ambiguous) {
      const { call, done } = createFakeCall({ answers, dialect: { ambiguousTarget } })
      const outcome = await invoke({ action: 'send_msg', params: { ...target, message: 'hi' } }, call)
      expect(outcome).toEqual({ type: 'done', data: sent })
      expect(done).toEqual([expected])
    }
  })

  it.each([
    ['no one', {}, /^send_msg needs someone to send to: user_id or group_id$/u],
    ['a type nobody knows', { message_type: 'guild' }, /^send_msg needs someone to send to: user_id or group_id$/u],
    ['a type and no id', { message_type: 'private', group_id: 20001 }, /^send_private_msg: user_id is missing/u],
    ['another type and no id', { message_type: 'group', user_id: 10001 }, /^send_group_msg: group_id is missing/u],
  ])('with %s goes nowhere', async (_, target, wording) => {
    const { call, done } = createFakeCall({ answers })
    const outcome = await invoke({ action: 'send_msg', params: { ...target, message: 'hi' } }, call)
    const message: unknown = expect.stringMatching(wording)
    expect(outcome).toEqual({ type: 'failed', failure: expect.objectContaining({ kind: 'bad-params', message }) })
    expect(done).toEqual([])
  })

  it('to a discuss group is turned down where the network knows none', async () => {
    const { call } = createFakeCall({ answers: { send_private_msg: sent, send_group_msg: sent } })
    const outcome = await invoke({ action: 'send_msg', params: { discuss_id: 30001, message: 'hi' } }, call)
    expect(outcome).toEqual({ type: 'failed', failure: expect.objectContaining({ kind: 'no-data' }) })
  })

  const sender = { user_id: 10001, nickname: '小明', card: '', role: 'member' }
  const common = { time: 1, self_id: 10000, post_type: 'message', message_id: 7, font: 0, user_id: 10001, sender }
  it.each([
    [
      'group message',
      { ...common, message_type: 'group', sub_type: 'normal', group_id: 20001, anonymous: null, raw_message: 'x' },
      toGroup,
    ],
    ['private message', { ...common, message_type: 'private', sub_type: 'friend', target_id: 10000 }, toPerson],
    ['discuss message', { ...common, message_type: 'discuss', discuss_id: 30001 }, toDiscuss],
    [
      'notice of a ban of all',
      { ...common, post_type: 'notice', notice_type: 'group_ban', group_id: 20001, user_id: 0, duration: -1 },
      toGroup,
    ],
  ])('answers a whole %s that was spread into its params', async (_, event, expected) => {
    const { call, done } = createFakeCall({ answers })
    await invoke({ action: 'send_msg', params: { ...event, message: 'hi' } }, call)
    expect(done).toEqual([expected])
  })
})

describe('a message of nodes', () => {
  const node = (data: object) => ({ type: 'node', data })
  const nodes = [node({ user_id: '10001', nickname: '小明', content: hi }), node({ id: '7' })]
  const said = { type: 'custom', user_id: 10001, nickname: '小明', content: hi }
  const messages = [said, { type: 'by-id', message_id: 7 }]
  const bundleSent = { message_id: 9, forward_id: 'f9' }
  const all = { ...answers, send_private_forward_msg: bundleSent, send_group_forward_msg: bundleSent }

  it.each([
    ['send_group_msg', { group_id: 20001 }, 'send_group_forward_msg', { group_id: 20001 }],
    ['send_private_msg', { user_id: 10001 }, 'send_private_forward_msg', { user_id: 10001 }],
    ['send_msg', { group_id: 20001 }, 'send_group_forward_msg', { group_id: 20001 }],
    ['send_msg', { user_id: 10001 }, 'send_private_forward_msg', { user_id: 10001 }],
  ])('is sent as a bundle by %s to %o, as OneBot 11 has it', async (action, target, by, to) => {
    const { call, done } = createFakeCall({ answers: all })
    expect(await invoke({ action, params: { ...target, message: nodes } }, call)).toEqual({
      type: 'done',
      data: { message_id: 9 },
    })
    expect(done).toEqual([{ action: by, params: { ...to, messages } }])
  })

  it('is sent as a bundle when it is one node, or a CQ code', async () => {
    for (const message of [node({ id: 7 }), '[CQ:node,id=7]']) {
      const { call, done } = createFakeCall({ answers: all })
      await invoke({ action: 'send_group_msg', params: { group_id: 20001, message } }, call)
      expect(done).toEqual([
        { action: 'send_group_forward_msg', params: { group_id: 20001, messages: messages.slice(1) } },
      ])
    }
  })

  it('holds nothing else', async () => {
    const { call, done } = createFakeCall({ answers: all })
    const params = { group_id: 20001, message: [...hi, ...nodes] }
    const outcome = await invoke({ action: 'send_group_msg', params }, call)
    expect(outcome).toMatchObject({
      failure: { kind: 'bad-params', message: expect.stringMatching(/is of type "text"; a bundle holds only nodes/u) },
    })
    expect(done).toEqual([])
  })

  it('is left to a network that sends no bundles', async () => {
    const { call, done } = createFakeCall({ answers })
    await invoke({ action: 'send_group_msg', params: { group_id: 20001, message: nodes } }, call)
    expect(done).toEqual([{ action: 'send_group_msg', params: { group_id: 20001, message: nodes } }])
  })
})

describe('get_msg', () => {
  const stamp = { post_type: 'message', time: 1_700_000_000, self_id: 10000, message_id: 7, message_seq: 3, font: 0 }
  const sender = { user_id: 10001, nickname: '小明', card: '班长', role: 'owner', level: '3' }
  const content = { user_id: 10001, message: [...hi, image], sender }
  const group = { ...stamp, ...content, message_type: 'group', sub_type: 'normal', group_id: 20001, anonymous: null }
  const direct = { ...stamp, ...content, message_type: 'private', sub_type: 'friend', target_id: 10000 }
  const discuss = { ...stamp, ...content, message_type: 'discuss', discuss_id: 30001 }

  const message = [...hi, { type: 'image', data: { file: 'a.jpg', url: 'http://here/' } }]
  const raw_message = 'hi[CQ:image,file=a.jpg,url=http://here/]'
  const told = { message_id: 7, message_seq: 3, real_id: 3, time: 1_700_000_000, sender, raw_message, recalled: false }

  it.each([
    [
      'a group',
      group,
      { message_id_v2: '0000000000004e2100000003', message_type: 'group', group: true, group_id: 20001 },
    ],
    ['a person', direct, { message_id_v2: '000000000000271100000003', message_type: 'private', group: false }],
    [
      'a discuss group',
      discuss,
      { message_id_v2: '000000000000271100000003', message_type: 'discuss', group: false, discuss_id: 30001 },
    ],
  ])('tells all of a message from %s', async (_, event, place) => {
    const { call } = createFakeCall({ stored: [stored(event)] })
    const outcome = await invoke({ action: 'get_msg', params: { message_id: '7' } }, call)
    expect(outcome).toEqual({ type: 'done', data: { ...told, ...place, message } })
  })

  it("tells the message in the link's own format, and never where it is stored", async () => {
    const { call } = createFakeCall({ stored: [stored(group)], format: 'string' })
    const outcome = await invoke({ action: 'get_msg', params: { message_id: 7 } }, call)
    expect(outcome).toMatchObject({ type: 'done', data: { message: raw_message, raw_message } })
  })

  it('tells that a message was recalled', async () => {
    const { call } = createFakeCall({ stored: [stored(group, true)] })
    expect(await invoke({ action: 'get_msg', params: { message_id: 7 } }, call)).toMatchObject({
      data: { recalled: true },
    })
  })

  it('has a network that remembers bring back what is no longer here', async () => {
    const here: ReturnType<typeof stored>[] = []
    const remembering = {
      get get_msg() {
        here.push(stored(group))
        return null
      },
    }
    const { call, done } = createFakeCall({ stored: here, answers: remembering })
    expect(await invoke({ action: 'get_msg', params: { message_id: 7 } }, call)).toMatchObject({
      data: { message_id: 7 },
    })
    expect(done).toEqual([{ action: 'get_msg', params: { message_id: 7 } }])
  })

  it.each([0, 8, -1, 2 ** 40])('finds no message %i', async (message_id) => {
    const { call } = createFakeCall({ stored: [stored(group)] })
    const wording = `there is no message ${message_id} in the memory of this account`
    expect(await invoke({ action: 'get_msg', params: { message_id } }, call)).toEqual({
      type: 'failed',
      failure: expect.objectContaining({ kind: 'no-data', code: 'MESSAGE_NOT_FOUND', message: wording }),
    })
  })
})
