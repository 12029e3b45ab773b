import { describe, expect, it } from 'vitest'
import { answerOf, refusal, restart, startSandbox, text } from './run.ts'
import type { Run } from './run.ts'

const now = Date.UTC(2026, 0, 1) / 1000

const mutter = (run: Run, as: number) => run.play('say', { as, group_id: 20001, message: 'hi', anonymous: true })
const flagOf = (run: Run) => (run.last() as unknown as { anonymous: { flag: string } }).anonymous.flag
const firstChoice = () => 0

describe('an anonymous speaker', () => {
  it('is heard as a mask, with nothing of who wears it', async () => {
    const run = await startSandbox({ random: firstChoice })
    await mutter(run, 10001)
    expect(run.last()).toEqual({
      post_type: 'message',
      message_type: 'group',
      sub_type: 'anonymous',
      time: now,
      self_id: 10000,
      message_id: 1,
      message_seq: 1,
      group_id: 20001,
      user_id: 80000000,
      anonymous: { id: 80000000, name: 'Brave Badger', flag: '1|Brave Badger' },
      message: text('hi'),
      font: 0,
      sender: { user_id: 80000000, nickname: '匿名消息', sex: 'unknown', age: 0, area: '', level: '' },
    })
    expect(await run.act('get_group_member_info', { group_id: 20001, user_id: 10001 })).toMatchObject({
      last_sent_time: 0,
    })
  })

  it('keeps the mask, and shares its name with nobody', async () => {
    const run = await startSandbox({ random: firstChoice })
    await mutter(run, 10001)
    const again = await restart(run)
    await mutter(again, 10002)
    expect(again.last()).toMatchObject({ anonymous: { name: 'Brave Badger 2', flag: '2|Brave Badger 2' } })
    await mutter(again, 10001)
    expect(again.last()).toMatchObject({ anonymous: { flag: '1|Brave Badger' } })
  })

  it('speaks in groups only, where it is allowed, and by the rules of speaking there', async () => {
    const run = await startSandbox()
    expect(await answerOf(run, run.play('say', { as: 10001, message: 'x', anonymous: true }))).toBe(
      '103 ANONYMOUS_REFUSED: one can speak anonymously in groups only',
    )
    await run.act('set_group_anonymous', { group_id: 20001, enable: false })
    expect(await answerOf(run, mutter(run, 10001))).toBe(
      '103 ANONYMOUS_REFUSED: the group Sandbox (20001) does not let its members speak anonymously',
    )
    await run.act('set_group_anonymous', { group_id: 20001 })
    await run.act('set_group_ban', { group_id: 20001, user_id: 10001 })
    expect(await refusal(run, mutter(run, 10001))).toBe('refused MUTED')
  })

  it('is not heard without the mask where there are none, and sends bundles in it', async () => {
    const run = await startSandbox({ random: firstChoice })
    const inChannel = { guild_id: '40001', channel_id: '50001' }
    const speak = (params: object) => run.play('say', { as: 10001, message: 'x', anonymous: true, ...params })
    expect(await answerOf(run, speak(inChannel))).toBe(
      '103 ANONYMOUS_REFUSED: one can speak anonymously in groups only',
    )
    const message = [{ type: 'node', data: { name: 'Zoe', uin: '10004', content: 'x' } }]
    await speak({ group_id: 20001, message })
    expect(run.last()).toMatchObject({ user_id: 80000000, message: [{ type: 'forward' }] })
    await run.act('set_group_anonymous', { group_id: 20001, enable: false })
    expect(await refusal(run, speak({ group_id: 20001, message }))).toBe('refused ANONYMOUS_REFUSED')
  })

  it('only speaks: what would tell who it is, is not done', async () => {
    const run = await startSandbox()
    const speak = (message: string) => run.play('say', { as: 10001, group_id: 20001, message })
    expect(await answerOf(run, speak('[CQ:anonymous][CQ:poke,qq=10002]boo'))).toBe(
      '103 ANONYMOUS_REFUSED: a mask only speaks: a poke would tell who wears it',
    )
    expect(await answerOf(run, speak('[CQ:anonymous][CQ:file,file=base64://YQ==]'))).toBe(
      '103 ANONYMOUS_REFUSED: a mask only speaks: a file would tell who wears it',
    )
    expect(await answerOf(run, speak('[CQ:anonymous]'))).toBe(
      '100 BAD_PARAMS: message: a segment of type anonymous stands beside what is said, and nothing is',
    )
  })

  it('can be recalled by those who manage the group', async () => {
    const run = await startSandbox()
    await mutter(run, 10001)
    await run.act('delete_msg', { message_id: 1 })
    expect(run.last()).toMatchObject({ notice_type: 'group_recall', user_id: 80000000, operator_id: 10000 })
  })
})

describe('muting a mask', () => {
  it('keeps the mask silent, and not who wears it', async () => {
    const run = await startSandbox({ random: firstChoice })
    await mutter(run, 10001)
    await run.act('set_group_anonymous_ban', { group_id: 20001, flag: flagOf(run), duration: 60 })
    expect(run.last()).toEqual({
      time: now,
      self_id: 10000,
      post_type: 'notice',
      notice_type: 'group_ban',
      sub_type: 'ban',
      group_id: 20001,
      user_id: 80000000,
      operator_id: 10000,
      duration: 60,
    })
    const again = await restart(run)
    expect(await answerOf(again, mutter(again, 10001))).toBe(
      '103 MUTED: Brave Badger is muted in the group Sandbox (20001) for another 60 s',
    )
    await again.play('say', { as: 10001, group_id: 20001, message: 'x' })
    await again.clock.advance(60_000)
    await mutter(again, 10001)
  })

  it('takes the whole object of the event, and is lifted with 0', async () => {
    const run = await startSandbox()
    await mutter(run, 10001)
    const { anonymous } = run.last() as unknown as { anonymous: object }
    await run.act('set_group_anonymous_ban', { group_id: 20001, anonymous })
    expect(run.last()).toMatchObject({ sub_type: 'ban', duration: 1800 })
    await run.act('set_group_anonymous_ban', { group_id: 20001, anonymous, duration: 0 })
    expect(run.last()).toMatchObject({ sub_type: 'lift_ban', duration: 0 })
    await mutter(run, 10001)
  })

  it('takes a flag of the group, the right to, and a time as for members', async () => {
    const run = await startSandbox()
    await mutter(run, 10001)
    const flag = flagOf(run)
    const mute = (params: object) => run.act('set_group_anonymous_ban', { group_id: 20001, flag, ...params })
    expect(await answerOf(run, mute({ flag: '9|Nobody' }))).toBe(
      '102 FLAG_NOT_FOUND: no anonymous speaker of the group Sandbox (20001) has the flag "9|Nobody"',
    )
    expect(await refusal(run, mute({ duration: 2_592_000 }))).toBe('refused DURATION_IS_NOT_IN_RANGE')
    expect(await answerOf(run, mute({ group_id: 20002 }))).toBe(
      '103 PERMISSION_DENIED: SeekYou (10000) is a plain member of the group Guests (20002); ' +
        'only its owner and its admins can mute anonymous speakers',
    )
  })
})
