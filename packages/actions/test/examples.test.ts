import { catalogue, invoke, readParams } from '@seekyou/actions'
import type { Action, ActionName } from '@seekyou/actions'
import { describe, expect, it } from 'vitest'
import { createFakeCall } from './fake-call.ts'

const rows = Object.entries<Action>(catalogue).map(([name, action]) => ({
  name: name as ActionName,
  action,
  ...action.example,
}))

/** The same params as a form carries them. */
function asText(params: object): object {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
    ]),
  )
}

describe('the example', () => {
  it.each(rows)('of $name fits its schemas', ({ name, action, params, data }) => {
    expect(readParams(name, action, params)).toBeTypeOf('object')
    expect(action.data.parse(data)).toEqual(data)
  })

  it.each(rows)('of $name reads the same from text, and with what no action knows beside it', (row) => {
    const { name, action, params } = row
    const read = readParams(name, action, params)
    expect(readParams(name, action, asText(params))).toEqual(read)
    const more = { self_id: 10000, access_token: 'T', _timeout: 60, echo: 1, sender: null, post_type: 'message' }
    expect(readParams(name, action, { ...more, ...params })).toEqual(read)
  })

  it.each(rows.filter(({ action }) => !action.run))('of $name is what a backend is asked and answers', async (row) => {
    const { name, action, params, data } = row
    const { call, done } = createFakeCall({ answers: { [name]: data } })
    expect(await invoke({ action: name, params }, call)).toEqual({ type: 'done', data })
    expect(done).toEqual([{ action: name, params: readParams(name, action, params) }])
  })
})

describe('an action that takes something away from people', () => {
  it.each([
    'delete_msg',
    'delete_essence_msg',
    'set_group_kick',
    'set_group_ban',
    'set_group_anonymous_ban',
    'set_group_whole_ban',
    'set_group_admin',
    'set_group_leave',
    'set_discuss_leave',
    'delete_friend',
    'delete_unidirectional_friend',
    'delete_group_file',
    'delete_group_folder',
    '_del_group_notice',
    'delete_guild_role',
    'set_guild_member_role',
  ] as const)('is told apart: %s', (name) => {
    expect(catalogue[name].isUnsafe).toBe(true)
  })

  it.each(['send_group_msg', 'get_msg', 'set_group_card', 'upload_group_file'] as const)('is not %s', (name) => {
    expect(catalogue[name].isUnsafe).toBeUndefined()
  })
})
