import { describe, expect, it } from 'vitest'
import { messagesOf, refusal, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const send = (run: Run, message: unknown, group_id = 20001) => run.act('send_group_msg', { group_id, message })
const poke = { post_type: 'notice', notice_type: 'notify', sub_type: 'poke' }

describe('a poke in a message', () => {
  it('is done and is no message: the id is 0', async () => {
    const run = await startSandbox()
    expect(await send(run, '[CQ:poke,qq=10001]')).toEqual({ message_id: 0 })
    expect(run.host.events).toMatchObject([{ ...poke, group_id: 20001, sender_id: 10000, target_id: 10001 }])
  })

  it('comes before the rest of the message, which is still sent', async () => {
    const run = await startSandbox()
    expect(await send(run, 'a[CQ:poke,qq=10001]b')).toEqual({ message_id: 1 })
    expect(run.host.events).toMatchObject([poke, { message: [{ data: { text: 'a' } }, { data: { text: 'b' } }] }])
  })

  it('is for the other one in private, where the OneBot 11 form is enough', async () => {
    const run = await startSandbox()
    await run.act('send_private_msg', { user_id: 10001, message: '[CQ:poke,type=1,id=-1]' })
    expect(run.last()).toMatchObject({ ...poke, sender_id: 10000, target_id: 10001 })
    await run.play('say', { as: 10001, message: '[CQ:poke,type=1,id=-1]' })
    expect(run.last()).toMatchObject({ ...poke, sender_id: 10001, target_id: 10000 })
  })

  it('is refused for who is not in the group, and in discuss groups; nothing of the message is sent then', async () => {
    const run = await startSandbox()
    expect(await refusal(run, send(run, 'a[CQ:poke,qq=10005]'))).toBe('no-data MEMBER_NOT_FOUND')
    const inDiscuss = run.act('send_discuss_msg', { discuss_id: 30001, message: '[CQ:poke,qq=10001]' })
    expect(await refusal(run, inDiscuss)).toBe('refused POKE_REFUSED')
  })
})

describe('a gift in a message', () => {
  it('is given to a member, counted, and is no message', async () => {
    const run = await startSandbox()
    expect(await send(run, '[CQ:gift,qq=10001,id=8]')).toEqual({ message_id: 0 })
    expect(await send(run, 'here[CQ:gift,qq=10001,id=8]')).toEqual({ message_id: 1 })
    expect(messagesOf(run)).toEqual([[{ type: 'text', data: { text: 'here' } }]])
    expect(JSON.parse(run.host.memory.state.get('gift/20001/10001/8')!)).toMatchObject({ gift_id: 8, count: 2 })
  })

  it('is refused for who is not in the group, and in private', async () => {
    const run = await startSandbox()
    expect(await refusal(run, send(run, '[CQ:gift,qq=10005,id=1]'))).toBe('no-data MEMBER_NOT_FOUND')
    const message = '[CQ:gift,qq=10001,id=1]'
    expect(await refusal(run, run.act('send_private_msg', { user_id: 10001, message }))).toBe('refused GIFT_REFUSED')
  })
})
