import { invoke, supportedActions } from '@seekyou/actions'
import { ActionFailure, BackendRefused } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { createFakeCall, status } from '../fake-call.ts'

const dataOf = async (action: string, setup: Parameters<typeof createFakeCall>[0] = {}): Promise<unknown> => {
  const outcome = await invoke({ action, params: {} }, createFakeCall(setup).call)
  return outcome.type === 'done' ? outcome.data : outcome
}

it.each(['can_send_image', 'can_send_record'])('%s says what the backend says', async (action) => {
  expect(await dataOf(action, { answers: { [action]: { yes: false } } })).toEqual({ yes: false })
})

it('get_status tells how the account is', async () => {
  expect(await dataOf('get_status')).toEqual(status)
})

it('get_supported_actions lists what the account can do', async () => {
  const setup = { answers: { get_login_info: null } }
  const { call } = createFakeCall(setup)
  expect(await dataOf('get_supported_actions', setup)).toEqual(supportedActions(call.backend))
})

it('get_version_info names the program in the words of every generation', async () => {
  const dialect = { appName: 'go-cqhttp', pluginVersion: '2.1.4' }
  expect(await dataOf('get_version_info', { dialect })).toEqual({
    app_name: 'go-cqhttp',
    app_version: '1.2.3',
    app_full_name: `go-cqhttp-1.2.3_${process.platform}_${process.arch}`,
    protocol_version: 'v11',
    version: 'v1.2.3',
    runtime_version: process.version,
    runtime_os: process.platform,
    protocol_name: 0,
    coolq_edition: 'pro',
    coolq_directory: '',
    'go-cqhttp': true,
    go_cqhttp: true,
    plugin_version: '2.1.4',
    plugin_build_number: 99,
    plugin_build_configuration: 'release',
  })
})

describe('.handle_quick_operation', () => {
  const context = { post_type: 'message', message_type: 'group', message_id: 7, group_id: 20001, user_id: 10001 }
  const answers = { send_group_msg: { message_id: 8 }, delete_msg: null }
  const handle = (operation: unknown, setup: Parameters<typeof createFakeCall>[0] = { answers }) => {
    const { call, done, lines } = createFakeCall(setup)
    const params = { context, operation, self_id: 10000 }
    return { outcome: invoke({ action: '.handle_quick_operation', params }, call), done, lines }
  }

  it('does what it stands for, in the dialect of the link', async () => {
    const { outcome, done, lines } = handle({ reply: 'hi', delete: true }, { answers, dialect: { atSender: false } })
    expect(await outcome).toEqual({ type: 'done', data: null })
    expect(done).toEqual([
      { action: 'send_group_msg', params: { group_id: 20001, message: [{ type: 'text', data: { text: 'hi' } }] } },
      { action: 'delete_msg', params: { message_id: 7 } },
    ])
    expect(lines).toEqual([])
  })

  it('joins the at of the sender and the reply to one message', async () => {
    const { outcome, done } = handle({ reply: 'hi' })
    await outcome
    expect(done[0]?.params).toEqual({
      group_id: 20001,
      message: [
        { type: 'at', data: { qq: '10001' } },
        { type: 'text', data: { text: ' hi' } },
      ],
    })
  })

  it('goes on after a part that fails, answers ok, and leaves the failure to the log', async () => {
    const refused = { ...answers, send_group_msg: new BackendRefused('you are muted') }
    const { outcome, done, lines } = handle({ reply: 'hi', delete: true, ban: true }, { answers: refused })
    expect(await outcome).toEqual({ type: 'done', data: null })
    expect(done.map(({ action }) => action)).toEqual(['send_group_msg', 'delete_msg'])
    expect(lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { action: 'send_group_msg', reason: 'you are muted' }],
      ['warn', { action: 'set_group_ban', reason: expect.any(String) }],
    ])
  })

  it('does nothing when asked for nothing', async () => {
    const { outcome, done } = handle({})
    expect(await outcome).toEqual({ type: 'done', data: null })
    expect(done).toEqual([])
  })

  it('refuses a reply that is no message, and does nothing else either', async () => {
    const { outcome, done } = handle({ reply: [{ data: {} }], delete: true })
    const message = 'operation.reply: message[0].type is missing; every segment needs a type, a string such as "text"'
    expect(await outcome).toEqual({
      type: 'failed',
      failure: expect.objectContaining({ kind: 'bad-params', message }),
    })
    expect(done).toEqual([])
  })

  it('does not hide a fault of ours', async () => {
    const { outcome, lines } = handle({ reply: 'hi' }, { answers: { send_group_msg: new Error('a fault') } })
    expect(await outcome).toEqual({ type: 'failed', failure: expect.objectContaining({ kind: 'internal' }) })
    expect(lines.map(({ level }) => level)).toEqual(['error'])
  })
})

const invokeIn = async (action: string, params: object, setup: Parameters<typeof createFakeCall>[0] = {}) =>
  invoke({ action, params }, createFakeCall(setup).call)

const failed = (kind: string, message: unknown) => ({
  type: 'failed',
  failure: expect.objectContaining({ kind, message }),
})

