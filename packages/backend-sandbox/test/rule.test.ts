import { describe, expect, it } from 'vitest'
import { refusal, restart, startSandbox } from './run.ts'
import type { Run } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000

const send = (run: Run, group_id: number) => run.act('send_group_msg', { group_id, message: 'x' })
const tell = (run: Run, user_id: number, group_id?: number) =>
  run.act('send_private_msg', { user_id, message: 'x', ...(group_id && { group_id }) })
const say = (run: Run, as: number, where: object = {}) => run.play('say', { as, message: 'x', ...where })
const recall = (run: Run, as: number, message_id: number) => run.play('recall', { as, message_id })
const remove = (run: Run, message_id: number) => run.act('delete_msg', { message_id })
const poke = (run: Run, as: number, target_id: number, group_id?: number) =>
  run.play('poke', { as, target_id, ...(group_id && { group_id }) })

describe('who may talk in private', () => {
  it('lets friends, both ways', async () => {
    const run = await startSandbox()
    await tell(run, 10001)
    expect(run.last()).toMatchObject({
      post_type: 'message_sent',
      sub_type: 'friend',
      user_id: 10000,
      target_id: 10001,
    })
    await say(run, 10001)
    expect(run.last()).toMatchObject({ post_type: 'message', sub_type: 'friend', user_id: 10001, target_id: 10000 })
  })

  it('makes it a temporary session through a group both are in', async () => {
    const run = await startSandbox()
    const session = { sub_type: 'group', temp_source: 0, sender: { group_id: 20001 } }
    await tell(run, 10004)
    expect(run.last()).toMatchObject(session)
    await tell(run, 10004, 20001)
    expect(run.last()).toMatchObject(session)
    await say(run, 10004)
    expect(run.last()).toMatchObject(session)
  })

  it('talks to a friend as a friend, whatever group is named', async () => {
    const run = await startSandbox()
    await tell(run, 10001, 29999)
    expect(run.last()).toMatchObject({ sub_type: 'friend' })
  })

  it('refuses a one-way friend without a shared group, in both directions', async () => {
    const run = await startSandbox()
    expect(await refusal(run, tell(run, 10005))).toBe('refused NOT_A_FRIEND')
    expect(await refusal(run, say(run, 10005))).toBe('refused NOT_A_FRIEND')
  })

  it('refuses a stranger through a group they do not share', async () => {
    const run = await startSandbox()
    expect(await refusal(run, tell(run, 10004, 20002))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, tell(run, 10004, 20003))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, tell(run, 10004, 29999))).toBe('no-data GROUP_NOT_FOUND')
  })

  it('refuses a user that is not there, and the bot itself', async () => {
    const run = await startSandbox()
    expect(await refusal(run, tell(run, 19999))).toBe('no-data USER_NOT_FOUND')
    expect(await refusal(run, tell(run, 10000))).toBe('refused SELF_CHAT')
  })
})

describe('who may speak in a group', () => {
  it('lets its members', async () => {
    const run = await startSandbox()
    await send(run, 20001)
    await say(run, 10004, { group_id: 20001 })
    expect(run.host.events).toHaveLength(2)
  })

  it('refuses who is not in it', async () => {
    const run = await startSandbox()
    expect(await refusal(run, send(run, 20003))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, say(run, 10004, { group_id: 20002 }))).toBe('no-data MEMBER_NOT_FOUND')
  })

  it('refuses a group that is not there', async () => {
    const run = await startSandbox()
    expect(await refusal(run, send(run, 29999))).toBe('no-data GROUP_NOT_FOUND')
    expect(await refusal(run, say(run, 10001, { group_id: 29999 }))).toBe('no-data GROUP_NOT_FOUND')
  })

  it('refuses a group the bot is not in, since the bot would not hear it', async () => {
    const run = await startSandbox()
    expect(await refusal(run, say(run, 10002, { group_id: 20003 }))).toBe('refused BOT_NOT_IN_GROUP')
    expect(await refusal(run, run.play('poke', { as: 10002, group_id: 20003, target_id: 10004 }))).toBe(
      'refused BOT_NOT_IN_GROUP',
    )
  })

  it('keeps a muted member silent until the mute is over', async () => {
    const run = await restart(await startSandbox(), {
      'member/20001/10001': { mute_until: now + 60 },
      'member/20002/10000': { mute_until: now + 60 },
    })
    expect(await refusal(run, say(run, 10001, { group_id: 20001 }))).toBe('refused MUTED')
    expect(await refusal(run, send(run, 20002))).toBe('refused MUTED')
    await run.clock.advance(60_000)
    await say(run, 10001, { group_id: 20001 })
    await send(run, 20002)
  })

  it('keeps plain members silent while the whole group is muted, but not its owner and admins', async () => {
    const run = await restart(await startSandbox(), {
      'group/20001': { whole_ban: true },
      'group/20002': { whole_ban: true },
    })
    expect(await refusal(run, say(run, 10001, { group_id: 20001 }))).toBe('refused WHOLE_BAN')
    expect(await refusal(run, send(run, 20002))).toBe('refused WHOLE_BAN')
    await say(run, 10003, { group_id: 20001 })
    await send(run, 20001)
  })
})

