import { BackendUnreachable, OutcomeUnknown } from '@seekyou/protocol'
import type { ActionHandler } from '@seekyou/protocol'
import { createTemporaryFolder, createVirtualClock, settle } from '@seekyou/testkit'
import { expect, test } from 'vitest'
import { RecordingSink, groupMessage, startAccount } from './scripted-account.ts'

const MINUTE = 60_000

/** An account whose sends are counted and done by `send`. */
async function startSender(
  dataDir: string,
  send: (nth: number, params: Record<string, unknown>) => Promise<unknown>,
  clock = createVirtualClock(),
) {
  const sent: Record<string, unknown>[] = []
  const handler = (async (params: Record<string, unknown>) => send(sent.push(params), params)) as ActionHandler
  const account = await startAccount(dataDir, {
    clock,
    actions: { send_group_msg: handler, send_private_msg: handler },
  })
  const gateway = account.gateway()
  const call = async (params: object, action = 'send_group_msg') => (await gateway.call({ action, params })).body
  return { account, sent, call, [Symbol.asyncDispose]: () => account[Symbol.asyncDispose]() }
}

const hello = { group_id: 20001, message: 'hello', _idempotency_key: 'a' }
const ok = (message_id: number) => ({ status: 'ok', retcode: 0, data: { message_id } })

test('a call without a key is done as often as it comes', async () => {
  await using folder = await createTemporaryFolder()
  await using sender = await startSender(folder.path, async (nth) => ({ message_id: nth }))
  const { _idempotency_key, ...plain } = hello
  expect([await sender.call(plain), await sender.call({ ...plain, _idempotency_key: null })]).toEqual([ok(1), ok(2)])
})

test('a call with a key is done once and answered alike, in whatever order its params come', async () => {
  await using folder = await createTemporaryFolder()
  await using sender = await startSender(folder.path, async (nth) => ({ message_id: nth }))
  expect(await sender.call(hello)).toEqual(ok(1))
  expect(await sender.call({ _idempotency_key: 'a', message: 'hello', group_id: 20001 })).toEqual(ok(1))
  expect(await sender.call({ ...hello, _idempotency_key: 'b' })).toEqual(ok(2))
  // The handler never sees the key.
  expect(Object.keys(sender.sent[0]!).toSorted()).toEqual(['group_id', 'message'])
})

test('a call that comes again while the first still runs waits for it', async () => {
  await using folder = await createTemporaryFolder()
  const done = Promise.withResolvers<object>()
  await using sender = await startSender(folder.path, () => done.promise)
  const calls = [sender.call(hello), sender.call(hello)]
  await settle()
  calls.push(sender.call(hello))
  done.resolve({ message_id: 7 })
  expect(await Promise.all(calls)).toEqual([ok(7), ok(7), ok(7)])
  expect(sender.sent).toHaveLength(1)
})

test('a call is known after a restart, for ten minutes', async () => {
  await using folder = await createTemporaryFolder()
  const clock = createVirtualClock()
  {
    await using sender = await startSender(folder.path, async () => ({ message_id: 7 }), clock)
    await sender.call(hello)
  }
  await using sender = await startSender(folder.path, async () => ({ message_id: 8 }), clock)
  await clock.advance(10 * MINUTE - 1)
  expect(await sender.call(hello)).toEqual(ok(7))
  await clock.advance(1)
  expect(await sender.call(hello)).toEqual(ok(8))
})

test('of a call that a restart cut off nobody knows the outcome, and it is not done again', async () => {
  await using folder = await createTemporaryFolder()
  const clock = createVirtualClock()
  {
    await using sender = await startSender(folder.path, () => new Promise(() => {}), clock)
    void sender.call(hello)
    await settle()
    expect(sender.sent).toHaveLength(1)
  }
  await using sender = await startSender(folder.path, async () => ({ message_id: 8 }), clock)
  expect(await sender.call(hello)).toMatchObject({ status: 'async', retcode: 1, data: null, msg: 'OUTCOME_UNKNOWN' })
  expect(sender.sent).toEqual([])
})

test('a call that failed was not done, so its repetition is', async () => {
  await using folder = await createTemporaryFolder()
  await using sender = await startSender(folder.path, async (nth) => {
    if (nth === 1) throw new BackendUnreachable('the network is gone')
    return { message_id: nth }
  })
  expect(await sender.call(hello)).toMatchObject({ status: 'failed', msg: 'BACKEND_UNREACHABLE' })
  expect(await sender.call(hello)).toEqual(ok(2))
})

