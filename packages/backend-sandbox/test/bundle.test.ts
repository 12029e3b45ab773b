import { mediaUri } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { base64, images, refusal, restart, startSandbox, text } from './run.ts'
import type { Run } from './run.ts'

const node = (content: unknown, author: object = { user_id: 10001, nickname: 'Alice', time: 5 }) => ({
  type: 'node',
  data: { ...author, content },
})
const byId = (id: number) => ({ type: 'node', data: { id } })
const sendTo20001 = (run: Run, ...messages: object[]) =>
  run.act('send_group_forward_msg', { group_id: 20001, messages })
const alice = { user_id: '10001', nickname: 'Alice', time: '5' }

async function nodesOf(run: Run, id: string): Promise<unknown> {
  return run.backend.actions['get_forward_msg']?.({ id } as never)
}

async function idOf(sent: Promise<unknown>): Promise<string> {
  return ((await sent) as { forward_id: string }).forward_id
}

describe('a bundle', () => {
  it('is one message with a forward segment, whose id gives what it holds, also after a restart', async () => {
    const run = await startSandbox()
    const sent = await sendTo20001(run, node('hi'), node([{ type: 'image', data: { file: base64(images.png) } }]))
    const forward_id = await idOf(Promise.resolve(sent))
    expect(sent).toEqual({ message_id: 1, forward_id })
    expect(run.last()).toMatchObject({ group_id: 20001, message: [{ type: 'forward', data: { id: forward_id } }] })
    const [image] = run.host.memory.media.values()
    const nodes = [
      { type: 'node', data: { ...alice, content: text('hi') } },
      { type: 'node', data: { ...alice, content: [{ data: { url: mediaUri(image!.key) } }] } },
    ]
    expect(await nodesOf(run, forward_id)).toMatchObject(nodes)
    expect(await nodesOf(await restart(run), forward_id)).toMatchObject(nodes)
  })

  it('holds messages by their ids, with who said them under the name they go by there', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10003, group_id: 20002, message: 'first' })
    await run.play('say', { as: 10001, group_id: 20002, message: '[CQ:reply,id=1]second' })
    const time = String(run.clock.now() / 1000)
    expect(await nodesOf(run, await idOf(sendTo20001(run, byId(1), byId(2))))).toEqual([
      { type: 'node', data: { user_id: '10003', nickname: 'Carol', time, group_id: '20002', content: text('first') } },
      { type: 'node', data: { user_id: '10001', nickname: 'Alice', time, group_id: '20002', content: text('second') } },
    ])
  })

  it('holds bundles: made here, or sent before', async () => {
    const run = await startSandbox()
    const inner = [{ type: 'node', data: { ...alice, content: text('deep') } }]
    const id = await idOf(sendTo20001(run, node([node('deep')])))
    expect(await nodesOf(run, id)).toEqual([{ type: 'node', data: { ...alice, content: inner } }])
    const again = await idOf(sendTo20001(run, node([{ type: 'forward', data: { id } }])))
    expect(await nodesOf(run, again)).toMatchObject([{ data: { content: [{ type: 'forward', data: { id } }] } }])
    expect(await nodesOf(run, await idOf(sendTo20001(run, byId(1))))).toMatchObject([
      { data: { content: [{ type: 'forward', data: { id, content: [{ data: { content: inner } }] } }] } },
    ])
  })

  it('goes to people as well, and can be sent again by its id', async () => {
    const run = await startSandbox()
    const id = await idOf(run.act('send_private_forward_msg', { user_id: 10001, messages: [node('hi')] }))
    expect(run.last()).toMatchObject({ message_type: 'private', target_id: 10001 })
    await run.act('send_group_msg', { group_id: 20001, message: `[CQ:forward,id=${id}]` })
    expect(run.last()).toMatchObject({ message: [{ type: 'forward', data: { id, content: [{ type: 'node' }] } }] })
  })

  it('can be said by people', async () => {
    const run = await startSandbox()
    const answer = await run.play('say', { as: 10001, group_id: 20001, message: [node('hi')] })
    expect(answer).toEqual({ message_id: 1, message_seq: 1 })
    expect(run.last()).toMatchObject({ user_id: 10001, message: [{ type: 'forward' }] })
    const mixed = run.play('say', { as: 10001, group_id: 20001, message: [node('hi'), ...text('and')] })
    expect(await refusal(run, mixed)).toBe('bad-params BAD_PARAMS')
  })

  it('is refused with what is not there, may not be said, or is too much', async () => {
    const run = await startSandbox()
    await sendTo20001(run, node('hi'))
    await run.act('delete_msg', { message_id: 1 })
    expect(await refusal(run, sendTo20001(run, byId(1)))).toBe('no-data MESSAGE_NOT_FOUND')
    expect(await refusal(run, sendTo20001(run, byId(9)))).toBe('no-data MESSAGE_NOT_FOUND')
    expect(await refusal(run, sendTo20001(run, node('[CQ:poke,qq=10001]')))).toBe('refused UNSUPPORTED_SEGMENT')
    expect(await refusal(run, sendTo20001(run, node('x'.repeat(5001))))).toBe('refused MESSAGE_TOO_LONG')
    expect(await refusal(run, nodesOf(run, 'f9'))).toBe('no-data FORWARD_NOT_FOUND')
    const elsewhere = run.act('send_group_forward_msg', { group_id: 20003, messages: [node('hi')] })
    expect(await refusal(run, elsewhere)).toBe('no-data MEMBER_NOT_FOUND')
    const nodes = Array.from({ length: 201 }, () => node('hi'))
    const tooMany = run.play('say', { as: 10001, group_id: 20001, message: nodes })
    expect(await refusal(run, tooMany)).toBe('bad-params BAD_PARAMS')
  })
})
