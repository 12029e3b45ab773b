import { expect, test } from 'vitest'
import { startBridge, text } from './run.ts'

const group_id = 20001

/** A message event of a generic implementation, in the fewest words. */
const message = (message_id: unknown, words: string, more: object = {}) => ({
  post_type: 'message',
  message_type: 'group',
  time: 1_700_000_000,
  group_id,
  user_id: 10001,
  message_id,
  message: text(words),
  sender: { user_id: 10001, nickname: 'Alice' },
  ...more,
})

const idsOf = (events: readonly object[]) =>
  events.flatMap((event) => ('message_id' in event ? [event.message_id] : []))

test('an event that comes twice is told once, also after a restart', async () => {
  await using first = await startBridge('generic')
  first.upstream.tell(message(-7, 'hi', { message_seq: 3 }))
  first.upstream.tell(message(-7, 'hi', { message_seq: 3 }))
  first.upstream.tell(message('text-id', 'next'))
  await first.hears({ message: text('next') })
  expect(idsOf(first.host.events)).toEqual([1, 2])
  await first.backend.stop()

  await using second = await startBridge('generic', { upstream: first.upstream, kept: first.host.memory })
  second.upstream.tell(message(-7, 'hi', { message_seq: 3 }))
  second.upstream.tell(message('text-id', 'next'))
  second.upstream.tell(message(8, 'new'))
  await second.hears({ message: text('new') })
  expect(idsOf(second.host.events)).toEqual([3])
  await second.backend.stop()
})

test('two messages of which an upstream makes one id are two', async () => {
  await using run = await startBridge('generic')
  run.upstream.tell(message(5, 'one', { message_seq: 1 }))
  run.upstream.tell(message(5, 'another', { message_seq: 2 }))
  run.upstream.tell({ ...message(5, 'in another chat', { message_seq: 1 }), group_id: 20002 })
  await run.hears({ message: text('in another chat') })
  await run.hears({ message: text('another') })
  expect(run.host.events).toHaveLength(3)
})

test('a quotation names the quoted message by our id, also one that was never heard', async () => {
  await using run = await startBridge('generic')
  run.upstream.tell(message(1001, 'first'))
  const quote = (id: number) => [{ type: 'reply', data: { id } }, ...text('so')]
  run.upstream.tell(message(1002, '', { message: quote(1001) }))
  run.upstream.tell(message(1003, '', { message: quote(999) }))
  run.upstream.tell(message(1004, 'last'))
  await run.hears({ message: text('last') })
  const quoted = run.host.events.map((event) => ('message' in event ? event.message[0]?.data['id'] : undefined))
  expect(quoted).toEqual([undefined, '1', '3', undefined])
  expect(idsOf(run.host.events)).toEqual([1, 2, 4, 5])
  await run.act('set_essence_msg', { message_id: 3 }).catch(() => undefined)
  expect(run.upstream.paramsOf('set_essence_msg')).toEqual([{ message_id: 999 }])
})

test('the oldest ids are let go, and the newest stay', async () => {
  await using run = await startBridge('generic', { remembered_ids: 1000 })
  for (let id = 1; id <= 1010; id++) run.upstream.tell(message(id + 50_000, `message ${id}`))
  await run.hears({ message: text('message 1010') })
  await expect.poll(() => run.host.memory.state.size).toBe(2000)
  expect(run.host.memory.state.has('message 10')).toBe(false)
  expect(run.host.memory.state.has('message 11')).toBe(true)
})

test('whatever an upstream sends, nothing breaks and what is good is told', async () => {
  await using run = await startBridge('generic')
  const odd: object[] = [
    { post_type: 'message' },
    { post_type: 'message', message_type: 'group', group_id: -1, message_id: 1 },
    message({}, 'x'),
    message(1, 'x', { user_id: 'nobody', sender: null }),
    message(2, 'x', {
      message: [
        null,
        7,
        { type: 9 },
        { type: 'text' },
        { type: 'a b', data: [] },
        { type: 'at', data: { qq: 7, deep: { a: 1 } } },
      ],
    }),
    { post_type: 'notice' },
    { post_type: 'notice', notice_type: 'group_ban', group_id, user_id: 'x' },
    { post_type: 'request', request_type: 'friend' },
    { post_type: 7 },
    { post_type: 'meta_event', meta_event_type: 'heartbeat', status: 'fine', interval: 'often' },
  ]
  for (const event of odd) run.upstream.tell(event as never)
  run.upstream.tell(message(3, 'good'))
  await run.hears({ message: text('good') })
  expect(run.backend.condition()).toEqual({ phase: 'online' })
})
