import { ActionFailure, answer, BackendRefused, dialects, failures } from '@seekyou/protocol'
import type { Dialect, FailureKind, Outcome, WireEvent } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'

const { default: dialect } = dialects
const failed = (failure: ActionFailure, as: Dialect = dialect) => answer({ type: 'failed', failure }, as)

describe('every dialect', () => {
  it.each(Object.entries(dialects))('%s carries the name it is found by', (name, { name: own }) => {
    expect(own).toBe(name)
  })
})

describe('the default dialect', () => {
  it('tells every event as it is', () => {
    const said: WireEvent = { post_type: 'message' }
    expect(dialect.event(said)).toBe(said)
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

describe('a dialect', () => {
  it('answers a failure with numbers and a code of its own where it has some', () => {
    const other: Dialect = { ...dialect, failures: { 'unknown-action': { retcode: 404, status: 200, code: 'NO_API' } } }
    const { status, body } = failed(new ActionFailure('unknown-action', 'no such action'), other)
    expect([status, body.retcode, body.msg]).toEqual([200, 404, 'NO_API'])
    expect(failed(new ActionFailure('bad-params', 'x'), other).body).toMatchObject({ retcode: 100, msg: 'BAD_PARAMS' })
  })

  it('keeps a code that says more than its own', () => {
    const other: Dialect = { ...dialect, failures: { 'no-data': { retcode: 100, code: 'NOTHING' } } }
    const failure = new ActionFailure('no-data', 'there is no group 1', { code: 'GROUP_NOT_FOUND' })
    expect(failed(failure, other).body).toMatchObject({ retcode: 100, msg: 'GROUP_NOT_FOUND' })
  })

  it.each(Object.values<Dialect>(dialects))('$name writes status, retcode and data whatever happens', (each) => {
    const ends: readonly Outcome[] = [
      { type: 'done', data: 1 },
      { type: 'later' },
      { type: 'failed', failure: new ActionFailure('internal', 'x') },
    ]
    for (const end of ends) {
      expect(Object.keys(answer(end, each).body)).toEqual(expect.arrayContaining(['status', 'retcode', 'data']))
    }
  })
})

describe('what go-cqhttp answers', () => {
  const goCqhttp = dialects['go-cqhttp']

  it('has its keys in alphabetical order, an empty message with what was done', () => {
    const done = answer({ type: 'done', data: { yes: true } }, goCqhttp)
    expect(JSON.stringify(done.body)).toBe('{"data":{"yes":true},"message":"","retcode":0,"status":"ok"}')
    const { body } = failed(new ActionFailure('no-data', 'there is no group 1', { code: 'GROUP_NOT_FOUND' }), goCqhttp)
    expect(JSON.stringify(body)).toBe(
      '{"data":null,"message":"there is no group 1","msg":"GROUP_NOT_FOUND","retcode":100,"status":"failed",' +
        '"wording":"there is no group 1"}',
    )
  })

  it('to an unknown action is no error of HTTP', () => {
    const { status, body } = failed(new ActionFailure('unknown-action', 'x'), goCqhttp)
    expect([status, body.retcode, body.msg]).toEqual([200, 404, 'API_NOT_FOUND'])
  })
})

it('CQHTTP v2 hears of a failure by its number alone', () => {
  const { body } = failed(new ActionFailure('no-data', 'there is no group 1'), dialects['cqhttp-2'])
  expect(JSON.stringify(body)).toBe('{"status":"failed","retcode":102,"data":null}')
})

it('OneBot 11 hears of a failure in words', () => {
  const { body } = failed(new ActionFailure('no-data', 'there is no group 1'), dialects['onebot-11'])
  expect(body).toEqual({ status: 'failed', retcode: 102, data: null, msg: 'NOT_FOUND', wording: 'there is no group 1' })
})
