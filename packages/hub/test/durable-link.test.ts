import { createTemporaryFolder, createVirtualClock, settle } from '@seekyou/testkit'
import type { CallRequest, Gateway, LinkState, SubscribeOptions } from '@seekyou/protocol'
import { describe, expect, test, vi } from 'vitest'
import { RecordingSink, groupMessage, startAccount } from './scripted-account.ts'

type Started = Awaited<ReturnType<typeof startAccount>>

const named = { lifecycle: 'connect', name: 'nonebot' } as const
const hook = { lifecycle: 'enable', name: 'hook', kind: 'webhook' } as const
const ack = (seq: unknown): CallRequest => ({ action: '.ack', params: { seq } })

async function sayNumbers(account: Started, first: number, last: number): Promise<void> {
  for (let number = first; number <= last; number++) await account.emit(groupMessage(String(number), number))
  await settle()
}

/** Opens a link and ends it again: from then on its name has a place in the events. */
async function comeAndGo(gateway: Gateway, options: SubscribeOptions = named): Promise<void> {
  new RecordingSink(gateway, options).subscription.end()
  await settle()
}

const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => String(first + index))

describe('the place of an event', () => {
  test('is told as _seq to a link that asks for it, the same when it is told again', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const plain = new RecordingSink(account.gateway())
    const sink = new RecordingSink(account.gateway({ report_seq: true }), named)
    await settle()
    await sayNumbers(account, 1, 2)
    expect(plain.events.map((event) => '_seq' in event)).toEqual([false, false, false])
    expect(sink.events.map(({ _seq }) => _seq)).toEqual([undefined, 1, 2])
    sink.subscription.end()
    const again = new RecordingSink(account.gateway({ report_seq: true }), named)
    await vi.waitFor(() => expect(again.events.map(({ _seq }) => _seq)).toEqual([undefined, 1, 2]))
  })
})

describe('a link with explicit acknowledgement', () => {
  const explicit = { ack: 'explicit' } as const

  test('is told again what its client did not acknowledge, whatever was written', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const before = new RecordingSink(account.gateway(explicit), named)
    await settle()
    await sayNumbers(account, 1, 4)
    before.subscription.taken(4)
    expect(before.events.at(-1)).toMatchObject({ _seq: 4 })
    expect((await before.subscription.call(ack(2))).body).toMatchObject({ status: 'ok', retcode: 0, data: null })
    before.subscription.end()
    const after = new RecordingSink(account.gateway(explicit), named)
    await vi.waitFor(() => expect(after.texts).toEqual(['3', '4']))
  })

  test('keeps the acknowledgement over a restart of the server', async () => {
    await using folder = await createTemporaryFolder()
    const clock = createVirtualClock()
    {
      await using account = await startAccount(folder.path, { clock })
      const sink = new RecordingSink(account.gateway(explicit), named)
      await settle()
      await sayNumbers(account, 1, 3)
      await sink.subscription.call(ack('2'))
    }
    await using account = await startAccount(folder.path, { clock })
    const sink = new RecordingSink(account.gateway(explicit), named)
    await vi.waitFor(() => expect(sink.texts).toEqual(['3']))
  })

  test('takes no acknowledgement of what was not told, or of no number', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const { subscription } = new RecordingSink(account.gateway(explicit), named)
    await settle()
    await sayNumbers(account, 1, 1)
    for (const seq of [2, 0, 'x', undefined]) {
      const { body } = await subscription.call(ack(seq))
      expect(body).toMatchObject({ status: 'failed', retcode: 100, wording: expect.stringContaining('.ack: seq') })
    }
  })

  test('counts a webhook’s answer, which is an acknowledgement by itself', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const before = new RecordingSink(account.gateway(explicit), hook)
    await settle()
    await sayNumbers(account, 1, 2)
    before.subscription.taken(1)
    before.subscription.end()
    const after = new RecordingSink(account.gateway(explicit), hook)
    await vi.waitFor(() => expect(after.texts).toEqual(['2']))
  })

  test('is the only one that takes .ack; elsewhere it fails and says why', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway(), named)
    expect((await sink.subscription.call(ack(1))).body).toMatchObject({
      retcode: 103,
      msg: 'UNSUPPORTED',
      wording: expect.stringContaining('ack: explicit'),
    })
    expect((await account.gateway(explicit).call(ack(1))).body).toMatchObject({
      retcode: 103,
      wording: expect.stringContaining('on the socket that carries the events'),
    })
    const { body } = await sink.subscription.call({ action: 'get_status', params: {} })
    expect(body).toMatchObject({ status: 'ok', data: { online: true } })
  })

  test('counts what it names to begin after as acknowledged', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    await comeAndGo(account.gateway(explicit))
    await sayNumbers(account, 1, 3)
    await comeAndGo(account.gateway(explicit), { ...named, after: 2 })
    const sink = new RecordingSink(account.gateway(explicit), named)
    await vi.waitFor(() => expect(sink.texts).toEqual(['3']))
  })
})

