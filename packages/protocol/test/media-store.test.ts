import { mediaKey, mediaUri } from '@seekyou/protocol'
import { expect, it } from 'vitest'

const key = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9'

it('a stored file is pointed at by its key', () => {
  expect(mediaUri(key)).toBe(`media:${key}`)
  expect(mediaKey(mediaUri(key))).toBe(key)
})

it.each([
  '',
  'media:',
  key,
  `media:${key}0`,
  `media:${key.toUpperCase()}`,
  `MEDIA:${key}`,
  `media:${key.slice(1)}`,
  `media:../${key}`,
  `media:${key}\n`,
  `http://127.0.0.1/media:${key}`,
])('no stored file is pointed at by %j', (uri) => {
  expect(mediaKey(uri)).toBeUndefined()
})
