import { lookup as systemLookup } from 'node:dns'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'
import { ActionFailure } from '@seekyou/protocol'
import type { Clock } from '@seekyou/protocol'
import { Agent, buildConnector, request } from 'undici'
import type { Dispatcher } from 'undici'
import { isPublicAddress } from './address.ts'
import { fileFailure, notAFile, tooLarge } from './file-failure.ts'

export interface DownloaderSetup {
  readonly isPrivateAllowed: boolean
  /** For one file, redirects and all its parts included. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** How host names become addresses; default: as the system does it. */
  readonly lookup?: LookupFunction
}

export interface DownloadOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly maxBytes: number
}

/** Fetches files over HTTP; disposing of it breaks off what is running. */
export interface Downloader extends AsyncDisposable {
  download(url: string, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>>
}

type Response = Dispatcher.ResponseData
type Headers = Readonly<Record<string, string>>

const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MAX_CONNECTIONS = 16
/** What is asked for first where a file may come in parts; a smaller file is whole with it. */
const FIRST_PART = 1024 * 1024
/** Many image hosts turn down a client that does not say who it is. */
const USER_AGENT = 'Mozilla/5.0 (compatible; SeekYou)'

/** Headers that are the connection's own, or that would change what comes back. */
const reserved = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'if-range',
  'keep-alive',
  'proxy-connection',
  'range',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
/** Headers that are meant for one server only. */
const secrets = ['authorization', 'cookie', 'proxy-authorization']

export function createDownloader({ isPrivateAllowed, timeoutMs, clock, lookup }: DownloaderSetup): Downloader {
  const agent = new Agent({
    connect: createGuardedConnector({ isPrivateAllowed, timeoutMs, lookup: lookup ?? systemLookup }),
    // There is one limit for everything, and it comes from the clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const closing = new AbortController()

  return {
    async download(text, { headers, connections, maxBytes }) {
      const url = readUrl(text)
      const deadline = new AbortController()
      const timer = clock.setTimeout(() => deadline.abort(), timeoutMs)
      const ended = new AbortController()
      const signal = AbortSignal.any([deadline.signal, closing.signal, ended.signal])
      try {
        const download = new Download(agent, signal, maxBytes)
        const whole = download.run(url, checkHeaders(headers), Math.min(Math.max(connections, 1), MAX_CONNECTIONS))
        // A connection that is being made hears of no signal, so the wait for it is broken off here.
        return await Promise.race([whole, abortOf(signal)])
      } catch (error) {
        if (deadline.signal.aborted) {
          throw fileFailure('FILE_TIMEOUT', `${hostOf(url)} did not send the file within ${timeoutMs / 1000} s`, error)
        }
        if (error instanceof ActionFailure) throw error
        throw fileFailure(
          'FILE_UNREADABLE',
          `the file cannot be fetched from ${hostOf(url)}: ${describe(error)}`,
          error,
        )
      } finally {
        timer.cancel()
        ended.abort()
      }
    },

    [Symbol.asyncDispose]() {
      closing.abort(new Error('the server is shutting down'))
      return agent.destroy()
    },
  }
}

/**
 * Connects to no address that is forbidden. The address that is judged is the one that is connected to, for each
 * connection, so a name that means something else the next moment gains nothing.
 */
function createGuardedConnector({
  isPrivateAllowed,
  timeoutMs,
  lookup,
}: {
  readonly isPrivateAllowed: boolean
  readonly timeoutMs: number
  readonly lookup: LookupFunction
}): buildConnector.connector {
  if (isPrivateAllowed) return buildConnector({ timeout: timeoutMs, lookup })
  const guardedLookup: LookupFunction = (host, options, callback) => {
    lookup(host, options, (error, found, family) => {
      const addresses = error ? [] : typeof found === 'string' ? [found] : found.map(({ address }) => address)
      if (addresses.every((address) => isPublicAddress(address))) callback(error, found, family)
      else callback(forbidden(host), [])
    })
  }
  const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup })
  return (options, callback) => {
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1')
    // Nothing is looked up where the URL names an address.
    if (isIP(host) !== 0 && !isPublicAddress(host)) callback(forbidden(host), null)
    else connect(options, callback)
  }
}

function forbidden(host: string): ActionFailure {
  return fileFailure(
    'FILE_FORBIDDEN',
    `${host.slice(0, 80)} is not on the public internet; the operator allows others with files.allow_private_networks`,
  )
}

/** One file on its way. */
class Download {
  readonly #dispatcher: Dispatcher
  readonly #signal: AbortSignal
  readonly #maxBytes: number

