import { createHash } from 'node:crypto'
import { chmod, readdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { invoke } from '@seekyou/actions'
import { ActionFailure } from '@seekyou/protocol'
import type { FileSource, LoadOptions, Media } from '@seekyou/protocol'
import { createMemoryFiles, createTemporaryFolder } from '@seekyou/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeCall } from '../fake-call.ts'

const bytes = Buffer.from('a file')
const key = createHash('sha256').update(bytes).digest('hex')
const url = `http://here/media/${key}`
const file = `/memory/${key}`
const base64 = `base64://${bytes.toString('base64')}`

/** A call on an account that knows the file by a name. */
async function createCall(setup: Parameters<typeof createFakeCall>[0] & { readonly type?: string } = {}) {
  const media: Media = { key, size: bytes.length, type: setup.type ?? 'image/png' }
  const mediaNamed = async (name: string) => (name === 'known.file' ? media : undefined)
  const fake = createFakeCall({ mediaNamed, ...setup })
  await fake.call.media.put(bytes, media.type)
  return { ...fake, do: (action: string, params: object) => invoke({ action, params }, fake.call) }
}

const failed = (kind: string, message: unknown) => ({
  type: 'failed',
  failure: expect.objectContaining({ kind, message }),
})

afterEach(() => void vi.unstubAllEnvs())

describe('get_image', () => {
  it.each([
    ['by the name the network told', 'known.file', 'known.file'],
    ['by its key', key, key],
    ['by its key and a suffix', `${key}.png`, `${key}.png`],
    ['by itself', base64, key],
  ])('finds an image %s', async (_, named, filename) => {
    const fake = await createCall()
    expect(await fake.do('get_image', { file: named })).toEqual({
      type: 'done',
      data: { size: 6, filename, url, file },
    })
  })

  it('fetches what is named by where it is, into the cache', async () => {
    const other = Buffer.from('another file')
    const files = createMemoryFiles({ 'http://example.com/a.png': { bytes: other, type: 'image/gif' } })
    const fake = await createCall({ files })
    expect(await fake.do('get_image', { file: 'http://example.com/a.png' })).toMatchObject({ data: { size: 12 } })
    expect([...fake.memory.values()].map(({ type, isCached }) => [type, isCached])).toEqual([
      ['image/png', false],
      ['image/gif', true],
    ])
  })

  it.each(['unknown.image', '', '0'.repeat(64), '../../etc/passwd', '/etc/passwd'])('finds no %j', async (name) => {
    const fake = await createCall()
    expect(await fake.do('get_image', { file: name })).toEqual(
      failed(
        'no-data',
        `there is no file named ${JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name)} in the memory of this account`,
      ),
    )
  })

  it('fails as the fetching fails, and as the network fails', async () => {
    const fake = await createCall()
    expect(await fake.do('get_image', { file: 'http://example.com/' })).toEqual(
      failed('file', 'there is no http://example.com/'),
    )
    const mediaNamed = async () => {
      throw new ActionFailure('file', 'it has expired')
    }
    expect(await (await createCall({ mediaNamed })).do('get_image', { file: 'a' })).toEqual(
      failed('file', 'it has expired'),
    )
  })

  it('fails where the files lie on another machine', async () => {
    const fake = await createCall({ media: { localPath: async () => undefined } })
    expect(await fake.do('get_image', { file: 'known.file' })).toEqual(
      failed('file', 'the file does not lie on the machine of this server, or is gone'),
    )
  })
})

describe('get_file', () => {
  it.each([
    ['its id', { file_id: 'known.file' }, 'known.file'],
    ['its name', { file: 'known.file' }, 'known.file'],
    ['where it is', { file: base64 }, key],
  ])('finds a file of any kind by %s', async (_, params, file_name) => {
    const fake = await createCall({ type: 'application/pdf' })
    expect(await fake.do('get_file', params)).toEqual({ type: 'done', data: { file, url, file_size: '6', file_name } })
  })

  it('has the name that people see, where the network tells one', async () => {
    const mediaNamed = async () => ({ key, size: bytes.length, type: 'application/pdf', name: '课表.pdf' })
    expect(await (await createCall({ mediaNamed })).do('get_file', { file_id: '/f1' })).toMatchObject({
      data: { file_name: '课表.pdf' },
    })
  })

  it('finds nothing that nobody told', async () => {
    const fake = await createCall()
    expect(await fake.do('get_file', { file_id: '/f1' })).toEqual(
      failed('no-data', 'there is no file named "/f1" in the memory of this account'),
    )
  })
})

describe('upload_image', () => {
  it('keeps the image as cache, and tells its address', async () => {
    const { do: act, memory } = await createCall()
    const other = createHash('sha256').update('cat').digest('hex')
    expect(await act('upload_image', { file: `base64://${Buffer.from('cat').toString('base64')}` })).toEqual({
      type: 'done',
      data: `http://here/media/${other}`,
    })
    expect(memory.get(other)).toMatchObject({ isCached: true })
    expect(await act('upload_image', { file: 'known.file' })).toEqual({ type: 'done', data: url })
  })
})

it.each([
  ['ocr_image', { image: 'known.file' }],
  ['get_record', { file: 'known.file', out_format: 'mp3' }],
])('%s works on files at the workbench, where only so many are at once', async (action, params) => {
  const fake = await createCall({ type: 'application/pdf' })
  const work = vi.spyOn(fake.call.workbench, 'do')
  expect(await fake.do(action, params)).toMatchObject({ type: 'failed' })
  expect(work).toHaveBeenCalledOnce()
})

describe('get_record', () => {
  it.each([
    ['no format', 'audio/silk', {}, file],
    ['the format it has', 'audio/mpeg', { out_format: 'mp3' }, file],
    ['the other format it has', 'audio/ogg; codecs=speex', { out_format: 'spx' }, file],
    ['a path', 'audio/amr', { full_path: 'yes' }, file],
    ['no path', 'audio/amr', { full_path: false }, `${key}.amr`],
    ['no path, of a format nobody names', 'audio/silk', { full_path: '0' }, key],
  ])('gives the file as it came when asked for %s', async (_, type, params, expected) => {
    vi.stubEnv('PATH', '')
    const fake = await createCall({ type })
    expect(await fake.do('get_record', { file: 'known.file', ...params })).toEqual({
      type: 'done',
      data: { file: expected, url },
    })
  })

  it('can be given the name it gave', async () => {
    const fake = await createCall({ type: 'audio/amr' })
    expect(await fake.do('get_record', { file: `${key}.amr` })).toMatchObject({ data: { file } })
  })

  it('needs ffmpeg for another format, and says so', async () => {
    vi.stubEnv('PATH', '')
    const fake = await createCall({ type: 'audio/amr' })
    expect(await fake.do('get_record', { file: 'known.file', out_format: 'mp3' })).toEqual(
      failed(
        'file',
        'converting needs ffmpeg on the PATH of this server: install it, or leave out_format away to get the file as it is',
      ),
    )
  })

  it.each(['application/octet-stream', 'image/png', 'audio/silk', 'text/plain'])(
    'does not hand ffmpeg what is no audio it reads: %s',
    async (type) => {
      const fake = await createCall({ type })
      expect(await fake.do('get_record', { file: 'known.file', out_format: 'mp3' })).toEqual(
        failed('file', `a file of type ${type} cannot be converted to mp3: it is no audio ffmpeg reads`),
      )
    },
  )
})

/** A program named ffmpeg that runs `script`: `$in` and `$out` are the files, `$@` all that it was told. */
async function createFfmpeg(script: string) {
  const folder = await createTemporaryFolder()
  const program = join(folder.path, 'ffmpeg')
  const files = 'for last; do if [ "$previous" = -i ]; then in=$last; fi; previous=$last; done; out=$last'
  await writeFile(program, `#!/bin/sh\n${files}\n${script}\n`)
  await chmod(program, 0o755)
  vi.stubEnv('PATH', folder.path + delimiter + process.env['PATH'])
  vi.stubEnv('TMPDIR', folder.path)
  return {
    path: folder.path,
    /** What is left behind besides ffmpeg. */
    left: async () => (await readdir(folder.path)).filter((name) => name.startsWith('seekyou-')),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

describe.skipIf(process.platform === 'win32')('converting', () => {
  it.each([
    ['mp3', 'audio/mpeg', '-f mp3'],
    ['amr', 'audio/amr', '-f amr -ar 8000 -ac 1'],
    ['wma', 'audio/x-ms-asf', '-f asf -c:a wmav2'],
    ['m4a', 'audio/x-m4a', '-f ipod -c:a aac'],
    ['spx', 'audio/ogg; codecs=speex', '-f spx -c:a libspeex -ar 16000 -ac 1'],
    ['ogg', 'audio/ogg', '-f ogg -c:a libvorbis'],
    ['flac', 'audio/flac', '-f flac'],
  ])('to %s is what ffmpeg makes of the file', async (out_format, type, args) => {
    await using ffmpeg = await createFfmpeg('{ cat "$in"; echo " $*"; } > "$out"')
    const fake = await createCall({ type: 'audio/wav' })
    const outcome = await fake.do('get_record', { file: 'known.file', out_format })
    const [, made] = [...fake.memory.values()]
    expect(outcome).toEqual({
      type: 'done',
      data: { file: `/memory/${made?.key}`, url: `http://here/media/${made?.key}` },
    })
    expect([made?.type, made?.isCached]).toEqual([type, true])
    const text = Buffer.from(made!.bytes).toString()
    // What it reads is never guessed, so that no file can pass for a playlist of others.
    expect(text).toMatch(/^a file .*-protocol_whitelist file -f wav -i \/.*\/from /u)
    expect(text).toContain(` ${args} `)
    expect(await ffmpeg.left()).toEqual([])
  })

  it('names the file by its new format', async () => {
    await using _ = await createFfmpeg('cat "$in" "$in" > "$out"')
    const fake = await createCall({ type: 'audio/wav' })
    const params = { file: 'known.file', out_format: 'mp3', full_path: false }
    expect(await fake.do('get_record', params)).toMatchObject({
      data: { file: expect.stringMatching(/^[0-9a-f]{64}\.mp3$/u) },
    })
  })

  it('fails when ffmpeg fails, and only the log is told why', async () => {
    await using ffmpeg = await createFfmpeg('echo "cannot decode $in" >&2; exit 3')
    const fake = await createCall({ type: 'audio/wav' })
    expect(await fake.do('get_record', { file: 'known.file', out_format: 'mp3' })).toEqual(
      failed('file', 'ffmpeg cannot convert this file; the log of the server tells why'),
    )
    expect(fake.lines).toEqual([
      {
        level: 'warn',
        fields: { code: 3, complaint: expect.stringMatching(/^cannot decode \//u) },
        message: 'ffmpeg could not convert a record',
      },
    ])
    expect(await ffmpeg.left()).toEqual([])
  })

  it('ends ffmpeg after a minute', async () => {
    await using ffmpeg = await createFfmpeg('exec sleep 1000')
    const fake = await createCall({ type: 'audio/wav' })
    let isOver = false
    const outcome = fake.do('get_record', { file: 'known.file', out_format: 'mp3' }).finally(() => (isOver = true))
    await vi.waitFor(async () => {
      await fake.clock.advance(60_000)
      expect(isOver).toBe(true)
    })
    expect(await outcome).toEqual(failed('file', 'ffmpeg was not done within 60 s'))
    expect(await ffmpeg.left()).toEqual([])
  })

  it('refuses a result that is too large', async () => {
    await using ffmpeg = await createFfmpeg('truncate -s 67108864 "$out"')
    const fake = await createCall({ type: 'audio/wav' })
    expect(await fake.do('get_record', { file: 'known.file', out_format: 'mp3' })).toEqual(
      failed('file', 'the file is larger than 64 MiB as mp3'),
    )
    expect(await ffmpeg.left()).toEqual([])
  })
})

describe('download_file', () => {
  const page = 'https://example.com/cat.png'

  /** Files that remember how they were asked for. */
  function createAskedFiles(): FileSource & { readonly asked: readonly (LoadOptions | undefined)[] } {
    const asked: (LoadOptions | undefined)[] = []
    return {
      asked,
      async load(location, options) {
        asked.push(options)
        return createMemoryFiles({ [page]: { bytes, type: 'image/png' } }).load(location, options)
      },
    }
  }

  it('puts the file into the cache and tells its path', async () => {
    const fake = createFakeCall({ files: createAskedFiles() })
    const outcome = await invoke({ action: 'download_file', params: { url: page } }, fake.call)
    expect(outcome).toEqual({ type: 'done', data: { file } })
    expect([...fake.memory.values()]).toEqual([{ key, size: 6, type: 'image/png', bytes, isCached: true }])
  })

  it.each([
    ['nothing', {}, {}, 1],
    ['one text', { headers: 'User-Agent=YOUR_UA\r\nReferer=https://www.example.com/?a=b' }, ua('?a=b'), 1],
    ['one text with other line ends', { headers: 'User-Agent=YOUR_UA\nReferer=https://www.example.com/\n' }, ua(), 1],
    ['a list', { headers: ['User-Agent=YOUR_UA', ' Referer = https://www.example.com/ ', ''] }, ua(), 1],
    ['threads', { thread_count: '4' }, {}, 4],
    ['no threads', { thread_count: 0 }, {}, 0],
    ['null', { thread_count: null, headers: null }, {}, 1],
  ])('reads its headers and its threads from %s', async (_, params, headers, connections) => {
    const files = createAskedFiles()
    const { call } = createFakeCall({ files })
    expect(await invoke({ action: 'download_file', params: { url: page, ...params } }, call)).toMatchObject({
      type: 'done',
    })
    expect(files.asked).toEqual([{ headers, connections }])
  })

  it('turns down headers of any length at once', async () => {
    const { call } = createFakeCall({ files: createAskedFiles() })
    for (const headers of [`${'\n'.repeat(100_000)}x`, `${' '.repeat(100_000)}x`, 'a\r'.repeat(100_000)]) {
      const outcome = await invoke({ action: 'download_file', params: { url: page, headers } }, call)
      expect(outcome).toEqual(
        failed('bad-params', expect.stringMatching(/^download_file: headers takes "Name=value"/u)),
      )
    }
  })

  it('fails as the download fails', async () => {
    const { call } = createFakeCall({})
    const outcome = await invoke({ action: 'download_file', params: { url: page } }, call)
    expect(outcome).toEqual(failed('file', `there is no ${page}`))
  })

  function ua(query = '') {
    return { 'User-Agent': 'YOUR_UA', Referer: `https://www.example.com/${query}` }
  }
})

describe('clearing the cache', () => {
  const fill = async () => {
    const fake = createFakeCall({})
    const put = (text: string, type: string, isCached: boolean) =>
      fake.call.media.put(Buffer.from(text), type, { isCached })
    await put('kept', 'image/png', false)
    await put('image', 'image/png', true)
    await put('record', 'audio/amr', true)
    await put('page', 'text/html', true)
    return fake
  }
  const left = ({ memory }: Awaited<ReturnType<typeof fill>>) =>
    [...memory.values()].map((media) => Buffer.from(media.bytes).toString())

  it.each([
    ['clean_cache', {}, ['kept']],
    ['clean_data_dir', { data_dir: 'image' }, ['kept', 'record', 'page']],
    ['clean_data_dir', { data_dir: 'record' }, ['kept', 'image', 'page']],
    ['clean_data_dir', { data_dir: 'show' }, ['kept', 'image', 'record', 'page']],
    ['clean_data_dir', { data_dir: 'bface' }, ['kept', 'image', 'record', 'page']],
  ])('by %s %o leaves what is kept', async (action, params, names) => {
    const fake = await fill()
    expect(await invoke({ action, params }, fake.call)).toEqual({ type: 'done', data: null })
    expect(left(fake)).toEqual(names)
  })
})

describe('ocr_image', () => {
  const read = async (image: Buffer, setup: Parameters<typeof createFakeCall>[0] = {}, action = 'ocr_image') => {
    const files = createMemoryFiles({ 'http://example.com/a.png': { bytes: new Uint8Array(image), type: 'image/png' } })
    const { call } = createFakeCall({ files, ...setup })
    return invoke({ action, params: { image: 'http://example.com/a.png' } }, call)
  }

  it.each(['ocr_image', '.ocr_image'])('reads the text in an image, without a network: %s', async (action) => {
    // Of the two languages it is to read, the data of one is installed.
    const options = { ocr_languages: ['tha', 'eng'] }
    expect(await read(picture('HELLO'), { options }, action)).toEqual({
      type: 'done',
      data: {
        texts: [
          {
            text: 'HELLO',
            confidence: expect.any(Number),
            coordinates: [
              { x: 40, y: 40 },
              { x: 272, y: 40 },
              { x: 272, y: 96 },
              { x: 40, y: 96 },
            ],
          },
        ],
        language: 'eng',
      },
    })
  })

  it.each([
    ['cut off', picture('HELLO').subarray(0, 60)],
    ['a lie', Buffer.concat([picture('HELLO').subarray(0, 8), Buffer.alloc(1000, 7)])],
    ['empty', Buffer.alloc(0)],
  ])('fails on an image that is %s', async (_, image) => {
    expect(await read(image, { options: { ocr_languages: ['eng'] } })).toEqual(
      failed('file', 'the image cannot be read'),
    )
  })

  it('finds no text where there is none', async () => {
    expect(await read(picture('    '), { options: { ocr_languages: ['eng'] } })).toMatchObject({ data: { texts: [] } })
  })

  it('says what is missing where the data of no language is installed', async () => {
    expect(await read(picture('HELLO'), { options: { ocr_languages: ['tha', 'jpn'] } })).toEqual(
      failed(
        'unsupported',
        'reading text needs packages that are installed separately: ' +
          'npm install tesseract.js @tesseract.js-data/tha @tesseract.js-data/jpn, where seekyou is installed',
      ),
    )
  })

  it.each(['text/html', 'application/octet-stream', 'audio/amr'])('reads nothing but images: %s', async (type) => {
    const files = createMemoryFiles({ 'http://example.com/a.png': { bytes: new Uint8Array(bytes), type } })
    expect(await read(bytes, { files })).toEqual(
      failed('file', `a file of type ${type} is no image that text is read from`),
    )
  })
})

/** Letters of five by seven dots. */
const letters: Readonly<Record<string, readonly string[]>> = {
  H: ['10001', '10001', '10001', '11111', '10001', '10001', '10001'],
  E: ['11111', '10000', '10000', '11110', '10000', '10000', '11111'],
  L: ['10000', '10000', '10000', '10000', '10000', '10000', '11111'],
  O: ['01110', '10001', '10001', '10001', '10001', '10001', '01110'],
}

/** A PNG of black letters on white, 8 pixels a dot. */
function picture(text: string): Buffer {
  const [dot, margin] = [8, 40]
  const [width, height] = [text.length * 6 * dot + 2 * margin, 7 * dot + 2 * margin]
  const isBlack = (x: number, y: number) => {
    const [column, row] = [Math.floor((x - margin) / dot), Math.floor((y - margin) / dot)]
    return letters[text[Math.floor(column / 6)] ?? '']?.[row]?.[column % 6] === '1'
  }
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (__, x) => (isBlack(x, y) ? 0 : 255)),
  ])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 8
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'), ...chunks])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
