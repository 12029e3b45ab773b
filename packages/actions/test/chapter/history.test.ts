import { catalogue, invoke } from '@seekyou/actions'
import { BackendRefused } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { createFakeCall } from '../fake-call.ts'
import { storedExample } from '../stored-example.ts'

const inGroup = Array.from({ length: 30 }, (_, index) => storedExample(index + 1))
const others = [storedExample(31, { group_id: 20002 })]
const heard = storedExample(101, { message_type: 'private' })
const said = storedExample(102, {
  message_type: 'private',
  post_type: 'message_sent',
  user_id: 10000,
  target_id: 10001,
  sender: { user_id: 10000, nickname: '小助手' },
})
const stored = [...inGroup, ...others, heard, said]

type Setup = Parameters<typeof createFakeCall>[0]

async function idsOf(action: string, params: object, setup: Setup = {}): Promise<readonly number[]> {
  const { call } = createFakeCall({ stored, ...setup })
  const outcome = await invoke({ action, params }, call)
  if (outcome.type !== 'done') throw new Error('no history', { cause: outcome })
  return (outcome.data as { messages: readonly { message_id: number }[] }).messages.map(({ message_id }) => message_id)
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

describe('get_group_msg_history', () => {
  it.each([
    ['without a seq: the newest 20', {}, range(11, 30)],
    ['with seq 0', { message_seq: 0 }, range(11, 30)],
    ['with no text for a seq', { message_seq: '', message_id: 0 }, range(11, 30)],
    ['up to a seq, itself included', { message_seq: '25' }, range(6, 25)],
    ['near the first', { message_seq: 3 }, [1, 2, 3]],
    ['up to a seq that nothing has', { message_seq: 1000 }, range(11, 30)],
    ['as many as are asked for', { count: '3' }, [28, 29, 30]],
    ['newest first', { count: 3, reverseOrder: true }, [30, 29, 28]],
    ['newest first, in another spelling', { count: 3, reverse_order: 'true' }, [30, 29, 28]],
    ['up to a message', { message_id: 12, count: 2 }, [11, 12]],
    ['up to a message rather than a seq', { message_id: 12, message_seq: 12_345, count: 2 }, [11, 12]],
    ['up to the seq, where the message is of another chat', { message_id: 31, message_seq: 9, count: 2 }, [8, 9]],
    ['up to the seq, where nobody knows the message', { message_id: 999, message_seq: 9, count: 2 }, [8, 9]],
  ])('tells the messages %s', async (_, params, ids) => {
    expect(await idsOf('get_group_msg_history', { group_id: 20001, ...params })).toEqual(ids)
  })

  it('asks a network that remembers for what is missing here, and does without where it fails', async () => {
    const here = inGroup.slice(-2)
    const answers = {
      get get_group_msg_history() {
        here.unshift(...inGroup.slice(0, 28))
        return null
      },
    }
    expect(await idsOf('get_group_msg_history', { group_id: 20001 }, { stored: here, answers })).toEqual(range(11, 30))
    const failing = { get_group_msg_history: new BackendRefused('no') }
    const left = inGroup.slice(-2)
    expect(await idsOf('get_group_msg_history', { group_id: 20001 }, { stored: left, answers: failing })).toEqual([
      29, 30,
    ])
    const asked = createFakeCall({ stored, answers })
    await invoke({ action: 'get_group_msg_history', params: { group_id: 20001 } }, asked.call)
    expect(asked.done).toEqual([])
  })

  it('tells whole events, and whether they were recalled', async () => {
    const recalled = { ...storedExample(1), recalled: true }
    const { call } = createFakeCall({ stored: [recalled], format: 'string' })
    const outcome = await invoke({ action: 'get_group_msg_history', params: { group_id: 20001 } }, call)
    const { event } = recalled
    expect(outcome).toEqual({
      type: 'done',
      data: { messages: [{ ...event, message: 'hi', raw_message: 'hi', recalled: true }] },
    })
    const data = outcome.type === 'done' ? outcome.data : undefined
    expect(catalogue.get_group_msg_history.data.parse(data)).toEqual(data)
  })

  it.each([0, -1, 1001, 'all'])('takes no count of %j', async (count) => {
    const { call } = createFakeCall({ stored })
    expect(await invoke({ action: 'get_group_msg_history', params: { group_id: 20001, count } }, call)).toMatchObject({
      failure: { kind: 'bad-params', message: expect.stringMatching(/^get_group_msg_history: count takes /u) },
    })
  })

  it('of a group in which nothing was said is empty', async () => {
    expect(await idsOf('get_group_msg_history', { group_id: 20003 })).toEqual([])
    expect(await idsOf('get_group_msg_history', { group_id: 20003 }, { answers: { get_group_info: {} } })).toEqual([])
  })

  it('of a group that is not there fails as the network says', async () => {
    const failure = new BackendRefused('there is no group 20003', { code: 'GROUP_NOT_FOUND', kind: 'no-data' })
    const { call } = createFakeCall({ stored, answers: { get_group_info: failure } })
    const outcome = await invoke({ action: 'get_group_msg_history', params: { group_id: 20003 } }, call)
    expect(outcome).toEqual({ type: 'failed', failure })
  })
})

describe('get_friend_msg_history', () => {
  it('tells both sides of a private chat', async () => {
    expect(await idsOf('get_friend_msg_history', { user_id: 10001 })).toEqual([101, 102])
    expect(await idsOf('get_friend_msg_history', { user_id: '10001', message_seq: 101 })).toEqual([101])
  })

  it('with a person that is not there fails as the network says', async () => {
    const failure = new BackendRefused('there is no user 10009', { kind: 'no-data' })
    const { call } = createFakeCall({ stored, answers: { get_stranger_info: failure } })
    const outcome = await invoke({ action: 'get_friend_msg_history', params: { user_id: 10009 } }, call)
    expect(outcome).toEqual({ type: 'failed', failure })
  })
})

describe('mark_msg_as_read', () => {
  it('is done by a backend that knows such marks', async () => {
    const { call, done } = createFakeCall({ stored, answers: { mark_msg_as_read: null } })
    const outcome = await invoke({ action: 'mark_msg_as_read', params: { message_id: '7' } }, call)
    expect(outcome).toEqual({ type: 'done', data: null })
    expect(done).toEqual([{ action: 'mark_msg_as_read', params: { message_id: 7 } }])
  })

  it('needs no more than the message where the backend knows none', async () => {
    const { call } = createFakeCall({ stored })
    const outcome = await invoke({ action: 'mark_msg_as_read', params: { message_id: 7 } }, call)
    expect(outcome).toEqual({ type: 'done', data: null })
  })

  it.each([{ mark_msg_as_read: null }, {}])('fails for a message that is not there', async (answers) => {
    const { call, done } = createFakeCall({ stored, answers })
    const outcome = await invoke({ action: 'mark_msg_as_read', params: { message_id: 999 } }, call)
    expect(outcome).toMatchObject({ type: 'failed', failure: { kind: 'no-data', code: 'MESSAGE_NOT_FOUND' } })
    expect(done).toEqual([])
  })
})
