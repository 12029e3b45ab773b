import { createTemporaryFolder, createVirtualClock, settle } from '@seekyou/testkit'
import { describe, expect, test, vi } from 'vitest'
import { RecordingSink, groupMessage, startAccount } from './scripted-account.ts'

/** Says "1", "2", … one after the other, from `first` to `last`. */
async function sayNumbers(account: Awaited<ReturnType<typeof startAccount>>, first: number, last: number) {
  for (let number = first; number <= last; number++) await account.emit(groupMessage(String(number), number))
}

const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => String(first + index))

describe('a link that keeps up', () => {
  test('is told its lifecycle event first, then every event in order', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway())
    await sayNumbers(account, 1, 3)
    expect(sink.events[0]).toMatchObject({ meta_event_type: 'lifecycle', sub_type: 'connect', self_id: 10000 })
    expect(sink.texts).toEqual(['1', '2', '3'])
    expect(sink.told.map(({ seq }) => seq)).toEqual([undefined, 1, 2, 3])
  })

  test('shares its bytes with every other link of the same form', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const [one, other] = [new RecordingSink(account.gateway()), new RecordingSink(account.gateway())]
    const arrays = new RecordingSink(account.gateway({ message_format: 'array' }))
    await account.emit(groupMessage('hello', 1))
    expect(one.told[1]).toBe(other.told[1])
    expect(one.events[1]).toMatchObject({ message: 'hello' })
    expect(arrays.events[1]).toMatchObject({ message: [{ type: 'text', data: { text: 'hello' } }] })
  })

  test('hears everything once and in order when many events come in one turn', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway())
    const friendAdded = { post_type: 'notice', notice_type: 'friend_add', user_id: 10001 } as never
    await Promise.all(
      numbers(1, 200).map((text, index) => account.emit(index % 3 === 0 ? friendAdded : groupMessage(text, index + 1))),
    )
    await settle()
    expect(sink.told.map(({ seq }) => seq)).toEqual([undefined, ...Array.from({ length: 200 }, (_, i) => i + 1)])
  })

  test('is not told what the account itself said, unless it asks for it', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway())
    const mirror = new RecordingSink(account.gateway({ report_self_message: true }))
    await account.emit({ ...groupMessage('mine', 1), post_type: 'message_sent' } as never)
    await account.emit(groupMessage('theirs', 2))
    expect(sink.texts).toEqual(['theirs'])
    expect(mirror.texts).toEqual(['mine', 'theirs'])
  })

  test('is told only what its filter lets pass, and its lifecycle event in any case', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path, { heartbeatInterval: 5 })
    const sink = new RecordingSink(account.gateway({}, { raw_message: { '.contains': '2' } }))
    await sayNumbers(account, 1, 3)
    await account.clock.advance(5_000)
    expect(sink.events.map((event) => event['raw_message'] ?? event['meta_event_type'])).toEqual(['lifecycle', '2'])
  })
})

describe('a link that asks for a pause', () => {
  test('is told nothing until it resumes, then goes on where it stopped', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway())
    sink.room = 1
    await sayNumbers(account, 1, 300)
    expect(sink.texts).toEqual(['1'])
    sink.room = 150
    sink.subscription.resume()
    await vi.waitFor(() => expect(sink.texts).toEqual(numbers(1, 151)))
    sink.room = Number.POSITIVE_INFINITY
    sink.subscription.resume()
    await vi.waitFor(() => expect(sink.texts).toEqual(numbers(1, 300)))
    await sayNumbers(account, 301, 301)
    expect(sink.texts.at(-1)).toBe('301')
  })

  test('does not delay any other link', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const [slow, quick] = [new RecordingSink(account.gateway()), new RecordingSink(account.gateway())]
    slow.room = 0
    await sayNumbers(account, 1, 50)
    expect(quick.texts).toEqual(numbers(1, 50))
  })

  test('misses no event that comes while it reads the journal', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway())
    sink.room = 1
    await sayNumbers(account, 1, 100)
    sink.room = Number.POSITIVE_INFINITY
    sink.subscription.resume()
    await Promise.all(numbers(101, 200).map((text) => account.emit(groupMessage(text, Number(text)))))
    await vi.waitFor(() => expect(sink.texts).toEqual(numbers(1, 200)))
  })

  test('gets no heartbeats meanwhile: they are about now', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path, { heartbeatInterval: 5 })
    const sink = new RecordingSink(account.gateway())
    sink.room = 1
    await sayNumbers(account, 1, 1)
    await account.clock.advance(20_000)
    expect(sink.events.filter((event) => event['meta_event_type'] === 'heartbeat')).toEqual([])
  })
})

