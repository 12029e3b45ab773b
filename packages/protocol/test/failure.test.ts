import { readFileSync } from 'node:fs'
import { ActionFailure, BackendRefused, BackendUnreachable, failures, OutcomeUnknown } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'

const kinds = Object.entries(failures)

describe('the failure table', () => {
  it('is the table of the README, row by row', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\| +(\d+) +\| +(\d+) +\| `([A-Z_]+)` +\|/gmu)]
    expect(rows.map(([, kind, retcode, status, code]) => [kind, Number(retcode), Number(status), code])).toEqual(
      kinds.map(([kind, { retcode, status, code }]) => [kind, retcode, status, code]),
    )
  })

  it.each(kinds)('never takes a retcode that means success: %s', (_, { retcode }) => {
    expect(retcode).toBeGreaterThan(1)
  })

  it.each([
    ['bad-params', 100, 200],
    ['no-data', 102, 200],
    ['refused', 103, 200],
    ['credentials', 104, 200],
    ['busy', 201, 200],
    ['bad-request', 1400, 400],
    ['token-missing', 1401, 401],
    ['token-wrong', 1403, 401],
    ['token-refused', 1403, 403],
    ['unknown-action', 1404, 404],
    ['bad-method', 1405, 405],
    ['bad-content-type', 1406, 400],
  ] as const)('answers %s with %i and HTTP %i, as the documents say', (kind, retcode, status) => {
    expect(failures[kind]).toMatchObject({ retcode, status })
  })
})

describe('a failure', () => {
  it('has the short code of its kind unless it gives one of its own', () => {
    expect(new ActionFailure('no-data', 'no such group').code).toBe('NOT_FOUND')
    expect(new ActionFailure('no-data', 'no such group', { code: 'GROUP_NOT_FOUND' }).code).toBe('GROUP_NOT_FOUND')
  })

  it('keeps what caused it', () => {
    const cause = new Error('disk full')
    expect(new ActionFailure('file', 'the file could not be written', { cause }).cause).toBe(cause)
  })

  it('tells an outcome that is not known from both, and may know it later', async () => {
    const outcome = Promise.reject(new BackendRefused('you were muted'))
    const unknown = new OutcomeUnknown('no answer', { outcome })
    expect([unknown.name, unknown.code, unknown.message]).toEqual(['OutcomeUnknown', 'OUTCOME_UNKNOWN', 'no answer'])
    expect(unknown).toBeInstanceOf(ActionFailure)
    // Nobody who asks for it is no fault of the program; who asks is told.
    await expect(unknown.outcome).rejects.toThrow('you were muted')
    expect(new OutcomeUnknown('no answer').outcome).toBeUndefined()
  })

  it('tells a network that refused from one that was not reached', () => {
    const refused = new BackendRefused('you are muted', { retcode: -34 })
    expect([refused.name, refused.kind, refused.retcode, refused.message]).toEqual([
      'BackendRefused',
      'refused',
      -34,
      'you are muted',
    ])
    expect(new BackendRefused('no such member', { kind: 'no-data' }).kind).toBe('no-data')
    const unreachable = new BackendUnreachable('the network does not answer')
    expect([unreachable.name, unreachable.kind, unreachable.code]).toEqual([
      'BackendUnreachable',
      'unreachable',
      'BACKEND_UNREACHABLE',
    ])
    expect(unreachable).toBeInstanceOf(ActionFailure)
  })
})
