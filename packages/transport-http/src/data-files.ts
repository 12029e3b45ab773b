import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { readFile, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { send as sendFile } from '@fastify/send'
import { isFileLocation } from '@seekyou/protocol'
import type { Gateway } from '@seekyou/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { imageSize } from 'image-size'
import { addressOf } from './gate.ts'
import { takeOver } from './hijack.ts'
import { isJsonObject } from './json.ts'
import { refuseOtherMethods } from './other-methods.ts'
import type { PageGate } from './pages.ts'
import { send } from './reply.ts'
import { pathOf } from './request-url.ts'

/**
 * Serves the files of a folder under `/data/`, and under `/data/image/<name>.cqimg` a description of every image that
 * the account has seen, as CQHTTP did with the data folder of CoolQ.
 */
export function serveDataFiles(app: FastifyInstance, gateway: Gateway, gate: PageGate, folder: string): void {
  const refuse = (reply: FastifyReply, status: 403 | 404 | 412 | 416, wording: string): void => {
    // Clients of files go by the status, whatever the dialect thinks of it.
    send(takeOver(reply), { ...gateway.refuse(status === 404 ? 'no-data' : 'refused', wording), status })
  }

  async function serve(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const client = gate.admit(request, reply)
    if (!client) return reply
    const path = readPath(request.raw)
    if (path === undefined) {
      refuse(reply, 403, 'a path below /data/ has no "..", no backslash and no NUL in it')
      return reply
    }
    // Whose the files of a folder are nobody can tell, so they are for who may see everything.
    const root = client.token === undefined ? await realpath(folder).catch(() => undefined) : undefined
    const file = root === undefined ? undefined : await realpath(join(root, path)).catch(() => undefined)
    if (root !== undefined && file !== undefined) {
      const place = relative(root, file)
      if (place === '..' || place.startsWith(`..${sep}`)) {
        refuse(reply, 403, 'this file is a link that leads out of the folder')
        return reply
      }
      const escaped = place.split(sep).map(encodeURIComponent).join('/')
      const found = await sendFile(request.raw, escaped, { root, index: false, dotfiles: 'ignore' })
      if (found.type === 'file') {
        return reply
          .code(found.statusCode)
          .headers({ ...found.headers, ...UNTRUSTED })
          .send(found.stream)
      }
      if (found.statusCode === 412 || found.statusCode === 416) {
        const { 'Content-Range': size } = found.headers
        if (size !== undefined) reply.header('content-range', size)
        refuse(reply, found.statusCode, 'the file has changed, or has no such range of bytes')
        return reply
      }
    }
    const described = await describeImage(path, client, addressOf(request.raw))
    if (described !== undefined)
      return reply.headers({ ...UNTRUSTED, 'content-type': 'text/plain; charset=utf-8' }).send(described)
    refuse(reply, 404, 'there is no such file')
    return reply
  }

  app.route({ method: ['GET', 'HEAD'], url: '/data/*', handler: serve })
  refuseOtherMethods(app, gateway, '/data/*', ['GET', 'HEAD'])
}

/** Whoever put a file there, it must not run scripts as if it were a page of ours. */
const UNTRUSTED = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'private, no-cache',
}

/** The path below `/data/`, unescaped; `undefined` for one that only an attack would send. */
function readPath(request: IncomingMessage): string | undefined {
  // Not as fastify read it: it must be judged before anything tidies it up.
  const path = decodeURIComponent(pathOf(request)).slice('/data/'.length)
  return /[\\\0]/.test(path) || path.split('/').includes('..') ? undefined : path
}

/**
 * What CoolQ kept of an image that it had seen: the text of an INI file.
 *
 * @see https://github.com/kyubotics/coolq-http-api/blob/master/docs/CQCode.md
 */
async function describeImage(path: string, client: Gateway, from: string | undefined): Promise<string | undefined> {
  const name = /^image\/([^/]+)\.cqimg$/.exec(path)?.[1]
  if (name === undefined || isFileLocation(name)) return undefined
  const { body } = await client.call({ action: 'get_image', params: { file: name }, from })
  if (body.status !== 'ok' || !isJsonObject(body.data)) return undefined
  const { file, size, url } = body.data
  const bytes = typeof file === 'string' ? await readFile(file).catch(() => undefined) : undefined
  const fields = { ...(bytes && measure(bytes)), size, url }
  return ['[image]', ...Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`), ''].join('\n')
}

function measure(bytes: Buffer): object {
  const md5 = createHash('md5').update(bytes).digest('hex').toUpperCase()
  try {
    const { width, height } = imageSize(bytes)
    return { md5, width, height }
  } catch {
    // A format that nobody here knows: clients go by the URL.
    return { md5 }
  }
}
