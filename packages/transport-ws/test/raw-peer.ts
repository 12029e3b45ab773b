import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

/** The upgrade request of a client that speaks for itself, line by line. */
function upgradeRequest(path: string, headers: readonly string[] = []): string {
  return [
    `GET ${path} HTTP/1.1`,
    ...(headers.some((line) => line.startsWith('Host:')) ? [] : ['Host: 127.0.0.1']),
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${KEY}`,
    ...headers,
    '',
    '',
  ].join('\r\n')
}

/** Sends an upgrade request and gives back everything up to the end of the answer's head, and the open socket. */
export async function rawUpgrade(
  port: number,
  path: string,
  headers: readonly string[] = [],
): Promise<{ readonly head: string; readonly socket: Socket }> {
  const socket = connect(port, '127.0.0.1')
  socket.write(upgradeRequest(path, headers))
  let answer = ''
  while (!answer.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    answer += chunk.toString('latin1')
  }
  return { head: answer.slice(0, answer.indexOf('\r\n\r\n')), socket }
}

/** Sends an upgrade request that shall be refused: the whole HTTP answer, once the server has hung up. */
export async function refusedUpgrade(
  port: number,
  path: string,
  headers: readonly string[] = [],
): Promise<{ readonly status: number; readonly head: string; readonly body: unknown }> {
  const socket = connect(port, '127.0.0.1')
  socket.write(upgradeRequest(path, headers))
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  const answer = Buffer.concat(chunks).toString()
  const end = answer.indexOf('\r\n\r\n')
  const head = answer.slice(0, end)
  return { status: Number(head.split(' ')[1]), head, body: JSON.parse(answer.slice(end + 4)) }
}
