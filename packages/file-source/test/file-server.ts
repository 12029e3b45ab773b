import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** A real HTTP server on loopback, and what it was asked. */
export interface FileServer extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly requests: readonly IncomingMessage[]
}

export async function startFileServer(answer: RequestListener): Promise<FileServer> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A server that sends parts of a file as RFC 9110 has it. */
export function sendParts(bytes: Buffer, etag = '"1"'): RequestListener {
  return (request, response) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    if (from === undefined || Number(from) >= bytes.length) {
      response.writeHead(from === undefined ? 200 : 416, { etag }).end(from === undefined ? bytes : undefined)
      return
    }
    const end = Math.min(Number(to), bytes.length - 1)
    const range = `bytes ${from}-${end}/${bytes.length}`
    response.writeHead(206, { etag, 'content-range': range }).end(bytes.subarray(Number(from), end + 1))
  }
}
