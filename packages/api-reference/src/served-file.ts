import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

const compress = promisify(gzip)

/** Something that is served as it is, to be sent again only when it changes. */
export class ServedFile {
  readonly #bytes: Buffer
  readonly #headers: Readonly<Record<string, string>>
  /** Changes with every byte of the content. */
  readonly hash: string
  #compressed: Promise<Buffer> | undefined

  constructor(content: string | Buffer, headers: Readonly<Record<string, string>>) {
    this.#bytes = Buffer.from(content)
    this.#headers = headers
    this.hash = createHash('sha256').update(this.#bytes).digest('hex').slice(0, 16)
  }

  async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    // Weak, since the compressed form goes by the same tag.
    const etag = `W/"${this.hash}"`
    reply.headers({ 'x-content-type-options': 'nosniff', vary: 'accept-encoding', ...this.#headers, etag })
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
    if (!acceptsGzip(request)) return reply.send(this.#bytes)
    // Once for all who ask.
    this.#compressed ??= compress(this.#bytes)
    return reply.header('content-encoding', 'gzip').send(await this.#compressed)
  }
}

function acceptsGzip(request: FastifyRequest): boolean {
  const accepted = request.headers['accept-encoding'] ?? ''
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:\s|,|$))/i.test(accepted)
}