describe('a named link', () => {
  const named = { lifecycle: 'connect', name: 'nonebot' } as const

  test('gets what it missed while it was away, oldest first', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const before = new RecordingSink(account.gateway(), named)
    await settle()
    await sayNumbers(account, 1, 2)
    before.subscription.taken(2)
    before.subscription.end()
    await sayNumbers(account, 3, 5)
    const after = new RecordingSink(account.gateway(), named)
    await vi.waitFor(() => expect(after.texts).toEqual(['3', '4', '5']))
    expect(after.events[0]).toMatchObject({ meta_event_type: 'lifecycle' })
  })

  test('gets what happened before its first connection, once it is expected', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    await sayNumbers(account, 1, 1)
    await account.account.links.expect('nonebot', { kind: 'reverse-ws', state: () => ({ phase: 'connecting' }) })
    await sayNumbers(account, 2, 3)
    const sink = new RecordingSink(account.gateway(), named)
    await vi.waitFor(() => expect(sink.texts).toEqual(['2', '3']))
  })

  test('gets again what it was told but never took', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const before = new RecordingSink(account.gateway(), named)
    await settle()
    await sayNumbers(account, 1, 3)
    before.subscription.taken(1)
    before.subscription.end()
    const after = new RecordingSink(account.gateway(), named)
    await vi.waitFor(() => expect(after.texts).toEqual(['2', '3']))
  })

  test('gets it after a restart of the server too', async () => {
    await using folder = await createTemporaryFolder()
    const clock = createVirtualClock()
    {
      await using account = await startAccount(folder.path, { clock })
      const sink = new RecordingSink(account.gateway(), named)
      await settle()
      await sayNumbers(account, 1, 2)
      sink.subscription.taken(1)
    }
    await using account = await startAccount(folder.path, { clock })
    await sayNumbers(account, 3, 3)
    const sink = new RecordingSink(account.gateway(), named)
    await vi.waitFor(() => expect(sink.texts).toEqual(['2', '3']))
  })

  test('is spared what is older than its replay_max_age', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const before = new RecordingSink(account.gateway(), named)
    await settle()
    before.subscription.end()
    await sayNumbers(account, 1, 3)
    await account.clock.advance(61_000)
    await sayNumbers(account, 4, 5)
    const after = new RecordingSink(account.gateway({ replay_max_age: 60 }), named)
    await vi.waitFor(() => expect(after.texts).toEqual(['4', '5']))
  })

  test('counts that age from when the event was written down, whatever time the network gave it', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const before = new RecordingSink(account.gateway(), named)
    await settle()
    before.subscription.end()
    await account.emit({ ...groupMessage('old', 1), time: 1_704_067_200 })
    const after = new RecordingSink(account.gateway({ replay_max_age: 60 }), named)
    await vi.waitFor(() => expect(after.texts).toEqual(['old']))
  })

  test('is not given again what its filter turned down after the last event it took', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const picky = new RecordingSink(account.gateway({}, { raw_message: '1' }), named)
    await settle()
    await sayNumbers(account, 1, 3)
    picky.subscription.taken(1)
    picky.subscription.end()
    const after = new RecordingSink(account.gateway(), named)
    await sayNumbers(account, 4, 4)
    await vi.waitFor(() => expect(after.texts).toEqual(['4']))
  })

  test('gives way to a newer link of the same name, and is told why', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const [older, newer] = [new RecordingSink(account.gateway(), named), new RecordingSink(account.gateway(), named)]
    await settle()
    await sayNumbers(account, 1, 1)
    expect(older.ended).toContain('nonebot')
    expect([older.texts, newer.texts]).toEqual([[], ['1']])
  })
})

describe('a link that says after which event it begins', () => {
  test('is told all that follows, however old, and then what happens', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    await sayNumbers(account, 1, 3)
    await account.clock.advance(3_600_000)
    const sink = new RecordingSink(account.gateway(), { lifecycle: 'connect', after: 1 })
    await vi.waitFor(() => expect(sink.texts).toEqual(['2', '3']))
    await sayNumbers(account, 4, 4)
    expect(sink.texts).toEqual(['2', '3', '4'])
  })

  test('begins now where it names an event that has not happened', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    await sayNumbers(account, 1, 1)
    const sink = new RecordingSink(account.gateway(), { lifecycle: 'connect', after: 100 })
    await settle()
    await sayNumbers(account, 2, 2)
    expect(sink.texts).toEqual(['2'])
  })
})

test('a webhook is told disable when its own end ends the link', async () => {
  await using folder = await createTemporaryFolder()
  await using account = await startAccount(folder.path)
  const sink = new RecordingSink(account.gateway(), { lifecycle: 'enable', name: 'hook' })
  sink.subscription.end()
  expect(sink.events.map((event) => event['sub_type'])).toEqual(['enable', 'disable'])
})

test('a webhook is told enable at its start and disable at the end', async () => {
  await using folder = await createTemporaryFolder()
  const account = await startAccount(folder.path)
  const sink = new RecordingSink(account.gateway(), { lifecycle: 'enable', name: 'hook' })
  await settle()
  await account[Symbol.asyncDispose]()
  expect(sink.events.map((event) => event['sub_type'])).toEqual(['enable', 'disable'])
  expect(sink.ended).toContain('shutting down')
})
