import { catalogue, invoke, nodeSegments, readParams, withoutBundle } from '@seekyou/actions'
import type { ForwardNode } from '@seekyou/actions'
import { messageId, userId } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { createFakeCall } from '../fake-call.ts'
import { storedExample } from '../stored-example.ts'

const hi = [{ type: 'text', data: { text: 'hi' } }]
const ming = { user_id: 10001, nickname: '小明' }

function nodesOf(messages: unknown): readonly ForwardNode[] {
  return readParams('send_group_forward_msg', catalogue.send_group_forward_msg, { group_id: 20001, messages }).messages
}

function custom(data: object): object {
  return { type: 'node', data: { ...ming, content: 'hi', ...data } }
}

/** A bundle in a bundle in a bundle… */
function bundle(depth: number): object {
  return custom(depth === 1 ? {} : { content: [bundle(depth - 1)] })
}

describe('the nodes of a bundle', () => {
  const said = { type: 'custom', ...ming, content: hi }

  it.each([
    ['by id', [{ type: 'node', data: { id: '7' } }], { type: 'by-id', message_id: 7 }],
    ['by id as a number', [{ type: 'node', data: { id: 7 } }], { type: 'by-id', message_id: 7 }],
    ['by id and with content', [custom({ id: 7 })], { type: 'by-id', message_id: 7 }],
    ['one alone', { type: 'node', data: { id: '7' } }, { type: 'by-id', message_id: 7 }],
    ['as a CQ code', '[CQ:node,id=7]', { type: 'by-id', message_id: 7 }],
    ['in the words of OneBot 11', [custom({})], said],
    ['in the words of go-cqhttp', [{ type: 'node', data: { uin: '10001', name: '小明', content: 'hi' } }], said],
    ['with content as segments', [custom({ content: hi })], said],
    ['with content as one segment', [custom({ content: hi[0] })], said],
    ['with an empty id', [custom({ id: '' })], said],
    ['with a time', [custom({ time: '1700000000' })], { ...said, time: 1_700_000_000 }],
    ['with a time that is not set', [custom({ time: 0, seq: 5 })], said],
    ['without a name', [custom({ nickname: '' })], { ...said, nickname: '10001' }],
    ['in a node', [custom({ content: [custom({})] })], { type: 'nested', ...ming, nodes: [said] }],
  ])('are read %s', (_, messages, node) => {
    expect(nodesOf(messages)).toEqual([node])
  })

  it('keep their order, whatever their kinds', () => {
    const messages = [{ type: 'node', data: { id: 7 } }, custom({}), { type: 'node', data: { id: 8 } }]
    expect(nodesOf(messages).map(({ type }) => type)).toEqual(['by-id', 'custom', 'by-id'])
  })

  it.each([
    ['no list', 5, /^messages\[0\] is of type "text"; a bundle holds only nodes$/u],
    ['empty', [], /^messages is empty; it takes an array of nodes/u],
    ['something else', hi, /^messages\[0\] is of type "text"; a bundle holds only nodes$/u],
    ['no segments', [{}], /^messages\[0\]\.type is missing/u],
    ['of nobody', [custom({ user_id: 0 })], /^messages\[0\]\.data\.user_id takes a positive integer.*, not "0"$/u],
    [
      'of no author',
      [{ type: 'node', data: { content: 'hi' } }],
      /^messages\[0\]\.data\.user_id is missing; it takes/u,
    ],
    ['silent', [custom({}), custom({ content: '' })], /^messages\[1\]\.data\.content is missing or empty/u],
    ['of no id', [{ type: 'node', data: { id: 'x' } }], /^messages\[0\]\.data\.id takes an integer.*, not "x"$/u],
    ['of no time', [custom({ time: 'now' })], /^messages\[0\]\.data\.time takes an integer.*, not "now"$/u],
    [
      'mixed with what is no node',
      [custom({ content: [...hi, custom({})] })],
      /^messages\[0\]\.data\.content\[0\] is of type "text"; a bundle holds only nodes$/u,
    ],
    [
      'too many',
      Array.from({ length: 201 }, () => custom({})),
      /^messages holds 201 nodes; a bundle takes at most 200$/u,
    ],
    ['too deep', [bundle(9)], /content is a bundle 9 deep; at most 8 may lie in one another$/u],
    ['deeper than anyone reads', [bundle(50)], /^messages\[0\].* is nested too deep/u],
  ])('are refused when they are %s', async (_, messages, wording) => {
    const { call, done } = createFakeCall({ answers: { send_group_forward_msg: null } })
    const params = { group_id: 20001, messages }
    expect(await invoke({ action: 'send_group_forward_msg', params }, call)).toEqual({
      type: 'failed',
      failure: expect.objectContaining({ kind: 'bad-params' }),
    })
    expect(() => nodesOf(messages)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(wording.source.replace('^', '^send_group_forward_msg: ')),
      }),
    )
    expect(done).toEqual([])
  })

  it('may be 200, and 8 deep', () => {
    expect(nodesOf(Array.from({ length: 200 }, () => custom({})))).toHaveLength(200)
    expect(nodesOf([bundle(8)])).toHaveLength(1)
  })

  it('become segments that read as the same nodes', () => {
    const author = { user_id: userId.parse(10001), nickname: '小明' }
    const nodes: readonly ForwardNode[] = [
      { type: 'by-id', message_id: messageId.parse(7) },
      { type: 'custom', ...author, time: 1_700_000_000, content: hi },
      { type: 'nested', ...author, nodes: [{ type: 'custom', ...author, content: hi }] },
    ]
    expect(nodesOf(nodeSegments(nodes))).toEqual(nodes)
  })
})

