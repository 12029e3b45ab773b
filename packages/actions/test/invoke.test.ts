import { attempt, invoke, perform, supportedActions } from '@seekyou/actions'
import type { Segment } from '@seekyou/message'
import { ActionFailure, BackendRefused, BackendUnreachable, OutcomeUnknown } from '@seekyou/protocol'
import { settle } from '@seekyou/testkit'
import { describe, expect, it } from 'vitest'
import { createFakeCall } from './fake-call.ts'

const sent = { message_id: 7 }
const answers = { send_group_msg: sent, send_private_msg: sent }
const params = { group_id: 20001, message: 'a' }

function failed(kind: string, message: unknown) {
  return { type: 'failed', failure: expect.objectContaining({ kind, message }) }
}

describe('a call', () => {
  it('is done by the backend, and ends with what that gives', async () => {
    const { call } = createFakeCall({ answers })
    expect(await invoke({ action: 'send_group_msg', params }, call)).toEqual({ type: 'done', data: sent })
  })

  it.each([
    new BackendRefused('you are muted', { retcode: -34 }),
    new BackendUnreachable('the network does not answer'),
    new ActionFailure('busy', 'too many at once'),
  ])('fails as the backend says: $name', async (failure) => {
    const { call, lines } = createFakeCall({ answers: { send_group_msg: failure } })
    expect(await invoke({ action: 'send_group_msg', params }, call)).toEqual({ type: 'failed', failure })
    expect(lines).toEqual([])
  })

  it('ends in an outcome that nobody knows where the backend says so, with what may settle it', async () => {
    const outcome = Promise.resolve(sent)
    const unknown = new OutcomeUnknown('the network does not answer', { outcome })
    const { call } = createFakeCall({ answers: { send_group_msg: unknown } })
    const wording = 'the network does not answer'
    expect(await invoke({ action: 'send_group_msg', params }, call)).toEqual({ type: 'unknown', wording, outcome })
  })

  it('tells the client only that there is a fault of ours, and the log all of it', async () => {
    const fault = new TypeError('cannot read /home/bot/secret of undefined')
    const { call, lines } = createFakeCall({ answers: { send_group_msg: fault } })
    const outcome = await invoke({ action: 'send_group_msg', params }, call)
    expect(outcome).toEqual(failed('internal', '"send_group_msg" failed inside the server; its log tells more'))
    expect(lines).toEqual([
      {
        level: 'error',
        fields: { action: 'send_group_msg', err: fault },
        message: 'an action failed in a way it never should',
      },
    ])
  })

  it('is turned down when the backend cannot do it', async () => {
    const { call } = createFakeCall({})
    const outcome = await invoke({ action: 'delete_msg', params: {} }, call)
    expect(outcome).toEqual(failed('unsupported', 'the fake backend of this account cannot do delete_msg'))
  })
})

it.each([
  ['send_discuss_msg', { discuss_id: 30001, message: 'hi' }],
  ['set_discuss_leave', { discuss_id: 30001 }],
])('%s finds no discuss group where the network has none', async (action, given) => {
  const { call } = createFakeCall({ answers: { send_private_msg: null, send_group_msg: null } })
  const outcome = await invoke({ action, params: given }, call)
  expect(outcome).toEqual(failed('no-data', 'the network of this account has no discuss groups'))
})

describe('an unknown action', () => {
  it.each([
    ['send_group_mgs', 'send_group_msg'],
    ['get_status/', 'get_status'],
    ['handle_quick_operation', '.handle_quick_operation'],
    ['get_statsu_async', 'get_status'],
  ])('is told with the one that was meant: %s', async (action, meant) => {
    const { call } = createFakeCall({ answers })
    expect(await invoke({ action, params }, call)).toMatchObject({
      failure: { message: expect.stringContaining(` (did you mean ${meant}?); get_supported_actions lists them`) },
    })
  })

  it.each([
    ['get_nothing', '"get_nothing"'],
    ['', '""'],
    ['GET_STATUS', '"GET_STATUS"'],
    ['constructor', '"constructor"'],
    ['__proto__', '"__proto__"'],
    ['a"b', String.raw`"a\"b"`],
    ['x'.repeat(1_000_000), `"${'x'.repeat(40)}…"`],
  ])('is named as it came (%#)', async (action, name) => {
    const { call } = createFakeCall({ answers })
    const wording = `there is no action ${name}; get_supported_actions lists them`
    expect(await invoke({ action, params }, call)).toEqual(failed('unknown-action', wording))
  })

  it('goes to a backend that passes on what nobody knows, with its params as they came', async () => {
    const passed: unknown[] = []
    const passthrough = async (action: string, given: unknown): Promise<unknown> => {
      passed.push([action, given])
      return 'done there'
    }
    const { call } = createFakeCall({ answers, passthrough })
    const given = { anything: [null, '1'] }
    expect(await invoke({ action: 'get_nothing', params: given }, call)).toEqual({ type: 'done', data: 'done there' })
    expect(passed).toEqual([['get_nothing', given]])
    // What the catalogue knows is never passed on unread.
    expect((await invoke({ action: 'delete_msg', params: { message_id: 7 } }, call)).type).toBe('failed')
    expect(passed).toHaveLength(1)
  })
})

