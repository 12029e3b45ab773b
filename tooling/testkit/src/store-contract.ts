import { createHash } from 'node:crypto'
import { chatOf, mediaUri, messageEvent, noticeEvent, userId } from '@seekyou/protocol'
import type { AccountStore, Chat, Clock, DeadLetter, Logger, MessageEvent, NoticeEvent, Store } from '@seekyou/protocol'
import { describe, expect, test } from 'vitest'
import { createRecordingLogger } from './recording-logger.ts'
import { createTemporaryFolder } from './temporary-folder.ts'
import { createVirtualClock } from './virtual-clock.ts'

/** Where a store under test lives; opened with the same place again, it must be the same store. */
export interface StorePlace {
  readonly dataDir: string
  readonly clock: Clock
  readonly log: Logger
}

/** The account of the sample events. */
export const sampleAccount = userId.parse(10000)

/** A group message as the hub would store it. */
export function sampleMessage(id: number, fields: { group?: number; seq?: number; text?: string } = {}): MessageEvent {
  const { group = 20001, seq = id, text = `message ${id}` } = fields
  return messageEvent.parse({
    post_type: 'message',
    message_type: 'group',
    sub_type: 'normal',
    time: 1_767_225_600,
    self_id: sampleAccount,
    message_id: id,
    message_seq: seq,
    user_id: 10001,
    message: [{ type: 'text', data: { text } }],
    font: 0,
    sender: { user_id: 10001, nickname: 'Alice 爱丽丝' },
    group_id: group,
    anonymous: null,
  })
}

/** An event that is no message. */
export function sampleNotice(who: number): NoticeEvent {
  const fields = { post_type: 'notice', notice_type: 'friend_add', time: 1_767_225_600 }
  return noticeEvent.parse({ ...fields, self_id: sampleAccount, user_id: who })
}

function inGroup(id: number): Chat {
  return chatOf(sampleMessage(1, { group: id }))
}

