import { invoke, supportedActions } from '@seekyou/actions'
import { BackendRefused } from '@seekyou/protocol'
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
  expect(await dataOf('get_version_info', { dialect: { appName: 'go-cqhttp' } })).toEqual({
    app_name: 'go-cqhttp',
    app_version: '1.2.3',
    app_full_name: `go-cqhttp-1.2.3_${process.platform}_${process.arch}`,
    protocol_version: 'v11',
    version: 'v1.2.3',
    runtime_version: process.version,
    runtime_os: process.platform,
    coolq_edition: 'pro',
    coolq_directory: '',
    'go-cqhttp': true,
    go_cqhttp: true,
    plugin_version: '4.15.0',
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
