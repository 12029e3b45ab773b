import { boolean, integer, once, text } from '@seekyou/protocol'
import * as z from 'zod'
import { defineAction } from '../action.ts'
import type { ActionCall } from '../action.ts'
import { audioFormat, audioFormats, convertAudio } from '../audio.ts'
import { onlyExtended, onlyGoCqhttp, sinceCqhttp4 } from '../generation.ts'
import { localPath, namedMedia } from '../named-media.ts'
import { readTextLines } from '../ocr.ts'
import { nothing } from '../result.ts'

const canSend = {
  params: () => z.object({}),
  data: () => z.object({ yes: z.boolean() }),
  generations: sinceCqhttp4,
  example: { params: {}, data: { yes: true } },
}

const HTTP_URL = '^[Hh][Tt][Tt][Pp][Ss]?://.'
const httpUrl = once(() => matching(HTTP_URL, 'an http:// or https:// URL'))

/* Headers as go-cqhttp takes them: `Name=value`, one to a line of a text or to an item of a list. */
const BLANK = '[^\\S\\r\\n]*'
const HEADER = '[^=\\r\\n]+=[^\\r\\n]*'
const headerLines = '"Name=value" lines, as one text or as a list'
const headers = once(() =>
  z
    .union(
      [
        matching(`^(?:${HEADER}|${BLANK})(?:[\\r\\n](?:${HEADER}|${BLANK}))*$`, headerLines),
        z.array(matching(`^(?:${HEADER}|${BLANK})$`, headerLines)),
      ],
      { error: headerLines },
    )
    .default([])
    .describe(`request headers: ${headerLines}`),
)

function readHeaders(given: z.output<ReturnType<typeof headers>>): Readonly<Record<string, string>> {
  const lines = typeof given === 'string' ? given.split(/[\r\n]+/) : given
  const pairs = lines.flatMap((line) => {
    const at = line.indexOf('=')
    return at === -1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const]
  })
  return Object.fromEntries(pairs)
}

/** Text of a form that JSON Schema can say, too. */
function matching(pattern: string, error: string) {
  const form = new RegExp(pattern, 'u')
  return text.refine((value) => form.test(value), { error }).meta({ pattern })
}

const anImage = 'an image: its name in a message, or file:///…, http(s)://…, base64://…'

