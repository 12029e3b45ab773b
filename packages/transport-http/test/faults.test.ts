import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { openHouse, openRawPeer } from './house.ts'
import type { House } from './house.ts'

const head = 'POST /act HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

/** Whether newcomers are served, and nobody complained. */
async function isHealthy(house: House): Promise<boolean> {
  const response = await fetch(`${house.url}/get_status`)
  return response.status === 200 && house.log.lines.every(({ level }) => level === 'debug' || level === 'info')
}

describe('a client that takes its time', () => {
  it.each([
    ['in the request line', 'POST /a'],
    ['in its headers', `${head}X-Slow: a`],
    ['before its body', `${head}Content-Length: 10\r\n\r\n`],
    ['in its body', `${head}Content-Length: 10\r\n\r\n{"a"`],
    ['between chunks', `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n`],
  ])('%s is hung up on, while others are served', async (_where, sent) => {
    await using house = await openHouse({ options: { request_timeout: 0.2 } })
    using peer = await openRawPeer(house.port)
    peer.socket.write(sent)
    expect(await isHealthy(house)).toBe(true)
    await peer.closed
    expect(peer.received).toMatch(/^HTTP\/1.1 408 .*"retcode":1400/s)
    expect(house.gateway.calls.map(({ action }) => action)).toEqual(['get_status'])
  })

  it('and never says a word is hung up on', async () => {
    await using house = await openHouse({ options: { request_timeout: 0.2 } })
    using peer = await openRawPeer(house.port)
    await peer.closed
    expect(await isHealthy(house)).toBe(true)
  })

  it('is not for the time that its call takes', async () => {
    const call = Promise.withResolvers<string>()
    await using house = await openHouse({
      options: { request_timeout: 0.1 },
      call: ({ action }) => (action === 'act' ? call.promise : null),
    })
    using slowSender = await openRawPeer(house.port)
    using peer = await openRawPeer(house.port)
    peer.socket.write(`${head}Content-Length: 2\r\n\r\n{}`)
    // By the time one who sends nothing is gone, so would be one who is served.
    slowSender.socket.write(head)
    await slowSender.closed
    call.resolve('done')
    await peer.sees('"data":"done"')
  })

  it('and sends one byte after the other is answered', async () => {
    await using house = await openHouse()
    using peer = await openRawPeer(house.port)
    const body = '{"message":"你好"}'
    for (const byte of Buffer.from(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)) {
      peer.socket.write(Buffer.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await peer.sees('"ok"')
    expect(house.gateway.calls).toEqual([{ action: 'act', params: { message: '你好' } }])
  })
})

describe('a client that closes its half', () => {
  it('after its request is answered', async () => {
    await using house = await openHouse({ call: ({ action }) => action })
    using peer = await openRawPeer(house.port)
    peer.socket.end(`${head}Content-Length: 2\r\n\r\n{}`)
    await peer.closed
    expect(peer.received).toContain('"data":"act"')
  })

  it.each([
    ['in its headers', head],
    ['in its body', `${head}Content-Length: 10\r\n\r\n{"a"`],
  ])('%s has asked for nothing', async (_where, sent) => {
    await using house = await openHouse()
    using peer = await openRawPeer(house.port)
    peer.socket.end(sent)
    await peer.closed
    expect(await isHealthy(house)).toBe(true)
    expect(house.gateway.calls.map(({ action }) => action)).toEqual(['get_status'])
  })
})

describe('two thousand clients at once', () => {
  const clients = 2000

  /** Bytes in use once everything that is garbage is gone. */
  function bytesInUse(): number {
    setFlagsFromString('--expose-gc')
    ;(runInNewContext('gc') as () => void)()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }

  it('are all answered, each with its own, and cost little while they stay', async () => {
    await using house = await openHouse({ call: ({ params }) => (params as { n: string }).n })
    await fetch(`${house.url}/act?n=0`)
    const before = bytesInUse()
    const sockets: Socket[] = []
    const answers = await Promise.all(
      Array.from({ length: clients }, async (_, n) => {
        const socket = connect({ port: house.port, host: '127.0.0.1' })
        sockets.push(socket)
        socket.write(`GET /act?n=${n} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
        let received = ''
        while (!received.includes('"data"')) {
          const [chunk] = (await once(socket, 'data')) as [Buffer]
          received += chunk.toString('latin1')
        }
        return /"data":"(\d+)"/.exec(received)?.[1]
      }),
    )
    expect(answers).toEqual(Array.from({ length: clients }, (_, n) => String(n)))
    // Both ends of each connection are in this process.
    expect((bytesInUse() - before) / clients).toBeLessThan(64 * 1024)
    for (const socket of sockets) socket.destroy()
    expect(await isHealthy(house)).toBe(true)
  })

  it('that begin a large body and go no further hold what they sent, and no more', async () => {
    await using house = await openHouse()
    const before = bytesInUse()
    const sockets = await Promise.all(
      Array.from({ length: clients }, async () => {
        const socket = connect({ port: house.port, host: '127.0.0.1' })
        socket.on('error', () => undefined)
        await once(socket, 'connect')
        socket.write(`${head}Content-Length: 33554432\r\n\r\n{"a":"`)
        return socket
      }),
    )
    expect(await isHealthy(house)).toBe(true)
    expect((bytesInUse() - before) / clients).toBeLessThan(64 * 1024)
    for (const socket of sockets) socket.resetAndDestroy()
    expect(await isHealthy(house)).toBe(true)
    expect(new Set(house.gateway.calls.map(({ action }) => action))).toEqual(new Set(['get_status']))
  })
})
