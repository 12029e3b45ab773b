import type { IncomingMessage } from 'node:http'
import { ActionFailure } from '@seekyou/protocol'
import type { Dialect } from '@seekyou/protocol'
import { readForm } from './form.ts'
import { isJsonObject, readJson } from './json.ts'
import { bodyTooLarge } from './reply.ts'

/** How a POST body is read. */
export type BodyKind = 'json' | 'form' | 'sniffed' | 'ignored'

/**
 * Decides by the Content-Type how a POST body is read, before a byte of it is. Case and parameters do not matter.
 *
 * @throws ActionFailure `bad-content-type` where the dialect refuses the type.
 */
export function bodyKind(contentType: string | undefined, dialect: Dialect): BodyKind {
  // What almost every client says.
  if (contentType === 'application/json') return 'json'
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/json') return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (type === '') {
    if (dialect.missingContentType === 'sniff') return 'sniffed'
    if (dialect.missingContentType === 'ignore') return 'ignored'
    throw new ActionFailure('bad-content-type', `there is no Content-Type; ${ACCEPTED_TYPES}`)
  }
  if (dialect.unsupportedContentType === 'ignore') return 'ignored'
  throw new ActionFailure('bad-content-type', `the Content-Type ${type} cannot be read; ${ACCEPTED_TYPES}`)
}

const ACCEPTED_TYPES = 'send application/json or application/x-www-form-urlencoded'

/**
 * Takes the body of a request as text. What comes beyond `limit` bytes is not kept, and one that says it is longer is
 * not waited for.
 *
 * @throws ActionFailure `too-large`; `bad-request` for one that breaks off.
 */
export function readText(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const take = (chunk: Buffer): void => {
      size += chunk.length
      if (size > limit) refuse()
      else chunks.push(chunk)
    }
    const refuse = (): void => {
      // Node reads past what is left of it.
      request.off('data', take)
      reject(bodyTooLarge())
    }
    if (Number(request.headers['content-length']) > limit) return reject(bodyTooLarge())
    request.on('data', take)
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString()))
    request.on('error', (cause) => reject(new ActionFailure('bad-request', 'the body breaks off', { cause })))
  })
}

/**
 * Reads a POST body as the fields it holds. An empty body and `null` hold none.
 *
 * @throws ActionFailure `bad-request` for what cannot be read.
 */
export function readBody(body: string, kind: BodyKind): Readonly<Record<string, unknown>> {
  switch (kind) {
    case 'json':
      return readJsonBody(body)
    case 'form':
      // What curl says of everything, unless it is told otherwise; no form begins like this.
      return /^\s*\{\s*(?:"|\}\s*$)/.test(body) ? readJsonBody(body) : readForm(body)
    case 'sniffed':
      return /^\s*(?:\{|null\s*$)/.test(body) ? readJsonBody(body) : readForm(body)
    case 'ignored':
      return {}
  }
}

function readJsonBody(body: string): Readonly<Record<string, unknown>> {
  // Editors on Windows put a byte order mark in front; it means nothing.
  const text = body.startsWith('\uFEFF') ? body.slice(1) : body
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = readJson(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : ''
    throw new ActionFailure('bad-request', `the body is not valid JSON: ${reason}`, { cause })
  }
  if (value === null) return {}
  if (isJsonObject(value)) return value
  const found = Array.isArray(value) ? 'an array' : `a ${typeof value}`
  throw new ActionFailure('bad-request', `the body must be a JSON object with the params, not ${found}`)
}