/** Images, records and files. */
export const mediaActions = {
  can_send_image: defineAction({ summary: 'Tells whether images can be sent.', ...canSend }),

  can_send_record: defineAction({ summary: 'Tells whether voice can be sent.', ...canSend }),

  get_image: defineAction({
    summary: 'Gets an image that was seen, as a file on the machine of this server and as a URL.',
    params: () => z.object({ file: text.describe(anImage) }),
    data: () => z.object({ size: z.int(), filename: z.string(), url: z.string(), file: z.string() }),
    generations: sinceCqhttp4,
    example: {
      params: { file: '5a105e8b9d40e1329780d62ea2265d8a.image' },
      data: {
        size: 70,
        filename: '5a105e8b9d40e1329780d62ea2265d8a.image',
        url: `http://127.0.0.1:5700/media/${'0'.repeat(64)}`,
        file: `/srv/seekyou/data/media/00/${'0'.repeat(64)}`,
      },
    },
    async run({ file }, call) {
      const media = await namedMedia(file, call)
      const url = call.mediaUrl(media.key)
      return { size: media.size, filename: shortName(file, media.key), url, file: await localPath(media, call) }
    },
  }),

  get_record: defineAction({
    summary: 'Gets a voice message as a file on the machine of this server, converted if `out_format` asks for it.',
    params: () =>
      z.object({
        file: text.describe('a record: its name in a message, or file:///…, http(s)://…, base64://…'),
        out_format: z
          .enum(audioFormats, { error: `one of ${audioFormats.join(', ')}` })
          .optional()
          .describe('converts with the ffmpeg of this machine; left out: the file as it came'),
        full_path: boolean.default(true).describe('answer with a path; else with a name'),
      }),
    data: () => z.object({ file: z.string(), url: z.string() }),
    generations: ['cqhttp-4', 'onebot-11'],
    example: {
      params: { file: '0b38145aa44505000b38145aa4450500.silk', out_format: 'mp3' },
      data: {
        file: `/srv/seekyou/data/media/00/${'0'.repeat(64)}`,
        url: `http://127.0.0.1:5700/media/${'0'.repeat(64)}`,
      },
    },
    async run({ file, out_format, full_path }, call) {
      const original = await namedMedia(file, call)
      const isConverted = out_format !== undefined && out_format !== audioFormat(original.type)
      const media = isConverted ? await convert(original, out_format, call) : original
      const path = full_path ? await localPath(media, call) : nameOf(media)
      return { file: path, url: call.mediaUrl(media.key) }
    },
  }),

  get_file: defineAction({
    summary: 'Gets a file that was seen, of whatever kind, as a file on the machine of this server and as a URL.',
    params: () =>
      z.object({
        file: text.describe('a file: its id or its name in a message, or file:///…, http(s)://…, base64://…'),
      }),
    aliases: { file_id: 'file' },
    data: () =>
      z.object({
        file: z.string(),
        url: z.string(),
        file_size: z.string().describe('bytes, as text'),
        file_name: z.string(),
      }),
    generations: onlyExtended,
    example: {
      params: { file: '/f1' },
      data: {
        file: `/srv/seekyou/data/media/00/${'0'.repeat(64)}`,
        url: `http://127.0.0.1:5700/media/${'0'.repeat(64)}`,
        file_size: '1024',
        file_name: '课表.pdf',
      },
    },
    async run({ file }, call) {
      const media = await namedMedia(file, call)
      const path = await localPath(media, call)
      return {
        file: path,
        url: call.mediaUrl(media.key),
        file_size: String(media.size),
        file_name: media.name ?? shortName(file, media.key),
      }
    },
  }),

  upload_image: defineAction({
    summary: 'Keeps an image for a while and tells where it can be fetched.',
    params: () => z.object({ file: text.describe(anImage) }),
    data: () => z.string(),
    generations: onlyExtended,
    example: {
      params: { file: 'https://example.com/cat.png' },
      data: `http://127.0.0.1:5700/media/${'0'.repeat(64)}`,
    },
    run: async ({ file }, call) => call.mediaUrl((await namedMedia(file, call)).key),
  }),

  download_file: defineAction({
    summary: 'Fetches a file to the machine of this server.',
    params: () =>
      z.object({
        url: httpUrl(),
        thread_count: integer.default(1).describe('connections to fetch with at once, at most 16'),
        headers: headers(),
      }),
    data: () => z.object({ file: z.string() }),
    generations: onlyGoCqhttp,
    example: {
      params: { url: 'https://example.com/cat.png', thread_count: 2, headers: ['Referer=https://example.com/'] },
      data: { file: `/srv/seekyou/data/media/00/${'0'.repeat(64)}` },
    },
    async run({ url, thread_count, headers: sent }, call) {
      const { bytes, type } = await call.files.load(url, { headers: readHeaders(sent), connections: thread_count })
      const media = await call.media.put(bytes, type, { isCached: true })
      return { file: await localPath(media, call) }
    },
  }),

  ocr_image: defineAction({
    summary: 'Reads the text in an image (needs tesseract.js, which is installed separately).',
    alsoCalled: ['.ocr_image'],
    params: () => z.object({ image: text.describe(anImage) }),
    aliases: { file: 'image' },
    data: () =>
      z.object({
        texts: z.array(
          z.object({
            text: z.string(),
            confidence: z.int(),
            coordinates: z.array(z.object({ x: z.int(), y: z.int() })),
          }),
        ),
        language: z.string(),
      }),
    generations: onlyGoCqhttp,
    example: {
      params: { image: '5a105e8b9d40e1329780d62ea2265d8a.image' },
      data: {
        texts: [
          {
            text: 'HELLO',
            confidence: 96,
            coordinates: [
              { x: 40, y: 40 },
              { x: 272, y: 40 },
              { x: 272, y: 96 },
              { x: 40, y: 96 },
            ],
          },
        ],
        language: 'chi_sim+eng',
      },
    },
    async run({ image }, call) {
      const { key, type } = await namedMedia(image, call)
      return call.workbench.do(async () => {
        const bytes = (await call.media.get(key))?.bytes ?? new Uint8Array()
        return readTextLines({ bytes, type }, { languages: call.options.ocr_languages, clock: call.clock })
      })
    },
  }),

  clean_cache: defineAction({
    summary: 'Removes files that were only fetched or converted; what messages show stays.',
    params: () => z.object({}),
    data: nothing,
    generations: ['onebot-11'],
    isUnsafe: true,
    example: { params: {}, data: null },
    async run(_, call) {
      await call.media.clearCache()
      return null
    },
  }),

  clean_data_dir: defineAction({
    summary: 'Removes files of one kind that were only fetched or converted; what messages show stays.',
    params: () =>
      z.object({
        data_dir: z
          .enum(['image', 'record', 'show', 'bface'], { error: 'one of image, record, show, bface' })
          .describe('show and bface are never cached here'),
      }),
    data: nothing,
    generations: ['cqhttp-4'],
    isUnsafe: true,
    example: { params: { data_dir: 'image' }, data: null },
    async run({ data_dir }, call) {
      if (data_dir === 'image') await call.media.clearCache('image/')
      if (data_dir === 'record') await call.media.clearCache('audio/')
      return null
    },
  }),
}

type StoredFile = Awaited<ReturnType<typeof namedMedia>>

async function convert(original: StoredFile, format: (typeof audioFormats)[number], call: ActionCall) {
  const converted = await call.workbench.do(async () => {
    const bytes = (await call.media.get(original.key))?.bytes ?? new Uint8Array()
    return convertAudio({ bytes, type: original.type }, format, call)
  })
  return call.media.put(converted.bytes, converted.type, { isCached: true })
}

/** A name under which `namedMedia` knows the file again. */
function nameOf({ key, type }: StoredFile): string {
  const format = audioFormat(type)
  return format === undefined ? key : `${key}.${format}`
}

/** A file that was named by where it is may have a name of megabytes. */
function shortName(file: string, key: string): string {
  return /^[\w.{}-]{1,100}$/.test(file) ? file : key
}
