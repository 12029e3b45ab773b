import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A bot program that takes what it is posted, and says so with a status of the test's choice. */
export interface WebhookSink extends AsyncDisposable {
  readonly url: string
  status: number
  /** The events it was posted. */
  readonly events: readonly Readonly<Record<string, unknown>>[]
}

export async function startWebhookSink(status = 204): Promise<WebhookSink> {
  const events: Record<string, unknown>[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      events.push(JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>)
      response.writeHead(sink.status).end()
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const sink: WebhookSink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    status,
    events,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
  return sink
}
