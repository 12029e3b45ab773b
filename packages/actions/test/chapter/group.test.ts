import { invoke } from '@seekyou/actions'
import { ActionFailure } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { createFakeCall } from '../fake-call.ts'

describe('get_group_shut_list', () => {
  const params = { group_id: 20001 }
  const member = { nickname: '小明', card: '' }
  const ask = (answer: unknown) => {
    const { call } = createFakeCall({ answers: { get_group_member_list: answer } })
    return { call, outcome: invoke({ action: 'get_group_shut_list', params }, call) }
  }

  it('lists who is still muted, under the names of every implementation', async () => {
    const { clock } = createFakeCall({})
    const now = Math.floor(clock.now() / 1000)
    const { outcome } = ask([
      { ...member, user_id: 10001, shut_up_timestamp: 0 },
      { ...member, user_id: 10002, nickname: '小红', card: '课代表', shut_up_timestamp: now + 60 },
      { ...member, user_id: 10003, shut_up_timestamp: now - 60 },
    ])
    expect(await outcome).toEqual({
      type: 'done',
      data: [
        {
          user_id: 10002,
          nickname: '小红',
          shut_up_time: now + 60,
          uin: '10002',
          nick: '小红',
          cardName: '课代表',
          shutUpTime: now + 60,
        },
      ],
    })
  })

  it.each([[[{ ...member, user_id: 0, shut_up_timestamp: 2 ** 40 }, { user_id: 10002 }, null, 'x']], [{}], [null]])(
    'names nobody of whom the network does not say who it is: %j',
    async (answer) => {
      expect(await ask(answer).outcome).toEqual({ type: 'done', data: [] })
    },
  )

  it('fails as the list of members fails', async () => {
    const failure = new ActionFailure('no-data', 'there is no group 20001')
    expect(await ask(failure).outcome).toEqual({ type: 'failed', failure })
  })

  it('is there where members are listed', () => {
    expect(ask([]).call.supported()).toContain('get_group_shut_list')
    expect(createFakeCall({}).call.supported()).not.toContain('get_group_shut_list')
  })
})
