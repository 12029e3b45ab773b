import { invoke } from '@seekyou/actions'
import { expect, it } from 'vitest'
import { createFakeCall } from '../fake-call.ts'

it.each([
  ['set_msg_emoji_like', { message_id: 7, emoji_id: 66 }, true],
  ['set_msg_emoji_like', { message_id: 7, emoji_id: '66', set: 'false' }, false],
  ['unset_msg_emoji_like', { message_id: '7', emoji_id: 66 }, false],
  ['set_group_reaction', { group_id: 20001, message_id: 7, code: '66', is_add: true }, true],
  ['set_group_reaction', { group_id: 20001, message_id: 7, code: 66, is_add: false }, false],
])('%s with %j is the one reaction that backends know', async (action, params, set) => {
  const { call, done } = createFakeCall({ answers: { set_msg_emoji_like: null } })
  expect(await invoke({ action, params }, call)).toEqual({ type: 'done', data: null })
  expect(done).toEqual([{ action: 'set_msg_emoji_like', params: { message_id: 7, emoji_id: '66', set } }])
})