describe('another name of an action', () => {
  it.each([
    ['set_group_sign', 'send_group_sign', { group_id: 20001 }],
    ['qidian_get_login_info', 'qidian_get_account_info', {}],
    ['_delete_group_notice', '_del_group_notice', { group_id: 20001, notice_id: 'n1' }],
  ])('%s is %s', async (called, action, given) => {
    const { call, done } = createFakeCall({ answers: { [action]: null } })
    expect(await invoke({ action: called, params: given }, call)).toEqual({ type: 'done', data: null })
    expect(await invoke({ action: `${called}_async`, params: given }, call)).toEqual({ type: 'later' })
    await settle()
    expect(done).toEqual([
      { action, params: given },
      { action, params: given },
    ])
  })

  it('is the one a failure names', async () => {
    const { call } = createFakeCall({ answers: { send_group_sign: null } })
    const missing = expect.stringMatching(/^set_group_sign: group_id is missing/u)
    expect(await invoke({ action: 'set_group_sign', params: {} }, call)).toEqual(failed('bad-params', missing))
    const wording = 'the fake backend of this account cannot do qidian_get_login_info'
    expect(await invoke({ action: 'qidian_get_login_info', params: {} }, call)).toEqual(failed('unsupported', wording))
  })
})

describe('_async', () => {
  it('answers at once, and does the action afterwards', async () => {
    const { call, done, lines } = createFakeCall({ answers })
    expect(await invoke({ action: 'send_group_msg_async', params }, call)).toEqual({ type: 'later' })
    await settle()
    expect(done.map(({ action }) => action)).toEqual(['send_group_msg'])
    expect(lines).toEqual([])
  })

  it.each([
    ['bad params', 'send_group_msg_async', {}, /^send_group_msg: group_id is missing/u],
    ['a refusal', 'send_private_msg_async', { user_id: 10001, message: 'a' }, /^you are muted$/u],
    ['what the backend cannot do', 'delete_msg_async', { message_id: 7 }, /cannot do delete_msg$/u],
  ])('leaves a failure to the log: %s', async (_, action, given, reason) => {
    const refusal = new BackendRefused('you are muted')
    const { call, lines } = createFakeCall({ answers: { ...answers, send_private_msg: refusal } })
    expect(await invoke({ action, params: given }, call)).toEqual({ type: 'later' })
    await settle()
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        fields: { action, reason: expect.stringMatching(reason) },
      }),
    ])
  })

  it.each([
    ['get_nothing_async', '"get_nothing"'],
    ['send_group_msg_async_async', '"send_group_msg_async"'],
    ['_async', '""'],
    ['async', '"async"'],
  ])('does not make an action of %s', async (action, name) => {
    const { call, done } = createFakeCall({ answers })
    const wording = `there is no action ${name}; get_supported_actions lists them`
    expect(await invoke({ action, params }, call)).toEqual(failed('unknown-action', wording))
    await settle()
    expect(done).toEqual([])
  })

  it('is done now where the dialect has it so', async () => {
    const { call } = createFakeCall({ answers, dialect: { async: 'now' } })
    expect(await invoke({ action: 'send_group_msg_async', params }, call)).toEqual({ type: 'done', data: sent })
    expect((await invoke({ action: 'get_nothing_async', params }, call)).type).toBe('failed')
  })

  it('can be put after every action, quick operations too', async () => {
    const { call, done } = createFakeCall({ answers })
    const operation = {
      context: { post_type: 'message', message_type: 'group', group_id: 20001 },
      operation: { reply: 'a' },
    }
    const outcome = await invoke({ action: '.handle_quick_operation_async', params: operation }, call)
    expect(outcome).toEqual({ type: 'later' })
    await settle()
    expect(done.map(({ action }) => action)).toEqual(['send_group_msg'])
  })
})

