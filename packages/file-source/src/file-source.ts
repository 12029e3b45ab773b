import type { LookupFunction } from 'node:net'
import { basename } from 'node:path'
import { isStoredPath } from '@seekyou/protocol'
import type { Clock, FileSource, LoadOptions, MediaStore } from '@seekyou/protocol'
import type * as z from 'zod'
import { contentType } from './content-type.ts'
import type { Downloader, DownloadOptions } from './download.ts'
import { fileFailure, notAFile, tooLarge } from './file-failure.ts'
import { readBase64, readDataUrl } from './inline-file.ts'
import { pathOfFileUrl, readLocalFile } from './local-file.ts'
import type { LocalFilesSetup } from './local-file.ts'
import { fileSourceOptions } from './options.ts'
import type { FileSourceOptions } from './options.ts'

/** What it needs. */
export interface FileSourceSurroundings {
  readonly clock: Clock
  /** Stored media can be named by the paths and the URLs that clients were told. */
  readonly media?: Pick<MediaStore, 'get' | 'localPath'> | undefined
  /** The base URL of the server, below which `/media/<key>` is stored media; asked at each use. */
  readonly mediaUrl?: (() => string) | undefined
  /** How host names become addresses; default: as the system does it. */
  readonly lookup?: LookupFunction | undefined
}

/** What it needs; everything of `fileSourceOptions` may be added, all of it has defaults. */
export type FileSourceSetup = FileSourceSurroundings & z.input<typeof fileSourceOptions>

/** Makes the source of all files that clients name. Disposing of it breaks off what is being fetched. */
export function createFileSource({
  clock,
  media,
  mediaUrl,
  lookup,
  ...options
}: FileSourceSetup): FileSource & AsyncDisposable {
  const read = fileSourceOptions.parse(options, { jitless: true })
  return createConfiguredFileSource({ clock, media, mediaUrl, lookup, options: read })
}

/** The same for whoever has read a configuration, and needs no schema any more. */
export function createConfiguredFileSource({
  clock,
  media,
  mediaUrl,
  lookup,
  options: { allowed_paths, allow_private_networks, max_size, timeout },
}: FileSourceSurroundings & { readonly options: FileSourceOptions }): FileSource & AsyncDisposable {
  // Its HTTP client takes as long to load as all the rest, and many servers never fetch a file.
  let downloader: Promise<Downloader> | undefined
  const openDownloader = async (): Promise<Downloader> => {
    const { createDownloader } = await import('./download.ts')
    return createDownloader({
      isPrivateAllowed: allow_private_networks,
      timeoutMs: timeout * 1000,
      clock,
      ...(lookup && { lookup }),
    })
  }
  const source = new Source({
    downloader: () => (downloader ??= openDownloader()),
    local: { allowedPaths: allowed_paths, media },
    media,
    mediaUrl,
    maxBytes: Math.floor(max_size * 2 ** 20),
  })
  return {
    load: (file, loadOptions) => source.load(file, loadOptions),
    [Symbol.asyncDispose]: async () => (await downloader)?.[Symbol.asyncDispose](),
  }
}

interface SourceParts {
  readonly downloader: () => Promise<Downloader>
  readonly local: LocalFilesSetup
  readonly media: FileSourceSetup['media']
  readonly mediaUrl: FileSourceSetup['mediaUrl']
  readonly maxBytes: number
}

class Source implements FileSource {
  readonly #parts: SourceParts

  constructor(parts: SourceParts) {
    this.#parts = parts
  }

  async load(file: string, options: LoadOptions = {}) {
    const bytes = await this.#read(file, options)
    const name = nameIn(file)
    return { bytes, type: await contentType(bytes), ...(name !== undefined && { name }) }
  }

  #read(file: string, options: LoadOptions): Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> {
    const { headers = {}, connections = 1, isPathAllowed = false } = options
    const maxBytes = Math.min(options.maxBytes ?? Number.POSITIVE_INFINITY, this.#parts.maxBytes)
    const [, scheme = ''] = /^([a-z][a-z\d+.-]+):/i.exec(file) ?? []
    switch (scheme.toLowerCase()) {
      case 'base64':
        return readBase64(file.replace(/^base64:(?:\/\/)?/i, ''), maxBytes)
      case 'data':
        return readDataUrl(file, maxBytes)
      case 'http':
      case 'https':
        return this.#fetch(file, { headers, connections, maxBytes })
      case 'file':
        return readLocalFile(pathOfFileUrl(file), maxBytes, this.#parts.local)
      default:
        if (isPathAllowed || isStoredPath(file)) return readLocalFile(file, maxBytes, this.#parts.local)
        throw notAFile(
          `a file is base64://…, data:…, http://…, https://… or file:///…, not ${JSON.stringify(file.slice(0, 60))}`,
        )
    }
  }

  /** What this server itself serves needs no way through the network, which might even be closed to it. */
  async #fetch(url: string, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
    const { downloader, media, mediaUrl } = this.#parts
    const base = `${mediaUrl?.()}/media/`
    if (!media || !url.startsWith(base)) return (await downloader()).download(url, options)
    const [key = ''] = url.slice(base.length).split('?')
    const found = await media.get(key)
    if (!found) throw fileFailure('FILE_NOT_FOUND', 'there is no such file here; it may have expired')
    if (found.size > options.maxBytes) throw tooLarge(options.maxBytes)
    return new Uint8Array(found.bytes)
  }
}

/** What the path of a URL or of a file ends in. */
function nameIn(file: string): string | undefined {
  if (/^(?:base64|data):/i.test(file)) return undefined
  const path = URL.parse(file)?.pathname ?? file
  const name = basename(decode(path))
  return name === '' ? undefined : name
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