test('a call that failed by a fault of ours may have been done, and is not repeated', async () => {
  await using folder = await createTemporaryFolder()
  await using sender = await startSender(folder.path, async () => {
    throw new Error('a bug')
  })
  expect(await sender.call(hello)).toMatchObject({ status: 'failed', retcode: 1500 })
  expect(await sender.call(hello)).toMatchObject({ status: 'async', msg: 'OUTCOME_UNKNOWN' })
  expect(sender.sent).toHaveLength(1)
})

test('an outcome that is not known is no failure, and is known once the network tells', async () => {
  await using folder = await createTemporaryFolder()
  const outcome = Promise.withResolvers<unknown>()
  await using sender = await startSender(folder.path, async (nth) => {
    if (nth > 1) return { message_id: nth }
    throw new OutcomeUnknown('the network did not answer within 30 s', { outcome: outcome.promise })
  })
  const unknown = {
    status: 'async',
    retcode: 1,
    data: null,
    msg: 'OUTCOME_UNKNOWN',
    wording: 'the network did not answer within 30 s',
    message: 'the network did not answer within 30 s',
  }
  expect(await sender.call(hello)).toEqual(unknown)
  expect(await sender.call(hello)).toMatchObject({ status: 'async', msg: 'OUTCOME_UNKNOWN' })
  // The network's echo of the account's own message.
  const { message_id } = (await sender.account.emit({
    ...groupMessage('hello', 1),
    post_type: 'message_sent',
  } as never)) as {
    message_id: number
  }
  outcome.resolve({ message_id })
  await expect.poll(() => sender.call(hello)).toEqual(ok(message_id))
  expect(sender.sent).toHaveLength(1)
})

test('an outcome that turns out to be a failure lets the call be done again', async () => {
  await using folder = await createTemporaryFolder()
  const outcome = Promise.withResolvers<unknown>()
  await using sender = await startSender(folder.path, async (nth) => {
    if (nth > 1) return { message_id: nth }
    throw new OutcomeUnknown('no answer', { outcome: outcome.promise })
  })
  await sender.call(hello)
  outcome.reject(new BackendUnreachable('it never got there'))
  await expect.poll(() => sender.call(hello)).toEqual(ok(2))
})

test('a call that is done later is answered alike, and done once', async () => {
  await using folder = await createTemporaryFolder()
  await using sender = await startSender(folder.path, async (nth) => ({ message_id: nth }))
  const later = { status: 'async', retcode: 1, data: null }
  expect(await sender.call(hello, 'send_group_msg_async')).toEqual(later)
  expect(await sender.call(hello, 'send_group_msg_async')).toEqual(later)
  await settle()
  expect(sender.sent).toHaveLength(1)
})

test('a key is for one call, and is text', async () => {
  await using folder = await createTemporaryFolder()
  await using sender = await startSender(folder.path, async (nth) => ({ message_id: nth }))
  await sender.call(hello)
  expect(await sender.call({ ...hello, message: 'other' })).toMatchObject({
    retcode: 100,
    wording: '_idempotency_key "a" was used for another call within the last ten minutes',
  })
  expect(await sender.call(hello, 'send_private_msg')).toMatchObject({ retcode: 100 })
  for (const key of ['', 'x'.repeat(256), {}, [1]]) {
    expect(await sender.call({ ...hello, _idempotency_key: key })).toMatchObject({
      retcode: 100,
      wording: expect.stringContaining('_idempotency_key takes'),
    })
  }
  expect(await sender.call({ ...hello, _idempotency_key: 5 })).toEqual(ok(2))
  expect(await sender.call({ ...hello, _idempotency_key: '5' })).toEqual(ok(2))
  expect(sender.sent).toHaveLength(2)
})

test('an event that is told again is not answered twice by its quick operation', async () => {
  await using folder = await createTemporaryFolder()
  await using sender = await startSender(folder.path, async (nth) => ({ message_id: nth }))
  const { account, sent } = sender
  const hook = { lifecycle: 'enable', name: 'hook', kind: 'webhook' } as const
  const before = new RecordingSink(account.gateway(), hook)
  await settle()
  await account.emit(groupMessage('hi', 1))
  await before.subscription.quickOperation(before.told[1]!, { reply: 'hello' })
  before.subscription.end()
  const after = new RecordingSink(account.gateway(), hook)
  await expect.poll(() => after.told).toHaveLength(2)
  await after.subscription.quickOperation(after.told[1]!, { reply: 'hello once more' })
  expect(sent).toHaveLength(1)
})
