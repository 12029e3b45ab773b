import type { NetworkEvent } from '@seekyou/protocol'
import { networkEvent } from '@seekyou/protocol'
import { settle } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { refusal, restart, startSandbox, text, worldOf } from './run.ts'
import type { Run } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000
const beginning = Date.UTC(2024, 0, 1) / 1000

describe('emit', () => {
  const emit = (run: Run, event: object) => run.play('emit', { event })
  const upload = {
    post_type: 'notice',
    notice_type: 'group_upload',
    group_id: 20001,
    user_id: 10001,
    file: { id: '/a', name: 'a.txt', size: 5, busid: 102 },
  }

  it('tells any event with what the server adds, and answers it', async () => {
    const run = await startSandbox()
    const told = { ...upload, time: now, self_id: 10000 }
    expect(await emit(run, upload)).toEqual(told)
    expect(run.host.events).toEqual([told])
  })

  it('tells events of the time they say', async () => {
    const run = await startSandbox()
    await emit(run, { ...upload, time: 5, self_id: 77 })
    expect(run.last()).toMatchObject({ time: 5, self_id: 10000 })
  })

  it('tells a message in any form, with a number of its own and who said it', async () => {
    const run = await startSandbox()
    await run.play('say', { as: 10001, group_id: 20001, message: 'one' })
    const message = { post_type: 'message', message_type: 'group', sub_type: 'normal', anonymous: null }
    await emit(run, { ...message, group_id: 20001, user_id: 10002, message: 'two', message_id: 77, raw_message: 'x' })
    expect(run.last()).toMatchObject({
      message_id: 2,
      message_seq: 2,
      font: 0,
      message: text('two'),
      sender: { user_id: 10002, nickname: 'Bob' },
    })
    await emit(run, { ...message, group_id: 1, user_id: 1, message: 'three', sender: { user_id: 1, nickname: 'Who' } })
    expect(run.last()).toMatchObject({ message_id: 3, message_seq: 1, sender: { nickname: 'Who' } })
    await emit(run, { ...message, group_id: 20001, user_id: 10002, message: 'four', message_seq: 9 })
    expect(await run.play('say', { as: 10001, group_id: 20001, message: 'five' })).toMatchObject({ message_seq: 10 })
  })

  it.each<[string, NetworkEvent['post_type'], object]>([
    ['a friend request', 'request', { request_type: 'friend', user_id: 10004, comment: 'hi', flag: '1' }],
    [
      'an honor',
      'notice',
      { notice_type: 'notify', sub_type: 'honor', group_id: 20001, user_id: 10001, honor_type: 'emotion' },
    ],
    [
      'a private message',
      'message',
      { message_type: 'private', sub_type: 'friend', user_id: 10001, target_id: 10000, message: 'x' },
    ],
    ['a discuss message', 'message', { message_type: 'discuss', discuss_id: 30001, user_id: 10001, message: 'x' }],
  ])('tells %s', async (_, post_type, event) => {
    const run = await startSandbox()
    expect(networkEvent.parse(await emit(run, { post_type, ...event }))).toMatchObject({ post_type })
    expect(await emit(run, run.last()!)).toMatchObject({ post_type })
  })

  it('changes nothing in the world', async () => {
    const run = await startSandbox()
    const before = await worldOf(run)
    const left = { notice_type: 'group_decrease', sub_type: 'leave', operator_id: 10001 }
    await emit(run, { post_type: 'notice', ...left, group_id: 20001, user_id: 10001 })
    expect(await worldOf(run)).toEqual(before)
  })

  it.each<[object, string]>([
    [{}, 'event.post_type takes one of message, message_sent, notice, request'],
    [{ post_type: 'meta_event' }, 'event.post_type takes one of'],
    [{ ...upload, notice_type: 'party' }, 'event.notice_type takes one of group_upload, group_admin, '],
    [{ ...upload, notice_type: undefined }, 'event.notice_type'],
    [{ ...upload, group_id: 'x' }, 'event.group_id takes a positive integer'],
    [{ ...upload, user_id: undefined }, 'event.user_id is missing; it takes a positive integer'],
    [{ ...upload, file: { name: 'a' } }, 'event.file.size is missing; it takes an integer'],
    [{ ...upload, file: { ...upload.file, nmae: 'a' } }, 'event.file.nmae is no field of such an event'],
    [{ ...upload, colour: 1 }, 'event.colour is no field of such an event'],
    [
      { ...upload, notice_type: 'notify', sub_type: 'hug' },
      'event.sub_type takes one of poke, lucky_king, honor, title',
    ],
    [{ post_type: 'message', message_type: 'group', message: [1] }, 'event.message: '],
    [
      { post_type: 'message', message_type: 'shout', message: 'x' },
      'event.message_type takes one of private, group, discuss',
    ],
    [
      { ...upload, notice_type: 'group_admin', sub_type: 'maybe', file: undefined },
      'event.sub_type takes one of set, unset',
    ],
  ])('refuses %o by naming the field', async (event, sentence) => {
    const run = await startSandbox()
    await expect(emit(run, event)).rejects.toMatchObject({
      kind: 'bad-params',
      message: expect.stringContaining(sentence),
    })
    expect(run.host.events).toEqual([])
  })

  it('refuses what is no event', async () => {
    const run = await startSandbox()
    expect(await refusal(run, run.play('emit', { event: 'party' }))).toBe('bad-params BAD_PARAMS')
    expect(await refusal(run, run.play('emit'))).toBe('bad-params BAD_PARAMS')
  })
})

