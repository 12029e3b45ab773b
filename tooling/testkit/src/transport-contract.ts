import { ActionFailure, dialects } from '@seekyou/protocol'
import type { Dialect } from '@seekyou/protocol'
import { describe, expect, test } from 'vitest'
import { createScriptedGateway } from './scripted-gateway.ts'
import type { ScriptedGateway, ScriptedGatewayOptions } from './scripted-gateway.ts'

/** A bot program at the far end of a transport. */
export interface TransportPeer extends AsyncDisposable {
  /** Calls an action, its params given as JSON text or left out; the answer as JSON text, with the echo taken out. */
  call(action: string, params?: string): Promise<string>
  /** Sends what shall not be readable as a call; the answer as JSON text. */
  send(text: string): Promise<string>
  /** The next event, as it came. */
  nextEvent(): Promise<string>
}

/**
 * What every transport does alike, as tests: the same call reaches the account in the same words and gets the same
 * answer, and events come as they were told. `connect` has a bot call and hear the account behind `gateway`.
 */
export function describeTransport(
  name: string,
  connect: (gateway: ScriptedGateway) => Promise<TransportPeer>,
  /** How a link of this transport begins. */
  { lifecycle }: { readonly lifecycle: 'connect' | 'enable' },
): void {
  async function withPeer(
    options: ScriptedGatewayOptions,
    run: (peer: TransportPeer, gateway: ScriptedGateway) => Promise<void>,
  ): Promise<void> {
    const gateway = createScriptedGateway(options)
    await using peer = await connect(gateway)
    await run(peer, gateway)
  }

  describe(`${name}: calls`, () => {
    test.each<[what: string, action: string, params: string | undefined, read: object]>([
      ['without params', 'get_status', undefined, {}],
      ['with no params in them', 'get_status', '{}', {}],
      ['with values of every type', 'a', '{"a":1,"b":-1.5,"c":"1","d":true,"e":null}', values],
      ['with nested values', 'send_msg', '{"message":[{"type":"text","data":{"text":"a"}}]}', nested],
      ['with CQ codes, which are nothing special yet', 'a', '{"message":"[CQ:face,id=1]&#44;"}', codes],
      ['with text of every script', 'a', String.raw`{"message":"中文 🎉 \n\u0000\ud83c\udf89 \\ \""}`, scripts],
      ['with integers that a double cannot hold', 'a', '{"guild_id":144115218678093981}', { guild_id: big }],
      ['with params of strange names', 'a', '{"":1,"constructor":2,"长":3}', { '': 1, constructor: 2, 长: 3 }],
      ['of a hidden action', '.handle_quick_operation', '{"context":{},"operation":{}}', quick],
      ['of an action with suffixes', 'send_msg_async_rate_limited', '{"user_id":1}', { user_id: 1 }],
      ['of an action of a strange name', '没有 这个?动作', '{"a":1}', { a: 1 }],
    ])('%s reach the account in its words', (_what, action, params, read) =>
      withPeer({}, async (peer, gateway) => {
        expect(await peer.call(action, params)).toBe('{"status":"ok","retcode":0,"data":null}')
        expect(gateway.calls).toEqual([{ action, params: read }])
      }),
    )

    test('with a message of a million characters reach the account whole', () =>
      withPeer({}, async (peer, gateway) => {
        const message = '长'.repeat(1_000_000)
        await peer.call('send_msg', JSON.stringify({ message }))
        expect(gateway.calls).toEqual([{ action: 'send_msg', params: { message } }])
      }))

    test('at once each get their own answer', () =>
      withPeer({ call: ({ params }) => params }, async (peer) => {
        const numbers = Array.from({ length: 40 }, (_, n) => `{"n":${n}}`)
        const answers = await Promise.all(numbers.map((params) => peer.call('a', params)))
        expect(answers).toEqual(numbers.map((params) => `{"status":"ok","retcode":0,"data":${params}}`))
      }))
  })

  describe(`${name}: answers`, () => {
    test.each<[what: string, data: unknown, written: string]>([
      [
        'an object',
        { user_id: 10001, nickname: '小明 🎉', x: null },
        '{"user_id":10001,"nickname":"小明 🎉","x":null}',
      ],
      ['a list', [{ group_id: 1 }, []], '[{"group_id":1},[]]'],
      ['nothing in a list', [], '[]'],
      ['nothing', undefined, 'null'],
      ['a text with all that HTML escapes', '<a href="b">&</a>', String.raw`"<a href=\"b\">&</a>"`],
    ])('%s is written as it is', (_what, data, written) =>
      withPeer({ call: () => data }, async (peer) => {
        expect(await peer.call('a')).toBe(`{"status":"ok","retcode":0,"data":${written}}`)
      }),
    )

    test('an answer of a million characters comes whole', () =>
      withPeer({ call: () => '长'.repeat(1_000_000) }, async (peer) => {
        expect(await peer.call('a')).toHaveLength(1_000_000 + '{"status":"ok","retcode":0,"data":""}'.length)
      }))

    test.each(Object.values<Dialect>(dialects))('$name is spoken, whatever the answer is', (dialect) =>
      withPeer({ dialect, call: unless('fly', 'there is no action fly') }, async (peer, gateway) => {
        expect(await peer.call('get_status')).toBe(JSON.stringify(dialect.envelope.done))
        const { body } = gateway.refuse('unknown-action', 'there is no action fly')
        expect(await peer.call('fly')).toBe(JSON.stringify(body))
      }),
    )

    test.each(['{', '[1,2', '"get_status', '[]', '"get_status"', '1'])(
      'what is no call is answered, and the link goes on: %s',
      (text) =>
        withPeer({}, async (peer, gateway) => {
          expect(JSON.parse(await peer.send(text))).toMatchObject({
            status: 'failed',
            retcode: 1400,
            data: null,
            wording: expect.any(String) as unknown,
          })
          expect(await peer.call('get_status')).toBe('{"status":"ok","retcode":0,"data":null}')
          expect(gateway.calls).toHaveLength(1)
        }),
    )
  })

  describe(`${name}: events`, () => {
    test('come as they were told, in their order, after the one that says the link begins', () =>
      withPeer({}, async (peer, gateway) => {
        expect(JSON.parse(await peer.nextEvent())).toMatchObject({ post_type: 'meta_event', sub_type: lifecycle })
        for (const [index, text] of told.entries()) {
          gateway.tell({ seq: index + 1, text })
          expect(await peer.nextEvent()).toBe(text)
        }
      }))
  })
}

const big = '144115218678093981'
const values = { a: 1, b: -1.5, c: '1', d: true, e: null }
const nested = { message: [{ type: 'text', data: { text: 'a' } }] }
const codes = { message: '[CQ:face,id=1]&#44;' }
const scripts = { message: '中文 🎉 \n\u0000🎉 \\ "' }
const quick = { context: {}, operation: {} }

const told = ['{"post_type":"message","message":"你好 🎉"}', `{"post_type":"notice","x":"${'长'.repeat(100_000)}"}`]

/** Every action is done but one, which there is not. */
function unless(missing: string, wording: string): NonNullable<ScriptedGatewayOptions['call']> {
  return ({ action }) => {
    if (action === missing) throw new ActionFailure('unknown-action', wording)
  }
}
