import { createTemporaryFolder, settle } from '@seekyou/testkit'
import { describe, expect, test, vi } from 'vitest'
import { RecordingSink, groupMessage, openLink, startAccount } from './scripted-account.ts'

const named = { lifecycle: 'connect', name: 'bot', kind: 'reverse-ws' } as const
const live = { lifecycle: 'connect', kind: 'ws' } as const

describe('a link that an operator pauses', () => {
  test('is told nothing until it is resumed, then everything in order, however old it is', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path, { heartbeatInterval: 5 })
    const [sink, other] = [new RecordingSink(account.gateway(), live), new RecordingSink(account.gateway(), live)]
    await account.account.links.pause('ws#1')
    await account.emit(groupMessage('one', 1))
    await account.clock.advance(3_600_000)
    await account.emit(groupMessage('two', 2))
    expect(sink.told).toHaveLength(1)
    expect(other.texts).toEqual(['one', 'two'])
    expect(await account.account.links.list()).toMatchObject([
      { id: 'ws#1', isHeld: true, lag: 2 },
      { id: 'ws#2', isHeld: false },
    ])
    await account.account.links.resume('ws#1')
    await vi.waitFor(() => expect(sink.texts).toEqual(['one', 'two']))
    await account.emit(groupMessage('three', 3))
    expect(sink.texts).toEqual(['one', 'two', 'three'])
  })

  test('stays paused on its next connection, if it has a name, and keeps its place', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const before = new RecordingSink(account.gateway(), named)
    await settle()
    await account.account.links.pause('bot')
    await account.emit(groupMessage('one', 1))
    before.subscription.end()
    expect(await account.account.links.list()).toMatchObject([{ id: 'bot', isHeld: true, lag: 1 }])
    const after = new RecordingSink(account.gateway(), named)
    await settle()
    await account.emit(groupMessage('two', 2))
    await settle()
    expect(after.texts).toEqual([])
    await account.account.links.resume('bot')
    await vi.waitFor(() => expect(after.texts).toEqual(['one', 'two']))
  })

  test('is still told nothing when its client takes more again', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway(), live)
    sink.room = 1
    await account.emit(groupMessage('one', 1))
    await account.account.links.pause('ws#1')
    sink.room = 10
    sink.subscription.resume()
    await account.emit(groupMessage('two', 2))
    await settle()
    expect(sink.texts).toEqual(['one'])
    await account.account.links.resume('ws#1')
    await vi.waitFor(() => expect(sink.texts).toEqual(['one', 'two']))
  })

  test('shows in the tap, once for each change', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    openLink(account.gateway(), live)
    await account.account.links.pause('ws#1')
    await account.account.links.pause('ws#1')
    await account.account.links.resume('ws#1')
    const { records } = account.account.tap!.read({ limit: 10 })
    expect(records).toMatchObject([{ held: false }, { held: true }, { held: false }])
  })

  test('must be one that there is', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    openLink(account.gateway(), live)
    await expect(account.account.links.pause('nope')).rejects.toThrow('there is no link "nope"; there are: ws#1')
    await expect(account.account.links.resume('nope')).rejects.toThrow('there is no link "nope"')
  })
})

describe('an event that an operator tells again', () => {
  test('goes to one link, moves no cursor, and its quick operation is done once more', async () => {
    await using folder = await createTemporaryFolder()
    const banned: unknown[] = []
    const actions = { set_group_ban: async (params: unknown) => void banned.push(params) }
    await using account = await startAccount(folder.path, { actions })
    const hook = new RecordingSink(account.gateway(), { lifecycle: 'enable', name: 'hook', kind: 'webhook' })
    const other = new RecordingSink(account.gateway(), live)
    await settle()
    await account.emit(groupMessage('rude', 1))
    await hook.subscription.quickOperation(hook.told[1]!, { ban: true })
    hook.subscription.taken(1)
    expect(await account.account.links.replay('hook', { seq: 1 })).toBe('written')
    expect(hook.texts).toEqual(['rude', 'rude'])
    expect(other.texts).toEqual(['rude'])
    expect(hook.told[2]!.seq).toBeUndefined()
    await hook.subscription.quickOperation(hook.told[2]!, { ban: true })
    expect(banned).toHaveLength(2)
    hook.subscription.attempted(hook.told[2]!, { outcome: 'acknowledged', tries: 1, status: 200 })
    const { records } = account.account.tap!.read({ limit: 100 })
    expect(records.at(-1)).toMatchObject({ seq: 1, link: 'hook', outcome: 'acknowledged', is_replay: true })
    expect(await account.account.links.list()).toMatchObject([{ id: 'hook', cursor: 1 }, {}])
  })

  test('waits where the link takes nothing now, in a bounded number', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway(), live)
    await account.emit(groupMessage('one', 1))
    await account.account.links.pause('ws#1')
    for (let time = 0; time < 100; time++)
      expect(await account.account.links.replay('ws#1', { seq: 1 })).toBe('waiting')
    await expect(account.account.links.replay('ws#1', { seq: 1 })).rejects.toThrow('100 events to tell again already')
    await account.account.links.resume('ws#1')
    await vi.waitFor(() => expect(sink.texts).toHaveLength(101))
  })

  test('passes the filter of the link or is not told', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway({}, { raw_message: 'help' }), live)
    await account.emit(groupMessage('one', 1))
    expect(await account.account.links.replay('ws#1', { seq: 1 })).toBe('unwanted')
    expect(sink.texts).toEqual([])
    const { records } = account.account.tap!.read({ limit: 100 })
    expect(records.at(-1)).toMatchObject({ outcome: 'filtered', is_replay: true, clause: { field: 'raw_message' } })
  })

  test('may be one that the operator wrote', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway(), live)
    const said = { message_type: 'group', group_id: 20001, user_id: 10001, message: '[CQ:face,id=1]hi' }
    expect(await account.account.links.replay('ws#1', { event: { post_type: 'message', ...said } })).toBe('written')
    const notice = { post_type: 'notice', notice_type: 'of_tomorrow', group_id: 20001, extra: { a: 1 } }
    expect(await account.account.links.replay('ws#1', { event: notice })).toBe('written')
    expect(sink.events.slice(1)).toMatchObject([
      { ...said, post_type: 'message', self_id: 10000, raw_message: '[CQ:face,id=1]hi', sender: { user_id: 10001 } },
      { ...notice, self_id: 10000 },
    ])
  })

  test.each([
    [{ post_type: 'nonsense' }, 'event: post_type takes message, message_sent, notice or request, not "nonsense"'],
    [{}, 'event: post_type takes message, message_sent, notice or request, not undefined'],
    [{ post_type: 'message', message_type: 'group', user_id: 1, message: 'hi' }, /event\.group_id: a positive integer/],
    [{ post_type: 'message', message_type: 'group', user_id: 1, group_id: 1, message: [1] }, /event: message\[0\]/],
    [{ post_type: 'message', message_type: 'moon', message: '' }, /event\.message_type/],
  ])('%j is refused with what is wrong', async (event, problem) => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    openLink(account.gateway(), live)
    await expect(account.account.links.replay('ws#1', { event })).rejects.toThrow(problem)
  })

  test('must be there, and so must the link', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    openLink(account.gateway(), live)
    await expect(account.account.links.replay('ws#1', { seq: 7 })).rejects.toThrow('there is no event 7 in the journal')
    await expect(account.account.links.replay('bot', { seq: 7 })).rejects.toThrow('no link "bot" is connected')
  })
})