  constructor(dispatcher: Dispatcher, signal: AbortSignal, maxBytes: number) {
    this.#dispatcher = dispatcher
    this.#signal = signal
    this.#maxBytes = maxBytes
  }

  async run(url: URL, headers: Headers, connections: number): Promise<Uint8Array<ArrayBuffer>> {
    if (connections === 1) return this.#readWhole(await this.#open(url, headers))
    const first = await this.#open(url, { ...headers, range: `bytes=0-${FIRST_PART - 1}` })
    if (first.response.statusCode === 206) {
      const range = contentRange(first.response)
      if (range?.from === 0) return this.#readParts(first, range, connections)
    }
    if (first.response.statusCode === 200) return this.#readWhole(first)
    // Some servers know no part of an empty file, and some stumble over the header.
    discard(first.response)
    return this.#readWhole(await this.#open(first.url, first.headers))
  }

  /** Asks for a URL and goes where it leads. The connector judges every address on the way. */
  async #open(start: URL, headers: Headers, signal = this.#signal): Promise<Opened> {
    let [url, sent] = [start, headers]
    for (let hops = 0; ; hops++) {
      const response = await request(url, {
        dispatcher: this.#dispatcher,
        headers: { 'user-agent': USER_AGENT, ...sent, 'accept-encoding': 'identity' },
        signal,
      })
      const { location } = response.headers
      if (!REDIRECTS.has(response.statusCode) || typeof location !== 'string') {
        const { range: _range, 'if-range': _ifRange, ...rest } = sent
        return { response, url, headers: rest }
      }
      discard(response)
      if (hops === MAX_REDIRECTS) {
        throw fileFailure('FILE_UNREADABLE', `${hostOf(start)} redirects more than ${MAX_REDIRECTS} times`)
      }
      const next = readRedirect(location, url)
      if (next.origin !== url.origin) sent = Object.fromEntries(Object.entries(sent).filter(isNoSecret))
      url = next
    }
  }

  #readWhole({ response, url }: Opened): Promise<Uint8Array<ArrayBuffer>> {
    checkStatus(response, url, 200)
    return readBody(response, this.#maxBytes)
  }