describe('a clock of its own', () => {
  const virtual = { clock: 'virtual' } as const
  const show = (seconds: number) => ({ clock: 'virtual', now_ms: (beginning + seconds) * 1000 })

  it('stands still until it is moved', async () => {
    const run = await startSandbox(virtual)
    await run.clock.advance(60_000)
    expect(await run.look('clock')).toEqual(show(0))
    expect(await run.play('clock', { advance_ms: 1500 })).toEqual(show(1.5))
    expect(await run.look('clock')).toEqual(show(1.5))
  })

  it('goes on after a restart, a reset and a restore', async () => {
    const run = await startSandbox(virtual)
    await run.play('snapshot')
    await run.play('clock', { advance_ms: 5000 })
    const again = await restart(run)
    expect(await again.look('clock')).toEqual(show(5))
    await again.play('restore')
    await again.play('reset')
    expect(await again.look('clock')).toEqual(show(5))
  })

  it('is the time of events, of members and of groups', async () => {
    const run = await startSandbox(virtual)
    await run.play('clock', { advance_ms: 61_000 })
    await run.play('say', { as: 10001, group_id: 20001, message: 'x' })
    expect(run.last()).toMatchObject({ time: beginning + 61 })
    await run.play('poke', { as: 10001, target_id: 10000 })
    expect(run.last()).toMatchObject({ time: beginning + 61 })
    const member = { group_id: 20001, user_id: 10001 }
    expect(await run.act('get_group_member_info', member)).toMatchObject({ last_sent_time: beginning + 61 })
    await run.play('create_group', { group_name: 'New' })
    expect(await run.act('get_group_info', { group_id: 20004 })).toMatchObject({ group_create_time: beginning + 61 })
  })

  it('decides how long a message can be recalled and a member is muted', async () => {
    const run = await restart(await startSandbox(virtual), { 'member/20001/10001': { mute_until: beginning + 130 } })
    const say = () => run.play('say', { as: 10001, group_id: 20001, message: 'x' })
    await run.act('send_group_msg', { group_id: 20001, message: 'x' })
    expect(await refusal(run, say())).toBe('refused MUTED')
    await run.play('clock', { advance_ms: 121_000 })
    expect(await refusal(run, run.act('delete_msg', { message_id: 1 }))).toBe('refused RECALL_TOO_LATE')
    expect(await refusal(run, say())).toBe('refused MUTED')
    await run.play('clock', { advance_ms: 9000 })
    expect(await say()).toMatchObject({ message_id: 2 })
  })

  it('moves only forward, and only where there is one', async () => {
    const run = await startSandbox(virtual)
    expect(await refusal(run, run.play('clock', { advance_ms: -1 }))).toBe('bad-params BAD_PARAMS')
    expect(await refusal(run, run.play('clock'))).toBe('bad-params BAD_PARAMS')
    const real = await startSandbox()
    expect(await refusal(real, real.play('clock', { advance_ms: 1 }))).toBe('unsupported UNSUPPORTED')
    expect(await real.look('clock')).toEqual({ clock: 'real', now_ms: now * 1000 })
  })
})

