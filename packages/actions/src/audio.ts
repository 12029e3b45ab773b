import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ActionFailure } from '@seekyou/protocol'
import type { Clock, Logger } from '@seekyou/protocol'

/** The formats that get_record converts to, and how ffmpeg writes them. */
const formats = {
  mp3: { type: 'audio/mpeg', output: ['-f', 'mp3'] },
  amr: { type: 'audio/amr', output: ['-f', 'amr', '-ar', '8000', '-ac', '1'] },
  wma: { type: 'audio/x-ms-asf', output: ['-f', 'asf', '-c:a', 'wmav2'] },
  m4a: { type: 'audio/x-m4a', output: ['-f', 'ipod', '-c:a', 'aac'] },
  spx: { type: 'audio/ogg; codecs=speex', output: ['-f', 'spx', '-c:a', 'libspeex', '-ar', '16000', '-ac', '1'] },
  ogg: { type: 'audio/ogg', output: ['-f', 'ogg', '-c:a', 'libvorbis'] },
  wav: { type: 'audio/wav', output: ['-f', 'wav'] },
  flac: { type: 'audio/flac', output: ['-f', 'flac'] },
} as const

export type AudioFormat = keyof typeof formats
export const audioFormats = Object.keys(formats) as [AudioFormat, ...AudioFormat[]]

/** How ffmpeg reads each type. It is told, so that it never takes a file for a playlist that names other files. */
const demuxers: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/amr': 'amr',
  'audio/x-ms-asf': 'asf',
  'audio/x-m4a': 'mov',
  'audio/mp4': 'mov',
  'audio/ogg': 'ogg',
  'audio/ogg; codecs=opus': 'ogg',
  'audio/ogg; codecs=speex': 'ogg',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
}

/** A voice message is a minute or two long; who sends an hour of music waits too long anyway. */
const TIMEOUT_MS = 60_000
const MAX_OUTPUT = 64 * 1024 * 1024
/** What is kept of ffmpeg's complaints, for the log. */
const MAX_COMPLAINT = 2000

/** The format of a MIME type; `undefined` for one that is none of the table. */
export function audioFormat(type: string): AudioFormat | undefined {
  return audioFormats.find((format) => formats[format].type === type)
}

/**
 * Converts audio with the ffmpeg that is on the PATH.
 * @throws ActionFailure `file` when there is none, or it cannot.
 */
export async function convertAudio(
  audio: { readonly bytes: Uint8Array; readonly type: string },
  format: AudioFormat,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<{ readonly bytes: Uint8Array; readonly type: string }> {
  const demuxer = demuxers[audio.type]
  if (demuxer === undefined) {
    throw conversionFailure(
      `a file of type ${audio.type} cannot be converted to ${format}: it is no audio ffmpeg reads`,
    )
  }
  const folder = await mkdtemp(join(tmpdir(), 'seekyou-audio-'))
  try {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')]
    await writeFile(from, audio.bytes)
    const input = ['-protocol_whitelist', 'file', '-f', demuxer, '-i', from]
    const output = ['-vn', '-map_metadata', '-1', '-fs', String(MAX_OUTPUT), ...formats[format].output, to]
    await runFfmpeg(['-nostdin', '-hide_banner', '-loglevel', 'error', ...input, ...output], { clock, log })
    const { size } = await stat(to)
    if (size >= MAX_OUTPUT) throw conversionFailure(`the file is larger than 64 MiB as ${format}`)
    return { bytes: await readFile(to), type: formats[format].type }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runFfmpeg(
  args: readonly string[],
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Promise<void> {
  const { spawn } = await import('node:child_process')
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true })
  let isLate = false
  const timer = clock.setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, TIMEOUT_MS)
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, MAX_COMPLAINT)
  })
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
    if (code === 0) return
    if (isLate) throw conversionFailure(`ffmpeg was not done within ${TIMEOUT_MS / 1000} s`)
    log.warn({ code, complaint }, 'ffmpeg could not convert a record')
    throw conversionFailure('ffmpeg cannot convert this file; the log of the server tells why')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw conversionFailure(
      'converting needs ffmpeg on the PATH of this server: install it, or leave out_format away to get the file as it is',
      error,
    )
  } finally {
    timer.cancel()
  }
}

function conversionFailure(wording: string, cause?: unknown): ActionFailure {
  return new ActionFailure('file', wording, { code: 'CONVERSION_FAILED', cause })
}
