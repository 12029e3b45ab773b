import { expect, test } from 'vitest'
import { withoutSecrets } from '../../src/playground/history.ts'

test('keeps no secrets and no files of a call', () => {
  const message = [
    { type: 'image', data: { file: 'base64://AAAA' } },
    { type: 'text', data: { text: 'hi' } },
  ]
  const params = {
    group_id: 20001,
    access_token: 'x',
    cookies: 'y',
    nested: { csrf_token: 1, password: 'z', kept: true },
    message,
    url: 'http://127.0.0.1/?access_token=abc',
    long: 'x'.repeat(2001),
    none: null,
  }
  expect(withoutSecrets(params)).toEqual({
    group_id: 20001,
    nested: { kept: true },
    message: [
      { type: 'image', data: {} },
      { type: 'text', data: { text: 'hi' } },
    ],
    none: null,
  })
})
