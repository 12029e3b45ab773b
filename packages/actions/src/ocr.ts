import { constants } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { ActionFailure } from '@seekyou/protocol'
import type { Clock } from '@seekyou/protocol'
import type { Page } from 'tesseract.js'

/** A line of text in an image. */
export interface TextLine {
  readonly text: string
  /** 0 to 100. */
  readonly confidence: number
  /** Its corners in pixels, clockwise from the upper left. */
  readonly coordinates: readonly { readonly x: number; readonly y: number }[]
}

/** What the engine decodes; it is never asked about anything else. */
const readable = new Set(['image/png', 'image/jpeg', 'image/bmp', 'image/gif', 'image/webp'])

/** The neural network: the only engine whose language data comes small. */
const LSTM_ONLY = 1
const TIMEOUT_MS = 60_000

const require = createRequire(import.meta.url)

/**
 * Reads the text in an image with tesseract.js, in those of the languages whose data is installed.
 * @throws ActionFailure `unsupported` where the packages are not installed, `file` for an image that cannot be read.
 */
export async function readTextLines(
  image: { readonly bytes: Uint8Array; readonly type: string },
  { languages, clock }: { readonly languages: readonly string[]; readonly clock: Clock },
): Promise<{ readonly texts: readonly TextLine[]; readonly language: string }> {
  const tesseract = await importTesseract()
  const installed = languages.filter((language) => dataOf(language) !== undefined)
  if (!tesseract || installed.length === 0) throw notInstalled(languages)
  if (!readable.has(image.type)) throw unreadable(`a file of type ${image.type} is no image that text is read from`)

  const language = installed.join('+')
  const folder = await gatherData(installed)
  const broken = Promise.withResolvers<never>()
  const timer = clock.setTimeout(
    () => broken.reject(unreadable(`the text was not read within ${TIMEOUT_MS / 1000} s`)),
    TIMEOUT_MS,
  )
  const starting = tesseract.createWorker(language, LSTM_ONLY, {
    langPath: folder,
    cacheMethod: 'none',
    // It is told once more than by the rejection; without a handler it would be thrown where nobody catches it.
    errorHandler: () => undefined,
  })
  const reading = starting.then((worker) => {
    // A thread that dies of an image must not take the process with it.
    const { worker: thread } = worker as unknown as { readonly worker: Worker }
    thread.on('error', (error) => broken.reject(unreadable('the image cannot be read', error)))
    // It prints what it thinks of an image; the operator's log is no place for that.
    for (const stream of [thread.stdout, thread.stderr]) stream.unpipe().resume()
    return worker.recognize(Buffer.from(image.bytes), {}, { blocks: true })
  })
  try {
    const { data } = await Promise.race([reading, broken.promise])
    return { texts: linesOf(data), language }
  } catch (error) {
    throw error instanceof ActionFailure ? error : unreadable('the image cannot be read', error)
  } finally {
    timer.cancel()
    // Nobody waits for the end of a worker that may not even have begun.
    void starting
      .then((worker) => worker.terminate())
      .catch(() => undefined)
      .then(() => rm(folder, { recursive: true, force: true }))
  }
}

async function importTesseract(): Promise<typeof import('tesseract.js') | undefined> {
  try {
    return await import('tesseract.js')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** The file that holds what the engine knows of a language. */
function dataOf(language: string): string | undefined {
  try {
    const manifest = require.resolve(`@tesseract.js-data/${language}/package.json`)
    return join(dirname(manifest), '4.0.0_best_int', `${language}.traineddata.gz`)
  } catch {
    return undefined
  }
}

/** The engine looks for all languages in one folder; each comes in a package of its own. */
async function gatherData(languages: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'seekyou-ocr-'))
  for (const language of languages) {
    await copyFile(dataOf(language)!, join(folder, `${language}.traineddata.gz`), constants.COPYFILE_FICLONE)
  }
  return folder
}

function linesOf({ blocks }: Page): readonly TextLine[] {
  const lines = (blocks ?? []).flatMap(({ paragraphs }) => paragraphs.flatMap((paragraph) => paragraph.lines))
  return lines.map(({ text, confidence, bbox: { x0, y0, x1, y1 } }) => ({
    text: text.trimEnd(),
    confidence: Math.round(confidence),
    coordinates: [
      { x: x0, y: y0 },
      { x: x1, y: y0 },
      { x: x1, y: y1 },
      { x: x0, y: y1 },
    ],
  }))
}

function notInstalled(languages: readonly string[]): ActionFailure {
  const packages = ['tesseract.js', ...languages.map((language) => `@tesseract.js-data/${language}`)].join(' ')
  return new ActionFailure(
    'unsupported',
    `reading text needs packages that are installed separately: npm install ${packages}, where seekyou is installed`,
  )
}

function unreadable(wording: string, cause?: unknown): ActionFailure {
  return new ActionFailure('file', wording, { code: 'OCR_FAILED', cause })
}
