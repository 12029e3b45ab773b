import { expect, test } from 'vitest'
import { piecesOf } from '../../src/tools/json-text.ts'

test('the pieces together are the text', () => {
  const value = {
    'a "key":': ['text: "quoted" \\ {}', -1.5e-9, true, false, null, {}, [], ''],
    turn: 'null true 12',
    你好: '🎈\n',
  }
  const text = piecesOf(value)
    .map((piece) => piece.text)
    .join('')
  expect(text).toBe(JSON.stringify(value, null, 2))
})

test('each piece knows what it is', () => {
  const kinds = piecesOf({ a: ['b', 1, null] }).filter(({ kind }) => kind !== 'sign')
  expect(kinds).toEqual([
    { kind: 'key', text: '"a":' },
    { kind: 'string', text: '"b"' },
    { kind: 'number', text: '1' },
    { kind: 'word', text: 'null' },
  ])
})

test('what has no text is nothing', () => {
  expect(piecesOf(undefined)).toEqual([])
})
