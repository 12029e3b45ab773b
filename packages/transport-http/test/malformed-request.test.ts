import { expect, it } from 'vitest'
import { openHouse, openRawPeer } from './house.ts'
import type { House } from './house.ts'

const head = 'POST /act HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

/** Whether the server serves a call of a newcomer, and has nothing to complain of. */
async function isAlive(house: House): Promise<boolean> {
  const response = await fetch(`${house.url}/get_status`)
  return response.status === 200 && house.log.lines.every(({ level }) => level === 'debug' || level === 'info')
}

it.each([
  ['bytes that are no HTTP', 'hello there\r\n\r\n', 400, 1400],
  ['a TLS handshake', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000', 400, 1400],
  ['a bad Content-Length', `${head}Content-Length: x\r\n\r\n`, 400, 1400],
  ['a bad chunk', `${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, 400, 1400],
  ['both lengths at once', `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`, 400, 1400],
  [
    'headers that are too large',
    `GET /act HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`,
    431,
    1413,
  ],
  ['a URL that is too long', `GET /act?a=${'x'.repeat(200_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431, 1413],
])('answers %s with an envelope, and closes', async (_case, sent, status, retcode) => {
  await using house = await openHouse()
  using peer = await openRawPeer(house.port)
  peer.socket.write(sent)
  await peer.closed
  const [headers, body] = peer.received.split('\r\n\r\n')
  expect(headers).toMatch(new RegExp(`^HTTP/1.1 ${status} .*Connection: close`, 's'))
  expect(JSON.parse(body ?? '')).toMatchObject({ status: 'failed', retcode })
  expect(house.gateway.calls).toEqual([])
  expect(await isAlive(house)).toBe(true)
})

it.each([
  ['in the request line', 'POST /act HT'],
  ['in the headers', head],
  ['in the body', `${head}Content-Length: 100\r\n\r\n{"a":`],
  ['in a chunk', `${head}Transfer-Encoding: chunked\r\n\r\n64\r\n{"a":`],
])('survives a reset %s, and nothing is done', async (_where, sent) => {
  await using house = await openHouse()
  const closed = Promise.withResolvers<void>()
  house.server.server.once('connection', (socket) => socket.once('close', () => closed.resolve()))
  const peer = await openRawPeer(house.port)
  peer.socket.write(sent)
  await new Promise((resolve) => setImmediate(resolve))
  peer.socket.resetAndDestroy()
  await closed.promise
  expect(await isAlive(house)).toBe(true)
  expect(house.gateway.calls.map(({ action }) => action)).toEqual(['get_status'])
})

it('survives a client that goes away before its answer', async () => {
  const call = Promise.withResolvers<null>()
  const started = Promise.withResolvers<void>()
  await using house = await openHouse({
    call: ({ action }) => {
      if (action !== 'act') return null
      started.resolve()
      return call.promise
    },
  })
  const peer = await openRawPeer(house.port)
  peer.socket.write(`${head}Content-Length: 2\r\n\r\n{}`)
  await started.promise
  peer.socket.resetAndDestroy()
  await peer.closed
  call.resolve(null)
  expect(await isAlive(house)).toBe(true)
})

it('serves others while a body comes in slowly', async () => {
  await using house = await openHouse()
  using peer = await openRawPeer(house.port)
  const body = '{"message":"你好"}'
  peer.socket.write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n`)
  for (const byte of Buffer.from(body)) {
    peer.socket.write(Buffer.of(byte))
    expect(await isAlive(house)).toBe(true)
  }
  await peer.sees('"ok"')
  expect(house.gateway.calls).toContainEqual({ action: 'act', params: { message: '你好' } })
})

it('answers pipelined requests in their order', async () => {
  await using house = await openHouse({ call: ({ action }) => action })
  using peer = await openRawPeer(house.port)
  const names = Array.from({ length: 20 }, (_, index) => `act_${index}`)
  peer.socket.write(names.map((name) => `GET /${name} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''))
  await peer.sees('"act_19"')
  expect([...peer.received.matchAll(/"data":"(act_\d+)"/g)].map(([, name]) => name)).toEqual(names)
})

it('closes a connection on which garbage follows a request', async () => {
  await using house = await openHouse()
  using peer = await openRawPeer(house.port)
  peer.socket.write(`${head}Content-Length: 2\r\n\r\n{}garbage\r\n\r\n`)
  await peer.closed
  expect(await isAlive(house)).toBe(true)
})
