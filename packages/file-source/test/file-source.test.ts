import type { Media } from '@seekyou/protocol'
import { describe, expect, it } from 'vitest'
import { createOpenSource, failureOf } from './source.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe('base64', () => {
  it.each([
    ['as it is', `base64://${png.toString('base64')}`],
    ['without padding', `base64://${png.toString('base64').replace(/=+$/u, '')}`],
    ['in lines', `base64://${png.toString('base64').replaceAll(/.{20}/gu, '$&\r\n')}`],
    ['for URLs', `base64://${png.toString('base64url')}`],
    ['in capital letters', `BASE64://${png.toString('base64')}`],
    ['in a data URL', `data:image/png;base64,${png.toString('base64')}`],
    ['in a data URL of no type', `data:;base64,${png.toString('base64')}`],
    ['in a data URL, percent-encoded', `data:image/png;base64,${encodeURIComponent(png.toString('base64'))}`],
  ])('is decoded %s, and its type is what the bytes are', async (_, file) => {
    await using source = createOpenSource()
    const { bytes, type, name } = await source.load(file)
    expect(Buffer.from(bytes).equals(png)).toBe(true)
    expect([type, name]).toEqual(['image/png', undefined])
  })

  it.each(['base64://<html>', 'data:;base64,<html>', 'data:no comma'])(
    'is not what else is there: %s',
    async (file) => {
      await using source = createOpenSource()
      expect(await failureOf(source.load(file))).toMatch(/^bad-params: /u)
    },
  )

  // A check in quadratic time would take hours over this.
  it.each(['base64://', 'data:;base64,', 'data:image/png;base64'])(
    'is turned down at once, however long what is none begins: %s',
    async (start) => {
      await using source = createOpenSource()
      for (const long of [' ', '=', 'A', '\n']) {
        const failure = await failureOf(source.load(`${start}${long.repeat(2 ** 21)}!`))
        expect(failure).toMatch(/^bad-params: .{1,100}$/u)
      }
    },
  )

  it('may be as large as the operator and the caller say', async () => {
    await using source = createOpenSource({ max_size: 1 })
    const file = (size: number) => `base64://${Buffer.alloc(size).toString('base64')}`
    const mib = 2 ** 20
    expect((await source.load(file(mib))).bytes).toHaveLength(mib)
    const tooLarge = 'FILE_TOO_LARGE: the file is larger than 1 MiB, which is all that is loaded'
    expect(await failureOf(source.load(file(mib + 1)))).toBe(tooLarge)
    expect(await failureOf(source.load(`data:,${'x'.repeat(mib + 1)}`))).toBe(tooLarge)
    expect(await failureOf(source.load(file(mib), { maxBytes: mib - 1 }))).toMatch(/^FILE_TOO_LARGE/u)
    expect(await failureOf(source.load(file(mib + 1), { maxBytes: 2 * mib }))).toMatch(/^FILE_TOO_LARGE/u)
  })
})

it.each([
  ['data:,hello%20world', 'hello world'],
  ['data:text/plain;charset=utf-8,%E4%BD%A0好', '你好'],
  ['data:,100%25%', '100%%'],
  ['data:,', ''],
  ['base64://', ''],
])('%s holds its text', async (file, text) => {
  await using source = createOpenSource()
  expect(Buffer.from((await source.load(file)).bytes).toString()).toBe(text)
})

it('a data URL holds any byte', async () => {
  await using source = createOpenSource()
  expect([...(await source.load('data:,%00%ff%80a')).bytes]).toEqual([0, 255, 128, 97])
})

describe('the type of a file', () => {
  it.each([
    ['audio/silk', '#!SILK_V3\n\0'],
    ['audio/silk', '\x02#!SILK_V3\n\0'],
    ['audio/amr', '#!AMR\n\0\0'],
    ['audio/mpeg', `ID3\x03\0\0\0\0\x0F\x76${'\0'.repeat(40)}`],
    ['audio/wav', `RIFF\x24\0\0\0WAVEfmt ${'\0'.repeat(40)}`],
    ['audio/ogg; codecs=speex', `OggS${'\0'.repeat(24)}Speex   ${'\0'.repeat(80)}`],
    ['audio/ogg', `OggS${'\0'.repeat(24)}\x01vorbis ${'\0'.repeat(80)}`],
    ['application/octet-stream', 'hello'],
    ['application/octet-stream', ''],
  ])('is %s', async (type, text) => {
    await using source = createOpenSource()
    const file = `base64://${Buffer.from(text, 'latin1').toString('base64')}`
    expect((await source.load(file)).type).toBe(type)
  })
})

describe('what names no file', () => {
  it.each(['', 'a.image', 'ftp://127.0.0.1/a', 'javascript:alert(1)', '/etc/passwd', '../a', 'C:/a', '\0'])(
    'is a bad parameter: %j',
    async (file) => {
      await using source = createOpenSource({ allowed_paths: ['/'] })
      expect(await failureOf(source.load(file))).toBe(
        `bad-params: a file is base64://…, data:…, http://…, https://… or file:///…, not ${JSON.stringify(file)}`,
      )
    },
  )

  it('is told in a short sentence, however long it is', async () => {
    await using source = createOpenSource()
    expect((await failureOf(source.load('x'.repeat(1_000_000)))).length).toBeLessThan(200)
  })
})

describe('stored media, by the URL that clients were told', () => {
  const key = 'a'.repeat(64)
  const stored: Media & { readonly bytes: Uint8Array } = { key, size: png.length, type: 'image/gif', bytes: png }
  const media = {
    get: async (asked: string) => (asked === key ? stored : undefined),
    localPath: async () => undefined,
  }
  // Nothing listens there, and private networks are closed.
  const setup = { media, mediaUrl: () => 'http://127.0.0.1:9', allow_private_networks: false }

  it('is loaded from the store', async () => {
    await using source = createOpenSource(setup)
    const { bytes, type } = await source.load(`http://127.0.0.1:9/media/${key}`)
    expect(Buffer.from(bytes).equals(png)).toBe(true)
    expect(type).toBe('image/png')
  })

  it('is the same file whatever stands behind its address', async () => {
    await using source = createOpenSource(setup)
    const { bytes } = await source.load(`http://127.0.0.1:9/media/${key}?expires=1700003600&sig=0`)
    expect(Buffer.from(bytes).equals(png)).toBe(true)
  })

  it('may be gone, or too large', async () => {
    await using source = createOpenSource(setup)
    const url = `http://127.0.0.1:9/media/${key}`
    expect(await failureOf(source.load(`${url.slice(0, -1)}b`))).toMatch(/^FILE_NOT_FOUND: /u)
    expect(await failureOf(source.load(url, { maxBytes: 10 }))).toMatch(/^FILE_TOO_LARGE: /u)
  })

  it('opens no other way to the server', async () => {
    await using source = createOpenSource(setup)
    expect(await failureOf(source.load(`http://127.0.0.1:9/get_status`))).toMatch(/^FILE_FORBIDDEN: /u)
  })
})