describe('a link that catches up', () => {
  test('gets a second’s worth of events at once and the rest at its rate, complete and in order', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    await comeAndGo(account.gateway())
    await Promise.all(numbers(1, 500).map((text) => account.emit(groupMessage(text, Number(text)))))
    const sink = new RecordingSink(account.gateway({ replay_rate: 100 }), named)
    await vi.waitFor(() => expect(sink.texts).toEqual(numbers(1, 100)))
    await account.clock.advance(1000)
    await vi.waitFor(() => expect(sink.texts).toHaveLength(200))
    // What happens meanwhile does not make it fall further behind, nor does it overtake.
    await sayNumbers(account, 501, 550)
    await account.clock.advance(10)
    await vi.waitFor(() => expect(sink.texts).toHaveLength(251))
    await account.clock.advance(3000)
    await vi.waitFor(() => expect(sink.texts).toEqual(numbers(1, 550)))
    await sayNumbers(account, 551, 551)
    expect(sink.texts.at(-1)).toBe('551')
  })

  test('is told nothing more once it is gone', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    await comeAndGo(account.gateway())
    await sayNumbers(account, 1, 20)
    const sink = new RecordingSink(account.gateway({ replay_rate: 10 }), named)
    await vi.waitFor(() => expect(sink.texts).toHaveLength(10))
    sink.subscription.end()
    await account.clock.advance(10_000)
    expect(sink.texts).toHaveLength(10)
  })

  test('goes on when the clock is set back', async () => {
    await using folder = await createTemporaryFolder()
    const real = createVirtualClock()
    let backMs = 0
    const clock = { ...real, now: () => real.now() - backMs }
    await using account = await startAccount(folder.path, { clock })
    await comeAndGo(account.gateway())
    await sayNumbers(account, 1, 30)
    const sink = new RecordingSink(account.gateway({ replay_rate: 10 }), named)
    await vi.waitFor(() => expect(sink.texts).toHaveLength(10))
    backMs = 3_600_000
    await clock.advance(5000)
    await vi.waitFor(() => expect(sink.texts).toEqual(numbers(1, 30)))
    await sayNumbers(account, 31, 31)
    expect(sink.texts.at(-1)).toBe('31')
  })

  test('passes by a long row of events that are too old without a pause of a second for each hundred', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    await comeAndGo(account.gateway())
    await Promise.all(numbers(1, 300).map((text) => account.emit(groupMessage(text, Number(text)))))
    await account.clock.advance(61_000)
    await sayNumbers(account, 301, 301)
    const sink = new RecordingSink(account.gateway({ replay_rate: 1 }), named)
    await vi.waitFor(() => expect(sink.texts).toEqual(['301']))
  })
})

