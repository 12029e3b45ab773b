import type { BotEvent } from '@seekyou/client'
import { segmentsOf } from '@seekyou/client'
import { describe, expect, it } from 'vitest'
import { connect } from './connect.ts'
import { ok, said, soon, startServer } from './scripted-server.ts'

const stamp = { time: 1_700_000_000, self_id: 10000 }
const poke = { ...stamp, post_type: 'notice', notice_type: 'notify', sub_type: 'poke', user_id: 1, target_id: 10000 }
const increase = { ...stamp, post_type: 'notice', notice_type: 'group_increase', sub_type: 'approve', group_id: 1 }
const heartbeat = { ...stamp, post_type: 'meta_event', meta_event_type: 'heartbeat', interval: 5000 }
const friend = { ...stamp, post_type: 'request', request_type: 'friend', flag: '1' }
const own = said('mine', { post_type: 'message_sent' })
const inPrivate = said('psst', { message_type: 'private', sub_type: 'friend' })

/** A client that has an open connection. */
async function converse(options?: Parameters<typeof connect>[1]) {
  await using opened = new AsyncDisposableStack()
  const server = opened.use(await startServer({ answer: ({ action }) => ok(action) }))
  const connected = opened.use(connect(server.ws, options))
  await connected.client.callAny('x')
  const owned = opened.move()
  return {
    ...connected,
    server,
    /** Tells events, and resolves once the client has heard them. */
    async tell(...events: readonly object[]) {
      for (const event of events) server.tell(event)
      await connected.client.callAny('x')
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

describe('listeners', () => {
  it('hear what goes by their name or by a longer one', async () => {
    await using talk = await converse()
    const heard: string[] = []
    const names = [
      'message',
      'message.group',
      'message.group.normal',
      'message.group.anonymous',
      'message.private',
      'message_sent.group',
      'notice',
      'notice.notify.poke',
      'notice.group_increase',
      'request.friend',
      'meta_event.heartbeat',
    ] as const
    for (const name of names) talk.client.on(name, () => heard.push(name))
    const hears = async (event: object) => {
      heard.length = 0
      await talk.tell(event)
      return heard
    }

    expect(await hears(said('hi'))).toEqual(['message', 'message.group', 'message.group.normal'])
    expect(await hears(inPrivate)).toEqual(['message', 'message.private'])
    expect(await hears(own)).toEqual(['message_sent.group'])
    expect(await hears(poke)).toEqual(['notice', 'notice.notify.poke'])
    expect(await hears(increase)).toEqual(['notice', 'notice.group_increase'])
    expect(await hears(friend)).toEqual(['request.friend'])
    expect(await hears(heartbeat)).toEqual(['meta_event.heartbeat'])
  })

  it('get the event as it came', async () => {
    await using talk = await converse()
    const heard: unknown[] = []
    talk.client.on('message.group', (event) => heard.push(event))
    await talk.tell(said('hi', { vendor: { x: 1 } }))

    expect(heard).toEqual([said('hi', { vendor: { x: 1 } })])
  })

  it('hear what only a vendor tells, by onAny', async () => {
    await using talk = await converse()
    const heard: unknown[] = []
    talk.client.onAny('notice.group_msg_emoji_like', (event) => heard.push(event['likes']))
    talk.client.onAny('weather', (event) => heard.push(event['sky']))
    talk.client.onAny('weather.storm', (event) => heard.push(event['sky']))
    const odd = { post_type: 'weather', weather_type: 'storm', sub_type: 3, sky: 'grey' }
    await talk.tell({ ...stamp, post_type: 'notice', notice_type: 'group_msg_emoji_like', likes: 3 }, odd)

    expect(heard).toEqual([3, 'grey', 'grey'])
  })

  it('are not told what is called like something that every object has', async () => {
    await using talk = await converse()
    const heard: unknown[] = []
    talk.client.onAny('constructor', (event) => heard.push(event))
    await talk.tell({ post_type: '__proto__' }, { post_type: 'toString', toString_type: 'x' })

    expect(heard).toEqual([])
    expect(talk.complaints).toEqual([])
  })

  it('keep nothing from each other by failing', async () => {
    await using talk = await converse()
    const heard: string[] = []
    talk.client.on('message', () => {
      throw new Error('at once')
    })
    talk.client.on('message', async () => {
      await Promise.resolve()
      throw new Error('later')
    })
    talk.client.on('message', ({ raw_message }) => heard.push(raw_message))
    talk.client.on('message.group', ({ raw_message }) => heard.push(raw_message))
    await talk.tell(said('hi'))

    expect(heard).toEqual(['hi', 'hi'])
    expect(talk.complaints.map(({ message }) => message)).toEqual(['at once', 'later'])
  })

  it('can call while they listen', async () => {
    await using talk = await converse()
    const results: unknown[] = []
    talk.client.on('message', async (event) => results.push(await talk.client.reply(event, 'pong')))
    talk.server.tell(said('ping'))

    await soon(() => expect(results).toEqual(['send_msg']))
  })

  it('hear once, however often they are added, and no more once they are off', async () => {
    await using talk = await converse()
    const heard: string[] = []
    const listener = ({ raw_message }: { readonly raw_message: string }): void => void heard.push(raw_message)
    talk.client.on('message', listener)
    talk.client.on('message', listener)
    await talk.tell(said('one'))
    talk.client.off('message.group', listener)
    await talk.tell(said('two'))
    talk.client.off('message', listener)
    talk.client.off('message', listener)
    await talk.tell(said('three'))

    expect(heard).toEqual(['one', 'two'])
  })

  it('can go while an event is told, and newcomers hear the next one', async () => {
    await using talk = await converse()
    const heard: string[] = []
    const once = (): void => {
      heard.push('once')
      talk.client.off('message', once)
      talk.client.on('message', () => heard.push('newcomer'))
    }
    talk.client.on('message', once)
    talk.client.on('message', () => heard.push('always'))
    await talk.tell(said('a'))
    await talk.tell(said('b'))

    expect(heard).toEqual(['once', 'always', 'always', 'newcomer'])
  })

  it('hear nothing after the client is closed', async () => {
    await using talk = await converse()
    const heard: unknown[] = []
    talk.client.on('message', (event) => heard.push(event))
    const [socket] = talk.server.sockets
    const closed = talk.client.close()
    socket?.send(JSON.stringify(said('too late')))
    await closed

    expect(heard).toEqual([])
  })
})

describe('a loop over events', () => {
  it('takes each in its order, also those that came before it began to look', async () => {
    await using talk = await converse()
    const events = talk.client.events()
    await talk.tell(said('one'), poke, said('two'))
    const seen: string[] = []
    for await (const event of events) {
      seen.push(event.post_type === 'message' ? event.raw_message : event.post_type)
      if (seen.length === 3) talk.server.tell(heartbeat)
      if (seen.length === 4) break
    }

    expect(seen).toEqual(['one', 'notice', 'two', 'meta_event'])
  })

  it('can be over the events of one name', async () => {
    await using talk = await converse()
    const events = talk.client.events('message.private')
    await talk.tell(said('one'), inPrivate, poke)

    expect((await events.next()).value?.raw_message).toBe('psst')
  })

  it('has calls answered while it deals with an event', async () => {
    await using talk = await converse()
    const events = talk.client.events('message')
    await talk.tell(said('one'), said('two'))
    const replies: unknown[] = []
    for await (const event of events) if (replies.push(await talk.client.reply(event, 'ok')) === 2) break

    expect(replies).toEqual(['send_msg', 'send_msg'])
  })

  it('ends with the client, after what came before', async () => {
    await using talk = await converse()
    const events = talk.client.events()
    const idle = talk.client.events('request')
    const waiting = [idle.next(), idle.next()]
    await talk.tell(said('one'), said('two'))
    await talk.client.close()
    const seen: BotEvent[] = []
    for await (const event of events) seen.push(event)

    expect(seen).toHaveLength(2)
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ])
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  it('that is left hears no more', async () => {
    await using talk = await converse({ maxEvents: 1 })
    const left = talk.client.events()
    await talk.tell(said('one'))
    await left.return?.()
    await talk.tell(said('two'), said('three'))

    expect(await left.next()).toEqual({ done: true, value: undefined })
    expect(talk.complaints).toEqual([])
  })

  it('that falls behind loses the oldest, and says so once until it has caught up', async () => {
    await using talk = await converse({ maxEvents: 2 })
    const events = talk.client.events('message')
    const take = async () => (await events.next()).value?.raw_message
    await talk.tell(...['1', '2', '3', '4', '5'].map((text) => said(text)))

    expect(talk.complaints.map(({ message }) => message)).toEqual([
      'a loop over events is more than 2 behind and loses the oldest',
    ])
    expect([await take(), await take()]).toEqual(['4', '5'])
    await talk.tell(said('6'), said('7'), said('8'))
    expect(talk.complaints).toHaveLength(2)
    expect([await take(), await take()]).toEqual(['7', '8'])
  })

  it('is one of many that do not take from each other', async () => {
    await using talk = await converse()
    const loops = [talk.client.events('message'), talk.client.events('message')]
    await talk.tell(said('one'))

    for (const loop of loops) expect((await loop.next()).value?.raw_message).toBe('one')
  })
})

describe('segmentsOf', () => {
  const segments = [
    { type: 'at', data: { qq: '10001' } },
    { type: 'text', data: { text: ' 你好, [x]' } },
  ]

  it('reads both formats', () => {
    expect(segmentsOf({ message: '[CQ:at,qq=10001] 你好, &#91;x&#93;' })).toEqual(segments)
    expect(segmentsOf({ message: segments })).toEqual(segments)
  })

  it('reads params that are no text', () => {
    const message = [{ type: 'at', data: { qq: 10001, name: null } }] as never
    expect(segmentsOf({ message })).toEqual([{ type: 'at', data: { qq: '10001' } }])
  })
})
