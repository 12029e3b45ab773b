import { createTemporaryFolder, settle } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { RecordingSink, groupMessage, startAccount } from './scripted-account.ts'

test('a trace tells what became of an event, which calls belong to it, and how that is known', async () => {
  await using folder = await createTemporaryFolder()
  let send: () => Promise<unknown> = async () => null
  const actions = { send_group_msg: () => send(), set_group_ban: async () => null }
  await using account = await startAccount(folder.path, { actions })
  let messageSeq = 1
  send = async () => {
    const { message_id } = (await account.emit({
      ...groupMessage('reply', ++messageSeq),
      post_type: 'message_sent',
    } as never)) as { readonly message_id: number }
    return { message_id }
  }
  const hook = new RecordingSink(account.gateway(), { lifecycle: 'enable', name: 'hook', kind: 'webhook' })
  const bot = new RecordingSink(account.gateway(), { lifecycle: 'connect', kind: 'ws' })
  const filtered = new RecordingSink(account.gateway({}, { user_id: 1 }), { lifecycle: 'connect', kind: 'ws' })
  await settle()
  await account.emit(groupMessage('hello', 1))
  hook.subscription.attempted(hook.told[1]!, { outcome: 'acknowledged', tries: 1, status: 200 })
  await hook.subscription.quickOperation(hook.told[1]!, { ban: true })
  const say = (message: unknown, group_id = 20001) => ({ action: 'send_group_msg', params: { group_id, message } })
  await bot.subscription.call(say('right away'))
  await bot.subscription.call(say('elsewhere', 20002))
  await filtered.subscription.call(say('had not the event'))
  await account.gateway().call(say('[CQ:reply,id=1]yes'))
  await account.gateway().call(say([{ type: 'reply', data: { id: '1' } }]))
  await account.gateway().call({ action: 'get_msg', params: { message_id: '1' } })
  await account.clock.advance(60_000)
  await bot.subscription.call(say('much later'))

  const trace = await account.account.trace(1)
  expect(trace).toMatchObject({ seq: 1, event: { raw_message: 'hello' } })
  expect(trace.deliveries).toMatchObject([
    { link: 'ws#1', outcome: 'written' },
    { link: 'ws#2', outcome: 'filtered' },
    { link: 'hook', outcome: 'acknowledged' },
  ])
  expect(
    trace.calls.map(({ action, params, relation }) => [relation, action, (params as { message?: unknown }).message]),
  ).toEqual([
    ['quick_operation', '.handle_quick_operation', undefined],
    ['came_after', 'send_group_msg', 'right away'],
    ['names_it', 'send_group_msg', '[CQ:reply,id=1]yes'],
    ['names_it', 'send_group_msg', [{ type: 'reply', data: { id: '1' } }]],
    ['names_it', 'get_msg', undefined],
  ])
  expect((await account.account.trace(2)).calls).toMatchObject([
    { relation: 'made_it', params: { message: 'right away' } },
  ])
  await expect(account.account.trace(99)).rejects.toThrow('there is no event 99')
})

test('a request is named by its flag', async () => {
  await using folder = await createTemporaryFolder()
  await using account = await startAccount(folder.path, { actions: { set_friend_add_request: async () => null } })
  const request = { post_type: 'request', request_type: 'friend', user_id: 10002, comment: 'hi', flag: 'f-1' }
  await account.emit(request as never)
  await account.gateway().call({ action: 'set_friend_add_request', params: { flag: 'f-1' } })
  await account.gateway().call({ action: 'set_friend_add_request', params: { flag: 'f-2' } })
  expect((await account.account.trace(1)).calls).toMatchObject([{ relation: 'names_it', params: { flag: 'f-1' } }])
})