describe('who may speak in a discuss group', () => {
  it('lets its members', async () => {
    const run = await startSandbox()
    await say(run, 10001, { discuss_id: 30001 })
    expect(run.last()).toMatchObject({ message_type: 'discuss', discuss_id: 30001, user_id: 10001 })
  })

  it('refuses who is not in it, and one that is not there', async () => {
    const run = await startSandbox()
    expect(await refusal(run, say(run, 10003, { discuss_id: 30001 }))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, say(run, 10001, { discuss_id: 39999 }))).toBe('no-data DISCUSS_NOT_FOUND')
  })

  it('refuses one the bot is not in', async () => {
    const run = await restart(await startSandbox(), { 'discuss/30001': { member_ids: [10001, 10002] } })
    expect(await refusal(run, say(run, 10001, { discuss_id: 30001 }))).toBe('no-data MEMBER_NOT_FOUND')
  })
})

describe('who may recall', () => {
  it('lets everyone take back their own message for 120 s', async () => {
    const run = await startSandbox()
    await say(run, 10001)
    await say(run, 10001)
    await run.act('send_private_msg', { user_id: 10002, message: 'x' })
    await run.clock.advance(120_000)
    await recall(run, 10001, 1)
    expect(run.last()).toMatchObject({ notice_type: 'friend_recall', user_id: 10001, message_id: 1 })
    await remove(run, 3)
    expect(run.last()).toMatchObject({ notice_type: 'friend_recall', user_id: 10002, message_id: 3 })
    await run.clock.advance(1000)
    expect(await refusal(run, recall(run, 10001, 2))).toBe('refused RECALL_TOO_LATE')
  })

  it('lets the owner and the admins take back what lower roles said, at any time', async () => {
    const run = await startSandbox()
    await say(run, 10001, { group_id: 20001 })
    await say(run, 10003, { group_id: 20001 })
    await run.clock.advance(86_400_000)
    await recall(run, 10003, 1)
    const notice = { post_type: 'notice', notice_type: 'group_recall', group_id: 20001, self_id: 10000 }
    expect(run.last()).toEqual({ ...notice, time: now + 86_400, user_id: 10001, operator_id: 10003, message_id: 1 })
    await remove(run, 2)
    expect(run.last()).toMatchObject({ ...notice, user_id: 10003, operator_id: 10000, message_id: 2 })
  })

  it('lets them take back what someone said who has left since', async () => {
    const run = await startSandbox()
    await say(run, 10001, { group_id: 20002 })
    await run.backend.stop()
    run.host.memory.state.delete('member/20002/10001')
    const again = await restart(run)
    await recall(again, 10003, 1)
    expect(again.last()).toMatchObject({ notice_type: 'group_recall', user_id: 10001, operator_id: 10003 })
  })

  it('is over in a group that the bot has left', async () => {
    const run = await startSandbox()
    await say(run, 10001, { group_id: 20002 })
    await run.backend.stop()
    run.host.memory.state.delete('member/20002/10000')
    const again = await restart(run)
    expect(await refusal(again, recall(again, 10001, 1))).toBe('refused BOT_NOT_IN_GROUP')
  })

  it('refuses equals and higher roles', async () => {
    const run = await startSandbox()
    await say(run, 10001, { group_id: 20001 })
    await say(run, 10003, { group_id: 20001 })
    await send(run, 20001)
    await say(run, 10002, { group_id: 20002 })
    expect(await refusal(run, recall(run, 10002, 1))).toBe('refused RECALL_REFUSED')
    expect(await refusal(run, recall(run, 10001, 2))).toBe('refused RECALL_REFUSED')
    expect(await refusal(run, recall(run, 10003, 3))).toBe('refused RECALL_REFUSED')
    expect(await refusal(run, remove(run, 4))).toBe('refused RECALL_REFUSED')
  })

  it('holds the owner’s own messages to 120 s as well', async () => {
    const run = await startSandbox()
    await send(run, 20001)
    await run.clock.advance(121_000)
    expect(await refusal(run, remove(run, 1))).toBe('refused RECALL_TOO_LATE')
  })

  it('refuses what the other said in private', async () => {
    const run = await startSandbox()
    await say(run, 10001)
    await tell(run, 10001)
    expect(await refusal(run, remove(run, 1))).toBe('refused RECALL_REFUSED')
    expect(await refusal(run, recall(run, 10001, 2))).toBe('refused RECALL_REFUSED')
  })

  it('knows no message of a chat one is not in, and none that was never said', async () => {
    const run = await startSandbox()
    await say(run, 10001)
    await say(run, 10001, { group_id: 20002 })
    expect(await refusal(run, recall(run, 10002, 1))).toBe('no-data MESSAGE_NOT_FOUND')
    expect(await refusal(run, recall(run, 10004, 2))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, recall(run, 10001, 99))).toBe('no-data MESSAGE_NOT_FOUND')
    expect(await refusal(run, remove(run, 99))).toBe('no-data MESSAGE_NOT_FOUND')
  })

  it('recalls a message once, also when two ask at the same time', async () => {
    const run = await startSandbox()
    await send(run, 20001)
    const outcomes = await Promise.allSettled([remove(run, 1), remove(run, 1)])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(run.host.events).toHaveLength(2)
    expect(await refusal(run, remove(run, 1))).toBe('refused ALREADY_RECALLED')
  })

  it('knows no recall in discuss groups', async () => {
    const run = await startSandbox()
    await say(run, 10001, { discuss_id: 30001 })
    expect(await refusal(run, recall(run, 10001, 1))).toBe('refused RECALL_REFUSED')
    expect(await refusal(run, recall(run, 10003, 1))).toBe('no-data MEMBER_NOT_FOUND')
  })
})

