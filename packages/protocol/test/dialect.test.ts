import { ActionFailure, answer, BackendRefused, dialects, failures } from '@seekyou/protocol'
import type { Dialect, FailureKind, WireEvent } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'

const { default: dialect } = dialects
const failed = (failure: ActionFailure, as: Dialect = dialect) => answer({ type: 'failed', failure }, as)

describe('every dialect', () => {
  it.each(Object.entries(dialects))('%s carries the name it is found by', (name, { name: own }) => {
    expect(own).toBe(name)
  })
})

describe('the default dialect', () => {
  it('is the middle of all generations', () => {
    const { event, ...table } = dialect
    expect(table).toEqual({
      name: 'default',
      failures: {},
      unsupportedContentType: 'refuse',
      missingContentType: 'sniff',
      async: 'later',
      atSender: true,
      ambiguousTarget: 'private',
      authScheme: 'Bearer',
      userAgent: 'CQHttp/4.15.0 (SeekYou)',
      appName: 'seekyou',
    })
    const said: WireEvent = { post_type: 'message' }
    expect(event(said)).toBe(said)
  })

  it.each([
    [{ user_id: 1 }, { user_id: 1 }],
    [[], []],
    [0, 0],
    ['', ''],
    [null, null],
    [undefined, null],
  ])('answers a call that gave %j with data %j', (given, data) => {
    expect(answer({ type: 'done', data: given }, dialect)).toEqual({
      status: 200,
      body: { status: 'ok', retcode: 0, data },
    })
  })

  it('answers a call that is done later at once', () => {
    expect(answer({ type: 'later' }, dialect)).toEqual({
      status: 200,
      body: { status: 'async', retcode: 1, data: null },
    })
  })

  it('answers a call whose outcome nobody knows as no failure', () => {
    const wording = 'the network did not answer within 30 s'
    expect(answer({ type: 'unknown', wording }, dialect)).toEqual({
      status: 200,
      body: { status: 'async', retcode: 1, data: null, msg: 'OUTCOME_UNKNOWN', wording, message: wording },
    })
  })

  it.each(Object.keys(failures) as FailureKind[])('answers %s as the failure table says', (kind) => {
    const { retcode, status, code } = failures[kind]
    const { status: httpStatus, body } = failed(new ActionFailure(kind, 'why'))
    expect(httpStatus).toBe(status)
    expect(Object.entries(body)).toEqual([
      ['status', 'failed'],
      ['retcode', retcode],
      ['data', null],
      ['msg', code],
      ['wording', 'why'],
      ['message', 'why'],
    ])
  })

  it("answers the network's own negative code in place of the table's", () => {
    expect(failed(new BackendRefused('muted', { retcode: -34 })).body.retcode).toBe(-34)
  })

  it.each([0, 1, 100, 1404])('does not let a network call a failure %i', (retcode) => {
    expect(failed(new BackendRefused('muted', { retcode })).body.retcode).toBe(103)
  })
})

it('a dialect answers a failure with numbers of its own where it has some', () => {
  const goCqhttp: Dialect = { ...dialect, failures: { 'unknown-action': { retcode: 404, status: 200 } } }
  const { status, body } = failed(new ActionFailure('unknown-action', 'no such action'), goCqhttp)
  expect([status, body.retcode, body.msg]).toEqual([200, 404, 'UNKNOWN_ACTION'])
  expect(failed(new ActionFailure('bad-params', 'x'), goCqhttp).body.retcode).toBe(100)
})
