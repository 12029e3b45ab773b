import { isFileLocation, isStoredPath } from '@seekyou/protocol'
import { expect, it } from 'vitest'

const key = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9'

it.each(['base64://AAAA', 'data:text/plain,a', 'http://a/', 'HTTPS://a/', 'file:///a', 'file://C:\\a'])(
  'a file is named by where it is in %j',
  (text) => {
    expect(isFileLocation(text)).toBe(true)
    expect(isStoredPath(text)).toBe(false)
  },
)

it.each([`/srv/data/media/b9/${key}`, `C:\\data\\media\\b9\\${key}`, `\\\\host\\media\\${key}`])(
  'a stored file is named by its path in %j',
  (text) => {
    expect(isFileLocation(text)).toBe(true)
    expect(isStoredPath(text)).toBe(true)
  },
)

it.each([
  '',
  'a.png',
  'http-like.png',
  'file1.png',
  'base64.png',
  '/f1',
  '/etc/passwd',
  key,
  `media/${key}`,
  `/media/${key}.png`,
  `/media/x${key}`,
  `/media/${key}\n`,
])('a file is not named by where it is in %j', (text) => {
  expect(isFileLocation(text)).toBe(false)
})