describe('_rate_limited', () => {
  const call = (run: ReturnType<typeof createFakeCall>, action: string, message: string) =>
    invoke({ action, params: { group_id: 20001, message } }, run.call)
  const said = ({ done }: ReturnType<typeof createFakeCall>) =>
    done.map((one) => (one.params as { readonly message: Segment[] }).message[0]?.data['text'])

  it('answers at once, and does one call after the other, half a second apart', async () => {
    const run = createFakeCall({ answers })
    for (const text of ['1', '2', '3']) {
      expect(await call(run, 'send_group_msg_rate_limited', text)).toEqual({ type: 'later' })
    }
    await settle()
    expect(said(run)).toEqual(['1'])
    await run.clock.advance(499)
    expect(said(run)).toEqual(['1'])
    await run.clock.advance(1)
    expect(said(run)).toEqual(['1', '2'])
    await run.clock.advance(500)
    expect(said(run)).toEqual(['1', '2', '3'])
  })

  it('waits from the end of a call, however long it takes', async () => {
    const slow = Promise.withResolvers<unknown>()
    const run = createFakeCall({ answers: { ...answers, send_private_msg: slow.promise } })
    await invoke({ action: 'send_private_msg_rate_limited', params: { user_id: 10001, message: 'a' } }, run.call)
    await call(run, 'send_group_msg_rate_limited', '2')
    await run.clock.advance(60_000)
    expect(run.done).toHaveLength(1)
    slow.resolve(sent)
    await settle()
    await run.clock.advance(499)
    expect(run.done).toHaveLength(1)
    await run.clock.advance(1)
    expect(run.done).toHaveLength(2)
  })

  it('is one queue for all actions, at the pace the operator chose', async () => {
    const run = createFakeCall({ answers, options: { rate_limit_interval: 2 } })
    await call(run, 'send_group_msg_rate_limited', '1')
    await invoke({ action: 'send_private_msg_rate_limited', params: { user_id: 10001, message: '2' } }, run.call)
    await run.clock.advance(1999)
    expect(said(run)).toEqual(['1'])
    await run.clock.advance(1)
    expect(said(run)).toEqual(['1', '2'])
    // After a pause the next one need not wait.
    await run.clock.advance(2000)
    await call(run, 'send_group_msg_rate_limited', '3')
    await settle()
    expect(said(run)).toEqual(['1', '2', '3'])
  })

  it('holds nothing else up', async () => {
    const run = createFakeCall({ answers })
    await call(run, 'send_group_msg_rate_limited', '1')
    await call(run, 'send_group_msg_rate_limited', '3')
    await call(run, 'send_group_msg', '2')
    expect(said(run)).toEqual(['1', '2'])
  })

  it('goes on after a failure, which is left to the log', async () => {
    const run = createFakeCall({ answers: { ...answers, send_private_msg: new BackendRefused('you are muted') } })
    await invoke({ action: 'send_private_msg_rate_limited', params: { user_id: 10001, message: 'a' } }, run.call)
    await invoke({ action: 'send_group_msg_rate_limited', params: {} }, run.call)
    await call(run, 'send_group_msg_rate_limited', '3')
    await run.clock.advance(1000)
    expect(run.done).toHaveLength(2)
    expect(run.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { action: 'send_private_msg_rate_limited', reason: 'you are muted' }],
      ['warn', { action: 'send_group_msg_rate_limited', reason: expect.stringMatching(/group_id is missing/u) }],
    ])
  })

  it.each(['send_group_msg_rate_limited_async', 'send_group_msg_async_rate_limited'])(
    'may be combined with _async: %s',
    async (action) => {
      const run = createFakeCall({ answers, dialect: { async: 'now' } })
      for (const text of ['1', '2']) expect(await call(run, action, text)).toEqual({ type: 'later' })
      await settle()
      expect(said(run)).toEqual(['1'])
      await run.clock.advance(500)
      expect(said(run)).toEqual(['1', '2'])
    },
  )

  it.each([
    ['get_nothing_rate_limited', '"get_nothing"'],
    ['get_nothing_async_rate_limited', '"get_nothing"'],
    ['send_group_msg_rate_limited_rate_limited', '"send_group_msg_rate_limited"'],
    ['send_group_msg_async_rate_limited_async', '"send_group_msg_async"'],
    ['_rate_limited', '""'],
    ['rate_limited', '"rate_limited"'],
  ])('does not make an action of %s', async (action, name) => {
    const run = createFakeCall({ answers })
    const wording = `there is no action ${name}; get_supported_actions lists them`
    expect(await call(run, action, '1')).toEqual(failed('unknown-action', wording))
    await run.clock.advance(1000)
    expect(run.done).toEqual([])
  })

  it('reaches what only the backend knows', async () => {
    const passed: unknown[] = []
    const run = createFakeCall({ passthrough: async (action) => passed.push(action) })
    expect(await call(run, 'do_it_rate_limited', '1')).toEqual({ type: 'later' })
    await settle()
    expect(passed).toEqual(['do_it'])
  })

  it('takes only so many, and says when it is too many', async () => {
    const run = createFakeCall({ answers: { ...answers, send_group_msg: new Promise(() => undefined) } })
    for (let count = 0; count <= 10_000; count++) await call(run, 'send_group_msg_rate_limited', '1')
    const wording = '10000 calls are waiting for their turn already; call again later'
    expect(await call(run, 'send_group_msg_rate_limited', '1')).toEqual(failed('busy', wording))
  })

  it('forgets what waits when the account ends, and takes no more', async () => {
    const run = createFakeCall({ answers })
    for (const text of ['1', '2', '3']) await call(run, 'send_group_msg_rate_limited', text)
    await settle()
    expect(run.call.queue.close()).toBe(2)
    await run.clock.advance(10_000)
    expect(said(run)).toEqual(['1'])
    expect(await call(run, 'send_group_msg_rate_limited', '4')).toEqual(failed('busy', 'the server is shutting down'))
  })
})

