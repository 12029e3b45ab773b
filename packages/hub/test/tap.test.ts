import { compileFilter } from '@seekyou/event-filter'
import type { AccountLinks } from '@seekyou/hub'
import { createTemporaryFolder, settle } from '@seekyou/testkit'
import { describe, expect, test, vi } from 'vitest'
import { RecordingSink, groupMessage, openLink, startAccount } from './scripted-account.ts'

type TestAccount = Awaited<ReturnType<typeof startAccount>>

const everything = { limit: 1000 }

/** What the tap has of some types, without ids and times. */
function recorded({ account }: TestAccount, ...types: ('event' | 'delivery' | 'call' | 'link')[]) {
  const { records } = account.tap!.read({ ...everything, types: new Set(types) })
  return records.map(({ id: _id, at: _at, ...record }) => record)
}

const webhook = { lifecycle: 'enable', name: 'hook', kind: 'webhook' } as const

describe('the tap', () => {
  test('tells of an event and of what became of it on every link', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    openLink(account.gateway({ dialect: 'onebot-11', message_format: 'array' }), {
      lifecycle: 'connect',
      kind: 'ws',
    })
    openLink(account.gateway({}, { raw_message: { '.contains': 'help' } }), {
      lifecycle: 'connect',
      name: 'bot',
    })
    await settle()
    await account.emit(groupMessage('hello', 1))
    expect(recorded(account, 'event', 'delivery')).toEqual([
      { type: 'event', seq: 1, event: expect.objectContaining({ raw_message: 'hello', message_id: 1 }) },
      {
        type: 'delivery',
        seq: 1,
        link: 'ws#1',
        kind: 'ws',
        dialect: 'onebot-11',
        format: 'array',
        outcome: 'written',
        ms: 0,
      },
      {
        type: 'delivery',
        seq: 1,
        link: 'bot',
        dialect: 'default',
        format: 'string',
        outcome: 'filtered',
        clause: {
          path: '/raw_message/.contains',
          field: 'raw_message',
          operator: '.contains',
          argument: 'help',
          value: 'hello',
        },
        ms: 0,
      },
    ])
  })

  test('explains with the filter of that time, although another one is in force when somebody looks', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    let rule: object = { user_id: 1 }
    const sink = new RecordingSink(account.gateway({}, { name: 'f.json', compile: () => compileFilter(rule) }))
    await account.emit(groupMessage('hello', 1))
    rule = {}
    await sink.subscription.call({ action: 'reload_event_filter', params: { file: 'f.json' } })
    await account.emit(groupMessage('again', 2))
    expect(sink.texts).toEqual(['again'])
    expect(recorded(account, 'delivery')).toMatchObject([
      { outcome: 'filtered', clause: { path: '/user_id', argument: 1, value: '10001' } },
      { outcome: 'written' },
    ])
  })

  test('says why an event was not for a link, or came too late', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const gateway = account.gateway({ replay_max_age: 10 })
    const named = { lifecycle: 'connect', name: 'bot', kind: 'reverse-ws' } as const
    const before = new RecordingSink(gateway, named)
    await settle()
    await account.emit({ ...groupMessage('mine', 1), post_type: 'message_sent' } as never)
    before.subscription.end()
    await account.emit(groupMessage('old', 2))
    await account.clock.advance(20_000)
    openLink(gateway, named)
    await vi.waitFor(() =>
      expect(recorded(account, 'delivery')).toMatchObject([
        { seq: 1, outcome: 'skipped', reason: 'the link has report_self_message off' },
        { seq: 2, outcome: 'skipped', reason: 'it is older than replay_max_age', ms: 20_000 },
      ]),
    )
  })

  test('tells how each try to post an event went, and of a client that says itself what it has', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const hook = new RecordingSink(account.gateway(), webhook)
    const bot = new RecordingSink(account.gateway({ ack: 'explicit' }), {
      lifecycle: 'connect',
      name: 'bot',
      kind: 'ws',
    })
    await settle()
    await account.emit(groupMessage('one', 1))
    await account.emit(groupMessage('two', 2))
    await account.clock.advance(500)
    hook.subscription.attempted(hook.told[1]!, { outcome: 'retry', tries: 1, reason: 'ECONNREFUSED' })
    hook.subscription.attempted(hook.told[0]!, { outcome: 'acknowledged', tries: 1, status: 204 })
    await bot.subscription.call({ action: '.ack', params: { seq: 2 } })
    const deliveries = recorded(account, 'delivery').filter(
      (record) => 'outcome' in record && record.outcome !== 'written',
    )
    expect(deliveries).toMatchObject([
      { link: 'hook', seq: 1, outcome: 'retry', tries: 1, reason: 'ECONNREFUSED', ms: 500 },
      { link: 'bot', seq: 2, outcome: 'acknowledged', after: 0, ms: 500 },
    ])
  })

  test('tells of calls where they came from, and which event a sent message became', async () => {
    await using folder = await createTemporaryFolder()
    let send: () => Promise<{ message_id: number }> = async () => ({ message_id: 0 })
    const actions = { send_group_msg: () => send() }
    await using account = await startAccount(folder.path, { actions })
    send = async () => {
      const event = await account.emit({ ...groupMessage('mine', 1), post_type: 'message_sent' } as never)
      return { message_id: (event as { message_id: number }).message_id }
    }
    const sink = new RecordingSink(account.gateway(), { lifecycle: 'connect', kind: 'ws' })
    await sink.subscription.call({
      action: 'send_msg',
      params: { group_id: 20001, message: 'mine' },
      from: '192.0.2.1',
    })
    await account.gateway().call({ action: 'nonsense', params: { token: 'hush' } })
    expect(recorded(account, 'call')).toMatchObject([
      { action: 'send_msg', link: 'ws#1', from: '192.0.2.1', answer: { data: { message_id: 1 } }, events: [1] },
      { action: 'nonsense', params: { token: '***' }, answer: { retcode: 1404 } },
    ])
  })

  test('tells of a quick operation which event it was an answer to', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path, { actions: { set_group_ban: async () => null } })
    const hook = new RecordingSink(account.gateway(), webhook)
    await settle()
    await account.emit(groupMessage('rude', 1))
    await hook.subscription.quickOperation(hook.told[1]!, { ban: true })
    expect(recorded(account, 'call')).toMatchObject([
      { action: '.handle_quick_operation', link: 'hook', seq: 1, params: { operation: { ban: true } } },
    ])
    expect(account.account.tap!.about(1).map(({ type }) => type)).toEqual(['event', 'call'])
  })

  test('tells when a link comes, goes, fails and recovers, and of the same failure once', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    let state: Parameters<AccountLinks['expect']>[1]['state'] = () => ({ phase: 'connecting' })
    await account.account.links.expect('nonebot', { kind: 'reverse-ws', state: () => state() })
    const become = (next: typeof state) => {
      state = next
      account.account.links.changed('nonebot')
    }
    const failing = (nextTryAt: number) => () =>
      ({ phase: 'waiting', since: 1, lastError: 'ECONNREFUSED', nextTryAt }) as const
    become(failing(1))
    become(() => ({ phase: 'connecting' }))
    become(failing(2))
    become(() => ({ phase: 'open', since: 2 }))
    const sink = new RecordingSink(account.gateway(), { lifecycle: 'connect', kind: 'sse' })
    sink.subscription.end()
    expect(recorded(account, 'link')).toMatchObject([
      { link: 'nonebot', kind: 'reverse-ws', state: { phase: 'connecting' } },
      { link: 'nonebot', state: { phase: 'waiting', lastError: 'ECONNREFUSED', nextTryAt: 1 } },
      { link: 'nonebot', state: { phase: 'open' } },
      { link: 'sse#1', kind: 'sse', state: { phase: 'open' } },
      { link: 'sse#1', state: { phase: 'ended' } },
    ])
  })
})