describe('who may poke', () => {
  const notice = { time: now, self_id: 10000, post_type: 'notice', notice_type: 'notify', sub_type: 'poke' }

  it('lets members of a group poke each other and the bot', async () => {
    const run = await startSandbox()
    await poke(run, 10001, 10000, 20001)
    expect(run.last()).toEqual({ ...notice, group_id: 20001, user_id: 10001, sender_id: 10001, target_id: 10000 })
    await poke(run, 10001, 10002, 20001)
    expect(run.last()).toMatchObject({ target_id: 10002 })
  })

  it('lets a friend poke the bot in private', async () => {
    const run = await startSandbox()
    await poke(run, 10001, 10000)
    expect(run.last()).toEqual({ ...notice, user_id: 10001, sender_id: 10001, target_id: 10000 })
  })

  it('refuses people who are not in the group, on either end', async () => {
    const run = await startSandbox()
    expect(await refusal(run, poke(run, 10004, 10001, 20002))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, poke(run, 10001, 10004, 20002))).toBe('no-data MEMBER_NOT_FOUND')
    expect(await refusal(run, poke(run, 10001, 19999, 20002))).toBe('no-data USER_NOT_FOUND')
  })

  it('refuses strangers, one-way friends, and poking someone else in private', async () => {
    const run = await startSandbox()
    expect(await refusal(run, poke(run, 10004, 10000))).toBe('refused NOT_A_FRIEND')
    expect(await refusal(run, poke(run, 10005, 10000))).toBe('refused NOT_A_FRIEND')
    expect(await refusal(run, poke(run, 10001, 10002))).toBe('refused POKE_REFUSED')
  })
})