describe('a seed', () => {
  const roll = async (run: Run) => {
    await run.act('send_group_msg', { group_id: 20001, message: '[CQ:dice][CQ:rps]' })
    const said = run.host.events.slice(-2).flatMap((event) => ('message' in event ? event.message : []))
    return said.map(({ data }) => data['value'] as string).join('')
  }
  const rolls = async (run: Run) => [await roll(run), await roll(run), await roll(run), await roll(run)]

  it('makes dice repeat, and another seed others', async () => {
    const first = await rolls(await startSandbox({ seed: 1 }))
    expect(await rolls(await startSandbox({ seed: 1 }))).toEqual(first)
    expect(await rolls(await startSandbox({ seed: 2 }))).not.toEqual(first)
    // What Mulberry32 gives for 1: 0.627…, 0.002…, 0.527…, 0.981…
    expect(first.slice(0, 2)).toEqual(['40', '42'])
  })

  it('goes on where it was after a restart', async () => {
    const run = await startSandbox({ seed: 1 })
    const first = [await roll(run), await roll(run)]
    const again = await restart(run)
    expect([...first, await roll(again), await roll(again)]).toEqual(await rolls(await startSandbox({ seed: 1 })))
  })

  it('begins anew with a reset, and is put back by a restore', async () => {
    const run = await startSandbox({ seed: 1 })
    const first = await rolls(run)
    await run.play('reset')
    expect(await roll(run)).toBe(first[0])
    await run.play('snapshot')
    expect(await roll(run)).toBe(first[1])
    await run.play('restore')
    expect(await roll(run)).toBe(first[1])
  })

  it('draws nothing for a message that is refused', async () => {
    const run = await startSandbox({ seed: 1 })
    const first = await roll(run)
    const send = (message: string) => run.act('send_group_msg', { group_id: 20001, message })
    expect(await refusal(run, send('[CQ:dice][CQ:image,file=unseen.image]'))).toBe('no-data IMAGE_NOT_FOUND')
    expect([first, await roll(run)]).toEqual((await rolls(await startSandbox({ seed: 1 }))).slice(0, 2))
  })
})

describe('faults', () => {
  const none = { actions: [], drop_events: 0, duplicate_events: 0, disconnect: 0 }
  const say = (run: Run) => run.play('say', { as: 10001, group_id: 20001, message: 'x' })
  const send = (run: Run) => run.act('send_group_msg', { group_id: 20001, message: 'x' })

  it('are shown, and ended by clear, a reset and a restart', async () => {
    const run = await startSandbox()
    expect(await run.look('faults')).toEqual(none)
    const actions = [{ action: 'send_group_msg', delay_ms: 5 }]
    const set = { ...none, actions, drop_events: 2, duplicate_events: 1 }
    const params = { action: 'send_group_msg', delay_ms: 5, drop_events: 2, duplicate_events: 1 }
    expect(await run.play('faults', params)).toEqual(set)
    expect(await run.play('faults', {})).toEqual(set)
    expect(await run.play('faults', { clear: true })).toEqual(none)
    await run.play('faults', params)
    await run.play('reset')
    expect(await run.look('faults')).toEqual(none)
    await run.play('faults', params)
    expect(await (await restart(run)).look('faults')).toEqual(none)
  })

  it.each([
    [-34, 'refused', -34],
    [100, 'bad-params', 100],
    [201, 'busy', 201],
    [1500, 'internal', 1500],
  ])('let an action fail with %i, undone', async (retcode, kind, answered) => {
    const run = await startSandbox()
    await run.play('faults', { action: 'send_group_msg', fail: { retcode, wording: 'not today, thank you very much' } })
    expect((await refusal(run, send(run))).split(' ')[0]).toBe(kind)
    await expect(send(run)).rejects.toMatchObject({ message: 'not today, thank you very much', retcode: answered })
    expect(await run.act('get_login_info')).toMatchObject({ user_id: 10000 })
  })

  it('let every other action fail where none is named', async () => {
    const run = await startSandbox()
    await run.play('faults', { fail: { retcode: 201 } })
    await run.play('faults', { action: 'get_login_info', delay_ms: 0 })
    expect(await refusal(run, send(run))).toBe('busy BUSY')
    expect(await refusal(run, run.act('get_friend_list'))).toBe('busy BUSY')
    await run.play('faults', { action: 'get_friend_list', delay_ms: 1 })
    const list = run.act('get_friend_list')
    await run.clock.advance(1)
    expect(await list).toHaveLength(3)
  })

  it('happen as often as they are to', async () => {
    const run = await startSandbox()
    await run.play('faults', { action: 'send_group_msg', fail: { retcode: 201 }, times: 2 })
    expect(await refusal(run, send(run))).toBe('busy BUSY')
    expect(await refusal(run, send(run))).toBe('busy BUSY')
    expect(await send(run)).toEqual({ message_id: 1 })
    expect(await run.look('faults')).toEqual(none)
  })

  it('let an action take longer, in the time of the host', async () => {
    const run = await startSandbox({ clock: 'virtual' })
    await run.play('faults', { action: 'send_group_msg', delay_ms: 5000 })
    let isDone = false
    const sent = send(run).then(() => void (isDone = true))
    await run.clock.advance(4999)
    expect(isDone).toBe(false)
    await run.clock.advance(1)
    await sent
    expect(run.host.events).toHaveLength(1)
  })

  it('lose events that happened all the same', async () => {
    const run = await startSandbox()
    await run.play('faults', { drop_events: 3 })
    expect(await say(run)).toEqual({ message_id: 1, message_seq: 1 })
    await run.play('recall', { as: 10001, message_id: 1 })
    await run.play('poke', { as: 10001, target_id: 10000 })
    expect(run.host.events).toEqual([])
    expect(await run.play('messages', { group_id: 20001 })).toMatchObject({
      messages: [{ message_id: 1, time: now, user_id: 10001, message: text('x'), recalled: true }],
    })
    expect(await say(run)).toEqual({ message_id: 2, message_seq: 2 })
    expect(run.host.events).toMatchObject([{ message_id: 2 }])
  })

  it('lose nothing of what the bot says itself', async () => {
    const run = await startSandbox()
    await run.play('faults', { drop_events: 1, duplicate_events: 1 })
    await send(run)
    expect(run.host.events).toHaveLength(1)
  })

  it('tell events twice, under one id', async () => {
    const run = await startSandbox()
    await run.play('faults', { duplicate_events: 1 })
    await say(run)
    await say(run)
    expect(run.host.events).toMatchObject([{ message_id: 1 }, { message_id: 1 }, { message_id: 2 }])
    expect(await run.play('messages', { group_id: 20001 })).toMatchObject({
      messages: [{ message_id: 1 }, { message_id: 2 }],
    })
  })

  it('break connections, once or for a while', async () => {
    const run = await startSandbox()
    await run.play('faults', { disconnect: 0 })
    expect(run.host.disconnectedFor).toBe(0)
    await run.play('faults', { disconnect: '30' })
    expect(run.host.disconnectedFor).toBe(30)
    await run.clock.advance(10_500)
    expect(await run.look('faults')).toEqual({ ...none, disconnect: 20 })
  })

  it.each(['faults', 'reset'])('let connections be again when %s ends them', async (verb) => {
    const run = await startSandbox()
    await run.play('faults', { disconnect: 30 })
    await run.play(verb, { clear: true })
    expect(run.host.disconnectedFor).toBe(0)
    expect(await run.look('faults')).toEqual(none)
  })

  it.each([
    [{ action: 'fly' }],
    [{ action: 'get_version_info' }],
    [{ delay_ms: -1 }],
    [{ fail: 'yes' }],
    [{ fail: { wording: 'x' } }],
    [{ fail: { retcode: 0 } }],
    [{ fail: { retcode: 1 } }],
    [{ fail: { retcode: 99 } }],
    [{ times: 0, delay_ms: 1 }],
    [{ drop_events: 'many' }],
    [{ disconnect: 3601 }],
  ])('refuse %o', async (params) => {
    const run = await startSandbox()
    expect(await refusal(run, run.play('faults', params))).toBe('bad-params BAD_PARAMS')
    expect(await run.look('faults')).toEqual(none)
  })
})