describe('.get_word_slices', () => {
  it.each([
    ['今天天气很好。', ['今天', '天气', '很好']],
    ['hello, 世界 2026!', ['hello', '世界', '2026']],
    ['你\0好\0', ['你好']],
    ['👍 … ', []],
    ['', []],
    ['\uD83D', []],
  ])('cuts %j into its words', async (content, slices) => {
    expect(await invokeIn('.get_word_slices', { content })).toEqual({ type: 'done', data: { slices } })
  })

  it('takes as much as any message holds', async () => {
    expect(await invokeIn('.get_word_slices', { content: '好'.repeat(10_000) })).toMatchObject({ type: 'done' })
  })
})

describe('check_url_safely', () => {
  const options = {
    safe_hosts: ['example.com', '例子.cn'],
    dangerous_hosts: ['bad.example.com', 'EVIL.org.', '10.0.0.1'],
  }

  it.each([
    [1, 'https://example.com/a?b'],
    [1, 'https://www.example.com'],
    [1, 'HTTPS://EXAMPLE.COM./'],
    [1, 'example.com/path'],
    [1, 'example.com:8080/path'],
    [1, 'http://例子.cn/'],
    [1, 'http://xn--fsqu00a.cn/'],
    [3, 'http://bad.example.com/'],
    [3, 'http://very.bad.example.com/'],
    [3, 'http://evil.org'],
    [3, 'http://example.com@evil.org/'],
    [3, String.raw`http:\\evil.org\example.com`],
    [3, 'http://0xa000001/'],
    [2, 'http://evil.org.example.net/'],
    [2, 'http://notexample.com/'],
    [2, 'http://example.com.attacker.net/'],
    [2, 'http://com/'],
    [2, 'javascript:alert(1)'],
    [2, 'not a url'],
    [2, ''],
  ])('calls it %i: %s', async (level, url) => {
    expect(await invokeIn('check_url_safely', { url }, { options })).toEqual({ type: 'done', data: { level } })
  })

  it('knows nothing without lists', async () => {
    const outcome = await invokeIn('check_url_safely', { url: 'https://example.com' })
    expect(outcome).toEqual({ type: 'done', data: { level: 2 } })
  })
})

describe('cookies and tokens', () => {
  it.each(['get_cookies', 'get_csrf_token', 'get_credentials'])('are not made up by %s', async (action) => {
    const wording = 'the network of this account has no web pages that cookies or tokens are for'
    expect(await invokeIn(action, {})).toEqual(failed('credentials', wording))
  })

  it('are what the backend has', async () => {
    const setup = { answers: { get_cookies: { cookies: 'a=b' } } }
    expect(await invokeIn('get_cookies', { domain: 'example.com' }, setup)).toEqual({
      type: 'done',
      data: { cookies: 'a=b' },
    })
  })
})

describe('reload_event_filter', () => {
  it.each([
    [{}, undefined],
    [{ file: '' }, undefined],
    [{ file: 'filter.json' }, 'filter.json'],
  ])('reads the filters again: %o', async (params, file) => {
    const reloaded: unknown[] = []
    const setup = { reloadFilters: (which?: string) => void reloaded.push(which) }
    expect(await invokeIn('reload_event_filter', params, setup)).toEqual({ type: 'done', data: null })
    expect(reloaded).toEqual([file])
  })

  it('fails with the reason when one is wrong', async () => {
    const setup = {
      reloadFilters: () => {
        throw new ActionFailure('file', 'filter.json: no')
      },
    }
    expect(await invokeIn('reload_event_filter', {}, setup)).toEqual(failed('file', 'filter.json: no'))
  })
})

describe('a restart', () => {
  const start = () => {
    let restarts = 0
    const fake = createFakeCall({ restart: () => void restarts++ })
    return { ...fake, restarts: () => restarts }
  }

  it.each(['set_restart', 'set_restart_plugin', '_set_restart', 'set_restart_async'])(
    'is answered with status async, and then begins: %s',
    async (action) => {
      const { call, clock, restarts } = start()
      expect(await invoke({ action, params: {} }, call)).toEqual({ type: 'later' })
      expect(restarts()).toBe(0)
      await clock.advance(0)
      expect(restarts()).toBe(1)
    },
  )

  it('begins after the delay', async () => {
    const { call, clock, restarts } = start()
    await invoke({ action: 'set_restart', params: { delay: '2000' } }, call)
    await clock.advance(1999)
    expect(restarts()).toBe(0)
    await clock.advance(1)
    expect(restarts()).toBe(1)
  })

  it('clears the cache before, if that is asked for', async () => {
    const { call, memory } = start()
    await call.media.put(Buffer.from('a'), 'image/png', { isCached: true })
    await invoke({ action: '_set_restart', params: { clean_log: true } }, call)
    expect(memory.size).toBe(1)
    await invoke({ action: '_set_restart', params: { clean_cache: 'yes' } }, call)
    expect(memory.size).toBe(0)
  })

  it('is refused where nobody would start the server again', async () => {
    const outcome = await invokeIn('set_restart', {})
    expect(outcome).toEqual(failed('unsupported', 'this server runs inside a program that does not restart it'))
  })
})

it('clean_plugin_log has nothing to do, and .check_update is not done', async () => {
  expect(await invokeIn('clean_plugin_log', {})).toEqual({ type: 'done', data: null })
  const wording = 'this server does not look for updates; who installed it updates it the same way'
  expect(await invokeIn('.check_update', {})).toEqual(failed('unsupported', wording))
})