/** What every implementation of the port `Store` promises; called once for each, at the top of a test file. */
export function describeStore(name: string, open: (place: StorePlace) => Promise<Store>): void {
  /** A place of the test's own, where a store can be opened again and again. */
  async function createPlace() {
    const folder = await createTemporaryFolder()
    const clock = createVirtualClock()
    const place = { dataDir: folder.path, clock, log: createRecordingLogger() }
    return { clock, open: () => open(place), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
  }

  /** Runs `use` with a fresh account, then `check` with the same account after a restart. */
  async function acrossRestart<T>(
    use: (account: AccountStore, clock: { advance(ms: number): Promise<void> }) => Promise<T>,
    check: (account: AccountStore, result: T) => Promise<void>,
    /** What is done with the store before it is closed. */
    end: (store: Store) => Promise<unknown> = async () => undefined,
  ): Promise<void> {
    await using place = await createPlace()
    let result: T
    {
      await using store = await place.open()
      result = await use(store.account(sampleAccount), place.clock)
      await end(store)
    }
    await using again = await place.open()
    await check(again.account(sampleAccount), result)
  }

  async function withAccount(use: (account: AccountStore, store: Store) => Promise<void>): Promise<void> {
    await using place = await createPlace()
    await using store = await place.open()
    await use(store.account(sampleAccount), store)
  }

  describe(`${name}: journal`, () => {
    test('an empty journal ends at 0 and has nothing to read', () =>
      withAccount(async ({ journal }) => {
        expect(journal.last()).toBe(0)
        expect(await journal.read(0, 10)).toEqual([])
      }))

    test('seqs begin at 1 and rise by one in the order of the calls, within a turn and between turns', () =>
      withAccount(async ({ journal }) => {
        const first = await Promise.all([1, 2, 3].map((who) => journal.append(sampleNotice(who))))
        const second = await journal.append(sampleNotice(4))
        expect([...first, second].map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
        expect(journal.last()).toBe(4)
      }))

    test('an entry says when it was written down, whatever time its event has', () =>
      acrossRestart(
        async ({ journal }, clock) => {
          await clock.advance(5000)
          return journal.append(sampleNotice(1))
        },
        async ({ journal }, appended) => {
          expect(appended.at).toBe(Date.UTC(2026, 0, 1) + 5000)
          expect(await journal.read(0, 10)).toEqual([appended])
        },
      ))

    test('an entry is not there before its append resolves', () =>
      withAccount(async ({ journal }) => {
        const appended = journal.append(sampleNotice(1))
        expect(journal.last()).toBe(0)
        expect(await journal.read(0, 10)).toEqual([])
        await appended
        expect(journal.last()).toBe(1)
      }))

    test('an event is read as it was appended, whatever becomes of its message', () =>
      withAccount(async ({ journal, messages }) => {
        const events = [sampleMessage(1), sampleNotice(2), sampleMessage(3), sampleMessage(4)] as const
        await Promise.all([
          journal.append(events[0]),
          messages.put(sampleMessage(1)),
          journal.append(events[1]),
          // Stored under the same id, but not the same.
          journal.append(events[2]),
          messages.put(sampleMessage(3, { text: 'edited' })),
          // Never stored.
          journal.append(events[3]),
        ])
        await messages.markRecalled(sampleMessage(1).message_id)
        expect((await journal.read(0, 10)).map(({ event }) => event)).toEqual(events)
      }))

    test('reading begins after the given seq and ends at the limit', () =>
      withAccount(async ({ journal }) => {
        await Promise.all([1, 2, 3, 4, 5].map((who) => journal.append(sampleNotice(who))))
        const seqs = async (after: number, limit: number) => (await journal.read(after, limit)).map(({ seq }) => seq)
        expect(await seqs(1, 2)).toEqual([2, 3])
        expect(await seqs(4, 10)).toEqual([5])
        expect(await seqs(5, 10)).toEqual([])
        expect(await seqs(0, 0)).toEqual([])
      }))

    test('each account has a journal of its own', () =>
      withAccount(async ({ journal }, store) => {
        const other = store.account(userId.parse(10009)).journal
        await Promise.all([journal.append(sampleNotice(1)), other.append(sampleNotice(2))])
        expect([journal.last(), other.last()]).toEqual([1, 1])
        expect(await other.read(0, 10)).toMatchObject([{ seq: 1, event: sampleNotice(2) }])
      }))

    test('a restart keeps the entries and goes on counting', () =>
      acrossRestart(
        async ({ journal }) => void (await journal.append(sampleNotice(1))),
        async ({ journal }) => {
          expect(journal.last()).toBe(1)
          expect(await journal.append(sampleNotice(2))).toMatchObject({ seq: 2, event: sampleNotice(2) })
          expect(await journal.read(0, 10)).toHaveLength(2)
        },
      ))
  })

  describe(`${name}: cursors`, () => {
    test('a name never seen has none', () =>
      withAccount(async ({ journal }) => {
        expect(await journal.cursor('bot')).toBeUndefined()
      }))

    test('a cursor may stand at 0, and never moves backwards', () =>
      withAccount(async ({ journal }) => {
        journal.advance('bot', 0)
        expect(await journal.cursor('bot')).toBe(0)
        journal.advance('bot', 7)
        journal.advance('bot', 3)
        expect(await journal.cursor('bot')).toBe(7)
        expect(await journal.cursor('other')).toBeUndefined()
      }))

    test('a cursor survives a restart, each link and each account for itself', async () => {
      await using place = await createPlace()
      const other = userId.parse(10009)
      {
        await using store = await place.open()
        store.account(sampleAccount).journal.advance('bot', 5)
        store.account(sampleAccount).journal.advance('log', 2)
        store.account(other).journal.advance('bot', 1)
      }
      await using again = await place.open()
      const { journal } = again.account(sampleAccount)
      expect(await journal.cursor('bot')).toBe(5)
      expect(await journal.cursor('log')).toBe(2)
      expect(await again.account(other).journal.cursor('bot')).toBe(1)
      journal.advance('bot', 4)
      expect(await journal.cursor('bot')).toBe(5)
    })
  })

  describe(`${name}: cursors of every link`, () => {
    test('are listed, after a restart too', () =>
      acrossRestart(
        async ({ journal }) => {
          expect(await journal.cursors()).toEqual(new Map())
          journal.advance('bot', 5)
          journal.advance('log', 0)
        },
        async ({ journal }) => {
          expect(await journal.cursors()).toEqual(
            new Map([
              ['bot', 5],
              ['log', 0],
            ]),
          )
        },
      ))
  })

  describe(`${name}: dead letters`, () => {
    const letter = (link: string, seq: number, fields: Partial<DeadLetter> = {}): DeadLetter => {
      return { link, seq, at: 1000, tries: 3, reason: 'it answered 400', event: sampleNotice(seq), ...fields }
    }

    test('are listed by link and oldest first, all, some or one, after a restart too', () =>
      acrossRestart(
        async ({ deadLetters }) => {
          expect(await deadLetters.list({ limit: 10 })).toEqual([])
          const kept = [letter('b', 1), letter('a', 9), letter('a', 10)]
          await Promise.all(kept.map((one) => deadLetters.put(one)))
        },
        async ({ deadLetters }) => {
          const [first, second, third] = [letter('a', 9), letter('a', 10), letter('b', 1)]
          expect(await deadLetters.list({ limit: 10 })).toEqual([first, second, third])
          expect(await deadLetters.list({ limit: 2 })).toEqual([first, second])
          expect(await deadLetters.list({ limit: 2, after: second })).toEqual([third])
          expect(await deadLetters.count()).toEqual(
            new Map([
              ['a', 2],
              ['b', 1],
            ]),
          )
          expect(await deadLetters.list({ link: 'a', limit: 10 })).toEqual([first, second])
          expect(await deadLetters.list({ link: 'a', seq: 10, limit: 10 })).toEqual([second])
          expect(await deadLetters.list({ link: 'b', seq: 10, limit: 10 })).toEqual([])
        },
      ))

    test('one that is put again is replaced, one that is removed is gone', () =>
      withAccount(async ({ deadLetters }, store) => {
        await deadLetters.put(letter('a', 1))
        await deadLetters.put(letter('a', 1, { tries: 6 }))
        expect(await deadLetters.list({ limit: 10 })).toEqual([letter('a', 1, { tries: 6 })])
        expect(await store.account(userId.parse(10009)).deadLetters.remove('a', 1)).toBe(false)
        expect(await deadLetters.remove('a', 1)).toBe(true)
        expect(await deadLetters.remove('a', 1)).toBe(false)
        expect(await deadLetters.list({ limit: 10 })).toEqual([])
      }))
  })

  describe(`${name}: calls`, () => {
    test('are found under their key with what became of them, after a restart too', () =>
      acrossRestart(
        async ({ calls }) => {
          expect(await calls.find('a')).toBeUndefined()
          await calls.put('a', { fingerprint: 'f', at: 1000, outcome: { type: 'running' } })
          expect(await calls.find('a')).toEqual({ fingerprint: 'f', at: 1000, outcome: { type: 'running' } })
          await calls.put('a', { fingerprint: 'f', at: 1000, outcome: { type: 'done', data: { message_id: 7 } } })
          await calls.put('b', { fingerprint: 'f', at: 1000, outcome: { type: 'later' } })
          await calls.remove('b')
        },
        async ({ calls }) => {
          const outcome = { type: 'done', data: { message_id: 7 } }
          expect(await calls.find('a')).toEqual({ fingerprint: 'f', at: 1000, outcome })
          expect(await calls.find('b')).toBeUndefined()
        },
      ))

    test('are those of one account', () =>
      withAccount(async ({ calls }, store) => {
        await calls.put('a', { fingerprint: 'f', at: 1000, outcome: { type: 'later' } })
        expect(await store.account(userId.parse(10009)).calls.find('a')).toBeUndefined()
      }))
  })

  describe(`${name}: forgetting a person`, () => {
    const bob = userId.parse(10002)
    const image = (key: string) => ({ type: 'image', data: { file: 'a.image', url: mediaUri(key) } })
    const said = (id: number, by: number, message: unknown): MessageEvent =>
      messageEvent.parse({ ...sampleMessage(id), user_id: by, sender: { user_id: by, nickname: 'x' }, message })
    const node = (by: number, content: unknown) => {
      return { type: 'node', data: { user_id: String(by), nickname: 'x', time: '1', content } }
    }

    async function tell({ journal, messages }: AccountStore, event: MessageEvent): Promise<void> {
      await Promise.all([journal.append(event), messages.put(event)])
    }

    test('takes what they said and what was said to them alone, and leaves the others’', () =>
      withAccount(async (account, store) => {
        const { journal, messages } = account
        const theirs = said(1, bob, [{ type: 'text', data: { text: 'a secret' } }])
        const others = sampleMessage(2)
        const { group_id: _, anonymous: __, ...rest } = { ...sampleMessage(3), group_id: 0, anonymous: null }
        const fields = { post_type: 'message_sent', message_type: 'private', sub_type: 'friend', target_id: bob }
        const toThem = messageEvent.parse({ ...rest, ...fields, user_id: sampleAccount })
        for (const event of [theirs, others, toThem]) await tell(account, event)
        await journal.append(sampleNotice(bob))
        const elsewhere = store.account(userId.parse(10009))
        await tell(elsewhere, theirs)

        expect(await store.forget(bob)).toEqual({ messages: 3, events: 4, media: 0 })
        expect(await messages.get(theirs.message_id)).toBeUndefined()
        expect(await messages.get(toThem.message_id)).toBeUndefined()
        expect(await messages.get(others.message_id)).toMatchObject({ event: others })
        expect(await elsewhere.messages.get(theirs.message_id)).toBeUndefined()
        expect((await journal.read(0, 10)).map(({ seq, event }) => [seq, event])).toEqual([[2, others]])
        expect(await store.forget(bob)).toEqual({ messages: 0, events: 0, media: 0 })
      }))

    test('gives no number twice, even of what was the newest', () =>
      acrossRestart(
        async (account) => {
          await tell(account, sampleMessage(1))
          await tell(account, said(2, bob, [{ type: 'text', data: { text: 'x' } }]))
          return account
        },
        async ({ journal, messages }) => {
          expect(journal.last()).toBe(2)
          expect(messages.allocateId()).toBe(3)
        },
        (store) => store.forget(bob),
      ))

    test('takes their part in bundles that others sent, however deep', () =>
      withAccount(async (account, store) => {
        const text = (words: string) => [{ type: 'text', data: { text: words } }]
        const inner = node(10001, [node(bob, text('secret')), node(10001, text('harmless'))])
        await tell(
          account,
          said(1, 10001, [{ type: 'forward', data: { id: 'f', content: [node(bob, text('secret')), inner] } }]),
        )
        expect(await store.forget(bob)).toMatchObject({ messages: 1, events: 0 })
        const stored = await account.messages.get(sampleMessage(1).message_id)
        const [entry] = await account.journal.read(0, 1)
        for (const event of [stored?.event, entry?.event]) {
          expect(JSON.stringify(event)).not.toMatch(/secret|10002/)
          expect(JSON.stringify(event)).toContain('harmless')
        }
      }))

    test('takes the dead letters of what they said', () =>
      withAccount(async ({ deadLetters }, store) => {
        const letter = { link: 'a', at: 1, tries: 1, reason: 'no' }
        await deadLetters.put({ ...letter, seq: 1, event: said(1, bob, [{ type: 'text', data: { text: 'x' } }]) })
        await deadLetters.put({ ...letter, seq: 2, event: sampleMessage(2) })
        expect(await store.forget(bob)).toMatchObject({ events: 1 })
        expect(await deadLetters.list({ limit: 10 })).toMatchObject([{ seq: 2 }])
      }))

    test('takes the files that nobody else refers to', () =>
      withAccount(async (account, store) => {
        const put = async (text: string) => (await store.media.put(new TextEncoder().encode(text), 'image/png')).key
        const [own, shared, kept, unseen] = [
          await put('own'),
          await put('shared'),
          await put('kept'),
          await put('unseen'),
        ]
        await tell(account, said(1, bob, [image(own), image(shared), image(kept)]))
        await tell(account, said(2, 10001, [image(shared)]))
        account.state.put('avatar', { url: mediaUri(kept) })
        await account.state.saved()
        expect(await store.forget(bob)).toMatchObject({ media: 1 })
        expect(await store.media.get(own)).toBeUndefined()
        for (const key of [shared, kept, unseen]) expect(await store.media.get(key)).toBeDefined()
      }))
  })

  describe(`${name}: messages`, () => {
    test('ids are positive, rise, and are given at once', () =>
      withAccount(async ({ messages }) => {
        const ids = [messages.allocateId(), messages.allocateId(), messages.allocateId()]
        expect(ids[0]).toBeGreaterThan(0)
        expect(ids).toEqual(ids.toSorted((a, b) => a - b))
        expect(new Set(ids).size).toBe(3)
      }))

    test('no id is given twice, stored or not, before and after a restart', () =>
      acrossRestart(
        async ({ messages }) => {
          const stored = messages.allocateId()
          await messages.put(sampleMessage(stored))
          return Math.max(stored, messages.allocateId())
        },
        async ({ messages }, highest) => expect(messages.allocateId()).toBeGreaterThan(highest),
      ))

    test('a stored message is found by its id, in its account only', () =>
      withAccount(async ({ messages }, store) => {
        const event = sampleMessage(5)
        await messages.put(event)
        expect(await messages.get(event.message_id)).toEqual({ event, recalled: false })
        expect(await messages.get(sampleMessage(6).message_id)).toBeUndefined()
        expect(await store.account(userId.parse(10009)).messages.get(event.message_id)).toBeUndefined()
      }))

    test('a message that is there already is refused and stays what it was', () =>
      withAccount(async ({ messages }) => {
        await messages.put(sampleMessage(5))
        await expect(messages.put(sampleMessage(5, { text: 'other' }))).rejects.toThrow(/message 5 is already stored/)
        expect((await messages.get(sampleMessage(5).message_id))?.event).toEqual(sampleMessage(5))
      }))

    test('a recalled message keeps its content, and stays recalled after a restart', () =>
      acrossRestart(
        async ({ messages }) => {
          const event = sampleMessage(5)
          await messages.put(event)
          expect(await messages.markRecalled(event.message_id)).toBe(true)
          return event
        },
        async ({ messages }, event) => {
          expect(await messages.get(event.message_id)).toEqual({ event, recalled: true })
        },
      ))

    test('recalling what was never stored says so', () =>
      withAccount(async ({ messages }) => {
        expect(await messages.markRecalled(sampleMessage(5).message_id)).toBe(false)
      }))

    test('a message stored and recalled in one turn is recalled', () =>
      withAccount(async ({ messages }) => {
        const event = sampleMessage(5)
        const [, isRecalled] = await Promise.all([messages.put(event), messages.markRecalled(event.message_id)])
        expect(isRecalled).toBe(true)
        expect(await messages.get(event.message_id)).toMatchObject({ recalled: true })
      }))

    test('a page is the newest messages up to a seq, ascending by seq whatever the ids', () =>
      withAccount(async ({ messages }) => {
        const seqOfId = [30, 10, 50, 20, 40]
        await Promise.all(seqOfId.map((seq, index) => messages.put(sampleMessage(index + 1, { seq }))))
        await messages.put(sampleMessage(6, { group: 20002, seq: 25 }))
        const seqs = async (options: { upTo?: number; limit: number }) =>
          (await messages.page(inGroup(20001), options)).map(({ event }) => event.message_seq)
        expect(await seqs({ limit: 10 })).toEqual([10, 20, 30, 40, 50])
        expect(await seqs({ limit: 2 })).toEqual([40, 50])
        expect(await seqs({ upTo: 30, limit: 2 })).toEqual([20, 30])
        expect(await seqs({ upTo: 35, limit: 1 })).toEqual([30])
        expect(await seqs({ upTo: 5, limit: 1 })).toEqual([])
        expect(await messages.page(inGroup(20003), { limit: 5 })).toEqual([])
      }))

    test('a private message of the account itself is filed under its addressee', () =>
      withAccount(async ({ messages }) => {
        const { group_id: _, anonymous: __, ...rest } = { ...sampleMessage(1), group_id: 0, anonymous: null }
        const fields = { post_type: 'message_sent', message_type: 'private', sub_type: 'friend' }
        const sent = messageEvent.parse({ ...rest, ...fields, user_id: sampleAccount, target_id: 10001 })
        await messages.put(sent)
        const chat: Chat = { type: 'private', user_id: userId.parse(10001) }
        expect(await messages.page(chat, { limit: 5 })).toEqual([{ event: sent, recalled: false }])
      }))

    test('the highest seq of a chat is 0 when it has no messages', () =>
      withAccount(async ({ messages }) => {
        expect(await messages.lastSeq(inGroup(20001))).toBe(0)
        await Promise.all([7, 9, 8].map((seq) => messages.put(sampleMessage(seq))))
        expect(await messages.lastSeq(inGroup(20001))).toBe(9)
        expect(await messages.lastSeq(inGroup(20002))).toBe(0)
      }))
  })

  describe(`${name}: backend state`, () => {
    test('values come back in the order of their keys, as they were, after a restart too', () =>
      acrossRestart(
        async ({ state }) => {
          state.put('b', { nested: [1, 'two', null] })
          state.put('c', false)
          state.put('a', '文字')
          state.put('c', 3)
          state.put('gone', 1)
          state.delete('gone')
          state.delete('never there')
        },
        async ({ state }) => {
          expect([await state.get('c'), await state.get('gone')]).toEqual([3, undefined])
          expect([...(await state.entries())]).toEqual([
            ['a', '文字'],
            ['b', { nested: [1, 'two', null] }],
            ['c', 3],
          ])
        },
      ))

    test('a value is what it was when it was put', () =>
      withAccount(async ({ journal, state }) => {
        const value = { count: 1 }
        state.put('a', value)
        value.count = 2
        await journal.append(sampleNotice(1))
        expect([...(await state.entries())]).toEqual([['a', { count: 1 }]])
      }))

    test('what is put in the turn of an append is there once the append resolves, in this account only', () =>
      withAccount(async ({ journal, state }, store) => {
        const appended = journal.append(sampleNotice(1))
        state.put('a', 1)
        await appended
        expect([...(await state.entries())]).toEqual([['a', 1]])
        expect([...(await store.account(userId.parse(10009)).state.entries())]).toEqual([])
      }))

    test('what is put is there once the state is saved', () =>
      withAccount(async ({ state }) => {
        state.put('a', 1)
        expect([...(await state.entries())]).toEqual([])
        await state.saved()
        expect([...(await state.entries())]).toEqual([['a', 1]])
      }))

    test('a value that is no JSON is refused', () =>
      withAccount(async ({ state }) => {
        expect(() => state.put('a', undefined)).toThrow(TypeError)
      }))
  })

  describe(`${name}: media`, () => {
    const bytes = new TextEncoder().encode('a picture')
    const key = createHash('sha256').update(bytes).digest('hex')

    test('a file is kept under the hash of its bytes, after a restart too', async () => {
      await using place = await createPlace()
      {
        await using store = await place.open()
        expect(await store.media.put(bytes, 'image/png')).toEqual({ key, size: bytes.byteLength, type: 'image/png' })
      }
      await using again = await place.open()
      const found = await again.media.get(key)
      expect(found).toMatchObject({ key, size: bytes.byteLength, type: 'image/png' })
      expect(Buffer.from(found!.bytes).equals(bytes)).toBe(true)
    })

    test('the same bytes stored many times at once are one file; the last type holds', () =>
      withAccount(async (_, { media }) => {
        const stored = await Promise.all([1, 2, 3].map(() => media.put(bytes, 'image/png')))
        expect(new Set(stored.map((medium) => medium.key))).toEqual(new Set([key]))
        await media.put(bytes, 'image/gif')
        expect(await media.get(key)).toMatchObject({ type: 'image/gif' })
      }))

    test('a key that is not stored has no file, whatever it looks like', () =>
      withAccount(async (_, { media }) => {
        expect(await media.get('0'.repeat(64))).toBeUndefined()
        expect(await media.get('../../etc/passwd')).toBeUndefined()
        expect(await media.get('')).toBeUndefined()
      }))

    test('a file of no bytes is a file', () =>
      withAccount(async (_, { media }) => {
        const empty = await media.put(new Uint8Array(), 'text/plain')
        expect(await media.get(empty.key)).toMatchObject({ size: 0 })
        await media.put(bytes, 'image/png')
        expect(await media.size()).toEqual({ files: 2, bytes: bytes.byteLength })
      }))

    test('the cache can be cleared, all of it or one kind of file', () =>
      withAccount(async (_, { media }) => {
        const put = (text: string, type: string) => media.put(new TextEncoder().encode(text), type, { isCached: true })
        const [picture, song, page] = [
          await put('picture', 'image/png'),
          await put('song', 'audio/mpeg'),
          await put('page', 'text/plain'),
        ]
        expect(await media.clearCache('audio/')).toBe(1)
        expect(await media.get(song.key)).toBeUndefined()
        expect(await media.get(picture.key)).toBeDefined()
        expect(await media.clearCache()).toBe(2)
        expect(await media.get(picture.key)).toBeUndefined()
        expect(await media.get(page.key)).toBeUndefined()
        expect(await media.clearCache()).toBe(0)
      }))

    test('what was put for keeps, before or after, is no cache', () =>
      withAccount(async (_, { media }) => {
        await media.put(bytes, 'image/png')
        await media.put(bytes, 'image/png', { isCached: true })
        const other = new TextEncoder().encode('another picture')
        const { key: otherKey } = await media.put(other, 'image/png', { isCached: true })
        const cleared = media.clearCache()
        await media.put(other, 'image/png')
        await cleared
        expect(await media.clearCache()).toBe(0)
        expect(await media.get(key)).toBeDefined()
        expect(await media.get(otherKey)).toBeDefined()
      }))
  })

  describe(`${name}: closing`, () => {
    test('what was begun before closing is kept, what comes after is refused', async () => {
      await using place = await createPlace()
      const store = await place.open()
      const { journal } = store.account(sampleAccount)
      const begun = journal.append(sampleNotice(1))
      await store[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      expect(await begun).toMatchObject({ seq: 1 })
      await expect(journal.append(sampleNotice(2))).rejects.toThrow(/closed/)
      await using again = await place.open()
      expect(again.account(sampleAccount).journal.last()).toBe(1)
    })
  })
}