  async #readParts(first: Opened, range: Range, connections: number): Promise<Uint8Array<ArrayBuffer>> {
    const { total } = range
    checkStatus(first.response, first.url, 206)
    if (total > this.#maxBytes) {
      discard(first.response)
      throw tooLarge(this.#maxBytes)
    }
    const bytes = Buffer.alloc(total)
    const failed = new AbortController()
    const signal = AbortSignal.any([this.#signal, failed.signal])
    const validator = strongTag(first.response)
    const fetchPart = async ({ from, to }: Part): Promise<void> => {
      const headers = { ...first.headers, ...validator, range: `bytes=${from}-${to}` }
      const { response, url } = await this.#open(first.url, headers, signal)
      checkStatus(response, url, 206)
      const got = contentRange(response)
      if (got?.from !== from || got.to !== to || got.total !== total) {
        discard(response)
        throw fileFailure('FILE_UNREADABLE', `${hostOf(url)} sent another part of the file than it was asked for`)
      }
      bytes.set(await readExactly(response, to - from + 1), from)
    }
    try {
      bytes.set(await readExactly(first.response, range.to + 1), 0)
      await Promise.all(partsOf(range.to + 1, total, connections).map(fetchPart))
    } finally {
      // With one part lost the others are of no use.
      failed.abort()
    }
    return bytes
  }
}

interface Opened {
  readonly response: Response
  /** Where the redirects ended. */
  readonly url: URL
  /** What may be sent there. */
  readonly headers: Headers
}

interface Part {
  readonly from: number
  readonly to: number
}

interface Range extends Part {
  readonly total: number
}

function readUrl(text: string): URL {
  const url = URL.parse(text)
  if (!url || url.hostname === '') throw notAFile(`${JSON.stringify(text.slice(0, 60))} is not a URL`)
  return url
}

function readRedirect(location: string, from: URL): URL {
  const url = URL.parse(location, from.href)
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  throw fileFailure('FILE_FORBIDDEN', `${hostOf(from)} redirects to something that is not an http:// or https:// URL`)
}

function checkHeaders(headers: Headers): Headers {
  const checked: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (reserved.has(lower)) throw notAFile(`the header ${name} cannot be chosen: it belongs to the connection`)
    try {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    } catch (error) {
      throw notAFile(`the header ${JSON.stringify(name.slice(0, 60))} cannot be sent: ${(error as Error).message}`)
    }
    checked[lower] = value
  }
  return checked
}

function isNoSecret([name]: readonly [string, string]): boolean {
  return !secrets.includes(name)
}

function checkStatus(response: Response, url: URL, expected: 200 | 206): void {
  const { statusCode, headers } = response
  const encoding = headers['content-encoding'] ?? 'identity'
  if (statusCode === expected && encoding === 'identity') return
  discard(response)
  if (statusCode === 404 || statusCode === 410) {
    throw fileFailure('FILE_NOT_FOUND', `${hostOf(url)} has no such file (status ${statusCode})`)
  }
  const problem = statusCode === expected ? `sends it compressed (${String(encoding)})` : `answers ${statusCode}`
  throw fileFailure('FILE_UNREADABLE', `the file cannot be fetched: ${hostOf(url)} ${problem}`)
}

function contentRange({ headers }: Response): Range | undefined {
  const found = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(String(headers['content-range']))
  if (!found) return undefined
  const [from, to, total] = found.slice(1).map(Number) as [number, number, number]
  return from <= to && to < total ? { from, to, total } : undefined
}

/** A header that gets a part only of this very version of the file. */
function strongTag({ headers: { etag } }: Response): Headers {
  return typeof etag === 'string' && !etag.startsWith('W/') ? { 'if-range': etag } : {}
}

/** Splits what is left of a file evenly. */
function partsOf(from: number, total: number, count: number): readonly Part[] {
  const size = Math.max(Math.ceil((total - from) / count), 1)
  const parts: Part[] = []
  for (let at = from; at < total; at += size) parts.push({ from: at, to: Math.min(at + size, total) - 1 })
  return parts
}

async function readBody(
  response: Response,
  maxBytes: number,
  excess: ActionFailure = tooLarge(maxBytes),
): Promise<Buffer<ArrayBuffer>> {
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
    discard(response)
    throw excess
  }
  const chunks: Buffer<ArrayBuffer>[] = []
  let size = 0
  for await (const chunk of response.body as AsyncIterable<Buffer<ArrayBuffer>>) {
    size += chunk.length
    if (size > maxBytes) throw excess
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function readExactly(response: Response, size: number): Promise<Buffer<ArrayBuffer>> {
  const wrong = fileFailure('FILE_UNREADABLE', 'a part of the file has not the length it was said to have')
  const bytes = await readBody(response, size, wrong)
  if (bytes.length !== size) throw wrong
  return bytes
}

/** Lets go of an answer that nobody reads, and of its connection. */
function discard({ body }: Response): void {
  body.on('error', () => undefined).destroy()
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

/** The rest of a URL may hold what only its owner shall know. */
function hostOf(url: URL): string {
  return url.host.slice(0, 80)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Where a name has several addresses the message is empty, and the code says what all of them have in common.
  return error.message || ('code' in error ? String(error.code) : error.name)
}