describe('an event that a program refuses', () => {
  test('is listed with the reason, and the link goes on', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway(), hook)
    await settle()
    await sayNumbers(account, 1, 2)
    expect(await sink.subscription.refused(sink.told[1]!, { reason: 'it answered 400', tries: 3 })).toBe(true)
    sink.subscription.taken(2)
    const at = account.clock.now()
    const event = { message_id: 1, message: [{ type: 'text', data: { text: '1' } }] }
    expect(await account.account.deadLetters({ limit: 10 })).toMatchObject([
      { link: 'hook', seq: 1, at, tries: 3, reason: 'it answered 400', event },
    ])
    sink.subscription.end()
    const after = new RecordingSink(account.gateway(), hook)
    await sayNumbers(account, 3, 3)
    expect(after.texts).toEqual(['3'])
  })

  test('can be told again: it is taken and gone, or refused and kept', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway(), hook)
    await settle()
    await sayNumbers(account, 1, 3)
    for (const event of sink.told.slice(1)) await sink.subscription.refused(event, { reason: 'no', tries: 3 })
    expect(await account.account.links.retryDeadLetters('hook', 2)).toBe(1)
    await vi.waitFor(() => expect(sink.texts).toEqual(['1', '2', '3', '2']))
    sink.subscription.taken(2)
    await vi.waitFor(async () => expect(await account.account.deadLetters({ limit: 10 })).toHaveLength(2))
    expect(await account.account.links.retryDeadLetters('hook')).toBe(2)
    await vi.waitFor(() => expect(sink.texts.slice(4)).toEqual(['1', '3']))
    await sink.subscription.refused(sink.told[5]!, { reason: 'still no', tries: 3 })
    sink.subscription.taken(3)
    await vi.waitFor(async () =>
      expect(await account.account.deadLetters({ link: 'hook', limit: 10 })).toMatchObject([
        { seq: 1, tries: 6, reason: 'still no' },
      ]),
    )
    expect(await account.account.discardDeadLetter('hook', 1)).toBe(true)
    expect(await account.account.discardDeadLetter('hook', 1)).toBe(false)
    await expect(account.account.links.retryDeadLetters('nobody')).rejects.toThrow('no link "nobody" is connected')
  })
})

describe('the links of an account', () => {
  test('are told with their state, their place and how far behind they are', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const waiting: LinkState = { phase: 'waiting', since: 1, lastError: 'refused', nextTryAt: 2 }
    await account.account.links.expect('away', { kind: 'reverse-ws', state: () => waiting })
    const live = new RecordingSink(account.gateway(), { lifecycle: 'connect', kind: 'sse' })
    const sink = new RecordingSink(account.gateway(), hook)
    const gone = new RecordingSink(account.gateway(), named)
    await settle()
    gone.subscription.end()
    const since = account.clock.now()
    await account.clock.advance(5000)
    sink.room = 3
    await sayNumbers(account, 1, 5)
    sink.subscription.taken(2)
    live.subscription.taken(5)
    const now = account.clock.now()
    const open = { phase: 'open', since }
    expect(await account.account.links.list()).toEqual([
      {
        id: 'sse#1',
        name: undefined,
        kind: 'sse',
        state: open,
        cursor: 5,
        lag: 0,
        isPaused: false,
        isHeld: false,
        lastWrittenAt: now,
        connections: 1,
        retries: 0,
      },
      {
        id: 'hook',
        name: 'hook',
        kind: 'webhook',
        state: open,
        cursor: 2,
        lag: 3,
        isPaused: true,
        isHeld: false,
        lastWrittenAt: now,
        connections: 1,
        retries: 0,
      },
      {
        id: 'away',
        name: 'away',
        kind: 'reverse-ws',
        state: waiting,
        cursor: 0,
        lag: 5,
        isPaused: false,
        isHeld: false,
        lastWrittenAt: undefined,
        connections: 0,
        retries: 0,
      },
      {
        id: 'nonebot',
        name: 'nonebot',
        kind: undefined,
        state: undefined,
        cursor: 0,
        lag: 5,
        isPaused: false,
        isHeld: false,
        lastWrittenAt: undefined,
        connections: 0,
        retries: 0,
      },
    ])
  })

  test('hold nothing of a person that was forgotten', async () => {
    await using folder = await createTemporaryFolder()
    await using account = await startAccount(folder.path)
    const sink = new RecordingSink(account.gateway(), named)
    await settle()
    sink.room = 1
    await sayNumbers(account, 1, 10)
    sink.room = 1
    // Now the rest has been read ahead.
    sink.subscription.resume()
    await vi.waitFor(() => expect(sink.texts).toEqual(['1', '2']))
    expect(await account.account.forget(10001 as never)).toMatchObject({ messages: 10 })
    await account.emit({ ...groupMessage('mine', 11), user_id: 10002 } as never)
    sink.room = 100
    sink.subscription.resume()
    await vi.waitFor(() => expect(sink.texts).toEqual(['1', '2', 'mine']))
  })
})