it('perform throws what the backend throws', async () => {
  const fault = new Error('a fault')
  const { call } = createFakeCall({ answers: { get_login_info: fault } })
  await expect(perform('get_login_info', {}, call)).rejects.toBe(fault)
})

it('attempt takes anything that is thrown for a fault of ours', async () => {
  const { call, lines } = createFakeCall({})
  const outcome = await attempt('say', call.log, async () => {
    // oxlint-disable-next-line typescript/only-throw-error
    throw 'just a text'
  })
  expect(outcome).toEqual(failed('internal', '"say" failed inside the server; its log tells more'))
  expect(lines).toHaveLength(1)
})

describe('what an account can do', () => {
  const always = [
    'get_msg',
    'get_forward_msg',
    'get_group_msg_history',
    'get_friend_msg_history',
    'mark_msg_as_read',
    'get_image',
    'get_record',
    'get_file',
    'upload_image',
    'download_file',
    'ocr_image',
    '.ocr_image',
    'clean_cache',
    'clean_data_dir',
    'get_supported_actions',
    'get_status',
    'get_version_info',
    '.handle_quick_operation',
    '.get_word_slices',
    'check_url_safely',
    'reload_event_filter',
    'set_restart',
    'set_restart_plugin',
    '_set_restart',
    'clean_plugin_log',
  ]

  it('is, on a backend that can do nothing, what needs none', () => {
    const { call } = createFakeCall({})
    expect(supportedActions(call.backend)).toEqual(always)
  })

  it('is also what its backend can do, and what that makes possible', () => {
    const { call } = createFakeCall({ answers: { ...answers, delete_msg: null, get_nothing: null } })
    const possible = ['send_msg', 'forward_group_single_msg', 'forward_friend_single_msg']
    const expected = ['send_private_msg', 'send_group_msg', 'delete_msg', ...possible, ...always]
    expect(supportedActions(call.backend).toSorted()).toEqual(expected.toSorted())
  })

  it('is listed under every name that it is called by', () => {
    const { call } = createFakeCall({ answers: { send_group_sign: null } })
    const listed = supportedActions(call.backend)
    expect(listed).toEqual(expect.arrayContaining(['send_group_sign', 'set_group_sign']))
    expect(new Set(listed).size).toBe(listed.length)
  })

  it('is not send_msg with half of it', () => {
    const { call } = createFakeCall({ answers: { send_group_msg: sent } })
    expect(supportedActions(call.backend)).not.toContain('send_msg')
  })
})