describe('send_forward_msg', () => {
  const messages = [{ type: 'node', data: { id: '7' } }]
  const sent = { message_id: 8, forward_id: 'f8' }
  const answers = { send_private_forward_msg: sent, send_group_forward_msg: sent }
  const nodes = [{ type: 'by-id', message_id: 7 }]

  it.each([
    [{ group_id: 20001 }, 'send_group_forward_msg', { group_id: 20001 }],
    [{ user_id: '10001' }, 'send_private_forward_msg', { user_id: 10001 }],
    [{ user_id: 10001, group_id: 20001 }, 'send_private_forward_msg', { user_id: 10001 }],
    [{ user_id: 10001, group_id: 20001, message_type: 'group' }, 'send_group_forward_msg', { group_id: 20001 }],
    [{ group_id: 20001, message_type: 'discuss' }, 'send_group_forward_msg', { group_id: 20001 }],
  ])('to %j is %s', async (target, action, id) => {
    const { call, done } = createFakeCall({ answers })
    const outcome = await invoke({ action: 'send_forward_msg', params: { ...target, messages } }, call)
    expect(outcome).toEqual({ type: 'done', data: sent })
    expect(done).toEqual([{ action, params: { ...id, messages: nodes } }])
  })

  it.each([{}, { message_type: 'discuss', discuss_id: 30001 }])('to %j goes nowhere', async (target) => {
    const { call, done } = createFakeCall({ answers })
    const message = 'send_forward_msg needs someone to send to: user_id or group_id'
    expect(await invoke({ action: 'send_forward_msg', params: { ...target, messages } }, call)).toEqual({
      type: 'failed',
      failure: expect.objectContaining({ kind: 'bad-params', message }),
    })
    expect(done).toEqual([])
  })

  it('takes its nodes under the name of a message, too', async () => {
    const { call, done } = createFakeCall({ answers })
    await invoke({ action: 'send_forward_msg', params: { group_id: 20001, message: messages } }, call)
    expect(done).toEqual([{ action: 'send_group_forward_msg', params: { group_id: 20001, messages: nodes } }])
  })
})

