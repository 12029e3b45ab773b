import type { Duplex } from 'node:stream'
import type { Gateway } from '@seekyou/protocol'
import { JSON_TYPE } from './reply.ts'

/** Answers bytes that are no HTTP request, and requests that never end; then closes the connection. */
export function answerMalformedRequest(
  error: Error & { readonly code?: string },
  socket: Duplex,
  gateway: Gateway,
): void {
  // A socket that was reset takes no answer.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, body } = refusal(error.code, gateway)
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${JSON_TYPE}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}

function refusal(code: string | undefined, gateway: Gateway) {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: '431 Request Header Fields Too Large',
        body: gateway.refuse('too-large', 'the headers and the URL are too long; send params in a POST body').body,
      }
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: '408 Request Timeout',
        body: gateway.refuse('bad-request', 'the request did not arrive in time').body,
      }
    default:
      return {
        status: '400 Bad Request',
        body: gateway.refuse('bad-request', 'this is not an HTTP request').body,
      }
  }
}
