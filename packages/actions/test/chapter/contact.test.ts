import { invoke } from '@seekyou/actions'
import { describe, expect, it } from 'vitest'
import { createFakeCall } from '../fake-call.ts'

const ming = { user_id: 10001, nickname: '小明', remark: '同学' }
const hong = { user_id: 10002, nickname: '小红', remark: '' }
const groups = [
  { friend_group_id: 1, friend_group_name: '我的好友', friends: [ming] },
  { friend_group_id: 5, friend_group_name: '同学', friends: [hong] },
]

async function dataOf(action: string, params: object): Promise<unknown> {
  const { call } = createFakeCall({ answers: { _get_friend_list: groups } })
  const outcome = await invoke({ action, params }, call)
  return outcome.type === 'done' ? outcome.data : outcome
}

describe('the friends in their groups', () => {
  it('are what the backend gives', async () => {
    expect(await dataOf('_get_friend_list', {})).toEqual(groups)
  })

  it('stand side by side when asked for flat', async () => {
    expect(await dataOf('_get_friend_list', { flat: 'yes' })).toEqual({
      friend_groups: [
        { friend_group_id: 1, friend_group_name: '我的好友' },
        { friend_group_id: 5, friend_group_name: '同学' },
      ],
      friends: [
        { ...ming, friend_group_id: 1 },
        { ...hong, friend_group_id: 5 },
      ],
    })
  })

  it('have other names in get_friends_with_category', async () => {
    expect(await dataOf('get_friends_with_category', {})).toEqual([
      { categoryId: 1, categoryName: '我的好友', categorySortId: 0, categoryMbCount: 1, buddyList: [ming] },
      { categoryId: 5, categoryName: '同学', categorySortId: 1, categoryMbCount: 1, buddyList: [hong] },
    ])
  })

  it.each(['_get_friend_list', 'get_friends_with_category'])(
    'are more than %s can tell of some networks',
    async (name) => {
      const { call } = createFakeCall({})
      expect(call.supported()).not.toContain(name)
      expect(await invoke({ action: name, params: {} }, call)).toMatchObject({
        type: 'failed',
        failure: { kind: 'unsupported' },
      })
    },
  )
})

describe('send_poke', () => {
  it.each([
    [{ user_id: 10001 }, 'friend_poke', { user_id: 10001 }],
    [{ user_id: 10001, group_id: 0, target_id: 10000 }, 'friend_poke', { user_id: 10001, target_id: 10000 }],
    [{ user_id: '10001', group_id: '20001' }, 'group_poke', { user_id: 10001, group_id: 20001 }],
    [{ user_id: 10001, group_id: 20001, target_id: 10002 }, 'group_poke', { user_id: 10002, group_id: 20001 }],
  ])('with %j is %s', async (params, action, given) => {
    const { call, done } = createFakeCall({ answers: { friend_poke: null, group_poke: null } })
    expect(await invoke({ action: 'send_poke', params }, call)).toEqual({ type: 'done', data: null })
    expect(done).toEqual([{ action, params: given }])
  })
})

it.each([0, -1, 1.5, 'many'])('send_like is not sent %j times', async (times) => {
  const { call, done } = createFakeCall({ answers: { send_like: null } })
  expect(await invoke({ action: 'send_like', params: { user_id: 10001, times } }, call)).toMatchObject({
    failure: { kind: 'bad-params', message: expect.stringMatching(/^send_like: times takes /u) },
  })
  expect(done).toEqual([])
})

it('set_qq_profile is given only what was there', async () => {
  const { call, done } = createFakeCall({ answers: { set_qq_profile: null } })
  await invoke({ action: 'set_qq_profile', params: { nickname: '小助手', email: '', company: null } }, call)
  expect(done[0]?.params).toEqual({ nickname: '小助手', email: '' })
})
