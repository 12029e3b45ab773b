import { createHash } from 'node:crypto'
import type { Segment } from '@seekyou/message'
import { ActionFailure, isFileLocation, mediaKey, mediaUri } from '@seekyou/protocol'
import type { BackendHost, LoadedFile, Media } from '@seekyou/protocol'
import type { BridgeOptions } from './options.ts'
import { fieldsOf, textOf } from './reading.ts'
import type { UpstreamCall } from './profile.ts'

/** Segments whose file is kept. */
const kept = new Set(['image', 'record', 'video'])

/** The largest file that is fetched from the upstream itself, in bytes. */
const MAX_BYTES = 100 * 1024 * 1024

const FETCH_MS = 30_000

/** A file as the upstream takes it, and as our own memory has it. */
interface SentFile {
  readonly upstream: string
  readonly name: string
  readonly url: string
}

/** Files on their way through the bridge: all of them go through our own store, since nobody need share a disk. */
export class BridgeMedia {
  readonly #host: Pick<BackendHost, 'files' | 'media' | 'state' | 'clock' | 'log'>
  readonly #options: BridgeOptions
  readonly #call: UpstreamCall
  /** Where files may come from although it is no place of the public internet: the operator named it. */
  readonly #upstreamHost: string | undefined

  constructor(
    host: Pick<BackendHost, 'files' | 'media' | 'state' | 'clock' | 'log'>,
    options: BridgeOptions,
    call: UpstreamCall,
  ) {
    this.#host = host
    this.#options = options
    this.#call = call
    this.#upstreamHost = options.url === undefined ? undefined : new URL(options.url).host
  }

  /**
   * Begins to fetch the files of a message that was heard; what it returns gives its segments, with the files that
   * came within the time for that. `undefined` where there is nothing to fetch.
   */
  fetchAll(message: readonly Segment[]): (() => Promise<readonly Segment[]>) | undefined {
    if (this.#options.media === 'link' || !message.some((segment) => isFetchable(segment))) return undefined
    const segments = message.map(async (segment) => (isFetchable(segment) ? this.#fetched(segment) : segment))
    return () => Promise.all(segments)
  }

  /** The stored media behind a name that was told, fetched from the upstream if need be. @throws ActionFailure */
  async named(name: string): Promise<Media | undefined> {
    if (isFileLocation(name) || name.length > 500) return undefined
    const remembered = textOf(await this.#host.state.get(nameKey(name)))
    const stored = remembered === undefined ? undefined : await this.#host.media.get(remembered)
    if (stored) return stored
    const isSound = /\.(?:amr|silk|mp3|ogg|wav|flac)$/i.test(name)
    try {
      const { url, file, base64 } = fieldsOf(await this.#call(isSound ? 'get_record' : 'get_image', { file: name }))
      const inline = textOf(base64)
      const places = [inline && `base64://${inline}`, textOf(url), textOf(file)].filter((place) => place !== undefined)
      const place = places.find((candidate) => isFileLocation(candidate))
      if (place === undefined) return undefined
      return await this.#keep(name, await this.#load(place))
    } catch (error) {
      if (error instanceof ActionFailure && error.kind !== 'unreachable') return undefined
      throw error
    }
  }

  /** Reads a file of a message or an action that goes out: loaded here, and handed on as base64. @throws ActionFailure */
  async outgoing(
    file: string,
    { url = '', isPathAllowed = false }: { readonly url?: string; readonly isPathAllowed?: boolean } = {},
  ): Promise<SentFile> {
    const named = isFileLocation(file) || isPathAllowed ? undefined : await this.named(file)
    const loaded = named ? await this.#host.media.get(named.key) : await this.#loadNamed(file, url, isPathAllowed)
    // A name that means nothing here may mean something there.
    if (!loaded) return { upstream: file, name: file, url: '' }
    const media = named ?? (await this.#host.media.put(loaded.bytes, loaded.type))
    const name = named ? file : `${createHash('md5').update(loaded.bytes).digest('hex')}.${endingOf(loaded.type)}`
    if (!named) this.#host.state.put(nameKey(name), media.key)
    const upstream = `base64://${Buffer.from(loaded.bytes).toString('base64')}`
    return { upstream, name, url: mediaUri(media.key) }
  }

  /** Where a file lies on this machine, for an upstream that reads nothing else. @throws ActionFailure */
  async path(file: string): Promise<string> {
    const { bytes, type } = await this.#host.files.load(file, { isPathAllowed: true })
    const { key } = await this.#host.media.put(bytes, type, { isCached: true })
    const path = await this.#host.media.localPath(key)
    if (path !== undefined) return path
    throw new ActionFailure(
      'file',
      'the upstream takes a file by its path, and this one lies on no disk of this machine',
    )
  }

  async #loadNamed(file: string, url: string, isPathAllowed: boolean): Promise<LoadedFile | undefined> {
    if (isFileLocation(file) || isPathAllowed) return this.#host.files.load(file, { isPathAllowed })
    const key = mediaKey(url)
    const stored = key === undefined ? undefined : await this.#host.media.get(key)
    if (stored) return { bytes: new Uint8Array(stored.bytes), type: stored.type }
    return isFileLocation(url) ? this.#host.files.load(url) : undefined
  }

  /** The segment with its file in our own store, unless that takes too long. */
  async #fetched(segment: Segment): Promise<Segment> {
    const { url, file } = segment.data
    const keeping = this.#load(textOf(url) ?? '').then(
      (loaded) => this.#keep(textOf(file) ?? '', loaded),
      (error: unknown) => {
        const { message } = error as Error
        this.#host.log.debug({ type: segment.type, reason: message }, 'a file of a message is only linked')
      },
    )
    const patience = Promise.withResolvers<undefined>()
    const timer = this.#host.clock.setTimeout(() => patience.resolve(undefined), this.#options.media_timeout * 1000)
    const media = await Promise.race([keeping, patience.promise])
    timer.cancel()
    return media ? { ...segment, data: { ...segment.data, url: mediaUri(media.key) } } : segment
  }

  async #keep(name: string, { bytes, type }: LoadedFile): Promise<Media> {
    const media = await this.#host.media.put(bytes, type)
    if (name !== '') this.#host.state.put(nameKey(name), media.key)
    return media
  }

  async #load(place: string): Promise<LoadedFile> {
    if (URL.parse(place)?.host !== this.#upstreamHost) return this.#host.files.load(place)
    const response = await fetch(place, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MS) })
    if (!response.ok) throw new ActionFailure('file', `the upstream answers with status ${response.status}`)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > MAX_BYTES) throw new ActionFailure('file', 'a file of the upstream is too large')
      chunks.push(chunk)
    }
    // By what the bytes begin with, as of every other file.
    return this.#host.files.load(`base64://${Buffer.concat(chunks).toString('base64')}`)
  }
}

function isFetchable({ type, data }: Segment): boolean {
  return kept.has(type) && typeof data['url'] === 'string' && /^https?:\/\//i.test(data['url'])
}

const nameKey = (name: string): string => `file ${name}`

/** go-cqhttp calls every picture `.image`. */
function endingOf(type: string): string {
  if (type.startsWith('image/')) return 'image'
  return type.startsWith('audio/') ? 'amr' : 'video'
}