describe('what the tap keeps', () => {
  test('is bounded in number: the oldest go first, and who comes later hears how many', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path, { tap: { records: 10 } })
    const { tap } = account.account
    const before = tap!.last
    for (let number = 1; number <= 25; number++) await account.emit(groupMessage(String(number), number))
    const { records, missed, last } = tap!.read({ after: before, limit: 4 })
    expect(missed).toBe(15)
    expect(records).toMatchObject([{ seq: 16 }, { seq: 17 }, { seq: 18 }, { seq: 19 }])
    expect(last).toBe(records.at(-1)!.id)
    expect(tap!.read({ after: last, limit: 1000 })).toMatchObject({ missed: 0, records: { length: 6 } })
    expect(tap!.read({ after: tap!.last, limit: 1000 })).toEqual({ records: [], missed: 0, last: tap!.last })
    expect(tap!.read({ after: tap!.beforeLast(2), limit: 1000 }).records).toMatchObject([{ seq: 24 }, { seq: 25 }])
  })

  test('is bounded in bytes, of which a large call takes few', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path, { tap: { bytes: 1_048_576 } })
    const { tap } = account.account
    const gateway = account.gateway()
    const message = `base64://${'A'.repeat(4_000_000)}`
    await gateway.call({ action: 'send_msg', params: { message, group_id: 1 } })
    expect(recorded(account, 'call')).toMatchObject([
      { params: { message: 'base64://… (3000000 bytes)', group_id: 1 } },
    ])
    expect(tap!.size.bytes).toBeLessThan(10_000)
    for (let call = 0; call < 100; call++) {
      await gateway.call({ action: 'send_msg', params: { message: 'x'.repeat(50_000) } })
    }
    expect(tap!.size.bytes).toBeLessThanOrEqual(1_048_576)
    expect(tap!.size.records).toBeGreaterThan(5)
  })

  test('has ids that go on above after a restart', async () => {
    await using folder = await createTemporaryFolder()
    const account = await startAccount(folder.path)
    await account.emit(groupMessage('hello', 1))
    const { last } = account.account.tap!
    await account[Symbol.asyncDispose]()
    await account.clock.advance(1)
    await using later = await startAccount(folder.path, { clock: account.clock })
    await later.emit(groupMessage('again', 2))
    expect(later.account.tap!.read({ after: last, limit: 10 })).toMatchObject({
      missed: 0,
      records: [{ type: 'event' }],
    })
  })

  test('is nothing where it is switched off', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path, { tap: { records: 0 } })
    const sink = new RecordingSink(account.gateway())
    await account.emit(groupMessage('hello', 1))
    await account.gateway().call({ action: 'get_status', params: {} })
    expect(sink.texts).toEqual(['hello'])
    expect(account.account.tap).toBeUndefined()
  })

  test('is announced once a turn', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const changed = vi.fn<() => void>()
    const watch = account.account.tap!.watch(changed)
    await Promise.all([1, 2, 3].map((seq) => account.emit(groupMessage('hello', seq))))
    await settle()
    expect(changed).toHaveBeenCalledTimes(1)
    watch[Symbol.dispose]()
    await account.emit(groupMessage('hello', 4))
    await settle()
    expect(changed).toHaveBeenCalledTimes(1)
  })
})
