import { expect, test } from 'vitest'
import { keyOf } from '../src/kit/shortcut.ts'

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

test.each([
  [{ key: 'c' }, 'c'],
  [{ key: '?', shiftKey: true }, '?'],
  [{ key: 'G', shiftKey: true }, 'G'],
  [{ key: ' ' }, 'Space'],
  [{ key: 'ArrowUp', altKey: true }, 'Alt+ArrowUp'],
  [{ key: 'Enter', shiftKey: true }, 'Shift+Enter'],
  [{ key: 'k', metaKey: true }, 'Ctrl+k'],
])('%j is written %s', (event, keys) => {
  expect(keyOf({ ...plain, ...event })).toBe(keys)
})
