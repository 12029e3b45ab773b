import { createHmac } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Clock } from '@seekyou/protocol'
import { Agent, buildConnector, request } from 'undici'
import type { Dispatcher } from 'undici'
import { isJsonObject, readJson } from './json.ts'
import type { WebhookOptions } from './options.ts'
import { readWebhookTarget } from './webhook-target.ts'

/** What became of one post. */
type PostOutcome =
  /** 2xx, and the quick operation that came with it, if one did; `problem` says why one was lost. */
  | { readonly type: 'delivered'; readonly status: number; readonly operation?: object; readonly problem?: string }
  /** The program answered that it does not want this event. */
  | { readonly type: 'rejected'; readonly status: number; readonly reason: string }
  /** The program was not reached, or cannot take events now. */
  | {
      readonly type: 'failed'
      /** Absent where no answer came. */
      readonly status?: number
      readonly reason: string
      readonly retryAfterMs: number | undefined
      /** The program had closed the connection that was kept, as it may at any time; it answered nothing on it. */
      readonly isStale?: true
    }

/** Posts events to one URL over a connection that is kept. */
export interface WebhookClient {
  post(text: string): Promise<PostOutcome>
  /** Breaks off what is running. */
  close(): Promise<void>
}

/** Statuses besides 5xx that mean "later": Request Timeout, Too Early, Too Many Requests. */
const TEMPORARY = new Set([408, 425, 429])
/** No quick operation is larger; a reply with an image in base64 may come near. */
const ANSWER_LIMIT = 8 * 1024 * 1024

/** @see https://github.com/botuniverse/onebot-11/blob/master/communication/http-post.md */
export function createWebhookClient({
  options,
  headers,
  clock,
}: {
  readonly options: Pick<WebhookOptions, 'url' | 'secret' | 'timeout'>
  readonly headers: Readonly<Record<string, string>>
  readonly clock: Clock
}): WebhookClient {
  const target = readWebhookTarget(options.url)
  if (!target) throw new Error('the options of a webhook have the URL of a webhook')
  // The time limit is one for the whole post and comes from the clock, so undici's own are off.
  const connect = buildConnector(target.socketPath === undefined ? {} : { socketPath: target.socketPath })
  /** The connection that is kept. */
  let kept: Socket | undefined
  const agent = new Agent({
    connections: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(place, done) {
      connect(place, (...result) => {
        kept = result[1] ?? undefined
        done(...result)
      })
    },
  })
  const closing = new AbortController()

  return {
    async post(text) {
      const body = Buffer.from(text)
      const deadline = new AbortController()
      const timer = clock.setTimeout(() => deadline.abort(), options.timeout * 1000)
      const signal = AbortSignal.any([deadline.signal, closing.signal])
      const [before, bytesBefore] = [kept, kept?.bytesRead]
      try {
        const response = await request(target.url, {
          dispatcher: agent,
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json', ...signature(body, options.secret) },
          body,
          signal,
        })
        return await readOutcome(response, clock)
      } catch (error) {
        const reason = deadline.signal.aborted ? `no answer within ${options.timeout} s` : describe(error)
        const isStale = !signal.aborted && before !== undefined && before === kept && before.bytesRead === bytesBefore
        return { type: 'failed', reason, retryAfterMs: undefined, ...(isStale && { isStale }) }
      } finally {
        timer.cancel()
      }
    },

    close() {
      closing.abort()
      return agent.destroy()
    },
  }
}

function signature(body: Buffer, secret: string): Readonly<Record<string, string>> {
  return secret === '' ? {} : { 'x-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}` }
}

async function readOutcome(response: Dispatcher.ResponseData, clock: Clock): Promise<PostOutcome> {
  const { statusCode, headers, body } = response
  if (statusCode >= 200 && statusCode < 300) {
    return { type: 'delivered', status: statusCode, ...(await readOperation(body)) }
  }
  // The status says it all; the body is read away so that the connection can be used again.
  await body.dump({ limit: 64 * 1024 }).catch(() => undefined)
  const reason = `it answered ${statusCode}`
  return statusCode >= 500 || TEMPORARY.has(statusCode)
    ? { type: 'failed', status: statusCode, reason, retryAfterMs: readRetryAfter(headers['retry-after'], clock) }
    : { type: 'rejected', status: statusCode, reason }
}

/** Any JSON object with something in it, whatever its Content-Type; programs also answer `{}`, "ok" and HTML pages. */
async function readOperation(
  body: Dispatcher.ResponseData['body'],
): Promise<{ readonly operation?: object; readonly problem?: string }> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > ANSWER_LIMIT) return { problem: `its answer is larger than ${ANSWER_LIMIT / 1024 / 1024} MiB` }
      chunks.push(chunk)
    }
    const operation = readJson(Buffer.concat(chunks).toString())
    return isJsonObject(operation) && Object.keys(operation).length > 0 ? { operation } : {}
  } catch {
    // The event was taken all the same: the status said so.
    return {}
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
function readRetryAfter(header: string | string[] | undefined, clock: Clock): number | undefined {
  if (typeof header !== 'string') return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - clock.now()
  return ms >= 0 ? ms : undefined
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // Where a name has several addresses the message is empty, and the code says what all of them have in common.
  return error.message || ('code' in error ? String(error.code) : error.name)
}
