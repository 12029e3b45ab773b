import { describeError } from '@seekyou/protocol'
import { expect, test } from 'vitest'

test.each([
  ['an error', new Error('gone'), 'gone'],
  ['one error for each address of a host', new AggregateError([new Error('a'), new Error('b')]), 'a; b'],
  ['an error that only says that it failed', new TypeError('fetch failed', { cause: new Error('why') }), 'why'],
  ['what is no error', 'gone', 'gone'],
])('%s is told in a sentence', (_, error, sentence) => {
  expect(describeError(error)).toBe(sentence)
})
