import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

const compress = promisify(gzip)

/** Forms of a file that were compressed before, by the name of the encoding. */
export type Encodings = Readonly<Partial<Record<'br' | 'gzip', Buffer>>>

/** Something that is served as it is, to be sent again only when it changes. */
export class ServedFile {
  readonly #bytes: Buffer
  readonly #headers: Readonly<Record<string, string>>
  /** Changes with every byte of the content. */
  readonly hash: string
  readonly #encodings: Encodings
  #compressed: Promise<Buffer> | undefined

  constructor(content: string | Buffer, headers: Readonly<Record<string, string>>, encodings: Encodings = {}) {
    this.#bytes = Buffer.from(content)
    this.#headers = headers
    this.#encodings = encodings
    this.hash = createHash('sha256').update(this.#bytes).digest('hex').slice(0, 16)
  }

  async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    // Weak, since the compressed form goes by the same tag.
    const etag = `W/"${this.hash}"`
    reply.headers({ 'x-content-type-options': 'nosniff', vary: 'accept-encoding', ...this.#headers, etag })
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
    const { br, gzip: zipped } = this.#encodings
    if (br && accepts(request, 'br')) return reply.header('content-encoding', 'br').send(br)
    if (!accepts(request, 'gzip')) return reply.send(this.#bytes)
    // Once for all who ask.
    this.#compressed ??= zipped ? Promise.resolve(zipped) : compress(this.#bytes)
    return reply.header('content-encoding', 'gzip').send(await this.#compressed)
  }
}

const named = {
  br: /\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))/i,
  gzip: /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))/i,
} as const

function accepts(request: FastifyRequest, encoding: keyof typeof named): boolean {
  return named[encoding].test(request.headers['accept-encoding'] ?? '')
}