describe('get_forward_msg', () => {
  const image = { type: 'image', data: { file: 'a.jpg', url: 'media:somewhere' } }
  const node = {
    type: 'node',
    data: { user_id: '10001', nickname: '小明', time: '1700000000', content: [...hi, image] },
  }
  const nested = { type: 'node', data: { user_id: '10002', nickname: '小红', time: '1700000060', content: [node] } }
  const kept = storedExample(7, { message: [{ type: 'forward', data: { id: 'f7', content: [node] } }] })
  const inner = 'hi[CQ:image,file=a.jpg,url=http://here/]'

  const told = {
    messages: [{ sender: ming, time: 1_700_000_000, content: inner }],
    message: [
      {
        type: 'node',
        data: { user_id: '10001', nickname: '小明', uin: '10001', name: '小明', time: '1700000000', content: inner },
      },
    ],
  }
  const get = (params: object, setup: Parameters<typeof createFakeCall>[0]) => {
    const { call, done } = createFakeCall({ format: 'string', ...setup })
    return { outcome: invoke({ action: 'get_forward_msg', params }, call), done }
  }

  it.each([{ id: '7' }, { message_id: 7 }, { id: 7, message_id: 8 }])(
    'by %j tells what the store keeps',
    async (id) => {
      const { outcome, done } = get(id, { stored: [kept], answers: { get_forward_msg: [] } })
      expect(await outcome).toEqual({ type: 'done', data: told })
      expect(done).toEqual([])
    },
  )

  it('tells it in the words of the schema', () => {
    expect(catalogue.get_forward_msg.data.parse(told)).toEqual(told)
  })

  it.each([
    ['20001', { group_id: 20001 }],
    ['', {}],
    ['0', {}],
    ['a group', {}],
  ])('tells which group was in only where it was one: %j', async (group_id, expected) => {
    const nodes = [{ ...node, data: { ...node.data, group_id } }]
    const { outcome } = get({ id: 'f9' }, { answers: { get_forward_msg: nodes } })
    expect(await outcome).toEqual({
      type: 'done',
      data: { ...told, messages: [{ ...told.messages[0], ...expected }] },
    })
  })

  it("tells it in the link's own format", async () => {
    const { outcome } = get({ id: 7 }, { stored: [kept], format: 'array' })
    const content = [...hi, { type: 'image', data: { file: 'a.jpg', url: 'http://here/' } }]
    expect(await outcome).toMatchObject({ data: { messages: [{ content }], message: [{ data: { content } }] } })
  })

  it.each([
    ['nodes', [nested]],
    [
      'a forward of its own',
      [{ ...nested, data: { ...nested.data, content: [{ type: 'forward', data: { id: 'f1', content: [node] } }] } }],
    ],
  ])('tells a bundle in a bundle as a list in the list: %s', async (_, nodes) => {
    const { outcome } = get({ id: 'f9' }, { answers: { get_forward_msg: nodes } })
    expect(await outcome).toMatchObject({
      data: {
        messages: [{ sender: { user_id: 10002 }, content: told.messages }],
        message: [{ data: { user_id: '10002', content: told.message } }],
      },
    })
  })

  it.each([
    ['an id that is none of a message', { id: 'f9' }, [], { id: 'f9' }],
    ['a message that nobody knows', { id: '99' }, [], { id: '99' }],
    ['a message that is no bundle', { id: '7' }, [storedExample(7)], { id: '7' }],
    [
      'a bundle of which only the id is kept',
      { message_id: 7 },
      [storedExample(7, { message: [{ type: 'forward', data: { id: 'f7' } }] })],
      { id: 'f7' },
    ],
  ])('asks the backend about %s', async (_, params, stored, asked) => {
    const { outcome, done } = get(params, { stored, answers: { get_forward_msg: [node] } })
    expect(await outcome).toEqual({ type: 'done', data: told })
    expect(done).toEqual([{ action: 'get_forward_msg', params: asked }])
  })

  it('finds nothing where neither the store nor the backend knows', async () => {
    const { outcome } = get({ id: 'f9' }, { stored: [kept] })
    const message = 'there is no bundle "f9" in the memory of this account'
    expect(await outcome).toEqual({
      type: 'failed',
      failure: expect.objectContaining({ kind: 'no-data', code: 'MESSAGE_NOT_FOUND', message }),
    })
  })

  it('takes nobody and no time for 0', async () => {
    const { outcome } = get({ id: 'f9' }, { answers: { get_forward_msg: [{ type: 'node', data: { content: hi } }] } })
    expect(await outcome).toMatchObject({
      data: { messages: [{ sender: { user_id: 0, nickname: '' }, time: 0, content: 'hi' }] },
    })
  })
})

it('a segment is told without the bundle inside of it', () => {
  const [text = { type: 'text', data: {} }] = hi
  expect(withoutBundle({ type: 'forward', data: { id: 'f7', content: hi } })).toEqual({
    type: 'forward',
    data: { id: 'f7' },
  })
  expect(withoutBundle(text)).toBe(text)
  const inNode = { type: 'node', data: { content: hi } }
  expect(withoutBundle(inNode)).toBe(inNode)
})

describe('a single message said again', () => {
  const message = [
    { type: 'reply', data: { id: '5' } },
    ...hi,
    { type: 'forward', data: { id: 'f7', content: [{ type: 'node', data: { content: hi } }] } },
  ]
  const stored = [storedExample(7, { message })]
  const again = [...hi, { type: 'forward', data: { id: 'f7' } }]
  const answers = { send_group_msg: { message_id: 8 }, send_private_msg: { message_id: 8 } }

  it.each([
    ['forward_group_single_msg', 'send_group_msg', { group_id: 20002 }],
    ['forward_friend_single_msg', 'send_private_msg', { user_id: 10002 }],
  ])('by %s leaves its quotation behind', async (action, asked, target) => {
    const { call, done } = createFakeCall({ stored, answers })
    const outcome = await invoke({ action, params: { ...target, message_id: 7 } }, call)
    expect(outcome).toEqual({ type: 'done', data: { message_id: 8 } })
    expect(done).toEqual([{ action: asked, params: { ...target, message: again } }])
  })

  it('must be one that is there', async () => {
    const { call, done } = createFakeCall({ answers })
    const outcome = await invoke(
      { action: 'forward_group_single_msg', params: { group_id: 20002, message_id: 7 } },
      call,
    )
    expect(outcome).toMatchObject({ type: 'failed', failure: { code: 'MESSAGE_NOT_FOUND' } })
    expect(done).toEqual([])
  })
})
