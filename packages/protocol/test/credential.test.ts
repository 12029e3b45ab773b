import { inHeader, readCredential, secretMatcher, unsendable } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'

describe('the token that a client shows', () => {
  it.each([
    ['Bearer T', undefined, 'T'],
    ['bearer T', undefined, 'T'],
    ['BEARER T', undefined, 'T'],
    ['Token T', undefined, 'T'],
    ['token T', undefined, 'T'],
    ['Bearer   T', undefined, 'T'],
    ['  Bearer T  ', undefined, 'T'],
    ['Bearer\tT', undefined, 'T'],
    ['T', undefined, 'T'],
    ['Bearer a b', undefined, 'a b'],
    ['Token Token', undefined, 'Token'],
    ['Token undefined', undefined, 'undefined'],
    ['tokenless', undefined, 'tokenless'],
    ['bearer-T', undefined, 'bearer-T'],
    ['Basic T', undefined, 'Basic T'],
    [undefined, 'T', 'T'],
    [`Bearer ${inHeader('口令')}`, undefined, '口令'],
    ['Bearer \xfc', undefined, '\xfc'],
    [undefined, '口令', '口令'],
    ['', 'T', 'T'],
    ['   ', 'T', 'T'],
    ['Bearer H', 'Q', 'H'],
    ['Bearer', 'Q', undefined],
    ['Token ', undefined, undefined],
    [undefined, '', undefined],
    [undefined, undefined, undefined],
  ])('in the header %j and the query %j is %j', (header, query, credential) => {
    expect(readCredential(header, query)).toBe(credential)
  })

  it('is found at once in a header of any length', () => {
    const long = `Bearer${' '.repeat(1_000_000)}T`
    expect(readCredential(long, undefined)).toBe('T')
  })
})

it.each(['a\r\nX-Evil: 1', 'a\0', '\x7f', '\n'])('a token such as %j is one that nobody can be shown', (token) => {
  expect(unsendable.test(token)).toBe(true)
})

it.each(['口令', 'ü', 'plain-Token_1 with space'])('a token such as %j is one that a header can carry', (token) => {
  expect(unsendable.test(token)).toBe(false)
  expect(inHeader(token)).toMatch(/^[\x20-\xff]+$/)
})

describe('two secrets', () => {
  it.each([
    ['a', 'a', true],
    ['密钥', '密钥', true],
    ['', '', true],
    ['a', 'b', false],
    ['a', 'A', false],
    ['a', 'a ', false],
    ['a', '', false],
    ['a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', false],
  ])('%j and %j are the same: %j', (left, right, same) => {
    expect(secretMatcher(right)(left)).toBe(same)
  })
})