describe('what cannot be written down', () => {
  const said = { as: 10001, group_id: 20001, message: 'x' }

  it.each<[string, object]>([
    ['say', said],
    ['create_user', { nickname: 'X' }],
    ['delete_user', { user_id: 10001 }],
    ['create_group', { group_name: 'X', member_ids: [10001] }],
    ['delete_group', { group_id: 20001 }],
    ['snapshot', {}],
    ['reset', { world: 'empty' }],
  ])('did not happen: %s', async (verb, params) => {
    const run = await startSandbox({ seed: 1 })
    await run.play('say', said)
    const before = await worldOf(run)
    run.host.failWrites(true)
    await expect(run.play(verb, params)).rejects.toThrow('the disk is full')
    run.host.failWrites(false)
    await settle()
    expect(await worldOf(run)).toEqual(before)
    expect(await run.look('snapshot')).toEqual({ snapshots: [] })
    // An id may be lost with it: one that was given is never given again.
    expect(await run.play('say', said)).toMatchObject({ message_seq: 2 })
    const after = await worldOf(run)
    expect(await worldOf(await restart(run))).toEqual(after)
  })

  it('did not happen either where many things of one turn fail together', async () => {
    const run = await startSandbox({ seed: 1 })
    const before = await worldOf(run)
    run.host.failWrites(true)
    const outcomes = await Promise.allSettled([
      run.play('say', said),
      run.play('create_user', { nickname: 'X' }),
      run.play('update_user', { user_id: 10001, nickname: 'Y' }),
      run.play('update_user', { user_id: 10001, nickname: 'Z' }),
      run.act('send_group_msg', { group_id: 20001, message: '[CQ:dice]' }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'rejected'))
    run.host.failWrites(false)
    expect(await worldOf(run)).toEqual(before)
  })
})
